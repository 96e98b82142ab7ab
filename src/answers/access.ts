/** Which documents an answer may use: those that everyone who will read the reply may open. Knows no directory. */
import type { DocumentFacts } from './corpus.ts';

/** Who will read the reply: the asker alone, the members of a group or meeting chat, or a channel of any size. */
export type Audience =
  | { readonly kind: 'personal' }
  | { readonly kind: 'members'; readonly ids: readonly string[] }
  | { readonly kind: 'channel' };

/** Whether a person is in a Graph group. */
export type IsInGroup = (personId: string, groupId: string) => Promise<boolean>;

/** Documents that all readers may open. A restricted one is never used in a channel, whose members change. */
export async function openDocuments(
  docs: readonly DocumentFacts[],
  personId: string,
  audience: Audience,
  isInGroup: IsInGroup,
): Promise<DocumentFacts[]> {
  const readers = audience.kind === 'members' ? [...new Set([personId, ...audience.ids])] : [personId];
  const allowed = new Map<string, boolean>();
  for (const group of new Set(docs.flatMap((doc) => doc.group ?? []))) {
    const each =
      audience.kind === 'channel'
        ? [false]
        : await Promise.all(readers.map((reader) => isInGroup(reader, group)));
    allowed.set(group, each.every(Boolean));
  }
  return docs.filter((doc) => doc.group === undefined || allowed.get(doc.group) === true);
}
