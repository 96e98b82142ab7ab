/**
 * Who would read a question that the documents leave open: the channel that the trust names for questions, or the person who
 * looks after what is nearest. Everyone in a channel reads, so it gets only what all staff may read, and nothing while somebody
 * in it is not staff. Nobody is offered whom no message reaches.
 */
import type { Trust } from '../config/trust.ts';
import type { Target } from '../delivery/message.ts';
import type { Directory } from '../directory/model.ts';
import { messageOf } from '../kernel/errors.ts';
import { sleep } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import type { Named } from './ask-cards.ts';
import { channelReader } from './asks.ts';
import type { Restriction } from './corpus.ts';

/** Who is in a team now, and whether a message would arrive: bound in `app`. */
export type Reach = {
  readonly membersOf: Directory['membersOf'];
  readonly reaches: (target: Target) => Promise<boolean>;
};

export type ReadersResources = {
  readonly trust: Trust;
  readonly log: Log;
  readonly directory: Pick<Directory, 'person'>;
  /** Absent: no channel is asked, and everybody counts as reached. */
  readonly reach?: Reach;
};

export type PersonReader = { readonly id: string; readonly person: Named };
export type ChannelReader = { readonly id: string; readonly name: string; readonly target: Target };

/** What an offer rests on: owners of what is nearest, nearest first, and what of it not all staff may open. */
export type Nearest = {
  readonly owners: readonly (string | null | undefined)[];
  readonly within: readonly Restriction[];
};

/** How long a refusal waits to learn who is in the channel; then the owner is offered. Milliseconds. */
const PATIENCE = 1_500;

export type AskReaders = ReturnType<typeof createAskReaders>;

export function createAskReaders({ trust, log, directory, reach }: ReadersResources) {
  const { questions_contact: contact, questions_channel: place } = trust.trust;

  async function staff(personId: string | null | undefined): Promise<Named | undefined> {
    const person = personId ? await directory.person(personId) : undefined;
    return person?.staff ? { name: person.name, givenName: person.givenName } : undefined;
  }

  async function reached(personId: string): Promise<boolean> {
    return (await reach?.reaches({ kind: 'person', personId })) ?? true;
  }

  /** The first of these who is staff, can be reached and is not the asker: the owner of the nearest document, else the contact. */
  async function readerOf(owners: Nearest['owners'], askerId: string): Promise<PersonReader | undefined> {
    for (const id of [...owners, contact]) {
      const person = id && id !== askerId ? await staff(id) : undefined;
      if (id && person && (await reached(id))) return { id, person };
    }
    return undefined;
  }

  /** Who looks after what is nearest, whether or not a message would reach them. */
  async function ownerOf(owners: Nearest['owners'], askerId: string): Promise<Named | undefined> {
    for (const id of owners) {
      const person = id !== askerId ? await staff(id) : undefined;
      if (person) return person;
    }
    return undefined;
  }

  /** The ids of everyone in the channel for questions; undefined when somebody there is not staff, or Graph does not say in time. */
  async function membersNow(): Promise<readonly string[] | undefined> {
    if (!place || !reach) return undefined;
    const enough = new AbortController();
    const asked = reach.membersOf(place.team).then(
      ({ ids, outsiders }) => (outsiders === 0 ? ids : undefined),
      (error: unknown) => {
        log.warn('the channel for questions could not be looked at', { reason: messageOf(error) });
        return undefined;
      },
    );
    const late = sleep(PATIENCE, enough.signal).then(() => undefined);
    const members = await Promise.race([asked, late]);
    enough.abort();
    return members;
  }

  /** The channel, when what is asked beside may be read by all of it, somebody else is in it, and the app is there. */
  async function channelOf(within: Nearest['within'], askerId: string): Promise<ChannelReader | undefined> {
    if (!place || !reach || within.length > 0) return undefined;
    const target: Target = { kind: 'channel', teamId: place.team, channelId: place.channel };
    if (!(await reach.reaches(target))) return undefined;
    const members = await membersNow();
    if (!members?.some((id) => id !== askerId)) return undefined;
    return { id: channelReader(place.channel), name: place.name, target };
  }

  return {
    staff,
    readerOf,
    ownerOf,
    channelOf,
    /** Somebody as a card speaks of them, whether or not they still work here. */
    named: async (personId: string): Promise<Named> =>
      (await directory.person(personId)) ?? { name: 'A colleague', givenName: 'A colleague' },
    /** Who gets it from this reader. */
    nextAfter: async (readerId: string): Promise<Named | undefined> =>
      readerId !== contact && (await reached(contact)) ? staff(contact) : undefined,
    /** Whether somebody who pressed in that channel may read and answer there: a member, among staff alone. */
    isMember: async (personId: string, reader: string): Promise<boolean> =>
      place !== undefined &&
      channelReader(place.channel) === reader &&
      (await membersNow())?.includes(personId) === true,
    /** The channel's name as its members call it. */
    channelName: place?.name ?? 'the channel for questions',
  };
}
