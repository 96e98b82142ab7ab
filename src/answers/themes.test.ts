import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { themesOf } from './themes.ts';
import { termsOf } from './words.ts';

describe('themes of what the documents leave open', () => {
  it('join what people asked in different words, and count people, not questions', () => {
    const themes = themesOf([
      { question: 'Who covers SEND reviews?', mark: 'a' },
      { question: 'Is there cover for SEND reviews', mark: 'b' },
      { question: 'how does cover work for a SEND review', mark: 'c' },
      { question: 'SEND review cover??', mark: 'c' },
      { question: 'Where can I park?', mark: 'd' },
      { question: 'parking permits', mark: 'e' },
      { question: 'Is parking free', mark: 'f' },
    ]);
    assert.deepEqual(
      themes.map((theme) => theme.people),
      [3, 3],
    );
    assert.match(themes.map((theme) => theme.label).join('\n'), /cover send review/);
    assert.match(themes.map((theme) => theme.label).join('\n'), /^park\w*$/m);
  });

  it('say nothing of what fewer than three people asked, however often', () => {
    const often = Array.from({ length: 20 }, () => ({ question: 'Is my lunch duty paid?', mark: 'a' }));
    assert.deepEqual(themesOf([...often, { question: 'Is lunch duty paid?', mark: 'b' }]), []);
    assert.deepEqual(themesOf(often.map((asked) => ({ ...asked, mark: null }))), []);
  });

  it('never show a word that fewer than three of the people used', () => {
    const word = fc.constantFrom(
      'lunch',
      'duty',
      'cover',
      'kayleigh',
      'permit',
      'review',
      'SEND',
      'parking',
      'the',
      'school',
    );
    const asked = fc.record({
      question: fc.array(word, { minLength: 1, maxLength: 6 }).map((words) => words.join(' ')),
      mark: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    });
    let shown = 0;
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 25 }), (all) => {
        for (const { label, people } of themesOf(all)) {
          assert.ok(people >= 3);
          for (const { stem } of termsOf(label)) {
            shown += 1;
            const users = new Set(
              all
                .filter(({ question }) => termsOf(question).some((term) => term.stem === stem))
                .map(({ mark }) => mark),
            );
            assert.ok(users.size >= 3, `${label}: ${stem}`);
          }
        }
      }),
      { seed: 20261123, numRuns: 300 },
    );
    assert.ok(shown > 100, 'themes were shown');
  });
});
