import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { sampleTrust } from '../../test/support/school.ts';
import { must } from '../kernel/guards.ts';
import { itemsFor, readItems, reasonToRead, type Waiter } from './bulk.ts';
import type { Answer } from './lifecycle.ts';
import { planOf } from './milestone.ts';

const milestone = { ...planOf(must(sampleTrust().milestones[0], 'a milestone')), ended: false };
const FINE: Answer = {
  status: 'on-track',
  confidence: 'high',
  value: 104,
  note: '',
  blocker: '',
  evidence: '',
};

function waiter(answer: Partial<Answer>, more: Partial<Waiter> = {}, unchanged = false): Waiter {
  const checkin = {
    id: 'abc123',
    milestoneId: 'm1',
    round: '2026-11-23',
    ownerId: 'tom',
    state: 'submitted' as const,
    version: 2,
    answer: { ...FINE, ...answer },
    unchanged,
    asked: 1,
    resting: false,
  };
  return { checkin, milestone, owner: 'Tom', unchangedBefore: 0, last: { ...FINE, value: 96 }, ...more };
}

const { value: _none, ...WITHOUT } = FINE;
/** The aim is 150. */
const TABLE: readonly (readonly [says: string, given: Waiter, why: string | undefined])[] = [
  ['on track, with progress', waiter({}), undefined],
  ['on track, the same figure', waiter({ value: 96 }), undefined],
  ['the first of all', waiter({}, { last: undefined }), undefined],
  ['the aim reached', waiter({ value: 150 }), undefined],
  ['fairly confident', waiter({ confidence: 'medium' }), undefined],
  ['at risk', waiter({ status: 'at-risk' }), 'at risk'],
  ['off track', waiter({ status: 'off-track' }), 'off track'],
  ['not confident', waiter({ confidence: 'low' }), 'not confident yet'],
  ['something in the way', waiter({ blocker: 'The council' }), 'something is in the way'],
  ['a falling figure', waiter({ value: 95 }), 'further from the aim than last time'],
  [
    'a rising figure where the aim is to come down',
    waiter(
      { value: 9 },
      { milestone: { ...milestone, target: 5, direction: 'lower' }, last: { ...FINE, value: 8 } },
    ),
    'further from the aim than last time',
  ],
  [
    'a falling figure where the aim is to come down',
    waiter(
      { value: 3 },
      { milestone: { ...milestone, target: 5, direction: 'lower' }, last: { ...FINE, value: 8 } },
    ),
    undefined,
  ],
  [
    'what was done and is no longer',
    waiter(
      { value: 0 },
      { milestone: { ...milestone, target: 1, direction: 'yes-no' }, last: { ...FINE, value: 1 } },
    ),
    'further from the aim than last time',
  ],
  [
    'no figure after one with a figure',
    { ...waiter({}), checkin: { ...waiter({}).checkin, answer: WITHOUT } },
    'no figure this time',
  ],
  ['a second no change', waiter({ value: 96 }, { unchangedBefore: 1 }, true), undefined],
  ['a third no change', waiter({ value: 96 }, { unchangedBefore: 2 }, true), 'no change for the third time'],
  ['a change after two without', waiter({}, { unchangedBefore: 2 }), undefined],
];

describe('approving all at once', () => {
  for (const [says, given, why] of TABLE) {
    it(`${why ? 'leaves out' : 'takes'} ${says}`, () => assert.equal(reasonToRead(given), why));
  }

  it('carries ids and versions on the button, and reads no more from it than that', () => {
    const shown = itemsFor([waiter({}), { ...waiter({}), checkin: { ...waiter({}).checkin, id: 'def' } }]);
    const inputs = Object.fromEntries(Object.entries(shown).map(([name, item]) => [name.slice(7), item]));
    assert.deepEqual(readItems(inputs), [
      { id: 'abc123', version: 2 },
      { id: 'def', version: 2 },
    ]);
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('item0', 'item1', 'item39', 'x'), fc.string()), (forged) => {
        const found = readItems(forged);
        assert.ok(found.every(({ id, version }) => /^[0-9a-f]+$/.test(id) && Number.isSafeInteger(version)));
        assert.equal(new Set(found.map(({ id }) => id)).size, found.length);
      }),
    );
  });
});
