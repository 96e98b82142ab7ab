import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, buttonsOf, textsIn, useService, wordsOf } from '../support/service.ts';

const WORDS = 'Seven lessons seen, two to go.';
const FORM = { status: 'on-track', confidence: 'high', value: '9', note: WORDS, blocker: '', evidence: '' };

describe('asking, through the whole service', () => {
  const service = useService({
    documents: false,
    trust: (trust) => {
      trust.policies = { ...(trust.policies as object), escalate_after_days: 3 };
    },
  });
  const people = () => {
    const { chat } = service();
    return {
      aisha: chat('Aisha Rahman'),
      jo: chat('Jo Bennett'),
      imran: chat('Imran Sheikh'),
      helen: chat('Helen Marsh'),
      david: chat('David Osei'),
      ruth: chat('Ruth Calder'),
    };
  };
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');
  const shownOn = (speaker: Speaker, words: RegExp) =>
    service()
      .shownTo(speaker)
      .filter((one) => words.test(wordsOf(one)));

  before(async () => {
    const { teams } = service();
    for (const person of Object.values(people())) await teams.install(person);
  });

  async function press(speaker: Speaker, card: unknown, verb: string, inputs: object = {}): Promise<string> {
    const { data } = buttonOf(card, verb);
    const { teams, quiet } = service();
    const sent = await teams.pressButton(speaker, { verb, data: { ...data, ...inputs } });
    assert.equal(sent.status, 200);
    await quiet();
    return JSON.stringify(sent.body);
  }
  async function mySettings(speaker: Speaker) {
    const { teams, quiet } = service();
    await teams.sendMessage(speaker, 'my settings');
    await quiet();
    return newest(speaker);
  }
  async function tick(at: string): Promise<void> {
    const { command, quiet, instance } = service();
    // Presses are judged by the service's own clock.
    assert.equal(await instance.clock.moveTo(new Date(at)), undefined);
    const { exit, err } = await command('tick', '--at', at);
    assert.equal(exit, 0, err);
    await quiet();
  }

  it('keeps the typing when settings need mending, and takes hours, after which nothing comes at eight', async () => {
    const { aisha } = people();
    const before = service().shownTo(aisha).length;
    const inputs = {
      'choice-first-hour': '10-00',
      'choice-last-hour': 'any',
      'choice-days': '1,2,3,4',
      delegate: 'Tim Elery',
    };
    const refused = await press(aisha, await mySettings(aisha), 'checkins.settings', inputs);
    assert.match(refused, /found no colleague by that name/);
    assert.ok(refused.includes('Tim Elery') && refused.includes('"1,2,3,4"') && refused.includes('"10-00"'));
    const saved = await press(aisha, await mySettings(aisha), 'checkins.settings', {
      ...inputs,
      delegate: '',
    });
    assert.match(saved, /Monday, Tuesday, Wednesday and Thursday, not before 10:00/);
    await tick('2026-11-23T08:00:00Z');
    assert.deepEqual(
      shownOn(aisha, /about 20 seconds/).map((one) => wordsOf(one)),
      [],
    );
    await tick('2026-11-23T10:00:00Z');
    assert.equal(shownOn(aisha, /Hello Aisha\. Check-in, about 20 seconds/).length, 1);
    await tick('2026-11-23T14:00:00Z');
    assert.equal(service().shownTo(aisha).length, before + 3);
  });

  it('keeps a draft for its author alone, whose reminder says that it is there', async () => {
    const { aisha, jo } = people();
    const card = must(shownOn(aisha, /about 20 seconds/)[0], 'the ask');
    const kept = await press(aisha, card, 'checkins.save-for-later', FORM);
    assert.match(kept, /Saved for later\. Nothing was sent\./);
    assert.ok(!service().logged.join('').includes(WORDS));
    await tick('2026-11-26T10:00:00Z');
    const reminder = newest(aisha);
    assert.match(wordsOf(reminder), /begun an answer, and it is kept for you alone/);
    assert.ok(!JSON.stringify(reminder).includes(WORDS));
    assert.ok((await press(aisha, reminder, 'checkins.show')).includes(WORDS));
    const { data } = buttonOf(reminder, 'checkins.show');
    const peeked = await service().teams.pressButton(jo, { verb: 'checkins.show', data });
    assert.ok(!JSON.stringify(peeked.body).includes(WORDS));
    const copy = async (person: Speaker) =>
      (await service().command('person', 'export', person.personId)).out;
    assert.ok((await copy(aisha)).includes(WORDS));
    assert.ok(!(await copy(jo)).includes(WORDS));
  });

  it('asks a colleague in the owner’s place, who answers once, and everybody is shown it', async () => {
    const { aisha, imran, jo } = people();
    const told = service().shownTo(imran).length;
    const inputs = { delegate: 'Imran Sheikh', 'delegate-from': '2026-11-26', 'delegate-to': '2026-12-04' };
    assert.match(
      await press(aisha, await mySettings(aisha), 'checkins.settings', inputs),
      /Imran Sheikh acts for you from Thursday 26 November to Friday 4 December/,
    );
    assert.equal(service().shownTo(imran).length, told + 1);
    assert.match(wordsOf(newest(imran)), /Imran, Aisha has asked you to act for them/);
    const hers = service().shownTo(aisha).length;
    // Her third working day after the reminder; she works Mondays to Thursdays.
    await tick('2026-12-02T08:00:00Z');
    const lent = newest(imran);
    assert.match(wordsOf(lent), /Aisha(’|')s check-in, about 20 seconds/);
    assert.ok(!JSON.stringify(lent).includes(WORDS));
    assert.equal(service().shownTo(aisha).length, hers);
    assert.deepEqual(
      buttonsOf(lent).filter(({ verb }) => verb === 'checkins.help' || verb === 'checkins.not-today'),
      [],
    );
    assert.match(await press(imran, lent, 'checkins.submit', FORM), /check-in is answered/);
    assert.equal(shownOn(jo, /check-in, about a minute/).length, 1);
    // What she saved for later is hers, and stays until she sends it or lets it go.
    const drafts = await service().store.db.selectFrom('checkin_drafts').select('person_id').execute();
    assert.deepEqual(drafts, [{ person_id: aisha.personId }]);
    assert.ok(textsIn(shownOn(aisha, /Sent to Jo/)[0]).length > 0);
  });

  it('tells the reader first when it waits long, then takes it to the next manager, and withdraws it when it is read', async () => {
    const { jo, ...others } = people();
    await tick('2026-12-03T08:00:00Z');
    const told = newest(jo);
    assert.match(wordsOf(told), /From Monday 7 December the next manager can read it too/);
    for (const day of ['04', '07']) await tick(`2026-12-${day}T08:00:00Z`);
    const above = Object.entries(others).filter(
      ([, speaker]) => shownOn(speaker, /Whoever reads it first settles it/).length > 0,
    );
    assert.equal(above.length, 1);
    const [, next] = must(above[0], 'the next manager');
    assert.match(await press(jo, told, 'checkins.approve'), /Approved by Jo/);
    assert.deepEqual(shownOn(next, /Whoever reads it first settles it/), []);
    assert.equal(shownOn(next, /Approved by Jo/).length, 1);
  });
});
