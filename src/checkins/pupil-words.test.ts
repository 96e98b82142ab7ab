import { strict as assert } from 'node:assert';
import { isEnglish } from '../answers/spelling.ts';
import { namesPupil } from './pupil-words.ts';

const OWN = new Set(['jo', 'bennett', 'harbour', 'tideway', 'ofsted', 'okafor', 'mel']);
const isKnown = (word: string) => OWN.has(word) || isEnglish(word);

describe('words that look as if they named a pupil', () => {
  for (const words of [
    'amber, Jayden Okonkwo has stopped coming',
    'green, Kayleigh in Year 5 is much better',
    'JB in Y4 keeps leaving',
    'A pupil called Zainab cannot be reached',
    'Red. Tyrone still refuses the first lesson',
    "waiting on Kayleigh's mum",
  ])
    it(`are held back: ${words}`, () => assert.equal(namesPupil(words, isKnown), true));

  for (const words of [
    'amber, 60%, waiting on the LA',
    'Green. Jo Bennett has seen nine lessons',
    'Year 5 teachers greet the pupils who carry most first',
    'on track, Ofsted is coming in May',
    'Two families in Year 3 have not answered. The Friday calls help.',
    'Still waiting for Mel Okafor',
    '12 children of 30, evening calls are working',
  ])
    it(`pass: ${words}`, () => assert.equal(namesPupil(words, isKnown), false));
});
