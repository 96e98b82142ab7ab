/**
 * The audit as a chain: each entry's seal covers its own content and the seal before it, keyed, so that a changed, removed,
 * added or moved entry shows, even to somebody who can write in the database but has no key. What names a person is covered by
 * a salted commitment: when they are erased the salt goes, the commitment stays, and the chain still holds. Pure.
 */
import { contentId, keyedHash } from '../kernel/ids.ts';

export type AuditContent = {
  readonly actor: string;
  readonly subject: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** An entry as it stands in the store. `salt` is absent once a person in it was erased; `erasure` then vouches for the rest. */
export type SealedEntry = AuditContent & {
  readonly link: number;
  readonly seq: number;
  /** To the microsecond, as `instantText` writes it. */
  readonly at: string;
  readonly action: string;
  readonly salt: string | null;
  readonly commitment: string;
  readonly seal: string;
  readonly erasure: string | null;
};

/** `2026-11-23T07:30:00.123000Z`: the store keeps microseconds, and a change of one must show. */
export function instantText(at: Date): string {
  return at.toISOString().replace('Z', '000Z');
}

/** The seal before the first entry. */
export const CHAIN_START = 'start';
/** What stands in the place of an erased person. */
export const ERASED = 'erased';

/** Hex, 64 characters; cannot be matched against guesses without the salt. */
export function commitmentOf(salt: string, content: AuditContent): string {
  return contentId(['commitment', salt, ...plain(content)], 64);
}

/** Hex, 64 characters. */
export function sealOf(
  key: string,
  previous: string,
  entry: Pick<SealedEntry, 'link' | 'seq' | 'at' | 'action' | 'commitment'>,
): string {
  const { link, seq, at, action, commitment } = entry;
  return keyedHash(key, JSON.stringify(['seal', previous, link, seq, at, action, commitment]));
}

/** Vouches for what an erasure left in an entry. Hex, 64 characters. */
export function erasureOf(
  key: string,
  entry: Pick<SealedEntry, 'link' | 'commitment'> & AuditContent,
): string {
  return keyedHash(key, JSON.stringify(['erasure', entry.link, entry.commitment, ...plain(entry)]));
}

export type ChainFault = { readonly link: number; readonly problem: string };

/** What is wrong with one entry after the one before; undefined when it holds. */
export function faultOf(
  key: string,
  before: { readonly link: number; readonly seal: string },
  entry: SealedEntry,
): ChainFault | undefined {
  const at = before.link + 1;
  if (entry.link !== at) return { link: at, problem: `entry ${at} is missing` };
  if (entry.seal !== sealOf(key, before.seal, entry))
    return { link: at, problem: `entry ${at} or the one before it was changed` };
  const vouched =
    entry.salt === null
      ? entry.erasure === erasureOf(key, entry)
      : entry.erasure === null && entry.commitment === commitmentOf(entry.salt, entry);
  return vouched ? undefined : { link: at, problem: `the people or details of entry ${at} were changed` };
}

function plain({ actor, subject, detail }: AuditContent): string[] {
  const pairs = Object.entries(detail).sort(([a], [b]) => (a < b ? -1 : 1));
  return [actor, subject, JSON.stringify(pairs)];
}

/** Vouches for where the chain begins since older entries were deleted, so that no others can be cut off with them. */
export function vouchForStart(key: string, link: number, seal: string): string {
  return keyedHash(key, JSON.stringify(['from', link, seal]));
}

/** Vouches for the record of the chain's end, so that it cannot be cut short together with its entries. */
export function vouchFor(key: string, links: number, seal: string): string {
  return keyedHash(key, JSON.stringify(['head', links, seal]));
}
