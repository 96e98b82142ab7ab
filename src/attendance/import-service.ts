/**
 * Takes one marks file from bytes to saved group weeks, or refuses it whole with every problem and its line. The pupils of
 * the file live in memory for as long as this call and are then gone.
 */
import { TextDecoder } from 'node:util';
import type { Trust } from '../config/trust.ts';
import { refuse } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { dateOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { type FoldedWeek, foldMarks } from './fold.ts';
import {
  correctionNote,
  type Held,
  type ImportPlan,
  type ImportReceipt,
  type ImportRefusal,
  planImport,
} from './imports.ts';
import { currentGroups, currentWeeks, lockImports, saveImport } from './imports-store.ts';
import { createMarksReader, type MarksProblem, type MarksReader } from './marks.ts';

/** A whole text, or its bytes as they come. Bytes must be UTF-8. */
export type MarksSource = string | AsyncIterable<Uint8Array>;

export type ImportOptions = {
  /** The school the file was sent for; then every row must be of it. */
  readonly schoolUrn?: string | undefined;
  readonly now: Date;
  /** A person's id, or `waymark`. */
  readonly by: string;
  /** The file is the whole truth of its weeks: what it leaves out may go. */
  readonly replace?: boolean | undefined;
};

type Resources = { readonly db: Db; readonly trust: Trust; readonly log: Log };

export async function importFile(
  { db, trust, log }: Resources,
  id: string,
  source: MarksSource,
  options: ImportOptions,
): Promise<ImportReceipt | ImportRefusal> {
  const urns = new Set(trust.schools.map((school) => school.urn));
  if (options.schoolUrn !== undefined && !urns.has(options.schoolUrn))
    return refused(
      [{ line: 0, column: 'school_urn', reason: `${options.schoolUrn} is not one of the trust’s schools` }],
      0,
    );
  const reader = createMarksReader({
    schools: urns,
    schoolUrn: options.schoolUrn,
    today: dateOf(options.now, trust.trust.zone),
  });
  const fault = await feed(reader, source);
  const reading = fault ? undefined : reader.finish();
  if (!reading) return refused([{ line: 0, column: '', reason: fault ?? '' }], 0);
  if (reading.kind === 'problems') return refused(reading.problems, reading.more);
  const weeks = foldMarks(reading.grid);
  const plan = await inTransaction(db, (trx) => save(trx, id, weeks, reading.rows, options));
  if (plan.losses.length > 0) return refused(plan.losses, 0, REPLACE);
  log.info('marks imported', {
    import: id,
    rows: reading.rows,
    weeks: weeks.length,
    saved: plan.save.length,
  });
  const corrected = correctionNote(plan.receipts);
  return {
    kind: 'receipt',
    importId: id,
    rows: reading.rows,
    weeks: plan.receipts,
    notes: corrected ? [...reading.notes, corrected] : reading.notes,
  };
}

async function save(
  trx: Trx,
  id: string,
  weeks: readonly FoldedWeek[],
  rows: number,
  options: ImportOptions,
): Promise<ImportPlan> {
  await lockImports(trx);
  const schools = [...new Set(weeks.map((week) => week.schoolUrn))];
  const names = [...new Set(weeks.map((week) => week.week))];
  const current = await currentWeeks(trx, schools, names);
  const totals = await currentGroups(trx, schools, names, 'all');
  const held = current.map(
    (week): Held => ({
      ...week,
      all: totals.find((one) => one.schoolUrn === week.schoolUrn && one.week === week.week)?.group,
    }),
  );
  const plan = planImport(weeks, held, options.replace ?? false);
  if (plan.losses.length > 0 || plan.save.length === 0) return plan;
  await saveImport(trx, { id, at: options.now, actor: options.by, marks: rows, weeks: plan.save });
  await writeAudit(trx, {
    at: options.now,
    actor: options.by,
    action: 'attendance.import',
    subject: id,
    detail: {
      rows,
      weeks: plan.save.length,
      corrected: plan.receipts.filter((one) => one.state === 'corrected').length,
      replace: options.replace ?? false,
    },
  });
  return plan;
}

/** Feeds the text to the reader; returns why it could not be read as text at all. */
async function feed(reader: MarksReader, source: MarksSource): Promise<string | undefined> {
  if (typeof source === 'string') {
    if (source.includes('\uFFFD')) return NOT_UTF8;
    return feedText(reader, source);
  }
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  for await (const chunk of source) {
    const fault = feedText(reader, decode(decoder, chunk));
    if (fault) return fault;
  }
  return feedText(reader, decode(decoder));
}

/** The text of the next bytes, or of what was left over; undefined when they are not UTF-8. */
function decode(decoder: TextDecoder, chunk?: Uint8Array): string | undefined {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

const NOT_UTF8 = 'the file is not UTF-8; save it as "CSV UTF-8 (comma delimited)"';

function feedText(reader: MarksReader, text: string | undefined): string | undefined {
  if (text === undefined || text.includes('\0')) return NOT_UTF8;
  reader.take(text);
  return undefined;
}

const REPLACE = ' If the file is the whole truth of those weeks, import it again as a replacement.';

function refused(problems: readonly MarksProblem[], more: number, hint = ''): ImportRefusal {
  const total = problems.length + more;
  return {
    ...refuse('marks-refused', `Nothing was imported: ${count(total, 'problem')} in the file.${hint}`),
    problems,
    more,
  };
}
