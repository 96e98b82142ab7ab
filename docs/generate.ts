/**
 * `npm run docs`: writes the parts of docs/ that the code knows better than a person. Each stands between two comments in
 * its page; a test holds that the pages are as this would write them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { POLICY } from '../src/access/policy.ts';
import { CONSENTS, STAGES } from '../src/config/consents.ts';
import { SETTINGS } from '../src/config/settings-table.ts';
import { TrustFile } from '../src/config/trust.ts';
import { type Keeping, PURPOSES } from '../src/privacy/processing.ts';
import { PROCESSING } from '../src/privacy/processing-tables.ts';
import { METRICS } from '../src/telemetry/metrics.ts';

type Row = {
  readonly name: string;
  readonly meaning: string;
  readonly example: string;
  readonly expects: string;
  readonly fallback?: string;
  readonly secret?: true;
};

/** Every setting in a Markdown table, in the order of config/settings.ts. */
export function settingsTable(rows: readonly Row[] = SETTINGS): string {
  return markdownTable(
    ['name', 'meaning', 'takes', 'default', 'example'],
    rows.map((row) => [
      `\`${row.name}\``,
      `${cell(row.meaning)}.${row.secret ? ' **Secret.**' : ''}`,
      cell(row.expects),
      row.fallback === undefined ? '' : `\`${row.fallback}\``,
      `\`${cell(row.example)}\``,
    ]),
  );
}

/** What is measured, in the order of telemetry/metrics.ts. */
function metricsTable(): string {
  return markdownTable(
    ['metric', 'is', 'in', 'says', 'told apart by'],
    Object.values(METRICS).map((metric) => [
      `\`${metric.name}\``,
      metric.kind,
      metric.unit.replace(/[{}]/g, ''),
      cell(metric.says),
      'by' in metric ? cell(metric.by) : '',
    ]),
  );
}

/** The consents by stage, with who gives each. */
function consentsTable(): string {
  const rows = CONSENTS.map(({ name, stage, kind, asks, why, least, without }) => {
    const { number } = STAGES.find((one) => one.name === stage) ?? {};
    return [
      `${number} ${stage}`,
      `\`${name}\``,
      kind === 'team' ? "each team's owner, on adding the app" : 'privileged role administrator',
      cell(why),
      `\`${asks.replaceAll(', ', '`, `')}\``,
      cell(least),
      cell(without),
    ];
  });
  const head = ['stage', 'consent', 'given by', 'for', 'asked with it', 'why not less', 'without it'];
  return markdownTable(head, rows);
}

/** The policy, a line for what people can do rather than for each verb of it. */
function policyTable(): string {
  const rows = [...Map.groupBy(Object.values(POLICY), ({ does }) => does)].map(([does, rules]) => {
    const may = new Set(
      rules.flatMap((rule) => rule.may.map((grant) => grant.replace(/@(.*)/, ' on the $1 card'))),
    );
    const never = new Set(rules.flatMap((rule) => rule.never?.role ?? []));
    const alone = rules.every(({ where }) => where === 'alone');
    return [cell(does), [...may].join('; '), [...never].join(', '), alone ? 'one’s own chat' : ''];
  });
  return markdownTable(['what', 'who may, within their own reach', 'never', 'only in'], rows);
}

/** The register of processing, one table of Markdown for each purpose. */
function processingTables(): string {
  return Object.entries(PURPOSES)
    .map(([purpose, says]) => {
      const rows = Object.entries(PROCESSING)
        .filter(([, entry]) => entry.purpose === purpose)
        .map(([table, { holds, about, seenBy, keep, owner }]) => [
          cell(holds),
          about,
          cell(seenBy),
          `${keptUntil(keep)}${owner ? afterLeaving() : ''}`,
          `\`${table}\``,
        ]);
      const head = ['what is kept', 'about', 'who sees it', 'until', 'table'];
      return `### ${says}\n\n${markdownTable(head, rows)}`;
    })
    .join('\n\n');
}

/** Of rows that are one person's alone. */
function afterLeaving(): string {
  return `; at the latest ${TrustFile.shape.retention.parse({}).leavers_days} days (\`retention.leavers_days\`) after the person left the directory`;
}

function keptUntil(keep: Keeping): string {
  switch (keep.until) {
    case 'replaced':
      return 'replaced as its source changes';
    case 'rule':
      return keep.says;
    case 'parent':
      return `with its row of \`${keep.table}\``;
    case 'days': {
      const days = TrustFile.shape.retention.parse({})[keep.setting];
      return `${days} days (\`retention.${keep.setting}\`)${keep.only ? ', once settled' : ''}`;
    }
  }
}

/** A table of Markdown, padded the way the formatter wants it. */
function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0)));
  const print = (line: readonly string[]) =>
    `| ${line.map((text, column) => text.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [print(head), print(widths.map((width) => '-'.repeat(width))), ...rows.map(print)].join('\n');
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

const PARTS = [
  { page: 'OPERATIONS.md', part: 'settings', write: () => settingsTable() },
  { page: 'OPERATIONS.md', part: 'metrics', write: metricsTable },
  { page: 'OPERATIONS.md', part: 'consents', write: consentsTable },
  { page: 'PRIVACY.md', part: 'processing', write: processingTables },
  { page: 'PRIVACY.md', part: 'policy', write: policyTable },
];

/** Each page with generated parts, as it is and as it should be. */
export function pages(folder = 'docs'): { file: string; now: string; wanted: string }[] {
  return [...new Set(PARTS.map(({ page }) => page))].map((page) => {
    const file = join(folder, page);
    const now = readFileSync(file, 'utf8');
    const parts = PARTS.filter((one) => one.page === page);
    return { file, now, wanted: parts.reduce((text, { part, write }) => fillPart(text, part, write()), now) };
  });
}

export function run(): void {
  for (const { file, now, wanted } of pages()) {
    if (now !== wanted) writeFileSync(file, wanted);
    process.stdout.write(`${file}: ${now === wanted ? 'up to date' : 'written'}\n`);
  }
}
