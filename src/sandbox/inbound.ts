/**
 * Speaks to a bot as Teams does: builds the activities of a message, a button, an installation, a membership change, an edit,
 * a deletion and a feedback press, and posts them to the bot's endpoint. Shapes: Microsoft Learn, "Bot activity handlers"
 * and "Universal Actions".
 */
import { AppError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';

/** Who speaks, and where. Without `channel` it is the person's own chat with the bot. */
export type Speaker = {
  readonly personId: string;
  readonly name?: string;
  readonly tenantId: string;
  readonly botId: string;
  readonly conversationId?: string;
  readonly channel?: { readonly teamId: string; readonly channelId: string; readonly threadId?: string };
};

export type Sent = { readonly activityId: string; readonly status: number; readonly body: unknown };
/** `token`: the bearer token to show; `extra`: fields that replace the activity's own. */
export type SendOptions = { readonly token?: string; readonly extra?: Readonly<Record<string, unknown>> };

export interface Inbound {
  /** Any activity: `fields` are added to the common ones. */
  sendActivity(
    from: Speaker,
    fields: Readonly<Record<string, unknown>>,
    options?: SendOptions,
  ): Promise<Sent>;
  /** In a channel, `mention: false` leaves the bot's name out. */
  sendMessage(
    from: Speaker,
    text: string,
    options?: SendOptions & { readonly mention?: boolean },
  ): Promise<Sent>;
  /** Action.Execute: an invoke `adaptiveCard/action`, answered with the new card. */
  pressButton(from: Speaker, action: ButtonPress, options?: SendOptions): Promise<Sent>;
  /** Action.Submit: a message without text, with a value. */
  submitCard(from: Speaker, value: unknown, replyTo?: string, options?: SendOptions): Promise<Sent>;
  install(from: Speaker, options?: SendOptions): Promise<Sent>;
  uninstall(from: Speaker, options?: SendOptions): Promise<Sent>;
  addMember(from: Speaker, memberId: string, options?: SendOptions): Promise<Sent>;
  editMessage(from: Speaker, activityId: string, text: string, options?: SendOptions): Promise<Sent>;
  deleteMessage(from: Speaker, activityId: string, options?: SendOptions): Promise<Sent>;
  /** The answer to a file that was offered: `fileConsent/invoke`. */
  answerOffer(from: Speaker, value: unknown, options?: SendOptions): Promise<Sent>;
  /** The feedback buttons below a message: `message/submitAction`. */
  giveFeedback(from: Speaker, feedback: Feedback, options?: SendOptions): Promise<Sent>;
}

export type ButtonPress = { readonly verb: string; readonly data: unknown; readonly replyTo?: string };
export type Feedback = {
  readonly replyTo: string;
  readonly reaction: 'like' | 'dislike';
  readonly words?: string;
};

export function conversationOf(from: Speaker): string {
  if (!from.channel) return from.conversationId ?? `a:chat-${from.personId}`;
  const { channelId, threadId } = from.channel;
  return threadId ? `${channelId};messageid=${threadId}` : channelId;
}

/** `serviceUrl`: where the bot answers; `botUrl`: where it listens; `installed` is told for whom the app is there from now on. */
export function createInbound(
  serviceUrl: string,
  botUrl?: string,
  installed: (personId: string, is: boolean) => void = () => undefined,
): Inbound {
  async function sendActivity(
    from: Speaker,
    fields: Readonly<Record<string, unknown>>,
    options: SendOptions = {},
  ): Promise<Sent> {
    if (!botUrl) {
      throw new AppError('no-bot', 'The stand-in connector does not know where the bot listens.', {
        remedy: 'Start it with botUrl, for example http://127.0.0.1:3978/api/messages.',
      });
    }
    const activity = { ...common(from, serviceUrl), ...fields, ...options.extra };
    if (!from.channel && !from.conversationId) installed(from.personId, fields.action !== 'remove');
    const response = await fetch(botUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.token ? { authorization: `Bearer ${options.token}` } : {}),
      },
      body: JSON.stringify(activity),
    });
    return {
      activityId: String(activity.id),
      status: response.status,
      body: parsed(await response.text()),
    };
  }

  const invoke = (from: Speaker, name: string, value: unknown, replyTo?: string, options?: SendOptions) =>
    sendActivity(from, { type: 'invoke', name, value, ...inReplyTo(replyTo) }, options);

  return {
    sendActivity,
    sendMessage: (from, text, options = {}) =>
      sendActivity(
        from,
        from.channel && options.mention !== false ? mentioning(from, text) : plain(text),
        options,
      ),
    pressButton: (from, press, options) => sendActivity(from, pressFields(press), options),
    submitCard: (from, value, replyTo, options) =>
      sendActivity(from, { type: 'message', value, ...inReplyTo(replyTo) }, options),
    install: (from, options) => sendActivity(from, { type: 'installationUpdate', action: 'add' }, options),
    uninstall: (from, options) =>
      sendActivity(from, { type: 'installationUpdate', action: 'remove' }, options),
    addMember: (from, memberId, options) =>
      sendActivity(from, { type: 'conversationUpdate', membersAdded: [{ id: memberId }] }, options),
    editMessage: (from, id, text, options) =>
      sendActivity(
        from,
        { ...plain(text), ...change(from, 'editMessage'), type: 'messageUpdate', id },
        options,
      ),
    deleteMessage: (from, id, options) =>
      sendActivity(from, { ...change(from, 'softDeleteMessage'), type: 'messageDelete', id }, options),
    answerOffer: (from, value, options) => invoke(from, 'fileConsent/invoke', value, undefined, options),
    giveFeedback: (from, { replyTo, reaction, words = '' }, options) => {
      const actionValue = { reaction, feedback: JSON.stringify({ feedbackText: words }) };
      return invoke(from, 'message/submitAction', { actionName: 'feedback', actionValue }, replyTo, options);
    },
  };
}

function pressFields({ verb, data, replyTo }: ButtonPress): Record<string, unknown> {
  const action = { type: 'Action.Execute', verb, data };
  const value = { action, trigger: 'manual' };
  return { type: 'invoke', name: 'adaptiveCard/action', value, ...inReplyTo(replyTo) };
}

/** The whole activity of a press, for whoever posts it by other means. */
export function activityOfPress(
  from: Speaker,
  press: ButtonPress,
  serviceUrl: string,
): Record<string, unknown> {
  return { ...common(from, serviceUrl), ...pressFields(press) };
}

function plain(text: string): Record<string, unknown> {
  return { type: 'message', textFormat: 'plain', text };
}

function mentioning(from: Speaker, text: string): Record<string, unknown> {
  const mentioned = { id: `28:${from.botId}`, name: 'Waymark' };
  const at = '<at>Waymark</at>';
  return { ...plain(`${at} ${text}`), entities: [{ type: 'mention', text: at, mentioned }] };
}

function inReplyTo(activityId: string | undefined): Record<string, unknown> {
  return activityId ? { replyToId: activityId } : {};
}

function common(from: Speaker, serviceUrl: string): Record<string, unknown> {
  return {
    id: newId('in'),
    channelId: 'msteams',
    serviceUrl,
    timestamp: '2026-11-23T07:30:00.000Z',
    from: { id: `29:${from.personId}`, aadObjectId: from.personId, name: from.name ?? 'A colleague' },
    recipient: { id: `28:${from.botId}`, name: 'Waymark' },
    conversation: {
      id: conversationOf(from),
      conversationType: from.channel ? 'channel' : 'personal',
      isGroup: Boolean(from.channel),
      tenantId: from.tenantId,
    },
    channelData: channelData(from),
    locale: 'en-GB',
  };
}

function channelData(from: Speaker): Record<string, unknown> {
  const tenant = { id: from.tenantId };
  if (!from.channel) return { tenant };
  const { teamId, channelId } = from.channel;
  return {
    tenant,
    team: { id: channelId, aadGroupId: teamId },
    channel: { id: channelId },
    teamsChannelId: channelId,
  };
}

function change(from: Speaker, eventType: string): Record<string, unknown> {
  return { channelData: { ...channelData(from), eventType } };
}

function parsed(text: string): unknown {
  if (!text) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
