import { strict as assert } from 'node:assert';
import { cutPassages, type DocumentFacts } from './corpus.ts';
import { readMarkdown } from './readers/markdown.ts';
import { buildIndex } from './retrieval.ts';
import { asksForMe } from './role.ts';
import { withStanding } from './standing.ts';
import { takeTurn } from './turn.ts';

const doc: DocumentFacts = { id: 'plan', title: 'Plan', kind: 'policy' };
const guide: DocumentFacts = { id: 'guide', title: 'Kettle guide for teachers', kind: 'policy' };
const old: DocumentFacts = { id: 'old', title: 'Old plan', kind: 'policy', to: '2025-08-31' };
const TEXT = `# Plan

## What this means for you

### If you teach

Plan with a colleague each Tuesday.

### If you are a teaching assistant

Read the green folder first.

### If you lead

Ask who it helps.

## Kettles

Kettles are descaled monthly.
`;
const GUIDE = `# Kettle guide for teachers

By the caretaker, 3 May 2026.

This guide is short.

## Descaling

Empty the kettle before you leave the classroom.

## Plugs

Pull the plug out on Fridays.
`;
const index = withStanding(
  buildIndex(
    [doc, old, guide],
    [
      ...cutPassages(doc, readMarkdown(TEXT)),
      ...cutPassages(guide, readMarkdown(GUIDE)),
      ...cutPassages(old, readMarkdown('# Old plan\n\n## If you teach\n\nPlan alone.\n')),
    ],
  ),
  '2026-11-23',
);

function told(typed: string, jobTitle?: string, first?: string): string {
  const before = first ? takeTurn(first, undefined, index) : undefined;
  const spoken = before?.kind === 'answer' ? before.next : undefined;
  const turn = takeTurn(typed, spoken, index, jobTitle);
  if (turn.kind !== 'answer') return turn.talk;
  return turn.answer.outcome === 'answer'
    ? turn.answer.statements.map((statement) => statement.text).join(' ')
    : `${turn.answer.outcome}:${turn.answer.outcome === 'refusal' ? turn.answer.reason : ''}`;
}

describe('what something means for the asker', () => {
  it('is the part that is addressed to their role, and no other, from what is in force', () => {
    assert.equal(
      told('What does this mean for me?', 'Year 5 teacher'),
      'Plan with a colleague each Tuesday. This guide is short.',
    );
    assert.equal(told('what does it mean for my role', 'Teaching assistant'), 'Read the green folder first.');
    assert.equal(told('What does the plan mean for me?', 'Headteacher'), 'Ask who it helps.');
  });

  it('is what is addressed to their role on what was asked about, and no other part', () => {
    for (const typed of ['What does descaling mean for me?', 'what would descaling kettles mean to me'])
      assert.equal(told(typed, 'Year 5 teacher'), 'Empty the kettle before you leave the classroom.', typed);
    assert.equal(
      told('What does the plan mean for me?', 'Year 5 teacher'),
      'Plan with a colleague each Tuesday.',
    );
  });

  it('is said to be nowhere when no part on it names their role', () => {
    assert.equal(told('What does descaling mean for me?', 'Headteacher'), 'refusal:not-for-role');
    assert.equal(told('What does a zeppelin mean for me?', 'Year 5 teacher'), 'refusal:not-for-role');
  });

  it('takes "this" for what was spoken of, and says when nothing on that is theirs', () => {
    const first = 'When are kettles descaled?';
    assert.match(told('What does this mean for me?', 'Year 5 teacher', first), /^Empty the kettle/);
    const turn = takeTurn(
      'What does this mean for me?',
      { topic: 'What is descaling?', items: [], passages: [] },
      index,
      'Headteacher',
    );
    assert(turn.kind === 'answer' && turn.answer.outcome === 'answer');
    assert.match(turn.answer.note ?? '', /^No part on that is addressed to your role/);
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
