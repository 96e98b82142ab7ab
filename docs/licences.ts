/**
 * `npm run licences`: each package that is shipped, with its licence, from the lock file. Ends with 1 when one is not allowed.
 * A bill of materials in CycloneDX: `npm run sbom`.
 */
import { readFileSync } from 'node:fs';
import satisfies from 'spdx-satisfies';

/** Free to use, change and pass on in a closed service, with no duty but to keep the notice. */
export const ALLOWED = [
  'MIT',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'ISC',
  'BlueOak-1.0.0',
  'Unlicense',
  'Zlib',
];

/** Packages whose manifest names no licence of the SPDX list: what their own files say, and where. */
const SAID_ELSEWHERE: Readonly<Record<string, { readonly licence: string; readonly where: string }>> = {
  cldrjs: { licence: 'MIT', where: 'LICENSE-MIT' },
  duck: { licence: 'BSD-2-Clause', where: 'LICENSE' },
  'escape-regexp-component': { licence: 'MIT', where: 'Readme.md' },
};

type Locked = {
  readonly version?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly devOptional?: boolean;
};

export type Shipped = {
  readonly name: string;
  readonly version: string;
  /** An SPDX expression; empty when none was found. */
  readonly licence: string;
  readonly allowed: boolean;
};

/** Production packages in the order of their names. `lock`: the text of package-lock.json, version 3. */
export function shippedPackages(lock: string): Shipped[] {
  const { packages } = JSON.parse(lock) as { packages: Record<string, Locked> };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { version = '', license = '' }]) => {
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const licence = SAID_ELSEWHERE[name]?.licence ?? license;
      return { name, version, licence, allowed: licence !== '' && satisfies(licence, ALLOWED) };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

export function run(): void {
  const shipped = shippedPackages(readFileSync('package-lock.json', 'utf8'));
  for (const { name, version, licence, allowed } of shipped)
    process.stdout.write(
      `${name}@${version}: ${licence || 'no licence found'}${allowed ? '' : ' (not allowed)'}\n`,
    );
  const refused = shipped.filter(({ allowed }) => !allowed);
  process.stdout.write(
    refused.length === 0
      ? `${shipped.length} packages, all under an allowed licence.\n`
      : `${refused.length} of ${shipped.length} packages need a look: take another package, or add its licence to docs/licences.ts with a decision.\n`,
  );
  process.exitCode = refused.length === 0 ? 0 : 1;
}
