/**
 * Who gets a digest and of what: trust leaders of every school, heads of their own, whoever leads a priority or a strand of
 * that, line managers of their people. All of one person's roles make one scope, and so one digest. Decided from the trust's
 * file and today's line at each building and each opening; pure.
 */
import type { Standing } from '../checkins/summary.ts';
import type { Trust, TrustSchool } from '../config/trust.ts';
import { listInWords } from '../kernel/text.ts';

export type Scope = {
  readonly personId: string;
  /** Every school, and what belongs to none. */
  readonly trust: boolean;
  /** URNs of the schools that they head. */
  readonly urns: readonly string[];
  /** Strands that they lead, at every school. */
  readonly strands: readonly string[];
  /** Whoever leads the strand of attendance sees every school's, as in answers about attendance. */
  readonly attendance: boolean;
};

/** The strand whose lead sees every school's attendance. */
const ATTENDANCE = 'attendance';

type Covered = Pick<Standing, 'milestone' | 'managerId'>;

/** Everyone who may have a digest, leaders first, each once: those of the trust's file, then managers of `standings`. */
export function audienceOf(trust: Trust, standings: readonly Covered[]): Scope[] {
  const people = new Set([
    ...trust.leaders,
    ...trust.schools.map((school) => school.head),
    ...trust.priorities.flatMap(({ lead, strands }) => [lead, ...strands.flatMap((one) => one.lead ?? [])]),
    ...standings.flatMap(({ managerId }) => managerId ?? []),
  ]);
  return [...people].map((personId) => scopeOf(trust, personId));
}

export function scopeOf(trust: Trust, personId: string): Scope {
  const strands = trust.priorities.flatMap((priority) =>
    priority.strands
      .filter((strand) => priority.lead === personId || strand.lead === personId)
      .map((strand) => strand.id),
  );
  return {
    personId,
    trust: trust.leaders.includes(personId),
    urns: trust.schools.filter((school) => school.head === personId).map((school) => school.urn),
    strands,
    attendance: trust.priorities.some(({ lead, strands: within }) =>
      within.some((strand) => strand.id === ATTENDANCE && (strand.lead ?? lead) === personId),
    ),
  };
}

/** Whose term report this person may start and release: the CEO the trust's, a head that of their schools; undefined for others. */
export function reportScopeOf(trust: Trust, personId: string): Scope | undefined {
  const { urns } = scopeOf(trust, personId);
  const whole = trust.trust.ceo === personId;
  if (!whole && urns.length === 0) return undefined;
  return { personId, trust: whole, urns, strands: [], attendance: false };
}

/** A milestone of no school is the trust's and its strand's. Anybody's own people are theirs, wherever they work. */
export function covers(scope: Scope, { milestone, managerId }: Covered): boolean {
  return coversRole(scope, milestone) || managerId === scope.personId;
}

/** The same by role alone: what the line of management adds is left out. */
export function coversRole(scope: Scope, milestone: Covered['milestone']): boolean {
  if (scope.trust || scope.strands.includes(milestone.strand)) return true;
  return milestone.schoolUrn !== undefined && scope.urns.includes(milestone.schoolUrn);
}

/** Whether a school's attendance is theirs to see. */
export function coversSchool(scope: Scope, urn: string): boolean {
  return scope.trust || scope.attendance || scope.urns.includes(urn);
}

/** Whether the trust's file gives them anything to look after; managers have their people besides. */
export function leads(scope: Scope): boolean {
  return scope.trust || scope.urns.length > 0 || scope.strands.length > 0;
}

export function schoolsIn(trust: Trust, scope: Scope): TrustSchool[] {
  return trust.schools.filter((school) => coversSchool(scope, school.urn));
}

/** `Tideway`, `Harbour Primary`, `Harbour Primary and Quayside School`, `Great teaching`. */
export function scopeName(trust: Trust, scope: Scope): string {
  if (scope.trust) return trust.trust.short_name;
  const schools = trust.schools.filter(({ urn }) => scope.urns.includes(urn)).map(({ name }) => name);
  if (schools.length > 0) return listInWords(schools);
  const [first, ...more] = ledBy(trust, scope);
  return first && more.length === 0 ? first.name : trust.trust.short_name;
}

/** What they lead, by name: whole priorities, else the strands of them; each with the ids of its strands. */
export function ledBy(trust: Trust, scope: Scope): { readonly name: string; readonly strands: string[] }[] {
  return trust.priorities.flatMap(({ name, strands }) => {
    const own = strands.filter(({ id }) => scope.strands.includes(id));
    if (own.length === strands.length) return [{ name, strands: own.map(({ id }) => id) }];
    return own.map((strand) => ({ name: strand.name, strands: [strand.id] }));
  });
}
