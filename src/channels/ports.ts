/**
 * What the watch over channels needs from outside, and what it gives: places that carry a milestone, threads that are open,
 * and somebody who hears a reply in one. It knows nothing of check-ins. Types only.
 */
import type { ChannelPlace } from '../directory/subscriptions.ts';
import type { Trx } from '../storage/database.ts';

/** A thread that is open: its first message is ours. `subject` is the listener's own. */
export type Thread = ChannelPlace & { readonly rootId: string; readonly subject: string };

/** A reply in an open thread, its words plain. */
export type Reply = {
  readonly thread: Thread;
  readonly messageId: string;
  readonly authorId: string;
  readonly words: string;
  /** Its author took it back; then there are no words. */
  readonly deleted: boolean;
};

/**
 * What a listener made of a reply. `outcome`: a fixed word, for the record. `personId`: kept with it, so that it goes when
 * they go; left out where nothing may say who. `write` runs once, in the transaction that records the reply as handled.
 */
export type Heard = {
  readonly outcome: string;
  readonly personId?: string;
  readonly write: (trx: Trx) => Promise<void>;
};

/** Reads before any transaction. */
export interface Listener {
  /** Channels that carry a milestone. */
  places(): Promise<readonly ChannelPlace[]>;
  threads(): Promise<readonly Thread[]>;
  hear(reply: Reply, now: Date): Promise<Heard>;
}
