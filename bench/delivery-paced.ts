/** The sends of `bench:delivery` that are held to limits: one process or two, and a stand-in that enforces what Teams says. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Draft, Target } from '../src/delivery/message.ts';
import { DEFAULT_LIMITS } from '../src/delivery/pacing.ts';
import { newId } from '../src/kernel/ids.ts';
import { sleep } from '../src/kernel/time.ts';
import { TEAMS_WINDOWS } from '../src/sandbox/limits.ts';
import { inTransaction, openStore, type Store } from '../src/storage/database.ts';
import { contactOf, sampleCard } from '../test/support/delivery.ts';
import { type Instance, openInstance, openProcess, type Place } from './delivery-instance.ts';
import { type Sighting, type StandIn, startStandIn } from './stand-in.ts';

export type World = {
  readonly standIn: StandIn;
  readonly first: Instance;
  /** A conversation for each, with the stand-in. */
  meet(people: readonly string[]): Promise<void>;
  put(run: string, drafts: readonly Draft[]): Promise<void>;
  /** Until nothing is open in the ledger. */
  settled(): Promise<void>;
  close(): Promise<void>;
};

export async function newPlace(databaseUrl: string | undefined): Promise<Place> {
  return {
    ...(databaseUrl ? { databaseUrl } : {}),
    dataDir: await mkdtemp(join(tmpdir(), 'waymark-bench-')),
    schema: newId('bench'),
  };
}

export async function tidy(place: Place): Promise<void> {
  if (place.databaseUrl) {
    const store = await openStore(place);
    for (const schema of [place.schema, `${place.schema}_jobs`])
      await store.db.schema.dropSchema(schema).ifExists().cascade().execute();
    await store.close();
  }
  await rm(place.dataDir, { recursive: true, force: true });
}

/** Whether the ledger still has something to settle. */
export async function isOpen({ db }: Store): Promise<boolean> {
  const open = db.selectFrom('deliveries').select('id').where('settled_at', 'is', null).limit(1);
  return (await open.executeTakeFirst()) !== undefined;
}

/** Instances that send, the second one in a process of its own, under `perSecond` for the tenant. */
export async function openWorld(
  databaseUrl: string | undefined,
  instances: number,
  perSecond: number,
): Promise<World> {
  const place = await newPlace(databaseUrl);
  const standIn = await startStandIn({ perSecond, windows: TEAMS_WINDOWS });
  const limits = { ...DEFAULT_LIMITS, tenantPerSecond: perSecond };
  const asked = { place, limits, standInUrl: standIn.url };
  const first = await openInstance(asked);
  const others: { close(): Promise<void> }[] = [];
  for (let index = 1; index < instances; index += 1) others.push(await openProcess(asked));
  const { db } = first.store;
  await first.delivery.start();
  return {
    standIn,
    first,
    meet: async (people) => {
      for (const personId of people)
        await first.delivery.rememberConversation(contactOf(personId, standIn.url));
    },
    put: async (run, drafts) => {
      await inTransaction(db, (trx) => first.delivery.enqueue(trx, run, drafts, new Date()));
    },
    settled: async () => {
      while (await isOpen(first.store)) await sleep(100);
    },
    close: async () => {
      for (const other of others) await other.close();
      await first.close();
      await standIn.close();
      await tidy(place);
    },
  };
}

export const toPerson = (run: string, personId: string, more: Partial<Draft> = {}): Draft => ({
  key: `${run}/${personId}`,
  target: { kind: 'person', personId } satisfies Target,
  card: sampleCard('A card of the usual kind, for everybody.'),
  ...more,
});

const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** A card to each of `cards` people. */
export async function paced(world: World, cards: number, perSecond: number): Promise<Sighting> {
  const people = numbered('p', cards);
  await world.meet(people);
  await world.put(
    'bench',
    people.map((person) => toPerson('bench', person)),
  );
  await world.settled();
  return world.standIn.look(perSecond);
}

/** More to a few conversations than each may have at once: `each` to so many. */
export async function crowded(
  world: World,
  conversations: number,
  each: number,
  perSecond: number,
): Promise<Sighting> {
  const people = numbered('c', conversations);
  await world.meet(people);
  const drafts = people.flatMap((person) =>
    numbered('', each).map((nth) => toPerson('crowd', person, { key: `crowd/${person}/${nth}` })),
  );
  await world.put('crowd', drafts);
  await world.settled();
  return world.standIn.look(perSecond);
}

export type Disturbed = {
  /** Milliseconds from the commit of each urgent message to its arrival. */
  readonly urgent: readonly number[];
  /** Milliseconds from each 429 to the next attempt there. */
  readonly retriedAfter: readonly number[];
  /** The longest pause between two arrivals elsewhere, in milliseconds, and how long those took in all. */
  readonly longestGap: number;
  readonly span: number;
  /** Attempts in the throttled conversation before its time had come, but for the first. */
  readonly early: number;
};

/** Fewer than would be taken for the whole tenant. */
const RESTING = 2;

/** A long run, in which urgent messages come one by one and two conversations are told to rest for `rest` milliseconds. */
export async function disturbed(
  world: World,
  cards: number,
  urgent: number,
  rest: number,
): Promise<Disturbed> {
  const people = numbered('d', cards);
  const waited = numbered('u', urgent);
  const resting = numbered('rests', RESTING);
  await world.meet([...people, ...waited, ...resting]);
  for (const person of resting)
    await world.standIn.fault(`a:chat-${person}`, { kind: 'status', status: 429, retryAfter: rest / 1000 });
  const drafts = people.map((person) => toPerson('long', person));
  for (const [index, person] of resting.entries())
    drafts.splice(Math.floor((cards * (index + 1)) / 7), 0, toPerson('long', person));
  await world.put('long', drafts);
  const committed: number[] = [];
  for (const person of waited) {
    await sleep(500);
    await world.put(`urgent-${person}`, [toPerson('urgent', person, { urgent: true })]);
    committed.push(world.standIn.now());
  }
  await world.settled();
  const arrivals = new Map(
    (await world.standIn.writesTo('a:chat-u')).map((one) => [one.conversationId, one.at]),
  );
  const rested = [];
  for (const person of resting) {
    const [refused, ...again] = await world.standIn.writesTo(`a:chat-${person}`);
    rested.push(again.map(({ at }) => at - (refused?.at ?? 0)));
  }
  const others = (await world.standIn.writesTo('a:chat-d')).map(({ at }) => at);
  const gaps = others.map((at, index) => at - (others[index - 1] ?? at));
  return {
    urgent: waited.map(
      (person, index) => (arrivals.get(`a:chat-${person}`) ?? Number.NaN) - (committed[index] ?? 0),
    ),
    retriedAfter: rested.map(([first = Number.NaN]) => first),
    longestGap: Math.max(...gaps),
    span: (others.at(-1) ?? 0) - (others[0] ?? 0),
    early: rested.flat().filter((wait) => wait < rest).length,
  };
}
