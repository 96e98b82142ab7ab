import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { type Card, plainText } from '../cards/elements.ts';
import { cardProblems, MAX_CARD_BYTES } from '../cards/size.ts';
import {
  answerCard,
  answeredCard,
  clearedCard,
  offerCard,
  otherAnsweredCard,
  passedCard,
  previewCard,
  questionCard,
  sentCard,
} from './ask-cards.ts';
import { channelOfferCard, channelQuestionCard } from './ask-channel-cards.ts';
import { type Ask, answered } from './asks.ts';

const PRIYA = { name: 'Priya Nair', givenName: 'Priya' };
const KAREN = { name: 'Karen Lister', givenName: 'Karen' };
const AISHA = { name: 'Aisha Rahman', givenName: 'Aisha' };
const DAY = new Date('2026-11-23T12:00:00Z');
const DATES = { from: '23 November 2026', to: '23 November 2027' };
const open = (question: string): Ask => ({
  id: 'question_1',
  askedAt: DAY,
  askerId: 'aisha',
  named: false,
  question,
  topic: question.slice(0, 300),
  within: [],
  readers: ['priya'],
  state: 'open',
  version: 1,
});

function allCards(question: string, answer: string): Card[] {
  const ask = open(question);
  const done = answered(ask, answer, 'priya', DAY);
  const typed = { question: question.slice(0, 200), answer };
  return [
    offerCard({
      questionId: 'question_1',
      reader: PRIYA,
      next: KAREN,
      topic: question,
      headings: [question, answer, 'x'],
    }),
    sentCard('Priya Nair', true, false),
    questionCard({ ask, asker: AISHA, next: KAREN, notice: 'Please write an answer first.', typed: answer }),
    questionCard({ ask }),
    passedCard(KAREN),
    answeredCard(done, 'The note is withdrawn; nobody gets it any more.'),
    answeredCard({ ...done, state: 'published' }),
    otherAnsweredCard(done, PRIYA, answer),
    previewCard(done, PRIYA, DATES, typed, 'This had moved on. Please look once more.'),
    previewCard(
      { ...done, within: [{ group: 'g' }] },
      PRIYA,
      DATES,
      typed,
      'Please fill in both fields. Nothing is published yet.',
    ),
    clearedCard('question_1', 'days', true),
    answerCard(done, PRIYA, '23 November 2026'),
    channelOfferCard({
      questionId: 'question_1',
      channel: 'Ask Tideway: questions of all kinds, for everybody',
      instead: PRIYA,
      topic: question,
      headings: [question, answer, 'x'],
    }),
    channelQuestionCard({ ask, notice: 'Please write an answer first. Nothing was sent.', typed: answer }),
  ];
}

describe('the cards of a question that goes to a person', () => {
  it('keep the limits of every card', () => {
    const long = 'When is the gate shut, and who shuts it '.repeat(20);
    for (const card of [
      ...allCards('When is the gate shut?', 'At half past nine.'),
      ...allCards(long, long),
      channelQuestionCard({ ask: open(long), asker: AISHA, notice: 'Please write an answer first.' }),
    ])
      assert.deepEqual(cardProblems(card), [], card.text);
  });

  it('keep them whatever people type, and leave no mark of theirs with a meaning', () => {
    const words = fc
      .array(
        fc.constantFrom('gate', '[here](http://evil.example)', '<at>All</at>', '\n', '- point', '**bold**'),
        {
          minLength: 1,
          maxLength: 250,
        },
      )
      .map((parts) => parts.join(' ').slice(0, 1_500));
    fc.assert(
      fc.property(words, words, (question, answer) => {
        for (const card of allCards(`q ${question}`.slice(0, 1_000), `a ${answer}`)) {
          assert.deepEqual(
            cardProblems(card).filter((problem) => !problem.startsWith('says')),
            [],
            card.text,
          );
          assert.ok(JSON.stringify(card.content).length < MAX_CARD_BYTES);
          assert.doesNotMatch(plainText(card.content.body as never), /(?<!\\)\]\(|<at>|(?<!\\)\*\*/);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('never name an asker who left the name out', () => {
    for (const card of allCards('When is the gate shut?', 'At half past nine.').slice(3))
      assert.doesNotMatch(JSON.stringify(card), /Aisha/);
  });
});
