/**
 * A digest as a card: at most seven lines to read standing up, the rest behind "more", a button for what waits. Says
 * counts in words and status in words; names nobody but those whose check-ins wait for this very reader. Pure.
 */
import {
  type Action,
  actionSet,
  bullets,
  button,
  type Card,
  card,
  type Element,
  hidden,
  line,
  more,
  said,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import type { StatusCounts } from '../checkins/summary.ts';
import { count, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import { addDays, dateInWords, mondayOf } from '../kernel/time.ts';
import type { Digest, DigestAttendance } from './compose.ts';
import type { GapMove } from './ports.ts';

const DETAIL = 'detail';
const MOST_BULLETS = 12;

/** `everyWeeks`: how often this reader gets it unasked, absent for never; `notice`: about what they just pressed. */
export function digestCard(
  digest: Digest,
  options: { readonly everyWeeks?: 1 | 2 | undefined; readonly notice?: string },
): Card {
  const detail = detailOf(digest);
  const rhythm = rhythmOf(options.everyWeeks);
  return card({
    summary: `Your digest for ${dateInWords(digest.date)} is ready: about two minutes.`,
    body: [
      ...(options.notice ? [line(options.notice, { colour: 'Accent' })] : []),
      title(`${said(digest.scopeName)}, ${dateInWords(digest.date)}. Two minutes.`),
      ...linesOf(digest).map((text) => line(text)),
      ...(detail.length > 0 ? [hidden(DETAIL, [...detail, actionSet(rhythm)])] : []),
    ],
    actions: actionsOf(digest, rhythm, detail.length > 0),
  });
}

function linesOf(digest: Digest): string[] {
  const { attendance, waiting, nudge } = digest;
  const [blocker] = digest.blockers;
  const ownSaid = nudge !== undefined && !digest.wholeTrust && attendance?.schools.length === 1;
  return [
    ...(nudge ? [nudge.line] : []),
    ...(attendance && !ownSaid ? attendanceLines(attendance, digest.wholeTrust) : []),
    ...(digest.priorities.length > 0 ? [milestonesLine(digest.statuses)] : []),
    ...(digest.moved && digest.priorities.length > 0 ? [movedLine(digest.moved, digest.date)] : []),
    ...(waiting.length > 0 ? [waitingLine(waiting.map((one) => one.ownerName))] : []),
    ...(blocker
      ? [
          `You can unblock: ${said(shorten(blocker.title, 60))} (${said(shorten(withoutStop(blocker.blocker), 60))}).`,
        ]
      : []),
  ];
}

const GAP_WORDS: readonly (readonly [GapMove, string])[] = [
  ['narrowed', 'narrowed in'],
  ['held', 'held in'],
  ['widened', 'widened in'],
];

function attendanceLines(attendance: DigestAttendance, wholeTrust: boolean): string[] {
  const [only] = attendance.schools;
  if (!wholeTrust && only && attendance.schools.length === 1) return oneSchool(attendance, only);
  const having = (gap: GapMove) => attendance.schools.filter((school) => school.gap === gap).length;
  const moves = GAP_WORDS.filter(([gap]) => having(gap) > 0).map(
    ([gap, words]) => `${words} ${count(having(gap), 'school').replace(/^\d+/, numberOf)}`,
  );
  const few = having('too-few');
  const end = few > 0 ? `; ${numberInWords(few)} ${few === 1 ? 'has' : 'have'} too few pupils to show` : '';
  const early = attendance.early ? ' Early figures.' : '';
  return moves.length > 0
    ? [`Disadvantage first: compared with the week before, the gap ${listInWords(moves)}${end}.${early}`]
    : [`Disadvantage first: no gap can be shown for ${weekInWords(attendance.week)} yet.`];
}

function oneSchool(attendance: DigestAttendance, school: DigestAttendance['schools'][number]): string[] {
  const { missedByTen, attendedIn100, gap } = school;
  const early = attendance.early ? ' (early figures)' : '';
  const move = GAP_WORDS.some(([known]) => known === gap)
    ? ` Compared with the week before, the gap ${gap}.`
    : '';
  const lines = [];
  if (missedByTen) {
    lines.push(
      `For every 10 pupils, those experiencing disadvantage missed ${days(missedByTen.disadvantaged)} between them; others missed ${missedByTen.others}.${move}`,
    );
  } else if (gap === 'too-few') {
    lines.push('Too few pupils experience disadvantage here to show their figures safely.');
  }
  if (attendedIn100 !== undefined)
    lines.push(`Whole school${early}: ${attendedIn100} in every 100 sessions attended.`);
  if (school.queried) lines.push('Someone asked for these figures to be checked.');
  return lines;
}

function milestonesLine(statuses: StatusCounts): string {
  const parts = countsInWords(statuses);
  const unread = statuses.unapproved;
  const end =
    unread > 0
      ? ` ${capital(count(unread, 'status', 'statuses').replace(/^\d+/, numberOf))} not yet approved.`
      : '';
  return `Milestones: ${listInWords(parts)}.${end}`;
}

function countsInWords(statuses: StatusCounts): string[] {
  const parts: readonly (readonly [number, string])[] = [
    [statuses.onTrack, 'on track'],
    [statuses.atRisk, 'at risk'],
    [statuses.offTrack, 'off track'],
    [statuses.notYet, 'not yet checked in'],
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
  const parts = [
    ...(moved.better > 0 ? [`${numberInWords(moved.better)} moved up`] : []),
    ...(moved.worse > 0 ? [`${numberInWords(moved.worse)} moved down`] : []),
  ];
  return parts.length > 0 ? `Since ${since}: ${listInWords(parts)}.` : `Since ${since}: no status changed.`;
}

function waitingLine(names: readonly string[]): string {
  const different = [...new Set(names)];
  if (different.length > 3) return `Waiting for you: ${numberInWords(names.length)} check-ins to read.`;
  const from = listInWords(different.map((name) => said(name)));
  return `Waiting for you: ${names.length === 1 ? 'a check-in' : `${numberInWords(names.length)} check-ins`} from ${from}.`;
}

function detailOf(digest: Digest): Element[] {
  const priorities = digest.priorities.map(
    ({ name, statuses }) => `${said(name)}: ${listInWords(countsInWords(statuses))}`,
  );
  const schools = (digest.attendance?.schools ?? []).length > 1 ? (digest.attendance?.schools ?? []) : [];
  const attendance = schools.map((school) => `${said(school.name)}: ${schoolInWords(school)}`);
  const blockers = digest.blockers
    .slice(1, MOST_BULLETS)
    .map(({ title: name, blocker }) => `${said(shorten(name, 80))} (${said(shorten(blocker, 120))})`);
  const waiting = digest.waiting
    .slice(0, MOST_BULLETS)
    .map((one) => `${said(one.ownerName)}: ${said(shorten(one.title, 80))}`);
  return [
    ...section('Each priority', priorities),
    ...section('Attendance, each school', attendance),
    ...section('Also in the way', blockers),
    ...section('Waiting for you', waiting),
  ];
}

function section(heading: string, items: readonly string[]): Element[] {
  return items.length > 0 ? [line(`**${heading}**`), bullets(items)] : [];
}

const GAP_ALONE: Readonly<Record<GapMove, string>> = {
  narrowed: 'the gap narrowed',
  held: 'the gap held',
  widened: 'the gap widened',
  'too-few': 'too few pupils to show the gap',
  unknown: 'no week to compare with yet',
};

function schoolInWords(school: DigestAttendance['schools'][number]): string {
  const attended =
    school.attendedIn100 === undefined ? [] : [`${school.attendedIn100} in every 100 sessions attended`];
  return [...attended, GAP_ALONE[school.gap], ...(school.queried ? ['being checked'] : [])].join('; ');
}

function actionsOf(digest: Digest, rhythm: readonly Action[], detail: boolean): Action[] {
  const [first] = digest.waiting;
  const read = first && envelope('checkins.show', first.checkinId, first.version);
  const { nudge } = digest;
  return [
    ...(nudge
      ? [
          button('Open attendance', envelope('attendance.open', nudge.id), {
            primary: true,
            withoutInputs: true,
          }),
        ]
      : []),
    ...(first && read
      ? [
          button(`Read ${shorten(first.ownerName, 30)}'s check-in`, read, {
            primary: !nudge,
            withoutInputs: true,
          }),
        ]
      : []),
    ...(detail ? [more('See more', DETAIL)] : rhythm),
  ];
}

/** Buttons about the digest itself; behind "See more" where there is more to see. */
function rhythmOf(everyWeeks: 1 | 2 | undefined): Action[] {
  const press = (label: string, verb: string) =>
    button(label, envelope(verb, 'mine'), { withoutInputs: true });
  return [
    press('As of now', 'digests.refresh'),
    ...(everyWeeks === 1 ? [press('Fewer of these', 'digests.fewer')] : []),
    ...(everyWeeks === 2 ? [press('Weekly again', 'digests.weekly')] : []),
  ];
}

function weekInWords(week: string): string {
  const monday = mondayOf(week);
  const day = (date: string) => dateInWords(date).replace(/^\w+ /, '');
  return `${day(monday)} to ${day(addDays(monday, 4))}`;
}

function days(number: number): string {
  return count(number, 'day');
}

function numberOf(digits: string): string {
  return numberInWords(Number(digits));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
