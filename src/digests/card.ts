/**
 * A digest as a card: at most seven lines to read standing up, the rest behind "more", a button for what waits. Says
 * counts in words and status in words; names nobody but those whose check-ins wait for this very reader. Pure.
 */

import { titled } from '../cards/charts.ts';
import {
  type Action,
  actionSet,
  button,
  type Card,
  card,
  container,
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
import { countWords, daysAlone, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import { dateInWords, dateWithYear } from '../kernel/time.ts';
import { chartsOf } from './charts.ts';
import type { Digest, DigestAttendance } from './compose.ts';
import { actionSets, inEvery100, section } from './detail.ts';
import {
  furtherDocumentActs,
  furtherHelpActs,
  furtherThemeActs,
  nudgeAct,
  priorityAct,
} from './line-acts.ts';
import { chooseLines, countsInWords, type DigestLine, linesOf, movesInWords, weekInWords } from './lines.ts';
import type { GapMove } from './ports.ts';

const DETAIL = 'detail';
const MOST_LINES = 7;
/** Of what stands behind the first blocker, open question or old document; each has its button. */
const MOST_FURTHER = 8;

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
  const day = past ? dateWithYear(digest.date) : dateInWords(digest.date);
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
        shown: [{ text: `Nothing has changed since ${dateInWords(unchangedSince)}.`, matters: 0, acts: [] }],
        left: linesOf(digest),
      }
    : chooseLines(linesOf(digest), room);
  const detail = detailOf(digest, { shown, left, past: past === true });
  const rhythm = past ? [nowAgain()] : rhythmOf(options.everyWeeks, options.reports);
  return card({
    summary: past ? `How things stood on ${day}` : `Your digest for ${day} is ready: about two minutes.`,
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title(heading),
      ...shown.flatMap((one) => (past ? [line(one.text)] : elementsOf(one))),
      ...(detail.length > 0 ? [hidden(DETAIL, [...detail, ...actionSets(rhythm)])] : []),
    ],
    actions: past ? lastActions([], rhythm, detail.length > 0) : actionsOf(digest, rhythm, detail.length > 0),
  });
}

/** A line that does something when it is pressed; what waits has its buttons beneath it. */
function elementsOf({ text, acts, isWaiting }: DigestLine): Element[] {
  const [first] = acts;
  if (isWaiting && acts.length > 0) return [line(text), actionSet(acts)];
  // A reader by ear hears the title in place of the words, so it holds them (WCAG 2.2, 2.5.3).
  return [
    first
      ? { ...container([line(text)]), selectAction: { ...first, title: `${text} ${first.title}` } }
      : line(text),
  ];
}

/** The same as buttons, for those who do not press on words; each once. */
function actsOf(shown: readonly DigestLine[], left: readonly DigestLine[]): Action[] {
  const all = [...shown.filter(({ isWaiting }) => !isWaiting), ...left].flatMap(({ acts }) => acts);
  return [...new Map(all.map((act) => [JSON.stringify(act), act])).values()];
}

function detailOf(
  digest: Digest,
  about: {
    readonly shown: readonly DigestLine[];
    readonly left: readonly DigestLine[];
    readonly past: boolean;
  },
): Element[] {
  const { shown, left, past } = about;
  const acts = past ? [] : actsOf(shown, left);
  const priorities = digest.priorities.map(({ name, statuses, moved }) => {
    const moves = moved && movesInWords(moved);
    return `${said(name)}: ${listInWords(countsInWords(statuses))}${moves ? ` (${moves})` : ''}`;
  });
  const all = digest.attendance?.schools ?? [];
  // A head's one school is in the lines above; of the whole trust they give sums alone.
  const schools = all.length > 1 || digest.wholeTrust ? all : [];
  const attendance = schools.map((school) => `${said(school.name)}: ${schoolInWords(school)}`);
  const [, ...furtherBlockers] = digest.blockers.slice(0, MOST_FURTHER + 1);
  const [, ...furtherThemes] = digest.themes.slice(0, MOST_FURTHER + 1);
  const [, ...furtherDocuments] = digest.documents.slice(0, MOST_FURTHER + 1);
  const further = (acts: readonly Action[]) => (past ? [] : actionSets(acts));
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
    ...left.map(({ text }) => line(text)),
    ...(acts.length > 0 ? [line('**To do something about it**'), ...actionSets(acts)] : []),
    ...section('Each priority', priorities),
    ...(past || digest.priorities.length < 2
      ? []
      : actionSets(digest.priorities.map(({ name }) => priorityAct(name)))),
    ...pictured(byStatus),
    ...section('Attendance, each school', attendance, schools.length),
    ...pictured(overWeeks),
    ...titled(bySchool),
    ...section('Also in the way', blockers, MOST_FURTHER),
    ...further(furtherHelpActs(furtherBlockers)),
    ...section('Waiting for you', waiting),
    ...section('Not heard from for a fortnight', late),
    ...section("Documents don't yet answer", themes, MOST_FURTHER),
    ...further(furtherThemeActs(furtherThemes)),
    ...section('Also out of date', documents, MOST_FURTHER),
    ...further(furtherDocumentActs(furtherDocuments)),
  ];
}

/** The picture, and its numbers in words. */
function pictured(chart: Element | undefined): Element[] {
  return chart ? [...titled(chart), chart.fallback as Element] : [];
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
      : [`${inEvery100(school.attendedIn100, school.bound)} sessions attended`];
  const { missedByTen } = school;
  const days = missedByTen
    ? [
        `days missed for every 10 pupils ${daysAlone(missedByTen.disadvantaged)}, others ${daysAlone(missedByTen.others)}`,
      ]
    : [];
  return [
    ...(school.week === undefined ? [] : [`of ${weekInWords(school.week)}`]),
    ...attended,
    ...days,
    GAP_ALONE[school.gap],
    ...(school.queried ? ['being checked'] : []),
  ].join('; ');
}

function actionsOf(digest: Digest, rhythm: readonly Action[], detail: boolean): Action[] {
  const { waiting } = digest;
  const nudge = nudgeAct(digest);
  const all = [
    ...(nudge ? [{ ...nudge, style: 'positive' }] : []),
    // The list of reviews approves several at once.
    ...(waiting.length > 1
      ? [
          say(
            waiting.length === 2 ? 'Both check-ins' : `All ${numberInWords(waiting.length)} check-ins`,
            'my approvals',
          ),
        ]
      : []),
  ];
  return lastActions(all, rhythm, detail);
}

function lastActions(first: readonly Action[], rhythm: readonly Action[], detail: boolean): Action[] {
  return [...first, ...(detail ? [more('See more', DETAIL)] : rhythm)].slice(0, MAX_BUTTONS);
}

function nowAgain(): Action {
  return press('As of now', 'digests.refresh');
}

/** Buttons about the digest itself; behind "See more" where there is more to see. */
function rhythmOf(everyWeeks: EveryWeeks | undefined, reports = false): Action[] {
  return [
    nowAgain(),
    press('Compare with last term', 'digests.compare'),
    ...(reports ? [press('Term report', 'digests.report')] : []),
    press('Why am I seeing this?', 'digests.why'),
    ...oftenActs(everyWeeks),
  ];
}

/** Less often, or as often as before, where either is left. */
export function oftenActs(everyWeeks: EveryWeeks | undefined): Action[] {
  return [
    ...(everyWeeks === 1 || everyWeeks === 2 ? [press('Fewer of these', 'digests.fewer')] : []),
    ...(everyWeeks === 2 || everyWeeks === 4 ? [press('Weekly again', 'digests.weekly')] : []),
  ];
}

function press(label: string, verb: string): Action {
  return button(label, envelope(verb, 'mine'), { withoutInputs: true });
}
