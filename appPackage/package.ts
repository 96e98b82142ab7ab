/**
 * The app package from its parts: placeholders filled from the environment's names, the manifest checked against
 * Microsoft's own schema (offline), the three files zipped. Values in, bytes out; `build.ts` reads and writes the files.
 */
import { AppManifestUtils } from '@microsoft/app-manifest';
import { zipSync } from 'fflate';

export type Values = Readonly<Record<string, string | undefined>>;
export type PackageParts = {
  readonly manifest: string;
  readonly color: Uint8Array;
  readonly outline: Uint8Array;
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

/**
 * What reading replies in channels needs of a team's consent. It delivers every message of the team's standard channels, so it
 * stands in a package of its own and never in the ordinary one.
 */
export const CHANNELS_CONSENT = { name: 'ChannelMessage.Read.Group', type: 'Application' } as const;

/** The manifest with that consent asked for. */
export function withChannels(manifest: string): string {
  const parsed = JSON.parse(manifest) as {
    authorization: { permissions: { resourceSpecific: { name: string; type: string }[] } };
  };
  parsed.authorization.permissions.resourceSpecific.push({ ...CHANNELS_CONSENT });
  return JSON.stringify(parsed, null, 2);
}

/** Nothing is built unless every placeholder has a value and the schema has no complaint. */
export async function buildPackage(parts: PackageParts, values: Values): Promise<PackageResult> {
  const names = placeholdersIn(parts.manifest).filter((name) => !MAY_BE_EMPTY.has(name) && !values[name]);
  if (names.length > 0) return { kind: 'missing', names };
  const manifest = parts.manifest.replace(PLACEHOLDER, (_, name: string) =>
    JSON.stringify(values[name] ?? '').slice(1, -1),
  );
  const problems = await AppManifestUtils.validateAgainstSchema(JSON.parse(manifest));
  if (problems.length > 0) return { kind: 'invalid', problems };
  const files = {
    'manifest.json': new TextEncoder().encode(manifest),
    'color.png': parts.color,
    'outline.png': parts.outline,
  };
  // A fixed date: the same parts always give the same bytes. Zip dates have no zone, so fields of local time are meant.
  return { kind: 'built', zip: zipSync(files, { mtime: new Date(2026, 0, 1) }), manifest };
}
