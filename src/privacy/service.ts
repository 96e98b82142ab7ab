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
import { givenNameIn, givenWord, isOrdinary, isPersonId, type Known, namingWords } from './person-words.ts';
import { among, copyRows, countMentions, deleteOwnRows, identify, type Row, replaceWords } from './store.ts';

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
  /** Their given name is an ordinary word too: it went only from rows that named them otherwise. */
  readonly ordinary?: string;
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
  /** `told`: what somebody was called whom our copy of the staff has no more; an empty name: nobody knows it. */
  erasePerson(
    id: string,
    permit: Permit<'cli:person erase'>,
    now: Date,
    told?: Told,
  ): Promise<PersonErased | Refusal>;
};

export type Told = { readonly name: string; readonly mail: string };

export function createPrivacy({
  db,
  schema,
  auditKey,
  exportByMark,
  eraseByMark,
  reload,
}: PrivacyParts): Privacy {
  const calledSo = (id: string, { name, mail }: Told): Promise<Known> =>
    among(db, id, { name: name.trim(), givenName: givenNameIn(name), mail: mail.trim() });

  return {
    exportPerson: async (id, _permit) => {
      if (!isPersonId(id)) return noId(id);
      const known = await identify(db, id);
      const words = namingWords(id, '', known);
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
      return { person: id, ...(known ? { name: known.name } : {}), kept, audit, questions, named };
    },
    erasePerson: async (id, permit, now, told) => {
      if (!isPersonId(id)) return noId(id);
      const known = (await identify(db, id)) ?? (told?.name ? await calledSo(id, told) : undefined);
      // Drawn for this erasure and written down nowhere else: two people who left stay two in a check-in's history.
      const words = namingWords(id, newId(ERASED), known);
      const given = givenWord(known, DOCUMENTS);
      const sought = words.filter(({ leads }) => leads);
      if ((await countMentions(db, schema, sought)).length === 0) return unknownPerson(id);
      if (!known && !told) return nameless(id);
      await eraseByMark(id, now);
      const done = await inTransaction(db, async (trx) => {
        const deleted = await deleteOwnRows(trx, schema, id);
        const changed = await replaceWords(trx, schema, [...words, ...given]);
        const audit = await eraseFromAudit(trx, auditKey, id);
        await writeAudit(trx, {
          at: now,
          actor: permit.by,
          action: 'privacy.erase',
          subject: ERASED,
          detail: { deleted: total(deleted), changed: total(changed), audit },
        });
        return { deleted, changed, audit };
      });
      await reload();
      const left = await countMentions(db, schema, sought);
      const ordinary = given.find(({ word }) => isOrdinary(word))?.word;
      return {
        person: id,
        deleted: Object.fromEntries(done.deleted),
        changed: Object.fromEntries(done.changed),
        audit: done.audit,
        left: Object.fromEntries(left.map(({ table, rows }) => [table, rows])),
        nameShared: (known?.namesakes ?? 0) > 0,
        ...(ordinary ? { ordinary } : {}),
      };
    },
  };
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

function noId(id: string): Refusal {
  return refuse(
    'unknown-person',
    `"${id}" is not the id of a person. Nothing was done. Give the "Object ID" that the directory (Entra) has for them, such as 6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10.`,
  );
}

function nameless(id: string): Refusal {
  return refuse(
    'name-needed',
    `${id} is not among the staff any more, so Waymark does not know their name, and cards still say it. Nothing was done. Run it again with --name "First Last" as Teams showed it, and --mail ADDRESS; with --name "" if nobody knows it.`,
  );
}
