/**
 * Who may make, change and close milestones, by the roles of `trust.yaml`: trust leaders any, heads those of their school,
 * whoever leads a priority or a strand those of its strands. And where a milestone is kept, since only what was made in chat or
 * by a file is changed on a card. Pure; worked out anew at each press.
 */
import type { Trust } from '../config/trust.ts';
import { isAgreed, LISTED, type MilestonePlan } from './milestone.ts';

export type Rights = {
  /** Of every school and strand. */
  readonly all: boolean;
  readonly urns: readonly string[];
  readonly strands: readonly string[];
};

type Place = Pick<MilestonePlan, 'strand' | 'schoolUrn'>;

export function rightsOf(trust: Trust, personId: string): Rights {
  return {
    all: trust.leaders.includes(personId),
    urns: trust.schools.filter(({ head }) => head === personId).map(({ urn }) => urn),
    strands: trust.priorities.flatMap(({ lead, strands }) =>
      strands.filter((strand) => lead === personId || strand.lead === personId).map(({ id }) => id),
    ),
  };
}

export function hasRights({ all, urns, strands }: Rights): boolean {
  return all || urns.length > 0 || strands.length > 0;
}

export function mayKeep({ all, urns, strands }: Rights, { strand, schoolUrn }: Place): boolean {
  return all || strands.includes(strand) || (schoolUrn !== undefined && urns.includes(schoolUrn));
}

/** What to tell whoever may not. */
export const NO_RIGHTS =
  'Milestones are made by trust leaders, by heads for their own school, and by whoever leads a priority. Please ask one of them. Nothing was kept.';

/** One sentence on what is theirs; for whoever has rights and reached beyond them. */
export function rightsInWords(trust: Trust, { urns, strands }: Rights): string {
  const schools = trust.schools.filter(({ urn }) => urns.includes(urn)).map(({ name }) => name);
  const led = trust.priorities.flatMap((priority) =>
    priority.strands.filter(({ id }) => strands.includes(id)),
  );
  const parts = [
    ...(schools.length > 0 ? [`those of ${schools.join(' and ')}`] : []),
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
