/** A person's rights: a copy of what is kept about them, and its removal (erasing-service.ts). */
import type { Permit } from '../access/decide.ts';
import type { Refusal } from '../kernel/errors.ts';
import { listAuditOf } from '../storage/audit-store.ts';
import { createErasing, type ErasePerson, type ErasingParts } from './erasing-service.ts';
import { isPersonId, namingWords } from './person-words.ts';
import { noId, unknownPerson } from './refusals.ts';
import { copyRows, countMentions, identify, type Row } from './store.ts';

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

export type Privacy = {
  exportPerson(id: string, permit: Permit<'cli:person export'>): Promise<PersonExport | Refusal>;
  /** `told`: what somebody was called whom our copy of the staff has no more; an empty name: nobody knows it. */
  readonly erasePerson: ErasePerson;
};

export function createPrivacy(parts: ErasingParts): Privacy {
  const { db, schema, exportByMark } = parts;
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
    erasePerson: createErasing(parts),
  };
}
