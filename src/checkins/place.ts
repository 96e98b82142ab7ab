/**
 * Where a milestone belongs: a school, a team of the trust that is no school, or the central team. What the policy judges by, how
 * the place is called, and which channel is its own. Pure.
 */
import type { About } from '../access/roles.ts';
import { schoolByUrn, type Trust } from '../config/trust.ts';
import type { MilestonePlan } from './milestone.ts';

/** At most one of the two; neither: the central team's. */
export type Place = Pick<MilestonePlan, 'schoolUrn' | 'teamId'>;

export function teamById(trust: Trust, id: string | undefined): Trust['teams'][number] | undefined {
  return trust.teams.find((team) => team.id === id);
}

/** What a milestone is about, for the policy. */
export function aboutOf({ schoolUrn, teamId, strand }: Place & Pick<MilestonePlan, 'strand'>): About {
  return { urn: schoolUrn, team: teamId, strand };
}

/** Undefined for the central team, and for a school or team that has left the file. */
function placeName(trust: Trust, { schoolUrn, teamId }: Place): string | undefined {
  const school = schoolUrn === undefined ? undefined : schoolByUrn(trust, schoolUrn);
  return (school ?? teamById(trust, teamId))?.name;
}

/** How a card says it. What has left the file is not the central team's for that. */
export function placeInWords(trust: Trust, place: Place): string {
  const name = placeName(trust, place);
  if (name !== undefined) return name;
  if (place.schoolUrn !== undefined) return `A school that ${trust.trust.short_name} no longer lists`;
  if (place.teamId !== undefined) return `A team that ${trust.trust.short_name} no longer lists`;
  return `${trust.trust.short_name}’s central team`;
}

/** The channel in which its check-ins may be asked, by Graph's ids; undefined where there is none. */
export function channelOf(
  trust: Trust,
  { schoolUrn, teamId }: Place,
): { readonly teamId: string; readonly channelId: string } | undefined {
  const school = schoolUrn === undefined ? undefined : schoolByUrn(trust, schoolUrn);
  const channel = school ?? teamById(trust, teamId)?.channel;
  return channel && { teamId: channel.team, channelId: channel.channel };
}

/** How the form of a milestone says its place in one choice. */
const TEAM = 'team/';
/** Of no school and no team. */
export const CENTRAL = 'central';

export function placeKey({ schoolUrn, teamId }: Place): string {
  return schoolUrn ?? (teamId === undefined ? CENTRAL : `${TEAM}${teamId}`);
}

/** Undefined for what is no place of this trust. */
export function placeFrom(trust: Trust, key: string): Place | undefined {
  if (key === CENTRAL) return {};
  if (key.startsWith(TEAM)) {
    const team = teamById(trust, key.slice(TEAM.length));
    return team && { teamId: team.id };
  }
  const school = schoolByUrn(trust, key);
  return school && { schoolUrn: school.urn };
}
