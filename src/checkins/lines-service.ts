/**
 * Reads from the directory the people whom a set of check-ins may concern: owners, the line above them, delegates, and
 * who stands in for an empty post. Always before a transaction opens: the embedded store has one connection.
 */
import type { HoldsBack, NamesPupil } from '../cards/held.ts';
import type { Trust } from '../config/trust.ts';
import type { WideOutbox } from '../delivery/message.ts';
import { neededBeside, type Reviewers, reviewersOf, standInsOf } from '../directory/hierarchy.ts';
import type { Directory, Person } from '../directory/model.ts';
import { type Chosen, organisationOf } from '../directory/roster.ts';
import { dateOf } from '../kernel/time.ts';
import type { Term } from '../scheduling/calendar.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { Face } from './cards.ts';
import { type Answer, type Checkin, WAYMARK, writerOf } from './lifecycle.ts';
import { LISTED, MADE_IN_CHAT, type Milestone } from './milestone.ts';
import { ruledReader } from './reader-rule.ts';
import type { Refresher } from './refresh-service.ts';
import { readDelegations } from './settings-store.ts';
import { type Concerned, choicesOf, concernedBy, leadsOf } from './unblockers.ts';

/** Whether staff of a school (of any school, when none is named) are at work in term on a date. */
export interface SchoolDays {
  isSchoolDay(schoolUrn: string | undefined, date: string): boolean;
  /** The terms of a school, or of all schools together. */
  termsOf(schoolUrn: string | undefined): readonly Term[];
}

export type CheckinsResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'people' | 'staff' | 'holder'>;
  readonly outbox: WideOutbox;
  readonly schoolDays: SchoolDays;
  readonly refresher: Pick<Refresher, 'wake'>;
  /** Called in a transaction when check-ins were approved: what stands elsewhere of them is to follow. */
  readonly approved?: (trx: Trx) => Promise<void>;
  readonly namesPupil: NamesPupil;
  /** The same and more, for words that come from a file or a list. */
  readonly holdsBack: HoldsBack;
  readonly log: Log;
};

/** People as they were read, and what follows from that for each owner on `today`. */
export type Lines = {
  readonly today: string;
  person(id: string): Person | undefined;
  givenName(id: string): string;
  /** The line of management above somebody, whatever is chosen for a milestone. */
  managers(personId: string): Reviewers;
  /** Who reads an owner's check-in of a milestone; nobody where whom its rule means was not read. */
  readers(ownerId: string, milestone: Ruled): Reviewers;
  /** Who reads what this check-in says now: past whoever wrote it. */
  readersOf(checkin: Pick<Checkin, 'ownerId' | 'state' | 'answeredBy'>, milestone: Ruled): Reviewers;
  /** Who may answer in an owner's place today: staff, and never who reads it. */
  standIns(ownerId: string, milestone: Ruled): readonly string[];
  /** Who may be chosen to take away what is in a milestone's way. */
  concerned(ownerId: string, milestone: Ruled): readonly Concerned[];
  /** Who else sees what is approved of a milestone, in words. */
  beside(milestoneId: string): string | undefined;
};

type Ruled = Pick<Milestone, 'schoolUrn' | 'teamId' | 'strand' | 'reviewer'>;

/** Whom these milestones concern, for `loadLines`: their owners, and whom a rule means to read them. */
export function aroundOf(
  trust: Trust,
  milestones: readonly (Ruled & Pick<Milestone, 'ownerId'>)[],
): string[] {
  return milestones.flatMap((milestone) => [milestone.ownerId, ruledReader(trust, milestone) ?? []].flat());
}

/** Levels of a line that are read: deeper than any trust, and a circle ends sooner. */
const DEEPEST = 14;

export async function loadLines(
  resources: { readonly db: Db; readonly directory: Pick<Directory, 'people'>; readonly trust: Trust },
  personIds: readonly string[],
  now: Date,
  /** Whom people chose to act in their place, when that was read already. */
  chosen?: Chosen,
): Promise<Lines> {
  const { trust, directory } = resources;
  const today = dateOf(now, trust.trust.zone);
  const known = new Map<string, Person>();
  const organisation = organisationOf(trust, known, today, chosen ?? (await readDelegations(resources.db)));
  const sought = new Set<string>();
  let wanted = [...new Set(personIds)];
  for (let depth = 0; depth < DEEPEST && wanted.length > 0; depth += 1) {
    for (const id of wanted) sought.add(id);
    const found = await directory.people(wanted);
    for (const person of found) known.set(person.id, person);
    const next = wanted.flatMap((id) => neededBeside(organisation, id));
    wanted = [...new Set(next)].filter((id) => !sought.has(id));
  }
  const leads = leadsOf(trust).filter((id) => !known.has(id));
  for (const person of await directory.people(leads)) known.set(person.id, person);
  const readers = (ownerId: string, milestone: Ruled, writer?: string): Reviewers => {
    const chosen = ruledReader(trust, milestone);
    // Without their line nobody could tell to whom it goes up: then nobody reads it, rather than somebody else.
    if (chosen !== undefined && !sought.has(chosen)) return { may: [] };
    return reviewersOf(organisation, ownerId, chosen, writer);
  };
  return {
    today,
    person: (id) => known.get(id),
    givenName: (id) => known.get(id)?.givenName || known.get(id)?.name || 'A colleague',
    managers: (personId) => reviewersOf(organisation, personId),
    readers: (ownerId, milestone) => readers(ownerId, milestone),
    readersOf: (checkin, milestone) => readers(checkin.ownerId, milestone, writerOf(checkin)),
    standIns: (ownerId, milestone) => {
      const named = standInsOf(organisation, ownerId);
      if (named.length === 0) return named;
      const { may } = readers(ownerId, milestone);
      return named.filter((id) => id !== ownerId && known.get(id)?.staff === true && !may.includes(id));
    },
    concerned: (ownerId, milestone) => {
      const { may } = readers(ownerId, milestone);
      return choicesOf(concernedBy(trust, milestone, may), ownerId, (id) => known.get(id));
    },
    beside: (milestoneId) => (isInList(trust, milestoneId) ? 'readers of the trust’s list' : undefined),
  };
}

/** Whether what is approved of a milestone is written to the trust's SharePoint list. */
function isInList({ milestone_list: list }: Trust, id: string): boolean {
  if (!list?.write_back) return false;
  return id.startsWith(LISTED) || (id.startsWith(MADE_IN_CHAT) && list.columns.waymark_id !== undefined);
}

/** What the cards of a check-in need to know, as seen today. */
export function faceOf(lines: Lines, checkin: Checkin, milestone: Milestone, last: Answer | undefined): Face {
  const reader = lines.readersOf(checkin, milestone).asked?.personId;
  const beside = lines.beside(milestone.id);
  return {
    checkin,
    milestone,
    names: {
      owner: lines.givenName(checkin.ownerId),
      reviewer: reader === undefined ? 'Your line manager' : lines.givenName(reader),
      ...(beside ? { beside } : {}),
    },
    ...(checkin.decidedBy === undefined || checkin.decidedBy === WAYMARK
      ? {}
      : { decider: lines.givenName(checkin.decidedBy) }),
    concerned: lines.concerned(checkin.ownerId, milestone),
    ...(checkin.escalation?.to === undefined ? {} : { alsoWith: lines.givenName(checkin.escalation.to) }),
    last,
  };
}
