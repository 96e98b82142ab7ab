/**
 * Builds one person's digest: as of now, or as things stood at the end of a past day, from the histories of check-ins and from
 * released weeks. The scope is today's in either case: nobody is shown the past of what is not theirs any more.
 */
import type { CheckinSummary } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import type { Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { dateOf, localInstant } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { leads, type Scope, schoolsIn, scopeOf } from './audience.ts';
import type { EveryWeeks } from './card.ts';
import { composeDigest, type Digest, placeOf } from './compose.ts';
import type {
  AttendanceFigures,
  AttendanceSummary,
  Desk,
  Matters,
  MilestoneStandings,
  OpenMatters,
  OwnNudges,
} from './ports.ts';
import { readLastDigests, readRhythms } from './store.ts';

export type DigestsResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'people' | 'staff' | 'appointments'>;
  readonly checkins: MilestoneStandings;
  readonly attendance: AttendanceFigures;
  /** Absent: no digest carries an attendance card. */
  readonly nudges?: OwnNudges | undefined;
  /** Absent: digests say nothing of what documents leave open. */
  readonly matters?: Matters | undefined;
  /** Absent: what waits is named, and nothing can be approved from the digest. */
  readonly desk?: Desk | undefined;
  /** Absent: nobody can be offered help. */
  readonly outbox?: Pick<Outbox, 'enqueue'> | undefined;
  readonly log: Log;
};

export type Reader = { readonly personId: string; readonly name: string };

export type Facts = {
  readonly attendance: AttendanceSummary | undefined;
  readonly checkins: CheckinSummary;
  readonly matters: OpenMatters | undefined;
  /** Of what waits for those who are `wanted`. */
  readonly reasons: ReadonlyMap<string, string> | undefined;
};

/** What nobody who reads it may be shown is not looked for. */
export async function readFacts(
  { attendance, checkins, matters, trust, desk }: DigestsResources,
  now: Date,
  { scope }: { readonly scope: Scope | 'everybody' },
): Promise<Facts> {
  const summary = await checkins.summary(now);
  const waiting = summary.waiting.filter(
    ({ reviewerId }) => scope === 'everybody' || reviewerId === scope.personId,
  );
  return {
    attendance: await attendanceFor({ attendance, trust }, scope, now),
    checkins: summary,
    reasons: await desk?.worthReading(waiting.map(({ checkinId }) => checkinId)),
    matters: await matters?.openMatters(now, {
      themes: scope === 'everybody' || scope.trust,
    }),
  };
}

/** Of the schools that a reader may see, as of their own last week of school. */
export async function attendanceFor(
  { attendance, trust }: Pick<DigestsResources, 'attendance' | 'trust'>,
  scope: Scope | 'everybody',
  at: Date,
  publishedBy?: Date,
): Promise<AttendanceSummary | undefined> {
  if (scope === 'everybody') return attendance.attendanceSummary(at);
  const urns = schoolsIn(trust, scope).map(({ urn }) => urn);
  if (urns.length === 0) return undefined;
  const some = urns.length === trust.schools.length ? {} : { schoolUrns: urns };
  return attendance.attendanceSummary(at, { ...some, publishedBy });
}

export async function weeksFor(
  { attendance, trust }: DigestsResources,
  scope: Scope,
  facts: Facts,
  publishedBy?: Date,
) {
  const place = placeOf(trust, scope);
  if (!place || !facts.attendance) return undefined;
  const { week } = facts.attendance;
  const own = place.kind === 'school' ? { schoolUrn: place.urn } : {};
  return attendance.gapWeeks?.({ week, ...own, publishedBy });
}

/** Given names that one member of staff alone has. */
export function givenNamesOfOne(staff: readonly Person[]): ReadonlySet<string> {
  const bearers = Map.groupBy(staff, ({ givenName }) => givenName);
  return new Set([...bearers].filter(([, those]) => those.length === 1).map(([name]) => name));
}

export function readerOf(person: Person, alone: ReadonlySet<string>) {
  return {
    personId: person.id,
    givenName: person.givenName || person.name,
    names: [person.name, ...(alone.has(person.givenName) ? [person.givenName] : [])],
  };
}

export function mailsOf(staff: readonly Person[]): (personId: string) => string | undefined {
  const mails = new Map(staff.map(({ id, mail }) => [id, mail]));
  return (personId) => mails.get(personId);
}

export type Built = {
  readonly digest: Digest;
  readonly checkins: CheckinSummary;
  readonly scope: Scope;
  /** Owners of milestones whom this reader manages. */
  readonly people: number;
  readonly everyWeeks: EveryWeeks | undefined;
};

/** One digest as of now, moved since the one before or since `since`. Someone without a scope of their own gets what waits for them, and nothing else. */
export async function buildNow(
  resources: DigestsResources,
  reader: Reader,
  now: Date,
  since?: Digest,
): Promise<Built> {
  const { db, trust, directory } = resources;
  const date = dateOf(now, trust.trust.zone);
  const scope = scopeOf(await directory.appointments(), reader.personId);
  const staff = await directory.staff();
  const person = staff.find(({ id }) => id === reader.personId);
  const last = await readLastDigests(db, [reader.personId], date);
  const rhythms = await readRhythms(db, [reader.personId]);
  const facts = await readFacts(resources, now, { scope });
  const digest = composeDigest({
    trust,
    reader: person
      ? readerOf(person, givenNamesOfOne(staff))
      : { personId: reader.personId, givenName: reader.name },
    scope,
    date,
    ...facts,
    weeks: await weeksFor(resources, scope, facts),
    mailOf: mailsOf(staff),
    nudge: await resources.nudges?.ownNudge(reader.personId, now),
    last: since ?? last.get(reader.personId),
  });
  const own = facts.checkins.standings.filter(({ managerId }) => managerId === reader.personId);
  const unasked = leads(scope) || own.length > 0;
  return {
    digest,
    checkins: facts.checkins,
    scope,
    people: new Set(own.map(({ milestone }) => milestone.ownerId)).size,
    everyWeeks: unasked ? (rhythms.get(reader.personId) ?? 1) : undefined,
  };
}

/** Of a past local date, after the hours at which anything is released. */
export function eveningOf({ trust }: Trust, date: string): Date {
  return localInstant(date, '20:00', trust.zone);
}

/** As things stood at the end of a past local date. `last`: what its movement is counted from. */
export async function buildPast(
  resources: DigestsResources,
  reader: Reader,
  date: string,
  now: Date,
): Promise<{ readonly digest: Digest; readonly checkins: CheckinSummary }> {
  const { trust, directory } = resources;
  const scope = scopeOf(await directory.appointments(), reader.personId);
  const evening = eveningOf(trust, date);
  const checkins = await resources.checkins.summaryAt(date, now);
  const facts: Facts = {
    attendance: await attendanceFor(resources, scope, evening, evening),
    checkins,
    matters: undefined,
    reasons: undefined,
  };
  const weeks = await weeksFor(resources, scope, facts, evening);
  const digest = composeDigest({
    trust,
    reader: { personId: reader.personId, givenName: reader.name },
    scope,
    date,
    ...facts,
    weeks,
    last: undefined,
  });
  return { digest, checkins };
}
