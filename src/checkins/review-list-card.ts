/**
 * A manager's waiting reviews as one card: what can be approved at once, what is worth a read and why. Pure; the same card is
 * brought up to date in place as reviews come and go.
 */
import { button, type Card, card, type Element, hidden, line, more, said, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { capital, listInWords, numberInWords, shorten } from '../kernel/text.ts';
import { itemsFor, MOST_AT_ONCE, reasonToRead, type Waiter } from './bulk.ts';
import { whoSeesLine } from './who-sees.ts';
import { titleOf } from './words.ts';

/** A list of many names nobody. */
const NOBODY = { owner: '', reviewer: '' };
const NAMED = 6;
const READ_BUTTONS = 2;
const SHOWN = 3;

/** `notice`: what a press has just done; `failures`: each that it left, by name. */
export type ReviewList = {
  readonly reader: string;
  readonly waiting: readonly Waiter[];
  readonly notice?: string | undefined;
  readonly failures?: readonly string[];
};

export function reviewListCard(list: ReviewList): Card {
  const { waiting, notice, failures = [] } = list;
  if (waiting.length === 0) return allReadCard(list);
  const ready = waiting.filter((waiter) => reasonToRead(waiter) === undefined);
  const rest = waiting.filter((waiter) => reasonToRead(waiter) !== undefined);
  const minutes = Math.max(1, Math.round((ready.length * 10 + rest.length * 45) / 60));
  return card({
    summary: `${capital(numberInWords(waiting.length))} check-ins are ready for you to read.`,
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      ...failures.slice(0, SHOWN).map((failure) => line(failure)),
      title(`${said(list.reader)}, ${waitingInWords(waiting.length)}. About ${timeInWords(minutes)}.`),
      ...(ready.length > 0
        ? [line(`Ready to approve: ${numberInWords(ready.length)}, on track (${namesOf(ready)}).`)]
        : []),
      ...(rest.length > 0 ? [line(`Worth a read: ${reasonsOf(rest)}.`)] : []),
      whoSeesLine('list', NOBODY),
      hidden('each', [...failures.slice(SHOWN).map((failure) => line(failure)), ...waiting.map(lineOf)]),
    ],
    actions: [
      ...(ready.length > 0 ? [approveAll(ready)] : []),
      ...(rest.length > 0 ? rest : waiting)
        .slice(0, READ_BUTTONS)
        .map(({ checkin, owner }) =>
          button(`Read ${shorten(owner, 20)}'s`, envelope('checkins.show', checkin.id, checkin.version)),
        ),
      more('See each one', 'each'),
    ],
  });
}

/** Without a name: it may stand where a former manager reads it. */
function allReadCard({ notice, failures = [] }: ReviewList): Card {
  return card({
    summary: 'Nothing waits for you to read.',
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      ...failures.slice(0, SHOWN).map((failure) => line(failure)),
      title('Thank you. Nothing here waits for you.'),
      line('All of it has been read, or is with someone else. A new card comes when somebody checks in.', {
        subtle: true,
      }),
      whoSeesLine('list', NOBODY),
      ...(failures.length > SHOWN
        ? [
            hidden(
              'each',
              failures.slice(SHOWN).map((failure) => line(failure)),
            ),
          ]
        : []),
    ],
    actions: failures.length > SHOWN ? [more('See each one', 'each')] : [],
  });
}

/** A button carries so many at most; the next press brings the others. */
function approveAll(ready: readonly Waiter[]) {
  const now = Math.min(ready.length, MOST_AT_ONCE);
  const label = `Approve ${numberInWords(now)} and say thanks`;
  const data = { ...envelope('checkins.approve-all', 'waiting'), ...itemsFor(ready) };
  return button(label, data, { primary: true, withoutInputs: true });
}

function lineOf(waiter: Waiter): Element {
  const why = reasonToRead(waiter);
  return line(`${said(waiter.owner)}: ${titleOf(waiter.milestone)}${why ? ` (${why})` : ''}`);
}

function namesOf(waiters: readonly Waiter[]): string {
  return limited(waiters.map(({ owner }) => said(owner)));
}

function reasonsOf(waiters: readonly Waiter[]): string {
  return limited(
    waiters.map((waiter) => `${said(waiter.owner)} (${reasonToRead(waiter) ?? ''})`),
    SHOWN,
  );
}

function limited(names: readonly string[], most = NAMED): string {
  const over = names.length - most;
  return listInWords(over > 0 ? [...names.slice(0, most), `${numberInWords(over)} more`] : names);
}

function waitingInWords(number: number): string {
  return number === 1 ? 'one check-in waits for you' : `${numberInWords(number)} check-ins wait for you`;
}

function timeInWords(minutes: number): string {
  return minutes === 1 ? 'a minute' : `${numberInWords(minutes)} minutes`;
}
