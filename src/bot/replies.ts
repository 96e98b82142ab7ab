/** Use cases' answers as Teams activities and invoke answers. Pure; the only writer of Teams' outgoing field names here. */
import type { Card } from '../cards/elements.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { assertNever } from '../kernel/errors.ts';
import { shorten } from '../kernel/text.ts';

export type OutgoingActivity = {
  readonly type: 'message';
  readonly text?: string;
  readonly textFormat?: 'markdown' | 'plain';
  readonly summary?: string;
  readonly attachments?: readonly unknown[];
  readonly entities?: readonly unknown[];
  readonly channelData?: Readonly<Record<string, unknown>>;
  readonly suggestedActions?: unknown;
};

const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

/** Teams' limits on citations: 20 a message, name 80 and abstract 160 characters; over them the message is refused (400). */
const CITATIONS = 20;
const NAME_LENGTH = 80;
const ABSTRACT_LENGTH = 160;

export function cardActivity(card: Card): OutgoingActivity {
  return {
    type: 'message',
    summary: card.summary,
    attachments: [{ contentType: CARD_TYPE, content: card.content }],
  };
}

export function textActivity(text: string): OutgoingActivity {
  return { type: 'message', text, textFormat: 'markdown' };
}

/** A reply as one activity. `to` is the person who may press the suggestions. */
export function replyActivity(reply: MessageReply, to: string): OutgoingActivity {
  const suggestions = (reply.suggestions ?? []).slice(0, 3);
  const entity = messageEntity(reply);
  return {
    ...(reply.card ? cardActivity(reply.card) : { type: 'message' }),
    ...(reply.text ? { text: reply.text, textFormat: 'markdown' } : {}),
    ...(entity ? { entities: [entity] } : {}),
    ...(reply.feedback ? { channelData: { feedbackLoop: { type: 'default' } } } : {}),
    ...(suggestions.length > 0
      ? {
          suggestedActions: {
            to: [to],
            actions: suggestions.map((text) => ({ type: 'imBack', title: text, value: text })),
          },
        }
      : {}),
  };
}

/** The one root entity a message may have: citations, and the AI label only when a model wrote the words. */
function messageEntity(reply: MessageReply): unknown {
  const citations = (reply.citations ?? []).slice(0, CITATIONS).map((citation) => ({
    '@type': 'Claim',
    position: citation.position,
    appearance: {
      '@type': 'DigitalDocument',
      name: shorten(citation.name, NAME_LENGTH),
      abstract: shorten(citation.abstract, ABSTRACT_LENGTH),
      ...(citation.url ? { url: citation.url } : {}),
    },
  }));
  if (citations.length === 0 && !reply.byModel) return undefined;
  return {
    type: 'https://schema.org/Message',
    '@type': 'Message',
    '@context': 'https://schema.org',
    ...(reply.byModel ? { additionalType: ['AIGeneratedContent'] } : {}),
    ...(citations.length > 0 ? { citation: citations } : {}),
  };
}

/** The body of the answer to a card action (Universal Actions: `{statusCode, type, value}` inside HTTP 200). */
export function invokeBody(reply: CardReply): unknown {
  switch (reply.kind) {
    case 'card':
      return { statusCode: 200, type: CARD_TYPE, value: reply.card.content };
    case 'text':
      return messageBody(reply.text);
    case 'refusal':
      return messageBody(reply.message);
    default:
      return assertNever(reply);
  }
}

export function messageBody(text: string): unknown {
  return { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value: text };
}
