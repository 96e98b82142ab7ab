/**
 * The form tutor's card, and the list that it opens. The card says nothing of any pupil: the list is made for the reader
 * who opens it, names nobody in its summary or fallback, and gives whole days, strengths first, no reason and no label.
 */
import {
  actionSet,
  bullets,
  button,
  type Card,
  card,
  container,
  hidden,
  line,
  more,
  said,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { dateInWords } from '../kernel/time.ts';
import type { Movement } from './movement.ts';
import type { ShownGroup } from './release-shape.ts';

export type TutorChoice = 'done' | 'not-suitable' | 'not-this-week';

export type TutorView = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly group: string;
  /** Local date after which the names are gone. */
  readonly until: string;
  readonly helper: string;
  /** The group's figure of the school's release; absent where it may not be shown. */
  readonly figure?: ShownGroup | undefined;
  /** Somebody asked for the school's figures of the week to be checked. */
  readonly queried?: boolean;
  readonly outcome?: { readonly choice: TutorChoice; readonly on: string } | undefined;
  readonly helpAsked: boolean;
};

/** A pupil whose name the reader may see. */
export type NamedMovement = Movement & { readonly name: string };

export function tutorId({ schoolUrn, week, group }: Pick<TutorView, 'schoolUrn' | 'week' | 'group'>): string {
  return `${schoolUrn}/${week}/${group}`;
}

export function tutorKey(week: string, schoolUrn: string, group: string, personId: string): string {
  return `attendance.tutor/${week}/${schoolUrn}/${group}/${personId}`;
}

export function tutorCard(view: TutorView): Card {
  const { group, outcome, helpAsked } = view;
  const press = (label: string, verb: string, primary = false) =>
    button(label, envelope(`attendance.tutor-${verb}`, tutorId(view)), { primary });
  return card({
    summary: `${said(group)}: your attendance card`,
    body: [
      title(`${said(group)}: who to greet first this week`),
      ...(view.figure ? [line(daysLine(group, view.figure))] : []),
      ...(view.figure && view.queried ? [line(BEING_CHECKED, { colour: 'Attention' })] : []),
      line('I have looked at last week, disadvantaged pupils first. The list opens for you alone.'),
      container(
        [line('One thing: have one friendly conversation, and begin with what went well.')],
        'emphasis',
      ),
      line('Skip anybody for whom it is not the moment: a loss at home, a long illness.'),
      line(`The names are gone after ${dateInWords(view.until)}.`, { subtle: true }),
      ...(outcome ? [line(outcomeLine(outcome), { subtle: true })] : []),
      ...(helpAsked ? [line(`You asked ${said(view.helper)} for help.`, { subtle: true })] : []),
      hidden(MORE, [
        actionSet([
          ...(outcome
            ? []
            : [press('Not suitable', 'not-suitable'), press('Not this week', 'not-this-week')]),
          press('Fewer of these', 'fewer'),
        ]),
      ]),
    ],
    actions: [
      press('Open the list', 'open', true),
      ...(outcome ? [] : [press('Had the conversation', 'done')]),
      ...(helpAsked ? [] : [press(`Ask ${said(view.helper)} for help`, 'help')]),
      more('More', MORE),
    ],
  });
}

const MORE = 'more';
const BEING_CHECKED = 'Someone asked for this figure to be checked.';

/** Days for every ten pupils, so that a short week compares with a whole one. */
function daysLine(group: string, { per10, before }: ShownGroup): string {
  const now = `For every 10 pupils, ${said(group)} missed ${daysInWords(per10.days)}`;
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

/** Opened for one reader. Its words for notifications and for clients without cards hold no name. */
export function listCard(view: TutorView, pupils: readonly NamedMovement[]): Card {
  const { group } = view;
  return card({
    summary: `${said(group)}: your list`,
    text: `${said(group)}: your list. Open it in Teams.`,
    body: [
      title(`${said(group)}, for you alone`),
      ...(pupils.length > 0
        ? [bullets(pupils.map(sentenceOf))]
        : [line('There are no names to show any more.')]),
      line('Days are of this school year. Why somebody was away stands in your school’s own system.', {
        subtle: true,
      }),
    ],
    actions: [button('Close the list', envelope('attendance.tutor-close', tutorId(view)))],
  });
}

/**
 * For a head who shows her pupils, opened for her alone: the same of all tutor groups, and for whom support should be thought of
 * before a threshold says so.
 */
export function headListCard(
  schoolName: string,
  id: string,
  pupils: readonly NamedMovement[],
  overThreshold: readonly string[],
): Card {
  return card({
    summary: `${said(schoolName)}: your list`,
    text: `${said(schoolName)}: your list. Open it in Teams.`,
    body: [
      title(`${said(schoolName)}, for you alone`),
      ...(pupils.length > 0
        ? [bullets(pupils.map(sentenceOf))]
        : [line('Nobody’s line was crossed last week.')]),
      ...(overThreshold.length > 0
        ? [
            line(
              'Ten unauthorised sessions in ten school weeks: please think with your attendance lead what support would help.',
            ),
            bullets(overThreshold.map((name) => `**${said(name)}**`)),
          ]
        : []),
      line('Days are of this school year. Why somebody was away stands in your school’s own system.', {
        subtle: true,
      }),
    ],
    actions: [button('Close the list', envelope('attendance.show', id))],
  });
}

function sentenceOf({ name, kind, toDate }: NamedMovement): string {
  const missed = `${halves(toDate.absent)} of ${halves(toDate.possible)} days missed`;
  switch (kind) {
    case 'returned':
      return `**${said(name)}** was in all week after days away. Say how good that is.`;
    case 'left':
      return `**${said(name)}**: fewer than one day in ten missed again. Say that you noticed.`;
    case 'near':
      return `**${said(name)}**: ${missed}. A good week keeps it under one day in ten.`;
    case 'crossed':
      return `**${said(name)}**: ${missed}, now one day in ten. Ask what would help.`;
  }
}

/** Two sessions are a day: `3`, `3½`. */
function halves(sessions: number): string {
  const whole = Math.floor(sessions / 2);
  if (sessions % 2 === 0) return String(whole);
  return whole === 0 ? '½' : `${whole}½`;
}
