/**
 * Takes one marks file from bytes to saved group weeks, or refuses it whole with every problem and its line. The pupils of
 * the file live in memory for as long as this call and are then gone. Weeks are staged in pieces, the event loop is given
 * back between them, and one short transaction publishes them with the receipts.
 */
import type { Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import { AppError, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { count } from '../kernel/text.ts';
import { dateOf } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import { createByteReader } from './encoding.ts';
import { planGiven, planMarks } from './held-service.ts';
import type { ImportOptions, ImportParts } from './import-parts.ts';
import {
  correctionNote,
  type ImportReceipt,
  type ImportRefusal,
  joinNotes,
  type WeekPlan,
} from './imports.ts';
import { createMarksReader, type MarksReader, type Read } from './marks.ts';
import { namedRows } from './names.ts';
import type { MarksProblem } from './problems.ts';
import { pseudonymsOf } from './pseudonyms.ts';
import { receiptDrafts, refusalDraft } from './receipt-card.ts';
import { createStaging, importRun, publish } from './staging-service.ts';

/** A whole text, or its bytes as they come. */
export type MarksSource = string | AsyncIterable<Uint8Array>;

/** Two files for the same weeks at the same moment: the later one reads what the earlier one left, and tries again. */
const MOST_TRIES = 5;

export async function importFile(
  parts: ImportParts,
  source: MarksSource,
  options: ImportOptions,
): Promise<ImportReceipt | ImportRefusal> {
  const { trust } = parts;
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
    columns: trust.imports.columns,
    dayFirst: trust.imports.dates === 'day/month/year',
    blankMeansNo: trust.imports.blank_means_no,
    named: new Set(showing(trust)),
  });
  const fed = await feed(reader, source, options);
  if ('problem' in fed)
    return tellRefusal(parts, options, refused([{ line: 0, column: '', reason: fed.problem }], 0));
  const reading = reader.finish();
  if (reading.kind === 'problems')
    return tellRefusal(parts, options, refused(reading.problems, reading.more));
  for (let attempt = 1; attempt <= MOST_TRIES; attempt += 1) {
    const result = await importReading(parts, reading, options, fed.note);
    if (result) return result.kind === 'refusal' ? tellRefusal(parts, options, result) : result;
  }
  throw new AppError(
    'imports-busy',
    'Other files for the same weeks kept arriving while this one was read.',
    {
      remedy: 'Nothing of it was kept. Import it again when the others are done.',
    },
  );
}

/** Schools whose pupils may be shown. */
function showing(trust: Trust): string[] {
  return trust.schools.filter((school) => school.pupils === 'on').map((school) => school.urn);
}

/** Undefined when what is held changed in between. */
async function importReading(
  parts: ImportParts,
  reading: Read,
  options: ImportOptions,
  encoding: string | undefined,
): Promise<ImportReceipt | ImportRefusal | undefined> {
  const { db, log, pupilKeys } = parts;
  const id = newId('imp');
  const staged = createStaging(
    db,
    pupilKeys,
    { id, at: options.now, actor: options.by, source: options.source ?? 'command-line', marks: reading.rows },
    options.check ?? false,
  );
  try {
    const plans: WeekPlan[] = [];
    const losses: MarksProblem[] = [];
    for await (const plan of reading.kind === 'marks'
      ? planMarks(parts, reading, options)
      : planGiven(parts, reading, options)) {
      // Sheets and groups are staged and let go: of a year for a whole trust they are thirty megabytes.
      plans.push({ ...plan, body: undefined, folded: { ...plan.folded, groups: [] } });
      if (plan.loss) losses.push({ line: 0, column: '', reason: plan.loss });
      else if (plan.receipt.state !== 'unchanged' && losses.length === 0) await staged.add(plan);
    }
    if (losses.length > 0) {
      await staged.drop();
      return refused(losses, 0, REPLACE);
    }
    await staged.flush();
    const changed = plans.filter((plan) => plan.receipt.state !== 'unchanged');
    const corrected = correctionNote(plans.map((plan) => plan.receipt));
    const notes = [
      ...(encoding ? [encoding] : []),
      ...reading.notes,
      ...(corrected ? [corrected] : []),
      ...joinNotes(plans),
    ];
    const receipt: ImportReceipt = {
      kind: 'receipt',
      importId: id,
      saved: !options.check,
      rows: reading.rows,
      weeks: plans.map((plan) => plan.receipt),
      notes,
    };
    if (options.check) {
      if (options.tell) await tell(parts, options, receiptDrafts(parts.trust, receipt, options));
      return receipt;
    }
    const names = reading.kind === 'marks' ? namedRows(reading.grid, schoolNames(parts, options)) : [];
    if (!(await publish(parts, receipt, changed, names, options))) {
      await staged.drop();
      return undefined;
    }
    log.info('marks imported', {
      import: id,
      rows: reading.rows,
      weeks: plans.length,
      saved: changed.length,
    });
    return receipt;
  } catch (error) {
    await staged.drop();
    throw error;
  }
}

/** The command line shows a refusal itself; of a file that came by itself somebody must be told. */
async function tellRefusal(
  parts: ImportParts,
  options: ImportOptions,
  refusal: ImportRefusal,
): Promise<ImportRefusal> {
  const { trust } = parts;
  if (options.tell) {
    const keeper = (await parts.keeper?.()) ?? trust.trust.questions_contact;
    await tell(parts, options, [refusalDraft({ trust, keeper }, refusal, options)]);
  }
  return refusal;
}

async function tell(parts: ImportParts, { now }: ImportOptions, drafts: readonly Draft[]): Promise<void> {
  const run = importRun(parts.trust, now);
  await inTransaction(parts.db, (trx) => parts.outbox.enqueue(trx, run, drafts, now));
}

function schoolNames(parts: ImportParts, options: ImportOptions) {
  return {
    schools: new Set(showing(parts.trust)),
    now: options.now,
    pseudonyms: pseudonymsOf(parts.pseudonymKey),
  };
}

type Fed = { readonly note: string | undefined } | { readonly problem: string };

/** Feeds the text to the reader; a problem when it cannot be read as text at all. */
async function feed(
  reader: MarksReader,
  source: MarksSource,
  { size = 0, mostBytes = Number.POSITIVE_INFINITY }: ImportOptions,
): Promise<Fed> {
  const bytes = createByteReader();
  let read = 0;
  if (size > mostBytes) return tooBig(size, mostBytes);
  for await (const chunk of typeof source === 'string' ? [Buffer.from(source)] : source) {
    read += chunk.length;
    if (read > mostBytes) return tooBig(read, mostBytes);
    const decoded = bytes.take(chunk);
    if ('problem' in decoded) return decoded;
    reader.take(decoded.text);
  }
  const rest = bytes.end();
  if ('problem' in rest) return rest;
  reader.take(rest.text);
  return { note: bytes.note() };
}

const MEGABYTE = 1_000_000;

function tooBig(size: number, most: number): Fed {
  const has = Math.ceil(size / MEGABYTE);
  return {
    problem: `the file has ${has} MB or more, and a marks file may have ${Math.floor(most / MEGABYTE)}; export fewer weeks at a time`,
  };
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
