/** The policy's judgements as the edge and the command line make them, for tests of what stands behind those. */
import { decide, type Entry, enter, type Permit } from '../../src/access/decide.ts';
import {
  type CardVerbOf,
  type CommandVerb,
  cardVerb,
  isOf,
  type Slice,
  type Verb,
} from '../../src/access/policy.ts';
import { type About, COMMAND_LINE, type Holder } from '../../src/access/roles.ts';
import { isRefusal, type Refusal, refuse } from '../../src/kernel/errors.ts';

export function permitted<V extends Verb>(verb: V, holder: Holder, about: About = {}): Permit<V> {
  const permit = decide(verb, holder, about);
  if (isRefusal(permit)) throw new Error(`${holder.id} may not ${verb}: ${permit.message}`);
  return permit as Permit<V>;
}

export function fromCommandLine<V extends CommandVerb>(verb: V): Permit<V> {
  return permitted(verb, COMMAND_LINE);
}

/** As the bot lets somebody in who pressed or typed in their own chat. */
export function entered<V extends Verb>(verb: V, holder: Holder): Entry<V> {
  const entry = enter(verb, holder, 'alone');
  if (isRefusal(entry)) throw new Error(`${holder.id} may not ${verb}: ${entry.message}`);
  return entry as Entry<V>;
}

/** The same for any words as a button's verb, as the bot judges them: what the policy does not name is unknown. */
export function enteredCard<S extends Slice>(
  slice: S,
  verb: string,
  holder: Holder,
): Entry<CardVerbOf<S>> | Refusal {
  const known = cardVerb(verb);
  if (!known || !isOf(slice, known)) return refuse('unknown-card', 'No such button.');
  return enter(known, holder, 'alone') as Entry<CardVerbOf<S>> | Refusal;
}

export function operator(id: string): Holder {
  return { id, standings: [{ role: 'operator', scope: { kind: 'trust' } }] };
}

/** Somebody who is on the staff and nothing besides. */
export function colleague(id: string): Holder {
  return { id, standings: [{ role: 'staff', scope: { kind: 'trust' } }] };
}
