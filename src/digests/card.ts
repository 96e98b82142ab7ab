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
  say,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { MAX_BUTTONS, MAX_WORDS } from '../cards/size.ts';
import { countWords, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import { dateInWords } from '../kernel/time.ts';
import { chartsOf } from './charts.ts';
import type { Digest, DigestAttendance } from './compose.ts';
import { chooseLines, countsInWords, linesOf, movesInWords, weekInWords } from './lines.ts';
import type { GapMove } from './ports.ts';

const DETAIL = 'detail';
const MOST_BULLETS = 12;
const MOST_LINES = 7;

/** How often a digest comes unasked, in weeks. */
export type EveryWeeks = 1 | 2 | 4;

/**
 * `everyWeeks`: how often this reader gets it unasked, absent for never; `notice`: about what they just pressed;
 * `unchangedSince`: it says what the one of that date said, so one line is enough.
 */
export function digestCard(
  digest: Digest,
  options: {
    readonly everyWeeks?: EveryWeeks | undefined;
    readonly notice?: string;
    readonly unchangedSince?: string | undefined;
    /** It stands for a day that is over. */
    readonly past?: boolean;
    /** Whether a term report is theirs to make. */
    readonly reports?: boolean;
  },
): Card {
  const { notice, unchangedSince, past } = options;
  const day = dateInWords(digest.date);
  const heading = past
    ? `${said(digest.scopeName)}, as it stood on ${day}.`
    : `${said(digest.scopeName)}, ${day}. ${unchangedSince ? 'Nothing new.' : 'Two minutes.'}`;
  const before = [...(notice ? [notice] : []), heading];
  const room = {
    lines: MOST_LINES - before.length,
    words: MAX_WORDS - before.reduce((sum, text) => sum + countWords(text), 0),
  };
  const { shown, left } = unchangedSince
    ? {
        shown: [`Nothing has changed since ${dateInWords(unchangedSince)}.`],
        left: linesOf(digest).map(({ text }) => text),
      }
    : chooseLines(linesOf(digest), room);
  const detail = detailOf(digest, left);
  const rhythm = past ? [nowAgain()] : rhythmOf(options.everyWeeks, options.reports);
  return card({
    summary: past ? `How things stood on ${day}` : `Your digest for ${day} is ready: about two minutes.`,
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title(heading),
      ...shown.map((text) => line(text)),
      ...(detail.length > 0 ? [hidden(DETAIL, [...detail, actionSet(rhythm)])] : []),
    ],
    actions: actionsOf(digest, rhythm, detail.length > 0),
  });
}

function detailOf(digest: Digest, left: readonly string[]): Element[] {
  const priorities = digest.priorities.map(({ name, statuses, moved }) => {
    const moves = moved && movesInWords(moved);
    return `${said(name)}: ${listInWords(countsInWords(statuses))}${moves ? ` (${moves})` : ''}`;
  });
  const all = digest.attendance?.schools ?? [];
  // A head's one school is in the lines above; of the whole trust they give sums alone.
  const schools = all.length > 1 || digest.wholeTrust ? all : [];
  const attendance = schools.map((school) => `${said(school.name)}: ${schoolInWords(school)}`);
  const blockers = digest.blockers
    .slice(1)
    .map(({ title: name, blocker }) => `${said(shorten(name, 80))} (${said(shorten(blocker, 120))})`);
  const waiting = digest.waiting.map((one) => `${said(one.ownerName)}: ${said(shorten(one.title, 80))}`);
  const late = digest.late.map((one) => `${said(one.ownerName)}: ${said(shorten(one.title, 80))}`);
  const themes = digest.themes
    .slice(1)
    .map(({ label, people }) => `${said(shorten(label, 60))} (${numberInWords(people)} people)`);
  const documents = digest.documents.slice(1).map(({ title: name }) => said(shorten(name, 80)));
  const { byStatus, overWeeks, bySchool } = chartsOf(digest);
  return [
    ...left.map((text) => line(text)),
    ...section('Each priority', priorities),
    ...(byStatus ? [byStatus] : []),
    ...section('Attendance, each school', attendance, schools.length),
    // The picture, and its numbers in words.
    ...(overWeeks ? [overWeeks, overWeeks.fallback as Element] : []),
    ...(bySchool ? [bySchool] : []),
    ...section('Also in the way', blockers),
    ...section('Waiting for you', waiting),
    ...section('Not heard from for a fortnight', late),
    ...section("Documents don't yet answer", themes),
    ...section('Also out of date', documents),
  ];
}

function section(heading: string, items: readonly string[], most = MOST_BULLETS): Element[] {
  if (items.length === 0) return [];
  const over = items.length - most;
  const rest = over > 0 ? [`and ${numberInWords(over)} more`] : [];
  return [line(`**${heading}**`), bullets([...items.slice(0, most), ...rest])];
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
    school.attendedIn100 === undefined
      ? []
      : [`${school.attendedIn100}${school.bound ?? ''} in every 100 sessions attended`];
  const { missedByTen } = school;
  const days = missedByTen
    ? [`days missed for every 10 pupils ${missedByTen.disadvantaged}, others ${missedByTen.others}`]
    : [];
  return [
    ...(school.week === undefined ? [] : [`of ${weekInWords(school.week)}`]),
    ...attended,
    ...days,
    GAP_ALONE[school.gap],
    ...(school.queried ? ['being checked'] : []),
  ].join('; ');
}

const OPENS = {
  school: 'attendance.open',
  groups: 'attendance.tutor-show',
  trust: 'attendance.trust-show',
} as const;

function actionsOf(digest: Digest, rhythm: readonly Action[], detail: boolean): Action[] {
  const [first, ...others] = digest.waiting;
  const read = first && envelope('checkins.show', first.checkinId, first.version);
  const { nudge } = digest;
  return [
    ...(nudge
      ? [
          button('Open attendance', envelope(OPENS[nudge.opens ?? 'school'], nudge.id), {
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
    // The list of reviews approves several at once.
    ...(others.length > 0
      ? [
          say(
            others.length === 1 ? 'Both that wait' : `All ${numberInWords(digest.waiting.length)} that wait`,
            'my approvals',
          ),
        ]
      : []),
    ...(detail ? [more('See more', DETAIL)] : rhythm),
  ].slice(0, MAX_BUTTONS);
}

function nowAgain(): Action {
  return button('As of now', envelope('digests.refresh', 'mine'), { withoutInputs: true });
}

/** Buttons about the digest itself; behind "See more" where there is more to see. */
function rhythmOf(everyWeeks: EveryWeeks | undefined, reports = false): Action[] {
  const press = (label: string, verb: string) =>
    button(label, envelope(verb, 'mine'), { withoutInputs: true });
  return [
    nowAgain(),
    press('Compare with last term', 'digests.compare'),
    ...(reports ? [press('Term report', 'digests.report')] : []),
    press('Why am I seeing this?', 'digests.why'),
    ...(everyWeeks === 1 || everyWeeks === 2 ? [press('Fewer of these', 'digests.fewer')] : []),
    ...(everyWeeks === 2 || everyWeeks === 4 ? [press('Weekly again', 'digests.weekly')] : []),
  ];
}
