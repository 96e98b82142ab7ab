/**
 * What each person spoke of last in a conversation, for "and last week?", in SQL: a school or the trust, a week, a group; no
 * figure and no words of theirs. Kept for eight hours, over a start of the service.
 */
import { z } from 'zod/v4';
import type { Db } from '../storage/database.ts';
import type { Thread } from './asking-again.ts';

const HOURS = 8;

const Kept = z.object({
  place: z.union([
    z.object({ kind: z.literal('school'), urn: z.string() }),
    z.object({ kind: z.enum(['own', 'trust']) }),
    z.undefined(),
  ]),
  when: z.union([
    z.object({ kind: z.enum(['newest', 'day']) }),
    z.object({ kind: z.literal('week'), week: z.string() }),
    z.object({ kind: z.literal('ago'), weeks: z.int() }),
    z.object({ kind: z.literal('year'), start: z.int() }),
    z.object({ kind: z.literal('years-ago'), years: z.int() }),
  ]),
  group: z.enum(['disadvantaged', 'send', 'other']).optional(),
});

/** Undefined when nothing was asked lately, or it was kept in another shape. */
export async function readThread(
  db: Db,
  personId: string,
  conversationId: string,
  now: Date,
): Promise<Thread | undefined> {
  const row = await db
    .selectFrom('attendance_threads')
    .select('thread')
    .where('person_id', '=', personId)
    .where('conversation_id', '=', conversationId)
    .where('asked_at', '>', hoursBefore(now))
    .executeTakeFirst();
  const kept = row && Kept.safeParse(row.thread);
  return kept?.success ? { ...kept.data, place: kept.data.place } : undefined;
}

/** Undefined: they speak of something else now. What is older than eight hours goes, whoever asked it. */
export async function keepThread(
  db: Db,
  personId: string,
  conversationId: string,
  thread: Thread | undefined,
  now: Date,
): Promise<void> {
  await db
    .deleteFrom('attendance_threads')
    .where((where) =>
      where.or([
        where('asked_at', '<=', hoursBefore(now)),
        where.and([where('person_id', '=', personId), where('conversation_id', '=', conversationId)]),
      ]),
    )
    .execute();
  if (!thread) return;
  const kept = { thread: JSON.stringify(thread), asked_at: now };
  await db
    .insertInto('attendance_threads')
    .values({ person_id: personId, conversation_id: conversationId, ...kept })
    .onConflict((conflict) => conflict.columns(['person_id', 'conversation_id']).doUpdateSet(kept))
    .execute();
}

/** Returns how many went. */
export async function forgetThreads(db: Db, now: Date): Promise<number> {
  const { numDeletedRows } = await db
    .deleteFrom('attendance_threads')
    .where('asked_at', '<=', hoursBefore(now))
    .executeTakeFirst();
  return Number(numDeletedRows);
}

function hoursBefore(now: Date): Date {
  return new Date(now.getTime() - HOURS * 3_600_000);
}
