import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { sampleTrust } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { verifyAudit } from '../storage/audit-store.ts';
import { PROCESSING } from './processing-tables.ts';
import { createRetention } from './retention-service.ts';

const NOW = new Date('2026-11-23T04:40:00Z');
const KEY = 'a'.repeat(64);
const MINE = [
  'deliveries',
  'digests',
  'milestones',
  'checkins',
  'checkin_history',
  'checkin_messages',
  'releases',
];

describe('how long anything is kept', () => {
  const store = useStore();
  const retention = () => createRetention({ db: store().db, trust: sampleTrust(), auditKey: KEY });
  const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();
  const insert = async (table: string, rows: readonly Record<string, unknown>[]) => {
    for (const row of rows)
      await sql`insert into ${sql.table(table)} (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
        values (${sql.join(Object.values(row))})`.execute(store().db);
  };
  const idsOf = async (table: string, column = 'id') => {
    const { rows } = await sql<{ id: string }>`
      select ${sql.ref(column)} as id from ${sql.table(table)} order by 1`.execute(store().db);
    return rows.map(({ id }) => id);
  };

  beforeEach(async () => {
    await sql`truncate ${sql.join([...MINE, 'milestone_history', 'audit'].map((table) => sql.table(table)))} cascade`.execute(
      store().db,
    );
  });

  it('is written down for every table there is, and for none that there is not', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables
      where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name not like 'kysely%'`.execute(
      store().db,
    );
    assert.deepEqual(rows.map(({ name }) => name).sort(), Object.keys(PROCESSING).sort());
  });

  it('ends for a pause after it ended, and never while it lasts', async () => {
    const pause = (id: string, since: string, until: string | null) => ({
      id,
      kind: 'school',
      subject: id,
      reason: 'Closed',
      paused_by: 'ada',
      since,
      until,
    });
    await insert('pauses', [
      pause('lasts', daysAgo(900), null),
      pause('long over', daysAgo(900), daysAgo(401)),
      pause('just over', daysAgo(900), daysAgo(399)),
    ]);
    assert.deepEqual(await retention().retain(NOW), { pauses: 1 });
    assert.deepEqual(await idsOf('pauses'), ['just over', 'lasts']);
    await sql`truncate pauses`.execute(store().db);
  });

  it('ends for messages, digests and figures after the days that the trust has chosen, and not before', async () => {
    const message = (id: string, settled: string | null) => ({
      id,
      run_id: 'run',
      key: id,
      target_kind: 'person',
      person_id: 'tom',
      card: '{}',
      urgent: false,
      state: settled ? 'gone' : 'due',
      settled_at: settled,
    });
    await insert('deliveries', [
      message('old', daysAgo(401)),
      message('young', daysAgo(399)),
      message('waiting', null),
    ]);
    const digest = (id: string, made: string) => ({
      id,
      person_id: 'ada',
      slot: id,
      date: made.slice(0, 10),
      made_at: made,
      digest: '{}',
    });
    await insert('digests', [digest('old', daysAgo(801)), digest('young', daysAgo(799))]);
    const release = (week: string) => ({
      school_urn: '100001',
      week,
      version: 1,
      published_at: NOW,
      body: '{}',
    });
    await insert('releases', ['2020-W44', '2020-W47', '2026-W47'].map(release));

    assert.deepEqual(await retention().retain(NOW), { releases: 1, deliveries: 1, digests: 1 });
    assert.deepEqual(await idsOf('deliveries'), ['waiting', 'young']);
    assert.deepEqual(await idsOf('digests'), ['young']);
    assert.deepEqual(await idsOf('releases', 'week'), ['2020-W47', '2026-W47']);
    assert.deepEqual(await retention().retain(NOW), {});
  });

  it('ends for settled check-ins with their history, and for a milestone when it has ended and none is left', async () => {
    const milestone = (id: string, ended: boolean) => ({
      id,
      title: id,
      strand: 'families',
      owner_id: 'tom',
      measure: 'Families',
      unit: 'families',
      target: 9,
      due: '2020-12-11',
      every_weeks: 3,
      first_round: '2020-11-23',
      ended,
      changed_at: daysAgo(1600),
    });
    await insert('milestones', [milestone('ended', true), milestone('busy', true), milestone('live', false)]);
    await insert(
      'milestone_history',
      ['ended', 'busy'].map((id) => ({
        milestone_id: id,
        at: daysAgo(1600),
        change: 'ended',
        milestone: '{}',
      })),
    );
    const checkin = (id: string, of: string, state: string, days: number) => ({
      id,
      milestone_id: of,
      round: '2020-11-23',
      owner_id: 'tom',
      state,
      version: 1,
      opened_at: daysAgo(days),
    });
    await insert('checkins', [
      checkin('over', 'ended', 'withdrawn', 1600),
      checkin('open', 'busy', 'open', 1600),
      checkin('recent', 'live', 'withdrawn', 10),
    ]);
    await insert(
      'checkin_history',
      ['over', 'open'].map((id) => ({
        checkin_id: id,
        version: 1,
        event: 'open',
        actor: 'tom',
        at: daysAgo(1600),
        state: 'open',
      })),
    );
    await insert('checkin_messages', [
      { key: 'card', checkin_id: 'over', person_id: 'tom', role: 'owner', sent_at: daysAgo(1600) },
    ]);

    assert.deepEqual(await retention().retain(NOW), { checkins: 1, milestones: 1 });
    assert.deepEqual(await idsOf('checkins'), ['open', 'recent']);
    assert.deepEqual(await idsOf('checkin_history', 'checkin_id'), ['open']);
    assert.deepEqual(await idsOf('checkin_messages', 'key'), []);
    assert.deepEqual(await idsOf('milestones'), ['busy', 'live']);
    assert.deepEqual(await idsOf('milestone_history', 'milestone_id'), ['busy']);
  });

  it('is reported a line a table, and leaves the audit whole', async () => {
    const report = await retention().report();
    assert.equal(report.length, Object.keys(PROCESSING).length);
    assert.equal(report.find(({ table }) => table === 'deliveries')?.days, 400);
    assert.equal((await verifyAudit(store().db, KEY)).fault, undefined);
  });
});
