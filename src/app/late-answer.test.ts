import { strict as assert } from 'node:assert';
import { button, card, hidden, line, more, plainText } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { cardProblems } from '../cards/size.ts';
import { lateCard } from './late-answer.ts';

describe('an answer that comes late', () => {
  it('keeps its words, its sources and the ways to open them', () => {
    const passages = card({
      summary: 'Passages',
      body: [line('Read it where it stands:')],
      actions: [button('Read the passage', envelope('answers.read', 'p1'))],
    });
    const late = lateCard({
      kind: 'reply',
      text: 'Only the head may agree leave. [1]\n\n[1] Attendance policy. Our policy.',
      citations: [
        { position: 1, name: 'Attendance policy', abstract: '…', url: 'https://tideway.example/a' },
      ],
      card: passages,
    });
    assert.match(late.text, /Only the head may agree leave\. \[1\]\n\[1\] Attendance policy/);
    assert.deepEqual(
      (late.content.actions as { title: string }[]).map((action) => action.title),
      ['Open source 1', 'Read the passage'],
    );
    assert.deepEqual(cardProblems(late), []);
  });

  it('puts behind a button what a card may not show at once', () => {
    const long = Array.from({ length: 30 }, (_, index) => `Sentence ${index} says a little more.`);
    const late = lateCard({ kind: 'reply', text: long.join('\n\n') });
    assert.deepEqual(cardProblems(late), []);
    assert.match(JSON.stringify(late.content), /Sentence 29/);
    assert.doesNotMatch(plainText(late.content.body as never), /Sentence 29/);
  });

  it('brings what its buttons open', () => {
    const passages = card({
      summary: 'Passages',
      body: [line('Read them:'), hidden('passages', [line('behind')])],
      actions: [more('Other passages', 'passages')],
    });
    const late = lateCard({ kind: 'reply', text: 'Yes. [1]', card: passages });
    assert.match(JSON.stringify(late.content.body), /"id":"passages"/);
    assert.deepEqual(cardProblems(late), []);
  });

  it('that is a card already goes as it is', () => {
    const digest = card({ summary: 'Digest', body: [line('Monday')] });
    assert.equal(lateCard({ kind: 'reply', card: digest }), digest);
  });
});
