import { strict as assert } from 'node:assert';
import { useGraph } from '../../test/support/graph.ts';
import { useStore } from '../../test/support/store.ts';
import { loadTrust } from '../config/load.ts';
import type { Trust } from '../config/trust.ts';
import { sleep } from '../kernel/time.ts';
import { peopleIn, personNamed, teamNamed } from '../sandbox/tenant.ts';
import { silentLog } from '../telemetry/log.ts';
import { createDirectory, type DirectoryService, type SyncReport } from './service.ts';

const MONDAY = new Date('2026-11-23T07:30:00Z');
const later = (minutes: number) => new Date(MONDAY.getTime() + minutes * 60_000);
const RESTRICTED = '00000000-0000-4000-8001-000000000003';

describe('the directory', () => {
  const store = useStore();
  const given = useGraph({ pageSize: 30 });
  let trust: Trust;
  let directory: DirectoryService;
  let now: Date;

  before(async () => {
    const sample = await loadTrust('samples/trust.yaml');
    const pay = { file: 'pay.md', owner: sample.trust.ceo, kind: 'policy' as const };
    trust = {
      ...sample,
      documents: [
        { ...pay, group: RESTRICTED },
        { ...pay, file: 'lost.md', group: '00000000-0000-4000-8001-0000000000ff' },
      ],
    };
  });
  beforeEach(async () => {
    const { db } = store();
    await db.deleteFrom('people').execute();
    await db.deleteFrom('group_members').execute();
    const nothing = { delta_link: null, full_at: null, synced_at: null, failed_at: null, failure: null };
    await db.updateTable('directory_state').set(nothing).execute();
    now = MONDAY;
    directory = create();
  });

  const create = (graph = given().graph) =>
    createDirectory({
      db: store().db,
      graph,
      trust,
      clock: { now: () => now },
      log: silentLog,
    });
  const id = (name: string) => personNamed(given().sandbox.tenant, name).id;
  const nameOf = (person: { name: string } | undefined) => person?.name;
  const synced = (report: SyncReport) => {
    assert.equal(report.state, 'synced');
    return report.state === 'synced' ? report : assert.fail('not synced');
  };

  it('knows nobody before its first sync', async () => {
    assert.equal(await directory.person(id('Aisha Rahman')), undefined);
    assert.deepEqual(await directory.age(now), {});
  });

  it('reads everybody once, and then only what changed', async () => {
    const { sandbox } = given();
    const first = synced(await directory.sync(now));
    const inGroup = peopleIn(sandbox.tenant, trust.trust.staff_group)?.length;
    assert.deepEqual(
      [first.mode, first.people, first.added, first.changed, first.removed],
      ['full', inGroup, inGroup, 0, 0],
    );
    assert.ok(first.staff >= 60 && first.staff < first.people);
    assert.deepEqual(first.withoutManager, [id('Rhys Morgan')]);
    assert.deepEqual(first.circles, []);
    const asked = sandbox.requests.length;
    const second = synced(await directory.sync(later(15)));
    assert.deepEqual(
      [second.mode, second.people, second.added, second.changed, second.removed],
      ['delta', inGroup, 0, 0, 0],
    );
    const paths = sandbox.requests.slice(asked).filter((request) => !request.batched);
    assert.equal(paths.filter((request) => request.path === '/v1.0/users/delta').length, 1);
  });

  it('knows a person’s school and manager, and the head’s reports', async () => {
    await directory.sync(now);
    const aisha = await directory.person(id('Aisha Rahman'));
    assert.deepEqual(aisha, {
      id: id('Aisha Rahman'),
      name: 'Aisha Rahman',
      givenName: 'Aisha',
      mail: 'aisha.rahman@tideway.example',
      jobTitle: 'Year 5 teacher and year lead',
      staff: true,
      schoolUrn: '900001',
      managerId: id('Jo Bennett'),
    });
    assert.equal(nameOf(await directory.managerOf(aisha.id)), 'Jo Bennett');
    assert.equal((await directory.reportsOf(id('Jo Bennett'))).length, 14);
    assert.equal(nameOf(await directory.managerOf(id('Catherine Ames'))), 'Helen Marsh');
    assert.equal((await directory.person(trust.trust.ceo))?.schoolUrn, undefined);
    const both = await directory.people([id('Jo Bennett'), id('Maisie Tarrant'), aisha.id]);
    assert.deepEqual(both.map(nameOf), ['Jo Bennett', 'Aisha Rahman']);
  });

  it('goes up one where there is no manager, and lets a delegate stand in while the manager is away', async () => {
    await directory.sync(now);
    const rhys = await directory.person(id('Rhys Morgan'));
    const head = trust.schools.find((school) => school.urn === rhys?.schoolUrn)?.head;
    assert.equal((await directory.managerOf(id('Rhys Morgan')))?.id, head ?? trust.trust.ceo);
    assert.equal((await directory.managerOf(trust.trust.ceo))?.id, trust.trust.questions_contact);
    assert.equal(nameOf(await directory.managerOf(id('Mohammed Iqbal'))), 'Dee Walters');
    now = new Date('2027-02-15T09:00:00Z');
    assert.equal(nameOf(await directory.managerOf(id('Mohammed Iqbal'))), 'Joanna Reeve');
    assert.equal(nameOf(await directory.managerOf(id('Ian Rudd'))), 'Paul Gregory');
  });

  it('counts neither pupils nor guests, nor day supply, nor a closed account as staff', async () => {
    await directory.sync(now);
    for (const name of ['Maisie Tarrant', 'Elaine Porter', 'Zara Malik'])
      assert.equal(await directory.person(id(name)), undefined, name);
    for (const name of ['Graham Tully', 'Luke Fenton'])
      assert.equal((await directory.person(id(name)))?.staff, false, name);
    assert.equal((await directory.person(id('Kit Lawson')))?.staff, true);
    const staff = new Set((await directory.staff()).map((person) => person.id));
    assert.ok(!staff.has(id('Graham Tully')) && !staff.has(id('Luke Fenton')) && staff.has(id('Kit Lawson')));
  });

  it('keeps no pupil in its tables, even one in a group that a document names', async () => {
    given().sandbox.update((tenant) => {
      tenant.groups.find((group) => group.id === RESTRICTED)?.members.push(id('Maisie Tarrant'));
    });
    await directory.sync(now);
    const people = await store().db.selectFrom('people').select('id').execute();
    const members = await store().db.selectFrom('group_members').select('person_id as id').execute();
    const rows = [...people, ...members];
    const pupils = given().sandbox.tenant.people.filter((person) => person.job === 'Pupil');
    assert.deepEqual(
      rows.filter((row) => pupils.some((pupil) => pupil.id === row.id)),
      [],
    );
  });

  it('asks Graph at the time who is in a team, and counts those who are not staff', async () => {
    await directory.sync(now);
    const team = (name: string) => teamNamed(given().sandbox.tenant, name).id;
    assert.equal((await directory.membersOf(team('Harbour Primary'))).outsiders, 0);
    assert.equal((await directory.membersOf(team('Harbour Year 5 class'))).outsiders, 8);
    assert.equal((await directory.membersOf(team('Place partnerships'))).outsiders, 1);
    assert.equal((await directory.membersOf(team('Quayside Academy'))).outsiders, 0, 'a closed account');
    for (const school of trust.schools)
      assert.equal((await directory.membersOf(school.team)).outsiders, 0, school.name);
    given().sandbox.update((tenant) => {
      teamNamed(tenant, 'Harbour Primary').members.push(id('Maisie Tarrant'), id('Graham Tully'));
    });
    assert.equal((await directory.membersOf(team('Harbour Primary'))).outsiders, 2, 'a pupil and a guest');
  });

  it('knows who may read a restricted document, and lets nobody read one whose group does not exist', async () => {
    await directory.sync(now);
    assert.equal(await directory.isInGroup(id('Priya Nair'), RESTRICTED), true);
    assert.equal(await directory.isInGroup(id('Aisha Rahman'), RESTRICTED), false);
    assert.equal(await directory.isInGroup(trust.trust.ceo, '00000000-0000-4000-8001-0000000000ff'), false);
    assert.equal(await directory.isInGroup(id('Luke Fenton'), trust.trust.staff_group), false);
  });

  it('lets a leaver go at the next sync, takes in a joiner, and follows a new manager', async () => {
    const { sandbox } = given();
    await directory.sync(now);
    const leaver = id('Jade Turner');
    const closed = id('Marcus Bell');
    const joiner = id('Zara Malik');
    sandbox.update((tenant) => {
      tenant.people = tenant.people.filter((person) => person.id !== leaver);
      for (const group of [...tenant.groups, ...tenant.teams])
        group.members = group.members.filter((member) => member !== leaver);
      personNamed(tenant, 'Marcus Bell').enabled = false;
      personNamed(tenant, 'Ben Carver').manager = id('Mel Okafor');
      tenant.groups.find((group) => group.name === 'Staff of Sandpiper Primary')?.members.push(joiner);
    });
    const report = synced(await directory.sync(later(15)));
    assert.deepEqual([report.mode, report.added, report.changed, report.removed], ['delta', 1, 2, 1]);
    assert.equal(await directory.person(leaver), undefined);
    assert.equal((await directory.person(closed))?.staff, false);
    assert.equal((await directory.person(joiner))?.schoolUrn, '900004');
    assert.equal(nameOf(await directory.managerOf(id('Ben Carver'))), 'Mel Okafor');
  });

  it('lets go of a person who leaves the staff group but keeps an account', async () => {
    await directory.sync(now);
    given().sandbox.update((tenant) => {
      const group = tenant.groups.find((candidate) => candidate.name === 'Staff of Harbour Primary');
      if (group) group.members = group.members.filter((member) => member !== id('Aisha Rahman'));
    });
    assert.equal(synced(await directory.sync(later(15))).removed, 1);
    assert.equal(await directory.person(id('Aisha Rahman')), undefined);
  });

  it('names people who manage each other in a circle, and goes by the school where the line says nothing', async () => {
    given().sandbox.update((tenant) => {
      personNamed(tenant, 'Jo Bennett').manager = id('Aisha Rahman');
    });
    const report = synced(await directory.sync(now));
    assert.deepEqual(report.circles, [[id('Jo Bennett'), id('Aisha Rahman')]]);
    assert.equal(nameOf(await directory.managerOf(id('Aisha Rahman'))), 'Jo Bennett');
    assert.equal((await directory.managerOf(id('Jo Bennett')))?.id, trust.trust.ceo);
  });

  it('keeps the last copy when Graph fails, says how old it is, and recovers', async () => {
    const { sandbox } = given();
    await directory.sync(now);
    sandbox.fail(500);
    const report = await directory.sync(later(180));
    assert.ok(report.state === 'kept');
    assert.equal(report.reason, 'graph-failing');
    assert.match(report.message, /The copy of 3 hours ago stands\./);
    assert.equal(nameOf(await directory.person(id('Aisha Rahman'))), 'Aisha Rahman');
    assert.deepEqual(await directory.age(later(200)), {
      syncedAt: now,
      minutes: 200,
      failure: { at: later(180), code: 'graph-failing' },
    });
    sandbox.recover();
    assert.equal(synced(await directory.sync(later(210))).mode, 'delta');
    assert.deepEqual(await directory.age(later(210)), { syncedAt: later(210), minutes: 0 });
  });

  it('says so when Graph fails before there is any copy', async () => {
    given().sandbox.fail(403);
    const report = await directory.sync(now);
    assert.ok(report.state === 'kept');
    assert.match(report.message, /no copy of the directory yet, so nobody counts as staff/);
  });

  it('reads everybody again when Graph forgot our place, and after a week', async () => {
    await directory.sync(now);
    given().sandbox.forgetDeltas();
    assert.equal(synced(await directory.sync(later(15))).mode, 'full');
    assert.equal(synced(await directory.sync(later(30))).mode, 'delta');
    assert.equal(synced(await directory.sync(later(8 * 24 * 60))).mode, 'full');
  });

  it('syncs through a throttled Graph', async () => {
    given().sandbox.throttle(1, { retryAfter: 0 });
    const whole = synced(await directory.sync(now));
    given().sandbox.throttle(7, { retryAfter: 0, inBatch: true });
    assert.equal(synced(await directory.sync(later(15))).people, whole.people);
  });

  it('does not bring back a leaver from an older reading of another instance', async () => {
    await directory.sync(now);
    const { graph, sandbox } = given();
    const { promise: open, resolve: release } = Promise.withResolvers<void>();
    const slow = create({
      ...graph,
      batch: async (paths) => {
        const replies = await graph.batch(paths);
        await open;
        return replies;
      },
    });
    const older = slow.sync(later(15));
    while (!sandbox.requests.some((request) => request.query.includes('deltatoken'))) await sleep(5);
    sandbox.update((tenant) => {
      const group = tenant.groups.find((candidate) => candidate.name === 'Staff of Harbour Primary');
      if (group) group.members = group.members.filter((member) => member !== id('Jade Turner'));
    });
    assert.equal(synced(await directory.sync(later(16))).removed, 1);
    release();
    assert.deepEqual(await older, { state: 'overtaken' });
    assert.equal(await slow.person(id('Jade Turner')), undefined);
  });

  it('lets one of two instances write when both sync at once, and both see the result within a second', async () => {
    const other = create();
    const reports = await Promise.all([directory.sync(now), other.sync(now)]);
    const states = reports.map((report) => report.state).sort();
    assert.ok(states.includes('synced') && !states.includes('kept'), states.join());
    const added = reports.reduce((sum, report) => sum + (report.state === 'synced' ? report.added : 0), 0);
    assert.equal(added, (await store().db.selectFrom('people').select('id').execute()).length);
    assert.equal(nameOf(await other.person(id('Jo Bennett'))), 'Jo Bennett');
    given().sandbox.update((tenant) => {
      personNamed(tenant, 'Jo Bennett').job = 'Executive headteacher';
    });
    await directory.sync(later(15));
    assert.equal((await directory.person(id('Jo Bennett')))?.jobTitle, 'Executive headteacher');
    await sleep(1_000);
    assert.equal((await other.person(id('Jo Bennett')))?.jobTitle, 'Executive headteacher');
  });
});
