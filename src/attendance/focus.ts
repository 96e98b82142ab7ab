/**
 * "Agree one focus": the form in which a head says what, who and by when, and what her answer becomes. The check-in that
 * follows is the milestones' own; this file knows only what is asked. Pure.
 */
import { type Card, card, choiceInput, line, said, textInput, title } from '../cards/elements.ts';
import type { Inputs } from '../cards/envelope.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { addDays, dateInWords, weekdayOf } from '../kernel/time.ts';
import { type NudgeView, press } from './card.ts';

/** A step that one person checks in on. `due` is a local date. */
export type Focus = {
  readonly title: string;
  readonly ownerId: string;
  readonly due: string;
};

/** Who could take it on: id and name. */
export type Colleague = { readonly id: string; readonly name: string };

const WEEKS = [1, 2, 4] as const;
const LONGEST = 140;
const MOST_COLLEAGUES = 120;

/** The Friday so many weeks on, counting this week's as the first when it is not Friday yet. */
function fridayAfter(today: string, weeks: number): string {
  const toFriday = (12 - weekdayOf(today)) % 7;
  return addDays(today, (toFriday === 0 ? 7 : toFriday) + (weeks - 1) * 7);
}

export function focusForm(
  view: NudgeView,
  colleagues: readonly Colleague[],
  typed: { readonly what?: string | undefined; readonly problem?: string | undefined } = {},
): Card {
  const { release, today } = view;
  return card({
    summary: `${said(release.schoolName)}: agree one focus`,
    body: [
      title('Who takes this on, and by when?'),
      ...(typed.problem ? [line(typed.problem, { strong: true })] : []),
      textInput('what', {
        label: 'What will happen (no pupils’ names, please)',
        value: typed.what ?? sentence(view.action),
        multiline: true,
        limit: LONGEST,
        required: 'Please say what will happen.',
      }),
      choiceInput('who', {
        label: 'Who',
        choices: colleagues.slice(0, MOST_COLLEAGUES).map(({ id, name }) => [id, said(name)] as const),
        required: 'Please choose a colleague.',
      }),
      choiceInput('when', {
        label: 'By when',
        choices: WEEKS.map((weeks) => [String(weeks), dateInWords(fridayAfter(today, weeks))] as const),
        value: '2',
        required: 'Please choose a day.',
      }),
      line('They get one short check-in on that day, and their manager reads it.', { subtle: true }),
    ],
    actions: [press(view, 'Agree this', 'agree', true), press(view, 'Back to the card', 'show')],
  });
}

/** What was filled in, or what is missing in words. `colleagues` are those the form offered. */
export function readFocus(inputs: Inputs, colleagues: readonly Colleague[], today: string): Focus | Refusal {
  const what = (inputs.what ?? '').replace(/\s+/g, ' ').trim();
  const weeks = WEEKS.find((one) => String(one) === inputs.when);
  const who = colleagues.find(({ id }) => id === inputs.who);
  if (what === '') return refuse('no-focus', 'Please say what will happen.');
  if (what.length > LONGEST) return refuse('long-focus', `Please say it in ${LONGEST} characters.`);
  if (!who) return refuse('no-owner', 'Please choose who takes it on.');
  if (!weeks) return refuse('no-day', 'Please choose by when.');
  return { title: what, ownerId: who.id, due: fridayAfter(today, weeks) };
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
