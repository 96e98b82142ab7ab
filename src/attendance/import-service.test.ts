import { strict as assert } from 'node:assert';
import { marksFile, pupilsMissing, type TestPupil, weekWith } from '../../test/support/marks.ts';
import { keepingOutbox, PUPIL_KEYS, sampleTrust } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { cardProblems } from '../cards/size.ts';
import { type Keyring, keyringOf } from '../kernel/keyring.ts';
import { inTransaction } from '../storage/database.ts';
import { silentLog } from '../telemetry/log.ts';
import type { ImportOptions, ImportParts } from './import-parts.ts';
import { importFile } from './import-service.ts';
import type { ImportReceipt, ImportRefusal } from './imports.ts';
import { countLockedOtherwise, forgetPupilRows, readPupilRows, readSheets } from './pupils-store.ts';
import { relock } from './relock-service.ts';

const HARBOUR = '100001';
const QUAYSIDE = '100002';
const FRIDAY = new Date('2026-11-20T18:00:00Z');
const MONDAY = new Date('2026-11-23T07:30:00Z');

/** A school of 20 disadvantaged pupils and 40 others who missed so many sessions in all. */
function school(disadvantaged: number, others: number): TestPupil[] {
  return [
    ...pupilsMissing('d', 20, disadvantaged, { pp: 'Y' }),
    ...pupilsMissing('o', 40, others, { year: '6' }),
  ];
}

describe('an import', () => {
  const store = useStore();

  function open(more: Partial<ImportParts> = {}) {
    const outbox = keepingOutbox();
    const parts: ImportParts = {
      db: store().db,
      trust: sampleTrust(),
      outbox,
      log: silentLog,
      pseudonymKey: 'a key for tests',
      pupilKeys: PUPIL_KEYS,
      ...more,
    };
    const take = (text: string | Buffer, now = FRIDAY, options: Partial<ImportOptions> = {}) =>
      importFile(parts, typeof text === 'string' ? text : chunks(text), { now, by: 'cho', ...options });
    return { outbox, take };
  }

  function receipt(result: ImportReceipt | ImportRefusal): ImportReceipt {
    assert.equal(result.kind, 'receipt', JSON.stringify(result));
    return result;
  }

  /** The counts of the current versions, without what names the import. */
  async function current() {
    const rows = await store()
      .db.selectFrom('group_weeks')
      .innerJoin('school_weeks', 'school_weeks.import_id', 'group_weeks.import_id')
      .selectAll('group_weeks')
      .where('superseded_at', 'is', null)
      .orderBy('group_type')
      .orderBy('group_key')
      .execute();
    return rows.map(({ import_id, ...counts }) => counts);
  }

  async function rowCounts(): Promise<number[]> {
    const db = store().db;
    return [
      (await db.selectFrom('attendance_imports').selectAll().execute()).length,
      (await db.selectFrom('school_weeks').selectAll().execute()).length,
      (await db.selectFrom('group_weeks').selectAll().execute()).length,
    ];
  }

  beforeEach(empty);

  async function empty(): Promise<void> {
    const db = store().db;
    await db.deleteFrom('pupil_rows').execute();
    await db.deleteFrom('group_weeks').execute();
    await db.deleteFrom('school_weeks').execute();
    await db.deleteFrom('attendance_imports').execute();
    await db.deleteFrom('audit').execute();
  }

  it('folds a file to group weeks, once however often it comes, and keeps no row about a pupil', async () => {
    const { take } = open();
    const text = marksFile(HARBOUR, '2026-11-16', school(20, 16));
    const first = receipt(await take(text));
    assert.deepEqual(first.weeks, [
      {
        schoolUrn: HARBOUR,
        week: '2026-W47',
        state: 'new',
        pupils: 60,
        complete: '100.0',
        moved: null,
        changed: 0,
        missing: 0,
        unexplained: 0,
        missingDays: [],
      },
    ]);
    const counts = await rowCounts();
    assert.deepEqual(counts, [1, 1, 12]);
    const again = receipt(await take(text, MONDAY));
    assert.deepEqual([again.weeks[0]?.state, again.weeks[0]?.moved], ['unchanged', null]);
    assert.deepEqual(await rowCounts(), counts);
    const kept = JSON.stringify([
      await store().db.selectFrom('group_weeks').selectAll().execute(),
      await store().db.selectFrom('school_weeks').selectAll().execute(),
      await store().db.selectFrom('audit').selectAll().execute(),
    ]);
    assert.doesNotMatch(kept, /Blackwood|Marigold|"d0"|"o1"/);
  });

  it('supersedes a week by its correction and says how far the figures moved', async () => {
    const { take } = open();
    await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const corrected = receipt(await take(marksFile(HARBOUR, '2026-11-16', school(18, 16)), MONDAY));
    assert.equal(corrected.weeks[0]?.state, 'corrected');
    assert.equal(corrected.weeks[0]?.moved, '0.3');
    assert.deepEqual(corrected.notes, [
      'One week was corrected; its figures moved by 0.3.',
      '2 sessions differed from what was held.',
    ]);
    const versions = await store().db.selectFrom('school_weeks').selectAll().orderBy('version').execute();
    assert.deepEqual(
      versions.map((row) => [row.version, row.superseded_at?.toISOString() ?? null]),
      [
        [1, MONDAY.toISOString()],
        [2, null],
      ],
    );
  });

  it('joins parts of a week in any order to what the whole file gives, and counts nothing twice', async () => {
    const { take } = open();
    const all = school(20, 16);
    const part = (pupils: readonly TestPupil[], from: number, to: number) =>
      marksFile(
        HARBOUR,
        '2026-11-16',
        pupils.map((pupil) => ({
          ...pupil,
          marks: pupil.marks
            .split(' ')
            .map((mark, place) => (place >= from && place < to ? mark : '.'))
            .join(' '),
        })),
      );
    const parts = [part(all.slice(0, 40), 0, 6), part(all.slice(30), 0, 10), part(all, 4, 10)];
    for (const text of parts) receipt(await take(text));
    const joined = await current();
    const whole = receipt(await take(marksFile(HARBOUR, '2026-11-16', all), MONDAY));
    assert.equal(whole.weeks[0]?.state, 'unchanged');
    assert.equal(whole.weeks[0]?.pupils, 60);
    await empty();
    await take(marksFile(HARBOUR, '2026-11-16', all));
    assert.deepEqual(await current(), joined);
  });

  it('does not count pupils twice whose numbers have changed: six would pass for twelve', async () => {
    const { take } = open();
    const numbered = (prefix: string) =>
      marksFile(HARBOUR, '2026-11-16', [
        ...pupilsMissing(`${prefix}d`, 6, 12, { pp: 'Y' }),
        ...pupilsMissing(`${prefix}o`, 40, 40, { year: '6' }),
      ]);
    receipt(await take(numbered('old')));
    const refused = await take(numbered('new'), MONDAY);
    assert.equal(refused.kind, 'refusal');
    assert.match(JSON.stringify(refused), /has none of the pupils held, and as many in the same groups/);
    assert.equal(receipt(await take(numbered('old'), MONDAY)).weeks[0]?.pupils, 46);
    const replaced = receipt(await take(numbered('new'), MONDAY, { replace: true }));
    assert.equal(replaced.weeks[0]?.pupils, 46);
    // A year group that comes by itself is another part of the school.
    const seven = marksFile(HARBOUR, '2026-11-16', pupilsMissing('s', 40, 40, { year: '7' }));
    assert.equal(receipt(await take(seven, MONDAY)).weeks[0]?.pupils, 86);
  });

  it('keeps what a file does not speak of, says so, and lets it go when the file replaces its week', async () => {
    const { take } = open();
    await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const fewer = marksFile(HARBOUR, '2026-11-16', school(20, 16).slice(1));
    const kept = receipt(await take(fewer, MONDAY));
    assert.deepEqual([kept.weeks[0]?.state, kept.weeks[0]?.pupils], ['unchanged', 60]);
    assert.deepEqual(kept.notes, [
      'Up to 1 pupil of a week held before is not in the file; their marks stay.',
    ]);
    const replaced = receipt(await take(fewer, MONDAY, { replace: true }));
    assert.deepEqual([replaced.weeks[0]?.state, replaced.weeks[0]?.pupils], ['corrected', 59]);
    const blank = receipt(
      await take(marksFile(HARBOUR, '2026-11-16', [{ id: 'd1', pp: 'Y', marks: '_ \\' }]), MONDAY),
    );
    assert.deepEqual(blank.notes.slice(1, 3), [
      '1 session differed from what was held.',
      '1 mark held before is blank in this file, and now here too.',
    ]);
  });

  it('does not let totals push out marks unless that is meant, nor a part of a week push out totals', async () => {
    const { take } = open();
    const totals =
      'school_urn,week_commencing,group_type,group,pupils,possible,attended,authorised,unauthorised\n';
    const row = `${HARBOUR},2026-11-16,all,all,60,600,570,20,10\n`;
    const first = receipt(await take(`${totals}${row}`));
    assert.deepEqual([first.weeks[0]?.state, first.weeks[0]?.pupils], ['new', 60]);
    const part = await take(marksFile(HARBOUR, '2026-11-16', school(20, 16).slice(1)), MONDAY);
    assert.equal(part.kind, 'refusal');
    assert.match(
      part.problems[0]?.reason ?? '',
      /10 marks that are held already are not in the file \(590 of 600\)/,
    );
    assert.match(
      part.message,
      /If the file is the whole truth of those weeks, import it again as a replacement/,
    );
    const marks = receipt(await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)), MONDAY));
    assert.equal(marks.weeks[0]?.state, 'corrected');
    const before = await rowCounts();
    const again = await take(`${totals}${row}`, MONDAY);
    assert.equal(again.kind, 'refusal');
    assert.match(again.problems[0]?.reason ?? '', /is held from marks, which say more than totals/);
    assert.deepEqual(await rowCounts(), before);
  });

  it('imports nothing of a file with one bad line, of one for another school, or of bytes that are not UTF-8', async () => {
    const { take } = open();
    const text = marksFile(HARBOUR, '2026-11-16', school(20, 16));
    const bad = await take(text.replace(',AM,/', ',AM,QQ'));
    assert.equal(bad.kind, 'refusal');
    assert.match(bad.message, /Nothing was imported: 1 problem in the file/);
    assert.equal((await take(text, FRIDAY, { schoolUrn: QUAYSIDE })).kind, 'refusal');
    assert.equal((await take(text, FRIDAY, { schoolUrn: '999999' })).kind, 'refusal');
    const mixed = text.replace('Marigold', 'Ren\u00e9e').replace('Marigold', 'Ren\u00c3\u00a9e');
    const wrong = await take(Buffer.from(mixed, 'latin1'));
    assert.equal(wrong.kind, 'refusal');
    assert.match(wrong.problems[0]?.reason ?? '', /mixes two encodings/);
    assert.deepEqual(await rowCounts(), [0, 0, 0]);
    const good = await take(Buffer.from(`\uFEFF${text.replace('Marigold', 'Renée')}`));
    assert.equal(good.kind, 'receipt');
  });

  it('only compares a file that is to be checked, and saves nothing', async () => {
    const { take, outbox } = open();
    const checked = receipt(
      await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)), FRIDAY, { check: true }),
    );
    assert.deepEqual([checked.saved, checked.weeks[0]?.state], [false, 'new']);
    assert.deepEqual([await rowCounts(), outbox.drafts.size], [[0, 0, 0], 0]);
  });

  it('tells the data contact once for a school’s week, and keeps what it tells up to date', async () => {
    const { take, outbox } = open();
    const late = school(20, 16).map((pupil) => ({
      ...pupil,
      marks: pupil.marks.split(' ').slice(0, 9).concat('_').join(' '),
    }));
    await take(marksFile(HARBOUR, '2026-11-16', late));
    const key = `marks-receipt/${HARBOUR}/2026-W47`;
    assert.deepEqual([...outbox.drafts.keys()], [key]);
    assert.match(outbox.face(key).text, /60 pupils\. 90 in every 100 marks are in\./);
    assert.match(outbox.face(key).text, /60 sessions without a mark \(Friday\)/);
    assert.doesNotMatch(outbox.face(key).text, /Blackwood|Marigold/);
    assert.deepEqual(cardProblems(outbox.face(key)), []);
    await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)), MONDAY);
    assert.equal(outbox.drafts.size, 1);
    assert.match(outbox.face(key).text, /Every mark is in\. 60 sessions changed; the school’s figure/);
  });

  it('locks marks and names anew when the key changes, after which the older key is needed for nothing', async () => {
    const trust = sampleTrust();
    for (const one of trust.schools) one.pupils = 'on';
    const { db } = store();
    const place = { schoolUrn: HARBOUR, week: '2026-W47', regGroup: '5A', actor: 'tom', purpose: 'view' };
    const see = async (keys: Keyring) => ({
      sheets: (await readSheets(db, keys, HARBOUR, ['2026-W47'])).map(({ body }) =>
        Buffer.from(body).toString('hex'),
      ),
      names: await inTransaction(db, (trx) => readPupilRows(trx, keys, place, MONDAY)),
    });
    await open({ trust }).take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const before = await see(PUPIL_KEYS);
    assert.ok(before.sheets.length === 1 && before.names.length > 0);
    // What a version before wrote: sheets that nothing locks.
    await db
      .updateTable('pupil_weeks')
      .set({ key_mark: null, body: Buffer.from(before.sheets[0] ?? '', 'hex') })
      .execute();
    const [newest, older] = ['cd'.repeat(32), 'ab'.repeat(32)];
    const changing = keyringOf(newest, older);
    assert.deepEqual(await see(changing), before);
    assert.deepEqual(await countLockedOtherwise(db, changing), { sheets: 1, names: 1 });
    assert.deepEqual(await relock(db, changing), { sheets: 1, names: 1 });
    assert.deepEqual(await relock(db, changing), { sheets: 0, names: 0 });
    assert.deepEqual(await see(keyringOf(newest)), before);
    await assert.rejects(see(PUPIL_KEYS), { code: 'key-missing' });
  });

  it('keeps names only for a school that shows its pupils, locked to their place, for two weeks, and audits each reading', async () => {
    const trust = sampleTrust();
    const [harbour, quayside] = trust.schools;
    assert(harbour && quayside);
    harbour.pupils = 'on';
    const { take } = open({ trust });
    await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    await take(marksFile(QUAYSIDE, '2026-11-16', school(20, 16)));
    const kept = await store().db.selectFrom('pupil_rows').selectAll().execute();
    assert.deepEqual(
      kept.map((row) => [row.school_urn, row.reg_group, row.expires_at.toISOString()]),
      [[HARBOUR, '5A', '2026-12-04T18:00:00.000Z']],
    );
    assert.doesNotMatch(Buffer.from(kept[0]?.body ?? []).toString('latin1'), /Blackwood|Marigold/);
    const scope = { schoolUrn: HARBOUR, week: '2026-W47', regGroup: '5A', actor: 'tom', purpose: 'view' };
    const read = (now: Date, keys = PUPIL_KEYS) =>
      inTransaction(store().db, (trx) => readPupilRows(trx, keys, scope, now));
    const [row] = await read(MONDAY);
    assert.deepEqual([row?.surname, row?.forename], ['Blackwood', 'Marigold']);
    await assert.rejects(read(MONDAY, keyringOf('cd'.repeat(32))), /PUPIL_KEY no longer names/);
    assert.deepEqual(await read(new Date('2026-12-05T08:00:00Z')), []);
    const audited = await store().db.selectFrom('audit').selectAll().orderBy('seq').execute();
    assert.deepEqual(audited.map(({ actor, action }) => `${actor} ${action}`).slice(2), [
      'tom attendance.read-pupils',
      'tom attendance.read-pupils',
    ]);
    assert.equal(await forgetPupilRows(store().db, MONDAY, [QUAYSIDE]), 1);
  });

  it('takes one of two files for the same week at the same moment after the other, and keeps both', async () => {
    const { take } = open();
    const all = school(20, 16);
    const results = await Promise.all([
      take(marksFile(HARBOUR, '2026-11-16', all.slice(0, 30))),
      take(marksFile(HARBOUR, '2026-11-16', all.slice(30))),
    ]);
    for (const one of results) receipt(one);
    assert.deepEqual((await current()).find((row) => row.group_type === 'all')?.pupils, 60);
    const staged = await store()
      .db.selectFrom('attendance_imports')
      .where('state', '=', 'staged')
      .selectAll()
      .execute();
    assert.deepEqual(staged, []);
  });

  it('counts a week of one mark as one mark', async () => {
    const { take } = open();
    const one = receipt(await take(marksFile(HARBOUR, '2026-11-16', [{ id: '1', marks: weekWith(1, 'U') }])));
    assert.equal(one.weeks[0]?.pupils, 1);
    const all = await store()
      .db.selectFrom('group_weeks')
      .selectAll()
      .where('group_type', '=', 'all')
      .execute();
    assert.deepEqual([all[0]?.present, all[0]?.unauthorised, all[0]?.late_after], [9, 1, 1]);
  });
});

async function* chunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1000) yield bytes.subarray(at, at + 1000);
}
