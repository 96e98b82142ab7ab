/**
 * A backup, a restore into another database, and the start there, as docs/OPERATIONS.md has it: the audit verifies, the doctor finds
 * nothing wrong, and nobody gets for a second time what left after the backup was made. Needs a PostgreSQL server and its client
 * programs.
 */
import { strict as assert } from 'node:assert';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import type { DeliveryState } from '../../src/delivery/message.ts';
import { newId } from '../../src/kernel/ids.ts';
import { openStore, type Store } from '../../src/storage/database.ts';
import { HARBOUR, importMarks } from '../support/marks-files.ts';
import { runCommand, type ServiceProcess, startProcess } from '../support/process.ts';
import { STORY_BEGINS, startService, type TestService, until } from '../support/service.ts';
import { testDatabaseUrl } from '../support/store.ts';

const execute = promisify(execFile);
const KEY = '5eed'.repeat(16);
const RUN = ['tick', '--at', '2026-11-23T07:46:00Z', '--no-send'] as const;

describe('a backup', function () {
  this.timeout(180_000);
  const server = testDatabaseUrl();
  const name = newId('restore').replaceAll('-', '_');
  const [from, to] = [`${name}_from`, `${name}_to`];
  /** Who the service signs in as, and who takes the dump: neither is a superuser, as on a server that somebody else runs. */
  const [owner, operator] = [`${name}_service`, `${name}_operator`];
  let folder = '';
  let service: TestService | undefined;
  let restored: ServiceProcess | undefined;
  const opened: Store[] = [];

  /** The address of another database of the same server. */
  function databaseAt(database: string, as = owner): string {
    const url = new URL(server ?? '');
    url.username = as;
    url.password = KEY;
    url.pathname = `/${database}`;
    return url.href;
  }

  async function administer(...statements: readonly string[]): Promise<void> {
    const store = await openStore({ databaseUrl: server ?? '', dataDir: '', schema: 'public' });
    for (const statement of statements) await sql.raw(statement).execute(store.db);
    await store.close();
  }

  before(async function () {
    if (!server) this.skip();
    await execute('pg_dump', ['--version']).catch(() => this.skip());
    folder = await mkdtemp(join(tmpdir(), 'waymark-restore-'));
    await administer(
      ...[owner, operator].map((role) => `create role ${role} login password '${KEY}'`),
      `grant ${owner} to ${operator}`,
      ...[from, to].map((database) => `create database ${database} owner ${owner}`),
    );
    service = await startService({
      documents: false,
      environment: { DATABASE_URL: databaseAt(from), DATABASE_SCHEMA: 'public', PSEUDONYM_KEY: KEY },
    });
  });
  after(async () => {
    await restored?.kill();
    for (const store of opened) await store.close();
    await service?.close();
    if (server && folder)
      await administer(
        ...[from, to].map((database) => `drop database if exists ${database} with (force)`),
        ...[operator, owner].map((role) => `drop role if exists ${role}`),
      );
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  it('is whole when it is restored, and a start from it sends nothing that has left since', async () => {
    assert.ok(service);
    const { teams, graph, chat, command, quiet } = service;
    for (const person of ['Helen Marsh', 'Jo Bennett', 'Aisha Rahman']) await teams.install(chat(person));
    await teams.sendMessage(chat('Aisha Rahman'), 'What are our priorities this year?');
    await importMarks(service, [HARBOUR]);
    await quiet();

    // Teams asks to wait, so that the backup is made while a Monday's cards are still in hand.
    teams.fault('*', { kind: 'status', status: 429, retryAfter: 2 }, 200);
    const before = teams.arrivals.length;
    await command(...RUN);
    const file = join(folder, 'waymark.dump');
    await execute('pg_dump', ['--format=custom', '--file', file, databaseAt(from, operator)]);
    teams.clearFaults();
    await quiet();
    const arrived = teams.arrivals.length;
    assert.ok(arrived > before, 'the cards left after the backup was made');

    const into = ['--no-owner', `--role=${owner}`, '--dbname', databaseAt(to, operator)];
    await execute('pg_restore', ['--exit-on-error', ...into, file]);
    const environment = {
      APP_ENV: 'local',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      TRUST_FILE: 'samples/trust.yaml',
      CONTENT_DIR: folder,
      GRAPH_URL: graph.url,
      BOT_SERVICE_HOSTS: teams.url,
      CLOCK_START: STORY_BEGINS,
      LOG_LEVEL: 'warn',
      PSEUDONYM_KEY: KEY,
      DATABASE_URL: databaseAt(to),
    };
    const cli = async (...argv: string[]) => {
      const { exit, out, err } = await runCommand(environment, ...argv);
      assert.equal(exit, 0, `${argv.join(' ')}: ${out}${err}`);
      return out;
    };
    const copy = await openStore({ databaseUrl: databaseAt(to), dataDir: '', schema: 'public' });
    opened.push(copy);
    const left = (...states: DeliveryState[]) =>
      copy.db
        .selectFrom('deliveries')
        .select('id')
        .where('state', 'in', states.length > 0 ? states : ['due', 'claimed', 'sending'])
        .execute();
    assert.match(await cli('audit', 'verify'), /The audit is whole/);
    await cli('pause', '--reason', 'Restored from a backup');
    restored = await startProcess(environment);
    await cli('doctor');
    // A dump may catch one on its way, and whoever held it is gone: its lease of a minute has to pass.
    await until(async () => (await left()).length === 0, 'nothing to be left to send', 90_000);
    assert.ok((await left('cancelled')).length > 0, 'what was due in the backup is withdrawn');
    assert.equal(teams.arrivals.length, arrived);
    assert.deepEqual(teams.duplicates(), []);
  });
});
