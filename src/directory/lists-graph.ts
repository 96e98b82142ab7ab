/**
 * One SharePoint list through Graph: its rows, whether it has changed, and the columns of a row written. Source: Microsoft Graph
 * v1.0 reference, "listItem: delta", "Update listItem" and "Create item in list". Knows columns by their internal names and
 * nothing of what stands in them.
 */
import { z } from 'zod/v4';
import type { Graph, GraphWriter } from './graph.ts';

/** `id`: as the list's own ID column shows it; it is never given to another row. */
export type ListRow = { readonly id: string; readonly fields: Readonly<Record<string, unknown>> };

export interface SharedList {
  /** Whether anything changed since `link` was given, and the link to ask with next time. Throws AppError `graph-state-lost`. */
  changedSince(
    link: string | undefined,
  ): Promise<{ readonly changed: boolean; readonly link: string | undefined }>;
  /** All rows, folders left out. */
  rows(): Promise<readonly ListRow[]>;
  /** Other columns are left alone. The same again changes nothing. Throws AppError `graph-not-found` when the row is gone. */
  write(rowId: string, fields: Readonly<Record<string, string | number | null>>): Promise<void>;
  /** The id of the new row. Not to be repeated blindly: the same again makes a second row. */
  add(fields: Readonly<Record<string, string | number | null>>): Promise<string>;
}

const ChangeReply = z.object({ id: z.string().min(1) });
const RowReply = z.object({
  id: z.string().min(1),
  contentType: z.object({ name: z.string().nullish() }).nullish(),
  fields: z.record(z.string(), z.unknown()).nullish(),
});
const MadeReply = z.object({ id: z.string().min(1) });

export function createSharedList(
  graph: Graph & GraphWriter,
  { site, list }: { readonly site: string; readonly list: string },
): SharedList {
  const items = `/sites/${encodeURIComponent(site)}/lists/${encodeURIComponent(list)}/items`;
  return {
    changedSince: async (link) => {
      const found = await graph.list(link ?? `${items}/delta`, ChangeReply);
      return { changed: link === undefined || found.items.length > 0, link: found.deltaLink };
    },
    rows: async () => {
      const found = await graph.list(`${items}?$expand=fields&$top=200`, RowReply);
      return found.items
        .filter(({ contentType }) => contentType?.name !== 'Folder')
        .map(({ id, fields }) => ({ id, fields: fields ?? {} }));
    },
    write: async (rowId, fields) => {
      await graph.change('PATCH', `${items}/${encodeURIComponent(rowId)}/fields`, fields, z.unknown());
    },
    add: async (fields) => (await graph.change('POST', items, { fields }, MadeReply)).id,
  };
}
