import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { readSettings } from '../../src/config/settings.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { contactOf, sampleCard } from '../support/delivery.ts';
import { type SecondProcess, startSecondProcess } from '../support/second-process.ts';
import { startService, type TestService, until, wordsOf } from '../support/service.ts';
import { testDatabaseUrl } from '../support/store.ts';

describe('the role of an instance', () => {
  it('is both where the store is embedded, and is refused otherwise', () => {
    const read = readSettings({ APP_ENV: 'local', PROCESS_ROLE: 'worker' });
    assert.equal(read.kind, 'problems');
    if (read.kind === 'problems')
      assert.match(read.problems.join(), /PROCESS_ROLE: worker needs DATABASE_URL/);
    const usual = readSettings({ APP_ENV: 'local' });
    assert.equal(usual.kind === 'ok' && usual.settings.role, 'both');
  });
});

describe('a web instance and a worker on one store', function () {
  this.timeout(60_000);
  let web: TestService;
  let worker: TestService;

  before(async function () {
    if (!testDatabaseUrl()) return this.skip();
    web = await startService({ documents: false, environment: { PROCESS_ROLE: 'web' } });
    worker = await startService({ documents: false, beside: web, environment: { PROCESS_ROLE: 'worker' } });
  });
  after(async () => {
    await worker?.close();
    await web?.close();
  });

  it('share the work: one answers, the other sends what is due, once', async () => {
    const jo = web.chat('Jo Bennett');
    await web.teams.sendMessage(jo, 'my settings');
    await web.quiet();
    assert.ok(web.shownTo(jo).length > 0, 'the web instance answers');
    const refused = await fetch(`http://127.0.0.1:${worker.instance.port}/api/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    assert.equal(refused.status, 503);
    const before = web.shownTo(jo).length;
    for (const one of [web, worker]) await one.instance.clock.moveTo(new Date('2026-11-23T07:46:00Z'));
    worker.instance.app.wake();
    const sent = () =>
      web
        .shownTo(jo)
        .slice(before)
        .filter((shown) => /Two minutes/.test(wordsOf(shown)));
    await until(() => sent().length > 0, "the head's digest", 30_000);
    await web.quiet();
    assert.equal(sent().length, 1);
    assert.deepEqual(web.teams.duplicates(), []);
  });

  it('tells of a worker that stands still from the instance that lives', async () => {
    const owen = web.chat('Owen Pryce');
    await web.teams.sendMessage(owen, 'my settings');
    await worker.instance.app.runner.stop();
    await worker.instance.app.delivery.stop();
    await web.instance.clock.moveTo(new Date('2026-11-24T08:25:00Z'));
    for (let look = 0; look < 2; look += 1) await web.instance.app.watch.look(web.instance.clock.now());
    await until(
      () => web.shownTo(owen).some((shown) => /did not happen in time/.test(wordsOf(shown))),
      'the alarm',
      20_000,
    );
  });
});

describe('two workers in processes of their own', function () {
  this.timeout(60_000);
  let first: TestService;
  let second: SecondProcess;

  before(async function () {
    const url = testDatabaseUrl();
    if (!url) return this.skip();
    first = await startService({ documents: false, environment: { PROCESS_ROLE: 'worker' } });
    second = await startSecondProcess(first, url, 'samples/trust.yaml', { PROCESS_ROLE: 'worker' });
  });
  after(async () => {
    await second?.close();
    await first?.close();
  });

  it('share one run: each sends some of it, and nothing goes twice', async () => {
    const { delivery, directory, clock } = first.instance.app;
    // Staff alone are written to; each gets several, so that there is enough to share.
    const staff = (await directory.staff()).map(({ id }) => id);
    const people = Array.from({ length: 200 }, (_, index) => staff[index % staff.length] ?? '');
    for (const personId of staff) await delivery.rememberConversation(contactOf(personId, first.teams.url));
    const drafts = people.map((personId, index) => ({
      key: `shared/${index}`,
      target: { kind: 'person', personId } as const,
      card: sampleCard('For all of us'),
    }));
    await inTransaction(first.store.db, (trx) => delivery.enqueue(trx, 'shared', drafts, clock.now()));
    await until(
      async () => (await delivery.report('shared')).delivered === people.length,
      'all to be delivered',
      30_000,
    );
    assert.deepEqual(first.teams.duplicates(), []);
    const { rows } = await sql<{ sent: number }>`
      select count(*)::int as sent from deliveries where run_id = 'shared' group by lease_holder`.execute(
      first.store.db,
    );
    assert.equal(rows.length, 2, `sent by each: ${rows.map(({ sent }) => sent).join(', ')}`);
    assert.ok(
      rows.every(({ sent }) => sent >= 10),
      `sent by each: ${rows.map(({ sent }) => sent).join(', ')}`,
    );
  });
});
