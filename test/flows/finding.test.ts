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

  describe('knows how people talk', () =>
    answers([
      ['morning! who r u', /^talk:help$/],
      ['wot is ledgerleaf 4?', /Ledgerleaf/],
      ['may I go to a family on my own the first time', /Never make a first home visit alone/],
      ['what if they do not pick up the phone on the first day of absence', /tries every contact/],
      ['do workers get free therapy', /Free and private counselling/],
      ['who penned the blog post about being missed', /Imogen Ferris/],
      ['how many objectives does an appraisal have', /no more than three/],
    ]));

  describe('knows words made from the same word', () =>
    answers([
      ['how long is morning registration open', /open for 30 minutes/],
      ['how is an allegation about the chief executive reported', /chair of trustees/],
    ]));

  describe('knows what sort of answer is wanted', () =>
    answers([
      ['who do I speak to about a worry concerning the head', /safeguarding lead/],
      ['who is the headteacher?', /refusal:not-said/],
      ['what is the date of sports day', /refusal:not-said/],
      ['how many children may one adult have to notice', /no more than fifteen children/],
      ['what number do I ring for the payroll office', /refusal:not-said/],
      ['how frequently must recruiters train', /every three years/],
      ['how many steps are there in keep-up?', /list 4/],
      ['what do I do if a child tells me something', /Listen[\s\S]*Go to the DSL/],
      ['how much paid leave for professional development', /five days|refusal/],
      ['What are the four things the schools did?', /fifteen children[\s\S]*Nobody was rewarded/],
    ]));

  describe('knows whose words are asked for', () =>
    answers([
      ['according to the staff handbook, when does the office call home?', /10:00 am/],
      ['when does the office call home, in the attendance policy', /9:30 am/],
      ['what does the essay say about research', /read it slowly, try it small/],
      ['according to the outside reading, how should a call home begin?', /something that had gone well/],
    ]));

  describe('asks back where a word alone may mean several parts, and only there', () => {
    answers([
      ['attendance', /^clarify:(?:[^|]+\|){1,2}[^|]+$/],
      ['expenses?', /45p a mile/],
      ['bullying', /uses power/],
      ['settings', /refusal:not-said/],
      ['helicopters', /refusal:not-said/],
    ]);
    it('and answers when one of the parts is chosen', () => {
      const [, first = ''] = /^clarify:([^|]+)/.exec(ask('attendance').said) ?? [];
      assert.doesNotMatch(ask(`Tell me about ${first}`).said, /^(?:clarify|refusal)/);
    });
  });

  describe('knows what was just spoken of', () => {
    it('takes a topic after a list from the same document', () => {
      const list = ask("what are this year's six priorities?");
      assert.match(ask('and what about special needs?', list.next).said, /^Every leader leads for special/);
      assert.match(ask('what about money then?', list.next).said, /^Steady money/);
    });
    it('keeps what "it" stands for', () => {
      const ill = ask('who do I tell if I am ill');
      assert.match(ask('and if it is more than a week?', ill.next).said, /fit note/);
    });
  });

  describe('answers about the time that is asked for', () => {
    answers([
      ["What were last year's priorities?", /Every child, every lesson[\s\S]*Becoming one trust/],
      ['what were we focused on in 2025/26', /Every child, every lesson[\s\S]*Becoming one trust/],
      ['which areas came first in 2025–26', /Every child, every lesson[\s\S]*Becoming one trust/],
      ['What are the priorities this year?', /One education from nursery to eighteen/],
      ['what did the old plan say about a calm start', /one way to begin lessons/],
      ['What were the priorities in 2022-23?', /refusal:not-then/],
      ['what are the priorities for next year', /refusal:not-then/],
    ]);
  });
});
