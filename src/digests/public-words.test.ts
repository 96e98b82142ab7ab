import { strict as assert } from 'node:assert';
import { isOwnLink, linkWords, publicWords } from './public-words.ts';

const STAFF = [
  ['Tom Ellery', 'Tom'],
  ['Jo Bennett', 'Jo'],
  ['Grace Adeyemi', 'Grace'],
  ['Mark Price', 'Mark'],
  ['Anne-Marie O’Neil', 'Anne-Marie'],
  ['Zoë van der Berg', 'Zoë'],
  ['May Grant', 'May'],
].map(([name = '', givenName = '']) => ({ name, givenName }));
const ENGLISH = new Set(
  'grace mark price may grant the van der harbour we asked to call families premium will'.split(' '),
);
const words = publicWords(STAFF, (word) => ENGLISH.has(word));

describe('words that are to stand in public', () => {
  const told: readonly (readonly [written: string, stands: string])[] = [
    ['Tom Ellery rang 20 families.', 'A colleague rang 20 families.'],
    [
      'Evening calls by tom ellery and Jo are working.',
      'Evening calls by a colleague and a colleague are working.',
    ],
    ["Tom's calls work. Jo’s list is next.", "A colleague's calls work. A colleague’s list is next."],
    ['Mr Ellery and Mrs. Price met them', 'A colleague and a colleague met them'],
    ["Anne-Marie O'Neil and Zoë van der Berg lead it", 'A colleague and a colleague lead it'],
    ['We asked Mark to call; Grace will, too.', 'We asked a colleague to call; Grace will, too.'],
    ['We asked Anne-Marie and Zoe.', 'We asked a colleague and a colleague.'],
    ['Tom\u200b Ell\u202eery rang', 'A colleague rang'],
  ];
  for (const [written, stands] of told)
    it(`says "${stands}"`, () => {
      assert.equal(words(written), stands);
    });

  for (const kept of [
    'The price of a mark is grace.',
    'In May the Pupil Premium Grant will pay for it.',
    'Grace Academy Trust shares its calls.',
    'Tomorrow we call; the tomatoes grow; Joy is in it.',
    '94 of 150 families: بيت العائلة',
    '',
  ])
    it(`lets "${kept}" stand`, () => {
      assert.equal(words(kept), kept);
    });
});

describe('what the address of a link tells', () => {
  const told: readonly (readonly [path: string, tells: string])[] = [
    ['Shared%20Documents/Jayden-Okafor_plan.docx', 'Jayden Okafor plan'],
    ['x?id=%252Ffiles%252Fjayden%252Eokafor', 'jayden okafor'],
    ['JaydenOkafor2026.pdf', 'Jayden Okafor 2026'],
    ['Zo%C3%AB-van-der-Berg', 'Zoë van der Berg'],
    ['notes#tom-ellery', 'Tom Ellery'],
  ];
  for (const [path, tells] of told)
    it(`is "${tells}" of ${path}`, () => {
      assert.ok(linkWords(`https://tideway.example/${path}`).includes(tells), tells);
    });

  it('is nothing of an id, nor of an address that cannot be decoded', () => {
    assert.deepEqual(linkWords('https://tideway.example/EaB3xKq9zT7LmNp2Qr/%FF%zz'), [
      'tideway example',
      'zz',
    ]);
  });

  it('is whose it is, for somebody’s own OneDrive and an address of mail', () => {
    for (const own of [
      'https://tideway-my.sharepoint.com/:w:/g/EaB3xKq9zT7LmNp2Qr',
      'https://tideway.sharepoint.com/personal/a_b/x.docx',
      'https://tideway.sharepoint.com/x?id=%2Fpersonal%2Fa_b%2Fx',
      'https://tideway.example/of/a.b%40tideway.example',
    ])
      assert.ok(isOwnLink(own), own);
    assert.ok(!isOwnLink('https://tideway.sharepoint.com/sites/trust/personal-development.docx'));
  });
});
