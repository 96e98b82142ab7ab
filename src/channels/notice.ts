/**
 * What Graph tells us, read: which reply in which thread, or what befell a subscription. Pure. A notice proves nothing of
 * itself: it must carry the secret that only Graph was given, and the trust's tenant. Shape: Microsoft Graph v1.0,
 * changeNotificationCollection and "lifecycle notifications".
 */
import { timingSafeEqual } from 'node:crypto';
import { z } from 'zod/v4';
import { type Sealed, SealedShape } from './sealed.ts';

const id = z.string().min(1).max(300);
const Item = z.object({
  subscriptionId: id,
  clientState: z.string().max(255).nullish(),
  tenantId: z.string().max(100).nullish(),
  changeType: z.string().max(50).nullish(),
  lifecycleEvent: z.string().max(50).nullish(),
  resource: z.string().max(2_000).nullish(),
  encryptedContent: SealedShape.nullish(),
});
/** Graph gathers what happens at once; a thousand is more than it was ever seen to. */
const Collection = z.object({
  value: z.array(Item).min(1).max(1_000),
  validationTokens: z.array(z.string().max(8_192)).max(20).nullish(),
});

export type LifecycleEvent = 'subscriptionRemoved' | 'reauthorizationRequired' | 'missed';
export type Notice = {
  readonly subscriptionId: string;
  readonly clientState: string;
  readonly tenantId: string;
} & (
  | {
      readonly kind: 'message';
      readonly channelId: string;
      readonly rootId: string;
      /** Absent: the thread's first message itself. */
      readonly messageId?: string;
      readonly content?: Sealed;
    }
  | { readonly kind: 'life'; readonly event: LifecycleEvent }
  /** Of a kind that nobody here subscribed to. */
  | { readonly kind: 'other' }
);
export type Notices = { readonly notices: readonly Notice[]; readonly tokens: readonly string[] };

const RESOURCE =
  /^\/?teams\('([^'()/]+)'\)\/channels\('([^'()/]+)'\)\/messages\('([^'()/]+)'\)(?:\/replies\('([^'()/]+)'\))?$/i;
const EVENTS: readonly string[] = ['subscriptionRemoved', 'reauthorizationRequired', 'missed'];

/** The notices of a request's body; undefined when it is no collection of them. */
export function readNotices(body: unknown): Notices | undefined {
  const parsed = Collection.safeParse(body);
  if (!parsed.success) return undefined;
  const { value, validationTokens } = parsed.data;
  return { notices: value.map(noticeFrom), tokens: validationTokens ?? [] };
}

function noticeFrom(item: z.infer<typeof Item>): Notice {
  const base = {
    subscriptionId: item.subscriptionId,
    clientState: item.clientState ?? '',
    tenantId: item.tenantId ?? '',
  };
  if (item.lifecycleEvent) {
    const event = EVENTS.find((known) => known === item.lifecycleEvent) as LifecycleEvent | undefined;
    return event ? { ...base, kind: 'life', event } : { ...base, kind: 'other' };
  }
  const [, , channelId, rootId, messageId] = RESOURCE.exec(item.resource ?? '') ?? [];
  if (!channelId || !rootId) return { ...base, kind: 'other' };
  return {
    ...base,
    kind: 'message',
    channelId,
    rootId,
    ...(messageId ? { messageId } : {}),
    ...(item.encryptedContent ? { content: item.encryptedContent } : {}),
  };
}

/** Equal, told in the same time whatever differs. */
export function isSecret(given: string, expected: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
