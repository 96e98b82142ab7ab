import { strict as assert } from 'node:assert';
import { asksOfPupil } from './pupil.ts';
import { recogniseTalk } from './smalltalk.ts';
import { isEnglish } from './spelling.ts';

const ours = new Set(['tideway', 'harbour', 'nowak', 'okafor']);
const isWord = (word: string) => isEnglish(word) || ours.has(word);
const recognised = (typed: string) =>
  recogniseTalk(typed, (name) => ours.has(name.toLowerCase().split(' ').at(-1) ?? ''));

describe('a question about one pupil', () => {
  for (const typed of [
    "how is Kayleigh Bassett's attendance",
    "how is kayleigh bassett's attendance",
    "How's Kayleigh Bassett’s attendance?",
    'kayleigh bassetts attendance pls',
    "KAYLEIGH BASSETT'S ATTENDANCE",
    "what is kayleigh's attendance this week",
    'attendance for Kayleigh Bassett',
    'attendance for kayleigh bassett',
    'has kayleigh bassett been in school today?',
    'Has Kayleigh Bassett been absent this week?',
    "what are oluwaseun adeyemi's grades",
    "can you give me zuzanna kowalczyk's phone number",
    "what's Mohammed Iqbal's behaviour like",
    "how is grace taylor's attendance",
    'is jayden mcgrath late again',
    "show me aydin yilmaz's timetable",
    "Zoë Kaczmarek's attendance",
    'is Tyler Jones in year 5 on a PLP',
    'does tyler jones have an EHCP?',
    'Is Kayleigh Bassett pupil premium',
    'what class is Kayleigh Bassett in?',
    "who is Kayleigh Bassett's tutor",
    'tell me about Kayleigh Bassett in Year 4',
    'is Ethan Brown in 6B getting any support',
    "what are Zuzanna Kowalczyk's allergies",
    'how old is Mohammed Iqbal',
    'do we have a pupil called Kayleigh Bassett',
  ]) {
    it(`is seen in "${typed}"`, () => assert.equal(recognised(typed), 'pupil'));
  }

  for (const typed of [
    'how is attendance this year',
    "what is the trust's attendance target",
    "what is our school's attendance",
    "how is Harbour Primary's attendance",
    "how is this week's attendance recorded",
    "who checks a child's attendance",
    "what is a pupil's attendance record used for",
    'what happens when a pupil is late',
    'how do we improve attendance for disadvantaged pupils',
    'attendance for year eleven pupils',
    'who is responsible for attendance',
    'what does the strategy say about attendance and behaviour',
    "how do we mark pupils' absences",
    'what is the policy on term time holidays',
    'is persistent absence a priority',
    'what marks do teachers give for reading',
    "who keeps Year 7's registers",
    'what is SEND attendance',
    "what is Ofsted's view of attendance",
    'how is every school doing on attendance',
    'has the trust been late in publishing results',
    "what are children's results in phonics",
    "what is our families' attendance promise",
    "how is staff members' progress reviewed",
    'does good attendance matter for progress',
    'is phonics catch-up in year 5 on the plan',
    'does each pupil have a PLP',
    'is every child in year 5 on a PLP',
    'does Harbour Primary have a support plan',
    'is Marta Nowak the year 5 teacher',
    'what year is the strategy in',
    'tell me about reading fluency in Year 4',
    'what does the maths lead do in year 6',
    'who teaches guided reading in reception',
    "what is the trust's SEND plan",
    'how is pupil premium spent in year 5',
  ]) {
    it(`is not seen in "${typed}"`, () => {
      assert.equal(asksOfPupil(typed, isWord), false);
      assert.notEqual(recognised(typed), 'pupil');
    });
  }
});
