/**
 * The nudge as a card, in every state its figures can be in. Takes a release and nothing else of the week, so that no
 * unsuppressed figure can reach a channel. Days before percentages; one comparison; one thing to try; no blame.
 */
import { button, type Card, card, line, said, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { dateInWords, daysBetween } from '../kernel/time.ts';
import { type GapMove, gapMove, oneThing } from './insight.ts';
import { lastDayOf, type Release } from './release.ts';

/** What people have chosen on a nudge, in names and dates. */
export type NudgeState = {
  readonly outcome?:
    | { readonly choice: 'done' | 'not-this-week'; readonly by: string; readonly on: string }
    | undefined;
  readonly helpAsked?: { readonly by: string } | undefined;
};

export type NudgeView = {
  readonly release: Release;
  /** Local date on which it is read: decides "last week", and whether figures are still early. */
  readonly today: string;
  /** Given name of the person who gets a call for help, said before anyone taps. */
  readonly helper: string;
  readonly state: NudgeState;
};

/** Figures move for about two weeks as registers are corrected (DfE publishes two weeks late for that reason). */
const EARLY_DAYS = 14;
const CARD_VERSION = 1;

export function nudgeId(release: Release): string {
  return `${release.schoolUrn}/${release.week}`;
}

export function nudgeCard(view: NudgeView): Card {
  const { release, state } = view;
  const asked = state.outcome !== undefined;
  return card({
    summary: `${said(release.schoolName)}: attendance ${weekInWords(view)}, and one thing to try`,
    body: [
      title(titleOf(view)),
      ...gapLines(release).map((text) => line(text)),
      line(schoolLine(release)),
      line(`One thing this week: ${oneThing(release)}`),
      ...stateLines(view).map((text) => line(text, { subtle: true })),
    ],
    actions: [
      ...(asked ? [] : [press('We have done it', 'attendance.done', release, true)]),
      ...(state.helpAsked ? [] : [press(`Ask ${said(view.helper)} for help`, 'attendance.help', release)]),
      press('How we got this', 'attendance.why', release),
      ...(asked ? [] : [press('Not this week', 'attendance.not-this-week', release)]),
    ],
  });
}

/** The same card, turned over: what was counted, when it came, what was left out. */
export function whyCard(view: NudgeView, received: string): Card {
  const { release } = view;
  const { school, before, lastYear } = release;
  const rates = [
    school ? `${school.attendance}%${BOUND_WORDS[school.bound]} of sessions attended` : '',
    before?.school
      ? `${before.school.attendance}% ${before.adjacent ? 'the week before' : 'the last school week before it'}`
      : '',
    lastYear ? `${lastYear.attendance}% in the same week last year` : '',
  ].filter((part) => part !== '');
  return card({
    summary: `${said(release.schoolName)}: how the attendance figures were made`,
    body: [
      title(`How we got this: ${said(release.schoolName)}, ${weekInWords(view)}`),
      line(
        `From ${release.sessions.toLocaleString('en-GB')} possible sessions in the registers, as sent on ${received}.`,
      ),
      line(`${rates.join('; ')}.`),
      line(
        'Days for every 10 pupils: the share of sessions they missed, as days of a school week, rounded to whole days.',
      ),
      line('Not counted: closures, sessions that were not possible, marks not yet made.'),
      line(
        `Groups of fewer than ${release.threshold} pupils are never shown. Waymark keeps no pupil’s record.`,
      ),
    ],
    actions: [press('Back to the card', 'attendance.show', release)],
  });
}

/** To the person who can help, in their own chat. */
export function helpCard(release: Release, asker: string, today: string): Card {
  return card({
    summary: `${said(asker)} asks for help with attendance at ${said(release.schoolName)}`,
    body: [
      title('Someone would like your help'),
      line(`${said(asker)} at ${said(release.schoolName)} asked for help with last week’s one thing:`),
      line(`“${oneThing(release)}”`),
      line(`Asked on ${dateInWords(today)}, from the school’s attendance card. Nothing else has been sent.`),
    ],
  });
}

function press(label: string, verb: string, release: Release, primary = false) {
  return button(label, envelope(verb, nudgeId(release), CARD_VERSION), { primary });
}

function weekInWords({ release, today }: NudgeView): string {
  const age = daysBetween(release.monday, today);
  return age >= 5 && age < 14 ? 'last week' : `week of ${dateInWords(release.monday).replace('Monday ', '')}`;
}

function titleOf(view: NudgeView): string {
  const { release, today } = view;
  const days = release.schoolDays < 5 ? `, a ${release.schoolDays}-day week` : '';
  const early = daysBetween(lastDayOf(release), today) <= EARLY_DAYS ? ' (early figures)' : '';
  return `${said(release.schoolName)}, ${weekInWords(view)}${days}${early}`;
}

function gapLines(release: Release): string[] {
  const { gap, before } = release;
  if (!gap) return [hiddenLine(release)];
  const lines = [gapSentence(gap)];
  const move = gapMove(release);
  if (!before?.gap || move === null) {
    lines.push('There is no week before it to compare with fairly.');
    return lines;
  }
  lines.push(
    `${beforeLabel(before)}: ${before.gap.disadvantaged} and ${before.gap.others}. ${VERDICTS[move]}`,
  );
  return lines;
}

function gapSentence({ disadvantaged, others, bounds }: NonNullable<Release['gap']>): string {
  if (disadvantaged === others && bounds.disadvantaged === bounds.others)
    return `For every 10 pupils, those experiencing disadvantage and others alike missed ${days(disadvantaged, bounds.others)} between them.`;
  return `For every 10 pupils, those experiencing disadvantage missed ${days(disadvantaged, bounds.disadvantaged)} between them; others missed ${daysAlone(others, bounds.others)}.`;
}

type Bound = NonNullable<Release['gap']>['bounds']['others'];

const BOUND_WORDS: Readonly<Record<Bound, string>> = {
  exact: '',
  'at-least': ' or more',
  'at-most': ' or fewer',
};

function days(number: number, bound: Bound): string {
  if (number === 0) return 'less than a day';
  return `${number === 1 ? '1 day' : `${number} days`}${BOUND_WORDS[bound]}`;
}

function daysAlone(number: number, bound: Bound): string {
  return number === 0 ? 'less than one' : `${number}${BOUND_WORDS[bound]}`;
}

const VERDICTS: Readonly<Record<GapMove, string>> = {
  narrowed: 'The gap is smaller. Good to see; not yet a trend.',
  'narrowed-others-missed-more': 'The gap is smaller because others missed more, so not yet good news.',
  widened: 'The gap is wider. One week is not a trend, and it is worth a look.',
  'both-less': 'Both missed less. Good to see; not yet a trend.',
  'both-less-gap-wider': 'Both missed less, others more so: the gap is wider.',
  'both-more': 'Both missed more. One week is not a trend, and it is worth a look.',
  unchanged: 'No change.',
};

function beforeLabel(before: NonNullable<Release['before']>): string {
  const which = before.adjacent ? 'The week before' : 'The last school week before it';
  return before.basis === 'as-it-stood'
    ? `${which}, counted the same way`
    : `${which}, with later corrections`;
}

function hiddenLine(release: Release): string {
  return release.gapHidden === 'unknown'
    ? 'The school’s file does not say who experiences disadvantage, so that comparison is missing this week.'
    : 'Too few pupils are in one group to compare those experiencing disadvantage with others here, so no child can be picked out. They still come first: please look in your own system.';
}

function schoolLine(release: Release): string {
  const { school, before, shut } = release;
  if (!school) return 'The whole school is too small to show here.';
  const then = before?.school?.perHundred;
  const compared =
    then === undefined
      ? ''
      : then === school.perHundred
        ? ', about the same as before'
        : `, ${school.perHundred > then ? 'up' : 'down'} from ${then}`;
  const closed = shut.length > 0 ? ` ${shut.join(' and ')}’s closure is not counted.` : '';
  const bound = BOUND_WORDS[school.bound];
  return `Whole school: ${school.perHundred}${bound} in every 100 sessions attended${compared}.${closed}`;
}

function stateLines({ state, helper }: NudgeView): string[] {
  const lines: string[] = [];
  if (state.outcome)
    lines.push(
      state.outcome.choice === 'done'
        ? `Done: ${said(state.outcome.by)}, ${dateInWords(state.outcome.on)}. Thank you.`
        : `Not this week: ${said(state.outcome.by)}, ${dateInWords(state.outcome.on)}. That is fine.`,
    );
  if (state.helpAsked) lines.push(`${said(state.helpAsked.by)} asked ${said(helper)} for help.`);
  return lines;
}
