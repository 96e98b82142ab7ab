import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import type { Passage } from './corpus.ts';
import { isFaithful } from './faithful.ts';
import { wordsOf } from './grounding.ts';

const TEXT =
  'The head reports to the chair. Part-time staff in the office may leave at three, and they tell the cover desk. Visitors must sign in, except on open days. Only the deputy head may agree leave before 3 May. However, tutors call home by 9.30.';
const passage: Passage = {
  id: 'p',
  doc: 'd',
  kind: 'paragraph',
  path: ['Chair of trustees'],
  text: TEXT,
  order: 1,
};
const holds = (text: string) => isFaithful({ text, passage });

describe("a model's sentence holds", () => {
  it('when it is the passage’s own, alone or after another, with other little words', () => {
    for (const text of [
      'The head reports to the chair.',
      'A head reports to a chair',
      'So the head reports to the chair and part-time staff in the office may leave at three, and they tell the cover desk.',
      'Part-time staff in the office may leave at three.',
      'Tutors call home by 9.30.',
      'Only the deputy head may agree leave before 3 May.',
    ])
      assert.ok(holds(text), text);
  });

  it('not when two parts changed places, however the words are the same', () => {
    for (const text of [
      'The chair reports to the head.',
      'To the chair the head reports.',
      'The head reports to the office.',
      'The chair may leave at three.',
      'Visitors call home by 9.30.',
    ])
      assert.ok(!holds(text), text);
  });

  it('not when a restriction, a part of a name or a denial went, or a pronoun came', () => {
    for (const text of [
      'Staff in the office may leave at three.',
      'Part-time staff may leave at three.',
      'Visitors must sign in.',
      'Only the head may agree leave before 3 May.',
      'The deputy head may agree leave before 3 May.',
      'Only the deputy head may agree leave.',
      'They must sign in, except on open days.',
      'Tutors call home.',
    ])
      assert.ok(!holds(text), text);
  });

  it('not through letters that only look like its own, or words that a mark hides', () => {
    for (const text of [
      'The he\u0430d reports to the chair',
      'The head never\u200b reports to the chair',
      'The head reports to no chair',
    ])
      assert.ok(!holds(text), text);
  });

  it('never when any two different words that carry it were swapped, or one was left out', () => {
    const joins = new Set('a an the and that is are be been being however so also but'.split(' '));
    const sentences = TEXT.split(/(?<=\.) /);
    fc.assert(
      fc.property(fc.constantFrom(...sentences), fc.nat(), fc.nat(), (sentence, one, other) => {
        const words = wordsOf(sentence);
        const heavy = words.flatMap((word, place) => (joins.has(word) ? [] : [place]));
        const [a = 0, b = 0] = [heavy[one % heavy.length], heavy[other % heavy.length]];
        fc.pre(words[a] !== words[b]);
        const swapped = words.map((word, place) => (place === a ? words[b] : place === b ? words[a] : word));
        assert.ok(!holds(swapped.join(' ')), swapped.join(' '));
        const without = words.filter((_, place) => place !== a).join(' ');
        assert.ok(!holds(without), without);
      }),
    );
  });
});
