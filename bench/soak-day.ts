/** One day of `bench:soak`: what is due, what is sent beside it, what goes wrong, and how the stand-in's record judges it. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { sql } from 'kysely';
import type { Draft } from '../src/delivery/message.ts';
import { type Seeded, seeded } from '../src/kernel/seeded.ts';
import { addDays, localInstant, sleep, stopwatch } from '../src/kernel/time.ts';
import type { Fault } from '../src/sandbox/connector.ts';
import { inTransaction } from '../src/storage/database.ts';
import { contactOf, sampleCard } from '../test/support/delivery.ts';
import { differences, fateOf } from '../test/support/mixed-judge.ts';
import { type ServiceOptions, startService, type TestService } from '../test/support/service.ts';

export const ZONE = 'Europe/London';
/** Messages for each person in half a day beside what is due, and how many faults their conversation has in store at most. */
const EACH = 6;
/** Until what a moment made due has been dealt with: more than a claim's lease. Milliseconds. */
const PATIENCE = 180_000;

export type Day = {
  readonly runs: number;
  readonly due: number;
  readonly faults: number;
  readonly states: Readonly<Record<string, number>>;
  readonly wrong: readonly string[];
  readonly megabytes: number;
};

/** The clock of an instance that is started then; what it logs would be kept here. */
export function beginning(at: Date): Pick<ServiceOptions, 'environment'> {
  return { environment: { CLOCK_START: at.toISOString(), LOG_LEVEL: 'silent' } };
}

/** From after midnight to before it, judged by what is new in the ledger at its end. */
export async function liveADay(
  day: number,
  date: string,
  first: TestService,
  asked: ServiceOptions,
): Promise<Day> {
  const random = seeded(day + 1);
  const { teams, instance, store } = first;
  const staff = (await instance.app.directory.staff()).map(({ id }) => id);
  const channels = instance.trust.schools.map(({ team, channel }) => ({ teamId: team, channelId: channel }));
  const before = await newest(first);
  await instance.clock.moveTo(localInstant(date, '00:31', ZONE));
  const second = () => startService({ ...asked, beside: first, ...beginning(instance.clock.now()) });
  /** A conversation with everybody, also where one ended the day before, and faults in store for it. */
  const disturb = async () => {
    teams.clearFaults();
    for (const personId of staff) {
      await instance.app.delivery.rememberConversation(contactOf(personId, teams.url));
      for (let nth = random.whole(1, EACH); nth > 0; nth -= 1)
        teams.fault(`a:chat-${personId}`, drawFault(random));
    }
    for (const channel of channels) {
      const { channelId } = channel;
      const target = { kind: 'channel', ...channel } as const;
      await instance.app.delivery.rememberConversation({
        ...contactOf(channelId, teams.url),
        ...{ target, conversationId: channelId },
      });
      teams.fault(channelId, drawFault(random));
    }
  };
  /** Something more to everybody. */
  const send = async (part: string) => {
    const run = `day/${day}/${part}`;
    for (let nth = 0; nth < EACH; nth += 1) {
      const drafts = staff.map(
        (personId): Draft => ({
          key: `${run}/${nth}/${personId}`,
          target: { kind: 'person', personId },
          card: sampleCard(`Day ${day}, ${part}, ${nth}`),
          urgent: random.chance(0.1),
        }),
      );
      const { app, clock } = instance;
      await inTransaction(store.db, (trx) => app.delivery.enqueue(trx, run, drafts, clock.now()));
      if (nth === 0) await sleep(random.whole(0, 300));
    }
  };
  teams.forget();
  await disturb();
  let beside = await second();
  /** Both look at once, as instances do. */
  const at = async (moment: Date) => {
    const both = [first, beside];
    for (const { instance: one } of both) await one.clock.moveTo(moment);
    await Promise.all(both.map(({ instance: one }) => one.app.runner.tick(moment)));
    await settled(first);
  };
  const moments = momentsOf(first, date);
  const half = moments.length >> 1;
  for (const moment of moments.slice(0, half)) await at(moment);
  await send('morning');
  // One is stopped in the middle, and another begins.
  await beside.close();
  beside = await second();
  await settled(first);
  await disturb();
  await send('afternoon');
  await settled(first);
  for (const moment of moments.slice(half)) await at(moment);
  await at(localInstant(date, '23:50', ZONE));
  await beside.close();
  return { ...(await judge(first, before, date)), megabytes: megabytesInUse() };
}

/** Every moment of a day at which a rule has something due. */
function momentsOf({ instance }: TestService, date: string): Date[] {
  const [from, to] = [localInstant(date, '00:40', ZONE), localInstant(date, '23:45', ZONE)];
  const slots = instance.app.runner.dueBetween(from, to);
  return [...new Set(slots.map(({ at }) => at.getTime()))].sort((a, b) => a - b).map((at) => new Date(at));
}

/** Waits until no run is in hand, no message is to be sent and no card to be drawn anew; throws after `PATIENCE`. */
async function settled({ store }: TestService): Promise<void> {
  const elapsed = stopwatch();
  const left = async () => {
    const { rows } = await sql<{ left: number }>`
      select (select count(*) from deliveries where settled_at is null
          or (state = 'delivered' and shown_version < card_version and edit_problem is null))::int
        + (select count(*) from checkin_refreshes)::int
        + (select count(*) from slots where state in ('claimed', 'failed'))::int as left`.execute(store.db);
    return rows[0]?.left ?? 0;
  };
  while ((await left()) > 0) {
    if (elapsed() > PATIENCE)
      throw new Error(`${await left()} things are still in hand after ${PATIENCE} ms`);
    await sleep(100);
  }
}

async function newest({ store: { db } }: TestService): Promise<number> {
  const { seq } = await db
    .selectFrom('deliveries')
    .select(({ fn }) => fn.max('seq').as('seq'))
    .executeTakeFirstOrThrow();
  return Number(seq ?? 0);
}

/** What the ledger says of all that is new in it, against what the stand-in was asked and took. */
async function judge({ instance, teams, store }: TestService, before: number, date: string) {
  const rows = await store.db.selectFrom('deliveries').select('id').where('seq', '>', before).execute();
  const fresh = new Set(rows.map(({ id }) => id));
  const items = (await instance.app.delivery.report()).items.filter(({ id }) => fresh.has(id));
  const requests = teams.requests.filter(({ method, delivery }) => method === 'POST' && delivery);
  const gone = new Set(
    [...Map.groupBy(requests, ({ delivery }) => delivery).values()].flatMap((own) => {
      const fate = fateOf(own);
      return fate.kind === 'told' && fate.state === 'gone' ? (own[0]?.conversationId ?? []) : [];
    }),
  );
  const wrong = differences(items, requests, teams.arrivals, (recipient) =>
    [...gone].some(
      (conversation) => conversation === `a:chat-${recipient}` || recipient.includes(conversation),
    )
      ? 'unreachable'
      : undefined,
  );
  const slots = await store.db
    .selectFrom('slots')
    .selectAll()
    .where('due_at', '>=', localInstant(date, '00:00', ZONE))
    .where('due_at', '<', localInstant(addDays(date, 1), '00:00', ZONE))
    .execute();
  const done = slots.filter(({ state }) => state === 'done');
  for (const slot of slots)
    if (!done.includes(slot)) wrong.push(`${slot.run_id} is ${slot.state}: ${slot.reason}`);
  const states: Record<string, number> = {};
  for (const { state } of items) states[state] = (states[state] ?? 0) + 1;
  const faults = teams.requests.filter(
    ({ method, status }) => method !== 'GET' && status !== 201 && status !== 200,
  ).length;
  return { runs: done.length, due: items.length, faults, states, wrong };
}

/** None that cuts a request off before the stand-in can read whose it is: its record could not judge that one. */
function drawFault(random: Seeded): Fault {
  const status = (code: number, name: string, more: object = {}) =>
    ({ kind: 'status', status: code, code: name, ...more }) as const;
  const throttled = () => status(429, 'Throttled', { retryAfter: random.whole(1, 6) / 20 });
  const kinds: readonly [() => Fault, ...(() => Fault)[]] = [
    throttled,
    throttled,
    throttled,
    () => status(412, 'PreconditionFailed'),
    () => status(401, 'BotNotRegistered'),
    () => status(403, 'MessageWritesBlocked'),
    () => status(404, 'ConversationNotFound'),
    () => status(413, 'MessageSizeTooBig'),
    () => status(500, 'ServiceError', { taken: random.chance(0.5) }),
    () => status(502, 'BadGateway', { taken: random.chance(0.5) }),
    () => status(503, 'ServiceUnavailable'),
    () => ({ kind: 'reset', when: 'after', taken: random.chance(0.5) }),
    () => ({ kind: 'drop', taken: random.chance(0.5) }),
  ];
  return random.pick(kinds)();
}

/** Once what is not in use has been collected. */
function megabytesInUse(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1_048_576;
}
