import { strict as assert } from 'node:assert';
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { useGraph } from '../../test/support/graph.ts';
import { marksFile, weekWith } from '../../test/support/marks.ts';
import { keepingOutbox, PUPIL_KEYS, sampleTrust } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { importFile } from '../attendance/import-service.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import { silentLog } from '../telemetry/log.ts';
import { createIntake } from './marks-intake.ts';

const NOW = new Date('2026-11-20T18:00:00Z');
const GOOD = marksFile('100001', '2026-11-16', [{ id: '1', marks: weekWith(2) }]);
const BAD = GOOD.replace(',AM,I,', ',AM,=1+1,');

describe('marks that come by themselves', () => {
  const store = useStore();
  const given = useGraph();
  let dir: string;

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'waymark-drop-'));
    const db = store().db;
    for (const table of [
      'group_weeks',
      'school_weeks',
      'attendance_imports',
      'import_files',
      'import_cursors',
    ] as const)
      await db.deleteFrom(table).execute();
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  function open(library = false, mostBytes?: number) {
    const outbox = keepingOutbox();
    const trust = sampleTrust();
    if (library)
      trust.imports.library = {
        drive: must(given().sandbox.tenant.drives[0], 'a drive').id,
        folder: 'Marks exports',
      };
    const parts = {
      db: store().db,
      trust,
      outbox,
      log: silentLog,
      pseudonymKey: 'a key for tests',
      pupilKeys: PUPIL_KEYS,
    };
    const intake = createIntake({
      marksDir: library ? undefined : dir,
      db: store().db,
      trust,
      attendance: { importMarks: (source, options) => importFile(parts, source, options) },
      graph: given().graph,
      clock: { now: () => NOW },
      log: silentLog,
      ...(mostBytes === undefined ? {} : { mostBytes }),
    });
    return { intake, outbox };
  }

  /** A file that has lain still for a minute. */
  async function drop(name: string, text: string, ageSeconds = 60): Promise<void> {
    const path = join(dir, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    const then = Date.now() / 1000 - ageSeconds;
    await utimes(path, then, then);
  }

  const weeksHeld = async () =>
    (await store().db.selectFrom('school_weeks').select(['school_urn', 'version']).execute()).map(
      (row) => `${row.school_urn} v${row.version}`,
    );
  const downloads = () => given().sandbox.requests.filter((one) => one.path.endsWith('/content')).length;

  it('are taken from the folder once they lie still, and go to done or, with their problems beside them, to problems', async () => {
    const { intake, outbox } = open();
    await drop('week.csv', GOOD);
    await drop('100001/again.csv', BAD);
    await drop('growing.csv', GOOD, 0);
    await drop('half.csv.part', GOOD);
    assert.deepEqual(await intake.look(), { imported: 1, refused: 1, checked: 0 });
    assert.deepEqual(await weeksHeld(), ['100001 v1']);
    assert.deepEqual(await readdir(join(dir, 'done')), ['week.csv']);
    assert.deepEqual((await readdir(join(dir, 'problems'))).sort(), [
      '100001-again.csv',
      '100001-again.csv.problems.csv',
    ]);
    const list = await readFile(join(dir, 'problems', '100001-again.csv.problems.csv'), 'utf8');
    assert.match(list, /"2","mark","""\?1\?1"" is not an attendance code"/);
    assert.deepEqual(
      (await readdir(dir)).filter((name) => name.endsWith('.csv') || name.endsWith('.part')).sort(),
      ['growing.csv', 'half.csv.part'],
    );
    const told = [...outbox.drafts.values()];
    assert.deepEqual(
      told.map(({ key, target }) => [key.split('/')[0], 'personId' in target && target.personId]),
      [
        ['marks-receipt', 'cho'],
        ['marks-problems', 'cho'],
      ],
    );
    for (const { card } of told) assert.deepEqual(cardProblems(card), []);
  });

  it('are only looked at in a folder "check", and the data contact hears what they are like', async () => {
    const { intake, outbox } = open();
    await drop('check/week.csv', GOOD);
    assert.deepEqual(await intake.look(), { imported: 0, refused: 0, checked: 1 });
    assert.deepEqual(await weeksHeld(), []);
    const [draft] = outbox.drafts.values();
    assert.match(must(draft, 'a draft').card.text, /Harbour Primary: marks checked.*nothing was saved/s);
  });

  it('are put back when they could not be taken, and taken the next time', async () => {
    let broken = true;
    const { outbox } = open();
    const trust = sampleTrust();
    const parts = {
      db: store().db,
      trust,
      outbox,
      log: silentLog,
      pseudonymKey: 'a key for tests',
      pupilKeys: PUPIL_KEYS,
    };
    const intake = createIntake({
      marksDir: dir,
      db: store().db,
      trust,
      attendance: {
        importMarks: (source, options) => {
          if (broken) throw new Error('the database went away');
          return importFile(parts, source, options);
        },
      },
      graph: given().graph,
      clock: { now: () => NOW },
      log: silentLog,
    });
    await drop('week.csv', GOOD);
    assert.deepEqual(await intake.look(), { imported: 0, refused: 0, checked: 0 });
    assert((await readdir(dir)).includes('week.csv'));
    broken = false;
    await drop('week.csv', GOOD);
    assert.equal((await intake.look()).imported, 1);
  });

  it('are taken from SharePoint, each version once, from the folder that is named and no other', async () => {
    const { intake } = open(true);
    const put = async (name: string, text: string) => {
      const path = join(given().documents, name);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    };
    await put('Marks exports/week.csv', GOOD);
    await put('Policies/other.csv', GOOD);
    await put('Marks exports/readme.md', '# not marks');
    assert.deepEqual(await intake.look(), { imported: 1, refused: 0, checked: 0 });
    assert.deepEqual([await weeksHeld(), downloads()], [['100001 v1'], 1]);
    assert.deepEqual(await intake.look(), { imported: 0, refused: 0, checked: 0 });
    assert.equal(downloads(), 1);
    await put('Marks exports/week.csv', GOOD.replace(',AM,I,', ',AM,/,'));
    await put('Marks exports/100002/new.csv', BAD);
    assert.deepEqual(await intake.look(), { imported: 1, refused: 1, checked: 0 });
    assert.deepEqual((await weeksHeld()).sort(), ['100001 v1', '100001 v2']);
    assert.equal(downloads(), 3);
    // Without our place in the list everything is listed again, and nothing taken again.
    await store().db.deleteFrom('import_cursors').execute();
    assert.deepEqual(await intake.look(), { imported: 0, refused: 0, checked: 0 });
    assert.equal(downloads(), 3);
  });

  it('are refused from SharePoint when they are too big, without being fetched, and the data contact hears why', async () => {
    const { intake, outbox } = open(true, 200);
    const path = join(given().documents, 'Marks exports/100001/year.csv');
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, GOOD);
    const before = downloads();
    assert.deepEqual(await intake.look(), { imported: 0, refused: 1, checked: 0 });
    assert.equal(downloads(), before);
    assert.deepEqual(await weeksHeld(), []);
    const [draft] = outbox.drafts.values();
    assert.deepEqual(draft?.target, { kind: 'person', personId: 'cho' });
    assert.match(
      must(draft, 'a draft').card.text,
      /the file has 1 MB or more.*export fewer weeks at a time/s,
    );
    assert.deepEqual(cardProblems(must(draft, 'a draft').card), []);
    // Known now: the same version is not looked at again.
    assert.deepEqual(await intake.look(), { imported: 0, refused: 0, checked: 0 });
  });
});
