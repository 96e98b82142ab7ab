import { strict as assert } from 'node:assert';
import { reportAsked } from './report-asked.ts';

describe('what is asked of a term report in words', () => {
  it('is to look at the newest, the last or a named one', () => {
    const wanted = (text: string) => {
      const asked = reportAsked(text);
      return asked?.kind === 'preview' ? [asked.wanted.term, asked.wanted.year] : asked?.kind;
    };
    for (const text of [
      'Term report',
      'the term report.',
      'governors’ report',
      'report for governors',
      'report on this term',
    ])
      assert.deepEqual(wanted(text), ['newest', undefined], text);
    assert.deepEqual(wanted('term report for last term'), ['last', undefined]);
    assert.deepEqual(wanted('term report for term 3'), [3, undefined]);
    assert.deepEqual(wanted('Report for governors for term 2, 2025/26?'), [2, '2025/26']);
    assert.deepEqual(wanted('Term report for term 1 of 2026/27'), [1, '2026/27']);
  });

  it('is to have its files made, in the words of the button alone', () => {
    assert.deepEqual(reportAsked('Make the term report for term 2 of 2026/27'), {
      kind: 'files',
      wanted: { term: 2, year: '2026/27' },
    });
    assert.equal(reportAsked('Make the term report'), undefined);
  });

  it('is nothing of ours when it asks for something else', () => {
    for (const text of [
      'report a concern',
      'the report on attendance',
      'term report for term 7',
      'when is the term report due',
    ])
      assert.equal(reportAsked(text), undefined, text);
  });
});
