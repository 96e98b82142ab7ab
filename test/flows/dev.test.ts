/** `npm run dev` as a user meets it when something is wrong: real processes, their exit codes, and what they leave behind. */
import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Command,
  type LocalOptions,
  type LocalRun,
  launchDev,
  runCli,
  runNpm,
  startDev,
  stillRunning,
  withoutNpm,
} from '../support/dev.ts';
import { freePort, freePorts } from '../support/ports.ts';

describe('the local run', function () {
  this.timeout(180_000);
  let folder: string;
  const seen = new Set<number>();
  const runs: LocalRun[] = [];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-dev-'));
  });
  after(async () => {
    for (const run of runs) if ((await stillRunning(run.pids())).length > 0) run.signal('SIGKILL', 'group');
    await rm(folder, { recursive: true, force: true });
  });

  async function start(options: Partial<LocalOptions> = {}): Promise<LocalRun> {
    const run = await startDev({ dataDir: join(folder, 'data'), ...options });
    runs.push(run);
    for (const pid of run.pids()) seen.add(pid);
    return run;
  }

  /** A run that is expected to end by itself. */
  async function fail(options: Partial<LocalOptions> = {}): Promise<Command> {
    const run = await launchDev({ dataDir: join(folder, 'unused'), ...options });
    runs.push(run);
    const code = await run.ended();
    return { code, out: run.out(), err: withoutNpm(run.err()) };
  }

  async function hold(port: number, work: () => Promise<void>): Promise<void> {
    const server: Server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      await work();
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }

  it('names every problem of a broken trust.yaml with its line, and opens no store', async () => {
    const file = join(folder, 'broken.yaml');
    const text = await readFile('samples/trust.yaml', 'utf8');
    await writeFile(
      file,
      text.replace('Europe/London', 'Mars/Base').replace('phase: special', 'phase: moon'),
    );
    const lines = text.split('\n');
    const lineOf = (part: string) => lines.findIndex((line) => line.includes(part)) + 1;
    const { code, err } = await fail({ environment: { TRUST_FILE: file } });
    assert.equal(code, 1);
    assert.match(err, /has 2 problems/);
    assert.ok(err.includes(`${file}:${lineOf('Europe/London')} trust.zone `), err);
    assert.ok(err.includes(`${file}:${lineOf('phase: special')} schools[`), err);
    assert.ok(!existsSync(join(folder, 'unused')));
  });

  it('names every setting that is wrong, with an example', async () => {
    const { code, err } = await fail({ environment: { CLOCK_START: 'soon', LOG_LEVEL: 'loud' } });
    assert.equal(code, 1);
    assert.match(err, /2 setting\(s\) need attention/);
    assert.match(err, /CLOCK_START: .*Example: CLOCK_START=/);
    assert.match(err, /LOG_LEVEL: .*Example: LOG_LEVEL=/);
    assert.ok(!existsSync(join(folder, 'unused')));
  });

  it('says which port is in use, the service’s or a window’s, and what to do', async () => {
    const port = await freePort();
    const windows = await freePorts(2);
    await hold(port, async () => {
      const { code, err } = await fail({ port });
      assert.equal(code, 1);
      assert.match(
        err,
        new RegExp(`^Port ${port} is in use .*the service needs it\\.\n.*--port ${port + 10}`),
      );
    });
    await hold(windows + 1, async () => {
      const { code, err } = await fail({ playgroundPort: windows });
      assert.equal(code, 1);
      assert.match(err, new RegExp(`^Port ${windows + 1} is in use .*chat window.*\n.*--playground-port`));
    });
    assert.ok(!existsSync(join(folder, 'unused')));
  });

  it('is stopped by Ctrl-C at any moment, and starts again', async () => {
    const dataDir = join(folder, 'early');
    for (const moment of ['Starting', 'the store', 'people, documents']) {
      const run = await launchDev({ dataDir });
      runs.push(run);
      await run.printed(moment);
      const pids = run.pids();
      run.signal('SIGINT', 'group');
      await run.ended();
      assert.deepEqual(await stillRunning(pids), [], `stopped at "${moment}"`);
      assert.ok(!existsSync(join(dataDir, 'waymark.lock')), `unlocked after "${moment}"`);
    }
    await rm(dataDir, { recursive: true, force: true });
  });

  it('makes the store anew when a kill cut its making short', async () => {
    const dataDir = join(folder, 'cut');
    const run = await launchDev({ dataDir });
    runs.push(run);
    while (!existsSync(join(dataDir, 'pglite', 'base')))
      await new Promise((resolve) => setTimeout(resolve, 5));
    run.signal('SIGKILL', 'waymark');
    await run.ended();
    assert.ok(existsSync(join(dataDir, 'pglite.unfinished')), 'killed while the store was being made');
    const asked = runCli(dataDir, ['deliveries', 'report'], { GRAPH_URL: 'http://127.0.0.1:9' });
    assert.equal(asked.code, 0, asked.err);
    await rm(dataDir, { recursive: true, force: true });
  });

  describe('with documents of which one is broken', () => {
    let run: LocalRun;

    before(async () => {
      const documents = join(folder, 'documents');
      await cp('samples/documents', documents, { recursive: true });
      const file = join(documents, 'strategy-2026-27.docx');
      await writeFile(file, (await readFile(file)).subarray(0, 900));
      run = await start({ environment: { CONTENT_DIR: documents } });
    });

    it('names the broken one on a line, and answers from the others', () => {
      assert.equal(run.out().match(/Left out/g)?.length, 1, run.out());
      assert.match(run.out(), /Left out: strategy-2026-27\.docx .*not a whole Word file/);
      assert.equal(withoutNpm(run.err()).trim(), '');
      const { code, out } = run.cli('ask', 'How do I ask for flexible working?');
      assert.equal(code, 0);
      assert.match(out, /\[1\]/);
    });

    it('refuses a second one on the same folder, which changes nothing for the first', async () => {
      const second = await fail({ dataDir: run.dataDir });
      assert.equal(second.code, 1);
      assert.match(second.err, /^Another Waymark \(process \d+\) is using the folder .*\nStop it first/);
      assert.equal(run.cli('deliveries', 'report').code, 0);
    });

    it('refuses a marks file whole, names each bad line, and leaves the figures as they were', async () => {
      const before = run.cli('attendance', 'week', '--week', '2026-W47', '--json');
      const file = join(folder, 'marks.csv');
      await writeFile(file, await damagedMarks(run.dataDir));
      const { code, err, out } = run.cli('attendance', 'import', file);
      assert.equal(code, 1, out);
      const said = `${out}${err}`;
      assert.match(said, /Nothing was imported: 2 problems in the file/);
      assert.match(said, /line 4, /);
      assert.match(said, /line 7, /);
      assert.match(said, /Nothing was changed/);
      assert.equal(run.cli('attendance', 'week', '--week', '2026-W47', '--json').out, before.out);
    });

    it('leaves no process and no lock when SIGTERM stops it, and goes on from there', async () => {
      const pids = run.pids();
      assert.ok(pids.length >= 4, `npm, Waymark and two windows: ${pids.join(', ')}`);
      run.signal('SIGTERM', 'npm');
      await run.ended();
      assert.deepEqual(await stillRunning(pids), []);
      assert.ok(!existsSync(join(run.dataDir, 'waymark.lock')));
    });

    it('leaves no window behind when it is killed, and the next start works', async () => {
      const killed = await start();
      const pids = killed.pids();
      killed.signal('SIGKILL', 'waymark');
      await killed.ended();
      assert.deepEqual(await stillRunning(pids), []);
      assert.ok(existsSync(join(killed.dataDir, 'waymark.lock')), 'the lock of the dead one is there');
      const next = await start();
      assert.match(next.out(), /sample marks are there from an earlier start/);
      const again = next.pids();
      next.signal('SIGINT', 'group');
      await next.ended();
      assert.deepEqual(await stillRunning([...again, ...seen]), []);
    });
  });

  it('is ready soon, and sooner on a used folder', async () => {
    const dataDir = join(folder, 'timed');
    const costs = [];
    for (const kind of ['empty', 'used', 'used again']) {
      const run = await launchDev({ dataDir });
      runs.push(run);
      await run.printed('Service ready');
      const cost = run.cost();
      process.stderr.write(
        `      ${kind} folder: ready after ${cost.ready} s; ${cost.processor} s of processor time\n`,
      );
      costs.push(cost.processor);
      await run.printed('Stop with Ctrl-C.');
      run.signal('SIGINT', 'group');
      await run.ended();
    }
    const [empty = 0, used = 0, again = 0] = costs;
    // Wall time is what people feel, 10 s and 4 s at most; other work on this machine doubles it, and this less.
    assert.ok(empty < 20, `${empty} s of processor time on an empty folder`);
    assert.ok(Math.min(used, again) < 8, `${used} s and ${again} s of processor time on a used folder`);
  });

  it('names every setting that production misses, and ends', () => {
    const { code, err } = runNpm(['-s', 'start'], { APP_ENV: 'production', DATA_DIR: join(folder, 'none') });
    assert.equal(code, 1);
    for (const name of ['BOT_ID', 'BOT_TENANT_ID', 'BOT_TYPE', 'DATABASE_URL', 'PSEUDONYM_KEY'])
      assert.match(err, new RegExp(`${name}: required when APP_ENV=production. Example: ${name}=`));
    assert.ok(!existsSync(join(folder, 'none')));
  });

  it('says what a service without an identity lacks, and ends', () => {
    const { code, err } = runNpm(['-s', 'start'], {
      DATA_DIR: join(folder, 'alone'),
      LOG_LEVEL: 'warn',
      PORT: '0',
    });
    assert.equal(code, 1);
    assert.match(err, /^Microsoft Graph cannot be read without an identity\.\n.*npm run dev/);
    assert.ok(!existsSync(join(folder, 'alone', 'waymark.lock')));
  });
});

/**
 * A school's file of last week in which all marks differ from those held, with a mark that does not exist on line 4 and
 * a date that does not on line 7.
 */
async function damagedMarks(dataDir: string): Promise<string> {
  const text = await readFile(
    join(dataDir, 'sample-marks', 'harbour-primary-week-to-2026-11-20.csv'),
    'utf8',
  );
  const lines = text.split('\n').map((line) => line.replaceAll(/,[/\\],/g, ',O,'));
  lines[3] = (lines[3] ?? '').replace(/,(AM|PM),[^,]+,/, ',$1,%,');
  lines[6] = (lines[6] ?? '').replace(/,2026-\d\d-\d\d,/, ',2026-13-40,');
  return lines.join('\n');
}
