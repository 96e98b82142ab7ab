/**
 * Who gets a digest and of what: trust leaders of every school, heads of their own, whoever leads a priority or a strand of
 * that, line managers of their people. All of one person's roles make one scope, and so one digest. What a scope holds is the
 * policy's to say; worked out from today's roles and today's line at each building and each opening. Pure.
 */
import {
  type Appointments,
  appointed,
  holdersOf,
  holds,
  schoolsOf,
  strandsOf,
  teamsOf,
} from '../access/appointments.ts';
import { decide, may } from '../access/decide.ts';
import { being, type Holder } from '../access/roles.ts';
import type { Standing } from '../checkins/summary.ts';
import type { Trust, TrustSchool } from '../config/trust.ts';
import { isRefusal, type Refusal } from '../kernel/errors.ts';
import { listInWords, numberInWords } from '../kernel/text.ts';

export type Scope = {
  readonly personId: string;
  /** Whom the policy judges. */
  readonly holder: Holder;
  /** Every school, and what belongs to none. */
  readonly trust: boolean;
  /** URNs of the schools that they head. */
  readonly urns: readonly string[];
  /** Ids of the teams that they lead. */
  readonly teams: readonly string[];
  /** Strands that they lead, at every school. */
  readonly strands: readonly string[];
  /** Whoever leads the strand of attendance sees every school's, as in answers about attendance. */
  readonly attendance: boolean;
};

type Covered = Pick<Standing, 'milestone' | 'managerId' | 'readerId'>;

/** Everyone who may have a digest, leaders first, each once: those who hold a role, then managers of `standings`. */
export function audienceOf(appointments: Appointments, standings: readonly Covered[]): Scope[] {
  const people = new Set([
    ...holdersOf(appointments, 'trust-leader'),
    ...holdersOf(appointments, 'head'),
    ...holdersOf(appointments, 'team-lead'),
    ...holdersOf(appointments, 'priority-lead'),
    ...standings.flatMap(({ managerId, readerId }) => [managerId ?? [], readerId ?? []].flat()),
  ]);
  return [...people].map((personId) => scopeOf(appointments, personId));
}

export function scopeOf(appointments: Appointments, personId: string): Scope {
  return scopeFrom(appointed(appointments, personId));
}

export function scopeFrom(holder: Holder): Scope {
  return {
    personId: holder.id,
    holder,
    trust: holds(holder, 'trust-leader'),
    urns: schoolsOf(holder, 'head'),
    teams: teamsOf(holder),
    strands: strandsOf(holder),
    attendance: holds(holder, 'attendance-lead'),
  };
}

/** Whose term report this person may start and release: the CEO the trust's, a head that of their schools. */
export function reportScopeOf(trust: Trust, holder: Holder): Scope | Refusal {
  const whole = decide('say:term-report', holder, {});
  if (!isRefusal(whole)) return reportScope(whole.by, 'trust');
  const own = trust.schools.filter(({ urn }) => may('say:term-report', holder, { urn }));
  return own.length > 0
    ? reportScope(
        holder.id,
        own.map(({ urn }) => urn),
      )
    : whole;
}

/** What a report holds: all that leaders see of the trust, or what heads see of their schools. */
export function reportScope(personId: string, of: 'trust' | readonly string[]): Scope {
  return scopeFrom({
    id: personId,
    standings:
      of === 'trust'
        ? [{ role: 'trust-leader', scope: { kind: 'trust' } }]
        : of.map((urn) => ({ role: 'head', scope: { kind: 'school', urn } })),
  });
}

/** A milestone of no school or team is the trust's and its strand's. Anybody's own people are theirs, wherever they work, and what they read. */
export function covers(scope: Scope, { milestone, managerId, readerId }: Covered): boolean {
  const { personId, holder } = scope;
  return seesStanding(
    being(holder, managerId === personId || readerId === personId ? 'reviewer' : undefined),
    milestone,
  );
}

/** The same by role alone: what the line of management adds is left out. */
export function coversRole({ holder }: Scope, milestone: Covered['milestone']): boolean {
  return seesStanding(holder, milestone);
}

function seesStanding(holder: Holder, { schoolUrn, teamId, strand }: Covered['milestone']): boolean {
  return may('see:standing', holder, { urn: schoolUrn, team: teamId, strand });
}

/** Whether a school's attendance is theirs to see. */
export function coversSchool({ holder }: Scope, urn: string): boolean {
  return may('see:school-week', holder, { urn });
}

/** Whether a role gives them anything to look after; managers have their people besides. */
export function leads(scope: Scope): boolean {
  return scope.trust || scope.urns.length + scope.teams.length + scope.strands.length > 0;
}

export function schoolsIn(trust: Trust, scope: Scope): TrustSchool[] {
  return trust.schools.filter((school) => coversSchool(scope, school.urn));
}

/** More schools than this are counted in a name. */
const MOST_IN_NAME = 3;

/** `Tideway`, `Harbour Primary`, `Harbour Primary and Quayside School`, `Harbour Primary and four more schools`, `Great teaching`. */
export function scopeName(trust: Trust, scope: Scope): string {
  if (scope.trust) return trust.trust.short_name;
  const schools = trust.schools.filter(({ urn }) => scope.urns.includes(urn)).map(({ name }) => name);
  if (schools.length > MOST_IN_NAME)
    return `${schools[0]} and ${numberInWords(schools.length - 1)} more schools`;
  if (schools.length > 0) return listInWords(schools);
  const [first, ...more] = [
    ...trust.teams.filter(({ id }) => scope.teams.includes(id)),
    ...ledBy(trust, scope),
  ];
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
