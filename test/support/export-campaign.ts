/**
 * Sends seeded broken exports through the whole import on a real store and judges what came of each: no fault, nothing half
 * kept, each problem named, nothing of a pupil and no live formula in what leaves. Each family is also sent through the build
 * without its defence, where the judge must find fault with it.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { importFile } from '../../src/attendance/import-service.ts';
import type { ImportReceipt, ImportRefusal } from '../../src/attendance/imports.ts';
import { problemList } from '../../src/attendance/problem-list.ts';
import { messageOf } from '../../src/kernel/errors.ts';
import { newId } from '../../src/kernel/ids.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import { type Db, openStore } from '../../src/storage/database.ts';
import { migrate } from '../../src/storage/migrate.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { FAMILIES } from './export-families.ts';
import { type Export, type Family, FIRST, NAMES, SECOND } from './export-rows.ts';
import { keepingOutbox, PUPIL_KEYS, sampleTrust } from './school.ts';

export type CampaignResult = {
  readonly figures: Readonly<Record<string, number>>;
  readonly bars: Readonly<Record<string, boolean>>;
  /** What the judge found wrong with the real build, and families whose broken build it did not find fault with. */
  readonly faults: readonly string[];
  readonly unseen: readonly string[];
};

const NOW = new Date('2026-11-21T09:00:00Z');
const BROKEN_TRIES = 6;

export async function runExportCampaign(parts: {
  readonly exports: number;
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly db?: Db;
}): Promise<CampaignResult> {
  const own = parts.db ? undefined : await ownStore();
  const db = parts.db ?? own?.db;
  if (!db) throw new Error('no store');
  const each = Math.ceil(parts.exports / FAMILIES.length);
  const faults: string[] = [];
  const unseen: string[] = [];
  let sent = 0;
  try {
    for (const [number, family] of FAMILIES.entries()) {
      let wrong = 0;
      for (let index = 0; index < each; index += 1) {
        const made = family.make(seeded(parts.seed * 1_000_003 + number * 10_007 + index));
        const fault = await judge(db, made, made.bytes);
        sent += 1;
        if (!fault) continue;
        wrong += 1;
        faults.push(`${family.name} (${index}): ${fault}`);
      }
      if (!(await isSeen(db, family, parts.seed, number))) unseen.push(family.name);
      if (wrong > 0) parts.say(`  ${family.name}: ${wrong} of ${each} wrong`);
    }
  } finally {
    await own?.close();
  }
  parts.say(
    `${sent} broken exports of ${FAMILIES.length} families: ${faults.length} wrong; ${unseen.length} families not seen to fail in their broken build`,
  );
  for (const line of [...faults.slice(0, 10), ...unseen]) parts.say(`  ${line}`);
  return {
    figures: { exports: sent, exportFamilies: FAMILIES.length, exportFaults: faults.length },
    bars: {
      'exports: no fault, nothing half kept, each problem named': faults.length === 0,
      'exports: each family seen to fail in its broken build': unseen.length === 0,
    },
    faults,
    unseen,
  };
}

/** Whether the judge finds fault with some file of the family in the build without its defence. */
async function isSeen(db: Db, family: Family, seed: number, number: number): Promise<boolean> {
  for (let index = 0; index < BROKEN_TRIES; index += 1) {
    const made = family.make(seeded(seed * 999_983 + number * 10_009 + index));
    if (await judge(db, made, family.broken(made.bytes))) return true;
  }
  return false;
}

/** What is wrong with what came of the file; undefined when nothing is. */
async function judge(db: Db, made: Export, bytes: Buffer): Promise<string | undefined> {
  await empty(db);
  if (made.again) await send(db, made.again);
  const before = await held(db);
  let result: ImportReceipt | ImportRefusal;
  try {
    result = await send(db, bytes);
  } catch (error) {
    return `a fault: ${messageOf(error)}`;
  }
  const shown = JSON.stringify(result);
  if (NAMES.some((name) => shown.includes(name))) return 'a name from the file is shown';
  const { expected } = made;
  if (result.kind === 'refusal') {
    if (expected.kind === 'imported') return `refused: ${result.problems[0]?.reason}`;
    if ((await held(db)) !== before) return 'refused, and something was kept';
    if (result.problems.length === 0 || result.problems.some(({ reason }) => reason === ''))
      return 'a problem without a name';
    if (liveCells(problemList(result.problems, result.more)).length > 0)
      return 'a live formula in the list of problems';
    return result.problems.some(expected.names)
      ? undefined
      : `names something else: ${result.problems[0]?.line} ${result.problems[0]?.column} ${result.problems[0]?.reason}`;
  }
  if (expected.kind === 'refused') return 'imported';
  if (made.again && result.weeks.some(({ state }) => state !== 'unchanged'))
    return 'the same marks changed a week';
  const { note, sessions } = expected;
  if (note && !result.notes.some((one) => note.test(one))) return `does not say ${note}`;
  const found = await sessionsHeld(db);
  return JSON.stringify(found) === JSON.stringify(sessions)
    ? undefined
    : `${JSON.stringify(found)} for ${JSON.stringify(sessions)}`;
}

function send(db: Db, bytes: Buffer) {
  const trust = sampleTrust();
  const schools = trust.schools.map((school, index) => ({ ...school, urn: index === 0 ? FIRST : SECOND }));
  return importFile(
    {
      db,
      trust: { ...trust, schools },
      outbox: keepingOutbox(),
      log: silentLog,
      pseudonymKey: 'a key for tests',
      pupilKeys: PUPIL_KEYS,
    },
    pieces(bytes),
    { now: NOW, by: 'campaign', source: 'folder', tell: true },
  );
}

async function* pieces(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** Cells that a spreadsheet would carry out. */
export function liveCells(csv: string): string[] {
  return csv
    .replace(/^\uFEFF/, '')
    .split(/\r\n/)
    .flatMap((line) => line.match(/"(?:[^"]|"")*"/g) ?? [])
    .filter((cell) => /^"\s*[=+\-@]/.test(cell));
}

async function held(db: Db): Promise<string> {
  const counts: number[] = [];
  for (const table of ['attendance_imports', 'school_weeks', 'group_weeks', 'pupil_weeks'] as const)
    counts.push((await db.selectFrom(table).selectAll().execute()).length);
  return counts.join();
}

async function sessionsHeld(db: Db): Promise<Record<string, string>> {
  const rows = await db
    .selectFrom('group_weeks')
    .innerJoin('school_weeks', (join) =>
      join
        .onRef('school_weeks.school_urn', '=', 'group_weeks.school_urn')
        .onRef('school_weeks.week', '=', 'group_weeks.week')
        .onRef('school_weeks.import_id', '=', 'group_weeks.import_id'),
    )
    .selectAll('group_weeks')
    .where('group_type', '=', 'all')
    .where('superseded_at', 'is', null)
    .orderBy('group_weeks.school_urn')
    .execute();
  return Object.fromEntries(
    rows.map((row) => {
      const attended = row.present + row.approved;
      return [row.school_urn, `${attended}/${attended + row.authorised + row.unauthorised}`];
    }),
  );
}

async function empty(db: Db): Promise<void> {
  for (const table of ['group_weeks', 'school_weeks', 'attendance_imports'] as const)
    await db.deleteFrom(table).execute();
}

async function ownStore(): Promise<{ readonly db: Db; close(): Promise<void> }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-exports-'));
  const store = await openStore({ dataDir, schema: newId('exports') });
  await migrate(store.db, store.schema);
  return {
    db: store.db,
    close: async () => {
      await store.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
