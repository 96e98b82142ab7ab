import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { parse, stringify } from 'yaml';
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import { sleep } from '../../src/kernel/time.ts';
import { type SandboxConnector, startSandboxConnector } from '../../src/sandbox/connector.ts';
import { type SandboxGraph, startSandboxGraph } from '../../src/sandbox/graph.ts';
import { createInbound } from '../../src/sandbox/inbound.ts';
import { personNamed, teamNamed } from '../../src/sandbox/tenant.ts';
import { openStore } from '../../src/storage/database.ts';
import { type Environment, type ServiceProcess, startProcess } from '../support/process.ts';
import { BOT_ID, type SampleTrust, STORY_BEGINS, until, useService, wordsOf } from '../support/service.ts';
import { testDatabaseUrl } from '../support/store.ts';

const QUESTION = 'Who may agree leave in term time?';
const SLOW = 9_000;

describe('an answer, when the service is ended with kill -9 before it is ready', function () {
  this.timeout(120_000);
  let folder = '';
  let environment: Environment = {};
  let graph: SandboxGraph;
  let teams: SandboxConnector;
  let running: ServiceProcess | undefined;
  const url = testDatabaseUrl();
  const schema = newId('t');

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-late-'));
    graph = await startSandboxGraph({ tenantFile: 'samples/tenant.yaml', documentsDir: 'samples/documents' });
    teams = await startSandboxConnector({ latency: 5 });
    const trust = parse(await readFile('samples/trust.yaml', 'utf8')) as SampleTrust;
    delete trust.library;
    await writeFile(join(folder, 'trust.yaml'), stringify(trust));
    environment = {
      APP_ENV: 'local',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      TRUST_FILE: join(folder, 'trust.yaml'),
      CONTENT_DIR: join(process.cwd(), 'samples/documents'),
      GRAPH_URL: graph.url,
      BOT_SERVICE_HOSTS: teams.url,
      CLOCK_START: STORY_BEGINS,
      LOG_LEVEL: 'warn',
      ...(url ? { DATABASE_URL: url, DATABASE_SCHEMA: schema } : {}),
    };
  });
  after(async () => {
    await running?.kill();
    await teams?.close();
    await graph?.close();
    await rm(folder, { recursive: true, force: true });
    if (url) await inStore((db) => dropSchema(db));
  });

  const to = () =>
    createInbound(teams.url, `http://127.0.0.1:${must(running, 'a service').port}/api/messages`);
  /** A colleague in their own chat, and in their school's channel. */
  const at = (name: string) => {
    const { tenant } = graph;
    const person = {
      personId: personNamed(tenant, name).id,
      name,
      tenantId: tenant.id,
      botId: BOT_ID,
    };
    const team = teamNamed(tenant, 'Harbour Primary');
    const channel = { teamId: team.id, channelId: must(team.channels[0], 'a channel').id };
    return { person, there: { ...person, channel } };
  };

  it('comes once after the restart when it was kept for later, in the person’s own chat, and nothing is left of the question’s words', async () => {
    running = await startProcess(environment);
    const { person: aisha, there } = at('Aisha Rahman');
    await to().install(aisha);
    const said = () => teams.arrivals.filter(({ activity }) => activity.type === 'message');
    await until(() => said().length === 1, 'the greeting');
    graph.slow(SLOW);
    await to().sendMessage(there, QUESTION, { extra: { id: 'slow-1' } });
    assert.equal(said().length, 1, 'nothing is said where nobody can tell who is there');
    await running.kill();
    graph.slow(0);
    if (url)
      await inStore(async (db) => {
        await sql`update activities set lease_until = clock_timestamp() where lease_until is not null`.execute(
          db,
        );
      });
    running = await startProcess(environment);
    await until(() => said().length === 2, 'the answer', 30_000);
    const last = must(said().at(-1), 'the answer');
    assert.equal(last.conversationId, `a:chat-${aisha.personId}`);
    assert.match(wordsOf(last.activity), /Only the head may agree leave in term time/);
    // Teams' own repeat, another recovery and a second restart add nothing.
    await to().sendMessage(there, QUESTION, { extra: { id: 'slow-1' } });
    await running.kill();
    running = await startProcess(environment);
    await sleep(1_500);
    assert.equal(said().length, 2);
    if (url)
      await inStore(async (db) => {
        const { rows } = await sql<{ left: number }>`
          select count(*)::int as left from activities where event is not null or person_id is not null`.execute(
          db,
        );
        assert.deepEqual(rows, [{ left: 0 }]);
      });
  });

  it('is told of once when the process ended before it could promise anything', async () => {
    running ??= await startProcess(environment);
    const { person: tom, there } = at('Tom Ellery');
    await to().install(tom);
    const own = () =>
      teams.arrivals.filter(({ conversationId }) => conversationId === `a:chat-${tom.personId}`);
    await until(() => own().length === 1, 'the greeting');
    const before = teams.arrivals.length;
    graph.slow(SLOW);
    const cut = to()
      .sendMessage(there, QUESTION, { extra: { id: 'cut-1' } })
      .catch((error: unknown) => error);
    await sleep(1_000);
    await running.kill();
    await cut;
    graph.slow(0);
    if (url)
      await inStore(async (db) => {
        const { rows } = await sql`
          update activities set received_at = received_at - interval '1 minute' where state = 'running' returning key`.execute(
          db,
        );
        assert.equal(rows.length, 1);
      });
    running = await startProcess(environment);
    await until(() => own().length === 2, 'the word about it', 30_000);
    assert.match(wordsOf(own().at(-1)?.activity), /I was restarted while I was on something/);
    // Teams' own repeat and another restart add nothing.
    await to().sendMessage(there, QUESTION, { extra: { id: 'cut-1' } });
    await running.kill();
    running = await startProcess(environment);
    await sleep(1_500);
    assert.equal(teams.arrivals.length, before + 1);
    // Asked anew, it is answered.
    await to().sendMessage(there, QUESTION, { extra: { id: 'cut-2' } });
    assert.match(wordsOf(teams.arrivals.at(-1)?.activity), /Only the head may agree leave in term time/);
  });

  async function inStore(
    work: (db: Awaited<ReturnType<typeof openStore>>['db']) => Promise<void>,
  ): Promise<void> {
    const store = await openStore({ databaseUrl: url ?? '', dataDir: '', schema });
    await work(store.db);
    await store.close();
  }
  async function dropSchema(db: Awaited<ReturnType<typeof openStore>>['db']): Promise<void> {
    await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db);
    await sql`drop schema if exists ${sql.id(`${schema}_jobs`)} cascade`.execute(db);
  }
});

describe('a late turn', () => {
  const service = useService({ trust: (trust) => void delete trust.library });

  it('of a message that is deleted before its answer is ready gets none, and the question is not kept', async function () {
    this.timeout(30_000);
    const { teams, chat, channel, graph, shownTo, quiet, everything } = service();
    const aisha = chat('Aisha Rahman');
    await teams.install(aisha);
    await quiet();
    const greeted = shownTo(aisha).length;
    const there = channel('Aisha Rahman', 'Harbour Primary');
    graph.slow(9_000);
    const { activityId } = await teams.sendMessage(there, 'Who may agree leave at the frobisher?');
    assert.match(await everything(), /frobisher/);
    await teams.deleteMessage(there, activityId);
    await service().instance.app.bot.idle();
    graph.slow(0);
    await quiet();
    assert.equal(shownTo(aisha).length, greeted);
    assert.doesNotMatch(await everything(), /frobisher/);
  });

  it('that a dead process left is taken up by one of two others, and given up after some tries', async () => {
    const { store, chat, shownTo, instance, quiet } = service();
    const tom = chat('Tom Ellery');
    await service().teams.install(tom);
    await quiet();
    const before = shownTo(tom).length;
    const leave = (key: string, tries: number) => {
      const conversation = { id: 'c', kind: 'personal', serviceUrl: '', botId: BOT_ID, tenantId: '' };
      const sender = { userId: 'u', personId: tom.personId, name: 'Tom' };
      const event = { key, kind: 'message', text: QUESTION, addressed: true, sender, conversation };
      return sql`insert into activities (key, received_at, state, person_id, event, tries, lease_until)
        values (${key}, clock_timestamp(), 'late', ${tom.personId}, ${JSON.stringify(event)}, ${tries}, clock_timestamp())`.execute(
        store.db,
      );
    };
    await leave('left-1', 0);
    await leave('left-2', 7);
    await Promise.all([1, 2, 3].map(() => instance.app.bot.recover(false)));
    await quiet();
    const words = shownTo(tom).slice(before).map(wordsOf).sort();
    assert.equal(words.length, 2);
    assert.match(words.join('\n'), /Only the head may agree leave/);
    assert.match(words.join('\n'), /went wrong on my side.+reference/);
  });
});
