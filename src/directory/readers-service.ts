/**
 * Whether somebody may open a file of the library, by the library's own permissions. Graph's answer is used for a few minutes.
 * When Graph does not answer, only what was last known to be open to all staff stays open, for an hour; nobody waits long for it.
 */
import { AppError, messageOf } from '../kernel/errors.ts';
import { sleep } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import type { Library } from './documents.ts';
import type { Graph } from './graph.ts';
import { readGroup } from './people-graph.ts';
import { type ItemReaders, NO_READERS } from './permissions.ts';

/** Someone, or everybody on staff: who reads a channel changes from day to day. */
export type Reader = { readonly personId: string } | 'all staff';

export interface LibraryAccess {
  /**
   * Those of the items that a reader may open: by what Graph said in the last minutes, or with `now` by what it says when asked
   * again, for the few of which something is about to be said.
   */
  mayOpen(
    reader: Reader,
    items: readonly string[],
    now: Date,
    asked?: 'lately' | 'now',
  ): Promise<ReadonlySet<string>>;
  /** Those of the items of which Graph has said that nobody may open them, or nothing that can be read. */
  openToNobody(items: readonly string[]): readonly string[];
}

export type AccessResources = {
  readonly library: Pick<Library, 'readersOf'>;
  readonly graph: Graph;
  readonly log: Log;
  /** Milliseconds; for tests. */
  readonly patience?: number;
};

/** How long an answer of Graph's is used to choose among all documents, and for those that are about to be shown. */
const FRESH = { lately: 5 * 60_000, now: 3_000 };
/** How long what was open to all staff is still taken to be, when Graph has not said so again. */
const LAST_KNOWN = 60 * 60_000;
/** After a failure Graph is left alone for so long. */
const REST = 30_000;
/** How long a question waits for Graph. */
const PATIENCE = 2_500;

type Known<T> = { readonly value: T; readonly at: number };

export function createLibraryAccess(resources: AccessResources): LibraryAccess {
  const items = new Map<string, Known<ItemReaders>>();
  const groups = new Map<string, Known<ReadonlySet<string>>>();
  let failedAt: number | undefined;
  const isFresh = (known: Known<unknown> | undefined, at: number, within: number) =>
    known !== undefined && Math.abs(at - known.at) < within;

  /** Asks Graph for these items, and for the groups that it names. */
  async function refresh(ids: readonly string[], at: number, within: number): Promise<void> {
    const readers = await resources.library.readersOf(ids, new Date(at));
    const named = new Set([...readers.values()].flatMap((one) => (one.everyone ? [] : one.groups)));
    for (const id of named) {
      if (!isFresh(groups.get(id), at, within))
        groups.set(id, { value: await membersOf(resources.graph, id), at });
    }
    for (const id of ids) items.set(id, { value: readers.get(id) ?? NO_READERS, at });
  }

  /** One request at a time; what is wanted meanwhile goes together into the next one. */
  let asking:
    | { readonly ids: ReadonlySet<string>; readonly at: number; readonly done: Promise<void> }
    | undefined;
  let next:
    | { readonly ids: Set<string>; at: number; within: number; readonly done: Promise<void> }
    | undefined;
  function ask(ids: readonly string[], at: number, within: number): Promise<void> {
    if (!asking) {
      const done = refresh(ids, at, within)
        .then(
          () => {
            failedAt = undefined;
          },
          (error: unknown) => {
            failedAt = at;
            resources.log.warn('the library did not say who may open its documents', {
              reason: error instanceof AppError ? error.code : messageOf(error),
            });
          },
        )
        .finally(() => {
          asking = undefined;
        });
      asking = { ids: new Set(ids), at, done };
      return done;
    }
    const { ids: inHand, at: since, done: soon } = asking;
    if (Math.abs(at - since) < FRESH.now && ids.every((id) => inHand.has(id))) return soon;
    if (!next) {
      const waiting = { ids: new Set<string>(), at, within };
      const done = soon.then(() => {
        next = undefined;
        return ask([...waiting.ids], waiting.at, waiting.within);
      });
      next = Object.assign(waiting, { done });
    }
    for (const id of ids) next.ids.add(id);
    next.at = Math.max(next.at, at);
    next.within = Math.min(next.within, within);
    return next.done;
  }

  /** Waits for Graph, for as long as a question may. */
  async function refreshInTime(ids: readonly string[], at: number, within: number): Promise<void> {
    if (failedAt !== undefined && Math.abs(at - failedAt) < REST) return;
    const enough = new AbortController();
    const late = sleep(resources.patience ?? PATIENCE, enough.signal).then(() => {
      // Asked twice, a slow Graph would be waited for twice.
      if (!enough.signal.aborted) failedAt = at;
    });
    await Promise.race([ask(ids, at, within), late]);
    enough.abort();
  }

  return {
    openToNobody: (ids) =>
      ids.filter((id) => {
        const known = items.get(id)?.value;
        return known && !known.everyone && known.people.length === 0 && known.groups.length === 0;
      }),
    mayOpen: async (reader, ids, now, asked = 'lately') => {
      const at = now.getTime();
      const within = FRESH[asked];
      const old = ids.filter((id) => !isFresh(items.get(id), at, within));
      if (old.length > 0) await refreshInTime(old, at, within);
      return new Set(
        ids.filter((id) => {
          const known = items.get(id);
          if (!known) return false;
          if (Math.abs(at - known.at) >= LAST_KNOWN) return false;
          if (known.value.everyone) return true;
          if (reader === 'all staff' || !isFresh(known, at, within)) return false;
          return (
            known.value.people.includes(reader.personId) ||
            known.value.groups.some((group) => {
              const members = groups.get(group);
              return isFresh(members, at, within) && members?.value.has(reader.personId) === true;
            })
          );
        }),
      );
    },
  };
}

/** A group that is not there has no members. */
async function membersOf(graph: Graph, groupId: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readGroup(graph, groupId));
  } catch (error) {
    if (error instanceof AppError && error.code === 'graph-not-found') return new Set();
    throw error;
  }
}
