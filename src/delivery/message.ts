/**
 * What may be sent unasked, and the states a delivery goes through. The ledger is the truth of each message and alone
 * grants a send; see docs/ARCHITECTURE.md, "Nothing lost, nothing doubled".
 */
import type { Card } from '../cards/elements.ts';
import type { Trx } from '../storage/database.ts';

export type Target =
  | { readonly kind: 'person'; readonly personId: string }
  | { readonly kind: 'channel'; readonly teamId: string; readonly channelId: string }
  /** A group chat, by Teams' id of it. */
  | { readonly kind: 'chat'; readonly chatId: string };

/** A message that a run wants sent. `key` names it for ever: a second one with the same key is the same message. */
export type Draft = {
  readonly key: string;
  readonly target: Target;
  readonly card: Card;
  /** Someone is waiting for it (an approval): passes bulk messages. */
  readonly urgent?: boolean;
  /** After this it is of no use and expires unsent. */
  readonly expiresAt?: Date;
  /** Opened later, it still shows how things stand: it may wait until after `expiresAt` for the card that gathers a week. */
  readonly lasting?: boolean;
  /** Not before so many milliseconds from now, by the database's clock. */
  readonly wait?: number;
  /** Why, for the report. */
  readonly waitReason?: string;
  /** The run that it belongs to, where that is not the one that sends it. */
  readonly runId?: string;
  /** Why it is not to be sent: written down as cancelled, so that the report names whoever did not get it. */
  readonly withheld?: string;
};

/** The new face of a message. */
export type Revision = { readonly key: string; readonly card: Card };

export type DeliveryState =
  | 'due'
  | 'claimed'
  | 'sending'
  | 'delivered'
  | 'blocked'
  | 'gone'
  | 'refused'
  | 'unreachable'
  | 'cancelled'
  | 'expired'
  | 'uncertain';

/** What is still on its way. Everything else is an end, save that `uncertain` may still become known. */
export const PENDING: readonly DeliveryState[] = ['due', 'claimed', 'sending'];

/** What the slices may ask of delivery. All of it happens inside the caller's transaction, and is sent after it commits. */
export interface Outbox {
  /** Writes the deliveries of a run with the job that will send them. Returns how many were new. */
  enqueue(trx: Trx, runId: string, drafts: readonly Draft[], now: Date): Promise<number>;
  /** Replaces the card of a delivered message, or of one not yet sent. Nothing happens when the key is unknown. */
  revise(trx: Trx, key: string, card: Card, now: Date): Promise<void>;
}

/** For those who bring many cards up to date at once. */
export interface WideOutbox extends Outbox {
  /** As `revise`, for several; each key is named once. */
  reviseAll(trx: Trx, revisions: readonly Revision[], now: Date): Promise<void>;
}
