/** The form of a line of the policy: what it lets people do, who may, and the words for everybody else. Types, and how lines are written. */
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { About, Face, Role } from './roles.ts';

/** A role, on any face of a card or on one alone: `school-staff@channel`. */
export type Grant = Role | `${Role}@${Face}`;

export type Rule = {
  /** What it lets a person do, in words that begin with a verb. */
  readonly does: string;
  /** Nobody else may. A role counts within its own reach: a head at their school, an owner for their own. */
  readonly may: readonly Grant[];
  /** Whoever is this to the thing may not, whatever else they are. */
  readonly never?: { readonly role: Role; readonly says: Refusal };
  /** `alone`: in one's own chat with Waymark and nowhere else. */
  readonly where: 'anywhere' | 'alone';
  /** What is told to those who may, where others are. */
  readonly elsewhere?: Refusal;
  /** What everybody else is told. */
  readonly says: (about: About) => Refusal;
};

/** The same line for several verbs. */
export function rows<const Verb extends string>(
  verbs: readonly Verb[],
  rule: Rule,
): Readonly<Record<Verb, Rule>> {
  return Object.fromEntries(verbs.map((verb) => [verb, rule])) as Readonly<Record<Verb, Rule>>;
}

/** A refusal in the same words whatever it is about. */
export function told(reason: string, message: string): Rule['says'] {
  return () => refuse(reason, message);
}
