/**
 * `npm run docs`: writes the parts of docs/ that the code knows better than a person. Each stands between two comments in
 * its page; a test holds that the pages are as this would write them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../src/config/settings-table.ts';

type Row = {
  readonly name: string;
  readonly meaning: string;
  readonly example: string;
  readonly expects: string;
  readonly fallback?: string;
  readonly secret?: true;
};

/** Every setting in a Markdown table, in the order of config/settings.ts, padded the way the formatter wants tables. */
export function settingsTable(rows: readonly Row[] = SETTINGS): string {
  const cells = rows.map((row) => [
    `\`${row.name}\``,
    `${cell(row.meaning)}.${row.secret ? ' **Secret.**' : ''}`,
    cell(row.expects),
    row.fallback === undefined ? '' : `\`${row.fallback}\``,
    `\`${cell(row.example)}\``,
  ]);
  const all = [['name', 'meaning', 'takes', 'default', 'example'], ...cells];
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]) =>
    `| ${line.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...body] = all;
  return [print(head), print(widths.map((width) => '-'.repeat(width))), ...body.map(print)].join('\n');
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replace(/\.$/, '');
}

/** `page` with what stands between `<!-- name:begin … -->` and `<!-- name:end -->` replaced. Throws when they are not there. */
export function fillPart(page: string, name: string, content: string): string {
  const part = new RegExp(`(<!-- ${name}:begin[^>]*-->\\n)[\\s\\S]*?(<!-- ${name}:end -->)`);
  if (!part.test(page)) throw new Error(`The page has no part called ${name}.`);
  return page.replace(part, (_, begin: string, end: string) => `${begin}\n${content}\n\n${end}`);
}

/** Each page with generated parts, as it is and as it should be. */
export function pages(folder = 'docs'): { file: string; now: string; wanted: string }[] {
  const file = join(folder, 'OPERATIONS.md');
  const now = readFileSync(file, 'utf8');
  return [{ file, now, wanted: fillPart(now, 'settings', settingsTable()) }];
}

export function run(): void {
  for (const { file, now, wanted } of pages()) {
    if (now !== wanted) writeFileSync(file, wanted);
    process.stdout.write(`${file}: ${now === wanted ? 'up to date' : 'written'}\n`);
  }
}
