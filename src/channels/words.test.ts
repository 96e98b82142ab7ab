import { strict as assert } from 'node:assert';
import { plainWords } from './words.ts';

describe('the plain words of a reply', () => {
  const rows: readonly (readonly [html: string, words: string])[] = [
    ['<p>amber, 60%,&nbsp;waiting on the LA</p>', 'amber, 60%, waiting on the LA'],
    ['<div><div>amber<br>60%</div></div>', 'amber\n60%'],
    ['<at id="0">Waymark</at> green', 'green'],
    ['<blockquote>red, says Tom</blockquote><p>green</p>', 'green'],
    [
      '<p>green <a href="https://a.example/x?y=1&amp;z=2">the list</a></p>',
      'green https://a.example/x?y=1&z=2',
    ],
    ['<attachment id="1"></attachment>green', 'green'],
    ['5 &lt; 6 &amp;amp; &#8211; &#x2013;', '5 < 6 &amp; – –'],
    ['<img src=x onerror="alert(1)">green', 'green'],
    ['&lt;b&gt;not a tag&lt;/b&gt;', '<b>not a tag</b>'],
    ['&#99999999; &nosuch; &#1114112;', '&#99999999; &nosuch; &#1114112;'],
  ];
  for (const [html, words] of rows) it(`of ${html}`, () => assert.equal(plainWords(html, true), words));

  it('of plain text are the text, without what no store can keep', () => {
    assert.equal(plainWords('amber <60%>\u0000\n\n  next ', false), 'amber <60%>\nnext');
  });

  it('end somewhere', () => assert.equal(plainWords('a'.repeat(10_000), false).length, 2_000));
});
