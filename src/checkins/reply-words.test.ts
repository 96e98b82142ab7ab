import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { readAnswer } from './form.ts';
import type { Answer } from './lifecycle.ts';
import { type ReplyFacts, readReply } from './reply-words.ts';

const FAMILIES: ReplyFacts = { unit: 'families', target: 150 };
const PERCENT: ReplyFacts = { unit: '% of lessons', target: 80 };
const LAST: Answer = {
  status: 'on-track',
  confidence: 'high',
  value: 40,
  note: 'Calls are working.',
  blocker: '',
  evidence: '',
};

type Row = readonly [
  words: string,
  facts: ReplyFacts,
  expected:
    | readonly [status: string, confidence: string, value: string, note: string, blocker: string]
    | undefined,
];

const ROWS: readonly Row[] = [
  ['amber, 60%, waiting on the LA', PERCENT, ['at-risk', '', '60', '', 'waiting on the LA']],
  ['Amber - 60% - waiting on the LA.', PERCENT, ['at-risk', '', '60', '', 'waiting on the LA']],
  ['Green', FAMILIES, ['on-track', '', '', '', '']],
  ["We're on track, 96 families", FAMILIES, ['on-track', '', '96', '', '']],
  ['on track: 96 of 150, fairly confident', FAMILIES, ['on-track', 'medium', '96', '', '']],
  [
    'red because the hall is closed, 12 families',
    FAMILIES,
    ['off-track', '', '12', 'the hall is closed', ''],
  ],
  ['still amber. 1,200 families so far', FAMILIES, ['at-risk', '', '1200', '', '']],
  [
    'behind, not confident yet, need two more staff',
    FAMILIES,
    ['at-risk', 'low', '', '', 'need two more staff'],
  ],
  [
    'Off track\nno reply from the council\nabout 40%',
    PERCENT,
    ['off-track', '', '40', '', 'no reply from the council'],
  ],
  ['62.5%', PERCENT, ['', '', '62.5', '', '']],
  ['60%, green', FAMILIES, ['on-track', '', '', '60%', '']],
  ['green, very confident', FAMILIES, ['on-track', 'high', '', '', '']],
  ['waiting for the DBS checks', FAMILIES, ['', '', '', '', 'waiting for the DBS checks']],
  [
    'green, evening calls are working well',
    FAMILIES,
    ['on-track', '', '', 'evening calls are working well', ''],
  ],
  ['50-60%', PERCENT, ['', '', '', '50-60%', '']],
  ['up from 55% to 60%', PERCENT, ['', '', '', 'up from 55% to 60%', '']],
  ['was 55% last time, now 60%', PERCENT, ['', '', '', 'was 55% last time. now 60%', '']],
  ['95% by July, 60% now', PERCENT, ['', '', '', '95% by July. 60% now', '']],
  ['target 90%, now 62%', PERCENT, ['', '', '', 'target 90%. now 62%', '']],
  ['amber, 60%, 100% sure', PERCENT, ['at-risk', 'high', '60', '', '']],
  ['amber, 60%, 70% sure', PERCENT, ['at-risk', '', '60', '70% sure', '']],
  ['100% sure', PERCENT, undefined],
  ['amber 60%', PERCENT, ['at-risk', '', '60', '', '']],
  ['amber about 60%', PERCENT, ['at-risk', '', '60', '', '']],
  ['green 96 of 150', FAMILIES, ['on-track', '', '96', '', '']],
  ['green, -5%', PERCENT, ['on-track', '', '-5', '', '']],
  ['green, 60%, still 60%', PERCENT, ['on-track', '', '60', '', '']],
  ['green, 12 to 14 families', FAMILIES, ['on-track', '', '', '12 to 14 families', '']],
  ['green, 95 families by July, 60 now', FAMILIES, ['on-track', '', '', '95 families by July. 60 now', '']],
  ['green, from 12 families to 14', FAMILIES, ['on-track', '', '', 'from 12 families to 14', '']],
  ['green, 12 of 14 families', FAMILIES, ['on-track', '', '', '12 of 14 families', '']],
  ['green, 12 families in 3 schools', FAMILIES, ['on-track', '', '12', '12 families in 3 schools', '']],
  ['not on track', FAMILIES, undefined],
  ['green for Year 7, red for Year 8', FAMILIES, ['', '', '', 'for Year 7. for Year 8', '']],
  ['Thanks Jo, see you at break', FAMILIES, undefined],
  ['Who is covering 4B?', FAMILIES, undefined],
  ['read the red book', FAMILIES, undefined],
  ['the green room is free at 2', FAMILIES, undefined],
  ['', FAMILIES, undefined],
];

describe('a reply in plain words', () => {
  for (const [words, facts, expected] of ROWS)
    it(`reads "${words.replace('\n', ' / ')}" of ${facts.unit} as ${expected?.join(' | ') ?? 'no check-in'}`, () => {
      const read = readReply(words, facts);
      const found = read && [read.status, read.confidence, read.value, read.note, read.blocker];
      assert.deepEqual(found, expected);
    });

  it('takes the last answer where nothing has changed, and its confidence where none is given', () => {
    const facts = { ...FAMILIES, last: LAST };
    assert.deepEqual(readReply('No change', facts), {
      status: 'on-track',
      confidence: 'high',
      value: '40',
      note: 'Calls are working.',
      blocker: '',
      evidence: '',
      unblocker: '',
      unblockerId: '',
    });
    const amber = readReply('no change, but amber now', facts);
    assert.deepEqual([amber?.status, amber?.confidence, amber?.value], ['at-risk', 'high', '40']);
    assert.equal(readReply('red', facts)?.value, '', 'an old figure is never said again unasked');
  });

  it('keeps a link as evidence', () => {
    const read = readReply('green, see https://tideway.example/list.', FAMILIES);
    assert.equal(read?.evidence, 'https://tideway.example/list');
  });

  it('never says what was not said: every figure and every word of a draft stands in the reply', () => {
    const word = fc.constantFrom(
      'amber',
      'green',
      '60%',
      '12 families',
      'waiting on the LA',
      'Jo',
      'no',
      'not',
      'because',
      ',',
      '. ',
      '\n',
      'https://a.example/x',
      '96 of 150',
      'é',
      '–',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (parts) => {
        const text = parts.join(' ');
        const read = readReply(text, FAMILIES);
        if (!read) return;
        const plain = text.toLowerCase();
        for (const part of [read.value, read.blocker, read.evidence, ...read.note.split(/[.,]/)])
          for (const piece of part.toLowerCase().split(/[\s,]+/))
            assert.ok(plain.includes(piece), `${piece} in ${text}`);
      }),
      { seed: 20261123, numRuns: 500 },
    );
  });

  it('takes a figure only where it is the one that was said: with a range or a second one it is for the author', () => {
    const part = fc.constantFrom<readonly [words: string, ...figures: number[]]>(
      ['amber'],
      ['waiting on the LA'],
      ['100% sure'],
      ['12 classes seen'],
      ['60%', 60],
      ['about 60 per cent', 60],
      ['now 62.5%', 62.5],
      ['-5%', -5],
      ['amber 60%', 60],
      ['50-60%', 50, 60],
      ['50\u201360 %', 50, 60],
      ['50 - 60%', 50, 60],
      ['between 55 and 60%', 55, 60],
      ['up from 55% to 60%', 55, 60],
      ['60% or 62%', 60, 62],
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
        const read = readReply(parts.map(([words]) => words).join(', '), PERCENT);
        const [only, another] = new Set(parts.flatMap(([, ...figures]) => figures));
        const wanted = only === undefined || another !== undefined ? '' : String(only);
        assert.equal(read?.value ?? '', wanted);
        if (another !== undefined) assert.ok(read, 'figures alone are a draft');
      }),
      { seed: 20261124, numRuns: 500 },
    );
  });

  it('gives the form nothing that the form would not take, but for what is left open', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 3_000 }), (text) => {
        const read = readReply(`green, ${text}`, FAMILIES);
        if (!read) return;
        const whole = { ...read, status: read.status || 'on-track', confidence: read.confidence || 'high' };
        const answer = readAnswer(whole);
        assert.ok(!('kind' in answer) || /figure|link/.test(answer.message), JSON.stringify(answer));
      }),
      { seed: 7, numRuns: 300 },
    );
  });
});
