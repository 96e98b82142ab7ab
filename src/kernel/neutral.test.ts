import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { marked } from 'marked';
import { neutralise, plain, visible } from './neutral.ts';

/** What a client that knows Markdown, HTML and bare addresses would make of a text. */
const rendered = (text: string) => marked.parse(text, { async: false, gfm: true });
/** Anything that a reader could press, that loads, or that names somebody. */
const ACTS = /<(?:a|img|at|script|iframe|h[1-6]|hr|table|style|svg|form|code|pre|blockquote)\b/i;

const PARTS = fc.constantFrom(
  ...['https://evil.example/x', 'http://', '//', 'www.evil.com', 'javascript:', 'mailto:', 'a@evil.example'],
  ...[
    '[',
    ']',
    '(',
    ')',
    '![',
    '](',
    '<',
    '>',
    '<a href="x">',
    '</a>',
    '<at>',
    '</at>',
    '<!--',
    '-->',
    '<script>',
  ],
  ...[
    '\n',
    '\n\n',
    '    ',
    '# ',
    '> ',
    '---',
    '===',
    '- ',
    '| a | b |',
    '|---|---|',
    '```',
    '`',
    '~~',
    '**',
    '_',
    '\\',
  ],
  ...[
    '&lt;',
    '&#60;',
    '[1]',
    '[12]: ',
    '{{',
    '${',
    '\u202e',
    '\u200b',
    '\u00ad',
    '\r',
    '\u2028',
    'evil',
    '.com',
    'word ',
  ],
);
const hostile = fc.array(PARTS, { maxLength: 14 }).map((parts) => parts.join(''));

describe('words from outside', () => {
  it('make no heading by a single dash that a dropped comment leaves below them', () => {
    assert.doesNotMatch(rendered(neutralise('words\r--->')), /<h[12]/);
  });

  it('can act in no client once neutralised, however their parts are joined', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        assert.doesNotMatch(rendered(neutralise(text)), ACTS, JSON.stringify(text));
        assert.doesNotMatch(
          rendered(plain(text)).replace(/<\/?(?:ul|ol|li|p|em|strong)>/g, ''),
          /<(?:a|img|at|script)\b/i,
        );
        assert.doesNotMatch(neutralise(text), /\[\d|:\/\/|\{\{|\$\{/);
      }),
      { numRuns: 3_000 },
    );
  });

  it('act when they are shown as they are', () => {
    const samples = fc.sample(hostile, { numRuns: 500, seed: 7 });
    assert.ok(samples.filter((text) => ACTS.test(rendered(text))).length > 50);
  });

  const kept: readonly (readonly [string, string])[] = [
    [
      'See e.g. 09.15/10.15 and/or Mr. Nowak, i.e. the lead.',
      'See e.g. 09.15/10.15 and/or Mr. Nowak, i.e. the lead.',
    ],
    ['Write to office@quay.example', 'Write to office (at) quay (dot) example'],
    ['See https://www.gov.uk/attendance.', 'See www (dot) gov (dot) uk/attendance.'],
    ['<name of school> has 5 < 6', '‹name of school› has 5 ‹ 6'],
    ['[2] Our policy', '(2) Our policy'],
    ['Ca\u00adfé, naïve', 'Café, naïve'],
  ];
  for (const [text, expected] of kept) {
    it(`reads "${visible(text)}" as "${expected}"`, () => assert.equal(plain(text), expected));
  }

  it('are made harmless in time that grows with their length', () => {
    for (const part of ['<a ', '<!--', 'a.', '-', '\\', '[1', 'x@', '://', ' ', 'https:', '\u0301']) {
      const from = performance.now();
      neutralise(part.repeat(100_000));
      plain(part.repeat(100_000));
      assert.ok(performance.now() - from < 1_500, `${part}: ${performance.now() - from} ms`);
    }
  });
});
