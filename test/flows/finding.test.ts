/**
 * Questions on the sample documents, in words that the documents do not use, each group for one thing that finding must
 * understand. The wordings are the test's own; nothing in the method knows them.
 */
import { strict as assert } from 'node:assert';
import type { Conversation } from '../../src/answers/follow-up.ts';
import type { Index } from '../../src/answers/retrieval.ts';
import { periodAsked, withStanding } from '../../src/answers/standing.ts';
import { takeTurn } from '../../src/answers/turn.ts';
import { sampleIndex } from '../support/sample-index.ts';

const TODAY = '2026-11-23';
let index: Index;

function ask(typed: string, before?: Conversation): { said: string; next: Conversation | undefined } {
  const turn = takeTurn(typed, before, withStanding(index, TODAY, periodAsked(typed, TODAY)));
  if (turn.kind === 'talk') return { said: `talk:${turn.talk}`, next: before };
  const { answer, next } = turn;
  if (answer.outcome === 'refusal') return { said: `refusal:${answer.reason}`, next };
  if (answer.outcome === 'clarify')
    return { said: `clarify:${answer.options.map((option) => option.path.at(-1)).join('|')}`, next };
  return {
    said: [answer.note, ...answer.statements.map((statement) => statement.text)].filter(Boolean).join('\n'),
    next,
  };
}

function answers(rows: readonly (readonly [string, RegExp])[]): void {
  for (const [question, expected] of rows)
    it(`"${question}"`, () => assert.match(ask(question).said, expected));
}

describe('finding in the sample documents', () => {
  before(async () => {
    index = await sampleIndex();
  });

  describe('knows what schools call things', () =>
    answers([
      ['can I go down to reduced hours?', /change your hours, days or place of work/],
      ['do I need a sick note after a week off ill', /After seven days we need a fit note/],
      ['what is the fuel costs rate per mile', /45p a mile/],
      ['when may we ask the council for a fine', /penalty notice/],
    ]));

  describe('knows words made from the same word', () =>
    answers([
      ['how long is morning registration open', /open for 30 minutes/],
      ['how is an allegation about the chief executive reported', /chair of trustees/],
    ]));

  describe('answers about the time that is asked for', () => {
    answers([
      ["What were last year's priorities?", /Every child, every lesson[\s\S]*Becoming one trust/],
      ['which areas came first in 2025–26', /Every child, every lesson[\s\S]*Becoming one trust/],
      ['What are the priorities this year?', /One education from nursery to eighteen/],
      ['what did the old plan say about a calm start', /one way to begin lessons/],
      ['What were the priorities in 2022-23?', /refusal:not-then/],
      ['what are the priorities for next year', /refusal:not-then/],
    ]);
  });
});
