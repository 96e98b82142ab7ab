/** What a rehearsal found, as a calendar to read. Pure. */
import { count, listInWords, shorten } from '../kernel/text.ts';
import { dateInWords, dateOf, timeOf } from '../kernel/time.ts';
import type { Term } from '../scheduling/calendar.ts';
import { ruleWords } from '../scheduling/rule-words.ts';

export type Rehearsed = {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly zone: string;
  /** How long it took. */
  readonly seconds: number;
  /** What the stand-in connector received. */
  readonly arrived: number;
  readonly runs: readonly RehearsedRun[];
};

export type RehearsedRun = {
  readonly run: string;
  readonly rule: string;
  readonly at: Date;
  readonly state: string;
  readonly note?: string;
  readonly messages: readonly { readonly to: string; readonly state: string; readonly reason?: string }[];
};

/** Names on a line; `--json` has all. */
const MOST_NAMES = 6;

/** The first term of a number that has not ended on a date. */
export function termNumbered(terms: readonly Term[], number: number, today: string): Term | undefined {
  return terms.find(({ term, to }) => term === number && to >= today);
}

/** A line a run that sends or has something to say, under its day; what each person would get in all, at the end. */
export function calendarLines({ name, from, to, zone, seconds, arrived, runs }: Rehearsed): string[] {
  const lines = [
    `${name}, ${dateInWords(from)} to ${dateInWords(to)}: ${count(runs.length, 'run')}, ${count(arrived, 'message')}, rehearsed in ${seconds} s.`,
    'Nobody answered a check-in and no marks came in: this is what goes out by itself. Nothing was sent to anybody.',
  ];
  let day = '';
  for (const { rule, at, state, note, messages } of runs) {
    // What found nothing to do and has nothing to say would hide the rest.
    if (messages.length === 0 && state === 'done' && (!note || rule === 'housekeeping')) continue;
    const date = dateOf(at, zone);
    if (date !== day) lines.push('', dateInWords(date));
    day = date;
    const what = `  ${timeOf(at, zone)}  ${ruleWords(rule)}: `;
    const said = note ? ` (${shorten(note, 200)})` : '';
    if (messages.length === 0) lines.push(`${what}${state === 'done' ? 'nothing to send' : state}${said}`);
    else lines.push(`${what}${count(messages.length, 'message')} to ${names(messages.map((one) => one.to))}`);
    const others = messages.filter((one) => one.state !== 'delivered');
    for (const { to: whom, state: became, reason } of others)
      lines.push(`         ${whom}: ${became}${reason ? `, ${reason}` : ''}`);
  }
  return [...lines, '', ...mostFirst(runs)];
}

function names(all: readonly string[]): string {
  const each = [...new Set(all)];
  const rest = each.length - MOST_NAMES;
  return listInWords(rest > 0 ? [...each.slice(0, MOST_NAMES), `${rest} more`] : each);
}

/** Who would get the most. */
function mostFirst(runs: readonly RehearsedRun[]): string[] {
  const totals = new Map<string, number>();
  for (const { to } of runs.flatMap(({ messages }) => messages)) totals.set(to, (totals.get(to) ?? 0) + 1);
  const ordered = [...totals].sort((a, b) => b[1] - a[1]);
  return [
    `${count(ordered.length, 'person or place', 'people and places')} in all. Those with most:`,
    ...ordered.slice(0, 10).map(([to, number]) => `  ${to}: ${number}`),
  ];
}
