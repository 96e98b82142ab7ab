/**
 * An answer that a turn could not wait for, as the card that the ledger sends: the same words with their sources, what is
 * long behind a button, and the same ways to open the passages. Pure. Feedback is not asked for again.
 */
import {
  type Action,
  type Card,
  card,
  type Element,
  hidden,
  line,
  link,
  more,
  title,
} from '../cards/elements.ts';
import type { MessageReply } from '../cards/reply.ts';
import { MAX_BUTTONS, MAX_LINES, MAX_WORDS } from '../cards/size.ts';
import { countWords } from '../kernel/text.ts';

const TITLE = 'Here is the answer that took longer';
const REST = 'rest';

/** A reply that is only a card goes as it is; words become a card, for nothing else leaves unasked. */
export function lateCard(reply: MessageReply): Card {
  if (!reply.text && reply.card) return reply.card;
  const lines = (reply.text ?? '').split('\n').filter((text) => text.trim());
  const shown = howManyFit(lines);
  const rest = lines.slice(shown);
  return card({
    summary: 'Your answer from Waymark is ready',
    body: [
      title(TITLE),
      ...lines.slice(0, shown).map((text) => line(text)),
      ...(rest.length > 0
        ? [
            hidden(
              REST,
              rest.map((text) => line(text)),
            ),
          ]
        : []),
      ...hiddenIn(reply),
    ],
    actions: [...(rest.length > 0 ? [more('Read it all', REST)] : []), ...waysIn(reply)].slice(
      0,
      MAX_BUTTONS,
    ),
  });
}

/** As many whole lines as a card may show before "more", at least one. */
function howManyFit(lines: readonly string[]): number {
  let words = countWords(TITLE);
  const over = lines.findIndex((text, index) => {
    words += countWords(text);
    return words > MAX_WORDS || index + 2 > MAX_LINES;
  });
  return over === -1 ? lines.length : Math.max(1, over);
}

/** What the reply's own card shows only on a press: its buttons come with it. */
function hiddenIn(reply: MessageReply): Element[] {
  const body = reply.card?.content.body;
  return Array.isArray(body) ? (body as Element[]).filter(({ isVisible }) => isVisible === false) : [];
}

/** Links to the documents, and the buttons of those that have none. */
function waysIn(reply: MessageReply): Action[] {
  const links = (reply.citations ?? []).flatMap(({ position, url }) =>
    url ? [link(`Open source ${position}`, url)] : [],
  );
  const actions = reply.card?.content.actions;
  return [...links, ...(Array.isArray(actions) ? (actions as Action[]) : [])];
}
