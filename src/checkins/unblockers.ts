/**
 * Who could take away what is in the way of a milestone: the colleagues whom it concerns anyway, so that naming one of them
 * shows nobody anything new. Whoever else is meant is written in words. Pure.
 */
import type { Trust } from '../config/trust.ts';
import type { Milestone } from './milestone.ts';
import { teamById } from './place.ts';

/** A colleague who can be chosen, by id and full name. */
export type Concerned = { readonly id: string; readonly name: string };

/** More would be a list to read through; those nearest to the work stand first. */
const MOST = 6;

/**
 * Ids, the nearest first: who reads the owner's check-ins, the head of its school or the lead of its team, whoever leads its
 * strand and its priority.
 * May name leavers and the owner; `readers` from the line of management.
 */
export function concernedBy(
  trust: Trust,
  { schoolUrn, teamId, strand }: Pick<Milestone, 'schoolUrn' | 'teamId' | 'strand'>,
  readers: readonly string[],
): string[] {
  const school = trust.schools.find(({ urn }) => urn === schoolUrn);
  const priority = trust.priorities.find(({ strands }) => strands.some(({ id }) => id === strand));
  const led = priority?.strands.find(({ id }) => id === strand);
  return [...readers, school?.head, teamById(trust, teamId)?.lead, led?.lead, priority?.lead].filter(
    (id) => id !== undefined,
  );
}

/** Everybody whom the trust's file lets this concern, whatever the milestone: to be looked up once. */
export function leadsOf({ schools, teams, priorities }: Trust): string[] {
  return [
    ...schools.map(({ head }) => head),
    ...teams.map(({ lead }) => lead),
    ...priorities.flatMap(({ lead, strands }) => [lead, ...strands.flatMap((strand) => strand.lead ?? [])]),
  ];
}

/** Those of them who can be asked for it: staff, each once, and never the owner. */
export function choicesOf(
  ids: readonly string[],
  ownerId: string,
  personOf: (id: string) => (Concerned & { readonly staff: boolean }) | undefined,
): Concerned[] {
  return [...new Set(ids)]
    .flatMap((id) => {
      const person = id === ownerId ? undefined : personOf(id);
      return person?.staff ? [{ id, name: person.name }] : [];
    })
    .slice(0, MOST);
}
