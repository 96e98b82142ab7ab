import { strict as assert } from 'node:assert';
import type { DeliveryReport } from '../../src/delivery/report.ts';
import { HARBOUR, importMarks, LANTERN } from '../support/marks-files.ts';
import { buttonOf, startService, type TestService, useService, wordsOf } from '../support/service.ts';
import { testDatabaseUrl } from '../support/store.ts';

const LEADERS = ['Helen Marsh', 'Samina Hussain', 'Jo Bennett', 'Rosa Delgado'];

async function meet({ teams, chat, channel, quiet }: TestService): Promise<void> {
  for (const name of LEADERS) await teams.install(chat(name));
  await teams.install(chat('Aisha Rahman'));
  await teams.install(channel('Jo Bennett', 'Harbour Primary'));
  await teams.install(channel('Rosa Delgado', 'Lantern Primary'));
  await quiet();
}

describe('the digest', () => {
  const service = useService({ documents: false });

  it('reaches each leader once at a quarter to eight, and nobody else', async () => {
    const { command, quiet, shownTo, chat } = service();
    await importMarks(service(), [HARBOUR, LANTERN]);
    await meet(service());
    for (const at of ['07:44', '07:45', '07:45', '07:50']) {
      await command('tick', '--at', `2026-11-23T${at}:00Z`);
      await quiet();
      assert.equal(shownTo(chat('Helen Marsh')).length, at === '07:44' ? 1 : 2);
    }
    for (const name of LEADERS) {
      const shown = shownTo(chat(name));
      assert.equal(shown.length, 2, name);
      assert.match(wordsOf(shown[1]), /^Tideway, Monday 23 November/);
      assert.match(wordsOf(shown[1]), /Harbour Primary/);
    }
    assert.equal(shownTo(chat('Aisha Rahman')).length, 1);
  });

  it('has a head’s attendance card on top, which opens for her, takes a focus, and is nobody else’s', async () => {
    const { teams, shownTo, chat, quiet, store } = service();
    const jo = chat('Jo Bennett');
    const digest = shownTo(jo)[1];
    assert.match(wordsOf(digest), /\nHarbour Primary, last week: for every 10 pupils.* One thing to try\./);
    assert.doesNotMatch(wordsOf(shownTo(chat('Samina Hussain'))[1]), /One thing to try/);
    const open = buttonOf(digest, 'attendance.open');
    const press = async (who: string, data: Record<string, unknown>) =>
      JSON.stringify((await teams.pressButton(chat(who), { verb: String(data.verb), data })).body);
    assert.match(
      await press('Aisha Rahman', open.data),
      /for the head of Harbour Primary\. Nothing was changed/,
    );
    const card = JSON.parse(await press('Jo Bennett', open.data)) as { value: unknown };
    const form = JSON.parse(await press('Jo Bennett', buttonOf(card.value, 'attendance.focus').data)) as {
      value: unknown;
    };
    const { data } = buttonOf(form.value, 'attendance.agree');
    const aisha = chat('Aisha Rahman').personId;
    const agreed = await press('Jo Bennett', {
      ...data,
      what: 'Ask three families',
      'choice-who': aisha,
      'choice-when': '1',
    });
    assert.match(agreed, /Agreed by Jo Bennett: Aisha checks in on Friday 27 November/);
    await quiet();
    const milestones = await store.db
      .selectFrom('milestones')
      .selectAll()
      .where('id', 'like', 'focus-%')
      .execute();
    assert.deepEqual(
      milestones.map(({ title, owner_id, next_round }) => [title, owner_id, next_round]),
      [['Ask three families', aisha, '2026-11-27']],
    );
    assert.match(
      wordsOf(shownTo(service().channel('Jo Bennett', 'Harbour Primary')).at(-1)),
      /Agreed by Jo Bennett/,
    );
  });

  it('is of her own school for a head who does not lead the trust, in words, in answers and in the report', async () => {
    const { teams, shownTo, chat } = service();
    const catherine = chat('Catherine Ames');
    const others = /Harbour|Lantern|Saltmarsh|across Tideway|schools together/;
    for (const [words, says] of [
      ['digest', /^Driftwood School, Monday 23 November/],
      ['digest on 2026-11-20', /Driftwood School, as it stood|Nothing of yours stood/],
      ['What changed since half-term?', /Driftwood School: since half-term/],
      ['How is attendance across the trust?', /for its leaders/],
      ['term report', /^Driftwood School: term 2/],
    ] as const) {
      await teams.sendMessage(catherine, words);
      const shown = wordsOf(shownTo(catherine).at(-1));
      assert.match(shown, says, words);
      assert.doesNotMatch(shown, others, words);
    }
  });

  it('comes on request as well, and says so when there is nothing for the person who asks', async () => {
    const { teams, shownTo, chat } = service();
    await teams.sendMessage(chat('Helen Marsh'), 'Digest');
    assert.match(wordsOf(shownTo(chat('Helen Marsh')).at(-1)), /Harbour Primary/);
    await teams.sendMessage(chat('Aisha Rahman'), 'digest');
    assert.match(wordsOf(shownTo(chat('Aisha Rahman')).at(-1)), /Nothing waits for you/);
  });
});

describe('two instances on one database', () => {
  it('that tick together send each card once, and each takes the other’s repeats', async function () {
    if (!testDatabaseUrl()) this.skip();
    this.timeout(40_000);
    const one = await startService({ documents: false });
    const two = await startService({ documents: false, beside: one });
    try {
      await importMarks(one, [HARBOUR, LANTERN]);
      await meet(one);
      const greetings = one.teams.arrivals.length;
      const at = ['tick', '--at', '2026-11-23T07:45:00Z', '--json'];
      const told = await Promise.all([one, two, one, two].map((instance) => instance.command(...at)));
      for (const { exit } of told) assert.equal(exit, 0);
      await one.quiet();
      await two.quiet();
      // Two channels and four leaders; the others have not met Waymark.
      assert.equal(one.teams.arrivals.length - greetings, 6);
      assert.deepEqual(one.teams.duplicates(), []);
      for (const run of ['attendance.week/2026-11-23', 'digest/2026-11-23']) {
        const reports = await Promise.all(
          [one, two].map(
            async ({ command }) => (await command('deliveries', 'report', '--run', run, '--json')).out,
          ),
        );
        assert.equal(reports[0], reports[1]);
        const { items } = JSON.parse(reports[0] ?? '') as DeliveryReport;
        const delivered = items.filter(({ state }) => state === 'delivered');
        for (const { id, activityId } of delivered)
          assert.equal(one.teams.arrivals.find(({ delivery }) => delivery === id)?.activityId, activityId);
        assert.equal(delivered.length, run.startsWith('digest') ? 4 : 2);
      }
      const jo = one.chat('Jo Bennett');
      const before = one.shownTo(jo).length;
      await Promise.all(
        [one, two, one, two].map(({ teams }) => teams.sendMessage(jo, 'digest', { extra: { id: 'both' } })),
      );
      assert.equal(one.shownTo(jo).length, before + 1);
    } finally {
      await two.close();
      await one.close();
    }
  });
});
