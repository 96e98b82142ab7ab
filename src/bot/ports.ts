/** What a turn needs from outside the bot: the conversation it came from, and the use cases that `app` binds. Types only. */
import type { Entry } from '../access/decide.ts';
import type { Card } from '../cards/elements.ts';
import type { MessageReply } from '../cards/reply.ts';
import type { Directory } from '../directory/model.ts';
import type { Clock } from '../kernel/time.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Actor } from './identity.ts';
import type { Conversation } from './inbound.ts';
import type { OutgoingActivity } from './replies.ts';
import type { UseCases } from './routes.ts';

/** What a turn can do in its own conversation. Ids are Teams' activity ids. */
export interface TurnChannel {
  reply(activity: OutgoingActivity): Promise<string>;
  /** False where Teams finds no such message any more; then nothing was said. */
  update(activityId: string, activity: OutgoingActivity): Promise<boolean>;
  remove(activityId: string): Promise<void>;
  /** Sets the body of the answer to an invoke. Once a turn. */
  answer(body: unknown): Promise<void>;
}

export type BotResources = {
  readonly db: Db;
  readonly directory: Pick<Directory, 'person' | 'holder'>;
  readonly cases: UseCases;
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps where a conversation can be reached; greets a person met for the first time. Called on every inbound event. */
  readonly meet: (
    entry: Entry<'app:meet'>,
    conversation: Conversation,
    actor: Actor | undefined,
    installed: boolean,
    now: Date,
  ) => Promise<void>;
  readonly part: (
    entry: Entry<'app:part'>,
    conversation: Conversation,
    personId: string | undefined,
  ) => Promise<void>;
  /**
   * Sends what a turn could not wait for to the asker's own chat, through the ledger. `key` names it for ever. `settle` runs in the
   * same transaction; when it says false, somebody else has sent it, and nothing is. Resolves to what it said.
   */
  readonly postLater: (
    personId: string,
    key: string,
    reply: MessageReply | undefined,
    now: Date,
    settle: (trx: Trx) => Promise<boolean>,
  ) => Promise<boolean>;
  /** Sends a card that nobody else may see to a person's own chat, and forgets that it did. */
  readonly postAlone: (personId: string, key: string, card: Card, now: Date) => Promise<void>;
  /** Keeps what a person thought of an answer, by the reply's `ref`. */
  readonly feedback: (
    entry: Entry<'feedback:answer'>,
    ref: string,
    helpful: boolean,
    reason: string,
  ) => Promise<void>;
  /** Forgets what a deleted or rewritten message began, by its reply's `ref`. */
  readonly withdraw: (entry: Entry<'message:withdraw'>, ref: string) => Promise<void>;
};

/** Keeps a piece of work in view, so that a shutdown waits for it. */
export type Track = <T>(work: Promise<T>) => Promise<T>;
