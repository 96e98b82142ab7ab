/** Who is speaking, from the signed activity and our own copy of the directory. Everybody else is an outsider. */
import type { Directory, Person } from '../directory/model.ts';
import type { Conversation, Inbound } from './inbound.ts';

export type Actor = { readonly person: Person; readonly conversation: Conversation };

/** The member of staff who sent the event; undefined for pupils, guests, leavers, other tenants and unknown senders. */
export async function identify(
  directory: Pick<Directory, 'person'>,
  inbound: Inbound,
): Promise<Actor | undefined> {
  const { personId } = inbound.sender;
  const person = personId ? await directory.person(personId) : undefined;
  return person?.staff ? { person, conversation: inbound.conversation } : undefined;
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
