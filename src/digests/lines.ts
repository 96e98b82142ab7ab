/**
 * The lines of a digest: each says one thing in words, with how much it matters. As many as a card may show are chosen by
 * that and stand in the order of the digest; the rest goes behind "more". Names nobody but the reader's own people. Pure.
 */
import { type Action, said } from '../cards/elements.ts';
import type { StatusCounts } from '../checkins/summary.ts';
import {
  capital,
  countWords,
  daysAlone,
  daysInWords,
  listInWords,
  numberInWords,
  shorten,
} from '../kernel/text.ts';
import { addDays, dateInWords, mondayOf, weekOf } from '../kernel/time.ts';
import type { Digest, DigestAttendance } from './compose.ts';
import type { Moves } from './counts.ts';
import { inEvery100 } from './detail.ts';
import {
  attendanceAct,
  blockerAct,
  documentAct,
  lateActs,
  milestonesAct,
  movedAct,
  nudgeAct,
  themeAct,
  waitingActs,
  withdrawnAct,
} from './line-acts.ts';
import type { GapMove, TrustAttendance } from './ports.ts';
import type { SectionKind } from './sections.ts';

/** `matters`: 1 is what a reader must not miss. `acts`: what can be done about it, the first by pressing the line itself. */
export type DigestLine = {
  readonly text: string;
  readonly matters: number;
  readonly acts: readonly Action[];
  /** What waits has its buttons beneath it; of the others they stand behind "See more". */
  readonly isWaiting?: true;
};

/** In the order in which they stand. */
export function linesOf(digest: Digest): DigestLine[] {
  const { attendance, waiting, nudge, moved, sections, late, pastDate, themes, documents } = digest;
  const [blocker] = digest.blockers;
  const ownSaid =
    nudge !== undefined &&
    nudge.opens === undefined &&
    !digest.wholeTrust &&
    attendance?.schools.length === 1;
  const line = (matters: number, text: string, ...acts: (Action | undefined)[]): DigestLine => ({
    matters,
    text,
    acts: acts.filter((act) => act !== undefined),
  });
  const some = digest.priorities.length > 0;
  const [asking, standing] = [attendanceAct(digest), milestonesAct(digest)];
  return [
    ...withdrawnLines(digest).map((text) => line(0, text, withdrawnAct())),
    // A school's or a group's is the top of the digest; the trust's one thing follows its figures.
    ...(nudge && nudge.opens !== 'trust'
      ? [line(1, nudge.queried ? `${nudge.line} ${DOUBTED}` : nudge.line, nudgeAct(digest))]
      : []),
    ...(attendance && !ownSaid
      ? attendanceLines(digest, attendance).map((text, index) => line(2 + 2 * index, text, asking))
      : []),
    ...(nudge?.opens === 'trust' ? [line(3, nudge.line, nudgeAct(digest))] : []),
    ...(some && sections.length === 0
      ? [line(2, milestonesLine('Milestones', digest.statuses), standing)]
      : []),
    ...sections.map(({ kind, name, statuses }, index) =>
      line(2 + 2 * index, milestonesLine(`Milestones${OF_PART[kind](inLine(name))}`, statuses), standing),
    ),
    ...(moved && some && !(moved.since === digest.date && movesInWords(moved) === undefined)
      ? [line(5, movedLine(moved, digest.date), movedAct(digest) ?? standing)]
      : []),
    ...(waiting.length > 0
      ? [{ ...line(1, waitingLine(waiting), ...waitingActs(digest)), isWaiting: true as const }]
      : []),
    ...(blocker
      ? [
          line(
            3,
            `${blocker.namesYou ? 'Names you' : 'You can unblock'}: ${said(shorten(blocker.title, 60))} (${said(shorten(withoutStop(blocker.blocker), 60))}).`,
            blockerAct(digest),
          ),
        ]
      : []),
    ...(late.length > 0
      ? [line(4, lateLine(late.map(({ ownerName }) => ownerName)), ...lateActs(digest))]
      : []),
    ...(pastDate ? [line(6, `Past their date and not on track: ${numberInWords(pastDate)}.`, standing)] : []),
    ...themeLines(themes).map((text) => line(7, text, themeAct(digest))),
    ...documentLines(documents).map((text) => line(8, text, documentAct(digest))),
  ];
}

const OF_PART: Readonly<Record<SectionKind, (name: string) => string>> = {
  trust: (name) => ` across ${name}`,
  school: (name) => ` at ${name}`,
  team: (name) => ` of ${name}`,
  priority: (name) => ` in ${name}`,
  people: () => ' of your people',
};
const DOUBTED = 'Someone asked for these figures to be checked.';

function withdrawnLines({ withdrawn = [] }: Digest): string[] {
  return withdrawn.length === 0
    ? []
    : [
        `The attendance figures of ${placesInWords(withdrawn)} here were taken back, because they were wrong. Please do not use them.`,
      ];
}

/** Those that fit in so many lines and words, in their own order, and what is left. */
export function chooseLines(
  lines: readonly DigestLine[],
  room: { readonly lines: number; readonly words: number },
): { readonly shown: readonly DigestLine[]; readonly left: readonly DigestLine[] } {
  const chosen = new Set<DigestLine>();
  let words = 0;
  for (const line of lines.toSorted((one, other) => one.matters - other.matters)) {
    const own = countWords(line.text);
    if (chosen.size >= room.lines || words + own > room.words) continue;
    chosen.add(line);
    words += own;
  }
  return { shown: lines.filter((one) => chosen.has(one)), left: lines.filter((one) => !chosen.has(one)) };
}

const GAP_WORDS: readonly (readonly [GapMove, string])[] = [
  ['narrowed', 'narrowed in'],
  ['held', 'held in'],
  ['widened', 'widened in'],
];

function attendanceLines({ date, wholeTrust }: Digest, attendance: DigestAttendance): string[] {
  const [only] = attendance.schools;
  // After a holiday the last week of school is not last week, and says which it is.
  const when = attendance.week === weekOf(addDays(date, -7)) ? undefined : weekInWords(attendance.week);
  if (!wholeTrust && only && attendance.schools.length === 1) return oneSchool(attendance, only, when);
  const current = attendance.schools.filter(({ week }) => week === undefined);
  const having = (gap: GapMove) => current.filter((school) => school.gap === gap).length;
  const moves = GAP_WORDS.filter(([gap]) => having(gap) > 0).map(
    ([gap, words]) => `${words} ${schoolsInWords(having(gap))}`,
  );
  const few = having('too-few');
  const end = few > 0 ? `; in ${numberInWords(few)} it cannot be shown without pointing to a child` : '';
  const without = [
    ...attendance.schools.filter(({ week }) => week !== undefined).map(({ name }) => name),
    ...(attendance.without ?? []),
  ];
  const doubted = current.filter(({ queried }) => queried).map(({ name }) => name);
  const moved =
    moves.length > 0 ? `compared with the week before, the gap ${listInWords(moves)}${end}.` : undefined;
  return [
    gapLine(attendance, moved, when),
    ...trustLine(attendance),
    ...(without.length > 0
      ? [`No figures for ${weekInWords(attendance.week)} from ${placesInWords(without)}.`]
      : []),
    ...(doubted.length > 0 ? [`Being checked: ${placesInWords(doubted)}.`] : []),
  ];
}

/** The gap of all schools together where it may be shown, and `moved`: how many schools' went which way. */
function gapLine(
  { trust, early, week }: DigestAttendance,
  moved: string | undefined,
  when: string | undefined,
): string {
  const gap = trust?.missedByTen && missedInWords(trust.missedByTen);
  if (!gap && !moved) return `Disadvantage first: no gap can be shown for ${weekInWords(week)} yet.`;
  const parts = gap ? [`${gap}.`, ...(moved ? [capital(moved)] : [])] : [moved];
  return `Disadvantage first${when ? `, ${when}` : ''}: ${parts.join(' ')}${early ? ' Early figures.' : ''}`;
}

function missedInWords({ disadvantaged, others }: NonNullable<TrustAttendance['missedByTen']>): string {
  return `for every 10 pupils, those experiencing disadvantage missed ${daysInWords(disadvantaged)} between them; others missed ${daysAlone(others)}`;
}

/** More schools than this are counted instead of named. */
const MOST_NAMED = 3;
/** Letters of a name within a line. */
const LONGEST_NAME = 60;

function inLine(name: string): string {
  return said(shorten(name, LONGEST_NAME));
}

function placesInWords(names: readonly string[]): string {
  return names.length > MOST_NAMED ? schoolsInWords(names.length) : listInWords(names.map(inLine));
}

function trustLine({ trust }: DigestAttendance): string[] {
  if (trust?.attendedIn100 === undefined) return [];
  const place = trust.schools === trust.of ? 'All schools' : `${capital(schoolsInWords(trust.schools))}`;
  return [`${place} together: ${inEvery100(trust.attendedIn100, trust.bound)} sessions attended.`];
}

function oneSchool(
  attendance: DigestAttendance,
  school: DigestAttendance['schools'][number],
  when: string | undefined,
): string[] {
  const { missedByTen, attendedIn100, gap } = school;
  const early = attendance.early ? ' (early figures)' : '';
  const move = GAP_WORDS.some(([known]) => known === gap)
    ? ` Compared with the week before, the gap ${gap}.`
    : '';
  const lines = [];
  if (school.week !== undefined)
    lines.push(
      `No figures for ${weekInWords(attendance.week)}. The newest are of ${weekInWords(school.week)}:`,
    );
  if (missedByTen) {
    const missed = missedInWords(missedByTen);
    lines.push(`${when ? `${when}: ${missed}` : capital(missed)}.${move}`);
  } else if (gap === 'too-few') {
    lines.push(
      'Comparing those experiencing disadvantage with others would point to a child here. They still come first.',
    );
  }
  if (attendedIn100 !== undefined)
    lines.push(
      `Whole school${when ? `, ${when}` : ''}${early}: ${inEvery100(attendedIn100, school.bound)} sessions attended.`,
    );
  if (school.queried) lines.push(DOUBTED);
  return lines;
}

function milestonesLine(name: string, statuses: StatusCounts): string {
  return `${name}: ${listInWords(countsInWords(statuses))}.`;
}

/** `one on track`, `two at risk`: those that are not nought. */
export function countsInWords(statuses: StatusCounts): string[] {
  const parts: readonly (readonly [number, string])[] = [
    [statuses.onTrack, 'on track'],
    [statuses.atRisk, 'at risk'],
    [statuses.offTrack, 'off track'],
    [statuses.notYet, 'without an approved check-in'],
  ];
  return parts.filter(([number]) => number > 0).map(([number, words]) => `${numberInWords(number)} ${words}`);
}

/** A sentence of somebody's, for use within one of ours. */
function withoutStop(sentence: string): string {
  return sentence.trim().replace(/\.$/, '');
}

function movedLine(moved: NonNullable<Digest['moved']>, today: string): string {
  const since =
    moved.since === today ? 'the digest earlier today' : dateInWords(moved.since).replace(/^\w+ /, '');
  return `Since ${since}: ${movesInWords(moved) ?? 'no status changed'}.`;
}

/** `one moved up and two moved down`; undefined when none did. */
export function movesInWords(moves: Moves): string | undefined {
  const parts = movesOf(moves);
  return parts.length > 0 ? listInWords(parts) : undefined;
}

export function movesOf({ better, worse }: Moves): string[] {
  return [
    ...(better > 0 ? [`${numberInWords(better)} moved up`] : []),
    ...(worse > 0 ? [`${numberInWords(worse)} moved down`] : []),
  ];
}

/** Those who are named each with whether it can be approved as it stands, or why it is worth a read. */
function waitingLine(waiting: Digest['waiting']): string {
  const ready = waiting.filter((one) => one.ready).length;
  if (waiting.length > MOST_NAMED) {
    const end =
      ready > 0 ? `, ${ready === waiting.length ? 'all' : numberInWords(ready)} ready to approve` : '';
    return `Waiting for you: ${numberInWords(waiting.length)} check-ins to read${end}.`;
  }
  const from = waiting.map(({ ownerName, ready: now, why }) => {
    const note = now ? 'ready to approve' : why;
    return `${inLine(ownerName)}${note ? ` (${note})` : ''}`;
  });
  return `Waiting for you: ${waiting.length === 1 ? 'a check-in' : 'check-ins'} from ${listInWords(from)}.`;
}

/** For their own manager alone. */
function lateLine(names: readonly string[]): string {
  const different = [...new Set(names)];
  const who =
    different.length > 3
      ? `${numberInWords(different.length)} of your people`
      : listInWords(different.map(inLine));
  return `Not heard from for a fortnight: ${who}. A word may help.`;
}

function themeLines(themes: Digest['themes']): string[] {
  const [first] = themes;
  return first
    ? [
        `Documents don't yet answer: ${said(shorten(first.label, 50))} (${numberInWords(first.people)} people asked).`,
      ]
    : [];
}

function documentLines(documents: Digest['documents']): string[] {
  const [first] = documents;
  if (!first) return [];
  const more = documents.length - 1;
  const end = more > 0 ? ` and ${numberInWords(more)} more` : '';
  return [`Out of date: ${first.yours ? 'your document ' : ''}"${said(shorten(first.title, 50))}"${end}.`];
}

function schoolsInWords(number: number): string {
  return `${numberInWords(number)} ${number === 1 ? 'school' : 'schools'}`;
}

export function weekInWords(week: string): string {
  const monday = mondayOf(week);
  const day = (date: string) => dateInWords(date).replace(/^\w+ /, '');
  return `${day(monday)} to ${day(addDays(monday, 4))}`;
}
