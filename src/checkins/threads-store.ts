/** Reads which cards stand in channels for check-ins that still take an answer. Writes nothing: the rows are `store.ts`'s. */
import type { Db } from '../storage/database.ts';

export type PostedAsk = { readonly key: string; readonly checkinId: string; readonly channelId: string };

export async function readPostedAsks(db: Db): Promise<PostedAsk[]> {
  const rows = await db
    .selectFrom('checkin_messages as message')
    .innerJoin('checkins as checkin', 'checkin.id', 'message.checkin_id')
    .select(['message.key', 'message.checkin_id', 'message.person_id'])
    .where('message.role', '=', 'channel')
    .where('checkin.state', 'in', ['open', 'submitted', 'returned'])
    .orderBy('message.key')
    .execute();
  return rows.map((row) => ({ key: row.key, checkinId: row.checkin_id, channelId: row.person_id }));
}
