/** Use cases' answers as Teams activities and invoke answers. Pure; the only writer of Teams' outgoing field names here. */
import { type Card, card, line, say } from '../cards/elements.ts';
import type { CardReply, FileOffer, MessageReply, SavedFile } from '../cards/reply.ts';
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
};

const CARD_TYPE = 'application/vnd.microsoft.card.adaptive';

/** Teams' limits on citations: 20 a message, name 80 and abstract 160 characters; over them the message is refused (400). */
const CITATIONS = 20;
const NAME_LENGTH = 80;
const ABSTRACT_LENGTH = 160;

export function cardActivity(shown: Card): OutgoingActivity {
  return {
    type: 'message',
    summary: shown.summary,
    attachments: [{ contentType: CARD_TYPE, content: shown.content }],
  };
}

export function textActivity(text: string): OutgoingActivity {
  return { type: 'message', text, textFormat: 'markdown' };
}

/** Teams shows six buttons of a card; four keep it to one line of thought (voice rules). */
const BUTTONS = 4;
const BUTTON_LENGTH = 48;

/** A reply as one activity. */
export function replyActivity(reply: MessageReply): OutgoingActivity {
  const entity = messageEntity(reply);
  const shown = withSuggestions(reply);
  return {
    ...(shown ? cardActivity(shown) : { type: 'message' }),
    ...(reply.offers ? { attachments: reply.offers.map(consentCard) } : {}),
    ...(reply.saved ? { attachments: [fileCard(reply.saved)] } : {}),
    ...(reply.text ? { text: reply.text, textFormat: 'markdown' } : {}),
    ...(entity ? { entities: [entity] } : {}),
    ...(reply.feedback ? { channelData: { feedbackLoop: { type: 'default' } } } : {}),
  };
}

/** Teams' own card that asks for leave; `acceptContext` and `declineContext` come back with the answer. */
function consentCard({ name, description, bytes, context }: FileOffer): unknown {
  return {
    contentType: 'application/vnd.microsoft.teams.card.file.consent',
    name,
    content: { description, sizeInBytes: bytes, acceptContext: context, declineContext: context },
  };
}

function fileCard({ name, contentUrl, uniqueId, fileType }: SavedFile): unknown {
  return {
    contentType: 'application/vnd.microsoft.teams.card.file.info',
    contentUrl,
    name,
    content: { uniqueId, fileType },
  };
}

/**
 * Suggestions as buttons of the reply's card: they stay with their message. Teams' own suggested actions vanish with the
 * next message, do not show in channels, and make the Playground drop the text's lines and lists.
 */
function withSuggestions(reply: MessageReply): Card | undefined {
  const own = actionsOf(reply.card);
  const room = Math.max(0, BUTTONS - own.length);
  const more = (reply.suggestions ?? [])
    .slice(0, Math.min(3, room))
    .map((words) => say(shorten(words, BUTTON_LENGTH), words));
  if (more.length === 0) return reply.card;
  if (reply.card) return { ...reply.card, content: { ...reply.card.content, actions: [...own, ...more] } };
  return card({
    summary: 'An answer from Waymark',
    body: [line('You could ask next:', { subtle: true })],
    actions: more,
  });
}

function actionsOf(shown: Card | undefined): readonly unknown[] {
  const actions = shown?.content.actions;
  return Array.isArray(actions) ? actions : [];
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

const OPEN_AGAIN = 'Please open that again from your card, in the Teams app.';

/** What may be kept for a repeat, sent late, or put where a message stands: of a reply that is kept nowhere, only the way back. */
export function keepable(reply: CardReply): CardReply {
  if (reply.kind !== 'card' || !reply.unkept) return reply;
  return { kind: 'text', text: reply.unkept === true ? OPEN_AGAIN : reply.unkept };
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
