/**
 * The activity that carries a card. Its delivery's id is in it twice: in `channelData`, for the connector's side, and as the
 * id of an invisible element of the card, which Graph returns when the conversation is read; so that a message whose fate
 * is unknown can be found again. Pure.
 */
import type { Card, Element } from '../cards/elements.ts';

export type OutboundActivity = {
  readonly type: 'message';
  readonly summary: string;
  readonly attachments: readonly { readonly contentType: string; readonly content: unknown }[];
  readonly channelData: Readonly<Record<string, unknown>>;
};

const MARK = 'waymark-';

/** `urgent` also shows it in the person's activity feed. */
export function activityOf(deliveryId: string, card: Card, urgent: boolean): OutboundActivity {
  const body = Array.isArray(card.content.body) ? (card.content.body as Element[]) : [];
  const mark: Element = { type: 'TextBlock', id: `${MARK}${deliveryId}`, text: ' ', isVisible: false };
  return {
    type: 'message',
    summary: card.summary,
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        content: { ...card.content, body: [...body, mark] },
      },
    ],
    channelData: { waymark: { delivery: deliveryId }, ...(urgent ? { notification: { alert: true } } : {}) },
  };
}

/** The delivery that a message carries, from its activity or from Graph's copy of it as text. */
export function markIn(text: string): string | undefined {
  return /waymark-(dlv_[0-9a-f]+)/.exec(text)?.[1];
}
