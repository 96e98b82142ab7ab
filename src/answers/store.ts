/**
 * The tables of this slice: documents with their passages, dialogues, questions. A document and its passages change together.
 * Rows read back are checked by shape only where people wrote them; the rest is our own writing.
 */
import { sql } from 'kysely';
import { z } from 'zod/v4';
import { inBatches } from '../storage/batch.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { DocumentFacts, Passage, Restriction } from './corpus.ts';
import type { Conversation } from './follow-up.ts';

export type StoredDocument = {
  readonly facts: DocumentFacts;
  readonly hash: string;
  readonly source: Source;
};
/** `note`: published here by a colleague; no folder or library is asked for it. */
export type Source = 'folder' | 'library' | 'note';

const Restrictions = z.object({ group: z.string().optional(), item: z.string().optional() });
const Facts = z.object({
  id: z.string(),
  title: z.string(),
  kind: z.enum(['policy', 'essay', 'outside', 'note']),
  owner: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
  group: z.string().optional(),
  url: z.string().optional(),
  item: z.string().optional(),
  within: z.array(Restrictions).optional(),
});
const PassageShape = z.object({
  id: z.string(),
  doc: z.string(),
  kind: z.enum(['paragraph', 'item', 'list', 'section', 'heading', 'byline']),
  path: z.array(z.string()),
  text: z.string(),
  items: z.array(z.string()).optional(),
  members: z.array(z.string()).optional(),
  opens: z.boolean().optional(),
  unlisted: z.boolean().optional(),
  author: z.string().optional(),
  date: z.string().optional(),
  page: z.number().optional(),
  order: z.number(),
});
const ConversationShape = z.object({
  topic: z.string(),
  about: z.string().optional(),
  items: z.array(z.object({ text: z.string(), passage: z.string() })),
  passages: z.array(z.string()),
});

/** A document with its passages, in place of what was there. */
export async function writeDocument(
  trx: Trx,
  document: StoredDocument,
  passages: readonly Passage[],
  now: Date,
): Promise<void> {
  const { facts, hash, source } = document;
  await trx.deleteFrom('answer_documents').where('id', '=', facts.id).execute();
  await trx
    .insertInto('answer_documents')
    .values({ id: facts.id, source, hash, facts: JSON.stringify(facts), read_at: now })
    .execute();
  for (let from = 0; from < passages.length; from += BATCH) {
    const rows = passages.slice(from, from + BATCH).map((passage) => ({
      document_id: facts.id,
      ord: passage.order,
      id: passage.id,
      body: JSON.stringify(passage),
    }));
    await trx.insertInto('answer_passages').values(rows).execute();
  }
}

export async function deleteDocument(db: Db | Trx, id: string): Promise<void> {
  await db.deleteFrom('answer_documents').where('id', '=', id).execute();
}

export async function readDocumentFacts(db: Db | Trx, id: string): Promise<DocumentFacts | undefined> {
  const row = await db.selectFrom('answer_documents').select('facts').where('id', '=', id).executeTakeFirst();
  return row && Facts.parse(row.facts);
}

/** A question as the offer to pass it on needs it. */
export type KeptQuestion = {
  readonly question: string;
  readonly askedAt: Date;
  readonly outcome: string;
  readonly mark: string | null;
  readonly readerId: string | null;
  readonly topic: string | null;
  readonly within: readonly Restriction[];
  /** Of a refusal: what came nearest. */
  readonly passages: readonly string[];
};

/** Restrictions as they were kept. */
export function readWithin(within: unknown): readonly Restriction[] {
  return z.array(Restrictions).parse(within);
}

export async function readQuestionKept(db: Db | Trx, id: string): Promise<KeptQuestion | undefined> {
  const row = await db.selectFrom('answer_questions').selectAll().where('id', '=', id).executeTakeFirst();
  return (
    row && {
      question: row.question,
      askedAt: row.asked_at,
      outcome: row.outcome,
      mark: row.asker_mark,
      readerId: row.reader_id,
      topic: row.topic,
      within: readWithin(row.within),
      passages: [...row.passages],
    }
  );
}

/** Who looks after the documents of these passages today, in the passages' order. */
export async function readOwners(db: Db, passages: readonly string[]): Promise<readonly string[]> {
  if (passages.length === 0) return [];
  const rows = await db
    .selectFrom('answer_passages')
    .innerJoin('answer_documents', 'answer_documents.id', 'answer_passages.document_id')
    .select(['answer_passages.id as passage', 'answer_documents.facts as facts'])
    .where('answer_passages.id', 'in', passages)
    .execute();
  const owners = new Map(rows.map((row) => [row.passage, Facts.parse(row.facts).owner]));
  return passages.flatMap((id) => owners.get(id) ?? []);
}

export async function saveReader(db: Db, id: string, readerId: string): Promise<void> {
  await db.updateTable('answer_questions').set({ reader_id: readerId }).where('id', '=', id).execute();
}

/** What the radar reads: refusals with their askers' marks, and answers marked unhelpful with what they cited. */
export type RadarRow = {
  readonly id: string;
  readonly askedAt: Date;
  readonly question: string;
  readonly mark: string | null;
  readonly outcome: string;
  readonly unhelpful: boolean;
  readonly passages: readonly string[];
};

export async function readForRadar(db: Db, since: Date): Promise<RadarRow[]> {
  const rows = await db
    .selectFrom('answer_questions')
    .selectAll()
    .where('asked_at', '>=', since)
    .where((where) => where.or([where('outcome', '=', 'refusal'), where('reaction', '=', 'dislike')]))
    .orderBy('asked_at')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    askedAt: row.asked_at,
    question: row.question,
    mark: row.asker_mark,
    outcome: row.outcome,
    unhelpful: row.reaction === 'dislike',
    passages: [...row.passages],
  }));
}

/** A question as it is kept, and what the next one in its conversation may lean on. */
export type KeptTurn = {
  readonly id: string;
  readonly personId: string;
  readonly conversationId: string;
  readonly question: string;
  readonly outcome: 'answer' | 'refusal' | 'clarify';
  readonly passages: readonly string[];
  readonly next: Conversation | undefined;
  readonly now: Date;
  readonly mark: string;
  readonly readerId: string | undefined;
  /** What was asked before, when the question leaned on it. */
  readonly topic: string | undefined;
  /** Restrictions of the documents nearest to a refusal. */
  readonly within: readonly Restriction[];
};

const saveEach = inBatches(async (db, turns: readonly KeptTurn[]) => {
  const dialogueOf = ({ personId, conversationId }: KeptTurn) => `${personId}\n${conversationId}`;
  const lastOf = new Map(turns.map((turn) => [dialogueOf(turn), turn]));
  const rows = turns.map((turn) => ({ ...turn, last: lastOf.get(dialogueOf(turn)) === turn }));
  // One statement: both rows of every turn or none.
  await sql`
    with turns as (
      select * from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as turn(
        id text, "personId" text, "conversationId" text, question text, outcome text, passages jsonb, next jsonb,
        now timestamptz, mark text, "readerId" text, topic text, within jsonb, last boolean)),
    kept as (
      insert into answer_questions (id, asked_at, question, outcome, passages, asker_mark, reader_id, topic, within)
      select id, now, question, outcome, passages, mark, "readerId", topic, within from turns)
    insert into answer_dialogues (person_id, conversation_id, state, question_id, updated_at)
    select "personId", "conversationId", coalesce(next, 'null'), id, now from turns where last
    order by "personId", "conversationId"
    on conflict (person_id, conversation_id) do update
      set state = excluded.state, question_id = excluded.question_id, updated_at = excluded.updated_at`.execute(
    db,
  );
  return turns.map(() => undefined);
});

type Dialogue = { readonly personId: string; readonly conversationId: string; readonly since: Date };

const readState = inBatches(async (db, dialogues: readonly Dialogue[]) => {
  const found = await sql<{ at: number; state: unknown }>`
    select asked.at::int as at, dialogue.state
    from (
      select * from jsonb_array_elements(${JSON.stringify(dialogues)}::jsonb) with ordinality as each(one, at)
      limit ${dialogues.length}) as asked
    join answer_dialogues dialogue on dialogue.person_id = one->>'personId'
      and dialogue.conversation_id = one->>'conversationId'
      and dialogue.updated_at > (one->>'since')::timestamptz`.execute(db);
  const states = new Map(found.rows.map((row) => [row.at - 1, row.state]));
  return dialogues.map((_, place) => states.get(place));
});

export type AnswersStore = ReturnType<typeof createAnswersStore>;

/** Rows of one insert; a handbook has thousands of passages and a statement at most 65,535 parameters. */
const BATCH = 500;

export function createAnswersStore(db: Db) {
  return {
    async documents(): Promise<StoredDocument[]> {
      const rows = await db.selectFrom('answer_documents').selectAll().orderBy('id').execute();
      return rows.map((row) => ({
        facts: Facts.parse(row.facts),
        hash: row.hash,
        source: row.source === 'library' || row.source === 'note' ? row.source : 'folder',
      }));
    },

    /** Changes whenever any document does. */
    async fingerprint(): Promise<string> {
      const rows = await db.selectFrom('answer_documents').select(['id', 'hash']).orderBy('id').execute();
      return rows.map((row) => `${row.id}=${row.hash}`).join('\n');
    },

    async passages(): Promise<Passage[]> {
      const rows = await db
        .selectFrom('answer_passages')
        .select('body')
        .orderBy('document_id')
        .orderBy('ord')
        .execute();
      return rows.map((row) => PassageShape.parse(row.body));
    },

    replaceDocument: (document: StoredDocument, passages: readonly Passage[], now: Date): Promise<void> =>
      inTransaction(db, (trx) => writeDocument(trx, document, passages, now)),

    removeDocument: (id: string): Promise<void> => deleteDocument(db, id),

    /** What this person and Waymark last spoke of here, when that was after `since`. */
    async dialogue(personId: string, conversationId: string, since: Date): Promise<Conversation | undefined> {
      const parsed = ConversationShape.safeParse(await readState(db, { personId, conversationId, since }));
      return parsed.success ? parsed.data : undefined;
    },

    /** Keeps a question with its asker's mark alone, and the asker's dialogue with a link to it. */
    saveTurn: (turn: KeptTurn): Promise<void> => saveEach(db, turn),

    /** False when the question is no longer kept. */
    async saveFeedback(id: string, reaction: 'like' | 'dislike', reason: string | null): Promise<boolean> {
      const result = await db
        .updateTable('answer_questions')
        .set({ reaction, reason })
        .where('id', '=', id)
        .executeTakeFirst();
      return result.numUpdatedRows > 0n;
    },

    /** Deletes one question, and the dialogue that stands on it. */
    async forgetQuestion(id: string): Promise<void> {
      await inTransaction(db, async (trx) => {
        await trx.deleteFrom('answer_dialogues').where('question_id', '=', id).execute();
        await trx.deleteFrom('answer_questions').where('id', '=', id).execute();
      });
    },

    /** Deletes questions asked before an instant, and dialogues last used before another. Returns how many questions went. */
    async forgetBefore(instant: Date, dialogues: Date): Promise<number> {
      await db.deleteFrom('answer_dialogues').where('updated_at', '<', dialogues).execute();
      const result = await db
        .deleteFrom('answer_questions')
        .where('asked_at', '<', instant)
        .executeTakeFirst();
      return Number(result.numDeletedRows);
    },

    /** Dialogues by who had them, questions by the asker's mark. */
    async erasePerson(trx: Trx, personId: string, mark: string): Promise<void> {
      await trx.deleteFrom('answer_dialogues').where('person_id', '=', personId).execute();
      await trx.deleteFrom('answer_questions').where('asker_mark', '=', mark).execute();
    },

    /** Notes may name a person who was erased: every instance reads them anew. */
    async touchNotes(): Promise<void> {
      await db
        .updateTable('answer_documents')
        .set({ hash: sql<string>`md5(hash || 'touched')` })
        .where('source', '=', 'note')
        .execute();
    },

    /** The questions that are kept with this mark of their asker, oldest first. */
    async questionsOf(
      mark: string,
    ): Promise<readonly { at: string; question: string; outcome: string; reaction: string | null }[]> {
      const rows = await db
        .selectFrom('answer_questions')
        .select(['asked_at', 'question', 'outcome', 'reaction'])
        .where('asker_mark', '=', mark)
        .orderBy('asked_at')
        .execute();
      return rows.map(({ asked_at, ...row }) => ({ at: asked_at.toISOString(), ...row }));
    },
  };
}
