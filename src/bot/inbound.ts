/**
 * Turns an activity from Teams into what Waymark understands: who, where, and one of nine kinds of event. Pure. Nothing
 * after this file knows Teams' field names. The sender is the signed `from`, never anything inside a card's data.
 */
import { z } from 'zod/v4';
import type { FilePlace } from '../cards/reply.ts';
import { contentId } from '../kernel/ids.ts';
import { storable } from '../kernel/text.ts';

const Account = z.object({
  id: z.string().min(1),
  name: z.string().optional(),
  aadObjectId: z.string().optional(),
});

const ActivityShape = z.object({
  type: z.string().min(1),
  id: z.string().min(1).optional(),
  name: z.string().optional(),
  action: z.string().optional(),
  text: z.string().optional(),
  value: z.unknown().optional(),
  timestamp: z.union([z.string(), z.date()]).optional(),
  replyToId: z.string().optional(),
  serviceUrl: z.string().min(1),
  from: Account,
  recipient: Account,
  conversation: z.object({
    id: z.string().min(1),
    conversationType: z.string().optional(),
    tenantId: z.string().optional(),
    isGroup: z.boolean().optional(),
  }),
  membersAdded: z.array(Account).optional(),
  membersRemoved: z.array(Account).optional(),
  entities: z
    .array(z.looseObject({ type: z.string(), mentioned: Account.optional(), text: z.string().optional() }))
    .optional(),
  attachments: z
    .array(z.looseObject({ contentType: z.string().optional(), name: z.string().optional() }))
    .optional(),
  channelData: z
    .looseObject({
      tenant: z.looseObject({ id: z.string() }).optional(),
      team: z.looseObject({ id: z.string(), aadGroupId: z.string().optional() }).optional(),
      channel: z.looseObject({ id: z.string() }).optional(),
      eventType: z.string().optional(),
    })
    .optional(),
});
type ActivityShape = z.infer<typeof ActivityShape>;

export type Conversation = {
  readonly id: string;
  readonly kind: 'personal' | 'group' | 'channel';
  readonly serviceUrl: string;
  readonly botId: string;
  readonly tenantId: string;
  /** Graph's id of the team (its group), and the channel's, when the conversation is a channel. */
  readonly teamId?: string;
  readonly channelId?: string;
};

/** `name` as its sender calls it. */
export type AttachedFile = { readonly name: string; readonly url: string };

type Base = {
  /** The same for every repeat of one event, different for any other. Hashed: keys are kept, and a chat's id may name its person. */
  readonly key: string;
  readonly sender: { readonly userId: string; readonly personId?: string; readonly name: string };
  readonly conversation: Conversation;
};

export type Inbound = Base &
  (
    | { readonly kind: 'message'; readonly text: string; readonly addressed: boolean }
    | {
        readonly kind: 'edited';
        readonly text: string;
        readonly addressed: boolean;
        readonly original: string;
      }
    | { readonly kind: 'deleted'; readonly original: string }
    /** A file attached in the sender's own chat. Its address works without a token, for a short time. */
    | { readonly kind: 'file'; readonly text: string; readonly file: AttachedFile }
    | {
        readonly kind: 'command';
        readonly data: unknown;
        readonly invoke: boolean;
        readonly cardActivityId?: string;
      }
    | {
        readonly kind: 'feedback';
        readonly helpful: boolean;
        readonly reason: string;
        readonly replyId: string;
      }
    /** The answer to Teams' question whether a file may be saved. `context` is what the question carried. */
    | {
        readonly kind: 'consent';
        readonly accepted: boolean;
        readonly context: unknown;
        readonly place?: FilePlace;
      }
    | { readonly kind: 'installed' }
    | { readonly kind: 'uninstalled' }
    | { readonly kind: 'other'; readonly invoke: boolean }
  );

/** Made once: a schema is dear to make. */
const Readable = ActivityShape.omit({ serviceUrl: true });

/** Whether the gate may let it in, where it is answered aside: what cannot be read here, the SDK would answer 501. */
export function isReadable(value: unknown): boolean {
  return Readable.safeParse(value).success;
}

/** The event in an activity; undefined when it is not an activity at all. */
export function readActivity(value: unknown): Inbound | undefined {
  const parsed = ActivityShape.safeParse(value);
  if (!parsed.success) return undefined;
  const activity = parsed.data;
  const base: Base = {
    key: keyOf(activity),
    sender: senderOf(activity),
    conversation: conversationOf(activity),
  };
  return eventOf(activity, base);
}

/** The key under which a message was taken, so that its edit or deletion finds it. */
function messageKey(conversationId: string, activityId: string): string {
  return `${messageKeysOf(conversationId)}${contentId([activityId])}`;
}

/** What the keys of all messages of a conversation begin with. */
export function messageKeysOf(conversationId: string): string {
  return `message:${contentId([conversationId])}:`;
}

function keyOf(activity: ActivityShape): string {
  const id = activity.id ?? `${activity.from.id}@${String(activity.timestamp ?? '')}`;
  if (activity.type === 'message') return messageKey(activity.conversation.id, id);
  // An edit keeps the message's id: its time tells a second edit from a repeat of the first.
  const edition = activity.type === 'messageUpdate' ? String(activity.timestamp ?? '') : '';
  // Whoever sends another's button again must not be shown the answer that was kept for them.
  const sender = activity.type === 'invoke' ? (activity.from.aadObjectId ?? activity.from.id) : '';
  return `${activity.type}:${contentId([activity.name ?? '', activity.conversation.id, id, edition, sender])}`;
}

function senderOf(activity: ActivityShape): Base['sender'] {
  const { id, aadObjectId, name } = activity.from;
  return { userId: id, name: name ?? '', ...(aadObjectId ? { personId: aadObjectId.toLowerCase() } : {}) };
}

function kindOf(conversation: ActivityShape['conversation']): Conversation['kind'] {
  if (conversation.conversationType === 'channel') return 'channel';
  if (conversation.conversationType === 'groupChat') return 'group';
  return conversation.isGroup ? 'group' : 'personal';
}

function conversationOf(activity: ActivityShape): Conversation {
  const { conversation, channelData } = activity;
  const kind = kindOf(conversation);
  const teamId = channelData?.team?.aadGroupId;
  const channelId =
    kind === 'channel' ? (channelData?.channel?.id ?? conversation.id.split(';')[0]) : undefined;
  return {
    id: conversation.id,
    kind,
    serviceUrl: activity.serviceUrl,
    botId: activity.recipient.id,
    tenantId: conversation.tenantId ?? channelData?.tenant?.id ?? '',
    ...(teamId ? { teamId } : {}),
    ...(channelId ? { channelId } : {}),
  };
}

function eventOf(activity: ActivityShape, base: Base): Inbound {
  switch (activity.type) {
    case 'message':
      return messageOf(activity, base);
    case 'messageUpdate':
      return activity.channelData?.eventType === 'softDeleteMessage'
        ? deletedOf(activity, base)
        : {
            ...base,
            kind: 'edited',
            ...wordsOf(activity, base),
            original: messageKey(activity.conversation.id, activity.id ?? ''),
          };
    case 'messageDelete':
      return deletedOf(activity, base);
    case 'invoke':
      return invokeOf(activity, base);
    case 'installationUpdate':
      if (activity.action?.startsWith('add')) return { ...base, kind: 'installed' };
      if (activity.action?.startsWith('remove')) return { ...base, kind: 'uninstalled' };
      return { ...base, kind: 'other', invoke: false };
    case 'conversationUpdate': {
      const bot = activity.recipient.id;
      if (activity.membersAdded?.some((member) => member.id === bot)) return { ...base, kind: 'installed' };
      if (activity.membersRemoved?.some((member) => member.id === bot))
        return { ...base, kind: 'uninstalled' };
      return { ...base, kind: 'other', invoke: false };
    }
    default:
      return { ...base, kind: 'other', invoke: false };
  }
}

function messageOf(activity: ActivityShape, base: Base): Inbound {
  const words = wordsOf(activity, base);
  if (!words.text && typeof activity.value === 'object' && activity.value !== null) {
    return {
      ...base,
      kind: 'command',
      data: activity.value,
      invoke: false,
      ...(activity.replyToId ? { cardActivityId: activity.replyToId } : {}),
    };
  }
  const file = base.conversation.kind === 'personal' ? fileOf(activity) : undefined;
  return file ? { ...base, kind: 'file', text: words.text, file } : { ...base, kind: 'message', ...words };
}

/** Teams, "Send and receive files": only in a person's own chat with the bot, and only where the manifest says `supportsFiles`. */
const FileContent = z.object({ downloadUrl: z.string().min(1).max(4096) });
const FILE_TYPE = 'application/vnd.microsoft.teams.file.download.info';

function fileOf({ attachments }: ActivityShape): AttachedFile | undefined {
  const attached = attachments?.find(({ contentType }) => contentType === FILE_TYPE);
  const content = FileContent.safeParse(attached?.content);
  return attached && content.success
    ? { name: storable(attached.name ?? '').slice(0, 200), url: content.data.downloadUrl }
    : undefined;
}

function deletedOf(activity: ActivityShape, base: Base): Inbound {
  return { ...base, kind: 'deleted', original: messageKey(activity.conversation.id, activity.id ?? '') };
}

const ExecuteValue = z.object({ action: z.object({ data: z.unknown() }) });
const SubmitValue = z.object({
  actionName: z.literal('feedback'),
  actionValue: z.object({ reaction: z.enum(['like', 'dislike']), feedback: z.unknown().optional() }),
});

function invokeOf(activity: ActivityShape, base: Base): Inbound {
  if (activity.name === 'adaptiveCard/action') {
    const value = ExecuteValue.safeParse(activity.value);
    return {
      ...base,
      kind: 'command',
      data: value.success ? value.data.action.data : undefined,
      invoke: true,
      ...(activity.replyToId ? { cardActivityId: activity.replyToId } : {}),
    };
  }
  const consent = activity.name === 'fileConsent/invoke' ? ConsentValue.safeParse(activity.value) : undefined;
  if (consent?.success) {
    const { action, context, uploadInfo } = consent.data;
    return {
      ...base,
      kind: 'consent',
      accepted: action === 'accept',
      context,
      ...(uploadInfo ? { place: uploadInfo } : {}),
    };
  }
  const feedback =
    activity.name === 'message/submitAction' ? SubmitValue.safeParse(activity.value) : undefined;
  if (feedback?.success && activity.replyToId) {
    const { reaction, feedback: reason } = feedback.data.actionValue;
    return {
      ...base,
      kind: 'feedback',
      helpful: reaction === 'like',
      reason: storable(reasonOf(reason)),
      replyId: activity.replyToId,
    };
  }
  return { ...base, kind: 'other', invoke: true };
}

const ConsentValue = z.object({
  action: z.enum(['accept', 'decline']),
  context: z.unknown().optional(),
  uploadInfo: z
    .object({
      uploadUrl: z.string().min(1).max(4096),
      contentUrl: z.string().max(4096),
      name: z.string().max(400),
      uniqueId: z.string().max(400),
      fileType: z.string().max(40),
    })
    .optional(),
});

const Reason = z.object({ feedbackText: z.string() });

/** Teams sends the reason as a JSON text, `{"feedbackText":"…"}`; other clients as plain text. */
function reasonOf(reason: unknown): string {
  if (typeof reason !== 'string') return Reason.safeParse(reason).data?.feedbackText.slice(0, 1000) ?? '';
  if (!reason.startsWith('{')) return reason.slice(0, 1000);
  const inside = z.preprocess(parseJson, Reason).safeParse(reason);
  return inside.data?.feedbackText.slice(0, 1000) ?? '';
}

function parseJson(text: unknown): unknown {
  try {
    return JSON.parse(String(text));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The typed words without the mention of the bot, and whether they were meant for it. */
function wordsOf(activity: ActivityShape, base: Base): { text: string; addressed: boolean } {
  let text = storable(activity.text ?? '');
  let mentioned = false;
  for (const entity of activity.entities ?? []) {
    if (entity.type !== 'mention' || entity.mentioned?.id !== activity.recipient.id) continue;
    mentioned = true;
    if (entity.text) text = text.replaceAll(entity.text, ' ');
  }
  text = text
    .replace(/<\/?at\b[^>]*>/gi, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return { text, addressed: mentioned || base.conversation.kind === 'personal' };
}
