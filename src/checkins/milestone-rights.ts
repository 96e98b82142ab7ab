/**
 * Who may make, change and close milestones, by the policy: trust leaders any, heads those of their school, leads those of
 * their team, whoever leads a priority or a strand those of its strands. And where a milestone is kept, since only what was made in chat or by a file is
 * changed on a card. Pure; worked out anew at each press.
 */
import { holds, schoolsOf, strandsOf, teamsOf } from '../access/appointments.ts';
import { may, mayAnywhere } from '../access/decide.ts';
import type { Holder } from '../access/roles.ts';
import type { Trust } from '../config/trust.ts';
import { isAgreed, LISTED, type MilestonePlan } from './milestone.ts';
import { aboutOf, type Place } from './place.ts';

export type Rights = {
  /** Whom the policy judges. */
  readonly holder: Holder;
  /** Of every school and strand. */
  readonly all: boolean;
  readonly urns: readonly string[];
  readonly teams: readonly string[];
  readonly strands: readonly string[];
};

type Placed = Place & Pick<MilestonePlan, 'strand'>;

export function rightsOf(holder: Holder): Rights {
  return {
    holder,
    all: holds(holder, 'trust-leader'),
    urns: schoolsOf(holder, 'head'),
    teams: teamsOf(holder),
    strands: strandsOf(holder),
  };
}

export function hasRights({ holder }: Rights): boolean {
  return mayAnywhere('checkins.milestone-create', holder);
}

export function mayKeep({ holder }: Rights, milestone: Placed): boolean {
  return may('checkins.milestone-save', holder, aboutOf(milestone));
}

/** One sentence on what is theirs; for whoever has rights and reached beyond them. */
export function rightsInWords(trust: Trust, { urns, teams, strands }: Rights): string {
  const schools = trust.schools.filter(({ urn }) => urns.includes(urn)).map(({ name }) => name);
  const own = trust.teams.filter(({ id }) => teams.includes(id));
  const led = trust.priorities.flatMap((priority) =>
    priority.strands.filter(({ id }) => strands.includes(id)),
  );
  const parts = [
    ...(schools.length > 0 ? [`those of ${schools.join(' and ')}`] : []),
    ...(own.length > 0 ? [`those of ${own.map(({ name }) => name).join(' and ')}`] : []),
    ...(led.length > 0 ? [`those of ${led.map(({ name }) => name).join(', ')}`] : []),
  ];
  return `Yours to make and change are ${parts.join(', and ')}.`;
}

/** Why this one is changed elsewhere, in a sentence; undefined when a card may change it. */
export function keptElsewhere(trust: Trust, id: string): string | undefined {
  if (trust.milestones.some((milestone) => milestone.id === id))
    return 'This milestone stands in the trust’s settings file. Whoever keeps that file can change it there.';
  if (id.startsWith(LISTED))
    return 'This milestone stands in the trust’s SharePoint list. Change its row there, and it changes here.';
  if (isAgreed({ id })) return 'This step was agreed on an attendance card. It ends by itself after its day.';
  return undefined;
}
