/**
 * The app package from its parts: placeholders filled from the environment's names, the manifest checked against
 * Microsoft's own schema (offline), the files zipped. Values in, bytes out; `build.ts` reads and writes the files.
 */
import { AppManifestUtils } from '@microsoft/app-manifest';
import { zipSync } from 'fflate';
import { consentsOf } from '../src/config/consents.ts';
import { languageProblems, withLanguages } from './languages.ts';

export type Values = Readonly<Record<string, string | undefined>>;
export type PackageParts = {
  readonly manifest: string;
  readonly color: Uint8Array;
  readonly outline: Uint8Array;
  /** Texts of the files for other languages, by tag. */
  readonly languages: Readonly<Record<string, string>>;
};
export type PackageResult =
  | { readonly kind: 'built'; readonly zip: Uint8Array; readonly manifest: string }
  | { readonly kind: 'missing'; readonly names: readonly string[] }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] };

const PLACEHOLDER = /\$\{\{\s*([A-Z][A-Z0-9_]*)\s*\}\}/g;
/** Names that may stay empty: the suffix that tells a test installation from the real one. */
const MAY_BE_EMPTY = new Set(['APP_NAME_SUFFIX']);

/** The placeholder names of a text, each once, in order. */
export function placeholdersIn(text: string): string[] {
  return [...new Set([...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? ''))];
}

/** Lines of `NAME=value`; `#` begins a comment line; quotes round a value are taken off. */
export function parseEnvFile(text: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    if (match?.[1]) values[match[1]] = (match[2] ?? '').replace(/^(["'])(.*)\1$/, '$2');
  }
  return values;
}

type ResourceSpecific = { name: string; type: string };

/**
 * The manifest with what reading replies in channels asks of a team's owner. It delivers every message of the team's standard
 * channels, so it stands in a package of its own and never in the ordinary one.
 */
export function withChannels(manifest: string): string {
  const parsed = JSON.parse(manifest) as {
    authorization: { permissions: { resourceSpecific: ResourceSpecific[] } };
  };
  const asked = consentsOf(['replies'], 'team').map(({ name }) => ({ name, type: 'Application' }));
  parsed.authorization.permissions.resourceSpecific.push(...asked);
  return JSON.stringify(parsed, null, 2);
}

/** Nothing is built unless every placeholder has a value and the schema has no complaint. */
export async function buildPackage(parts: PackageParts, values: Values): Promise<PackageResult> {
  const names = placeholdersIn(parts.manifest).filter((name) => !MAY_BE_EMPTY.has(name) && !values[name]);
  if (names.length > 0) return { kind: 'missing', names };
  const fill = (text: string) =>
    text.replace(PLACEHOLDER, (_, name: string) => JSON.stringify(values[name] ?? '').slice(1, -1));
  const manifest = withLanguages(fill(parts.manifest), Object.keys(parts.languages));
  const languages = Object.entries(parts.languages).map(
    ([tag, text]) => [`${tag}.json`, fill(text)] as const,
  );
  const problems = await AppManifestUtils.validateAgainstSchema(JSON.parse(manifest));
  for (const [file, text] of languages)
    problems.push(...problemsOf(text, manifest).map((problem) => `${file}: ${problem}`));
  if (problems.length > 0) return { kind: 'invalid', problems };
  const files = {
    'manifest.json': new TextEncoder().encode(manifest),
    'color.png': parts.color,
    'outline.png': parts.outline,
    ...Object.fromEntries(languages.map(([file, text]) => [file, new TextEncoder().encode(text)])),
  };
  // A fixed date: the same parts always give the same bytes. Zip dates have no zone, so fields of local time are meant.
  return { kind: 'built', zip: zipSync(files, { mtime: new Date(2026, 0, 1) }), manifest };
}

function problemsOf(text: string, manifest: string): string[] {
  try {
    return languageProblems(JSON.parse(text) as Record<string, unknown>, manifest);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return [`is no JSON (${error.message})`];
  }
}
