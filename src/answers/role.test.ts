import { strict as assert } from 'node:assert';
import { cutPassages, type DocumentFacts } from './corpus.ts';
import { readMarkdown } from './readers/markdown.ts';
import { buildIndex } from './retrieval.ts';
import { asksForMe } from './role.ts';
import { withStanding } from './standing.ts';
import { takeTurn } from './turn.ts';

const doc: DocumentFacts = { id: 'plan', title: 'Plan', kind: 'policy' };
const old: DocumentFacts = { id: 'old', title: 'Old plan', kind: 'policy', to: '2025-08-31' };
const TEXT = `# Plan

## What this means for you

### If you teach

Plan with a colleague each Tuesday.

### If you are a teaching assistant

Read the green folder first.

### If you lead

Ask who it helps.
`;
const index = withStanding(
  buildIndex(
    [doc, old],
    [
      ...cutPassages(doc, readMarkdown(TEXT)),
      ...cutPassages(old, readMarkdown('# Old plan\n\n## If you teach\n\nPlan alone.\n')),
    ],
  ),
  '2026-11-23',
);

function told(typed: string, jobTitle?: string): string {
  const turn = takeTurn(typed, undefined, index, jobTitle);
  if (turn.kind !== 'answer') return turn.talk;
  return turn.answer.outcome === 'answer'
    ? turn.answer.statements.map((statement) => statement.text).join(' ')
    : `${turn.answer.outcome}:${turn.answer.outcome === 'refusal' ? turn.answer.reason : ''}`;
}

describe('what something means for the asker', () => {
  it('is the part that is addressed to their role, and no other, from what is in force', () => {
    assert.equal(
      told('What does this mean for me?', 'Year 5 teacher'),
      'Plan with a colleague each Tuesday.',
    );
    assert.equal(told('what does it mean for my role', 'Teaching assistant'), 'Read the green folder first.');
    assert.equal(told('What does the plan mean for me?', 'Headteacher'), 'Ask who it helps.');
  });

  it('takes the role that is said before the one that is known', () => {
    assert.equal(told("I'm a TA: where do I start?", 'Headteacher'), 'Read the green folder first.');
  });

  it('is said to be nowhere where no part names the role, or the role is not known', () => {
    assert.equal(told('What does this mean for me?', 'Piano tuner'), 'refusal:not-for-role');
    assert.equal(told('What does this mean for me?'), 'refusal:not-for-role');
  });

  it('is not asked by a question that only holds the word', () => {
    for (const typed of ['What does TIM mean?', 'Who do I tell about a flood?', 'tell me about coaching'])
      assert.equal(asksForMe(typed), false, typed);
  });
});
