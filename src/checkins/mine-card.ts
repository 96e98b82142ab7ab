/** What a person gets for the words "my work": theirs to answer, theirs to read and why, and what is with somebody else. Pure. */
import { button, type Card, card, line, said, say, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { numberInWords, shorten } from '../kernel/text.ts';
import type { Checkin } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import { whoSeesLine } from './who-sees.ts';

/** A check-in with its milestone; `owner` is a given name. */
export type Work = { readonly checkin: Checkin; readonly milestone: Milestone; readonly owner: string };

/** `insteadOf`: in whose place it is read; `hasWaited`: it came to this reader because it waited long. */
export type ToRead = Work & { readonly insteadOf?: string; readonly hasWaited?: true };

export type Mine = {
  readonly own: readonly Work[];
  /** Of colleagues who asked this person to answer in their place. */
  readonly inPlace?: readonly Work[];
  /** Of others, submitted, for this person to read. */
  readonly toRead: readonly ToRead[];
};

/** Lines of what is to do; more are counted. */
const SHOWN = 4;
const MOST_BUTTONS = 4;
const TITLE_LENGTH = 42;

/** Undefined when nothing waits. */
export function mineCard({ own, toRead, inPlace = [] }: Mine): Card | undefined {
  const todo = [
    ...own
      .filter(isOpen)
      .map((work) => ({ work, says: `To answer: ${titleIn(work)}${cameBack(work)}`, does: 'Answer' })),
    ...own
      .filter(isAsked)
      .map((work) => ({ work, says: `A question for you: ${titleIn(work)}`, does: 'Answer' })),
    ...inPlace
      .filter(isOpen)
      .map((work) => ({ work, says: `To answer for ${said(work.owner)}: ${titleIn(work)}`, does: 'Answer' })),
    ...toRead.map((work) => ({
      work,
      says: `${readInWords(work)}: ${titleIn(work)} (${said(work.owner)})`,
      does: 'Read',
    })),
  ];
  const sent = own.filter((work) => work.checkin.state === 'submitted' && !isAsked(work));
  if (todo.length + sent.length === 0) return undefined;
  const over = todo.length - SHOWN;
  const all = toRead.length > 1;
  return card({
    summary: 'Your check-ins',
    body: [
      title('Your check-ins'),
      ...todo.slice(0, SHOWN).map(({ says }) => line(says)),
      ...(over > 0 ? [line(`And ${numberInWords(over)} more.`)] : []),
      ...(sent.length > 0 ? [line(sentInWords(sent, todo.length < SHOWN))] : []),
      whoSeesLine('list', { owner: '', reviewer: '' }),
    ],
    actions: [
      ...[...todo, ...sent.map((work) => ({ work, does: 'See or change' }))]
        .slice(0, all ? MOST_BUTTONS - 1 : MOST_BUTTONS)
        .map(({ work: { checkin, milestone }, does }, index) =>
          button(
            `${does}: ${shorten(milestone.title, 30)}`,
            envelope('checkins.show', checkin.id, checkin.version),
            {
              primary: index === 0 && todo.length > 0,
            },
          ),
        ),
      ...(all ? [say('All I can read', 'my approvals')] : []),
    ],
  });
}

function isOpen({ checkin: { state } }: Work): boolean {
  return state === 'open' || state === 'returned';
}

/** Its reader has asked something, and the owner has not answered. */
function isAsked({ checkin: { state, question, reply } }: Work): boolean {
  return state === 'submitted' && question !== undefined && reply === undefined;
}

function cameBack({ checkin: { state } }: Work): string {
  return state === 'returned' ? ' (came back)' : '';
}

function readInWords({ insteadOf, hasWaited }: ToRead): string {
  if (hasWaited) return 'To read, as it has waited';
  return insteadOf === undefined ? 'To read' : `To read for ${said(insteadOf)}`;
}

function sentInWords(sent: readonly Work[], hasRoom: boolean): string {
  const [only, second] = sent;
  return `Sent, and not read yet: ${only && !second && hasRoom ? titleIn(only) : numberInWords(sent.length)}`;
}

function titleIn({ milestone }: Work): string {
  return said(shorten(milestone.title, TITLE_LENGTH));
}
