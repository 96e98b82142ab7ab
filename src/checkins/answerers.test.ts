import { strict as assert } from 'node:assert';
import { type AnswererFacts, answererOf } from './answerers.ts';

const FACTS: AnswererFacts = {
  ownerId: 'aisha',
  reviewers: { asked: { personId: 'jo', because: 'manager' }, may: ['jo', 'sam'] },
  standIns: ['dee', 'sam'],
  answeredBy: 'owner',
  members: ['aisha', 'jo', 'dee', 'sam', 'tom'],
};

const ROWS: readonly (readonly [
  who: string,
  change: Partial<AnswererFacts>,
  expected: string | undefined,
  why: string,
])[] = [
  ['aisha', {}, 'owner', 'the owner may'],
  ['dee', {}, 'stand-in', 'who stands in for the owner may'],
  ['tom', {}, undefined, 'a colleague may not by default'],
  ['tom', { answeredBy: 'team' }, 'member', 'a colleague may where the milestone says so'],
  ['tom', { answeredBy: 'team', members: ['aisha'] }, undefined, 'not one who is not in the team'],
  ['jo', {}, undefined, 'the reader may not'],
  ['jo', { answeredBy: 'team' }, undefined, 'nor where all of the team may'],
  ['sam', {}, undefined, 'nor one who stands in for both: what they wrote they would read'],
  ['aisha', { members: ['jo'] }, undefined, 'an owner outside the team answers in their own chat'],
  ['dee', { members: ['aisha'] }, undefined, 'nor does a stand-in answer from outside'],
  ['tom', { answeredBy: 'team', escalatedTo: 'tom' }, undefined, 'nor whom a long wait made a reader of it'],
  ['dee', { escalatedTo: 'dee' }, undefined, 'whomever they stand in for'],
  ['nobody', { answeredBy: 'team' }, undefined, 'a stranger never'],
];

describe('who may answer in a channel', () => {
  for (const [who, change, expected, why] of ROWS)
    it(`${who} ${JSON.stringify(change)}: ${expected ?? 'no'}, since ${why}`, () =>
      assert.equal(answererOf({ ...FACTS, ...change }, who), expected));
});
