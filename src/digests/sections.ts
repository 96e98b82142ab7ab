/**
 * The parts of a digest for somebody with several roles: the trust or each school they head, each team and priority they lead, their
 * own people. A part that holds the same milestones as one before it is left out. Pure.
 */
import type { Standing, StatusCounts } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import { ledBy, type Scope } from './audience.ts';
import { countStatuses } from './counts.ts';

export type SectionKind = 'trust' | 'school' | 'team' | 'priority' | 'people';

export type DigestSection = {
  readonly kind: SectionKind;
  readonly name: string;
  readonly statuses: StatusCounts;
};

/** `standings`: those in scope. Empty when all of them stand in one part. */
export function sectionsOf(trust: Trust, scope: Scope, standings: readonly Standing[]): DigestSection[] {
  const parts: { readonly kind: SectionKind; readonly name: string; readonly own: readonly Standing[] }[] = [
    ...(scope.trust ? [{ kind: 'trust' as const, name: trust.trust.short_name, own: standings }] : []),
    ...trust.schools
      .filter(({ urn }) => !scope.trust && scope.urns.includes(urn))
      .map(({ urn, name }) => ({
        kind: 'school' as const,
        name,
        own: standings.filter(({ milestone }) => milestone.schoolUrn === urn),
      })),
    ...trust.teams
      .filter(({ id }) => !scope.trust && scope.teams.includes(id))
      .map(({ id, name }) => ({
        kind: 'team' as const,
        name,
        own: standings.filter(({ milestone }) => milestone.teamId === id),
      })),
    // A leader has each priority behind "more" already.
    ...(scope.trust ? [] : ledBy(trust, scope)).map(({ name, strands }) => ({
      kind: 'priority' as const,
      name,
      own: standings.filter(({ milestone }) => strands.includes(milestone.strand)),
    })),
    {
      kind: 'people',
      name: 'Your people',
      own: standings.filter(({ managerId }) => managerId === scope.personId),
    },
  ];
  const seen = new Set<string>();
  const different = parts.filter(({ own }) => {
    const key = own.map(({ milestone }) => milestone.id).join(' ');
    const fresh = own.length > 0 && !seen.has(key);
    seen.add(key);
    return fresh;
  });
  if (different.length < 2) return [];
  return different.map(({ kind, name, own }) => ({ kind, name, statuses: countStatuses(own) }));
}
