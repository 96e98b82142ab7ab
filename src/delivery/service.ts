/**
 * Everything proactive leaves here. Slices put messages into the outbox inside their own transaction; the bot tells who can
 * be reached where; operators ask what became of a run. Sending itself is sender.ts.
 */
import type { Card } from '../cards/elements.ts';
import type { Clock } from '../kernel/time.ts';
import { afterCommit, type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { Jobs } from '../storage/jobs.ts';
import type { Log } from '../telemetry/log.ts';
import type { Meters } from '../telemetry/metrics.ts';
import type { MayPost, Quiet } from './admission-service.ts';
import {
  type Contact,
  type Conversation,
  closeContact,
  findConversations,
  ownerOf,
  saveContact,
  type Whose,
} from './conversations-store.ts';
import type { OnLost } from './editing-service.ts';
import { dressed, redrawnFor } from './gathering-service.ts';
import { anyGathered, dropWaiting, waitAgain } from './gathering-store.ts';
import type { Revision, Target, WideOutbox } from './message.ts';
import { APP_REMOVED } from './opening.ts';
import { createOpener, type OpeningParts } from './opening-service.ts';
import { forgetRefusals } from './openings-store.ts';
import { DEFAULT_LIMITS, type Limits } from './pacing.ts';
import { findPosts, hasKey, type Post } from './posts-store.ts';
import { facesOfRun, recallFaces } from './recalls-store.ts';
import { type DeliveryReport, type DeliveryTotals, RESENDABLE, reportOf, totalsOf } from './report.ts';
import { countStates, listItems } from './report-store.ts';
import { againOf, type Held, type Standing, setAside, standingOf, takeUp } from './resends-store.ts';
import { createSender } from './sender.ts';
import {
  cancelDue,
  deleteSettled,
  deleteSettledOf,
  insertDrafts,
  replaceCards,
  type Withdrawn,
} from './store.ts';
import type { Connector } from './teams.ts';
import type { Tuning } from './window-sender.ts';

export type DeliveryParts = {
  readonly db: Db;
  readonly jobs: Jobs;
  readonly connector: Connector;
  readonly clock: Clock;
  readonly log: Log;
  readonly limits?: Limits;
  /** Asked before each post. */
  readonly mayPost: MayPost;
  /** Whether these are hours in which nothing is sent that can wait; absent: there are none. */
  readonly quiet?: () => Quiet | undefined;
  /** How a person without a conversation is reached; absent: not at all. */
  readonly opening?: OpeningParts;
  /** Puts something in the place of messages that Teams no longer finds; absent: they are recorded, and no more. */
  readonly onLost?: OnLost;
  /** Weeks have an allowance, so some cards name messages that waited; without one, those do that were sent when there was. */
  readonly gathers?: boolean;
  readonly soleInstance?: boolean;
  readonly tuning?: Partial<Tuning>;
  /** Default: those of the process. */
  readonly meters?: Meters;
};

export interface Delivery extends WideOutbox {
  /** Withdraws what is unsent. Returns how many. */
  cancel(trx: Trx, which: Withdrawn, reason: string): Promise<number>;
  /** Deletes those of these messages that are settled, so that nothing says who got them. Returns the keys of which none is left. */
  forget(trx: Trx, keys: readonly string[]): Promise<readonly string[]>;
  /** The same for a whole run: all that is settled; with `before`, what arrived, and what did not and is older. Returns how many. */
  forgetRun(trx: Trx, runId: string, before?: Date): Promise<number>;
  /** Called with every inbound activity: addresses change, and one that was gone may be back. */
  rememberConversation(contact: Contact): Promise<void>;
  /** The app was removed for a person, from a chat or from a team. */
  forgetConversation(whose: Whose): Promise<void>;
  /** Whether there is an address for a target: the app is installed there. */
  reaches(target: Target): Promise<boolean>;
  /** Where a target is reached; undefined where the app is not installed. */
  addressOf(target: Target): Promise<Conversation | undefined>;
  /** Where messages stand that have arrived in channels, by key. */
  posts(keys: readonly string[]): Promise<ReadonlyMap<string, Post>>;
  /** Whether there is a message of this key, sent or not. */
  knows(key: string): Promise<boolean>;
  /** Of one run, or of all there is. */
  report(runId?: string): Promise<DeliveryReport>;
  /** The same without the messages: cheap also where there are a year's. */
  totals(runId?: string): Promise<DeliveryTotals>;
  /**
   * Sends a run's messages again to those who did not get them: new deliveries of the run `ID/again`, each once. Never an
   * uncertain one, unless it is named by its delivery's id; none of those that a pause holds. Returns how many.
   */
  resend(runId: string, id: string | undefined, now: Date, held?: Held): Promise<number>;
  /** How a run's messages stand, or the one named: why none was sent again. */
  standing(runId: string, id?: string): Promise<Standing>;
  /** Sends a message that was withheld, under its own key; once. `urgent`: somebody waits for it now. Returns how many. */
  release(
    trx: Trx,
    message: { readonly runId: string; readonly id: string; readonly urgent: boolean },
    now: Date,
  ): Promise<number>;
  /**
   * Takes back all that a run delivered: its cards become `face` and stay so. What is still to be sent is withdrawn with the
   * reason.
   */
  recallRun(
    trx: Trx,
    runId: string,
    face: Card,
    reason: string,
  ): Promise<{ readonly delivered: number; readonly withdrawn: number }>;
  /** Changes the cards of a run wherever they are; later faces come as they would have. Returns how many. */
  changeRun(trx: Trx, runId: string, change: (card: Card) => Card): Promise<number>;
  /** Forgets for whom no conversation could be opened, once that is no longer taken for granted. */
  forgetRefusals(trx: Trx): Promise<void>;
  /** Begins sending in this process. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Something has come due by other means than an enqueue. */
  wake(): void;
  /** Sends what is due as of `now` and returns when nothing is, waiting at most `patience` milliseconds for retries. */
  drain(now: Date, patience?: number): Promise<void>;
}

/** New faces of one statement: with more, making its text alone would hold up whoever presses meanwhile. */
const FACES = 25;

export function createDelivery(parts: DeliveryParts): Delivery {
  const { db, jobs, opening } = parts;
  const sender = createSender({
    ...parts,
    limits: parts.limits ?? DEFAULT_LIMITS,
    ...(opening ? { opener: createOpener(parts, opening) } : {}),
  });
  const woken = new WeakSet<Trx>();
  /** The job tells other instances and survives this one; the hook saves this one the wait. One of each a transaction. */
  const wakeAfter = async (trx: Trx, run: string) => {
    if (woken.has(trx)) return;
    woken.add(trx);
    await jobs.send('delivery.wake', { run }, trx);
    afterCommit(trx, () => sender.wake());
  };
  const addressOf = async (target: Target) => {
    const found = (await findConversations(db, [target])).get(ownerOf(target));
    return found?.state === 'active' ? found : undefined;
  };
  let naming = parts.gathers ? true : undefined;
  /** Whether any card names others: looked up once where weeks have no allowance, since then none is added. */
  const namesOthers = async (trx: Trx) => {
    naming ??= await anyGathered(trx);
    return naming;
  };
  const revise = async (trx: Trx, revisions: readonly Revision[]) => {
    if (revisions.length === 0) return;
    const gathers = await namesOthers(trx);
    const faces = gathers ? await dressed(trx, revisions) : revisions;
    for (let start = 0; start < faces.length; start += FACES)
      await replaceCards(trx, faces.slice(start, start + FACES));
    const redrawn = gathers
      ? await redrawnFor(
          trx,
          revisions.map(({ key }) => key),
        )
      : [];
    if (redrawn.length > 0) await replaceCards(trx, redrawn);
    await wakeAfter(trx, 'edits');
  };
  return {
    enqueue: async (trx, runId, drafts) => {
      const added = drafts.length === 0 ? 0 : await insertDrafts(trx, runId, drafts);
      if (added > 0) await wakeAfter(trx, runId);
      return added;
    },
    revise: (trx, key, card) => revise(trx, [{ key, card }]),
    reviseAll: revise,
    reaches: async (target) => (await addressOf(target)) !== undefined,
    addressOf,
    cancel: async (trx, which, reason) => {
      const dropped =
        'rules' in which && (await namesOthers(trx)) ? await dropWaiting(trx, which, reason) : 0;
      return dropped + (await cancelDue(trx, which, reason));
    },
    release: async (trx, { runId, id, urgent }, now) => {
      const again = (await takeUp(trx, { runId, id }, now)).map((draft) => ({ ...draft, urgent }));
      const added = again.length === 0 ? 0 : await insertDrafts(trx, runId, again);
      if (added > 0) await wakeAfter(trx, runId);
      return added;
    },
    recallRun: async (trx, runId, face, reason) => {
      let withdrawn = 0;
      for (const id of new Set([runId, againOf(runId)]))
        withdrawn += await cancelDue(trx, { runId: id }, reason);
      const { delivered, keys } = await recallFaces(trx, runId, face);
      if (await namesOthers(trx)) {
        await waitAgain(trx, keys);
        const redrawn = await redrawnFor(trx, keys);
        if (redrawn.length > 0) await replaceCards(trx, redrawn);
      }
      if (delivered > 0) await wakeAfter(trx, 'edits');
      return { delivered, withdrawn };
    },
    changeRun: async (trx, runId, change) => {
      const faces = (await facesOfRun(trx, runId)).map(({ key, card }) => ({ key, card: change(card) }));
      for (let start = 0; start < faces.length; start += FACES)
        await replaceCards(trx, faces.slice(start, start + FACES));
      if (faces.length > 0) await wakeAfter(trx, 'edits');
      return faces.length;
    },
    forget: (trx, keys) => deleteSettled(trx, keys),
    forgetRun: (trx, runId, before) => deleteSettledOf(trx, runId, before),
    rememberConversation: (contact) => saveContact(db, contact),
    forgetConversation: async (whose) => {
      await closeContact(db, whose, APP_REMOVED);
    },
    posts: (keys) => findPosts(db, keys),
    knows: (key) => hasKey(db, key),
    totals: async (runId) => totalsOf(await countStates(db, runId)),
    report: async (runId) => reportOf(runId ?? null, await listItems(db, runId)),
    resend: (runId, id, _now, held) =>
      inTransaction(db, async (trx) => {
        const states = id === undefined ? RESENDABLE : [...RESENDABLE, 'uncertain' as const];
        const drafts = await setAside(trx, runId, states, id, undefined, held);
        // Whoever presses may have mended why.
        await forgetRefusals(
          trx,
          drafts.flatMap(({ target }) => (target.kind === 'person' ? target.personId : [])),
        );
        const added = drafts.length === 0 ? 0 : await insertDrafts(trx, againOf(runId), drafts);
        if (added > 0) await wakeAfter(trx, runId);
        return added;
      }),
    standing: (runId, id) => standingOf(db, runId, id),
    forgetRefusals: (trx) => forgetRefusals(trx, undefined),
    start: async () => {
      await jobs.work('delivery.wake', async () => sender.wake());
      sender.start();
    },
    stop: () => sender.stop(),
    wake: () => sender.wake(),
    drain: (now, patience) => sender.drain(now, patience),
  };
}
