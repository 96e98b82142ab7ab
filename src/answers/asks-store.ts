/**
 * The table of questions that were passed on. A row is locked before it is decided on, so that of two people who answer at
 * once one is first. Knows no rule.
 */
import { z } from 'zod/v4';
import type { Db, Trx } from '../storage/database.ts';
import type { Ask } from './asks.ts';
import { readWithin } from './store.ts';

const Readers = z.array(z.string());

type Row = {
  id: string;
  asked_at: Date;
  asker_id: string | null;
  named: boolean;
  question: string;
  topic: string | null;
  within: unknown;
  readers: unknown;
  state: Ask['state'];
  version: number;
  answer: string | null;
  answered_by: string | null;
  answered_at: Date | null;
};

function askFrom(row: Row): Ask {
  return {
    id: row.id,
    askedAt: row.asked_at,
    named: row.named,
    question: row.question,
    within: readWithin(row.within),
    ...(row.topic ? { topic: row.topic } : {}),
    readers: Readers.parse(row.readers),
    state: row.state,
    version: row.version,
    ...(row.asker_id ? { askerId: row.asker_id } : {}),
    ...(row.answer !== null && row.answered_by !== null && row.answered_at !== null
      ? { answer: { text: row.answer, by: row.answered_by, at: row.answered_at } }
      : {}),
  };
}

/** False when this question was passed on before. */
export async function insertAsk(trx: Trx, ask: Ask): Promise<boolean> {
  const result = await trx
    .insertInto('answer_asks')
    .values({
      id: ask.id,
      asked_at: ask.askedAt,
      asker_id: ask.askerId ?? null,
      named: ask.named,
      question: ask.question,
      topic: ask.topic ?? null,
      within: JSON.stringify(ask.within),
      readers: JSON.stringify(ask.readers),
      state: ask.state,
      version: ask.version,
      answer: null,
      answered_by: null,
      answered_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .executeTakeFirst();
  return Number(result.numInsertedOrUpdatedRows ?? 0) > 0;
}

export async function readAsk(db: Db | Trx, id: string): Promise<Ask | undefined> {
  const row = await db.selectFrom('answer_asks').selectAll().where('id', '=', id).executeTakeFirst();
  return row && askFrom(row);
}

/** The row, held until the transaction ends. */
export async function lockAsk(trx: Trx, id: string): Promise<Ask | undefined> {
  const row = await trx
    .selectFrom('answer_asks')
    .selectAll()
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst();
  return row && askFrom(row);
}

/** Saves what a decision may change: the readers, the state, the answer, the version. */
export async function saveAsk(trx: Trx, ask: Ask): Promise<void> {
  await trx
    .updateTable('answer_asks')
    .set({
      readers: JSON.stringify(ask.readers),
      state: ask.state,
      version: ask.version,
      answer: ask.answer?.text ?? null,
      answered_by: ask.answer?.by ?? null,
      answered_at: ask.answer?.at ?? null,
    })
    .where('id', '=', ask.id)
    .execute();
}

export async function deleteAsk(trx: Trx, id: string): Promise<void> {
  await trx.deleteFrom('answer_asks').where('id', '=', id).execute();
}

/** Asks whose question is older than an instant, locked. */
export async function lockAsksBefore(trx: Trx, instant: Date): Promise<Ask[]> {
  const rows = await trx
    .selectFrom('answer_asks')
    .selectAll()
    .where('asked_at', '<', instant)
    .orderBy('id')
    .forUpdate()
    .execute();
  return rows.map(askFrom);
}

/** Ids of answered asks that still name their asker. */
export async function listAnsweredWithAsker(trx: Trx): Promise<string[]> {
  const rows = await trx
    .selectFrom('answer_asks')
    .select('id')
    .where('state', '!=', 'open')
    .where('asker_id', 'is not', null)
    .execute();
  return rows.map((row) => row.id);
}

export async function dropAskers(trx: Trx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await trx.updateTable('answer_asks').set({ asker_id: null }).where('id', 'in', ids).execute();
}

/** Ids of those questions that a published note answers. */
export async function listPublished(db: Db, ids: readonly string[]): Promise<Set<string>> {
  if (ids.length === 0) return new Set();
  const rows = await db
    .selectFrom('answer_asks')
    .select('id')
    .where('state', '=', 'published')
    .where('id', 'in', ids)
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** Questions that a person passed on and whose answer has not reached them, and those that they answered. */
export async function listAsksOf(db: Db | Trx, personId: string): Promise<Ask[]> {
  const rows = await db
    .selectFrom('answer_asks')
    .selectAll()
    .where((where) => where.or([where('asker_id', '=', personId), where('answered_by', '=', personId)]))
    .orderBy('asked_at')
    .execute();
  return rows.map(askFrom);
}
