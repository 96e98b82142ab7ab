/**
 * Writes an import: its weeks staged some hundred groups at a time, where nobody sees them, and then published in one short
 * transaction with the audit, the receipts and, where a school shows its pupils, their sealed names.
 */
import { setImmediate as breathe } from 'node:timers/promises';
import type { Trust } from '../config/trust.ts';
import type { Keyring } from '../kernel/keyring.ts';
import { dateOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { ImportOptions, ImportParts } from './import-parts.ts';
import type { ImportReceipt, WeekPlan } from './imports.ts';
import {
  abandonedImports,
  currentWeeks,
  dropStaged,
  lockImports,
  publishImport,
  stageImport,
  stageWeeks,
} from './imports-store.ts';
import type { SchoolNames } from './names.ts';
import { dropOldSheets, keepPupilRows, stageSheets } from './pupils-store.ts';
import { receiptDrafts } from './receipt-card.ts';

const HOUR = 3_600_000;
/** Group weeks a statement: about 30 ms on the embedded store, which holds the event loop as long. Long texts outlive their use. */
const STAGED_AT_ONCE = 300;

/** Collects weeks and writes them some hundred groups at a time. A check writes nothing. */
export function createStaging(
  db: Db,
  keys: Keyring,
  parts: Parameters<typeof stageImport>[1],
  check: boolean,
) {
  let waiting: WeekPlan[] = [];
  let groups = 0;
  let begun = false;
  async function flush(): Promise<void> {
    if (waiting.length === 0 || check) return;
    if (!begun) {
      for (const id of await abandonedImports(db, new Date(parts.at.getTime() - HOUR)))
        await dropStaged(db, id);
      await stageImport(db, parts);
    }
    begun = true;
    await stageWeeks(db, parts.id, waiting);
    await breathe();
    await stageSheets(
      db,
      keys,
      parts.id,
      waiting.flatMap(({ folded, body }) =>
        body ? [{ schoolUrn: folded.schoolUrn, week: folded.week, ...body }] : [],
      ),
    );
    waiting = [];
    groups = 0;
    await breathe();
  }
  return {
    flush,
    add: async (plan: WeekPlan) => {
      waiting.push(plan);
      groups += plan.folded.groups.length;
      if (groups >= STAGED_AT_ONCE) await flush();
    },
    drop: async () => {
      if (begun) await dropStaged(db, parts.id);
    },
  };
}

/** What receipts are listed under in the ledger: a day's imports. */
export function importRun(trust: Trust, now: Date): string {
  return `imports/${dateOf(now, trust.trust.zone)}`;
}

/** Publishes what is staged, unless one of its weeks is no longer held as it was when it was planned. */
export async function publish(
  parts: ImportParts,
  receipt: ImportReceipt,
  changed: readonly WeekPlan[],
  names: readonly SchoolNames[],
  options: ImportOptions,
): Promise<boolean> {
  const { importId: id } = receipt;
  const drafts = receiptDrafts(parts.trust, receipt, options);
  return inTransaction(parts.db, async (trx) => {
    if (changed.length > 0) {
      await lockImports(trx);
      const schools = [...new Set(changed.map(({ folded }) => folded.schoolUrn))];
      const weeks = [...new Set(changed.map(({ folded }) => folded.week))];
      const versions = new Map(
        (await currentWeeks(trx, schools, weeks)).map((one) => [`${one.schoolUrn} ${one.week}`, one.version]),
      );
      if (
        changed.some(
          ({ folded, version }) => (versions.get(`${folded.schoolUrn} ${folded.week}`) ?? 0) + 1 !== version,
        )
      )
        return false;
      await publishImport(trx, { id, at: options.now, weeks: changed });
      const corrected = changed.filter(({ version }) => version > 1).map(({ folded }) => folded);
      await dropOldSheets(trx, id, corrected);
      await writeAudit(trx, {
        at: options.now,
        actor: options.by,
        action: 'attendance.import',
        subject: id,
        detail: {
          rows: receipt.rows,
          weeks: changed.length,
          corrected: receipt.weeks.filter((one) => one.state === 'corrected').length,
          replace: options.replace ?? false,
        },
      });
    }
    await keepPupilRows(trx, parts.pupilKeys, id, names);
    for (const draft of drafts) {
      const fresh = await parts.outbox.enqueue(
        trx,
        importRun(parts.trust, options.now),
        [draft],
        options.now,
      );
      // One receipt for a school's week: a nightly export keeps it up to date instead of sending another.
      if (fresh === 0) await parts.outbox.revise(trx, draft.key, draft.card, options.now);
    }
    return true;
  });
}
