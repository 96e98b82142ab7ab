/**
 * The removal of a person. What is theirs alone is deleted; what others need (a check-in's history, a colleague's card) stays
 * without them. The look and the removal are one transaction in which nobody else writes, and then it looks again: for what was on its way.
 */
import type { Permit } from '../access/decide.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { sleep } from '../kernel/time.ts';
import { eraseFromAudit, writeAudit } from '../storage/audit.ts';
import { ERASED } from '../storage/audit-chain.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import {
  givenNameIn,
  givenWord,
  isOrdinary,
  isPersonId,
  type Known,
  namingWords,
  type Word,
} from './person-words.ts';
import { noId, unknownPerson } from './refusals.ts';
import {
  among,
  countMentions,
  deleteOwnRows,
  identify,
  isTakenElsewhere,
  lockTables,
  type Row,
  replaceWords,
} from './store.ts';

/** The trust's own words, in which a given name may be anybody's. */
const DOCUMENTS = ['answer_documents', 'answer_passages'];

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

export type ErasingParts = {
  readonly db: Db;
  readonly schema: string;
  readonly auditKey: string;
  /** What a slice holds that no name or id leads to: questions by the asker's mark. */
  readonly exportByMark: (personId: string) => Promise<readonly Row[]>;
  readonly eraseByMark: (trx: Trx, personId: string, now: Date) => Promise<void>;
  /** Called when rows were changed beneath what is held in memory. */
  readonly reload: () => Promise<void>;
};

export type ErasePerson = (
  id: string,
  permit: Permit<'cli:person erase'>,
  now: Date,
  told?: Told,
) => Promise<PersonErased | Refusal>;

export type Told = { readonly name: string; readonly mail: string };

type Wanted = {
  readonly id: string;
  readonly permit: Permit<'cli:person erase'>;
  readonly now: Date;
  readonly told: Told | undefined;
};

type Counts = ReadonlyMap<string, number>;
type Done = { readonly deleted: Counts; readonly changed: Counts; readonly audit: number };

type Erasing = {
  readonly id: string;
  readonly words: readonly Word[];
  readonly sought: readonly Word[];
  readonly known: Known | undefined;
  readonly ordinary: string | undefined;
  readonly done: Done;
};

/** Looks and erasures after the first; what is still found then is told. */
const MOST_ROUNDS = 5;
/** Whoever holds one table and wants another that is locked already ends our attempt: the first are short, the later patient. */
const MOST_ATTEMPTS = 20;
const patienceAt = (attempt: number) => Math.min(25 * attempt, 400);
const PAUSE = 20;

export function createErasing({
  db,
  schema,
  auditKey,
  exportByMark,
  eraseByMark,
  reload,
}: ErasingParts): ErasePerson {
  const calledSo = (trx: Trx, id: string, { name, mail }: Told): Promise<Known> =>
    among(trx, id, { name: name.trim(), givenName: givenNameIn(name), mail: mail.trim() });

  /** One transaction in which nobody else writes. Where there is always somebody who does, at last one beside them: the looks that follow find what they wrote. */
  async function alone<T>(work: (trx: Trx) => Promise<T>): Promise<T> {
    for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
      try {
        return await inTransaction(db, async (trx) => {
          await lockTables(trx, schema, patienceAt(attempt));
          return work(trx);
        });
      } catch (error) {
        if (!isTakenElsewhere(error)) throw error;
        await sleep(PAUSE);
      }
    }
    return inTransaction(db, work);
  }

  async function lookAndErase(trx: Trx, { id, permit, now, told }: Wanted): Promise<Erasing | Refusal> {
    const known = (await identify(trx, id)) ?? (told?.name ? await calledSo(trx, id, told) : undefined);
    // Drawn for this erasure and written down nowhere else: two people who left stay two in a check-in's history.
    const words = namingWords(id, newId(ERASED), known);
    const given = givenWord(known, DOCUMENTS);
    const sought = words.filter(({ leads }) => leads);
    if ((await countMentions(trx, schema, sought)).length === 0) return unknownPerson(id);
    if (!known && !told) return nameless(id);
    const ordinary = given.find(({ word }) => isOrdinary(word))?.word;
    const person = { id, words: [...words, ...given], sought, known, ordinary };
    return { ...person, done: await erase(trx, person, permit, now) };
  }

  async function erase(
    trx: Trx,
    { id, words }: Pick<Erasing, 'id' | 'words'>,
    permit: Permit<'cli:person erase'>,
    now: Date,
  ): Promise<Done> {
    await eraseByMark(trx, id, now);
    const deleted = await deleteOwnRows(trx, schema, id);
    const changed = await replaceWords(trx, schema, words);
    const audit = await eraseFromAudit(trx, auditKey, id);
    await writeAudit(trx, {
      at: now,
      actor: permit.by,
      action: 'privacy.erase',
      subject: ERASED,
      detail: { deleted: total(deleted), changed: total(changed), audit },
    });
    return { deleted, changed, audit };
  }

  /** Where something of theirs stands still, by table; questions too, to which only a mark of the asker's leads. */
  async function find(id: string, sought: readonly Word[]) {
    const questions = (await exportByMark(id)).length;
    const named = await countMentions(db, schema, sought);
    return [...named, ...(questions > 0 ? [{ table: 'answer_questions', rows: questions }] : [])];
  }

  return async (id, permit, now, told) => {
    if (!isPersonId(id)) return noId(id);
    const first = await alone((trx) => lookAndErase(trx, { id, permit, now, told }));
    if (isRefusal(first)) return first;
    const { sought, known, ordinary } = first;
    let { done } = first;
    await reload();
    let left = await find(id, sought);
    // What was on its way while nobody could write: a turn that had read their name already, a message about to be kept.
    for (let round = 1; left.length > 0 && round < MOST_ROUNDS; round += 1) {
      const more = await alone((trx) => erase(trx, first, permit, now));
      done = added(done, more);
      await reload();
      left = await find(id, sought);
    }
    return {
      person: id,
      deleted: Object.fromEntries(done.deleted),
      changed: Object.fromEntries(done.changed),
      audit: done.audit,
      left: Object.fromEntries(left.map(({ table, rows }) => [table, rows])),
      nameShared: (known?.namesakes ?? 0) > 0,
      ...(ordinary ? { ordinary } : {}),
    };
  };
}

function total(counts: Counts): number {
  return [...counts.values()].reduce((sum, n) => sum + n, 0);
}

function added(one: Done, other: Done): Done {
  return {
    deleted: sums(one.deleted, other.deleted),
    changed: sums(one.changed, other.changed),
    audit: one.audit + other.audit,
  };
}

function sums(one: Counts, other: Counts): Counts {
  return new Map(
    [...one.keys(), ...other.keys()].map((name) => [name, (one.get(name) ?? 0) + (other.get(name) ?? 0)]),
  );
}

function nameless(id: string): Refusal {
  return refuse(
    'name-needed',
    `${id} is not among the staff any more, so Waymark does not know their name, and cards still say it. Nothing was done. Run it again with --name "First Last" as Teams showed it, and --mail ADDRESS; with --name "" if nobody knows it.`,
  );
}
