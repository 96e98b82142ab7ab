/**
 * The card that shows somebody their own reply as a check-in, in their own chat, before anything is sent. Also what stands
 * there afterwards, and what is shown where words looked as if they named a pupil. Pure.
 */
import { button, type Card, card, container, line, said, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { ONLY_YOU, whoSees } from '../cards/who-sees.ts';
import { type AskView, formOf } from './ask-card.ts';
import { whoSeesLine } from './who-sees.ts';
import { possessive, titleOf } from './words.ts';

export type DraftView = AskView & {
  /** Names the draft; see `draftKey`. */
  readonly key: string;
  /** The author's given name; the owner's when it is their own check-in. */
  readonly author: string;
  readonly own: boolean;
};

export const SEND_DRAFT = 'checkins.send-draft';
export const DROP_DRAFT = 'checkins.drop-draft';
export type DraftVerb = typeof SEND_DRAFT | typeof DROP_DRAFT;

/** The message that shows a draft: whose check-in, whose reply, which. It names the delivery, and is what its buttons carry. */
export type DraftName = {
  readonly checkinId: string;
  readonly authorId: string;
  readonly messageId: string;
};

export function draftKey({ checkinId, authorId, messageId }: DraftName): string {
  return `reply/${checkinId}/${authorId}/${messageId}`;
}

export function readDraftKey(key: string): DraftName | undefined {
  const [, checkinId, authorId, messageId] = /^reply\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(key) ?? [];
  return checkinId && authorId && messageId ? { checkinId, authorId, messageId } : undefined;
}

export function draftCard(view: DraftView): Card {
  const { key, checkin, milestone, names, author, own, notice } = view;
  const press = (label: string, verb: string, primary: boolean) =>
    button(label, envelope(verb, key, checkin.version), { primary, withoutInputs: !primary });
  return card({
    summary: 'Your reply is ready to be sent as a check-in.',
    body: [
      ...(notice ? [line(notice, { colour: 'Accent' })] : []),
      title(`${said(author)}, shall this be the check-in?`),
      line(titleOf(milestone)),
      line(
        `From your reply in the channel${own ? '' : `, for ${said(names.owner)}`}. ${checkin.state === 'submitted' ? 'It has not been sent; what was sent before stands until you send this.' : 'Nothing has been sent yet.'}`,
      ),
      whoSeesLine('draft', names),
      container(formOf(view, undefined)),
    ],
    actions: [press('Send it', SEND_DRAFT, true), press('Not a check-in', DROP_DRAFT, false)],
  });
}

/** For an author who is not the owner: the check-in itself is the owner's to see. */
export function sentForCard(view: Pick<DraftView, 'author' | 'names' | 'milestone'>): Card {
  return card({
    summary: 'The check-in is on its way to be read.',
    body: [
      title(`Thank you, ${said(view.author)}. Sent to ${said(view.names.reviewer)}.`),
      line(titleOf(view.milestone)),
      line(`It stands as ${possessive(view.names.owner)} check-in, with your name in its history.`, {
        subtle: true,
      }),
      whoSeesLine('sent', view.names),
    ],
  });
}

export function droppedCard(): Card {
  return endedCard('Nothing was sent.', 'Your reply stays in the channel as it is.');
}

export function takenBackCard(): Card {
  return endedCard('You took that reply back, so its draft is gone.', 'Nothing was sent.');
}

/** After its author sent one, whatever they do in the channel to the reply that it was made of. */
export function sentStaysCard(): Card {
  return endedCard(
    'The check-in that you sent stays as it is.',
    'What you take back or change in the channel does not undo it. Type "my check-ins" to see yours.',
  );
}

export function movedOnCard(): Card {
  return endedCard(
    'That check-in has moved on.',
    'Nothing was changed. Type "my check-ins" to see where it stands.',
  );
}

function endedCard(heading: string, more: string): Card {
  return card({ summary: heading, body: [title(heading), line(more), whoSees(ONLY_YOU)] });
}

/** `lead`: who takes every worry about a child at the author's school. */
export function pupilNamedCard(lead: { readonly name: string; readonly phone: string }): Card {
  return card({
    summary: 'Your reply was held back. Open to see why.',
    body: [
      title('I have not made a check-in of your reply'),
      line('It looks as if it names a pupil. I have not kept it or sent it on.'),
      line('It still shows in the channel, where you can delete it and write it without the name.'),
      line(`A worry about a child? Speak to **${said(lead.name)}, ${said(lead.phone)}**, not in writing.`),
      line('Nobody named? Type "my check-ins" and write it in other words.', { subtle: true }),
      whoSees(`${ONLY_YOU} Nobody is told that you got it.`),
    ],
  });
}
