/**
 * "Who sees this?" on the cards of a check-in: a line or two that are true of what is on the card. The words go to the owner and
 * whoever reads for them; once approved to leaders, and to governors when a term report is released. Pure.
 */
import { type Element, said } from '../cards/elements.ts';
import { whoSees } from '../cards/who-sees.ts';
import { listInWords } from '../kernel/text.ts';
import type { Names } from './ask-card.ts';

/** What is on the card: a question; an answer that is not approved; one that is; that a check-in is with somebody; and so on. */
export type Seen =
  | 'asked'
  | 'sent'
  | 'returned'
  | 'approved'
  | 'bare'
  | 'former'
  | 'help'
  | 'list'
  | 'channel'
  | 'draft';

/** Lists in words. `both`: its owner and its readers; `leaders`: who sees it once it is approved; `all`: both of these. */
type Who = {
  readonly readers: string;
  readonly both: string;
  readonly leaders: string;
  readonly all: string;
};

/** `also`: a second reader, to whom a long wait has taken it. */
export function whoSeesLine(seen: Seen, names: Names, also?: string): Element {
  const owner = said(names.owner);
  const readers = [names.reviewer, ...(also === undefined ? [] : [also])].map(said);
  const leaders = ['leaders', 'governors', ...(names.beside ? [said(names.beside)] : [])];
  const who: Who = {
    readers: listInWords(readers),
    both: listInWords([owner, ...readers]),
    all: listInWords([owner, ...readers, ...leaders]),
    leaders: listInWords(leaders),
  };
  return whoSees(WORDS[seen](who));
}

const WORDS: Readonly<Record<Seen, (who: Who) => string>> = {
  asked: ({ readers, leaders }) => `${readers} first; once approved, ${leaders}. Please don't name pupils.`,
  sent: ({ both, leaders }) => `Only ${both} now; once approved, ${leaders}.`,
  returned: ({ both }) => `Only ${both}.`,
  approved: ({ all }) => `${all}.`,
  bare: ({ both }) => `${both}.`,
  former: ({ both }) => `You see only this; the words are for ${both}.`,
  help: ({ both }) => `Only ${both}. It is counted nowhere.`,
  list: () => 'Only you see this list. Each owner sees what becomes of their own.',
  channel: ({ both, leaders }) =>
    `All in this channel. What was said: ${both}, and ${leaders} once approved.`,
  draft: ({ both, leaders }) =>
    `Only you until it is sent. Then ${both}; once approved, ${leaders}. Please don't name pupils.`,
};
