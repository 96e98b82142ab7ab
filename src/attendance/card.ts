/**
 * The nudge as a card, for a school's channel and for its head, in every state its figures can be in. Takes releases and
 * nothing else of the week, so that no unsuppressed figure can reach a channel. One comparison, one thing to try, no blame.
 */
import {
  type Action,
  actionSet,
  bullets,
  button,
  type Card,
  card,
  container,
  type Element,
  hidden,
  line,
  more,
  said,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { gapOverWeeks } from '../cards/gap-charts.ts';
import { dateInWords } from '../kernel/time.ts';
import {
  gapLines,
  headDetail,
  registersLine,
  schoolLine,
  standOutLine,
  titleOf,
  weekInWords,
} from './card-lines.ts';
import type { Release } from './release.ts';

/** Who reads it: everybody in the school's channel, its head alone, or those in its leadership chat. */
export type Face = 'channel' | 'head' | 'leaders';

/** What people have chosen on a nudge, in names and dates. */
export type NudgeState = {
  readonly outcome?:
    | {
        readonly choice: 'done' | 'not-this-week' | 'not-suitable';
        readonly by: string;
        readonly on: string;
      }
    | undefined;
  readonly helpAsked?: { readonly by: string } | undefined;
  /** A focus that was agreed: its owner checks in on `due`. */
  readonly focus?: { readonly by: string; readonly owner: string; readonly due: string } | undefined;
  /** Whether the earlier card's one thing happened. */
  readonly followUp?: { readonly choice: 'happened' | 'not-yet'; readonly by: string } | undefined;
};

export type NudgeView = {
  readonly release: Release;
  readonly face: Face;
  /** Local date on which it is read: decides "last week", and whether figures are still early. */
  readonly today: string;
  /** Given name of the person who gets a call for help, said before anyone taps; null when that is the reader. */
  readonly helper: string | null;
  /** The one thing to try. */
  readonly action: string;
  /** The earlier card's one thing, to be asked after; undefined when there is nothing to ask. */
  readonly follows?: { readonly action: string } | undefined;
  readonly state: NudgeState;
  /** Somebody has asked for these figures to be checked. */
  readonly queried: boolean;
  /** The first week of a term: the card looks forward. */
  readonly freshStart?: boolean;
  /** The school shows its pupils: its head may open who to greet first. */
  readonly showsPupils?: boolean;
  /** Sent to one person to look at, before the school goes live. */
  readonly preview?: boolean;
  /** Opened from a tutor's card: its buttons lead back there. */
  readonly through?: string;
  /** Earlier releases, oldest first, for the head's chart. */
  readonly history: readonly Release[];
};

const CARD_VERSION = 1;
const MORE = 'more';

/** What a nudge's buttons name: the school, the week, and whose face of the card it is. */
export function nudgeId(release: Pick<Release, 'schoolUrn' | 'week'>, face: Face): string {
  return `${release.schoolUrn}/${release.week}${face === 'channel' ? '' : `/${face}`}`;
}

/** The ledger's name of a school's nudge for a week. */
export function nudgeKey(week: string, schoolUrn: string): string {
  return `attendance.week/${week}/${schoolUrn}`;
}

/** The ledger's name of the same week's card in the school's leadership chat. */
export function leadersKey(week: string, schoolUrn: string): string {
  return `attendance.leaders/${week}/${schoolUrn}`;
}

export function nudgeCard(view: NudgeView): Card {
  const { release, face, today } = view;
  const leads = face !== 'channel';
  const third = standOutLine(release) ?? (leads ? registersLine(release) : undefined);
  const detail = leads ? headDetail(release) : [];
  const chart = leads ? gapOverWeeks([...view.history, release]) : undefined;
  return card({
    summary: `${said(release.schoolName)}: attendance ${weekInWords(release, today)}, and one thing to try`,
    body: [
      ...(view.preview ? [line(PREVIEW, { colour: 'Accent' })] : []),
      title(titleOf(release, today)),
      ...(view.freshStart ? [line(FRESH_START)] : []),
      ...gapLines(release).map((text) => line(text)),
      line(schoolLine(release)),
      ...(third && !asksAfter(view) ? [line(third)] : []),
      container([line(askLine(view))], 'emphasis'),
      ...stateLines(view).map((text) => line(text, { subtle: true })),
      ...(view.queried ? [line(QUERIED, { strong: true })] : []),
      ...(chart ? [chart] : []),
      ...(view.preview
        ? []
        : [hidden(MORE, [...(detail.length > 0 ? [bullets(detail)] : []), actionSet(behindMore(view))])]),
    ],
    ...(view.preview ? {} : { actions: [...mainButtons(view), more('More', MORE)] }),
  });
}

const FRESH_START = 'A new term, and a fresh start for everybody.';
const PREVIEW = 'A preview for you alone. Nothing was posted in the channel.';
export const QUERIED = 'Someone asked for these figures to be checked. They may change.';

/** What every card with one thing to try needs to say of it. */
export type OneThing = Pick<NudgeView, 'helper' | 'action' | 'follows' | 'state'>;

export function asksAfter({ follows, state }: Pick<OneThing, 'follows' | 'state'>): boolean {
  return follows !== undefined && state.followUp === undefined;
}

/** One action a card: what was left open comes first, and only then something new. */
export function askLine(view: OneThing): string {
  if (asksAfter(view)) return `Last time’s one thing: “${view.follows?.action ?? ''}” Did it happen?`;
  return `One thing this week: ${view.action}`;
}

function mainButtons(view: NudgeView): Action[] {
  const { state, helper } = view;
  const help = state.helpAsked || helper === null ? [] : [press(view, helpLabel(helper), 'help')];
  if (asksAfter(view))
    return [press(view, 'It happened', 'happened', true), press(view, 'Not yet', 'not-yet'), ...help];
  if (state.outcome || state.focus) return help;
  return [
    view.face !== 'channel'
      ? press(view, 'Choose who and when', 'focus', true)
      : press(view, 'We have done it', 'done', true),
    ...help,
    press(view, 'Not this week', 'not-this-week'),
  ];
}

function helpLabel(helper: string): string {
  return `Ask ${said(helper)} for help`;
}

function behindMore(view: NudgeView): Action[] {
  const { state, face } = view;
  const open = !state.outcome && !state.focus && !asksAfter(view);
  return [
    ...(open && face !== 'channel' ? [press(view, 'We have done it', 'done')] : []),
    ...(open ? [press(view, 'Not right for us', 'not-suitable')] : []),
    ...(view.showsPupils && face === 'head' ? [press(view, 'Who to greet first', 'names')] : []),
    press(view, 'How we got this', 'why'),
    ...(view.queried ? [] : [press(view, 'Looks wrong?', 'query')]),
    ...(face === 'head' ? [press(view, 'Fewer of these', 'fewer')] : []),
  ];
}

export function press(
  view: Pick<NudgeView, 'release' | 'face' | 'through'>,
  label: string,
  verb: string,
  primary = false,
): Action {
  const data =
    view.through === undefined
      ? envelope(`attendance.${verb}`, nudgeId(view.release, view.face), CARD_VERSION)
      : envelope(`attendance.tutor-${verb}`, view.through);
  return button(label, data, { primary });
}

const OUTCOMES = {
  done: ['Done', 'Thank you.'],
  'not-this-week': ['Not this week', 'That is fine. I ask once more.'],
  'not-suitable': ['Not right for you', 'I suggest something else next time.'],
} as const;

export function stateLines(view: OneThing): string[] {
  const { outcome, helpAsked, focus, followUp } = view.state;
  const lines: string[] = [];
  if (followUp)
    lines.push(
      followUp.choice === 'happened'
        ? `Last time’s one thing happened, says ${said(followUp.by)}. Thank you.`
        : `Not yet, says ${said(followUp.by)}. So it stays the one thing.`,
    );
  if (outcome) {
    const [label, end] = OUTCOMES[outcome.choice];
    lines.push(`${label}: ${said(outcome.by)}, ${dateInWords(outcome.on)}. ${end}`);
  }
  if (focus)
    lines.push(`Agreed by ${said(focus.by)}: ${said(focus.owner)} checks in on ${dateInWords(focus.due)}.`);
  if (helpAsked && view.helper) lines.push(`${said(helpAsked.by)} asked ${said(view.helper)} for help.`);
  return lines;
}

/** A card in place of one that was wrong: what was there is gone, and that is said. */
export function recalledCard(release: Release, today: string): Card {
  return notice(
    `${said(release.schoolName)}: a card was taken back`,
    `${said(release.schoolName)}, ${weekInWords(release, today)}`,
    [
      'This card was taken back, because its figures were wrong. Please do not use them.',
      'The next card comes on Monday.',
    ],
  );
}

/** A card of a few lines without buttons. */
export function notice(summary: string, heading: string, lines: readonly string[]): Card {
  const body: Element[] = [title(heading), ...lines.map((text) => line(text))];
  return card({ summary, body });
}
