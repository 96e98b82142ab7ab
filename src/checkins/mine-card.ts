/** What a person gets for the words "my check-ins": theirs to answer, theirs to read, and what is with somebody else. Pure. */
import { button, type Card, card, type Element, line, said, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { shorten } from '../kernel/text.ts';
import type { Checkin } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import type { Waiting } from './summary.ts';
import { whoSeesLine } from './who-sees.ts';
import { titleOf } from './words.ts';

export type Mine = {
  readonly own: readonly { readonly checkin: Checkin; readonly milestone: Milestone }[];
  /** Of colleagues who asked this person to answer in their place. */
  readonly inPlace?: readonly {
    readonly checkin: Checkin;
    readonly milestone: Milestone;
    readonly owner: string;
  }[];
  /** Check-ins of others that this person is asked to read. */
  readonly toRead: readonly Waiting[];
};

const MOST_BUTTONS = 4;

/** Undefined when nothing waits. */
export function mineCard({ own, toRead, inPlace = [] }: Mine): Card | undefined {
  const open = own.filter(({ checkin }) => checkin.state === 'open' || checkin.state === 'returned');
  const sent = own.filter(({ checkin }) => checkin.state === 'submitted');
  const lent = inPlace.filter(({ checkin }) => checkin.state === 'open' || checkin.state === 'returned');
  if (open.length + sent.length + toRead.length + lent.length === 0) return undefined;
  const body: Element[] = [title('Your check-ins')];
  for (const { checkin, milestone } of open) {
    body.push(
      line(
        `To answer: ${titleOf(milestone)}${checkin.state === 'returned' ? ' (came back with a comment)' : ''}`,
      ),
    );
  }
  for (const { milestone, owner } of lent)
    body.push(line(`To answer for ${said(owner)}: ${titleOf(milestone)}`));
  for (const waiting of toRead.slice(0, MOST_BUTTONS))
    body.push(line(`To read: ${titleOf(waiting.milestone)}`));
  if (sent.length > 0)
    body.push(line(`Sent, with your manager: ${sent.map(({ milestone }) => titleOf(milestone)).join('; ')}`));
  body.push(whoSeesLine('list', { owner: '', reviewer: '' }));
  const buttons = [
    ...open.map(({ checkin, milestone }) => ({ checkin, label: `Answer: ${shorten(milestone.title, 30)}` })),
    ...lent.map(({ checkin, milestone }) => ({
      checkin,
      label: `Answer: ${shorten(milestone.title, 30)}`,
    })),
    ...toRead.map((waiting) => ({
      checkin: { id: waiting.checkinId, version: waiting.version },
      label: `Read: ${shorten(waiting.milestone.title, 30)}`,
    })),
  ].slice(0, MOST_BUTTONS);
  return card({
    summary: 'Your check-ins',
    body,
    actions: buttons.map(({ checkin, label }, index) =>
      button(label, envelope('checkins.show', checkin.id, checkin.version), { primary: index === 0 }),
    ),
  });
}
