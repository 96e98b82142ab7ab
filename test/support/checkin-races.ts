/**
 * Two to ten people act on one check-in at once, through two instances, and one of their presses comes four times. Counts what
 * must never be: two transitions or none, a loser who is not shown the outcome, a copy of a card that shows another state.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import type { Inbound, Speaker } from '../../src/sandbox/inbound.ts';
import { givenName, type Staged, stageCheckins, stageId, stagePeople } from './checkin-stage.ts';
import { untilKnown } from './known.ts';
import { startSecondProcess } from './second-process.ts';
import { BOT_ID, startService, type TestService } from './service.ts';

export type RaceResult = {
  readonly races: number;
  readonly presses: number;
  /** Races that ended in exactly one transition, one history row and one audit line. */
  readonly single: number;
  /** Presses that were answered with the state that the race ended in. */
  readonly shown: number;
  /** Repeats of one invoke that all got the same answer. */
  readonly repeatsAlike: number;
  readonly repeats: number;
  /** Copies of cards, and how many of them show the state that the race ended in. */
  readonly copies: number;
  readonly copiesTrue: number;
  readonly winners: Readonly<Record<string, number>>;
  readonly problems: readonly string[];
};

/** All nine may answer for the owner: eight on leave in a line, and the one above them who is asked. */
const READERS = 9;

/** Starts the two instances; on the embedded store, which has one process, there is one. */
export async function withRacers<T>(
  databaseUrl: string | undefined,
  work: (world: RaceWorld) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-races-'));
  const readers = [...Array(READERS).keys()].map((index) => stageId(`${folder}reader${index}`));
  const trustFile = join(folder, 'trust.yaml');
  const trust = parse(await readFile('samples/trust.yaml', 'utf8')) as Record<string, unknown>;
  const leave = { from: '2026-11-01', to: '2026-12-31' };
  await writeFile(
    trustFile,
    stringify({ ...trust, documents: [], people: readers.slice(0, -1).map((id) => ({ id, leave })) }),
  );
  const first = await startService({ documents: false, environment: { TRUST_FILE: trustFile } });
  const second = databaseUrl ? await startSecondProcess(first, databaseUrl, trustFile) : undefined;
  try {
    const owner = stageId(`${folder}owner`);
    const line = [
      ...readers.map((id, index) => ({ id, above: readers[index + 1] })),
      { id: owner, above: readers[0] },
    ];
    await stagePeople(
      first.store.db,
      first.instance.trust.trust.staff_group,
      line.map(({ id, above }) => ({ id, ...(above ? { managerId: above } : {}) })),
    );
    const from = {
      personId: owner,
      tenantId: first.graph.tenant.id,
      botId: BOT_ID,
      conversationId: 'a:stage',
    };
    for (const door of second ? [first.teams, second.teams] : [first.teams]) await untilKnown(door, from);
    return await work({ first, doors: second ? [first.teams, second.teams] : [first.teams], owner, readers });
  } finally {
    await second?.close();
    await first.close();
    await rm(folder, { recursive: true, force: true });
  }
}

export type RaceWorld = {
  readonly first: TestService;
  readonly doors: readonly Inbound[];
  readonly owner: string;
  readonly readers: readonly string[];
};

type Press = {
  readonly personId: string;
  readonly verb: string;
  readonly inputs: object;
  readonly shows: string;
};

export async function raceCheckins(world: RaceWorld, races: number, seed: number): Promise<RaceResult> {
  const random = seeded(seed);
  const { first, owner, readers } = world;
  const { db } = first.store;
  const asked = must(readers.at(-1), 'a reader');
  const staged = await stageCheckins(
    db,
    [...Array(races).keys()].map((index) => ({
      ownerId: owner,
      readers: [asked, must(readers[0], 'a reader')],
      state: 'submitted',
      mark: `race ${index}`,
    })),
    { serviceUrl: first.teams.url, tenantId: first.graph.tenant.id, botId: BOT_ID },
  );
  const count = { presses: 0, single: 0, shown: 0, repeats: 0, repeatsAlike: 0, copies: 0, copiesTrue: 0 };
  const winners: Record<string, number> = {};
  const problems: string[] = [];
  for (const [number, item] of staged.entries()) {
    const presses = pressesOf(random.whole(2, READERS + 1), number, world, () => random.next());
    const repeated = random.whole(0, presses.length - 1);
    const sends = presses.flatMap((press, index) => {
      const activityId = newId('press');
      const times = index === repeated ? 4 : 1;
      return [...Array(times).keys()].map((time) => ({ press, activityId, door: index + time }));
    });
    const answers = await Promise.all(
      sends.map(({ press, activityId, door }) => send(world, item, press, activityId, door)),
    );
    count.presses += sends.length;
    const after = await outcomeOf(world, item);
    const won = presses.filter((press) => after.text.includes(press.shows));
    if (after.steps === 1 && after.audits === 1 && after.version === 3 && won.length === 1) count.single += 1;
    else problems.push(`race ${number}: ${JSON.stringify({ ...after, won: won.length })}`);
    const winner = must(won[0] ?? presses[0], 'a winner');
    winners[winner.verb] = (winners[winner.verb] ?? 0) + 1;
    answers.forEach((answer, index) => {
      const truth = shows(answer, winner);
      if (truth) count.shown += 1;
      else problems.push(`race ${number}: ${sends[index]?.press.verb} was shown ${answer.slice(0, 1500)}`);
    });
    const alike = answers.filter((_, index) => sends[index]?.press === presses[repeated]);
    count.repeats += 1;
    if (new Set(alike).size === 1) count.repeatsAlike += 1;
    else problems.push(`race ${number}: a repeat was answered otherwise`);
    for (const card of after.cards) {
      count.copies += 1;
      if (shows(card, winner)) count.copiesTrue += 1;
      else problems.push(`race ${number}: a copy shows ${card.slice(0, 1500)}`);
    }
  }
  return { races, ...count, winners, problems: problems.slice(0, 20) };
}

/** The owner may better the words; each reader approves or returns. Every press is told apart by what it leaves behind. */
function pressesOf(people: number, race: number, world: RaceWorld, next: () => number): Press[] {
  const all = [world.owner, ...world.readers].map((id) => ({ id, at: next() }));
  const drawn = all.sort((one, other) => one.at - other.at).slice(0, people);
  return drawn.map(({ id }): Press => {
    const shows = `words${race}x${givenName(id)}`;
    if (id === world.owner) {
      const inputs = { 'choice-status': 'at-risk', 'choice-confidence': 'low', value: '3', note: shows };
      return { personId: id, verb: 'checkins.submit', inputs, shows };
    }
    return next() < 0.5
      ? { personId: id, verb: 'checkins.approve', inputs: {}, shows: `approved by ${id}` }
      : { personId: id, verb: 'checkins.return', inputs: { comment: shows }, shows };
  });
}

async function send(
  world: RaceWorld,
  item: Staged,
  press: Press,
  activityId: string,
  door: number,
): Promise<string> {
  const from: Speaker = { personId: press.personId, tenantId: world.first.graph.tenant.id, botId: BOT_ID };
  const { id, version } = item.checkin;
  const data = { verb: press.verb, id, version, format: 1, ...press.inputs };
  const inbound = must(world.doors[door % world.doors.length], 'a door');
  const sent = await inbound.pressButton(from, { verb: press.verb, data }, { extra: { id: activityId } });
  if (sent.status !== 200) throw new Error(`a press got ${sent.status}`);
  // A stored answer comes back with its fields in another order.
  return JSON.stringify(inOrder(sent.body));
}

function inOrder(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(inOrder);
  if (typeof part !== 'object' || part === null) return part;
  return Object.fromEntries(
    Object.entries(part)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([name, value]) => [name, inOrder(value)]),
  );
}

/** Whether a card shows what this press made of the check-in. */
function shows(card: string, winner: Press): boolean {
  if (winner.verb === 'checkins.approve') {
    const name = givenName(winner.personId);
    return card.includes(`Approved by ${name}`) || card.includes(`${name} has approved this`);
  }
  if (winner.verb === 'checkins.return') return card.includes(winner.shows);
  return card.includes('At risk, not confident yet');
}

async function outcomeOf({ first }: RaceWorld, item: Staged) {
  const { db } = first.store;
  const { id } = item.checkin;
  const row = await db.selectFrom('checkins').selectAll().where('id', '=', id).executeTakeFirstOrThrow();
  const steps = await db.selectFrom('checkin_history').selectAll().where('checkin_id', '=', id).execute();
  const audits = await db.selectFrom('audit').selectAll().where('subject', '=', id).execute();
  await first.instance.app.checkins.cards.drain(first.instance.clock.now());
  const copies = await db
    .selectFrom('checkin_messages')
    .innerJoin('deliveries', 'deliveries.key', 'checkin_messages.key')
    .select('deliveries.card')
    .where('checkin_messages.checkin_id', '=', id)
    .execute();
  return {
    version: row.version,
    steps: steps.length,
    audits: audits.length,
    text: `${row.comment ?? ''} ${JSON.stringify(row.answer)} ${row.state} by ${row.decided_by}`,
    cards: copies.map(({ card }) => JSON.stringify(card)),
  };
}
