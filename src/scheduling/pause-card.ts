/** What operators see of pauses, with one button to end each and one to begin another. Pure. */
import { button, type Card, card, choiceInput, line, said, textInput, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { dateInWords, dateOf, timeOf } from '../kernel/time.ts';
import { type Pause, REASON_LENGTH, scopeKey } from './pauses.ts';

export type PauseView = {
  readonly pauses: readonly Pause[];
  readonly zone: string;
  /** What a pause stops, in words; who began it, by name. */
  readonly words: (scope: Pause['scope']) => string;
  readonly nameOf: (by: string) => string;
  /** What may be paused: the key of its scope, and its words. */
  readonly choices: readonly (readonly [key: string, words: string])[];
  /** What was just done, in a sentence. */
  readonly done?: string;
};

/** An input's value is short and plain; a scope's key has a colon. */
export function choiceOf(key: string): string {
  return key.replace(/[:.]/g, (sign) => (sign === ':' ? '--' : '---'));
}

export function keyOf(choice: string): string {
  return choice.replaceAll('---', '.').replaceAll('--', ':');
}

export function pauseCard(view: PauseView): Card {
  const { pauses, choices, done } = view;
  const first = done ?? (pauses.length === 0 ? 'Nothing is paused. What is scheduled goes out.' : undefined);
  return card({
    summary:
      pauses.length === 0
        ? 'Nothing is paused'
        : `Paused: ${pauses.map(({ scope }) => view.words(scope)).join(', ')}`,
    body: [
      title('Pauses'),
      ...(first ? [line(said(first))] : []),
      ...pauses
        .slice(0, MOST_SHOWN)
        .map((pause) => line(`**${said(view.words(pause.scope))}** is paused ${since(pause, view)}`)),
      ...(choices.length > 0
        ? [
            choiceInput('scope', {
              label: 'What to pause',
              choices: choices.map(([key, words]) => [choiceOf(key), words]),
            }),
            textInput('reason', { label: 'Why (it stands in the report)', limit: REASON_LENGTH }),
            line('What falls due in a pause is not sent afterwards. Answers and approvals still go out.', {
              subtle: true,
            }),
          ]
        : []),
    ],
    actions: [
      ...pauses.slice(0, MOST_BUTTONS).map(({ scope }) =>
        button(`Resume ${view.words(scope)}`, envelope('operations.resume', scopeKey(scope)), {
          withoutInputs: true,
        }),
      ),
      ...(choices.length > 0 ? [button('Pause', envelope('operations.pause', 'chosen'))] : []),
    ],
  });
}

/** A card has four buttons; one is for a new pause. `pauses` at the command line has all. */
const MOST_BUTTONS = 3;
const MOST_SHOWN = 4;

function since({ since: begun, by, reason }: Pause, { zone, nameOf }: PauseView): string {
  const when = `since ${dateInWords(dateOf(begun, zone))}, ${timeOf(begun, zone)}, by ${said(nameOf(by))}`;
  return reason ? `${when}: ${said(reason)}` : `${when}.`;
}
