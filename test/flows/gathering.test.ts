import { strict as assert } from 'node:assert';
import { card, title } from '../../src/cards/elements.ts';
import { cardProblems } from '../../src/cards/size.ts';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { inTransaction } from '../../src/storage/database.ts';
import {
  buttonOf,
  buttonsOf,
  type SampleTrust,
  startService,
  useService,
  wordsOf,
} from '../support/service.ts';

const AISHA = '00000000-0000-4000-8000-000000000202';
const JO = '00000000-0000-4000-8000-000000000201';

/** Three milestones each, asked on three days running; one message a week; the digest after them, on Thursday. */
function crowdedWeek(trust: SampleTrust): void {
  const [like] = trust.milestones;
  trust.milestones = [AISHA, JO].flatMap((owner) =>
    ['23', '24', '25'].map((day) => ({
      ...like,
      id: `busy-${owner.slice(-3)}-${day}`,
      title: `What is asked on day ${day}`,
      owner,
      next_check_in: `2026-11-${day}`,
    })),
  );
  const policies = trust.policies as object | undefined;
  trust.policies = { ...policies, messages_a_week: 1, days_between_asks: 1 };
  trust.schedules = { ...(trust.schedules as object), digest: { when: 'Thursdays 15:00 in term' } };
}

function cardOf(activity: Record<string, unknown> | undefined): Record<string, unknown> {
  return (activity?.attachments as { content: Record<string, unknown> }[] | undefined)?.[0]?.content ?? {};
}

describe('a week with more messages than a person should get', () => {
  const service = useService({ documents: false, trust: crowdedWeek });
  const aisha = () => service().chat('Aisha Rahman');
  const jo = () => service().chat('Jo Bennett');
  const newest = (speaker: Speaker) => service().shownTo(speaker).at(-1);
  const cardIn = cardOf;
  async function tick(at: string) {
    const told = await service().command('tick', '--at', at);
    assert.equal(told.exit, 0, told.err);
    await service().quiet();
  }
  const report = async (run: string) => (await service().command('deliveries', 'report', '--run', run)).out;

  before(async () => {
    for (const speaker of [aisha(), jo()]) await service().teams.install(speaker);
    for (const day of ['23', '24', '25']) await tick(`2026-11-${day}T08:01:00Z`);
  });

  it('sends so many, and writes the others down as merged', async () => {
    assert.match(await report('check-ins/2026-11-23'), /2 delivered/);
    assert.match(await report('check-ins/2026-11-24'), /2 cancelled: merged: enough messages this week/);
    // A greeting and the one that was allowed.
    assert.equal(service().shownTo(aisha()).length, 2);
  });

  it('names what waits in the digest of whoever gets one later that week', async () => {
    await tick('2026-11-26T15:01:00Z');
    const digest = newest(jo());
    assert.match(wordsOf(digest), /What is asked on day 24[\s\S]*What is asked on day 25/);
    assert.match(await report('check-ins/2026-11-24'), new RegExp(`merged into digest/2026-W48/${JO}`));
    const { verb, data } = buttonOf(cardIn(digest), 'messages.open');
    const before = service().shownTo(jo()).length;
    await service().teams.pressButton(jo(), { verb, data });
    await service().quiet();
    assert.equal(service().shownTo(jo()).length, before + 1);
    assert.match(wordsOf(newest(jo())), /Check-in[\s\S]*What is asked on day 24/);
    // The digest keeps its own words, and says where that one is.
    const kept = service().shownTo(jo()).at(-2);
    assert.match(wordsOf(kept), /^Tideway, Thursday 26 November[\s\S]*opened: it is below/);
  });

  it('brings the rest on one card on the last school day, and nothing twice', async () => {
    await tick('2026-11-27T12:01:00Z');
    const card = cardIn(newest(aisha()));
    assert.match(wordsOf(newest(aisha())), /^(Two|Three|Four) things waited this week/);
    assert.deepEqual(
      cardProblems({ content: card as never, summary: 'x', text: 'x' }),
      [],
      JSON.stringify(card, undefined, 1),
    );
    assert.match(await report('gathered/2026-11-27'), /1 due, 1 delivered/);
    assert.match(
      await report('check-ins/2026-11-25'),
      new RegExp(`merged into gathered/2026-11-27/${AISHA}`),
    );
    // Jo's were named in her digest.
    assert.doesNotMatch(wordsOf(newest(jo())), /waited this week$/);
    const arrived = service().teams.arrivals.length;
    await tick('2026-11-27T12:02:00Z');
    assert.equal(service().teams.arrivals.length, arrived);
  });

  it('opens each once, for the one it waited for and nobody else', async () => {
    const card = newest(aisha());
    const first = buttonOf(cardIn(card), 'messages.open');
    const stolen = await service().teams.pressButton(jo(), first);
    assert.match(JSON.stringify(stolen.body), /not for you/);
    const before = service().shownTo(aisha()).length;
    const presses = await Promise.all([1, 2].map(() => service().teams.pressButton(aisha(), first)));
    await service().quiet();
    for (const { status } of presses) assert.equal(status, 200);
    const shown = service().shownTo(aisha());
    assert.equal(shown.length, before + 1);
    assert.match(wordsOf(shown.at(-1)), /Check-in, about 20 seconds[\s\S]*What is asked on day 24/);
    assert.ok(buttonsOf(cardIn(shown.at(-1))).length > 0);
    assert.match(wordsOf(shown.at(-2)), /1\. .*opened: it is below/);
  });

  it('names what a message has become meanwhile', async () => {
    const { db } = service().store;
    const { key } = await db
      .selectFrom('gathered')
      .select('key')
      .where('person_id', '=', AISHA)
      .where('into_key', 'is not', null)
      .where('opened_at', 'is', null)
      .executeTakeFirstOrThrow();
    const done = card({ summary: 'That was answered.', body: [title('That was answered.')] });
    await inTransaction(db, (trx) =>
      service().instance.app.delivery.revise(trx, key, done, service().instance.clock.now()),
    );
    await service().quiet();
    const list = service()
      .shownTo(aisha())
      .find((activity) => /waited this week/.test(wordsOf(activity)));
    assert.match(wordsOf(list), /\d\. That was answered\./);
  });

  it('drops what waits of a rule that is paused, and says so', async () => {
    await service().command('pause', '--rule', 'check-ins', '--reason', 'an inspection');
    await service().command('resume', '--rule', 'check-ins');
    for (const day of ['07', '08', '09']) await tick(`2026-12-${day}T08:01:00Z`);
    const waiting = async () =>
      (await service().command('deliveries', 'report')).out.match(/ merged: enough/g)?.length ?? 0;
    assert.ok((await waiting()) > 0, (await service().command('deliveries', 'report')).out);
    await service().command('pause', '--rule', 'check-ins', '--reason', 'an inspection');
    assert.equal(await waiting(), 0);
    assert.match((await service().command('deliveries', 'report')).out, /cancelled, paused: .*an inspection/);
    await tick('2026-12-11T12:01:00Z');
    assert.match((await service().command('deliveries', 'report')).out, /cancelled, paused: .*an inspection/);
    assert.match(
      await report('gathered/2026-12-11'),
      /^gathered\/2026-12-11: done; there was nothing to send/,
    );
  });
});

describe('a trust that no longer wants messages of a week gathered', () => {
  const service = useService({ documents: false, trust: crowdedWeek });

  it('gets what waited when it did on the next gathering, and has nothing more held back', async () => {
    const aisha = service().chat('Aisha Rahman');
    await service().teams.install(aisha);
    for (const day of ['23', '24', '25'])
      await service().command('tick', '--at', `2026-11-${day}T08:01:00Z`, '--no-send');
    await service().quiet();
    const without = await startService({
      documents: false,
      beside: service(),
      trust: (trust) => {
        crowdedWeek(trust);
        delete (trust.policies as { messages_a_week?: number }).messages_a_week;
      },
    });
    try {
      const told = await without.command('tick', '--at', '2026-11-27T12:01:00Z');
      assert.equal(told.exit, 0, told.err);
      await without.quiet();
      const gathered = must(service().shownTo(aisha).at(-1), 'a card');
      assert.match(wordsOf(gathered), /^Two things waited this week[\s\S]*day 24[\s\S]*day 25/);
      const { db } = without.store;
      const left = await db.selectFrom('gathered').select('key').where('fate', 'is', null).execute();
      assert.deepEqual(left, [], 'nothing waits');
      await without.teams.pressButton(aisha, buttonOf(cardOf(gathered), 'messages.open'));
      await without.quiet();
      assert.match(wordsOf(service().shownTo(aisha).at(-1)), /Check-in[\s\S]*What is asked on day 24/);
      assert.match(wordsOf(service().shownTo(aisha).at(-2)), /1\. .*opened: it is below/);
    } finally {
      await without.close();
    }
  }).timeout(60_000);
});
