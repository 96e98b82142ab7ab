/**
 * "Who sees this?" on the cards of a check-in: a line or two that are true of what is on the card. The words go to the owner and
 * whoever reads for them; once approved to leaders, and to governors when a term report is released. Pure.
 */
import { type Element, said } from '../cards/elements.ts';
import { whoSees } from '../cards/who-sees.ts';
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

/** `also`: a second reader, to whom a long wait has taken it. */
export function whoSeesLine(seen: Seen, names: Names, also?: string): Element {
  const reader = also === undefined ? said(names.reviewer) : `${said(names.reviewer)} and ${said(also)}`;
  return whoSees(WORDS[seen](said(names.owner), reader, leadersOf(names)));
}

const WORDS: Readonly<Record<Seen, (owner: string, reader: string, leaders: string) => string>> = {
  asked: (_owner, reader, leaders) => `${reader} first; once approved, ${leaders}. Please don't name pupils.`,
  sent: (owner, reader, leaders) => `Only ${owner} and ${reader} now; once approved, ${leaders}.`,
  returned: (owner, reader) => `Only ${owner} and ${reader}.`,
  approved: (owner, reader, leaders) => `${owner}, ${reader}, ${leaders}.`,
  bare: (owner, reader) => `${owner} and ${reader}.`,
  former: (owner, reader) => `You see only this; the words are for ${owner} and ${reader}.`,
  help: (owner, reader) => `Only ${owner} and ${reader}. It is counted nowhere.`,
  list: () => 'Only you see this list. Each owner sees what becomes of their own.',
  channel: (owner, reader, leaders) =>
    `All in this channel. What was said: ${owner} and ${reader}, and ${leaders} once approved.`,
  draft: (owner, reader, leaders) =>
    `Only you until it is sent. Then ${owner} and ${reader}; once approved, ${leaders}. Please don't name pupils.`,
};

function leadersOf({ beside }: Names): string {
  return beside ? `leaders, governors and ${said(beside)}` : 'leaders and governors';
}
