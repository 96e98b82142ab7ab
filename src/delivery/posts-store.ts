/** Reads whether a message was made, and where it stands in a channel: the id that Teams gave it. Changes nothing. */
import type { Db } from '../storage/database.ts';

export type Post = { readonly teamId: string; readonly channelId: string; readonly activityId: string };

/** By the message's key; one that has not arrived, or went to a person, is left out. */
export async function findPosts(db: Db, keys: readonly string[]): Promise<ReadonlyMap<string, Post>> {
  if (keys.length === 0) return new Map();
  const rows = await db
    .selectFrom('deliveries')
    .select(['key', 'team_id', 'channel_id', 'activity_id'])
    .where('key', 'in', [...keys])
    .where('state', '=', 'delivered')
    .execute();
  return new Map(
    rows.flatMap(({ key, team_id, channel_id, activity_id }) =>
      team_id !== null && channel_id !== null && activity_id !== null
        ? [[key, { teamId: team_id, channelId: channel_id, activityId: activity_id }] as const]
        : [],
    ),
  );
}

export async function hasKey(db: Db, key: string): Promise<boolean> {
  const row = await db.selectFrom('deliveries').select('key').where('key', '=', key).executeTakeFirst();
  return row !== undefined;
}
