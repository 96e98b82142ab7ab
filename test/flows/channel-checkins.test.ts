import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonsOf, useService, wordsOf } from '../support/service.ts';

const ANSWER = {
  'choice-status': 'on-track',
  'choice-confidence': 'high',
  value: '9',
  note: 'Nine lessons seen.',
  blocker: '',
  evidence: '',
};

type Refresh = { readonly action: { readonly verb: string; readonly data: Record<string, unknown> } };

describe('a check-in in a school’s channel', () => {
  const service = useService({
    documents: false,
    trust: (trust) => {
      for (const milestone of trust.milestones)
        if (milestone.id === 'harbour-greet-first') milestone.ask_in = 'channel';
    },
  });
  const inChannel = (name: string) => service().channel(name, 'Harbour Primary');

  before(async () => {
    const { teams, command, quiet } = service();
    await teams.install(inChannel('Jo Bennett'));
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
  });

  const posted = () => {
    const [arrival] = service()
      .shownTo(inChannel('Aisha Rahman'))
      .filter((one) => wordsOf(one).includes("Aisha's check-in"));
    return must(arrival, 'a card in the channel');
  };
  const refreshOf = (activity: Record<string, unknown>): Refresh => {
    const [attachment] = activity.attachments as { content: { refresh: Refresh } }[];
    return must(attachment, 'a card').content.refresh;
  };

  /** What a client does as the card comes into somebody's view. */
  async function viewOf(person: Speaker) {
    const { verb, data } = refreshOf(posted()).action;
    const { status, body } = await service().teams.pressButton(person, { verb, data });
    assert.equal(status, 200);
    const { value } = body as { value: unknown };
    return { words: JSON.stringify(value), verbs: buttonsOf(value).map((button) => button.verb) };
  }

  it('is one card, and says nothing of what anybody said', async () => {
    assert.match(wordsOf(posted()), /Aisha answers this one; Jo reads it/);
    assert.deepEqual(
      service()
        .shownTo(service().chat('Aisha Rahman'))
        .filter((one) => wordsOf(one).includes('greets and checks in first')),
      [],
      'she is not asked a second time in her chat',
    );
  });

  it('shows three people three views', async () => {
    const [aisha, jo, tom] = [
      await viewOf(inChannel('Aisha Rahman')),
      await viewOf(inChannel('Jo Bennett')),
      await viewOf(inChannel('Tom Ellery')),
    ];
    assert.ok(aisha.verbs.includes('checkins.submit'));
    assert.match(jo.words, /This check-in is with Aisha/);
    assert.ok(tom.verbs.every((verb) => verb === 'checkins.view'));
    assert.equal(new Set([aisha.words, jo.words, tom.words]).size, 3);
  });

  it('is answered there, and each view changes with it, the others’ still without words', async () => {
    const { teams, quiet } = service();
    const { data } = refreshOf(posted()).action;
    const submit = { ...data, verb: 'checkins.submit', ...ANSWER };
    const { body } = await teams.pressButton(inChannel('Aisha Rahman'), {
      verb: 'checkins.submit',
      data: submit,
    });
    assert.match(JSON.stringify(body), /Sent to Jo/);
    await quiet();
    assert.match(wordsOf(posted()), /Aisha has answered\. Jo reads it next/);
    assert.doesNotMatch(JSON.stringify(posted()), /Nine lessons/);
    const jo = await viewOf(inChannel('Jo Bennett'));
    assert.match(jo.words, /Nine lessons seen/);
    assert.ok(jo.verbs.includes('checkins.approve'));
    const tom = await viewOf(inChannel('Tom Ellery'));
    assert.doesNotMatch(tom.words, /Nine lessons|On track/);
    assert.match((await viewOf(inChannel('Aisha Rahman'))).words, /Sent to Jo/);
  });

  it('is read there, and then asks nothing of anybody', async () => {
    const { teams, quiet } = service();
    const { data } = refreshOf(posted()).action;
    const approve = { ...data, verb: 'checkins.approve' };
    const asTom = await teams.pressButton(inChannel('Tom Ellery'), {
      verb: 'checkins.approve',
      data: approve,
    });
    assert.match(JSON.stringify(asTom.body), /with someone else/);
    await teams.pressButton(inChannel('Jo Bennett'), { verb: 'checkins.approve', data: approve });
    await quiet();
    assert.match(wordsOf(posted()), /Answered and read/);
    const pressable = buttonsOf(posted()).filter(({ title }) => title !== '');
    assert.deepEqual(pressable, [], 'only the refresh is left');
  });

  it('tells nobody of a check-in that was never in a channel', async () => {
    const { teams, store } = service();
    const others = store.db.selectFrom('checkins').where('milestone_id', '<>', 'harbour-greet-first');
    const { id, owner_id } = await others.select(['id', 'owner_id']).executeTakeFirstOrThrow();
    assert.notEqual(owner_id, inChannel('Aisha Rahman').personId);
    const data = { verb: 'checkins.view', id, version: 1, format: 1 };
    const { body } = await teams.pressButton(inChannel('Hannah Price'), { verb: 'checkins.view', data });
    assert.match(JSON.stringify(body), /with someone else, so nothing was changed/);
  });
});
