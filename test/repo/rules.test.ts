/** The repository's rules as tests. Each has an id, what it holds, why, and the fix. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { isTest, readSources, type Source, sliceOf } from './sources.ts';

const LEVELS: Readonly<Record<string, number>> = {
  kernel: 0,
  config: 1,
  telemetry: 1,
  storage: 1,
  cards: 1,
  access: 1,
  directory: 2,
  delivery: 2,
  scheduling: 2,
  answers: 3,
  attendance: 3,
  checkins: 3,
  channels: 3,
  digests: 3,
  bot: 4,
  http: 4,
  privacy: 4,
  app: 5,
  main: 6,
  cli: 6,
  sandbox: 6,
};

/** Files that may do I/O, by name: everything else below a slice is pure. */
const SHELL_NAMES = new Set([
  'store',
  'service',
  'sender',
  'runner',
  'graph',
  'subscriptions',
  'documents',
  'teams',
  'model',
  'embeddings',
  'database',
  'lock',
  'jobs',
  'migrate',
  'audit',
  'load',
  'log',
  'server',
  'application',
  'gate',
  'identity',
  'folder',
  'library',
]);
const SHELL_FOLDERS = ['src/answers/readers/', 'src/storage/', 'src/sandbox/', 'src/app/'];

/** Where each vendor package may be imported; its home. */
const HOMES: Readonly<Record<string, readonly string[]>> = {
  botbuilder: ['src/bot/'],
  'botframework-connector': ['src/bot/'],
  '@microsoft/teams-ai': ['src/bot/', 'src/answers/model.ts'],
  openai: ['src/answers/model.ts'],
  undici: ['src/delivery/teams.ts'],
  restify: ['src/http/'],
  jose: ['src/bot/gate.ts', 'src/bot/keys.ts', 'src/bot/notice-tokens.ts', 'src/sandbox/'],
  '@azure/identity': ['src/directory/graph.ts', 'src/delivery/teams.ts', 'src/answers/model.ts', 'src/app/'],
  '@microsoft/microsoft-graph-client': ['src/directory/'],
  kysely: ['src/storage/', 'store.ts'],
  'pg-boss': ['src/storage/jobs.ts'],
  pg: ['src/storage/'],
  'pg-connection-string': ['src/storage/'],
  '@electric-sql/pglite': ['src/storage/'],
  luxon: ['src/kernel/time.ts'],
  pino: ['src/telemetry/'],
  '@opentelemetry': ['src/telemetry/'],
  '@azure/monitor-opentelemetry-exporter': ['src/telemetry/azure-monitor.ts'],
  yaml: ['src/config/load.ts', 'src/sandbox/tenant.ts'],
  mammoth: ['src/answers/readers/'],
  unpdf: ['src/answers/readers/'],
  marked: ['src/answers/readers/'],
  minisearch: ['src/answers/'],
  stemmer: ['src/answers/'],
  docx: ['src/digests/'],
  'write-excel-file': ['src/cards/spreadsheet'],
  papaparse: ['src/attendance/', 'src/checkins/'],
};

const sources = readSources('src');
const shipped = sources.filter((source) => !isTest(source.path));

function rule(id: string, holds: string, why: string, fix: string, breaks: () => string[]): void {
  it(`${id}: ${holds}`, () => {
    const found = breaks();
    assert.deepEqual(found, [], `${id}: ${holds}.\nWhy: ${why}\nFix: ${fix}\n${found.join('\n')}`);
  });
}

function isShell(source: Source): boolean {
  const name = (source.path.split('/').at(-1) ?? '').replace(/\.ts$/, '');
  return (
    SHELL_NAMES.has(name) ||
    SHELL_FOLDERS.some((folder) => source.path.startsWith(folder)) ||
    (LEVELS[sliceOf(source.path)] ?? 0) >= 5
  );
}

describe('the repository', () => {
  rule(
    'direction',
    'imports go down the table, and sideways only as types',
    'a slice must be readable and replaceable alone',
    'move the shared part down, or make it a port that src/app binds',
    () =>
      shipped.flatMap((source) => {
        const own = sliceOf(source.path);
        const level = LEVELS[own];
        if (level === undefined)
          return source.path === 'src/start.mjs' ? [] : [`${source.path} is in no folder of the table`];
        return source.imports
          .filter((imported) => imported.from.startsWith('src/'))
          .filter((imported) => {
            const target = sliceOf(imported.from);
            if (target === own) return false;
            const other = LEVELS[target];
            if (other === undefined || other > level) return true;
            if (target === 'sandbox') return !['main', 'cli'].includes(own);
            if (other < level || level === 6) return false;
            return level === 1 ? target === 'access' : !imported.typeOnly;
          })
          .map((imported) => `${source.path} imports ${imported.from}`);
      }),
  );

  rule(
    'cycles',
    'no imports in a circle',
    'a file in a circle cannot be understood or tested alone',
    'move what both need into a third file',
    () => {
      const graph = new Map(
        shipped.map((source) => [
          source.path,
          source.imports.filter((imported) => !imported.typeOnly).map((imported) => imported.from),
        ]),
      );
      const state = new Map<string, 'open' | 'done'>();
      const found: string[] = [];
      const visit = (path: string, trail: readonly string[]) => {
        if (state.get(path) === 'done' || !graph.has(path)) return;
        if (state.get(path) === 'open') {
          found.push([...trail.slice(trail.indexOf(path)), path].join(' → '));
          return;
        }
        state.set(path, 'open');
        for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
        state.set(path, 'done');
      };
      for (const path of graph.keys()) visit(path, []);
      return found;
    },
  );

  rule(
    'vendors',
    'each vendor package has one home',
    'two of them are out of support; a move must touch one folder',
    'use what its home offers, or extend that',
    () =>
      shipped.flatMap((source) =>
        source.imports
          .filter((imported) => {
            const name = Object.keys(HOMES).find(
              (vendor) => imported.from === vendor || imported.from.startsWith(`${vendor}/`),
            );
            if (!name || imported.from.startsWith('src/')) return false;
            return !(HOMES[name] ?? []).some((home) =>
              home.startsWith('src/')
                ? source.path.startsWith(home)
                : source.path.endsWith(`/${home}`) || source.path.endsWith(`-${home}`),
            );
          })
          .map((imported) => `${source.path} imports ${imported.from}`),
      ),
  );

  rule(
    'purity',
    'only files with a shell name do I/O',
    'rules that need no disk, network or clock can be tested in milliseconds',
    'return a plan, and let store, service, sender or runner carry it out',
    () =>
      shipped
        .filter((source) => !isShell(source))
        .flatMap((source) =>
          source.imports
            .filter(
              (imported) =>
                !imported.typeOnly &&
                /^node:(fs|http|https|net|child_process|dns|tls|os)/.test(imported.from),
            )
            .map((imported) => `${source.path} imports ${imported.from}`),
        ),
  );

  const words: readonly (readonly [
    id: string,
    pattern: RegExp,
    allowed: (path: string) => boolean,
    fix: string,
  ])[] = [
    [
      'environment',
      /\bprocess\.env\b/,
      (path) => ['src/main.ts', 'src/cli.ts', 'src/sandbox/dev.ts'].includes(path),
      'add a row to config/settings.ts and pass the value in',
    ],
    [
      'clock',
      /\bDate\.now\(|\bnew Date\(\)|\bDateTime\.(now|local|utc)\(\)/,
      (path) => path === 'src/kernel/time.ts',
      'take `now` as an argument',
    ],
    [
      'randomness',
      /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/,
      (path) => path === 'src/kernel/ids.ts',
      'use kernel/ids.ts',
    ],
    ['console', /\bconsole\.\w+\(/, () => false, 'use the log, or the output that the command was given'],
    [
      'swallowed',
      /catch\s*(\([^)]*\))?\s*\{\s*\}|\.catch\(\(\)\s*=>\s*(\{\s*\}|undefined|null)\)/,
      () => false,
      'handle the fault or let it go up',
    ],
    ['switched-off', /\bas any\b/, () => false, 'mend what the check found'],
    [
      'sql',
      /\bsql`|\bsql</,
      (path) => /(^|\/)store\.ts$|-store\.ts$/.test(path) || path.startsWith('src/storage/'),
      'move the query into the store that owns the table',
    ],
    [
      'exports',
      /^export default\b|^export \* from/m,
      () => false,
      'name the export, and import the file that has it',
    ],
  ];
  for (const [id, pattern, allowed, fix] of words) {
    rule(
      id,
      `\`${pattern.source.slice(0, 40)}\` stands only where it belongs`,
      'one home for each effect makes the rest predictable',
      fix,
      () =>
        shipped
          .filter((source) => !allowed(source.path) && pattern.test(source.code))
          .map((source) => source.path),
    );
  }

  rule('length', 'no file over 400 lines', 'what is longer holds two ideas', 'split it at the idea', () =>
    [...sources, ...readSources('test')]
      .filter((source) => source.text.split('\n').length > 401)
      .map((source) => `${source.path}: ${source.text.split('\n').length}`),
  );

  rule(
    'silenced',
    'no comment tells a check to look away',
    'what a check found is still there',
    'mend what the check found',
    () =>
      [...sources, ...readSources('test'), ...readSources('bench'), ...readSources('docs')]
        .filter(({ text }) => /^\s*\/[/*]+\s*(@ts-(ignore|nocheck|expect-error)|biome-ignore)/m.test(text))
        .map(({ path }) => path),
  );

  rule(
    'chained-head',
    'nothing follows writeHead(…) in one breath',
    'restify replaces writeHead in the whole process by one that returns nothing, so the chain breaks only beside it',
    'write response.writeHead(…); response.end(…);',
    () =>
      [...sources, ...readSources('test')]
        .filter((source) => /writeHead\([^;]*?\)\s*\.end/.test(source.code))
        .map((source) => source.path),
  );

  rule(
    'headers',
    'every source file begins with what it decides',
    'a reader should know in six lines whether to read on',
    'begin the file with a comment',
    () => shipped.filter((source) => !source.text.startsWith('/**')).map((source) => source.path),
  );

  rule(
    'tables',
    'a table is written by one store',
    'two writers cannot keep one invariant',
    'call the owner through its service or a port',
    () => {
      const writers = new Map<string, Set<string>>();
      for (const source of shipped.filter((candidate) => !candidate.path.includes('/migrations/'))) {
        for (const [, table] of source.code.matchAll(
          /\b(?:insertInto|updateTable|deleteFrom|mergeInto)\(\s*['"]([a-z_]+)/g,
        )) {
          if (table) writers.set(table, (writers.get(table) ?? new Set()).add(source.path));
        }
      }
      return [...writers]
        .filter(([, paths]) => paths.size > 1)
        .map(([table, paths]) => `${table}: ${[...paths].join(', ')}`);
    },
  );

  rule(
    'pins',
    'every dependency is pinned exactly',
    'a range can bring other code to the trust than was tested',
    'write the version without ^ or ~',
    () => {
      const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as Record<
        string,
        Record<string, string> | undefined
      >;
      return ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((kind) =>
        Object.entries(manifest[kind] ?? {})
          .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\da-z.]+)?$/.test(version))
          .map(([name, version]) => `${name}@${version}`),
      );
    },
  );
});
