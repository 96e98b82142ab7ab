/** Which suites open a store: what touches none says the same on either engine, and need not be run on both. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const SUITES = ['src/**/*.test.ts', 'test/repo/**/*.test.ts', 'test/flows/**/*.test.ts'];
const IMPORTS = /^(?:import|export)\s(?!type\b)[^;]*?from '(\.[^']+)'/gms;
/** Every helper that opens the engine under test asks for its address, or opens one of its own. */
const OPENS = /testDatabaseUrl|openStore\(/;

/** Paths of the suites that open no store, themselves or by a helper in test/. */
export function suitesWithoutStore(): string[] {
  const known = new Map<string, boolean>();
  const opens = (file: string): boolean => {
    const found = known.get(file);
    if (found !== undefined) return found;
    // Taken for a no while it is being looked at, so that two helpers that know each other end.
    known.set(file, false);
    const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const helpers = [...text.matchAll(IMPORTS)]
      .map(([, from = '']) => join(dirname(file), from))
      .filter((path) => path.startsWith('test/'));
    const does = OPENS.test(text) || helpers.some(opens);
    known.set(file, does);
    return does;
  };
  return SUITES.flatMap((pattern) => globSync(pattern)).filter((file) => !opens(file));
}
