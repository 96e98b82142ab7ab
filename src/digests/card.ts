/**
 * A digest as a card: at most seven lines to read standing up, the rest behind "more", a button for what waits. Says
 * counts in words and status in words; names nobody but those whose check-ins wait for this very reader. Pure.
 */

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
import { ONLY_YOURS, whoSees } from '../cards/who-sees.ts';
import { countWords, numberInWords, shorten } from '../kernel/text.ts';
import { dateInWords, dateWithYear } from '../kernel/time.ts';
import { detailOf } from './card-detail.ts';
import type { Digest } from './compose.ts';
import { actionSets } from './detail.ts';
import { nudgeAct } from './line-acts.ts';
import { chooseLines, type DigestLine, linesOf } from './lines.ts';
import { fitting } from './room.ts';

const DETAIL = 'detail';
const MOST_LINES = 7;
const LONGEST_SCOPE = 60;

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
  const scope = said(shorten(digest.scopeName, LONGEST_SCOPE));
  const heading = past
    ? `${scope}, as it stood on ${day}.`
    : `${scope}, ${day}. ${unchangedSince ? 'Nothing new.' : 'Two minutes.'}`;
  const before = [...(notice ? [notice] : []), heading];
  const lines = linesOf(digest);
  const { shown, left } = unchangedSince
    ? {
        shown: [{ text: `Nothing has changed since ${dateInWords(unchangedSince)}.`, matters: 0, acts: [] }],
        left: lines,
      }
    : chooseLines(lines, {
        lines: MOST_LINES - before.length,
        words: MAX_WORDS - before.reduce((sum, text) => sum + countWords(text), 0),
      });
  const rhythm = past ? [nowAgain()] : rhythmOf(options.everyWeeks, options.reports);
  return fitting((room) => {
    const detail = detailOf(digest, { shown, left, past: past === true, room });
    return card({
      summary: past ? `How things stood on ${day}` : `Your digest for ${day} is ready: about two minutes.`,
      body: [
        ...(notice ? [line(notice, { colour: 'Accent' })] : []),
        title(heading),
        ...shown.flatMap((one) => (past ? [line(one.text)] : elementsOf(one))),
        // A digest's first lines are few and full: who sees it stands with the rest, where there is any.
        ...(detail.length > 0
          ? [hidden(DETAIL, [...detail, whoSees(ONLY_YOURS), ...actionSets(rhythm)])]
          : [whoSees(ONLY_YOURS)]),
      ],
      actions: past
        ? lastActions([], rhythm, detail.length > 0)
        : actionsOf(digest, rhythm, detail.length > 0),
    });
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
