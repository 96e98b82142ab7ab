/**
 * The form tutor's card, and the list that it opens. The card says nothing of any pupil: the list is made for the reader
 * who opens it, names nobody in its summary or fallback, and gives whole days, strengths first, no reason and no label.
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
import { listInWords, numberInWords } from '../kernel/text.ts';
import { dateInWords } from '../kernel/time.ts';
import type { Movement, MovementKind } from './movement.ts';
import type { ShownGroup } from './release-shape.ts';

export type TutorChoice = 'done' | 'not-suitable' | 'not-this-week';

export type TutorView = {
  readonly schoolUrn: string;
  readonly week: string;
  /** A form tutor's one, or those of a head of year. */
  readonly groups: readonly string[];
  /** Local date after which the names are gone. */
  readonly until: string;
  readonly helper: string;
  /** The groups' figures of the school's release; of a group that may not be shown none. */
  readonly figures: readonly ShownGroup[];
  /** The school's week is published and was not taken back, so how it was made can be told, and it can be doubted. */
  readonly stands?: boolean;
  /** Somebody asked for the school's figures of the week to be checked. */
  readonly queried?: boolean;
  readonly outcome?: { readonly choice: TutorChoice; readonly on: string } | undefined;
  readonly helpAsked: boolean;
  /** The card before was left open: whether its conversation happened is asked here, once. */
  readonly follows?: boolean;
  readonly followUp?: 'happened' | 'not-yet' | undefined;
};

/** A pupil whose name the reader may see. */
export type NamedMovement = Movement & { readonly name: string };

/** What a button names: `URN/WEEK/5A`, `URN/WEEK/8A+8B`. */
export function tutorId({
  schoolUrn,
  week,
  groups,
}: Pick<TutorView, 'schoolUrn' | 'week' | 'groups'>): string {
  return `${schoolUrn}/${week}/${scopeOf(groups)}`;
}

export function scopeOf(groups: readonly string[]): string {
  return groups.map(encodeURIComponent).join('+');
}

/** The groups of a scope; undefined for what `scopeOf` did not write. */
export function groupsIn(scope: string): string[] | undefined {
  try {
    return scope === '' ? undefined : scope.split('+').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

export function tutorKey(week: string, schoolUrn: string, scope: string, personId: string): string {
  return `attendance.tutor/${week}/${schoolUrn}/${scope}/${personId}`;
}

const MOST_NAMED = 3;
/** More groups' figures than this stand behind "More". */
const MOST_LINES = 2;

function groupsInWords(groups: readonly string[]): string {
  return groups.length > MOST_NAMED
    ? `your ${numberInWords(groups.length)} groups`
    : listInWords(groups.map(said));
}

/** The top line of a digest, for a tutor who gets one: it holds no figure. */
export function tutorLine({ groups, follows }: Pick<TutorView, 'groups' | 'follows'>): string {
  const asked = follows ? 'One thing to tell me.' : 'One thing to try.';
  return `${sentence(groupsInWords(groups))}, last week: whom to greet first, disadvantaged pupils before others. ${asked}`;
}

function sentence(words: string): string {
  return `${words.slice(0, 1).toUpperCase()}${words.slice(1)}`;
}

export function tutorCard(view: TutorView): Card {
  const { outcome, helpAsked, followUp } = view;
  const name = sentence(groupsInWords(view.groups));
  const press = (label: string, verb: string, primary = false) =>
    button(label, envelope(`attendance.tutor-${verb}`, tutorId(view)), { primary });
  const asks = view.follows === true && followUp === undefined;
  const days = view.figures.map(daysLine);
  const [first, rest] = days.length > MOST_LINES ? [[], days] : [days, []];
  const open = !outcome && !asks;
  const help = helpAsked ? [] : [press(`Ask ${said(view.helper)} for help`, 'help')];
  return card({
    summary: `${name}: your attendance card`,
    body: [
      title(`${name}: who to greet first this week`),
      ...first.map((text) => line(text)),
      ...(view.figures.length > 0 && view.queried ? [line(BEING_CHECKED, { strong: true })] : []),
      line('I have looked at last week, disadvantaged pupils first. The list opens for you alone.'),
      container([line(asks ? ASKED : ONE_THING)], 'emphasis'),
      line('Skip anybody for whom it is not the moment: a loss at home, a long illness.'),
      line(`The names are gone after ${dateInWords(view.until)}.`, { subtle: true }),
      ...(followUp ? [line(FOLLOWED[followUp], { subtle: true })] : []),
      ...(outcome ? [line(outcomeLine(outcome), { subtle: true })] : []),
      ...(helpAsked ? [line(`You asked ${said(view.helper)} for help.`, { subtle: true })] : []),
      hidden(MORE, [
        ...(rest.length > 0 ? [bullets(rest)] : []),
        actionSet([
          ...(open ? [press('Not suitable', 'not-suitable'), press('Not this week', 'not-this-week')] : []),
          ...(asks ? help : []),
          ...(view.stands ? [press('How we got this', 'why')] : []),
          ...(view.stands && !view.queried ? [press('Looks wrong?', 'query')] : []),
          press('Fewer of these', 'fewer'),
        ]),
      ]),
    ],
    actions: [
      press('Open the list', 'open', true),
      ...(asks ? [press('It happened', 'happened'), press('Not yet', 'not-yet')] : []),
      ...(open ? [press('Had the conversation', 'done')] : []),
      ...(asks ? [] : help),
      more('More', MORE),
    ],
  });
}

const MORE = 'more';
const BEING_CHECKED = 'Someone asked for these figures to be checked.';
const ONE_THING = 'One thing: have one friendly conversation, and begin with what went well.';
const ASKED = 'Last time’s one thing: “have one friendly conversation.” Did it happen?';
const FOLLOWED = {
  happened: 'Last time’s conversation happened. Thank you.',
  'not-yet': 'Not yet: so it stays the one thing.',
} as const;

/** Days for every ten pupils, so that a short week compares with a whole one. */
function daysLine({ key, per10, before }: ShownGroup): string {
  const now = `For every 10 pupils, ${said(key)} missed ${daysInWords(per10.days)}`;
  if (!before) return `${now}.`;
  const then = before.per10.days;
  if (then === per10.days) return `${now}, as the week before.`;
  return `${now}. Week before, same count: ${then}${then > per10.days ? ', so days were gained' : ''}.`;
}

function daysInWords(days: number): string {
  if (days === 0) return 'less than a day';
  return days === 1 ? '1 day' : `${days} days`;
}

function outcomeLine({ choice, on }: NonNullable<TutorView['outcome']>): string {
  switch (choice) {
    case 'done':
      return `Conversation had: ${dateInWords(on)}. Thank you.`;
    case 'not-suitable':
      return `Not suitable: ${dateInWords(on)}. You know them best.`;
    case 'not-this-week':
      return `Not this week: ${dateInWords(on)}. That is fine; the next list is a new one.`;
  }
}

/** What a list says: whom to greet first, and everybody who crossed the line of one day in ten. */
export type Listed = {
  readonly greet: readonly NamedMovement[];
  readonly crossed: readonly NamedMovement[];
};

/** Opened for one reader. Its words for notifications and for clients without cards hold no name. */
export function listCard(view: TutorView, { greet, crossed }: Listed): Card {
  const name = sentence(groupsInWords(view.groups));
  const several = view.groups.length > 1;
  return card({
    summary: `${name}: your list`,
    text: `${name}: your list. Open it in Teams.`,
    body: [
      title(`${name}, for you alone`),
      ...(greet.length > 0
        ? [bullets(greet.map((one) => sentenceOf(one, several)))]
        : [line('There are no names to show any more.')]),
      ...crossedBody(crossed, several),
      line(OF_THIS_YEAR, { subtle: true }),
    ],
    actions: [
      button('Close the list', envelope('attendance.tutor-close', tutorId(view))),
      ...crossedMore(crossed),
    ],
  });
}

const OF_THIS_YEAR =
  'Days are of this school year. Why somebody was away stands in your school’s own system.';
const CROSSED = 'crossed';
const MOST_CROSSED = 30;

/** Both ways over the line, strengths first; behind a button, since the list is of whom to greet. */
function crossedBody(crossed: readonly NamedMovement[], several: boolean): Element[] {
  if (crossed.length === 0) return [];
  const shown = crossed.slice(0, MOST_CROSSED);
  const part = (kind: MovementKind, heading: string) => {
    const names = shown.filter((one) => one.kind === kind).map((one) => nameOf(one, several));
    return names.length > 0 ? [line(`${heading}: ${listInWords(names)}.`)] : [];
  };
  return [
    hidden(CROSSED, [
      ...part('left', 'Missed fewer than one day in ten of the year again'),
      ...part('crossed', 'Have now missed one day in ten of the year or more'),
      ...(crossed.length > shown.length ? [line('And more: your school’s own system has them all.')] : []),
    ]),
  ];
}

function crossedMore(crossed: readonly NamedMovement[]): Action[] {
  return crossed.length > 0 ? [more('Who crossed one day in ten', CROSSED)] : [];
}

function nameOf({ name, group }: NamedMovement, several: boolean): string {
  return several ? `**${said(name)}** (${said(group)})` : `**${said(name)}**`;
}

/**
 * For a head who shows her pupils, opened for her alone: the same of all tutor groups, and for whom support should be thought of
 * before a threshold says so.
 */
export function headListCard(
  schoolName: string,
  id: string,
  { greet, crossed }: Listed,
  overThreshold: readonly string[],
): Card {
  return card({
    summary: `${said(schoolName)}: your list`,
    text: `${said(schoolName)}: your list. Open it in Teams.`,
    body: [
      title(`${said(schoolName)}, for you alone`),
      ...(greet.length > 0
        ? [bullets(greet.map((one) => sentenceOf(one, true)))]
        : [line('Nobody’s line was crossed last week.')]),
      ...crossedBody(crossed, true),
      ...(overThreshold.length > 0
        ? [
            line(
              'Ten unauthorised sessions in ten school weeks: please think with your attendance lead what support would help.',
            ),
            bullets(overThreshold.map((name) => `**${said(name)}**`)),
          ]
        : []),
      line(OF_THIS_YEAR, { subtle: true }),
    ],
    actions: [button('Close the list', envelope('attendance.show', id)), ...crossedMore(crossed)],
  });
}

function sentenceOf(pupil: NamedMovement, several: boolean): string {
  const { kind, toDate } = pupil;
  const name = nameOf(pupil, several);
  const missed = `${halves(toDate.absent)} of ${halves(toDate.possible)} days missed`;
  switch (kind) {
    case 'returned':
      return `${name} was in all week after days away. Say how good that is.`;
    case 'left':
      return `${name}: fewer than one day in ten missed again. Say that you noticed.`;
    case 'near':
      return `${name}: ${missed}. A good week keeps it under one day in ten.`;
    case 'crossed':
      return `${name}: ${missed}, now one day in ten. Ask what would help.`;
  }
}

/** Two sessions are a day: `3`, `3½`. */
function halves(sessions: number): string {
  const whole = Math.floor(sessions / 2);
  if (sessions % 2 === 0) return String(whole);
  return whole === 0 ? '½' : `${whole}½`;
}
