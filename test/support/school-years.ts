/**
 * Calendars of invented trusts over many school years, drawn from a seed: six terms a year as in England, with INSET days,
 * snow and half-terms that differ by school.
 */
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';
import { addDays, daysBetween, weekdayOf } from '../../src/kernel/time.ts';
import type { OracleSchool } from './schedule-oracle.ts';

/** `schools` calendars of one trust for `years` school years from September `first`. */
export function schoolYears(seed: number, first: number, years: number, schools: number): OracleSchool[] {
  const random = seeded(seed);
  const terms = Array.from({ length: years }, (_, index) => yearOf(random, first + index)).flat();
  const holidays = Array.from({ length: years }, (_, index) => mondayAfter(`${first + index + 1}-05-01`));
  return Array.from({ length: schools }, (_, index) => schoolOf(random, terms, holidays, index));
}

type Term = OracleSchool['terms'][number];

function yearOf(random: Seeded, year: number): Term[] {
  const october = mondayAfter(`${year}-10-22`);
  const february = mondayAfter(`${year + 1}-02-10`);
  const easter = mondayAfter(`${year + 1}-03-${random.whole(25, 31)}`);
  const may = mondayAfter(`${year + 1}-05-25`);
  const span = (term: number, from: string, to: string): Term => ({ term, from, to });
  return [
    span(1, `${year}-09-0${random.whole(1, 4)}`, addDays(october, -3)),
    span(2, addDays(october, 7), `${year}-12-${random.whole(17, 22)}`),
    span(3, `${year + 1}-01-0${random.whole(3, 6)}`, addDays(february, -3)),
    span(4, addDays(february, 7), addDays(easter, -random.whole(3, 5))),
    span(5, addDays(easter, 14), addDays(may, -3)),
    span(6, addDays(may, 7), `${year + 1}-07-${random.whole(18, 24)}`),
  ];
}

/** Some schools take their half-term a week later than the others: a term then begins while another's still runs. */
function schoolOf(random: Seeded, terms: readonly Term[], holidays: string[], index: number): OracleSchool {
  const own = terms.map((term, place): Term => {
    const later = index === 2 && (term.term === 1 || term.term === 2) && place % 12 < 2;
    if (later && term.term === 1) return { ...term, to: addDays(term.to, 14) };
    if (later) return { ...term, from: addDays(term.from, 14) };
    return { ...term, to: addDays(term.to, -random.whole(0, index)) };
  });
  const dayIn = () => {
    const term = random.pick(own as [Term, ...Term[]]);
    const near = random.pick(['first', 'last', 'any'] as const);
    if (near === 'first') return addDays(term.from, random.whole(0, 4));
    if (near === 'last') return addDays(term.to, -random.whole(0, 4));
    return addDays(term.from, random.whole(0, daysBetween(term.from, term.to)));
  };
  const draw = (count: number) => [...new Set(Array.from({ length: count }, dayIn))].sort();
  const years = terms.length / 6;
  return {
    terms: own,
    inset: draw(years * 5),
    bank_holidays: holidays,
    closures: draw(years * 3).map((date) => ({ date })),
  };
}

/** The first Monday on or after a date. */
function mondayAfter(date: string): string {
  return addDays(date, (8 - weekdayOf(date)) % 7);
}
