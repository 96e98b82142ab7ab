/**
 * Takes what Graph tells and works it through. Taking is quick and durable: the secret and the tenant are looked at, replies
 * in open threads are kept still encrypted, everything else is dropped unread. Working through checks whose word it is, opens
 * it and hands the reply on; what cannot be opened or believed is no loss, since the thread is then read from Graph itself.
 */
import type { ChannelReader, ChannelReply } from '../directory/channels-graph.ts';
import { replyIn } from '../directory/channels-graph.ts';
import { AppError } from '../kernel/errors.ts';
import type { Certificate } from './certificate.ts';
import { isSecret, type Notice, readNotices } from './notice.ts';
import {
  type KeptNotice,
  keepNotices,
  removeNotice,
  type TakenNotice,
  takeNotices,
} from './notices-store.ts';
import type { Thread } from './ports.ts';
import { handleReplies, type ReplyResources } from './replies-service.ts';
import { openSealed } from './sealed.ts';
import { listWatches, saveWatch, watchOf } from './store.ts';
import type { Watch } from './watch.ts';

/** What the tokens of a collection are worth; `unavailable`: the keys to judge them by cannot be had now. */
export type TokenVerdict = 'good' | 'bad' | 'unavailable';

export type NoticeResources = ReplyResources & {
  readonly reader: ChannelReader;
  /** The secret that Graph was given for a channel. */
  readonly secretOf: (channelId: string) => string;
  /** The trust's tenant; undefined in a local run, which has none. */
  readonly tenantId: string | undefined;
  readonly certificates: readonly Certificate[];
  readonly judgeTokens: (tokens: readonly string[]) => Promise<TokenVerdict>;
  /** Called when something waits to be worked through, or a channel wants tending. */
  readonly wake: () => Promise<void>;
};

/** `refused`: how many carried no right secret or came from elsewhere. `outside`: of no open thread. */
export type Receipt = { readonly taken: number; readonly outside: number; readonly refused: number };

/** Undefined when the body is no collection of notices. */
export async function receiveNotices(
  resources: NoticeResources,
  body: unknown,
  now: Date,
): Promise<Receipt | undefined> {
  const read = readNotices(body);
  if (!read) return undefined;
  let threads: ReadonlyMap<string, Thread> | undefined;
  let watches: readonly Watch[] | undefined;
  const kept: KeptNotice[] = [];
  let [outside, refused, events] = [0, 0, 0];
  for (const notice of read.notices) {
    // Once for all of them: a stranger's thousand must not become a thousand questions to the store.
    if (notice.kind === 'life') watches ??= await listWatches(resources.db);
    const watch = watches?.find(({ subscription }) => subscription?.id === notice.subscriptionId);
    if (!isOurs(resources, notice, watch)) refused += 1;
    else if (notice.kind === 'life') {
      await heed(resources, notice);
      events += 1;
    } else if (notice.kind === 'message' && notice.messageId !== undefined) {
      threads ??= await openThreads(resources);
      const { channelId, rootId, messageId, content } = notice;
      if (threads.has(keyOf(channelId, rootId)))
        kept.push({
          channelId,
          rootId,
          messageId,
          ...(content ? { content, tokens: read.tokens } : {}),
        });
      else outside += 1;
    } else outside += 1;
  }
  if (kept.length > 0) await keepNotices(resources.db, kept, now);
  if (kept.length + events > 0) await resources.wake();
  return { taken: kept.length + events, outside, refused };
}

/** The channel's secret, by the channel that the notice names; of a subscription's life, by the subscription. */
function isOurs({ secretOf, tenantId }: NoticeResources, notice: Notice, watch: Watch | undefined): boolean {
  if (tenantId !== undefined && notice.tenantId.toLowerCase() !== tenantId) return false;
  if (notice.clientState === '') return false;
  if (notice.kind === 'message') return isSecret(notice.clientState, secretOf(notice.channelId));
  return watch !== undefined && isSecret(notice.clientState, secretOf(watch.channelId));
}

/** What befell the subscription is mended at the next tending, which is wanted at once. */
async function heed({ db, log }: NoticeResources, notice: Notice & { readonly kind: 'life' }): Promise<void> {
  const watch = await watchOf(db, notice.subscriptionId);
  if (!watch) return;
  log.info('Graph tells of a subscription', { channel: watch.channelId, event: notice.event });
  const lapsed = watch.subscription && { subscription_ends: new Date(0) };
  await saveWatch(db, watch.channelId, {
    tended_at: null,
    ...(notice.event === 'subscriptionRemoved' ? { subscription_id: null, subscription_ends: null } : {}),
    ...(notice.event === 'reauthorizationRequired' ? lapsed : { read_through_at: null }),
  });
}

const AT_ONCE = 20;
/** Then the thread is read from Graph at the next tending instead. */
const MOST_TRIES = 6;

/** Works through what is due. Returns how many are done with. */
export async function workNotices(resources: NoticeResources, now: Date): Promise<number> {
  let done = 0;
  for (;;) {
    const taken = await takeNotices(resources.db, AT_ONCE);
    if (taken.length === 0) return done;
    const threads = await openThreads(resources);
    for (const notice of taken) if (await workOne(resources, threads, notice, now)) done += 1;
  }
}

async function workOne(
  resources: NoticeResources,
  threads: ReadonlyMap<string, Thread>,
  notice: TakenNotice,
  now: Date,
): Promise<boolean> {
  const { db, log } = resources;
  const { channelId, seq, tries } = notice;
  const thread = threads.get(keyOf(channelId, notice.rootId));
  try {
    const reply = thread && (await replyOf(resources, thread, notice));
    if (reply === 'later') return false;
    if (thread && reply) await handleReplies(resources, thread, [reply], now);
  } catch (error) {
    if (!(error instanceof AppError) || !error.code.startsWith('graph-')) throw error;
    log.warn('a reply could not be read', { channel: channelId, code: error.code, tries });
    if (tries < MOST_TRIES) return false;
    await saveWatch(db, channelId, { read_through_at: null, tended_at: null });
  }
  await removeNotice(db, seq);
  return true;
}

/** The reply that a notice speaks of; `later` when it cannot be judged now; undefined when it is gone. */
async function replyOf(
  resources: NoticeResources,
  thread: Thread,
  notice: TakenNotice,
): Promise<ChannelReply | 'later' | undefined> {
  const { reader, certificates, log } = resources;
  const fromGraph = () => reader.reply(thread, thread.rootId, notice.messageId);
  if (!notice.content) return fromGraph();
  const doubted = (reason: string) => {
    log.warn('a notice was not believed; the reply is read from Graph', {
      channel: thread.channelId,
      reason,
    });
    return fromGraph();
  };
  const verdict = await resources.judgeTokens(notice.tokens ?? []);
  if (verdict === 'unavailable' && notice.tries < MOST_TRIES) return 'later';
  if (verdict !== 'good') return doubted(`token-${verdict}`);
  const opened = openSealed(notice.content, certificates);
  if (opened.kind === 'unopened') return doubted(opened.reason);
  const reply = replyIn(opened.value);
  return reply.messageId === notice.messageId ? reply : doubted('other-message');
}

async function openThreads({ listener }: NoticeResources): Promise<ReadonlyMap<string, Thread>> {
  const threads = await listener.threads();
  return new Map(threads.map((thread) => [keyOf(thread.channelId, thread.rootId), thread]));
}

function keyOf(channelId: string, rootId: string): string {
  return `${channelId}\n${rootId}`;
}
