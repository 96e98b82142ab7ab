/**
 * Campaigns of mixed faults through the whole service: people block the app, leave, are renamed; guests join teams; Teams
 * throttles, forgets and fails in five ways; Graph fails beside it. At the end the report must equal the record of the
 * stand-ins, to the last person.
 */
import type { Target } from '../../src/delivery/message.ts';
import { must } from '../../src/kernel/guards.ts';
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';
import type { Fault } from '../../src/sandbox/connector.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { contactOf, sampleCard } from './delivery.ts';
import { differences, fateOf } from './mixed-judge.ts';
import { type TestService, until } from './service.ts';

export type MixedOptions = {
  readonly monday: string;
  readonly seed: number;
  readonly graphFault: 'none' | 'throttles' | 'fails';
};

export type MixedResult = {
  readonly due: number;
  /** How many by state. */
  readonly states: Readonly<Record<string, number>>;
  readonly faults: number;
  readonly wrong: readonly string[];
};

const SERVER_FAULTS = [500, 502, 503, 504, 507] as const;
/** A campaign that takes longer hangs. Milliseconds. */
const PATIENCE = 120_000;
const GUESTS = ['00000000-0000-4000-8000-000000000951', '00000000-0000-4000-8000-000000000952'] as const;
const NOBODY = '00000000-0000-4000-8000-00000000ffff';

/**
 * One Monday of a service whose readers of digests are `leaders`, and a notice to everybody and every school's channel. `graphFault`:
 * what becomes of Graph meanwhile.
 */
export async function mixedCampaign(
  service: TestService,
  leaders: readonly string[],
  { monday, seed, graphFault }: MixedOptions,
): Promise<MixedResult> {
  const { instance, teams, graph, store } = service;
  const { app, trust } = instance;
  const random = seeded(seed);
  const now = new Date(`${monday}T07:45:00Z`);
  const before = new Set((await app.delivery.report()).items.map(({ id }) => id));
  const [asked, arrived] = [teams.requests.length, teams.arrivals.length];

  const left = draw(leaders, 1, random);
  const removed = draw(leaders, 3, random);
  const guested = draw(
    trust.schools.map(({ team }) => team),
    2,
    random,
  );
  const changes = { left, renamed: draw(leaders, 4, random), guested };
  changeTenant(service, changes, monday);
  await app.refresh(now);
  const places: Target[] = trust.schools.map(({ team, channel }) => ({
    kind: 'channel',
    teamId: team,
    channelId: channel,
  }));
  for (const personId of leaders) await app.delivery.rememberConversation(contactOf(personId, teams.url));
  for (const target of places)
    await app.delivery.rememberConversation({
      ...contactOf('', teams.url),
      target,
      conversationId: conversationOf(target),
    });
  for (const personId of removed) await app.delivery.forgetConversation({ personId });
  let faults = 0;
  for (const target of [...leaders.map(personOf), ...places])
    for (const { fault, times } of random.chance(0.6) ? [drawFault(random)] : []) {
      teams.fault(conversationOf(target), fault, times);
      faults += 1;
    }
  if (graphFault === 'fails') graph.fail(503);
  else if (graphFault === 'throttles') graph.throttle(3, { retryAfter: 1 });

  await app.tick(now, { send: false });
  const notice = `notice/${monday}`;
  const drafts = [...leaders, ...GUESTS, NOBODY]
    .map(personOf)
    .concat(places)
    .map((target) => ({
      key: `${notice}/${conversationOf(target)}`,
      target,
      card: sampleCard(`${notice} for ${conversationOf(target)}`),
    }));
  await inTransaction(store.db, (trx) => app.delivery.enqueue(trx, notice, drafts, now));
  // The places are then asked after again.
  if (graphFault === 'fails') setTimeout(graph.recover, 1_000);
  const report = () => app.delivery.report();
  await until(async () => (await report()).pending === 0, `campaign ${seed} to be settled`, PATIENCE);

  const items = (await report()).items.filter(({ id }) => !before.has(id));
  const requests = teams.requests.slice(asked);
  const lost = new Set(
    [...Map.groupBy(requests, ({ delivery }) => delivery).values()].flatMap((own) => {
      const fate = fateOf(own);
      return fate.kind === 'told' && fate.state === 'gone' ? (own[0]?.conversationId ?? []) : [];
    }),
  );
  const unreached = (recipient: string) => {
    const school = trust.schools.find(({ channel }) => channel === recipient);
    if (school && guested.includes(school.team)) return 'refused';
    if (lost.has(school ? recipient : `a:chat-${recipient}`)) return 'unreachable';
    const stranger = [...removed, ...GUESTS, NOBODY].includes(recipient);
    if (stranger) return 'unreachable';
    return left.includes(recipient) ? 'refused' : undefined;
  };
  const wrong = differences(items, requests, teams.arrivals.slice(arrived), unreached);
  const sentToLeavers = requests.filter(({ conversationId }) =>
    left.some((id) => conversationId === `a:chat-${id}`),
  );
  wrong.push(
    ...sentToLeavers.map(({ conversationId }) => `${conversationId} was written to after they left`),
  );
  const digest = await app.delivery.report(`digest/${monday}`);
  const due = await app.delivery.report(notice);
  const readers = leaders.filter((id) => !left.includes(id));
  if (digest.due > 0) wrong.push(...setsDiffer('digest', digest.items, readers));
  wrong.push(
    ...setsDiffer(
      notice,
      due.items,
      drafts.map(({ target }) => recipientOf(target)),
    ),
  );
  changeTenant(service, { left: [], renamed: [], guested: [] }, monday);
  teams.clearFaults();
  return { due: items.length, states: countStates(items), faults, wrong };
}

type Changes = {
  readonly left: readonly string[];
  readonly renamed: readonly string[];
  /** Teams with a guest in them. */
  readonly guested: readonly string[];
};

function changeTenant({ graph }: TestService, { left, renamed, guested }: Changes, monday: string): void {
  graph.update((tenant) => {
    for (const person of tenant.people) {
      if (person.type === 'Member') person.enabled = !left.includes(person.id);
      if (renamed.includes(person.id)) person.name = `${person.name.split(' ren.')[0]} ren. ${monday}`;
    }
    for (const team of tenant.teams) {
      team.members = team.members.filter((id) => id !== GUESTS[0]);
      if (guested.includes(team.id)) team.members = [...team.members, GUESTS[0]];
    }
  });
}

/** What a conversation does to the next messages. */
function drawFault(random: Seeded): { readonly fault: Fault; readonly times: number } {
  const status = (code: number, name: string, more: object = {}) =>
    ({ kind: 'status', status: code, code: name, ...more }) as const;
  const kinds: readonly (() => Fault)[] = [
    () => status(403, 'MessageWritesBlocked'),
    () => status(403, 'ConversationBlockedByUser'),
    () => status(403, 'BotNotInConversationRoster'),
    () => status(404, 'ConversationNotFound'),
    () => status(429, 'Throttled', { retryAfter: 1 }),
    () => status(429, 'Throttled'),
    () => status(412, 'PreconditionFailed'),
    () => status(400, 'BadSyntax'),
    () => status(413, 'MessageSizeTooBig'),
    () => ({ kind: 'reset', when: 'after', taken: random.chance(0.5) }),
    () => ({ kind: 'drop' }),
    ...SERVER_FAULTS.map((code) => () => status(code, 'ServiceError', { taken: random.chance(0.5) })),
  ];
  const fault = must(kinds[random.whole(0, kinds.length - 1)], 'a fault')();
  return { fault, times: random.whole(1, 2) };
}

function draw(items: readonly string[], count: number, random: Seeded): string[] {
  const found = new Set<string>();
  while (found.size < count) found.add(items[random.whole(0, items.length - 1)] ?? '');
  return [...found];
}

function personOf(personId: string): Target {
  return { kind: 'person', personId };
}

function recipientOf(target: Target): string {
  if (target.kind === 'person') return target.personId;
  return target.kind === 'channel' ? target.channelId : target.chatId;
}

function conversationOf(target: Target): string {
  return target.kind === 'person' ? `a:chat-${target.personId}` : recipientOf(target);
}

function setsDiffer(
  name: string,
  items: readonly { readonly recipient: string }[],
  expected: readonly string[],
): string[] {
  const named = items.map(({ recipient }) => recipient);
  const missing = expected.filter((id) => !named.includes(id)).map((id) => `${name} leaves out ${id}`);
  const more = named.filter((id) => !expected.includes(id)).map((id) => `${name} has ${id} in it`);
  return [...missing, ...more];
}

function countStates(items: readonly { readonly state: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of items) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

/** The next Mondays on which digests fall due. */
export function digestMondays({ instance }: TestService, count: number): string[] {
  const from = new Date('2026-11-23T00:00:00Z');
  return instance.app.runner
    .dueBetween(from, new Date('2027-07-31T00:00:00Z'))
    .filter(({ rule }) => rule === 'digest')
    .map(({ key }) => key)
    .slice(0, count);
}
