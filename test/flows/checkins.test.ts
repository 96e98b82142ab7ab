import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import { buttonOf, buttonsOf, useService, wordsOf } from '../support/service.ts';

const ANSWER = {
  status: 'on-track',
  confidence: 'high',
  value: '9',
  note: 'Nine lessons seen, all with a greeting.',
  blocker: '',
  evidence: 'https://tideway.example/lessons',
};

describe('a check-in', () => {
  const service = useService({ documents: false });
  const people = () => {
    const { chat } = service();
    return { aisha: chat('Aisha Rahman'), jo: chat('Jo Bennett'), tom: chat('Tom Ellery') };
  };

  before(async () => {
    const { teams, command, quiet } = service();
    for (const person of Object.values(people())) await teams.install(person);
    await command('tick', '--at', '2026-11-23T08:00:00Z');
    await quiet();
  });

  /** The newest message of a chat. */
  const newest = (speaker: Speaker) => must(service().shownTo(speaker).at(-1), 'a message');
  const idOf = (activity: Record<string, unknown>) =>
    must(
      service().teams.arrivals.find((one) => one.activity === activity),
      'the arrival',
    ).activityId;

  async function press(
    speaker: Speaker,
    card: unknown,
    verb: string,
    inputs: object = {},
    over: object = {},
  ) {
    const { data } = buttonOf(card, verb);
    const { teams } = service();
    const sent = await teams.pressButton(speaker, { verb, data: { ...data, ...inputs, ...over } });
    assert.equal(sent.status, 200);
    return JSON.stringify(sent.body);
  }

  async function standing(): Promise<unknown> {
    const { rows } = await sql`select id, state, version, comment from checkins order by id`.execute(
      service().store.db,
    );
    return rows;
  }

  async function changesNothing(act: () => Promise<unknown>): Promise<void> {
    const [before, messages] = [await standing(), service().teams.arrivals.length];
    await act();
    await service().quiet();
    assert.deepEqual(await standing(), before);
    assert.equal(service().teams.arrivals.length, messages);
  }

  it('asks its owner at eight, once, and nobody else', async () => {
    const { shownTo, command, quiet } = service();
    const { aisha, tom } = people();
    assert.match(wordsOf(newest(aisha)), /Hello Aisha\. Check-in, about 20 seconds\./);
    assert.match(wordsOf(newest(aisha)), /greets and checks in first/);
    assert.equal(shownTo(tom).length, 2);
    const before = shownTo(aisha).length;
    await command('tick', '--at', '2026-11-23T08:05:00Z');
    await quiet();
    assert.equal(shownTo(aisha).length, before);
  });

  it('refuses a stranger politely, tells them nothing, and changes nothing', async () => {
    const { aisha, tom, jo } = people();
    const card = newest(aisha);
    await changesNothing(async () => {
      const answer = await press(tom, card, 'checkins.submit', ANSWER);
      assert.match(answer, /with someone else, so nothing was changed/);
      assert.doesNotMatch(answer, /greets/);
      // Not even the manager answers for the owner.
      assert.match(await press(jo, card, 'checkins.submit', ANSWER), /nothing was changed/i);
    });
  });

  it('refuses forged ids and broken data, and changes nothing', async () => {
    const { aisha } = people();
    const { teams } = service();
    const card = newest(aisha);
    await changesNothing(async () => {
      for (const over of [
        { id: 'feedfacefeedfacefeed' },
        { id: "' or 1=1 --" },
        { id: 7 },
        { version: -1 },
        { version: 1.5 },
        { verb: 'checkins.approve' },
        { verb: 'checkins.drop-tables' },
        { verb: '__proto__.constructor' },
        { verb: 'constructor.name' },
        { format: 0 },
      ]) {
        const answer = await press(aisha, card, 'checkins.submit', ANSWER, over);
        assert.match(answer, /"statusCode":200/);
        assert.doesNotMatch(answer, /went wrong|TypeError/, JSON.stringify(over));
      }
      for (const data of [undefined, null, 'x', 3, [], {}]) {
        const { body } = await teams.pressButton(aisha, { verb: 'checkins.submit', data });
        assert.match(JSON.stringify(body), /do not recognise that button/);
      }
    });
  });

  it('keeps what was typed when a field needs mending, and changes nothing', async () => {
    const { aisha } = people();
    await changesNothing(async () => {
      const answer = await press(aisha, newest(aisha), 'checkins.submit', { ...ANSWER, value: 'nine' });
      assert.match(answer, /figure as a number/);
      assert.match(answer, /Nine lessons seen/);
    });
  });

  it('when sent brings the manager a review, and shows the owner that it was', async () => {
    const { quiet, shownTo } = service();
    const { aisha, jo, tom } = people();
    const card = newest(aisha);
    const before = shownTo(jo).length;
    const answers = await Promise.all([
      press(aisha, card, 'checkins.submit', ANSWER),
      press(aisha, card, 'checkins.submit', ANSWER),
    ]);
    assert.ok(answers.some((answer) => !/moved on/.test(answer)));
    await quiet();
    assert.equal(shownTo(jo).length, before + 1);
    assert.match(wordsOf(newest(jo)), /Aisha’s check-in|Aisha's check-in/);
    assert.match(wordsOf(newest(jo)), /Nine lessons seen/);
    assert.doesNotMatch(wordsOf(newest(aisha)), /Check-in, about 20 seconds/);
    await changesNothing(async () => {
      assert.match(await press(tom, newest(jo), 'checkins.approve'), /nothing was changed/);
      assert.match(await press(aisha, newest(jo), 'checkins.approve'), /Nobody approves their own/);
    });
  });

  it('comes back with a comment, and both cards say so', async () => {
    const { quiet } = service();
    const { aisha, jo } = people();
    const review = newest(jo);
    await changesNothing(async () => {
      assert.match(await press(jo, review, 'checkins.return', { comment: ' ' }), /say in a few words/);
    });
    await press(jo, review, 'checkins.return', { comment: 'Which lessons were they?' });
    await quiet();
    assert.match(wordsOf(newest(aisha)), /Jo has sent your check-in back with a comment/);
    assert.match(wordsOf(newest(aisha)), /Which lessons were they/);
    assert.deepEqual(
      buttonsOf(newest(jo)).filter(({ verb }) => verb === 'checkins.approve'),
      [],
    );
    // An old card of the manager's: nothing changes, and it shows how things stand.
    await changesNothing(async () => {
      assert.match(await press(jo, review, 'checkins.approve'), /moved on/);
    });
  });

  it('is sent again and approved, from the fallback of a client without Execute; both cards show it', async () => {
    const { quiet, teams, shownTo } = service();
    const { aisha, jo } = people();
    const returned = newest(aisha);
    const { data } = buttonOf(returned, 'checkins.submit');
    const messages = shownTo(aisha).length;
    const again = { ...ANSWER, note: 'Year 5 mathematics and art.' };
    await teams.submitCard(aisha, { ...data, ...again }, idOf(returned));
    await quiet();
    assert.equal(shownTo(aisha).length, messages);
    const review = newest(jo);
    assert.match(wordsOf(review), /Year 5 mathematics and art/);
    const answer = await press(jo, review, 'checkins.approve');
    assert.match(answer, /pproved/);
    await quiet();
    assert.match(wordsOf(newest(aisha)), /pproved/);
    assert.match(wordsOf(newest(jo)), /pproved/);
    const cards = [...shownTo(aisha), ...shownTo(jo)].slice(1);
    assert.equal(
      cards.flatMap((card) => buttonsOf(card)).filter(({ verb }) => /submit|approve|return/.test(verb))
        .length,
      0,
      'no card of a finished check-in can be answered',
    );
    await changesNothing(async () => {
      assert.match(await press(jo, review, 'checkins.approve'), /moved on/);
      assert.match(await press(jo, review, 'checkins.return', { comment: 'Late' }), /moved on/);
      assert.match(await press(aisha, returned, 'checkins.submit', again), /moved on/);
      await teams.submitCard(aisha, { ...data, ...again }, idOf(newest(aisha)));
    });
  });

  it('leaves a trail of who did what, without anybody’s words', async () => {
    const { rows } = await sql<{ actor: string; action: string; detail: unknown }>`
      select actor, action, detail from audit where action like 'checkins.%' and actor <> 'waymark' order by seq`.execute(
      service().store.db,
    );
    const { aisha, jo } = people();
    assert.deepEqual(
      rows.map(({ actor, action }) => [actor, action]),
      [
        [aisha.personId, 'checkins.submit'],
        [jo.personId, 'checkins.return'],
        [aisha.personId, 'checkins.submit'],
        [jo.personId, 'checkins.approve'],
      ],
    );
    assert.doesNotMatch(JSON.stringify(rows), /lessons|mathematics/);
  });
});
