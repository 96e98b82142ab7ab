/**
 * Where a database stands beside the migrations that this code knows. In an upgrade, and when it is taken back, instances of two
 * versions share one database: the older code then meets migrations that it does not know. They only add (test/repo holds it), so
 * it can go on; one that older code cannot live with says so in its name.
 */

/** How the name of a migration ends after which code that does not know it must not start. */
export const ENDS_OLDER = '-ends-older';

export type SchemaStanding =
  /** Something of ours is still to be applied, or the list is not what we know: the migrator decides. */
  | { readonly kind: 'behind' }
  | { readonly kind: 'current' }
  /** A newer version has been here, and only added. */
  | { readonly kind: 'ahead'; readonly newer: readonly string[] }
  /** A newer version has been here, and took something away that this code needs. */
  | { readonly kind: 'beyond'; readonly ended: readonly string[] };

/** Both lists in order of their names; `applied` as the database has it, `known` as the code has it. */
export function schemaStanding(applied: readonly string[], known: readonly string[]): SchemaStanding {
  if (known.some((name, index) => applied[index] !== name)) return { kind: 'behind' };
  const newer = applied.slice(known.length);
  if (newer.length === 0) return { kind: 'current' };
  const ended = newer.filter((name) => name.endsWith(ENDS_OLDER));
  return ended.length > 0 ? { kind: 'beyond', ended } : { kind: 'ahead', newer };
}
