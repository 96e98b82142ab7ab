/**
 * Judges by the table, and makes what the use cases ask for. An `Entry` says that somebody of this person's roles may do such a
 * thing somewhere: with it an event reaches a use case. A `Permit` says that they may do it to this one. Nobody else can make
 * either: the classes have private parts, and only their types leave this file. Pure.
 */
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { POLICY, type Verb } from './policy.ts';
import { type About, type Holder, type Role, reaches, TOLD } from './roles.ts';
import type { Grant } from './rule.ts';

/** Where something is said or pressed: in one's own chat with Waymark, or where others are. */
export type Place = 'alone' | 'shared';

class Entered<V extends Verb> {
  readonly verb: V;
  readonly #holder: Holder;
  constructor(verb: V, holder: Holder) {
    this.verb = verb;
    this.#holder = holder;
  }
  get holder(): Holder {
    return this.#holder;
  }
}

class Permitted<V extends Verb> {
  readonly verb: V;
  readonly #by: string;
  constructor(verb: V, by: string) {
    this.verb = verb;
    this.#by = by;
  }
  /** Who acts: a person's id, or `command-line`. */
  get by(): string {
    return this.#by;
  }
}

/** One for each verb, so that looking at the verb tells which it is. */
export type Entry<V extends Verb = Verb> = V extends Verb ? Entered<V> : never;
export type Permit<V extends Verb = Verb> = V extends Verb ? Permitted<V> : never;

/** Where others are, of what is for one's own chat. */
const ALONE = refuse('not-here', 'Please ask me that in our own chat. Nothing was changed.');

/** Whether somebody may come in with this verb: they hold a role that it names, or may be to the thing what it names. */
export function enter<V extends Verb>(
  verb: V,
  holder: Holder,
  place: Place,
  about: Pick<About, 'trust'> = {},
): Entry<V> | Refusal {
  const rule = POLICY[verb];
  const has = (role: Role) => holder.standings.some((one) => one.role === role);
  // What somebody is to a thing can be told only of staff, once it is read.
  const granted = rule.may.map(roleOf).some((role) => has(role) || (role in TOLD && has('staff')));
  if (!granted) return rule.says(about);
  if (rule.where === 'alone' && place === 'shared') return rule.elsewhere ?? ALONE;
  return new Entered(verb, holder) as Entry<V>;
}

/** Whether they may do it to this thing. `holder`: with what the thing tells of them (`being`). */
export function decide<V extends Verb>(verb: V, holder: Holder, about: About): Permit<V> | Refusal {
  const { may, never, says } = POLICY[verb];
  const is = (role: Role) =>
    holder.standings.some((standing) => standing.role === role && reaches(standing, about));
  if (never && is(never.role)) return never.says;
  const granted = may.some((grant) => {
    const { role, face } = partsOf(grant);
    return (face === undefined || face === about.face) && is(role);
  });
  return granted ? (new Permitted(verb, holder.id) as Permit<V>) : says(about);
}

/** The same as a yes or no, for what is only left out. */
export function may(verb: Verb, holder: Holder, about: About): boolean {
  return !isRefusal(decide(verb, holder, about));
}

/** Whether they may do it to anything at all, as far as their appointments tell; why not otherwise. */
export function anywhere(verb: Verb, { standings }: Pick<Holder, 'standings'>): Refusal | undefined {
  const { may, says } = POLICY[verb];
  return may.some((grant) => standings.some(({ role }) => role === roleOf(grant))) ? undefined : says({});
}

/** The same as a yes or no. */
export function mayAnywhere(verb: Verb, holder: Pick<Holder, 'standings'>): boolean {
  return anywhere(verb, holder) === undefined;
}

function partsOf(grant: Grant): { readonly role: Role; readonly face: string | undefined } {
  const [role, face] = grant.split('@');
  return { role: role as Role, face };
}

function roleOf(grant: Grant): Role {
  return partsOf(grant).role;
}
