/** The generated parts of docs/ say what the code says. */
import { strict as assert } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fillPart, pages, settingsTable } from '../../docs/generate.ts';

describe('the documents', () => {
  it('list the settings as config/settings.ts has them', () => {
    for (const { file, now, wanted } of pages())
      assert.ok(now === wanted, `${file} is old. Run: npm run docs`);
  });

  it('would be found out if they did not', () => {
    const row = {
      name: 'NEW_ONE',
      meaning: 'a | b',
      example: 'x',
      expects: 'a value',
      secret: true,
    } as const;
    const page = fillPart(
      'a\n<!-- settings:begin -->\nold\n<!-- settings:end -->\n',
      'settings',
      settingsTable([row]),
    );
    assert.match(page, /\| `NEW_ONE` \| a \\\| b\. \*\*Secret\.\*\* \| a value \| +\| `x` +\|/);
    assert.doesNotMatch(page, /old/);
    assert.throws(() => fillPart('a', 'settings', ''), /no part called settings/);
  });

  it('are answered by every bench that is asked for --help', () => {
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: object };
    const benches = Object.keys(scripts).flatMap((name) => /^bench:(.+)$/.exec(name)?.[1] ?? []);
    assert.ok(benches.length > 5);
    // Running each takes ten seconds; that it looks for the word before it waits for anything is to be read.
    const silent = benches.filter((name) => {
      const [, run = ''] = readFileSync(`bench/${name}.ts`, 'utf8').split('export async function run(');
      return !/helpAsked\(argv|beginBench\(/.test(run.split('await ')[0] ?? '');
    });
    assert.deepEqual(silent, []);
  });

  it('link only to files that exist', () => {
    const files = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.md'),
    );
    const broken = files.flatMap((name) => {
      const text = readFileSync(join('docs', name), 'utf8');
      return [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map((match) => join(dirname(join('docs', name)), match[1] ?? ''))
        .filter((target) => !existsSync(target))
        .map((target) => `docs/${name}: ${target}`);
    });
    assert.deepEqual(broken, []);
  });
});
