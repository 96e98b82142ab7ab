import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { COMMANDS } from '../../src/cli/commands.ts';
import { callControl, serveControl, socketOf } from '../../src/cli/control.ts';
import { runInApp } from '../../src/cli/run.ts';
import type { Trust } from '../../src/config/trust.ts';
import { dfeFile } from '../support/dfe.ts';
import { marksFile, pupilsMissing } from '../support/marks.ts';
import { type Told, useService } from '../support/service.ts';

function milestoneOf(trust: Trust): Trust['milestones'][number] {
  const [first] = trust.milestones;
  assert.ok(first);
  return first;
}

describe('a command sent to the running instance', () => {
  const service = useService();
  let folder = '';
  let control: { close(): Promise<void> };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-control-'));
    control = await serveControl(folder, (argv, io) => runInApp(argv, io, service().instance.app));
    const rows = marksFile('900001', '2026-11-16', pupilsMissing('p', 24, 10, { pp: 'Y' }));
    await writeFile(join(folder, 'marks.csv'), rows);
    await writeFile(join(folder, 'bad.csv'), rows.replace('2026-11-17', '17/11/2026'));
    await writeFile(
      join(folder, 'bad-milestones.csv'),
      'id,title,strand,owner,measure,unit,target,due,next_check_in\nx,,attendance,Nobody,Lessons,lessons,x,,\n',
    );
    await writeFile(join(folder, 'cases.json'), JSON.stringify({ cases: [] }));
    await writeFile(
      join(folder, 'published.csv'),
      dfeFile([
        {
          period: '2025',
          identifier: 'Week 47',
          phase: 'Primary',
          present: 900,
          late: 20,
          trips: 10,
          ill: 50,
          other: 20,
        },
      ]),
    );
    await writeFile(join(folder, 'questions.jsonl'), '');
    const { strand, owner } = milestoneOf(service().instance.trust);
    await writeFile(
      join(folder, 'milestones.csv'),
      `id,title,strand,owner,measure,unit,target,due,next_check_in\nlate-buses,Fewer late buses,${strand},${owner},Late buses,buses,3,2027-03-01,2026-12-07\n`,
    );
  });
  after(async () => {
    await control.close();
    await rm(folder, { recursive: true });
  });

  async function run(...argv: string[]): Promise<Told> {
    const out: string[] = [];
    const err: string[] = [];
    const io = {
      cwd: folder,
      out: (text: string) => void out.push(text),
      err: (text: string) => void err.push(text),
    };
    const exit = await callControl(folder, argv, io);
    return { exit, out: out.join('\n'), err: err.join('\n') };
  }

  /** A line for each command there is: what is typed, and how it must end. */
  const done: readonly (readonly string[])[] = [
    ['ask', 'What are our priorities this year?'],
    ['ingest', join(process.cwd(), 'samples/documents')],
    ['attendance import', 'marks.csv', '--school', '900001'],
    ['attendance week', '--week', '2026-W47', '--school', '900001'],
    ['attendance cases', 'cases.json'],
    ['attendance benchmarks', 'published.csv', '--published', '2025-12-04'],
    ['nudge preview', '--week', '2026-W47', '--audience', 'head', '--school', '900001'],
    [
      'nudge test',
      '--week',
      '2026-W47',
      '--school',
      '900001',
      '--to',
      '00000000-0000-4000-8000-000000000201',
    ],
    ['tick', '--at', '2026-11-23T07:26:00Z'],
    ['clock'],
    ['deliveries report'],
    ['pauses'],
    ['milestones import', 'milestones.csv'],
    ['milestones report', '--as-of', '2026-11-23', '--csv', 'standing.csv'],
    ['report term', '--term', '2', '--out', 'report'],
    ['audit verify'],
    ['retention report'],
    ['person export', '00000000-0000-4000-8000-000000000202'],
    ['doctor'],
  ];
  for (const [name = '', ...rest] of done) {
    it(`answers in words and, with --json, in JSON: ${name}`, async () => {
      const words = await run(...name.split(' '), ...rest);
      assert.equal(words.exit, 0, words.err || words.out);
      assert.ok(words.out.length > 0);
      const json = await run(...name.split(' '), ...rest, '--json');
      assert.equal(json.exit, 0);
      for (const text of json.out.split('\n').filter(Boolean)) assert.doesNotThrow(() => JSON.parse(text));
      assert.equal(json.err, '');
    });
  }

  it('is known for every command there is', () => {
    // A rehearsal takes a minute, rehearse.test.ts plays one. A person can be erased once, person.test.ts does it; here no card was sent that could be taken back; pausing.test.ts pauses.
    const tried = new Set([
      ...done.map(([name]) => name),
      'person erase',
      'rehearse',
      'nudge recall',
      'milestones list',
      'pause',
      'resume',
      'deliveries resend',
      'deliveries edit',
      'deliveries recall',
    ]);
    assert.deepEqual(
      COMMANDS.map(({ name }) => name).filter((name) => !tried.has(name)),
      [],
    );
  });

  it('tells of no day that is still to come', async () => {
    const told = await run('milestones', 'report', '--as-of', '2099-01-01');
    assert.equal(told.exit, 2);
    assert.match(told.err, /2099-01-01 is still to come/);
  });

  it('ends with 1 when refused, and names the problem in both forms', async () => {
    const refusals: readonly (readonly [RegExp, ...string[]])[] = [
      [/line \d+/, 'attendance', 'import', 'bad.csv', '--school', '900001'],
      [/no file/i, 'attendance', 'import', 'nowhere.csv'],
      [/names no SharePoint list/, 'milestones', 'list'],
      [/line 2, title: is empty/, 'milestones', 'import', 'bad-milestones.csv'],
      [/cannot be read/, 'milestones', 'import', 'nowhere.csv'],
      [/No school/, 'attendance', 'week', '--week', '2026-W47', '--school', '999999'],
      [/not a week/, 'attendance', 'week', '--week', 'last'],
      [/gets no card/, 'nudge', 'preview', '--week', '2026-W47', '--audience', 'head', '--school', '900004'],
      [/no run "nowhere"/, 'deliveries', 'resend', '--run', 'nowhere'],
      [/nothing to take back/, 'nudge', 'recall', '--week', '2026-W47', '--school', '900001'],
      [/Nobody on/, 'nudge', 'test', '--week', '2026-W47', '--school', '900001', '--to', 'nobody'],
      [/not a date and time/, 'tick', '--at', 'noon'],
      [/only moves forwards/, 'clock', '2026-11-22T07:25'],
      [/not a member of staff/, 'ask', 'hello', '--as', 'nobody'],
      [/is a folder, not a file/, 'attendance', 'import', '.'],
      [/nowhere is not there/, 'ingest', '/nowhere'],
      [/is a file, not a folder/, 'ingest', join(process.cwd(), 'package.json')],
    ];
    for (const [words, ...argv] of refusals) {
      const told = await run(...argv);
      assert.equal(told.exit, 1, argv.join(' '));
      assert.match(`${told.out}\n${told.err}`, words);
      assert.doesNotMatch(told.err, /^\s+at |fault in Waymark/m);
      const json = await run(...argv, '--json');
      assert.equal(json.exit, 1);
      const document = JSON.parse(json.out) as { error: string; message: string };
      assert.ok(document.error && document.message, argv.join(' '));
    }
  });

  it('lists the runs by the ids that other commands know them by', async () => {
    const told = await run('deliveries', 'report');
    const ids = [...told.out.matchAll(/^ {2}(\S+): \d+ messages?$/gm)].map(([, id = '']) => id);
    assert.ok(ids.length > 0, told.out);
    for (const id of ids) {
      const one = await run('deliveries', 'report', '--run', id);
      assert.ok(one.out.startsWith(`${id}: `) && !one.out.includes('no run'), one.out);
    }
  });

  it('says that a run is not known', async () => {
    assert.match((await run('deliveries', 'report', '--run', 'nowhere')).out, /no run "nowhere"/);
  });

  it('ends with 2 when its words are wrong, and shows the usage', async () => {
    for (const argv of [
      ['fly'],
      ['attendance', 'fly'],
      ['ask'],
      ['ask', 'one', 'two'],
      ['attendance', 'import'],
      ['attendance', 'week'],
      ['nudge', 'preview', '--week', '2026-W47', '--audience', 'everyone'],
      ['tick', '--on', 'Monday'],
    ]) {
      const told = await run(...argv);
      assert.equal(told.exit, 2, argv.join(' '));
      assert.ok(told.err.length > 0);
      assert.equal(told.out, '');
    }
  });

  it('gives a worry the card that a chat gets, and keeps no word of it', async () => {
    const told = await run('ask', 'A child in my class told me her stepdad hits her with a zorbelstick');
    assert.equal(told.exit, 0);
    assert.match(told.out, /999/);
    assert.doesNotMatch(told.out, /documents don't say/);
    assert.equal((await service().everything()).includes('zorbelstick'), false);
    assert.equal(service().logged.join('').includes('zorbelstick'), false);
  });

  it('asks without --as from what all staff may read, and leaves no question behind', async () => {
    const told = await run('ask', 'Are two heads retiring?');
    assert.doesNotMatch(told.out, /in confidence/);
    const leader = '00000000-0000-4000-8000-000000000101';
    assert.match((await run('ask', 'Are two heads retiring?', '--as', leader)).out, /in confidence/);
    assert.equal((await service().everything()).includes('Are two heads retiring'), false);
  });

  it('is not held up at the end by a caller who never says anything', async () => {
    const own = join(await mkdtemp(join(tmpdir(), 'waymark-idle-')), 'not-there-yet');
    const serving = await serveControl(own, async () => 0);
    const caller = createConnection(socketOf(own));
    await new Promise((done) => caller.once('connect', done));
    const ended = new Promise((done) => caller.once('close', done));
    await serving.close();
    await ended;
    await rm(dirname(own), { recursive: true });
  });

  it('reaches only the user who runs it, and many may be sent at once', async () => {
    if (process.platform !== 'win32') assert.equal((await stat(socketOf(folder))).mode & 0o077, 0);
    const told = await Promise.all(Array.from({ length: 8 }, () => run('clock', '--json')));
    for (const { exit, out } of told) {
      assert.equal(exit, 0);
      assert.match(out, /^\{"now":"2026-11-23T07:2/);
    }
  });

  it('outlives a caller that goes in the middle of an answer', async () => {
    // Closing a socket with unread words in it resets the connection, as `| head` and Ctrl-C do.
    for (let caller = 0; caller < 5; caller += 1) {
      const socket = createConnection(socketOf(folder)).pause();
      await once(socket, 'connect');
      socket.write(`${JSON.stringify({ argv: ['--help'], cwd: folder })}\n`);
      await run('clock');
      socket.destroy();
      await once(socket, 'close');
    }
    assert.equal((await run('clock')).exit, 0);
  });

  it('says that nobody answers when the instance has gone', async () => {
    const nobody = await mkdtemp(join(tmpdir(), 'waymark-nobody-'));
    const io = { cwd: folder, out: () => undefined, err: () => undefined };
    await assert.rejects(callControl(nobody, ['clock'], io), /does not answer commands/);
    await rm(nobody, { recursive: true });
  });
});
