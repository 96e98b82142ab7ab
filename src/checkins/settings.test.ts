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
  store,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import type { Inputs } from '../cards/envelope.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import { type ChoiceFacts, type Choices, choicesFrom, isMend } from './settings.ts';
import { readSettings } from './settings-store.ts';

const TODAY = '2026-11-23';
const FACTS: ChoiceFacts = {
  today: TODAY,
  personId: 'tom',
  find: (text) => ({ bea: ['bea'], 'two names': ['ivy', 'max'], tom: ['tom'], jo: ['head1'] })[text] ?? [],
  readers: ['head1'],
};
const LENT = { delegate: 'bea', from: '2026-11-30', to: '2026-12-04' };
const lent = (more: Inputs = {}): Inputs => ({
  delegate: 'bea',
  'delegate-from': LENT.from,
  'delegate-to': LENT.to,
  ...more,
});
const TABLE: readonly (readonly [says: string, before: Choices, inputs: Inputs, after: Choices | RegExp])[] =
  [
    ['a week', {}, { pause: 'week', reminders: 'two' }, { pausedUntil: '2026-11-30' }],
    [
      'two weeks and no reminders',
      {},
      { pause: 'fortnight', reminders: 'none' },
      { pausedUntil: '2026-12-07', unreminded: true },
    ],
    ['an end of the pause', { pausedUntil: '2026-12-07' }, { pause: 'none', reminders: 'two' }, {}],
    [
      'the pause as it is',
      { pausedUntil: '2026-12-07' },
      { pause: 'keep', reminders: 'two' },
      { pausedUntil: '2026-12-07' },
    ],
    ['a pause that is over', { pausedUntil: TODAY }, { pause: 'keep', reminders: 'two' }, {}],
    ['reminders again', { unreminded: true }, { pause: 'none', reminders: 'two' }, {}],
    ['nothing of ours', { unreminded: true }, { pause: 'for ever', reminders: '9' }, { unreminded: true }],
    ['three days', {}, { days: '1,2,4' }, { works: [1, 2, 4] }],
    ['the days of the file, which then decides', { works: [1] }, { days: '5,4,3,2,1' }, {}],
    ['days that are none', { works: [2] }, { days: '0,6,7' }, /at least one working day/],
    ['no day at all', {}, { days: '' }, /at least one working day/],
    ['an old card, which has no days', { works: [2] }, { pause: 'none' }, { works: [2] }],
    ['hours', {}, { 'first-hour': '10-00', 'last-hour': '14-00' }, { hours: { from: '10:00', to: '14:00' } }],
    ['a first hour alone', {}, { 'first-hour': '09-00', 'last-hour': 'any' }, { hours: { from: '09:00' } }],
    ['no hours again', { hours: { to: '12:00' } }, { 'first-hour': 'any', 'last-hour': 'any' }, {}],
    [
      'hours that are not ours',
      { hours: { to: '12:00' } },
      { 'last-hour': '03-33' },
      { hours: { to: '12:00' } },
    ],
    ['hours that end before they begin', {}, { 'first-hour': '14-00', 'last-hour': '12-00' }, /after 14:00/],
    ['a colleague with dates', {}, lent(), { delegation: LENT }],
    ['nobody in their place again', { delegation: LENT }, lent({ delegate: ' ' }), {}],
    ['one day alone', {}, lent({ 'delegate-to': LENT.from }), { delegation: { ...LENT, to: LENT.from } }],
    ['a colleague nobody knows', {}, lent({ delegate: 'zed' }), /no colleague by that name/],
    ['a name that two have', {}, lent({ delegate: 'two names' }), /More than one/],
    ['themself', {}, lent({ delegate: 'tom' }), /That is you/],
    ['who reads their check-ins', {}, lent({ delegate: 'jo' }), /read your check-ins/],
    ['no first day', {}, lent({ 'delegate-from': '' }), /first and the last day/],
    ['a day that is none', {}, lent({ 'delegate-to': '2026-02-30' }), /first and the last day/],
    ['days the wrong way round', {}, lent({ 'delegate-to': '2026-11-29' }), /before the first/],
    [
      'days that are over',
      {},
      lent({ 'delegate-from': '2026-11-02', 'delegate-to': '2026-11-20' }),
      /has passed/,
    ],
    ['years', {}, lent({ 'delegate-to': '2028-11-29' }), /more than a year/],
    [
      'a year that was mistyped',
      {},
      lent({ 'delegate-from': '2036-11-24', 'delegate-to': '2036-11-28' }),
      /begins on 24 November 2036, more than a year from now/,
    ],
    ['an old card, which names nobody', { delegation: LENT }, {}, { delegation: LENT }],
    ['a delegation that is over', { delegation: { ...LENT, from: '2026-11-02', to: '2026-11-20' } }, {}, {}],
  ];

const own = ({ personId }: typeof TOM, version = 0) => ({ id: personId, version });
const at = (date: string, time = '08:00') => ({ date, now: new Date(`${date}T${time}:00Z`) });

describe('the fields of the settings card', () => {
  for (const [says, before, inputs, after] of TABLE) {
    it(`${after instanceof RegExp ? 'has mended' : 'takes'}: ${says}`, () => {
      const found = choicesFrom(inputs, before, FACTS);
      if (!(after instanceof RegExp)) assert.deepEqual(found, after);
      else assert.match(isMend(found) ? found.message : 'it was taken', after);
    });
  }
});

describe('what a person chooses for themself', () => {
  useDesk();

  it('pauses their check-ins and nobody else’s, asks nothing, and begins again by itself', async () => {
    const { card } = await checkins.settings(TOM, MONDAY.now);
    const shown = must(card, 'a card');
    assert.deepEqual(cardProblems(shown), []);
    assert.match(words(shown), /Who sees this\? Only you, and a colleague you name\. Nobody asks why/);
    await press(EVE, 'checkins.settings', own(EVE), { pause: 'month', reminders: 'none' });
    const audits = await count('audit');
    const saved = await press(TOM, 'checkins.settings', own(TOM), { pause: 'week', reminders: 'two' });
    assert.match(saved, /Saved\.[\s\S]*paused\. I will ask again from Monday 30 November/);
    assert.equal(await count('audit'), audits + 1);
    assert.deepEqual(await ask(), []);
    assert.equal((await ask(at('2026-11-30'))).length, 1);
  });

  it('spares them reminders', async () => {
    await press(TOM, 'checkins.settings', own(TOM), { pause: 'none', reminders: 'none' });
    assert.equal((await ask()).length, 1);
    assert.deepEqual(await ask({ date: '2026-11-26', now: MONDAY.now }), []);
  });

  it('still asks on the day that their "Not today" was promised, and reminds of nothing after', async () => {
    await press(TOM, 'checkins.settings', own(TOM), { pause: 'none', reminders: 'none' });
    await ask();
    assert.match(await press(TOM, 'checkins.not-today', await liveOf()), /ask again on Tuesday 24 November/);
    assert.equal((await ask(at('2026-11-24'))).length, 1);
    assert.deepEqual(await ask(at('2026-11-27')), []);
  });

  it('asks on their days and in their hours, at a later look of the day', async () => {
    await press(TOM, 'checkins.settings', own(TOM), {
      days: '2,4',
      'first-hour': '10-00',
      'last-hour': '12-00',
    });
    assert.deepEqual(await ask(), []);
    assert.deepEqual(await ask(at('2026-11-24')), []);
    const later = (time: string) => ask({ ...at('2026-11-24', time), later: true });
    assert.deepEqual(await later('12:00'), []);
    assert.equal((await later('10:00')).length, 1);
    // Once a day, whatever else is looked at.
    assert.deepEqual(await later('11:00'), []);
    assert.equal((await liveOf()).askOn, '2026-12-03');
  });

  it('says nothing more to one who has answered before their hour', async () => {
    await ask();
    await press(TOM, 'checkins.settings', own(TOM), { 'first-hour': '14-00' });
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    assert.deepEqual(await ask({ ...at('2026-11-26', '14:00'), later: true }), []);
  });

  it('shows all that was chosen again when something needs mending, and keeps nothing', async () => {
    const shown = await act(
      {
        envelope: { verb: 'checkins.settings', ...own(TOM), format: 1 },
        inputs: { pause: 'week', days: '1,2', ...lent({ delegate: 'Nobody Known' }) },
      },
      TOM,
      MONDAY.now,
    );
    const card = JSON.stringify(shown);
    for (const kept of ['no colleague by that name', 'Nobody Known', '"1,2"', '"week"', LENT.from, LENT.to])
      assert.ok(card.includes(kept), kept);
    assert.doesNotMatch(card, /"isVisible":false/);
    assert.equal((await ask()).length, 1);
  });

  it('takes nothing by a card that was overtaken, or that is somebody else’s, and shows how things stand', async () => {
    await press(TOM, 'checkins.settings', own(TOM), lent({ delegate: 'Max Birch' }));
    const before = await readSettings(store.db, 'tom');
    const audits = await count('audit');
    for (const card of [own(TOM), own(TOM, 2), own(JO, 1), { id: 'mine', version: 1 }]) {
      const said = await press(TOM, 'checkins.settings', card, { pause: 'week', delegate: '' });
      assert.match(said, /changed since that card\. Nothing was saved/);
      assert.match(said, /Max Birch acts for you/);
    }
    assert.deepEqual(await readSettings(store.db, 'tom'), before);
    assert.equal(await count('audit'), audits);
    assert.match(await press(TOM, 'checkins.settings', own(TOM, 1), { pause: 'week' }), /Saved\./);
    assert.equal((await readSettings(store.db, 'tom')).version, 2);
  });

  it('saves once what is pressed twice at the same moment', async () => {
    const both = await Promise.all(
      ['week', 'month'].map((pause) => press(TOM, 'checkins.settings', own(TOM), { pause })),
    );
    assert.equal(both.filter((said) => /Saved\./.test(said)).length, 1);
    assert.equal((await readSettings(store.db, 'tom')).version, 1);
  });

  it('names a colleague, who is told, is asked, and answers; the owner sees it', async () => {
    const saved = await press(TOM, 'checkins.settings', own(TOM), {
      delegate: 'Max Birch',
      'delegate-from': '2026-11-23',
      'delegate-to': '2026-11-27',
    });
    assert.match(saved, /Max Birch acts for you from Monday 23 November to Friday 27 November/);
    const told = must([...outbox.drafts.values()].at(-1), 'a card for the colleague');
    assert.deepEqual(told.target, { kind: 'person', personId: 'max' });
    assert.match(words(told.card), /Max, Tom has asked you to act for them/);
    const [key = ''] = await ask();
    assert.deepEqual(outbox.drafts.get(key)?.target, { kind: 'person', personId: 'max' });
    assert.match(words(outbox.face(key)), /Tom’s check-in|Tom's check-in/);
    const open = await liveOf();
    for (const verb of ['checkins.help', 'checkins.not-today', 'checkins.approve', 'checkins.reply'])
      assert.match(await press(EVE, verb, open, { reply: 'x' }), /^refused/, verb);
    assert.match(words(must((await checkins.mine(EVE, MONDAY.now)).card, 'theirs')), /To answer for Tom/);
    assert.match(
      await press(EVE, 'checkins.submit', open, UPDATE),
      /Tom’s check-in is answered|Tom's check-in is answered/,
    );
    const sent = await liveOf();
    assert.equal(sent.state, 'submitted');
    assert.match(await press(TOM, 'checkins.view', sent), /Sent to Jo/);
    // Who answered does not read it; whoever read before still does.
    assert.match(await press(EVE, 'checkins.approve', sent), /^refused/);
    assert.match(await press(JO, 'checkins.approve', sent), /Approved by Jo/);
  });

  it('passes what waits to be read to the colleague, and takes it back when the days are over', async () => {
    await ask();
    await press(JO, 'checkins.settings', own(JO), {
      delegate: 'Bea Hall',
      'delegate-from': '2026-11-23',
      'delegate-to': '2026-11-24',
    });
    const bea = { personId: 'bea', name: 'Bea Hall' };
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const review = [...outbox.drafts.values()].find(({ key }) => key.includes('/review/'));
    assert.deepEqual(review?.target, { kind: 'person', personId: 'bea' });
    const sent = await liveOf();
    const after = new Date('2026-11-25T08:00:00Z');
    assert.match(await press(bea, 'checkins.approve', sent, {}, after), /^refused/);
    assert.match(await press(bea, 'checkins.approve', sent), /Approved by Bea/);
  });
});
