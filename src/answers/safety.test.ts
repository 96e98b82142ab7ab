/** Measures the safety recogniser on phrasings and ordinary questions that were written before it. */
import { strict as assert } from 'node:assert';
import ordinary from '../../test/support/ordinary-questions.json' with { type: 'json' };
import heldOut from '../../test/support/safety-held-out.json' with { type: 'json' };
import later from '../../test/support/safety-later.json' with { type: 'json' };
import newcomer from '../../test/support/safety-newcomer.json' with { type: 'json' };
import phrasings from '../../test/support/safety-phrasings.json' with { type: 'json' };
import { recogniseSafety } from './safety.ts';

describe('safety', () => {
  it('catches at least 95 in 100 of 150 phrasings, and lists the misses', () => {
    const misses = phrasings.filter(({ text }) => !recogniseSafety(text)).map(({ text }) => text);
    process.stderr.write(
      `      missed ${misses.length} of ${phrasings.length}${misses.map((text) => `\n        ${text}`).join('')}\n`,
    );
    assert.equal(phrasings.length, 150);
    assert.ok(misses.length <= 150 * 0.05);
  });

  it('takes away at most 3 in 100 of 300 ordinary questions, and lists them', () => {
    const taken = ordinary.filter((text) => recogniseSafety(text));
    process.stderr.write(
      `      took ${taken.length} of ${ordinary.length}${taken.map((text) => `\n        ${text} [${recogniseSafety(text)?.kind}]`).join('')}\n`,
    );
    assert.equal(ordinary.length, 300);
    assert.ok(taken.length <= 300 * 0.03);
  });

  // Written by somebody who never saw the recogniser, and read by nobody who trains it. Never learn from this file.
  it('holds on wordings that it was never tuned on', () => {
    const caught = heldOut.concerns.filter((text) => recogniseSafety(text)).length;
    const taken = heldOut.ordinary.filter((text) => recogniseSafety(text)).length;
    process.stderr.write(
      `      held out: caught ${caught} of ${heldOut.concerns.length}, took ${taken} of ${heldOut.ordinary.length}\n`,
    );
    assert.ok(caught >= heldOut.concerns.length * 0.95);
    assert.ok(taken <= heldOut.ordinary.length * 0.03);
  });

  it('names the kind of worry', () => {
    const wrong = phrasings.filter(({ text, kind }) => (recogniseSafety(text)?.kind ?? kind) !== kind);
    process.stderr.write(
      `      another kind: ${wrong.map(({ text }) => `\n        ${text} [${recogniseSafety(text)?.kind}]`).join('')}\n`,
    );
    assert.ok(wrong.length <= 15);
  });

  // Written after the recogniser, more roundabout, to see what it makes of wordings it was not shaped on.
  it('holds on phrasings and questions that came later', () => {
    const misses = later.worries.filter(({ text }) => !recogniseSafety(text)).map(({ text }) => text);
    const taken = later.ordinary.filter((text) => recogniseSafety(text));
    process.stderr.write(
      `      later: missed ${misses.length} of ${later.worries.length}, took ${taken.length} of ${later.ordinary.length}${[...misses, ...taken].map((text) => `\n        ${text}`).join('')}\n`,
    );
    assert.ok(misses.length <= later.worries.length * 0.08);
    assert.ok(taken.length <= later.ordinary.length * 0.05);
  });

  // Written before the recogniser was mended for what a newcomer met: children not seen, comfort, working alone.
  it('knows a child nobody has seen from a question about comfort or working alone', () => {
    assert.deepEqual(
      newcomer.worries.filter((text) => !recogniseSafety(text)),
      [],
    );
    assert.deepEqual(
      newcomer.ordinary.filter((text) => recogniseSafety(text)),
      [],
    );
  });

  it('leaves alone a mere when, which goes on from an answer of figures, and nothing more than that', () => {
    for (const text of [
      'and last year',
      'And the year before?',
      'and the year before that',
      'what about last term?',
    ])
      assert.equal(recogniseSafety(text), undefined, text);
    for (const text of ['He hit her and the year before that too', 'a child was hurt. And last year'])
      assert.ok(recogniseSafety(text), text);
  });

  it('does not depend on capitals, doubled spaces or a greeting', () => {
    for (const { text } of phrasings.slice(0, 60)) {
      const plain = text.toLowerCase();
      if (!recogniseSafety(plain)) continue;
      for (const variant of [text.toUpperCase(), `Hi,  ${plain.replaceAll(' ', '  ')}`, `${plain}...`])
        assert.ok(recogniseSafety(variant), variant);
    }
  });

  it('reads one slip in a telling word', () => {
    for (const text of [
      'she has brusies on her arms',
      'a pupil is beign abused at home',
      'he was stranlged by his brother',
      'one of my kids is slef harming',
    ])
      assert.equal(recogniseSafety(text)?.kind, 'child', text);
  });

  // A worry is seldom all that somebody types: beside a question it weighs less in the whole.
  it('is caught beside ordinary questions, before, after, between and without a full stop', () => {
    const asks = ordinary.filter((text) => !recogniseSafety(text));
    const end = (text: string) => (/[.?!]$/.test(text) ? text : `${text}.`);
    const bare = (text: string) => text.replace(/[.?!]$/, '');
    const ask = (at: number) => asks[at % asks.length] ?? '';
    const misses = phrasings.flatMap(({ text }, at) =>
      [
        `${end(ask(at))} ${text}`,
        `${end(text)} ${ask(at + 50)}`,
        `${end(ask(at + 20))} ${end(text)} ${ask(at + 90)}`,
        `${ask(at + 10)}\n\n${text}\n${ask(at + 60)}`,
        `${bare(ask(at + 33))} and ${text}`,
        `${bare(text)} also ${ask(at + 71).toLowerCase()}`,
      ].filter((message) => !recogniseSafety(message)),
    );
    const taken = asks.filter((text, at) =>
      recogniseSafety(`${end(text)} ${end(ask(at * 7 + 13))} ${ask(at * 11 + 5)}`),
    );
    const run = asks.filter((text, at) =>
      recogniseSafety(`${bare(text)} and ${bare(ask(at * 7 + 13))} and ${ask(at * 11 + 5)}`),
    );
    process.stderr.write(
      `      beside others: missed ${misses.length} of ${phrasings.length * 6}, took ${taken.length} and ${run.length} of ${asks.length}${misses.map((text) => `\n        ${text}`).join('')}\n`,
    );
    assert.ok(misses.length <= phrasings.length * 6 * 0.05);
    assert.ok(Math.max(taken.length, run.length) <= asks.length * 0.03);
  });

  it('sees through characters that show nothing and letters that pass for others', () => {
    for (const text of [
      'one ch\u00adild told me d\u200bad hits him',
      'one child told me d\u0430d hits him',
      'one ch\u0456ld t\u043eld me d\u{e0061}ad h\u2066its\u2069 him',
      '\u{1d5c8}\u{1d5c7}\u{1d5be} child told me dad hits him',
    ])
      assert.equal(recogniseSafety(text)?.kind, 'child', text);
  });

  it('answers in time on the longest message', () => {
    for (const long of [
      'he said she told my uncle in my class '.repeat(200),
      'the register closes at nine and qwizzle registers are kept. '.repeat(130),
    ]) {
      recogniseSafety(long);
      const from = performance.now();
      recogniseSafety(long);
      assert.ok(performance.now() - from < 400, `${performance.now() - from} ms`);
    }
  });
});

describe('one word', () => {
  it('is a worry only when it says so itself', () => {
    assert.deepEqual(
      [
        'Nothing',
        'nothing',
        'None',
        'settings',
        'review',
        'digest',
        'nothing yet',
        'nothing to report',
        'no news',
      ].filter((word) => recogniseSafety(word)),
      [],
    );
    assert.deepEqual(recogniseSafety('suicidal'), { kind: 'self' });
  });
});

describe('a note typed into a form', () => {
  it('may tell of children without being taken for a worry', () => {
    const notes = [
      'Kids more settled in reg, esp Year 5',
      'the children said they like it',
      "Every Year 7 family has met their child's tutor",
      'Greetings happen in every room; first checks slip after lunch.',
      'Pupils told us the corridor feels safer',
      'Behaviour is better after lunch, still hard on Fridays',
    ];
    assert.deepEqual(
      notes.filter((note) => recogniseSafety(note, 'form')),
      [],
    );
  });

  it('that names harm is a worry there too', () => {
    const worries = [
      'one child told me dad hits him',
      'a girl in 8W says she wants to die',
      'noticed bruises on Tom again',
      'Jake said uncle touches him',
      'one of mine is cutting herself',
      "I can't cope any more and don't want to be here",
    ];
    assert.deepEqual(
      worries.filter((worry) => !recogniseSafety(worry, 'form')),
      [],
    );
  });
});
