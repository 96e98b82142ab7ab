import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, startService, type TestService, until } from '../support/service.ts';

const SITE = 'tideway.example,site,web';
const LIST = 'milestones';
const SETTING = {
  site: SITE,
  list: LIST,
  write_back: true,
  columns: {
    status: 'Status',
    value: 'Value',
    last_words: 'LastWords',
    approved_on: 'ApprovedOn',
    waymark_id: 'WaymarkId',
  },
};
const COLUMNS = [
  ...[
    'Title',
    'Strand',
    'School',
    'Owner',
    'Measure',
    'Unit',
    'Target',
    'Direction',
    'Due',
    'Cadence',
    'NextCheckIn',
  ],
  ...Object.values(SETTING.columns),
];
const CALLS = {
  Title: 'Evening calls that reach a parent',
  Strand: 'attendance',
  School: 'Harbour Primary',
  Owner: 'carol.dunn@tideway.example',
  Measure: 'Calls that reached a parent',
  Unit: 'calls',
  Target: 240,
  Direction: 'Higher is better',
  Due: '2027-05-28T23:00:00Z',
  NextCheckIn: '2026-11-23T00:00:00Z',
};

describe('milestones of a SharePoint list', () => {
  let service: TestService;
  before(async function () {
    this.timeout(120_000);
    service = await startService({
      documents: false,
      trust: (trust) => {
        trust.milestone_list = SETTING;
      },
    });
    for (const name of ['Carol Dunn', 'Jo Bennett']) await service.teams.install(service.chat(name));
    await service.quiet();
  });
  after(async () => service.close());

  const list = () =>
    must(
      service.graph.tenant.lists.find(({ id }) => id === LIST),
      'the list',
    );
  const fieldsOf = (id: string) =>
    must(
      list().rows.find((row) => row.id === id),
      `row ${id}`,
    ).fields;
  const patches = () => service.graph.requests.filter(({ method }) => method === 'PATCH');
  const posts = () =>
    service.graph.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/items'));
  const milestone = async (id: string) => {
    const { rows } = await sql<Record<string, unknown>>`select * from milestones where id = ${id}`.execute(
      service.store.db,
    );
    return rows[0];
  };
  const look = () => service.command('milestones', 'list');

  async function press(speaker: Speaker, card: unknown, verb: string, inputs: object = {}): Promise<void> {
    const { data } = buttonOf(card, verb);
    await service.teams.pressButton(speaker, { verb, data: { ...data, ...inputs } });
    await service.quiet();
  }

  async function checkIn(value: string, note: string, date: string, meanwhile?: () => void): Promise<void> {
    const [carol, jo] = [service.chat('Carol Dunn'), service.chat('Jo Bennett')];
    await service.command('tick', '--at', `${date}T08:00:00Z`);
    await service.quiet();
    const newest = (speaker: Speaker, verb: string) =>
      must(
        service
          .shownTo(speaker)
          .findLast(
            (card) =>
              JSON.stringify(card).includes(`"${verb}"`) && /Evening calls/.test(JSON.stringify(card)),
          ),
        verb,
      );
    const said = {
      'choice-status': 'on-track',
      'choice-confidence': 'high',
      value,
      note,
      blocker: '',
      evidence: '',
    };
    await press(carol, newest(carol, 'checkins.submit'), 'checkins.submit', said);
    meanwhile?.();
    await press(jo, newest(jo, 'checkins.approve'), 'checkins.approve');
  }

  it('are read row by row: a good one is taken, a bad one is named with what to mend', async () => {
    service.graph.update((tenant) => {
      tenant.lists.push({
        id: LIST,
        site: SITE,
        name: 'Milestones',
        columns: COLUMNS,
        rows: [
          { id: '1', fields: CALLS },
          {
            id: '2',
            fields: {
              ...CALLS,
              Title: 'Wrong all over',
              Owner: 'Nobody',
              Target: 'many',
              Direction: 'up',
              Due: '',
            },
          },
        ],
      });
    });
    const told = await look();
    assert.equal(told.exit, 1);
    assert.match(told.out, /1 milestone changed here, 0 rows written there/);
    for (const wrong of [
      'owner: is nobody on the staff',
      'target: must be a number',
      'direction: ',
      'due: is empty',
    ])
      assert.ok(told.out.includes(`row 2 (Wrong all over), ${wrong}`), `${wrong}\n${told.out}`);
    const kept = must(await milestone('list-1'), 'the milestone');
    assert.deepEqual(
      [kept.owner_id, kept.school_urn, kept.direction, kept.due, kept.cadence, kept.first_round],
      [service.chat('Carol Dunn').personId, '900001', 'higher', '2027-05-29', 'half-termly', '2026-11-23'],
      'the day of an instant is the school’s, in summer time too',
    );
    assert.match((await service.command('doctor')).out, /2 \(Wrong all over\), owner/);
  });

  it('follow the list, write once a change, and ask Graph for the rows only when there is one', async () => {
    service.graph.update(() => {
      Object.assign(fieldsOf('2'), {
        ...CALLS,
        Title: 'Morning calls',
        Owner: 'Tom Ellery',
        Due: '2027-03-25T00:00:00Z',
      });
      fieldsOf('1').Target = 260;
    });
    assert.match((await look()).out, /2 milestones changed here/);
    assert.equal((await milestone('list-1'))?.target, 260);
    const before = service.graph.requests.length;
    assert.match((await look()).out, /0 milestones changed here, 0 rows written there/);
    const asked = service.graph.requests.slice(before).map(({ path }) => path.split('/').at(-1));
    assert.deepEqual(asked, ['delta'], 'nothing had changed');
    const { rows } = await sql<{ n: number }>`
      select count(*)::int as n from milestone_history where milestone_id = 'list-1'`.execute(
      service.store.db,
    );
    assert.equal(rows[0]?.n, 2);
    service.graph.forgetDeltas();
    assert.match((await look()).out, /0 milestones changed here/, 'Graph has forgotten our place');
  });

  it('get what was approved written to their row, by itself and once', async () => {
    await checkIn('96', 'Calls after six work.', '2026-11-23');
    await until(() => fieldsOf('1').Status === 'On track', 'the row to be written');
    const { Status, Value, LastWords, ApprovedOn, Title } = fieldsOf('1');
    assert.deepEqual(
      [Status, Value, LastWords, Title],
      ['On track', 96, 'Calls after six work.', CALLS.Title],
    );
    assert.match(String(ApprovedOn), /^2026-\d\d-\d\d$/);
    const written = patches().length;
    await look();
    await look();
    assert.equal(patches().length, written, 'the same again is not written');
  });

  it('are written once Graph is well again, after 429 and 503, and a process that dies changes nothing but the time', async () => {
    const failed = () => service.graph.requests.filter(({ status }) => status === 503).length;
    await checkIn('104', 'A second evening.', '2026-12-07', () => service.graph.fail(503));
    await until(() => failed() > 0, 'Graph to be asked');
    assert.notEqual(fieldsOf('1').Value, 104);
    service.graph.recover();
    service.graph.throttle(2, { retryAfter: 0 });
    await until(() => fieldsOf('1').Value === 104, 'the row to be written', 15_000);
    // Died after Graph took it and before that was noted: it is written again, and says the same.
    await sql`update milestone_list_rows set written = null`.execute(service.store.db);
    const before = JSON.stringify(list().rows);
    await look();
    assert.equal(JSON.stringify(list().rows), before);
  });

  it('made in chat become rows, one each, also when the note of it was lost', async () => {
    await service.store.db
      .insertInto('milestones')
      .values({
        id: 'chat-abc',
        title: 'Made in chat',
        strand: 'attendance',
        school_urn: '900001',
        owner_id: service.chat('Bea Nowak').personId,
        measure: 'Visits',
        unit: 'visits',
        target: 9,
        direction: 'lower',
        due: '2027-05-28',
        every_weeks: 7,
        cadence: 'half-termly',
        first_round: '2026-12-07',
        next_round: '2026-12-07',
        ask_in: 'chat',
        ended: false,
        changed_at: new Date(),
      })
      .execute();
    await look();
    const added = list().rows.filter(({ fields }) => fields.WaymarkId === 'chat-abc');
    assert.deepEqual(
      added.map(({ fields }) => [fields.Title, fields.School, fields.Direction]),
      [['Made in chat', 'Harbour Primary', 'lower']],
    );
    await sql`delete from milestone_list_rows where milestone_id = 'chat-abc'`.execute(service.store.db);
    await look();
    await look();
    assert.equal(list().rows.filter(({ fields }) => fields.WaymarkId === 'chat-abc').length, 1);
    assert.equal(posts().length, 1);
    assert.equal(await milestone(`list-${added[0]?.id}`), undefined, 'its own row makes no second milestone');
  });

  it('made in chat are followed by their row: when they change, when they pass to another, when they are closed', async () => {
    const row = () =>
      must(
        list().rows.find(({ fields }) => fields.WaymarkId === 'chat-abc'),
        'its row',
      ).fields;
    const set = (values: object) =>
      service.store.db.updateTable('milestones').set(values).where('id', '=', 'chat-abc').execute();
    await set({ target: 12, owner_id: service.chat('Carol Dunn').personId });
    await look();
    assert.deepEqual([row().Target, row().Owner], [12, 'carol.dunn@tideway.example']);
    const before = patches().length;
    await look();
    assert.equal(patches().length, before, 'the same again is not written');
    await set({ ended: true, next_round: null });
    await look();
    assert.deepEqual([row().Status, row().Target], ['Closed', 12]);
    await look();
    assert.equal(patches().length, before + 1, 'closed once');
  });

  it('are not taken from a row that names a pupil, whose words are then written down nowhere', async () => {
    const before = await milestone('list-2');
    service.graph.update(() => {
      Object.assign(fieldsOf('2'), { Title: 'Jayden Okonkwo-Quill is back', Target: 'many' });
      fieldsOf('1').Target = 270;
    });
    const told = await look();
    assert.equal(told.exit, 1);
    assert.match(told.out, /1 milestone changed here/, 'the others are taken');
    assert.match(told.out, /row 2, title: looks as if it names a pupil; write a group, a year or a role/);
    assert.match(told.out, /row 2, target: must be a number/);
    const { out } = await service.command('doctor');
    assert.match(out, /row 2, title: looks as if it names a pupil/);
    assert.deepEqual(await milestone('list-2'), before, 'it stays as it was');
    for (const words of [told.out, out, await service.everything(), service.logged.join('\n')])
      assert.doesNotMatch(words, /Okonkwo-Quill/);
    service.graph.update(() => Object.assign(fieldsOf('2'), { Title: 'Morning calls', Target: 240 }));
    assert.equal((await look()).exit, 0);
  });

  it('go on when their row disappears, and that is said', async () => {
    service.graph.update(() => list().rows.splice(0, 1));
    assert.match(
      (await look()).out,
      /row 1 \(Evening calls that reach a parent\): is no longer in the list; its milestone goes on/,
    );
    assert.equal((await milestone('list-1'))?.ended, false);
  });

  it('are changed in the list alone while they have a row, and closed on their card once they have none', async () => {
    const jo = service.chat('Jo Bennett');
    const shown = async (words: string) => {
      await service.teams.sendMessage(jo, words);
      await service.quiet();
      return must(service.shownTo(jo).at(-1), 'an answer');
    };
    const held = await shown('milestone morning calls');
    assert.match(JSON.stringify(held), /stands in the trust’s SharePoint list/);
    assert.doesNotMatch(JSON.stringify(held), /milestone-(?:edit|closing)/);
    const gone = await shown('milestone evening calls that reach a parent');
    const verb = 'checkins.milestone-closing';
    const { body } = await service.teams.pressButton(jo, { verb, data: buttonOf(gone, verb).data });
    await press(jo, body, 'checkins.milestone-close');
    assert.equal((await milestone('list-1'))?.ended, true);
    assert.doesNotMatch((await look()).out, /row 1 /);
    assert.equal((await milestone('list-1'))?.ended, true, 'it stays closed');
  });
});
