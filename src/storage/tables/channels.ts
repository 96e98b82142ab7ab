/** Rows of the watch over channels. Written by `channels/store.ts` and `channels/notices-store.ts`, each its own tables. */
import type { ColumnType, Generated } from 'kysely';
import type { Json } from './foundation.ts';

export type ChannelsTables = {
  channel_watches: ChannelWatchRow;
  channel_notices: ChannelNoticeRow;
  channel_replies: ChannelReplyRow;
};

export type WatchStateRow = 'new' | 'listening' | 'sweeping' | 'lost' | 'archived' | 'denied' | 'private';

export type ChannelWatchRow = {
  channel_id: string;
  team_id: string;
  team_name: string | null;
  channel_name: string | null;
  state: Generated<WatchStateRow>;
  since: Date;
  /** The code of the last failure, while it lasts. */
  trouble: string | null;
  subscription_id: string | null;
  subscription_ends: Date | null;
  /** Graph's place in the channel: a next link in the middle of a round, a delta link between rounds. */
  delta_link: string | null;
  swept_at: Date | null;
  /** When every thread was last read through, whatever the delta told. */
  read_through_at: Date | null;
  tended_at: Date | null;
  lease_until: Date | null;
};

/** A notice until it has been worked through. `content` is what Graph encrypted for us, never opened here. */
export type ChannelNoticeRow = {
  seq: Generated<number>;
  channel_id: string;
  root_id: string;
  message_id: string;
  content: Json<unknown> | null;
  tokens: Json<unknown> | null;
  received_at: Date;
  not_before: ColumnType<Date, Date | undefined, Date>;
  tries: Generated<number>;
};

/** A reply that was handled, in the edition that was; none of its words. */
export type ChannelReplyRow = {
  channel_id: string;
  message_id: string;
  edition: Date;
  outcome: string;
  person_id: string | null;
  handled_at: Date;
};
