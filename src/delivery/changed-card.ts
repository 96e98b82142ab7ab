/** What a message looks like once an operator has taken it back, or put a word on it. Pure. */
import { type Card, card, type Element, line, said, title } from '../cards/elements.ts';
import { shorten } from '../kernel/text.ts';

/** Longer words belong into a message of their own. */
export const CHANGE_LENGTH = 300;
const NOTE = 'run-note';

/** `why`: in an operator's words; may be empty. */
export function takenBackCard(why: string): Card {
  const words = shorten(why.trim(), CHANGE_LENGTH);
  return card({
    summary: 'This message was taken back.',
    body: [
      title('This message was taken back.'),
      line('Please do not act on what it said.'),
      ...(words ? [line(said(words))] : []),
    ],
  });
}

/** The same card with a word from whoever runs Waymark before all else; a later word replaces it. */
export function withNote(base: Card, note: string): Card {
  const words = said(shorten(note.trim(), CHANGE_LENGTH));
  const body = (base.content.body as Element[]).filter(({ id }) => id !== NOTE);
  const first = line(words, { id: NOTE, colour: 'Accent' });
  const text = `${words}\n${base.text}`;
  return { ...base, text, content: { ...base.content, body: [first, ...body], fallbackText: text } };
}
