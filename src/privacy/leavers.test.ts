import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { sampleTrust } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { silentLog } from '../telemetry/log.ts';
import { forgetLeavers, type LeaversForgotten, leaversInWords } from './leavers-service.ts';
import type { ProcessingEntry } from './processing.ts';
import { PROCESSING } from './processing-tables.ts';

const START = new Date('2026-09-01T04:40:00Z');
const DAY = 86_400_000;
const STAFF = Array.from({ length: 12 }, (_, n) => `person-${n}`);
const [LEAVER = '', STAYS = ''] = STAFF;

describe('what is only somebody’s own, after they left the directory', () => {
  const store = useStore();
  const day = (n: number) => new Date(START.getTime() + n * DAY);
  const insert = async (table: string, row: Readonly<Record<string, unknown>>) =>
    sql`insert into ${sql.table(table)} (${sql.join(Object.keys(row).map((name) => sql.ref(name)))})
      values (${sql.join(Object.values(row))})`.execute(store().db);
  const ownersOf = async (table: string, column: string) => {
    const { rows } = await sql<{
      id: string;
    }>`select ${sql.ref(column)} as id from ${sql.table(table)} order by 1`.execute(store().db);
    return rows.map(({ id }) => id);
  };
  /** The directory as a reading left it. */
  const directory = async (people: readonly string[], at: Date, failed = false) => {
    await sql`delete from people`.execute(store().db);
    for (const id of people)
      await insert('people', {
        id,
        name: id,
        given_name: id,
        mail: `${id}@example.org`,
        job_title: '',
        office: '',
        enabled: true,
        member: true,
      });
    await sql`update directory_state set synced_at = ${failed ? day(-1) : at}, failed_at = ${failed ? at : null},
      failure = ${failed ? 'graph-unreachable' : null}`.execute(store().db);
  };
  const night = (at: Date): Promise<LeaversForgotten> =>
    forgetLeavers({ db: store().db, trust: sampleTrust(), log: silentLog }, at);
  const without = (...ids: readonly string[]) => STAFF.filter((id) => !ids.includes(id));
  const keptOf = async (id: string) => (await ownersOf('checkin_settings', 'person_id')).includes(id);

  beforeEach(async () => {
    const { db } = store();
    for (const table of [
      'people',
      'leavers',
      'conversations',
      'checkin_settings',
      'nudge_preferences',
      'digests',
    ])
      await sql`truncate ${sql.table(table)}`.execute(db);
    await sql`update directory_state set believed_people = null, small_since = null`.execute(db);
    for (const id of STAFF) {
      await insert('conversations', {
        owner: `person:${id}`,
        conversation_id: `a:${id}`,
        service_url: 'https://smba.example/uk/',
        bot_id: 'bot',
        tenant_id: 'tenant',
        state: 'active',
      });
      await insert('checkin_settings', { person_id: id, reminded: true, changed_at: START });
      await insert('nudge_preferences', { person_id: id, every_weeks: 2, changed_at: START });
    }
    await insert('conversations', {
      owner: 'channel:19:staff',
      conversation_id: '19:staff',
      service_url: 'https://smba.example/uk/',
      bot_id: 'bot',
      tenant_id: 'tenant',
      state: 'active',
    });
    await insert('digests', {
      id: 'theirs',
      person_id: LEAVER,
      slot: 'digest/2026-W36',
      date: '2026-09-01',
      made_at: START,
      digest: '{}',
    });
    await directory(STAFF, START);
    await night(START);
  });

  it('goes when the days of the trust’s file are over, and not a day before; nobody else’s does', async () => {
    await directory(without(LEAVER), day(1));
    assert.deepEqual(await night(day(1)), { people: 0, rows: {} });
    await directory(without(LEAVER), day(90));
    assert.deepEqual(await night(day(90)), { people: 0, rows: {} });
    assert.ok(await keptOf(LEAVER));
    await directory(without(LEAVER), day(92));
    const done = await night(day(92));
    assert.deepEqual(done, {
      people: 1,
      rows: { conversations: 1, checkin_settings: 1, nudge_preferences: 1, digests: 1 },
    });
    assert.match(
      leaversInWords(done),
      /^of 1 person who left: .*1 row of “A leader’s digest as it was sent”/,
    );
    assert.deepEqual(await ownersOf('conversations', 'owner'), [
      'channel:19:staff',
      ...without(LEAVER)
        .map((id) => `person:${id}`)
        .sort(),
    ]);
    assert.deepEqual(await ownersOf('checkin_settings', 'person_id'), without(LEAVER).sort());
    assert.deepEqual(await ownersOf('leavers', 'person_id'), []);
    await directory(without(LEAVER), day(93));
    assert.deepEqual(await night(day(93)), { people: 0, rows: {} });
  });

  it('stays with whoever comes back in time, and their days begin anew when they leave again', async () => {
    await directory(without(LEAVER), day(1));
    await night(day(1));
    await directory(STAFF, day(89));
    await night(day(89));
    assert.deepEqual(await ownersOf('leavers', 'person_id'), []);
    await directory(without(LEAVER), day(95));
    assert.equal((await night(day(95))).people, 0);
    await directory(without(LEAVER), day(184));
    assert.equal((await night(day(184))).people, 0);
    await directory(without(LEAVER), day(186));
    assert.equal((await night(day(186))).people, 1);
  });

  it('stays while the directory cannot be read, is of days ago, or is empty', async () => {
    await directory(without(LEAVER), day(1));
    await night(day(1));
    const never: readonly [readonly string[], Date, boolean, string][] = [
      [without(LEAVER), day(100), true, 'not-read'],
      [without(LEAVER), day(98), false, 'not-read'],
      [[], day(100), false, 'empty'],
    ];
    for (const [people, at, failed, held] of never) {
      await directory(people, at, failed);
      assert.deepEqual(await night(day(100)), { people: 0, rows: {}, held });
      assert.ok(await keptOf(LEAVER));
    }
    await directory(without(LEAVER), day(100));
    assert.equal((await night(day(100))).people, 1);
  });

  it('stays while the directory has suddenly become small, and nobody’s days begin', async () => {
    await directory(without(LEAVER), day(1));
    await night(day(1));
    await directory([STAYS], day(95));
    const done = await night(day(95));
    assert.deepEqual(done, { people: 0, rows: {}, held: 'small' });
    assert.match(leaversInWords(done), /more than a third of its people: check staff_group/);
    assert.deepEqual(await ownersOf('leavers', 'person_id'), [LEAVER]);
    assert.ok(await keptOf(LEAVER));
  });

  it('goes at last when a directory stays small for a month, with all of its days', async () => {
    await directory([STAYS], day(1));
    assert.equal((await night(day(1))).held, 'small');
    for (const [at, people] of [
      [32, 0],
      [121, 0],
      [123, 11],
    ] as const) {
      await directory([STAYS], day(at));
      const { held, people: left } = await night(day(at));
      assert.deepEqual([held, left], [undefined, people]);
    }
    assert.deepEqual(await ownersOf('checkin_settings', 'person_id'), [STAYS]);
  });

  it('is said of every table with a person’s column, or it is said here whose else it is', async () => {
    const { rows } = await sql<{ name: string }>`
      select table_name as name from information_schema.columns
      where table_schema = current_schema() and column_name = 'person_id'`.execute(store().db);
    const owned = Object.entries(PROCESSING).filter(
      ([, { owner }]: readonly [string, ProcessingEntry]) => owner,
    );
    const others = [
      ...['activities', 'deliveries', 'gathered'], // what was sent, for the operators' report
      ...['checkin_messages', 'nudge_cards', 'channel_replies'], // with the check-in, the school's week, the thread
      ...['group_members', 'leavers'], // the directory itself
    ];
    assert.deepEqual(
      rows.map(({ name }) => name).sort(),
      [
        ...owned
          .map(([table]) => table)
          .filter((table) => !['conversations', 'answer_health_told'].includes(table)),
        ...others,
      ].sort(),
    );
  });
});
