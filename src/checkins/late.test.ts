import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  EVE,
  JO,
  liveOf,
  MONDAY,
  press,
  store,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { ADA } from '../../test/support/milestone-desk.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import { inTransaction } from '../storage/database.ts';
import { asksWhoIsLate, NOBODY_IS_MEASURED } from './late-words.ts';
import { saveChoices } from './settings-store.ts';

const ASKED = [
  'Who is late?',
  "who's late",
  'Who is behind with their check-ins?',
  'who is overdue',
  'Who hasn’t answered yet?',
  "who hasn't checked in",
  'Who has not sent their check-in this week?',
  'Whose check-in is overdue?',
  'Whose updates are missing?',
  'Which colleagues are late?',
  'Which staff have not answered?',
  'Show me the late check-ins',
  'overdue check-ins',
  'How quickly does Tom answer?',
  'how long does Aisha Rahman take to reply?',
  'How often is Tom late?',
  'Who answers last?',
  'show me response times',
  'Who needs reminding?',
  'Can you tell me who is slowest?',
];
const OTHERS = [
  'Who is the head?',
  'Who leads reading?',
  'What is our policy on late pupils?',
  'Which pupils are late?',
  'Who is late for registration marked with which code?',
  'How long does an EHCP take?',
  'How quickly must a parent reply to a letter?',
  'What are the response times for parents’ emails?',
  'How often do we review the policy?',
  'Who approves trips?',
  'Who reads the safeguarding policy?',
  'my work',
  'late marks',
  '',
];

describe('who is late', () => {
  for (const text of ASKED) it(`is asked by "${text}"`, () => assert.equal(asksWhoIsLate(text), true));
  for (const text of OTHERS) it(`is not asked by "${text}"`, () => assert.equal(asksWhoIsLate(text), false));

  describe('is answered', () => {
    useDesk();
    const later = new Date('2026-12-09T09:00:00Z');

    it('for a line manager, with their own people, once a fortnight has passed', async () => {
      await ask();
      assert.match((await checkins.late(JO, MONDAY.now)).text ?? '', /None of your people/);
      const card = must((await checkins.late(JO, later)).card, 'a card');
      assert.deepEqual(cardProblems(card), []);
      assert.match(words(card), /Not heard from for a fortnight.*Tom: Every family/s);
      assert.match(words(card), /Only you, as their line manager/);
      assert.match(JSON.stringify(card), /l\/chat\/0\/0\?users=tom%40example\.org/);
    });

    it('never with somebody who has paused, or whose check-in came back to them today', async () => {
      await ask();
      await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
      await press(JO, 'checkins.return', await liveOf(), { comment: 'Which classes?' }, later);
      assert.match((await checkins.late(JO, later)).text ?? '', /None of your people/);
      assert.equal((await checkins.summary(later)).standings[0]?.overdue, false);
      const after = new Date('2027-01-12T09:00:00Z');
      assert.equal((await checkins.summary(after)).standings[0]?.overdue, true);
      const pausedUntil = '2027-01-18';
      await inTransaction(store.db, (trx) =>
        saveChoices(trx, 'tom', { choices: { pausedUntil }, version: 0 }, later),
      );
      assert.match((await checkins.late(JO, after)).text ?? '', /None of your people/);
      assert.equal((await checkins.summary(after)).standings[0]?.overdue, false);
    });

    it('as well for a milestone that is asked about anew before the fortnight is over, until something comes', async () => {
      await store.db
        .updateTable('milestones')
        .set({ cadence: 'weekly', every_weeks: 1, due: '2027-03-25' })
        .where('id', '=', 'm1')
        .execute();
      const on = (date: string) => ({ date, now: new Date(`${date}T08:00:00Z`) });
      const late = async (date: string) => (await checkins.late(JO, on(date).now)).card !== undefined;
      for (const monday of ['2026-11-23', '2026-11-30', '2026-12-07'])
        assert.equal((await ask(on(monday))).length, 1, monday);
      assert.equal(await late('2026-12-07'), false, 'nine whole working days');
      assert.equal(await late('2026-12-08'), true);
      await press(TOM, 'checkins.submit', await liveOf(), UPDATE, on('2026-12-08').now);
      assert.equal(await late('2026-12-08'), false);
      await press(JO, 'checkins.approve', await liveOf(), {}, on('2026-12-08').now);
      assert.equal((await ask(on('2026-12-14'))).length, 1);
      assert.equal(await late('2026-12-18'), false, 'it begins again with the next one');
      // What came back is as silent when the next round takes its place.
      await press(TOM, 'checkins.submit', await liveOf(), UPDATE, on('2026-12-18').now);
      await press(JO, 'checkins.return', await liveOf(), { comment: 'Which?' }, on('2026-12-18').now);
      assert.equal((await ask(on('2027-01-04'))).length, 1);
      assert.equal(await late('2027-01-04'), true);
    });

    it('for everybody else, leaders too, with a friendly sentence and no name', async () => {
      await ask();
      for (const person of [TOM, EVE, { personId: 'cho', name: 'Cho Lin' }])
        assert.deepEqual(await checkins.late(person, later), { kind: 'reply', text: NOBODY_IS_MEASURED });
      const leader = JSON.stringify(await checkins.late(ADA, later));
      assert.doesNotMatch(leader, /Tom/, 'whose manager she is not');
    });
  });
});
