/** The words of a term report: statuses, figures and the notes that explain them. The document and the spreadsheet say the same. Pure. */
import type { Status } from '../checkins/lifecycle.ts';
import { count, daysAlone, listInWords } from '../kernel/text.ts';
import { dateWithYear, mondayOf } from '../kernel/time.ts';
import { countsInWords, movesInWords } from './lines.ts';
import type { HiddenWhy, ReportWeek } from './ports.ts';
import type { ReportMilestone, TermReport } from './report.ts';

const STATUS: Readonly<Record<Status, string>> = {
  'on-track': 'On track',
  'at-risk': 'At risk',
  'off-track': 'Off track',
};
const ORDER: readonly Status[] = ['off-track', 'at-risk', 'on-track'];
/** Short enough for a narrow column; `notesOf` says the rest. */
const WHY: Readonly<Record<HiddenWhy, string>> = {
  few: 'kept back',
  protects: 'kept back',
  ends: 'kept back',
  unknown: 'not known',
};
/** More schools than this are counted instead of named. */
const MOST_NAMED = 3;
export const NO_WEEK = 'no week published';

export function statusInWords(status: Status | undefined): string {
  return status === undefined ? 'No approved check-in' : STATUS[status];
}

/** `up from at risk`, `as before`, `new`. */
export function trendInWords({ status, before }: Pick<ReportMilestone, 'status' | 'before'>): string {
  if (status === undefined) return '';
  if (before === undefined) return 'new this term';
  if (before === status) return 'as last term';
  const up = ORDER.indexOf(status) > ORDER.indexOf(before);
  return `${up ? 'up' : 'down'} from ${STATUS[before].toLowerCase()}`;
}

export function priorityInWords({ statuses, moved, compared }: TermReport['priorities'][number]): {
  readonly status: string;
  readonly trend: string;
} {
  return {
    status: listInWords(countsInWords(statuses)),
    trend: compared === 0 ? 'no status then' : (movesInWords(moved) ?? 'as last term'),
  };
}

/** Sessions attended of every 100, in whole numbers, as cards say it. */
export function attendedInWords(week: ReportWeek | undefined): string {
  if (!week) return NO_WEEK;
  if (week.attendedIn100 === undefined) return 'kept back';
  return `${week.attendedIn100}${week.bound ?? ''} in every 100${week.queried ? ' (being checked)' : ''}`;
}

/** Of a published figure: `week of 15 December 2025`, `2025/26`. */
export function periodInWords(period: string): string {
  return /^\d{4}-W\d{2}$/.test(period) ? `week of ${dateWithYear(mondayOf(period))}` : period;
}

/** Days that every ten pupils experiencing disadvantage missed between them, and every ten others. */
export function gapInWords(week: Pick<ReportWeek, 'missedByTen' | 'hidden'> | undefined): string {
  if (!week) return NO_WEEK;
  if (week.missedByTen) return pairInWords(week.missedByTen.disadvantaged, week.missedByTen.others);
  return WHY[week.hidden ?? 'unknown'];
}

function pairInWords(group: number, others: number): string {
  return `${daysAlone(group)} and ${daysAlone(others)}`;
}

export function sendInWords(week: ReportWeek | undefined): string {
  if (!week) return NO_WEEK;
  return week.send ? pairInWords(week.send.send, week.send.others) : WHY[week.sendHidden ?? 'unknown'];
}

/** `Harbour Primary: Term 2, 2026/27`. */
export function titleInWords({ scopeName, term }: TermReport): string {
  return `${scopeName}: Term ${term.term}, ${term.year}`;
}

/** `2 November 2026 to 18 December 2026`, with how far it is told while the term lasts. */
export function datesInWords({ term: { from, to, asOf } }: TermReport): string {
  const far = asOf < to ? `, as it stood on ${dateWithYear(asOf)}` : '';
  return `${dateWithYear(from)} to ${dateWithYear(to)}${far}`;
}

/** What a term has not, and what would bring it; empty when nothing is missing. */
export function missingIn({
  milestones,
  schools,
  term,
}: TermReport): readonly { readonly says: string; readonly remedy: string }[] {
  const by = dateWithYear(term.asOf);
  const without = schools.filter(({ latest }) => latest === undefined).map(({ name }) => name);
  const which = without.length > MOST_NAMED ? `${without.length} schools` : listInWords(without);
  const none = {
    says: `No milestones: none was set up in Waymark by ${by}.`,
    remedy: 'Set them up and they count from that day; for this term, please write about them yourself.',
  };
  const unread = {
    says: `No status: no check-in was approved by ${by}.`,
    remedy: 'Line managers can approve what waits, with “my approvals”.',
  };
  const held = milestones.filter((milestone) => milestone.held).length;
  const named = {
    says: `Words of ${count(held, 'milestone')}: they may tell of a pupil, so they are kept back.`,
    remedy: 'Its owner can check in again in other words; its manager then approves those.',
  };
  const links = milestones.filter((milestone) => milestone.heldLink).length;
  const linked = {
    says: `Evidence of ${count(links, 'milestone')}: the address of the link may name somebody, so it is kept back.`,
    remedy:
      'Its owner can check in again with a link to a shared library, to a file whose name names nobody; its manager then approves it.',
  };
  const unpublished = {
    says: `No attendance${without.length === schools.length ? '' : ` of ${which}`}: no week of this term was published.`,
    remedy:
      'A week is published on the Monday after it, once its marks are in; a term before Waymark began has none.',
  };
  return [
    ...(milestones.length === 0 ? [none] : []),
    ...(milestones.length > 0 && milestones.every(({ status }) => status === undefined) ? [unread] : []),
    ...(without.length > 0 ? [unpublished] : []),
    ...(held > 0 ? [named] : []),
    ...(links > 0 ? [linked] : []),
  ];
}

export function missingInWords(report: TermReport): string[] {
  return missingIn(report).map(({ says, remedy }) => `${says} ${remedy}`);
}

/** Definitions, method, and what is kept back: heading and sentence. */
export function notesOf(report: TermReport): readonly (readonly [heading: string, words: string])[] {
  const { threshold, term } = report;
  return [
    [
      'Status',
      `From check-ins that a line manager approved by ${dateWithYear(term.asOf)}. What was said and not yet approved is left out. Trend compares with the end of the term before. Staff are not named: where one was, it says “a colleague”.`,
    ],
    [
      'Attendance',
      'Half-day sessions attended of every 100 that were possible, as published in the week after and not changed since; registers corrected later are not in it.',
    ],
    [
      'Days missed',
      'School days that every ten pupils of a group missed between them in that week. Disadvantage: pupils for whom the school receives the pupil premium. Needs: pupils with support or a plan for special educational needs.',
    ],
    ...datesNote(term),
    [
      'Benchmarks',
      'Published by the Department for Education for the same phase, and only where it names the same week or school year. They are pooled from sessions, as these figures are.',
    ],
    [
      'What is kept back, and why',
      `Groups of fewer than ${threshold} pupils are not shown, nor any figure from which such a group could be worked out, so that no child can be recognised; nor one of a group of whom nearly all did the same. That says nothing about how those pupils do. “Not known”: the registers do not say who is in the group.`,
    ],
    [
      'Single weeks',
      'Absences come in spells: a difference between two weeks, or between two schools, can be chance.',
    ],
  ];
}

/** Where schools' calendars differ by a week, that week may be of another term there, or of none. */
function datesNote({ elsewhere }: TermReport['term']): (readonly [heading: string, words: string])[] {
  if (!elsewhere) return [];
  const { datesOf, unlike } = elsewhere;
  const where = unlike.length > MOST_NAMED ? `${unlike.length} schools` : listInWords(unlike);
  return [
    [
      'Dates of the term',
      `Those of ${datesOf}. At ${where} the term begins or ends in another week, so a week at its edge may belong to another term there.`,
    ],
  ];
}
