import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const ANSWER = {
  'choice-status': 'on-track',
  'choice-confidence': 'high',
  value: '9',
  note: 'Nine lessons seen.',
  blocker: '',
  evidence: '',
};
const AGAIN = /Teams has lost this card further up, so here it is again/;

describe('a card that Teams no longer finds', () => {
  const service = useService({ documents: false });
  const aisha = () => service().chat('Aisha Rahman');
  const jo = () => service().chat('Jo Bennett');
  const tom = () => service().chat('Tom Ellery');
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');
  /** Teams answers 404 `ActivityNotFoundInConversation` from now on; the person still sees the card. */
  const lose = (activity: Record<string, unknown>) => {
    must(
      service().teams.arrivals.find((arrival) => arrival.activity === activity),
      'its arrival',
    ).deleted = true;
    return activity;
  };

  async function press(speaker: Speaker, card: unknown, verb: string, inputs: object = {}) {
    const { data } = buttonOf(card, verb);
    const { body } = await service().teams.pressButton(speaker, { verb, data: { ...data, ...inputs } });
    await service().quiet();
    return JSON.stringify(body);
  }

  before(async () => {
    const { teams, command, quiet } = service();
    for (const person of [aisha(), jo(), tom()]) await teams.install(person);
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
  });

  it('is replaced by a new one that says so and shows how things stand', async () => {
    const asked = lose(newest(aisha()));
    const shown = service().shownTo(aisha()).length;
    assert.match(await press(aisha(), asked, 'checkins.submit', ANSWER), /Sent to Jo/);
    assert.equal(service().shownTo(aisha()).length, shown + 1);
    assert.match(wordsOf(newest(aisha())), AGAIN);
    assert.match(wordsOf(newest(aisha())), /Thank you, Aisha\. Sent to Jo/);
  });

  it('leaves its place to the new one, which is brought up to date from then on and not sent again', async () => {
    const review = newest(jo());
    const [forAisha, forJo] = [service().shownTo(aisha()).length, service().shownTo(jo()).length];
    assert.match(await press(jo(), review, 'checkins.question', { comment: 'Which lessons?' }), /with Aisha/);
    const replacement = must(
      service()
        .shownTo(aisha())
        .findLast((card) => !AGAIN.test(wordsOf(card)) && /asks before reading on/.test(wordsOf(card))),
      'the card, brought up to date',
    );
    assert.ok(replacement);
    assert.equal(
      service().shownTo(aisha()).length,
      forAisha + 1,
      'the question brings its own card, and no other',
    );
    assert.equal(service().shownTo(jo()).length, forJo);
    await press(jo(), newest(jo()), 'checkins.approve');
    for (const card of service().shownTo(aisha()).slice(-2))
      assert.match(wordsOf(card), /Jo has approved this/);
  });

  it('is replaced once, however often it is lost, and the audit says so', async () => {
    const { store } = service();
    const asked = lose(
      must(
        service()
          .shownTo(tom())
          .findLast((card) => /checkins\.not-today/.test(JSON.stringify(card))),
        'an ask',
      ),
    );
    await press(tom(), asked, 'checkins.not-today');
    const again = lose(newest(tom()));
    assert.match(wordsOf(again), AGAIN);
    const shown = service().shownTo(tom()).length;
    await press(tom(), asked, 'checkins.submit', ANSWER);
    assert.equal(service().shownTo(tom()).length, shown, 'the replacement is replaced by nothing');
    const rows = await store.db
      .selectFrom('audit')
      .select('actor')
      .where('action', '=', 'checkins.replace-card')
      .execute();
    assert.deepEqual(rows, [{ actor: 'waymark' }, { actor: 'waymark' }]);
  });

  it('is answered with a new message where the fallback’s answer was to stand in the card itself', async () => {
    const { teams, quiet, shownTo, store } = service();
    const { id, version } = await store.db
      .selectFrom('checkins')
      .select(['id', 'version'])
      .where('owner_id', '=', tom().personId)
      .executeTakeFirstOrThrow();
    const shown = shownTo(tom()).length;
    await teams.submitCard(tom(), { verb: 'checkins.view', id, version, format: 1 }, 'act_gone');
    await quiet();
    const answers = shownTo(tom())
      .slice(shown)
      .map((card) => wordsOf(card));
    assert.equal(answers.length, 1);
    assert.match(answers.join(), /Who sees this\?/);
  });
});
