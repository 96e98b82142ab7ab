import { strict as assert } from 'node:assert';
import type { DeliveryReport } from '../../src/delivery/report.ts';
import { personNamed, teamNamed } from '../../src/sandbox/tenant.ts';
import { HARBOUR, importMarks, KINGFISHER, LANTERN, SALTMARSH, SANDPIPER } from '../support/marks-files.ts';
import { buttonOf, buttonsOf, until, useService, wordsOf } from '../support/service.ts';

const AT = '2026-11-23T07:30:00Z';

describe('Monday at half past seven', () => {
  const service = useService({ documents: false });

  before(async function () {
    this.timeout(30_000);
    const { teams, channel } = service();
    await importMarks(service(), [HARBOUR, LANTERN, SALTMARSH, SANDPIPER, KINGFISHER]);
    for (const [name, school] of [
      ['Jo Bennett', 'Harbour Primary'],
      ['Rosa Delgado', 'Lantern Primary'],
      ['Gareth Vaughan', 'Saltmarsh Primary'],
      ['Claire Donovan', 'Sandpiper Primary'],
      ['Marie Cotton', 'Kingfisher Academy'],
    ] as const)
      await teams.install(channel(name, school));
  });

  function addPupil(team: string): void {
    const { graph } = service();
    graph.update((tenant) => {
      teamNamed(tenant, team).members.push(personNamed(tenant, 'Maisie Tarrant').id);
    });
  }

  const shown = (school: string) => service().shownTo(service().channel('Aisha Rahman', school));

  it('brings each school whose marks are whole one card, and says which school’s are not', async () => {
    const { command, quiet, teams, channel } = service();
    // A pupil has come into Saltmarsh's team since the app was installed there.
    addPupil('Saltmarsh Primary');
    // Sandpiper's first attempt is refused for now; before the second, a pupil joins the team there as well.
    const sandpiper = '19:sandpiper-attendance@thread.tacv2';
    teams.fault(sandpiper, { kind: 'status', status: 412, code: 'PreconditionFailed' });
    const ticking = command('tick', '--at', AT, '--json');
    const tried = () => teams.requests.some((request) => request.conversationId === sandpiper);
    await until(tried, 'the first attempt at Sandpiper');
    addPupil('Sandpiper Primary');
    const first = await ticking;
    assert.equal(first.exit, 0);
    const { runs } = JSON.parse(first.out) as { runs: { runId: string; state: string; note?: string }[] };
    assert.deepEqual(
      runs.map(({ runId, state }) => [runId, state]),
      [['attendance.week/2026-11-23', 'done']],
    );
    assert.match(runs[0]?.note ?? '', /Kingfisher Academy: .*marks/);
    assert.match(runs[0]?.note ?? '', /Saltmarsh Primary: someone in the channel’s team is not staff/);
    assert.match(runs[0]?.note ?? '', /Quayside Academy: no marks have been received/);
    const again = await command('tick', '--at', '2026-11-23T07:31:00Z', '--json');
    assert.deepEqual(JSON.parse(again.out), { runs: [] });
    await quiet();
    assert.deepEqual(
      ['Harbour Primary', 'Lantern Primary', 'Saltmarsh Primary', 'Kingfisher Academy'].map(
        (school) => shown(school).length,
      ),
      [1, 1, 0, 0],
    );
    // Nor does a colleague get an answer there now.
    const amira = channel('Amira Saleh', 'Saltmarsh Primary');
    await teams.sendMessage(amira, 'What are our priorities?');
    assert.deepEqual(shown('Saltmarsh Primary'), []);
  });

  it('does not post where somebody from outside has come in since the card was made, and reports why', async () => {
    const { command } = service();
    const place = '19:sandpiper-attendance@thread.tacv2';
    const { items } = JSON.parse((await command('deliveries', 'report', '--json')).out) as DeliveryReport;
    const item = items.find(({ recipient }) => recipient === place);
    assert.equal(item?.state, 'refused');
    assert.match(item?.reason ?? '', /someone in the team is not on Tideway's staff/);
    assert.deepEqual(shown('Sandpiper Primary'), []);
  });

  it('speaks of last week by name, of disadvantaged pupils first, and hides a group that is small', () => {
    const harbour = wordsOf(shown('Harbour Primary')[0]).split('\n');
    assert.match(harbour[0] ?? '', /^Harbour Primary, last week \(early figures\)$/);
    assert.match(harbour[1] ?? '', /^For every 10 pupils, those experiencing disadvantage missed 6 days/);
    const lantern = wordsOf(shown('Lantern Primary')[0]);
    assert.match(lantern, /Too few pupils are in one group to compare/);
    assert.doesNotMatch(lantern, /For every 10 pupils/);
    assert.doesNotMatch(JSON.stringify(shown('Lantern Primary')[0]), /\b8\b/);
  });

  it('takes one outcome: the first is kept, and a second colleague is shown it', async () => {
    const { teams, channel, quiet } = service();
    const [card] = shown('Harbour Primary');
    const { verb, data } = buttonOf(card, 'attendance.done');
    const press = async (name: string) =>
      (await teams.pressButton(channel(name, 'Harbour Primary'), { verb, data })).body as { value: unknown };
    const first = await press('Aisha Rahman');
    assert.match(JSON.stringify(first.value), /Done: Aisha Rahman, Monday 23 November/);
    const second = await press('Tom Ellery');
    assert.match(JSON.stringify(second.value), /Done: Aisha Rahman/);
    await quiet();
    assert.equal(shown('Harbour Primary').length, 1);
    assert.match(wordsOf(shown('Harbour Primary')[0]), /Done: Aisha Rahman/);
    assert.equal(
      buttonsOf(shown('Harbour Primary')[0]).some((button) => button.verb === 'attendance.done'),
      false,
    );
    const arrival = teams.arrivals.find((one) => one.activity === shown('Harbour Primary')[0]);
    assert.equal(arrival?.edits, 1);
  });

  it("refuses a colleague from another school, and a card's data that was made up", async () => {
    const { teams, chat, everything } = service();
    const { verb, data } = buttonOf(shown('Lantern Primary')[0], 'attendance.done');
    const stranger = await teams.pressButton(chat('Tom Ellery'), { verb, data });
    assert.match(JSON.stringify(stranger.body), /for the staff of Lantern Primary. Nothing was changed/);
    const rosa = chat('Rosa Delgado');
    for (const forged of [
      { ...data, id: '900002/2026-W46' },
      { ...data, id: '900002/../900001' },
      { ...data, id: '' },
      { ...data, version: 'newest' },
      { ...data, format: 99 },
      { verb },
      'attendance.done',
      null,
      [],
    ]) {
      const { status, body } = await teams.pressButton(rosa, { verb, data: forged });
      assert.equal(status, 200);
      assert.match(JSON.stringify(body), /"application\/vnd.microsoft.activity.message"/);
    }
    assert.doesNotMatch(await everything(), /nudge_choices .*900002/);
  });
});
