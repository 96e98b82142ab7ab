/**
 * What a person may choose about their own check-ins, and the card for it. Nobody asks why, and nobody else is told. Pure: the
 * service keeps the choices, and `reminders.ts` heeds them.
 */
import { button, type Card, card, choiceInput, line, said, title } from '../cards/elements.ts';
import { envelope, type Inputs } from '../cards/envelope.ts';
import { addDays, dateInWords } from '../kernel/time.ts';
import type { Rhythm } from './reminders.ts';

/** `pausedUntil`: the first day on which they are asked again. */
export type Choices = Pick<Rhythm, 'pausedUntil' | 'unreminded'>;

/** The value, the words and the days from today of each choice; any other value changes nothing. */
const PAUSES: readonly (readonly [value: string, says: string, days: number])[] = [
  ['none', 'No pause', 0],
  ['week', 'For a week', 7],
  ['fortnight', 'For two weeks', 14],
  ['month', 'For four weeks', 28],
];

export const SAVE_SETTINGS = 'checkins.settings';

/** The choices that the card's fields make; what is not on the card changes nothing. */
export function choicesFrom(inputs: Inputs, before: Choices, today: string): Choices {
  const pause = PAUSES.find(([value]) => value === inputs.pause);
  const pausedUntil = pause
    ? pause[2] === 0
      ? undefined
      : addDays(today, pause[2])
    : stillPaused(before, today);
  const unreminded =
    inputs.reminders === 'none' || (inputs.reminders !== 'two' && before.unreminded === true);
  return {
    ...(pausedUntil === undefined ? {} : { pausedUntil }),
    ...(unreminded ? { unreminded: true as const } : {}),
  };
}

export function settingsCard(view: {
  readonly name: string;
  readonly choices: Choices;
  readonly today: string;
  readonly notice?: string;
}): Card {
  const { name, choices, today, notice } = view;
  const until = stillPaused(choices, today);
  return card({
    summary: 'Your settings for check-ins.',
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title(`Your settings, ${said(name)}`),
      line(
        until
          ? `Check-ins are paused. I will ask again from ${dateInWords(until)}.`
          : 'Check-ins come on your working days.',
      ),
      choiceInput('pause', {
        label: until ? 'Change the pause' : 'Pause check-ins',
        choices: [
          ...(until ? [['keep', `Until ${dateInWords(until)}`] as const] : []),
          ...PAUSES.map(([value, says]) => [value, says] as const),
        ],
        value: until ? 'keep' : 'none',
      }),
      choiceInput('reminders', {
        label: 'Reminders after an ask',
        choices: [
          ['two', 'Up to two'],
          ['none', 'None'],
        ],
        value: choices.unreminded ? 'none' : 'two',
      }),
      line('Who sees this? Only you. Nobody asks why, and your manager is not told.', { subtle: true }),
    ],
    actions: [button('Save', envelope(SAVE_SETTINGS, 'mine'), { primary: true })],
  });
}

function stillPaused({ pausedUntil }: Choices, today: string): string | undefined {
  return pausedUntil !== undefined && pausedUntil > today ? pausedUntil : undefined;
}
