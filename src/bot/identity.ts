/** Who is speaking, from the signed activity and our own copy of the directory. Everybody else is an outsider. */
import type { Place } from '../access/decide.ts';
import { type Holder, outsider } from '../access/roles.ts';
import type { Directory, Person } from '../directory/model.ts';
import type { Conversation, Inbound } from './inbound.ts';

/** `holder`: the same person with the roles that they hold now. */
export type Actor = {
  readonly person: Person;
  readonly holder: Holder;
  readonly conversation: Conversation;
};

/** The member of staff who sent the event; undefined for pupils, guests, leavers, other tenants and unknown senders. */
export async function identify(
  directory: Pick<Directory, 'person' | 'holder'>,
  inbound: Inbound,
): Promise<Actor | undefined> {
  const { personId } = inbound.sender;
  const person = personId ? await directory.person(personId) : undefined;
  if (!person?.staff) return undefined;
  return { person, holder: await directory.holder(person.id), conversation: inbound.conversation };
}

/** Whoever sent the event, staff or not, as the policy judges them. */
export function senderOf(actor: Actor | undefined, inbound: Pick<Inbound, 'sender'>): Holder {
  return actor?.holder ?? outsider(inbound.sender.personId ?? '');
}

/** Where an event comes from: one's own chat, or where others read. */
export function placeOf({ kind }: Conversation): Place {
  return kind === 'personal' ? 'alone' : 'shared';
}

/** Everyone who can read what is said in a conversation. `mixed`: someone present is not staff. */
export type Company =
  | { readonly kind: 'alone' }
  | { readonly kind: 'staff'; readonly ids: readonly string[] }
  | { readonly kind: 'mixed' };

export type CompanyPorts = {
  readonly membersOf: Directory['membersOf'];
  readonly people: Directory['people'];
  /** Object ids of a group chat's members, asked of Teams; a member without one counts as an outsider. */
  readonly chatMembers: (conversation: Conversation) => Promise<readonly string[]>;
};

/** Asked at the time of the answer, since people join between two messages. */
export async function companyOf(conversation: Conversation, ports: CompanyPorts): Promise<Company> {
  if (conversation.kind === 'personal') return { kind: 'alone' };
  if (conversation.kind === 'channel') {
    if (!conversation.teamId) return { kind: 'mixed' };
    const { ids, outsiders } = await ports.membersOf(conversation.teamId);
    return outsiders > 0 ? { kind: 'mixed' } : { kind: 'staff', ids };
  }
  const ids = await ports.chatMembers(conversation);
  const people = await ports.people(ids);
  const allStaff = people.length === ids.length && people.every((person) => person.staff);
  return allStaff ? { kind: 'staff', ids } : { kind: 'mixed' };
}
