/** Which documents an answer may use: those that everyone who will read the reply may open. Knows no directory. */
import type { DocumentFacts, Restriction } from './corpus.ts';

/** Who will read the reply: the asker alone, the members of a group or meeting chat, or a channel of any size. */
export type Audience =
  | { readonly kind: 'personal' }
  | { readonly kind: 'members'; readonly ids: readonly string[] }
  | { readonly kind: 'channel' }
  /** Nobody in particular, as in a trial at the command line: what every member of staff may read. */
  | { readonly kind: 'staff' };

export type Access = {
  /** Whether a person is in a Graph group. */
  readonly isInGroup: (personId: string, groupId: string) => Promise<boolean>;
  /** Those of the library's items that a person, or all staff, may open; absent: none can be vouched for. */
  readonly mayOpen?: (
    reader: { readonly personId: string } | 'all staff',
    items: readonly string[],
    now: Date,
    asked?: Asked,
  ) => Promise<ReadonlySet<string>>;
};

/** `lately`: by what the library said in the last minutes. `now`: by what it says when it is asked again. */
export type Asked = 'lately' | 'now';

/**
 * Documents that all readers may open: by the group that trust.yaml names, and for those of the library by its own
 * permissions too. A restricted one is never used in a channel, whose members change.
 */
export async function openDocuments(
  docs: readonly DocumentFacts[],
  personId: string,
  audience: Audience,
  access: Access,
  now: Date,
  asked: Asked = 'lately',
): Promise<DocumentFacts[]> {
  const readers = audience.kind === 'members' ? [...new Set([personId, ...audience.ids])] : [personId];
  const allowed = new Map<string, boolean>();
  for (const group of new Set(docs.flatMap(restrictionsOf).flatMap((one) => one.group ?? []))) {
    const each = isForAll(audience)
      ? [false]
      : await Promise.all(readers.map((reader) => access.isInGroup(reader, group)));
    allowed.set(group, each.every(Boolean));
  }
  const granted = docs.filter((doc) =>
    restrictionsOf(doc).every(({ group }) => group === undefined || allowed.get(group) === true),
  );
  const items = [...new Set(granted.flatMap(restrictionsOf).flatMap((one) => one.item ?? []))];
  const open =
    items.length > 0 ? await openItems(items, readers, audience, access, now, asked) : new Set<string>();
  return granted.filter((doc) =>
    restrictionsOf(doc).every(({ item }) => item === undefined || open.has(item)),
  );
}

function isForAll({ kind }: Audience): boolean {
  return kind === 'channel' || kind === 'staff';
}

/** A document's own restriction, and those of the documents that a note stands beside. */
function restrictionsOf(doc: DocumentFacts): readonly Restriction[] {
  return [doc, ...(doc.within ?? [])];
}

/** The restrictions of those documents that not all staff may open: what is said beside them must not reach further. */
export async function restrictionsOn(
  docs: readonly DocumentFacts[],
  access: Access,
  now: Date,
): Promise<Restriction[]> {
  const open = new Set(await openDocuments(docs, '', { kind: 'channel' }, access, now));
  return docs
    .filter((doc) => !open.has(doc))
    .flatMap(restrictionsOf)
    .filter(({ group, item }) => group !== undefined || item !== undefined)
    .map(({ group, item }) => ({ ...(group ? { group } : {}), ...(item ? { item } : {}) }));
}

async function openItems(
  items: readonly string[],
  readers: readonly string[],
  audience: Audience,
  { mayOpen }: Access,
  now: Date,
  how: Asked,
): Promise<ReadonlySet<string>> {
  if (!mayOpen) return new Set();
  let left: ReadonlySet<string> = new Set(items);
  const asked = isForAll(audience) ? ['all staff' as const] : readers.map((id) => ({ personId: id }));
  for (const reader of asked) {
    if (left.size === 0) return left;
    left = await mayOpen(reader, [...left], now, how);
  }
  return left;
}
