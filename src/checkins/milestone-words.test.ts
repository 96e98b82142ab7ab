import { strict as assert } from 'node:assert';
import { type MilestoneRequest, milestoneRequest } from './milestone-words.ts';

const ROWS: readonly (readonly [string, MilestoneRequest | undefined])[] = [
  ['New milestone', { kind: 'new' }],
  ['please', undefined],
  ['add a milestone.', { kind: 'new' }],
  ['create a new milestone', { kind: 'new' }],
  ['Milestones', { kind: 'list' }],
  ['show me my milestones', { kind: 'list' }],
  ['trend of evening calls', { kind: 'trend', words: 'evening calls' }],
  ['What is the trend for the milestone "Evening calls"?', { kind: 'trend', words: 'evening calls' }],
  ['milestone evening calls', { kind: 'show', words: 'evening calls' }],
  ['Close the milestone: evening calls', { kind: 'show', words: 'evening calls' }],
  ['export milestones', { kind: 'export' }],
  ['Export my milestones as of 9 November', { kind: 'export', day: '9 november' }],
  ['export milestones 2026-11-09', { kind: 'export', day: '2026-11-09' }],
  ['Milestones as of 9 November', { kind: 'state', day: '9 november' }],
  ['state of milestones on 2026-11-09', { kind: 'state', day: '2026-11-09' }],
  ['where our milestones stood on 9 November', { kind: 'state', day: '9 november' }],
  ['milestones yesterday', { kind: 'state', day: 'yesterday' }],
  ['milestones on reading', undefined],
  ['What is a milestone?', undefined],
  ['How are our milestones going?', undefined],
  ['Who owns the milestone on reading?', undefined],
  ['', undefined],
];

describe('what is asked of milestones in words', () => {
  for (const [text, request] of ROWS)
    it(`"${text}" is ${request?.kind ?? 'somebody else’s'}`, () =>
      assert.deepEqual(milestoneRequest(text), request));
});
