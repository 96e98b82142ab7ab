/**
 * Compulsory school age as a yes or no, so that a date of birth need not be kept. It starts on the prescribed day (31
 * December, 31 March, 31 August) on or after the fifth birthday, and ends on the last Friday in June of the school year in
 * which the child turns sixteen. Source: Education Act 1996, section 8, and the orders made under it.
 */
import { addDays, weekdayOf } from '../kernel/time.ts';

export type CompulsorySpan = { readonly from: string; readonly to: string };

const PRESCRIBED = ['03-31', '08-31', '12-31'];

/** Both days included. `born` is an ISO date. */
export function compulsorySpan(born: string): CompulsorySpan {
  const year = Number(born.slice(0, 4));
  const fifth = `${year + 5}-${born.slice(5)}`;
  const from = PRESCRIBED.map((day) => `${year + 5}-${day}`).find((day) => day >= fifth);
  // A school year runs from September, so who turns sixteen in the autumn stays until the next June.
  const lastJune = year + 16 + (born.slice(5) >= '09-01' ? 1 : 0);
  return { from: from ?? `${year + 5}-12-31`, to: lastFridayInJune(lastJune) };
}

function lastFridayInJune(year: number): string {
  const end = `${year}-06-30`;
  return addDays(end, -((weekdayOf(end) + 2) % 7));
}

export function isCompulsory(span: CompulsorySpan, date: string): boolean {
  return span.from <= date && date <= span.to;
}
