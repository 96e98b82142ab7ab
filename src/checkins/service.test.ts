import { strict as assert } from 'node:assert';
import {
  act,
  ask,
  checkins,
  count,
  EVE,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  store,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { envelope } from '../cards/envelope.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import { seeded } from '../kernel/seeded.ts';
import { inTransaction } from '../storage/database.ts';
import { readCheckin, readLive } from './store.ts';

describe('check-ins, through the store', () => {
  useDesk();

  it('keeps the file’s milestones with their history, and does nothing when nothing changed', async () => {
    assert.equal(await checkins.syncMilestones(MONDAY.now), 0);
    assert.equal(await count('milestone_history'), 1);
  });

  it('lets several instances start at once and writes each change once', async () => {
    const moved = rebuild(sampleTrust([{ id: 'm1', owner: 'tom', title: 'Better words' }]));
    const changes = await Promise.all([1, 2, 3].map(() => moved.syncMilestones(MONDAY.now)));
    assert.deepEqual(changes.sort(), [0, 0, 1]);
    assert.equal(await count('milestone_history'), 2);
  });

  it('asks once a round, however often the day is run', async () => {
    const [key] = await ask();
    assert.match(key ?? '', /^checkin\/[0-9a-f]{20}\/ask$/);
    assert.deepEqual(await ask(), []);
    assert.equal((await readLive(store.db)).length, 1);
    assert.deepEqual(await ask({ date: '2026-11-25', now: MONDAY.now }), [], 'two days later');
    const [again] = await ask({ date: '2026-11-26', now: MONDAY.now });
    assert.equal(again, `${key}/1.2`, 'the first reminder');
    assert.equal((await ask({ date: '2026-12-01', now: MONDAY.now })).length, 1, 'the second and last');
    assert.deepEqual(await ask({ date: '2026-12-08', now: MONDAY.now }), []);
  });

  it('asks one person for one new round a fortnight, the longest-waiting first, unless the trust says otherwise', async () => {
    const two = sampleTrust([
      { id: 'm1', owner: 'tom' },
      { id: 'm2', owner: 'tom', next_check_in: '2026-11-24' },
    ]);
    const asks = async (date: string) => {
      const now = new Date(`${date}T08:00:00Z`);
      const first = (await ask({ date, now })).filter((key) => key.endsWith('/ask'));
      return first.length;
    };
    await rebuild(two).syncMilestones(MONDAY.now);
    assert.deepEqual(
      [await asks('2026-11-24'), await asks('2026-11-25'), await asks('2026-12-07')],
      [1, 0, 0],
    );
    assert.equal(await asks('2026-12-08'), 1, 'a fortnight later');
    assert.deepEqual((await readLive(store.db)).map(({ milestoneId }) => milestoneId).sort(), ['m1', 'm2']);
  });

  it('asks oftener where the trust says so', async () => {
    const two = sampleTrust([
      { id: 'm1', owner: 'tom' },
      { id: 'm2', owner: 'tom' },
    ]);
    await rebuild({ ...two, policies: { ...two.policies, days_between_asks: 1 } }).syncMilestones(MONDAY.now);
    assert.equal((await ask()).length, 1);
    assert.equal((await ask({ date: '2026-11-24', now: new Date('2026-11-24T08:00:00Z') })).length, 1);
  });

  it('keeps to school time: the next half-termly round is in the last week but one of the next term', async () => {
    const school = sampleTrust([{ id: 'm1', owner: 'tom', due: '2027-07-16', every_weeks: undefined }]);
    await rebuild(school).syncMilestones(MONDAY.now);
    await ask();
    const { cadence, next_round } = await store.db
      .selectFrom('milestones')
      .select(['cadence', 'next_round'])
      .executeTakeFirstOrThrow();
    assert.deepEqual([cadence, next_round], ['half-termly', '2026-12-07']);
  });

  it('opens one round when two runs plan the same day side by side', async () => {
    const plans = await Promise.all([checkins.planAsks(MONDAY), checkins.planAsks(MONDAY)]);
    const drafts = await Promise.all(plans.map((plan) => inTransaction(store.db, (trx) => plan.write(trx))));
    assert.equal((await readLive(store.db)).length, 1);
    assert.equal(drafts.flat().length, 1, 'one card, of the run that opened it');
    assert.equal(await count('checkin_history'), 1);
  });

  it('reminds nobody who answers between the planning of the reminder and its writing', async () => {
    await ask();
    const plan = await checkins.planAsks({ date: '2026-11-26', now: MONDAY.now });
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    assert.deepEqual(await inTransaction(store.db, (trx) => plan.write(trx)), []);
  });

  it('writes nothing of an ask whose run fails', async () => {
    const plan = await checkins.planAsks(MONDAY);
    const failing = inTransaction(store.db, async (trx) => {
      await plan.write(trx);
      throw new Error('stop');
    });
    await assert.rejects(failing, /stop/);
    assert.deepEqual(await readLive(store.db), []);
    assert.equal((await ask()).length, 1);
  });

  it('takes an update to the line manager, and her approval back to both cards', async () => {
    const [key = ''] = await ask();
    assert.match(await press(TOM, 'checkins.submit', await liveOf(), UPDATE), /Sent to Jo/);
    const sent = await liveOf();
    assert.equal(sent.state, 'submitted');
    const review = outbox.drafts.get(`checkin/${sent.id}/review/2/head1`);
    assert.deepEqual(review?.target, { kind: 'person', personId: 'head1' });
    assert.equal(review?.urgent, true);
    assert.deepEqual(cardProblems(outbox.face(review?.key ?? '')), []);
    assert.match(words(outbox.face(key)), /Sent to Jo/);

    assert.match(await press(JO, 'checkins.approve', sent), /Approved by Jo/);
    assert.equal((await readCheckin(store.db, sent.id))?.decidedBy, 'head1');
    assert.match(words(outbox.face(key)), /Jo has approved this/);
    assert.match(words(outbox.face(review?.key ?? '')), /Approved by Jo/);
    assert.deepEqual(
      await ask({ date: '2026-11-30', now: MONDAY.now }),
      [],
      'who has answered is left in peace',
    );
    assert.equal(await count('checkin_history'), 3);
  });

  it('brings a return back to the owner as a new card, and the better answer to the manager', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    assert.match(
      await press(JO, 'checkins.return', await liveOf(), { comment: ' ' }),
      /Please say in a few words/,
    );
    assert.equal((await liveOf()).version, 2);
    assert.match(
      await press(JO, 'checkins.return', await liveOf(), { comment: 'Which families?' }),
      /Returned by Jo/,
    );
    const back = await liveOf();
    assert.match(words(outbox.face(`checkin/${back.id}/returned/3`)), /"Which families\?"/);
    assert.match(await press(TOM, 'checkins.submit', back, { ...UPDATE, note: 'Year 7.' }), /Sent to Jo/);
    assert.ok(outbox.drafts.has(`checkin/${back.id}/review/4/head1`));
    assert.match(words(outbox.face(`checkin/${back.id}/review/2/head1`)), /Year 7/, 'the older copy too');
  });

  it('lets the reader ask before deciding, and shows the owner’s answer beside the words it was asked of', async () => {
    const [key = ''] = await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const review = `checkin/${(await liveOf()).id}/review/2/head1`;
    const asks = { comment: 'Which families are left?' };
    assert.equal(await press(TOM, 'checkins.question', await liveOf(), asks), 'refused: own-check-in');
    assert.equal(await press(EVE, 'checkins.question', await liveOf(), asks), 'refused: not-yours');
    assert.match(
      await press(JO, 'checkins.question', await liveOf(), asks),
      /Your question is with Tom. Nothing was decided/,
    );
    const asked = await liveOf();
    assert.equal(asked.state, 'submitted');
    const question = `checkin/${asked.id}/question/3`;
    assert.deepEqual(outbox.drafts.get(question)?.target, { kind: 'person', personId: 'tom' });
    for (const card of [question, key]) {
      assert.match(words(outbox.face(card)), /Jo asks before reading on[\s\S]*"Which families are left\?"/);
      assert.deepEqual(cardProblems(outbox.face(card)), []);
    }
    assert.match(words(outbox.face(review)), /Asked: "Which families are left\?"\nTom has not answered yet/);
    assert.match(await press(TOM, 'checkins.reply', asked, { reply: ' ' }), /write a few words/);
    assert.match(
      await press(TOM, 'checkins.reply', asked, { reply: 'Four in 7B.' }),
      /You answered: "Four in 7B."/,
    );
    const told = outbox.drafts.get(`checkin/${asked.id}/review/4/head1`);
    assert.match(words(must(told, 'a new card for Jo').card), /Tom: "Four in 7B."/);
    assert.match(words(outbox.face(review)), /Tom: "Four in 7B."/, 'on the older copy too');
    assert.match(await press(JO, 'checkins.approve', await liveOf()), /Approved by Jo/);
    const steps = await store.db
      .selectFrom('checkin_history')
      .select(['event', 'comment'])
      .orderBy('seq')
      .execute();
    assert.deepEqual(
      steps.slice(2).map(({ event, comment }) => [event, comment]),
      [
        ['question', 'Which families are left?'],
        ['reply', 'Four in 7B.'],
        ['approve', null],
      ],
    );
  });

  it('refuses strangers, the owner’s own approval, old cards and second presses, and changes nothing', async () => {
    await ask();
    const open = await liveOf();
    assert.equal(await press(EVE, 'checkins.submit', open, UPDATE), 'refused: not-yours');
    assert.equal(await press(EVE, 'checkins.show', open), 'refused: not-yours');
    assert.equal(await press(JO, 'checkins.submit', open, UPDATE), 'refused: not-yours');
    await press(TOM, 'checkins.submit', open, UPDATE);
    const sent = await liveOf();
    assert.equal(await press(TOM, 'checkins.approve', sent), 'refused: own-check-in');
    assert.equal(await press(EVE, 'checkins.approve', sent), 'refused: not-yours');
    assert.equal(await press(TOM, 'checkins.return', sent, { comment: '' }), 'refused: own-check-in');
    assert.match(
      await press(JO, 'checkins.approve', open),
      /had already moved on[\s\S]*check-in, about a minute/,
    );
    assert.equal(await press(JO, 'checkins.erase', sent), 'refused: unknown-card');
    assert.equal(await press(JO, 'checkins.approve', { id: 'other', version: 1 }), 'refused: gone');
    assert.deepEqual(await liveOf(), sent);
    const before = await count('audit');
    await press(JO, 'checkins.approve', sent);
    assert.match(await press(JO, 'checkins.approve', sent), /had already moved on[\s\S]*Approved by Jo/);
    assert.match(await press(JO, 'checkins.return', sent, { comment: 'No' }), /Approved by Jo/);
    assert.equal(await count('audit'), before + 1);
  });

  it('keeps what was typed when a field is wrong or the card has moved on', async () => {
    await ask();
    const open = await liveOf();
    const wrong = { ...UPDATE, evidence: 'http://tideway.example' };
    const reply = await act(
      { envelope: envelope('checkins.submit', open.id, 1), inputs: wrong },
      TOM,
      MONDAY.now,
    );
    assert.ok(reply.kind === 'card');
    assert.match(words(reply.card), /begins with https/);
    assert.match(JSON.stringify(reply.card), /http:\/\/tideway\.example/);
    assert.deepEqual(await liveOf(), open);
    await press(TOM, 'checkins.not-today', open);
    const late = await act(
      { envelope: envelope('checkins.submit', open.id, 1), inputs: UPDATE },
      TOM,
      MONDAY.now,
    );
    assert.ok(late.kind === 'card');
    assert.match(words(late.card), /Your words are still here/);
    assert.match(JSON.stringify(late.card), /Waiting on the council/);
    assert.equal((await liveOf()).state, 'open');
  });

  it('rests until the next working day after "Not today", and opens again on request', async () => {
    await ask();
    assert.match(await press(TOM, 'checkins.not-today', await liveOf()), /ask again on Tuesday 24 November/);
    assert.match(await press(TOM, 'checkins.show', await liveOf()), /Check-in, about 20 seconds/);
    assert.equal((await ask({ date: '2026-11-24', now: MONDAY.now })).length, 1);
    assert.equal((await liveOf()).resting, false);
  });

  it('passes a call for help to the manager once, with nothing to approve', async () => {
    await ask();
    assert.match(await press(TOM, 'checkins.help', await liveOf()), /Jo gets a message now/);
    const open = await liveOf();
    assert.equal(open.state, 'open');
    assert.match(words(outbox.face(`checkin/${open.id}/help`)), /Tom would like your help/);
    assert.match(await press(TOM, 'checkins.help', open), /already on its way/);
  });

  it('offers "No change" in the next round and sends the last approved answer', async () => {
    await ask();
    assert.match(await press(TOM, 'checkins.no-change', await liveOf()), /first check-in/);
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    await press(JO, 'checkins.approve', await liveOf());
    const [key = ''] = await ask({ date: '2026-12-11', now: MONDAY.now });
    assert.match(words(outbox.face(key)), /Last time: at risk, fairly confident, 104 of 150 families/);
    assert.match(await press(TOM, 'checkins.no-change', await liveOf()), /Sent to Jo/);
    const sent = await liveOf();
    assert.deepEqual([sent.unchanged, sent.answer?.value], [true, 104]);
  });

  it('sends the review to a new manager, and tells the old one that it is with another', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const sent = await liveOf();
    const people = PEOPLE.map((person) => (person.id === 'tom' ? { ...person, managerId: 'head2' } : person));
    rebuild(sampleTrust(), people);
    assert.deepEqual(await ask({ date: '2026-11-24', now: MONDAY.now }), [
      `checkin/${sent.id}/review/2/head2`,
    ]);
    assert.deepEqual(await ask({ date: '2026-11-24', now: MONDAY.now }), []);
    assert.equal(await press(JO, 'checkins.approve', sent), 'refused: not-yours');
    assert.match(
      await press({ personId: 'head2', name: 'Kit' }, 'checkins.approve', sent),
      /Approved by Kit/,
    );
  });

  it('withdraws what a changed file overtakes, and asks the new owner', async () => {
    const [key = ''] = await ask();
    const old = await liveOf();
    rebuild(sampleTrust([{ id: 'm1', owner: 'bea' }]));
    await checkins.syncMilestones(MONDAY.now);
    await checkins.cards.drain(MONDAY.now);
    assert.equal((await readCheckin(store.db, old.id))?.state, 'withdrawn');
    assert.match(words(outbox.face(key)), /no longer needed/);
    await ask();
    assert.equal((await liveOf()).ownerId, 'bea');
    rebuild(sampleTrust([]));
    await checkins.syncMilestones(MONDAY.now);
    assert.deepEqual(await readLive(store.db), []);
  });

  it('keeps nothing when a card cannot be queued', async () => {
    await ask();
    const open = await liveOf();
    const before = await count('audit');
    outbox.enqueue = async () => {
      throw new Error('the ledger is away');
    };
    await assert.rejects(press(TOM, 'checkins.submit', open, UPDATE), /ledger is away/);
    assert.deepEqual(await liveOf(), open);
    assert.equal(await count('audit'), before);
  });

  it('lets exactly one of many presses at once win, and shows the rest how it stands', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const sent = await liveOf();
    const audits = await count('audit');
    const replies = await Promise.all(
      [...Array(10).keys()].map((turn) =>
        turn % 2 === 0
          ? press(JO, 'checkins.approve', sent)
          : press(JO, 'checkins.return', sent, { comment: `Number ${turn}` }),
      ),
    );
    const won = replies.filter((reply) => !reply.includes('had already moved on'));
    assert.equal(won.length, 1, replies.join('\n---\n'));
    assert.equal((await readCheckin(store.db, sent.id))?.version, sent.version + 1);
    assert.equal(await count('audit'), audits + 1);
  });

  it('keeps every card, row and history in step through random presses', async () => {
    await ask();
    const { id } = await liveOf();
    const random = seeded(7);
    const verbs = ['submit', 'no-change', 'help', 'not-today', 'approve', 'return', 'show'] as const;
    for (let step = 0; step < 120; step += 1) {
      const before = await readCheckin(store.db, id);
      assert.ok(before);
      const version = random.chance(0.2) ? before.version - 1 : before.version;
      const inputs = random.chance(0.8) ? { ...UPDATE, comment: 'More, please.' } : { value: 'x' };
      const verb = random.pick(verbs);
      await press(random.pick([TOM, JO, EVE]), `checkins.${verb}`, { id, version }, inputs);
      const after = await readCheckin(store.db, id);
      assert.ok(after && after.version - before.version <= 1);
      if (version !== before.version) assert.deepEqual(after, before);
      if (after.state === 'approved') break;
    }
    const last = await readCheckin(store.db, id);
    assert.equal(await count('checkin_history'), last?.version);
  });

  it('says where the milestones stand by what is approved alone: what is sent waits for its reader, and for nobody else', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const before = await checkins.summary(MONDAY.now);
    assert.deepEqual(
      before.standings.map(({ answer, figure, priorityId }) => [answer, figure, priorityId]),
      [[undefined, undefined, 'disadvantage']],
    );
    assert.deepEqual(
      before.waiting.map(({ reviewerId, ownerName }) => [reviewerId, ownerName]),
      [['head1', 'Tom']],
    );
    await press(JO, 'checkins.approve', await liveOf());
    const after = await checkins.summary(MONDAY.now);
    assert.deepEqual([after.standings[0]?.answer?.status, after.waiting], ['at-risk', []]);
  });
});
