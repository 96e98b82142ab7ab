import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  count,
  EVE,
  MONDAY,
  press,
  TOM,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import type { Inputs } from '../cards/envelope.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import { type Choices, choicesFrom } from './settings.ts';

const TODAY = '2026-11-23';
const TABLE: readonly (readonly [says: string, before: Choices, inputs: Inputs, after: Choices])[] = [
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
];

describe('what a person chooses for themself', () => {
  useDesk();

  for (const [says, before, inputs, after] of TABLE) {
    it(`takes ${says}`, () => assert.deepEqual(choicesFrom(inputs, before, TODAY), after));
  }

  it('pauses their check-ins and nobody else’s, asks nothing, and begins again by itself', async () => {
    const { card } = await checkins.settings(TOM, MONDAY.now);
    const shown = must(card, 'a card');
    assert.deepEqual(cardProblems(shown), []);
    assert.match(words(shown), /Who sees this\? Only you\. Nobody asks why/);
    const mine = { id: 'mine', version: 0 };
    await press(EVE, 'checkins.settings', mine, { pause: 'month', reminders: 'none' });
    const audits = await count('audit');
    const saved = await press(TOM, 'checkins.settings', mine, { pause: 'week', reminders: 'two' });
    assert.match(saved, /Saved\.[\s\S]*paused\. I will ask again from Monday 30 November/);
    assert.equal(await count('audit'), audits + 1);
    assert.deepEqual(await ask(), []);
    assert.equal((await ask({ date: '2026-11-30', now: new Date('2026-11-30T08:00:00Z') })).length, 1);
  });

  it('spares them reminders', async () => {
    await press(TOM, 'checkins.settings', { id: 'mine', version: 0 }, { pause: 'none', reminders: 'none' });
    assert.equal((await ask()).length, 1);
    assert.deepEqual(await ask({ date: '2026-11-26', now: MONDAY.now }), []);
  });
});
