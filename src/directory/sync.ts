/**
 * One sync of the directory: read everything from Graph, work out the difference, write it in one transaction. Whether
 * a failed one matters is the service's to say. Only the staff group's members are kept, whatever else Graph tells.
 */
import type { Trust } from '../config/trust.ts';
import { AppError } from '../kernel/errors.ts';
import { dateOf } from '../kernel/time.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { roleGroupsOf } from './appointing.ts';
import { difference, firstAccounts, mergeChanges } from './changes.ts';
import type { Graph } from './graph.ts';
import { findCircles } from './hierarchy.ts';
import { readGroup, readManagers, readUserChanges, readUsers } from './people-graph.ts';
import { accountFrom } from './replies.ts';
import { makeRoster, organisationOf, withoutManager } from './roster.ts';
import {
  lockState,
  readState,
  readStored,
  removePeople,
  type StoredPerson,
  type SyncState,
  saveGroups,
  savePeople,
  saveProgress,
} from './store.ts';

export type SyncResources = {
  readonly db: Db;
  readonly graph: Graph;
  readonly trust: Trust;
  readonly log: Log;
};

/** `overtaken`: another instance synced at the same time; its copy stands. */
export type SyncResult =
  | {
      readonly state: 'synced';
      readonly mode: 'full' | 'delta';
      readonly people: number;
      readonly staff: number;
      readonly added: number;
      readonly changed: number;
      readonly removed: number;
      /** Ids of staff without a manager, and of people who manage each other in a circle: for the trust to mend. */
      readonly withoutManager: readonly string[];
      readonly circles: readonly (readonly string[])[];
    }
  | { readonly state: 'overtaken' };

/** Days after which a sync reads everybody again, so that nothing a delta missed stays wrong. */
const FULL_EVERY_DAYS = 7;
const DAY = 86_400_000;

type Reading = {
  readonly mode: 'full' | 'delta';
  readonly people: readonly StoredPerson[];
  readonly groups: ReadonlyMap<string, ReadonlySet<string>>;
  readonly deltaLink: string;
  readonly from: SyncState;
};

/** Throws AppError `graph-…` when Graph fails; then nothing was written. */
export async function syncOnce(resources: SyncResources, now: Date): Promise<SyncResult> {
  return write(resources, await read(resources, now), now);
}

async function read(resources: SyncResources, now: Date): Promise<Reading> {
  const from = await readState(resources.db);
  const stale = !from.fullAt || now.getTime() - from.fullAt.getTime() >= FULL_EVERY_DAYS * DAY;
  if (from.deltaLink === undefined || stale) return readFrom(resources, from, undefined);
  try {
    return await readFrom(resources, from, from.deltaLink);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'graph-state-lost') throw error;
    resources.log.info('Graph forgot our place; reading everybody again');
    return readFrom(resources, from, undefined);
  }
}

/** With a link, what changed since; without, everybody. Group members and managers are read whole each time. */
async function readFrom(
  { db, graph, trust, log }: SyncResources,
  from: SyncState,
  link: string | undefined,
): Promise<Reading> {
  const staffGroup = trust.trust.staff_group;
  const members = new Set(await readGroup(graph, staffGroup));
  const changes = await readUserChanges(graph, link);
  const { people: known, unknown } =
    link === undefined
      ? firstAccounts(changes.users, members)
      : mergeChanges(await readStored(db), changes.users, members);
  const joined = await readUsers(graph, unknown);
  const accounts = [...known.values(), ...joined.map((user) => accountFrom(user))];
  const managers = await readManagers(
    graph,
    accounts.map((account) => account.id),
  );
  const people = accounts.map((account): StoredPerson => {
    const managerId = managers.get(account.id);
    return managerId === undefined ? account : { ...account, managerId };
  });
  const groups = new Map<string, ReadonlySet<string>>([[staffGroup, members]]);
  const named = [
    ...trust.documents.flatMap(({ group }) => group ?? []),
    ...roleGroupsOf(trust).map(({ group }) => group),
  ];
  for (const groupId of new Set(named)) {
    if (groupId !== staffGroup) groups.set(groupId, await readStaffIn(graph, groupId, members, log));
  }
  return { mode: link === undefined ? 'full' : 'delta', people, groups, deltaLink: changes.deltaLink, from };
}

/** A group that is not there has no members: its documents are shown to nobody, and nobody holds its role. */
async function readStaffIn(
  graph: Graph,
  groupId: string,
  staff: ReadonlySet<string>,
  log: Log,
): Promise<ReadonlySet<string>> {
  try {
    return new Set((await readGroup(graph, groupId)).filter((id) => staff.has(id)));
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'graph-not-found') throw error;
    log.warn('a group that trust.yaml names does not exist, so nobody counts as in it', { groupId });
    return new Set();
  }
}

function write({ db, trust }: SyncResources, reading: Reading, now: Date): Promise<SyncResult> {
  const { mode, people, groups, deltaLink, from } = reading;
  return inTransaction(db, async (trx): Promise<SyncResult> => {
    const state = await lockState(trx);
    if (state.revision !== from.revision) return { state: 'overtaken' };
    const { save, remove, added, changed } = difference(await readStored(trx), people);
    await savePeople(trx, save);
    await removePeople(trx, remove);
    await saveGroups(trx, groups);
    await saveProgress(trx, { at: now, deltaLink, full: mode === 'full' });
    const roster = makeRoster(trust, people, groups);
    const organisation = organisationOf(trust, roster.people, dateOf(now, trust.trust.zone));
    return {
      state: 'synced',
      mode,
      people: people.length,
      staff: [...roster.people.values()].filter((person) => person.staff).length,
      added,
      changed,
      removed: remove.length,
      withoutManager: withoutManager(organisation),
      circles: findCircles(organisation),
    };
  });
}
