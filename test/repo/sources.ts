/** Reads the sources for the repository rules: each file's text, its imports and where they lead. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

export type Import = { readonly from: string; readonly typeOnly: boolean };
export type Source = {
  readonly path: string;
  readonly text: string;
  readonly code: string;
  readonly imports: readonly Import[];
};

const IMPORT =
  /^\s*(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?['"]([^'"]+)['"]|import\(\s*['"]([^'"]+)['"]\s*\)/gm;

/** All TypeScript files below `folder`, tests included (none when it does not exist yet), with repository-relative paths. */
export function readSources(folder: string): Source[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readSource(join(folder, name)));
}

function readSource(path: string): Source {
  const text = readFileSync(path, 'utf8');
  const code = withoutComments(text);
  const imports = [...code.matchAll(IMPORT)].map((match) => {
    const target = match[2] ?? match[3] ?? '';
    const from = target.startsWith('.') ? normalize(join(dirname(path), target)) : target;
    return { from, typeOnly: Boolean(match[1]) };
  });
  return { path, text, code, imports };
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
}

/** The folder below `src` that a file belongs to; `main`, `cli` and `app` for the files at its top. */
export function sliceOf(path: string): string {
  const [, first = ''] = path.split('/');
  return first.endsWith('.ts') ? first.replace(/\.ts$/, '') : first;
}

export function isTest(path: string): boolean {
  return path.endsWith('.test.ts');
}
