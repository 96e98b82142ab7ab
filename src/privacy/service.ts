/**
 * A person's rights: a copy of what is kept about them, and its removal. What is theirs alone is deleted; what others need (a
 * check-in's history, a colleague's card) stays without them. The audit keeps its entries and its seals.
 */
import type { Permit } from '../access/decide.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { eraseFromAudit, writeAudit } from '../storage/audit.ts';
import { ERASED } from '../storage/audit-chain.ts';
import { listAuditOf } from '../storage/audit-store.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import { copyRows, countMentions, deleteOwnRows, identify, type Row, replaceWords } from './store.ts';

/** What stands where a name stood, and where a given name did. */
export const FORMER = 'a former colleague';
/** The trust's own words, in which a given name may be anybody's. */
const DOCUMENTS = ['answer_documents', 'answer_passages'];

export type PersonExport = {
  readonly person: string;
  readonly name?: string;
  /** By table: the rows of which this person is a part. */
  readonly kept: Readonly<Record<string, readonly Row[]>>;
  readonly audit: readonly Row[];
  /** Questions, which are kept with a mark that only the person's id makes. */
  readonly questions: readonly Row[];
  /** By table: in how many rows of others they are named. Those hold other people's data as well. */
  readonly named: Readonly<Record<string, number>>;
};

export type PersonErased = {
  readonly person: string;
  /** Rows by table. */
  readonly deleted: Readonly<Record<string, number>>;
  readonly changed: Readonly<Record<string, number>>;
  readonly audit: number;
  /** Where something of theirs was still found afterwards, by table: an erasure that worked leaves none. */
  readonly left: Readonly<Record<string, number>>;
  /** Their name stands for somebody else too and was left where it stood. */
  readonly nameShared: boolean;
};

export type PrivacyParts = {
  readonly db: Db;
  readonly schema: string;
  readonly auditKey: string;
  /** What a slice holds that no name or id leads to: questions by the asker's mark. */
  readonly exportByMark: (personId: string) => Promise<readonly Row[]>;
  readonly eraseByMark: (personId: string, now: Date) => Promise<void>;
  /** Called when rows were changed beneath what is held in memory. */
  readonly reload: () => Promise<void>;
};

export type Privacy = {
  exportPerson(id: string, permit: Permit<'cli:person export'>): Promise<PersonExport | Refusal>;
  erasePerson(id: string, permit: Permit<'cli:person erase'>, now: Date): Promise<PersonErased | Refusal>;
};

type Words = {
  readonly words: readonly string[];
  readonly name?: string;
  readonly given?: string;
  readonly nameShared: boolean;
};

export function createPrivacy({
  db,
  schema,
  auditKey,
  exportByMark,
  eraseByMark,
  reload,
}: PrivacyParts): Privacy {
  async function wordsOf(id: string): Promise<Words> {
    const person = await identify(db, id);
    if (!person) return { words: [id], nameShared: false };
    const nameShared = person.namesakes > 0;
    const words = [id, person.mail, ...(nameShared ? [] : [person.name])].filter(
      (word) => word.trim() !== '',
    );
    // Cards call colleagues by their given names; one that others share does not say who is meant.
    const given = person.sharers === 0 ? person.givenName.trim() : '';
    return { words, name: person.name, nameShared, ...(given ? { given } : {}) };
  }

  return {
    exportPerson: async (id, _permit) => {
      const { words, name } = await wordsOf(id);
      const [rows, audit, mentions] = [
        await copyRows(db, schema, id),
        await listAuditOf(db, id),
        await countMentions(db, schema, words),
      ];
      if (mentions.length === 0) return unknownPerson(id);
      const questions = await exportByMark(id);
      const kept = Object.fromEntries([...rows].filter(([table]) => table !== 'audit'));
      const named = Object.fromEntries(
        mentions
          .map(({ table, rows: n }) => [table, n - (kept[table]?.length ?? 0)] as const)
          .filter(([table, n]) => n > 0 && table !== 'audit'),
      );
      return { person: id, ...(name ? { name } : {}), kept, audit, questions, named };
    },
    erasePerson: async (id, permit, now) => {
      const { words, given, nameShared } = await wordsOf(id);
      if ((await countMentions(db, schema, words)).length === 0) return unknownPerson(id);
      await eraseByMark(id, now);
      // Drawn for this erasure and written down nowhere else: two people who left stay two in a check-in's history.
      const nobody = newId(ERASED);
      const done = await inTransaction(db, async (trx) => {
        const deleted = await deleteOwnRows(trx, schema, id);
        const changed = await replaceWords(
          trx,
          schema,
          words.map((word) => [word, word === id ? nobody : FORMER] as const),
        );
        const greeted = given ? await replaceWords(trx, schema, [[given, FORMER]], DOCUMENTS) : new Map();
        const audit = await eraseFromAudit(trx, auditKey, id);
        await writeAudit(trx, {
          at: now,
          actor: permit.by,
          action: 'privacy.erase',
          subject: ERASED,
          detail: { deleted: total(deleted), changed: total(changed) + total(greeted), audit },
        });
        return { deleted, changed: summed(changed, greeted), audit };
      });
      await reload();
      const left = await countMentions(db, schema, words);
      return {
        person: id,
        deleted: Object.fromEntries(done.deleted),
        changed: Object.fromEntries(done.changed),
        audit: done.audit,
        left: Object.fromEntries(left.map(({ table, rows }) => [table, rows])),
        nameShared,
      };
    },
  };
}

function summed(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  return new Map(
    [...a.keys(), ...b.keys()].map((table) => [table, (a.get(table) ?? 0) + (b.get(table) ?? 0)]),
  );
}

function total(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((sum, n) => sum + n, 0);
}

function unknownPerson(id: string): Refusal {
  return refuse(
    'unknown-person',
    `Nothing is kept about "${id}". Give the person's id as in the directory, such as 3f1c… in trust.yaml.`,
  );
}
