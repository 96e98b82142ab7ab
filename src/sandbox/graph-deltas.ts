/**
 * Delta queries as Graph serves them: a first round with everything, page by page, a `deltaLink` at its end, and later
 * only what changed since. A token stands for a snapshot kept in memory; one that is not known must start afresh.
 */
import type { Json } from './graph-resources.ts';

type Snapshot = ReadonlyMap<string, string>;
type Open = { readonly rest: readonly Json[]; readonly snapshot: Snapshot };

export type DeltaQuery = {
  /** Everything there is now, by id. */
  readonly current: ReadonlyMap<string, Json>;
  readonly deltaToken: string | null;
  readonly skipToken: string | null;
  readonly pageSize: number;
  readonly removed: (id: string) => Json;
};
export type DeltaPage = {
  readonly value: readonly Json[];
  readonly next: { readonly kind: 'skip' | 'delta'; readonly token: string };
};

export type Deltas = {
  /** The next page; undefined when the token is unknown (expired). */
  answer(query: DeltaQuery): DeltaPage | undefined;
  /** Forgets every token, as Graph does after some days. */
  forget(): void;
};

export function createDeltas(): Deltas {
  const snapshots = new Map<string, Snapshot>();
  const open = new Map<string, Open>();
  let issued = 0;

  const page = (items: readonly Json[], snapshot: Snapshot, size: number): DeltaPage => {
    issued += 1;
    const rest = items.slice(size);
    const token = `${rest.length > 0 ? 's' : 'd'}${issued}`;
    if (rest.length > 0) open.set(token, { rest, snapshot });
    else snapshots.set(token, snapshot);
    return { value: items.slice(0, size), next: { kind: rest.length > 0 ? 'skip' : 'delta', token } };
  };

  return {
    answer: ({ current, deltaToken, skipToken, pageSize, removed }) => {
      if (skipToken) {
        const found = open.get(skipToken);
        return found && page(found.rest, found.snapshot, pageSize);
      }
      const snapshot = new Map([...current].map(([id, item]) => [id, JSON.stringify(item)]));
      if (!deltaToken) return page([...current.values()], snapshot, pageSize);
      const before = snapshots.get(deltaToken);
      if (!before) return undefined;
      const changed = [...current]
        .filter(([id]) => before.get(id) !== snapshot.get(id))
        .map(([, item]) => item);
      const gone = [...before.keys()].filter((id) => !current.has(id)).map(removed);
      return page([...changed, ...gone], snapshot, pageSize);
    },
    forget: () => {
      snapshots.clear();
      open.clear();
    },
  };
}
