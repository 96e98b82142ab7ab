/** The policy's lines for questions: passages, questions passed on, answers and notes. Pure. */
import { refuse } from '../kernel/errors.ts';
import { type Rule, rows, told } from './rule.ts';

const NOT_YOURS = told('not-yours', 'That question is with someone else, so nothing was changed.');

function on(does: string, ...may: Rule['may']): Rule {
  return { does, may, where: 'anywhere', says: NOT_YOURS };
}

export const ANSWERS = {
  ...rows(['answers.read'], {
    does: 'Open a passage of a document that one may open',
    may: ['staff'],
    where: 'anywhere',
    says: told('not-staff', 'That is for the trust’s staff.'),
  }),
  ...rows(['answers.ask', 'answers.ask-anonymous', 'answers.ask-alone'], {
    does: 'Pass on a question that the documents leave open',
    may: ['asker'],
    where: 'anywhere',
    says: told('not-yours', 'Only the person who asked can pass this on. Nothing was sent.'),
  }),
  ...rows(['answers.answer'], {
    ...on('Answer a question that was passed on', 'question-reader', 'channel-member'),
    never: {
      role: 'asker',
      says: refuse('own-question', 'You asked this, so a colleague answers it. Nothing was changed.'),
    },
  }),
  ...rows(
    ['answers.show', 'answers.not-mine'],
    on('See a question that was passed on, and pass it to the contact for questions', 'question-reader'),
  ),
  ...rows(
    ['answers.publish', 'answers.confirm-publish'],
    on('Publish one’s own answer as a note for all staff', 'answer-author'),
  ),
  ...rows(
    ['answers.withdraw-note'],
    on(
      'Withdraw a note: its author, or the contact for questions once they have left',
      'answer-author',
      'stand-in',
    ),
  ),
} as const;
