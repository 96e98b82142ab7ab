/**
 * The directory: answers from our own copy, and a sync that refreshes it from Graph. A sync reads everything first and
 * writes in one transaction; when Graph fails, the last copy stays and the report says how old it is. Only who is in a
 * team is asked of Graph at the time, because it guards a post.
 */
import { holderOf } from '../access/appointments.ts';
import { outsider } from '../access/roles.ts';
import type { Trust } from '../config/trust.ts';
import { AppError } from '../kernel/errors.ts';
import { recent } from '../kernel/recent.ts';
import { count } from '../kernel/text.ts';
import { type Clock, dateOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Graph } from './graph.ts';
import { reportsTo, reviewersOf } from './hierarchy.ts';
import type { Directory, Person } from './model.ts';
import { readTeamMembers } from './people-graph.ts';
import { makeRoster, organisationOf, type Roster } from './roster.ts';
import {
  readGroups,
  readRevision,
  readState,
  readStored,
  type SyncState,
  saveFailure,
  touchRevision,
} from './store.ts';
import { type SyncResult, syncOnce } from './sync.ts';

export type DirectoryResources = {
  readonly db: Db;
  readonly graph: Graph;
  readonly trust: Trust;
  readonly clock: Clock;
  readonly log: Log;
};

/** `kept`: Graph failed and the last copy stands; `reason` is the fault's code. */
export type SyncReport =
  | SyncResult
  | { readonly state: 'kept'; readonly reason: string; readonly message: string; readonly age: DirectoryAge };

export type DirectoryAge = {
  /** The last good sync; absent before the first. */
  readonly syncedAt?: Date;
  readonly minutes?: number;
  readonly failure?: { readonly at: Date; readonly code: string };
  /** Since when the copy has held less than two thirds of the people it had, as each night looks. */
  readonly small?: { readonly since: Date; readonly before: number };
};

export interface DirectoryService extends Directory {
  sync(now: Date): Promise<SyncReport>;
  /** Reads our copy anew, here and in every instance: it was changed by other means than a sync. */
  reload(): Promise<void>;
  age(now: Date): Promise<DirectoryAge>;
  /** Whether Waymark may turn to somebody by itself: `closed` is a colleague's closed account, `outsider` anybody else. */
  standing(personId: string): Promise<'staff' | 'closed' | 'outsider'>;
  /** How many of the staff are in a group that a document or the trust names. */
  groupSize(groupId: string): Promise<number>;
}

/** A turn asks after several people, and every instance syncs by itself: ours is asked about another's this often. */
const RECHECK_MS = 1_000;

export function createDirectory({ db, graph, trust, clock, log }: DirectoryResources): DirectoryService {
  let cached: { readonly revision: number; readonly roster: Roster } | undefined;
  const look = async (): Promise<Roster> => {
    const revision = await readRevision(db);
    if (cached?.revision !== revision) {
      cached = { revision, roster: makeRoster(trust, await readStored(db), await readGroups(db)) };
    }
    return cached.roster;
  };
  const { read: roster, forget } = recent(look, RECHECK_MS);
  const organisation = async () => {
    const current = await roster();
    return { current, today: organisationOf(trust, current.people, dateOf(clock.now(), trust.trust.zone)) };
  };
  const people = (current: Roster, ids: readonly string[]): Person[] =>
    ids.flatMap((id) => current.people.get(id) ?? []);

  return {
    person: async (id) => (await roster()).people.get(id),
    appointments: async () => (await roster()).appointments,
    holder: async (id) => {
      const { people: known, appointments } = await roster();
      const person = known.get(id);
      return person ? holderOf(appointments, person) : outsider(id);
    },
    people: async (ids) => people(await roster(), ids),
    staff: async () => [...(await roster()).people.values()].filter((person) => person.staff),
    managerOf: async (personId) => {
      const { current, today } = await organisation();
      return current.people.get(reviewersOf(today, personId).asked?.personId ?? '');
    },
    reportsOf: async (personId) => {
      const { current, today } = await organisation();
      return people(current, reportsTo(today, personId));
    },
    membersOf: async (teamId) => {
      const members = await readTeamMembers(graph, teamId);
      const { colleagues } = await roster();
      return {
        ids: members.filter((id) => id !== undefined),
        outsiders: members.filter((id) => !colleagues.has(id ?? '')).length,
      };
    },
    isInGroup: async (personId, groupId) => {
      const current = await roster();
      return (
        (current.people.get(personId)?.staff ?? false) &&
        (current.groups.get(groupId)?.has(personId) ?? false)
      );
    },
    standing: async (personId) => {
      const { people: known, colleagues } = await roster();
      if (known.get(personId)?.staff) return 'staff';
      return colleagues.has(personId) ? 'closed' : 'outsider';
    },
    groupSize: async (groupId) => (await roster()).groups.get(groupId)?.size ?? 0,
    reload: async () => {
      await touchRevision(db);
      forget();
    },
    age: async (now) => ageOf(await readState(db), now),
    sync: async (now) => {
      try {
        const result = await syncOnce({ db, graph, trust, log }, now);
        forget();
        log.info('directory synced', { ...result });
        return result;
      } catch (error) {
        if (!(error instanceof AppError) || !error.code.startsWith('graph-')) throw error;
        await saveFailure(db, now, error.code);
        const age = ageOf(await readState(db), now);
        log.warn('directory not synced; the last copy stands', {
          code: error.code,
          minutesOld: age.minutes ?? null,
        });
        return { state: 'kept', reason: error.code, message: keptInWords(error, age), age };
      }
    },
  };
}

function ageOf(state: SyncState, now: Date): DirectoryAge {
  return {
    ...(state.syncedAt
      ? {
          syncedAt: state.syncedAt,
          minutes: Math.floor((now.getTime() - state.syncedAt.getTime()) / 60_000),
        }
      : {}),
    ...(state.failure ? { failure: state.failure } : {}),
    ...(state.believed?.smallSince
      ? { small: { since: state.believed.smallSince, before: state.believed.people } }
      : {}),
  };
}

function keptInWords(error: AppError, age: DirectoryAge): string {
  const copy =
    age.minutes === undefined
      ? 'There is no copy of the directory yet, so nobody counts as staff.'
      : `The copy of ${minutesInWords(age.minutes)} ago stands.`;
  return `${error.message} ${copy} ${error.remedy}`;
}

function minutesInWords(minutes: number): string {
  if (minutes < 120) return count(minutes, 'minute');
  return minutes < 48 * 60
    ? count(Math.floor(minutes / 60), 'hour')
    : count(Math.floor(minutes / 1440), 'day');
}
