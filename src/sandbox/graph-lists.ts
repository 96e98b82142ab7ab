/**
 * SharePoint lists as Graph serves them: rows with their columns when `fields` is expanded, the delta of them, a row added, columns
 * of a row written. A column that the list does not have is refused, as SharePoint does. Shapes: listItem resource of v1.0.
 */
import { graphError, type Json, type Reply } from './graph-resources.ts';
import type { Tenant, TenantList } from './tenant.ts';

/** How lists are paged and told of, by the routes' own means. */
export type ListPages = {
  readonly page: (url: URL, items: readonly Json[]) => Reply;
  readonly delta: (url: URL, current: ReadonlyMap<string, Json>) => Reply;
};

export function answerList(tenant: Tenant, pages: ListPages, url: URL, path: readonly string[]): Reply {
  const [, , , , what, rowId] = path;
  const list = listAt(tenant, path);
  if (!list || what !== 'items') return gone();
  if (rowId === 'delta')
    return pages.delta(url, new Map(list.rows.map((row) => [row.id, resource(row, true)])));
  const expanded = url.searchParams.get('$expand') === 'fields';
  if (rowId === undefined)
    return pages.page(
      url,
      list.rows.map((row) => resource(row, expanded)),
    );
  const row = list.rows.find(({ id }) => id === rowId);
  return row ? { status: 200, body: resource(row, expanded) } : gone();
}

/** POST of a row and PATCH of a row's columns; undefined for anything else. */
export function changeList(
  tenant: Tenant,
  method: string,
  path: readonly string[],
  body: string,
): Reply | undefined {
  const list = path[0] === 'sites' ? listAt(tenant, path) : undefined;
  const [, , , , what, rowId, fieldsWord] = path;
  if (path[0] !== 'sites' || path[2] !== 'lists') return undefined;
  if (!list || what !== 'items') return gone();
  const given = JSON.parse(body) as Record<string, unknown>;
  if (method === 'POST' && rowId === undefined) {
    const fields = given.fields as TenantList['rows'][number]['fields'];
    const unknown = unknownColumn(list, fields);
    if (unknown) return unknown;
    const id = String(Math.max(0, ...list.rows.map((row) => Number(row.id))) + 1);
    const row = { id, fields: { ...fields } };
    list.rows.push(row);
    return { status: 201, body: resource(row, true) };
  }
  if (method === 'PATCH' && rowId !== undefined && fieldsWord === 'fields') {
    const row = list.rows.find(({ id }) => id === rowId);
    if (!row) return gone();
    const unknown = unknownColumn(list, given);
    if (unknown) return unknown;
    Object.assign(row.fields, given);
    return { status: 200, body: { ...row.fields } };
  }
  return undefined;
}

function listAt(tenant: Tenant, [, site, , id]: readonly string[]): TenantList | undefined {
  return tenant.lists.find((list) => list.site === site && list.id === id);
}

function unknownColumn({ columns }: TenantList, fields: Record<string, unknown>): Reply | undefined {
  const unknown = Object.keys(fields).find((name) => !columns.includes(name));
  return unknown === undefined
    ? undefined
    : graphError(400, 'invalidRequest', `Field '${unknown}' is not known`);
}

/** Graph leaves out columns that are empty. */
function resource({ id, fields }: TenantList['rows'][number], expanded: boolean): Json {
  const filled = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== ''),
  );
  return { id, contentType: { name: 'Item' }, ...(expanded ? { fields: { id, ...filled } } : {}) };
}

function gone(): Reply {
  return graphError(404, 'itemNotFound', 'The specified item was not found');
}
