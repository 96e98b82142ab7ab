/** The nightly deletion and its report, both by the register of processing. */
import type { Trust } from '../config/trust.ts';
import { dateOf, weekOf } from '../kernel/time.ts';
import { pruneAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { ProcessingEntry } from './processing.ts';
import { PROCESSING } from './processing-tables.ts';
import { type Before, countRows, deleteOld } from './retention-store.ts';

export type RetentionParts = { readonly db: Db; readonly trust: Trust; readonly auditKey: string };

/** By table: how many rows went. Tables from which none did are left out. */
export type Retained = Readonly<Record<string, number>>;

export type KeptRows = {
  readonly table: string;
  readonly holds: string;
  readonly rows: number;
  /** Of tables that are kept for a number of days: the day or the week of the oldest row. */
  readonly oldest?: string;
  readonly days?: number;
};

export type Retention = {
  /** Deletes what was kept long enough. What fails is tried again the next night; each table stands alone. */
  retain(now: Date): Promise<Retained>;
  /** What is kept now, a line a table. */
  report(): Promise<readonly KeptRows[]>;
};

const ENTRIES = Object.entries(PROCESSING) as readonly (readonly [string, ProcessingEntry])[];

export function createRetention({ db, trust, auditKey }: RetentionParts): Retention {
  return {
    retain: async (now) => {
      const gone: [string, number][] = [];
      for (const [table, { keep }] of ENTRIES) {
        if (keep.until !== 'days') continue;
        const before = beforeOf(keep.as, daysAgo(now, trust.retention[keep.setting]), trust);
        gone.push([table, await deleteOld(db, table, keep, before, childrenOf(table))]);
      }
      const entries = await inTransaction(db, (trx) =>
        pruneAudit(trx, auditKey, daysAgo(now, trust.retention.audit_days)),
      );
      return Object.fromEntries([...gone, ['audit', entries] as const].filter(([, n]) => n > 0));
    },
    report: async () => {
      const lines: KeptRows[] = [];
      for (const [table, { holds, keep }] of ENTRIES) {
        const byDays = keep.until === 'days' ? keep : undefined;
        lines.push({
          table,
          holds,
          ...(await countRows(db, table, byDays?.since)),
          ...(byDays ? { days: trust.retention[byDays.setting] } : {}),
        });
      }
      return lines;
    },
  };
}

function childrenOf(parent: string) {
  const of = ENTRIES.flatMap(([table, { keep }]) =>
    keep.until === 'parent' && keep.table === parent ? [{ table, column: keep.column, key: keep.key }] : [],
  );
  const [first] = of;
  return first ? { key: first.key, of } : undefined;
}

function beforeOf(as: 'instant' | 'week', instant: Date, trust: Trust): Before {
  return as === 'instant' ? instant : weekOf(dateOf(instant, trust.trust.zone));
}

function daysAgo(now: Date, days: number): Date {
  return new Date(now.getTime() - days * 86_400_000);
}
