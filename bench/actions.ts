/**
 * The measured claims of card actions, on PostgreSQL (TEST_DATABASE_URL): forged ones, races through two processes, and how
 * quick an approval is, against a verb that does nothing in the same run. `--quick`: a share of it; `--full`: all of it;
 * `--speed`: how quick alone; `--campaigns`: all but that. Before anything is timed, service and driver are warmed up at the
 * same pace, so that what is timed is a service at work and not one that compiles; the warm-up's own figures are printed.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { must } from '../src/kernel/guards.ts';
import { dateOf } from '../src/kernel/time.ts';
import { startIssuer } from '../src/sandbox/issuer.ts';
import { NOTIFICATION_URL } from '../test/support/channels.ts';
import { raceCheckins, withRacers } from '../test/support/checkin-races.ts';
import { type Staged, stageCheckins, stageId, stagePeople } from '../test/support/checkin-stage.ts';
import { forgeActions } from '../test/support/forged-actions.ts';
import { BOT_ID, startService, type TestService } from '../test/support/service.ts';
import { type Pressing, startDriver } from './press-driver.ts';
import { helpAsked } from './report.ts';
import { tailLines, watchService } from './tail.ts';

const FORMS = {
  quick: { forged: 800, races: 60, seconds: 3, rounds: 2 },
  standard: { forged: 3_000, races: 250, seconds: 8, rounds: 3 },
  full: { forged: 10_000, races: 1_000, seconds: 15, rounds: 5 },
} as const;
const MANAGERS = 200;
const PER_SECOND = 200;
const LANES = 16;
/** How long service and driver are warmed up, at the pace that is then timed. Seconds. */
const WARM_UP = 6;
/** How long Graph takes while it is slow, and the most that a press may take then. Milliseconds. */
const GRAPH_SLOW = 20_000;
const PATIENCE = 5_000;

const figures: Record<string, number | string> = {};
const bars: Record<string, boolean> = {};
const say = (line: string) => process.stdout.write(`${line}\n`);

const USAGE = `npm run bench:actions [-- --quick | --full] [--speed | --campaigns]
Forged presses, races of two processes, and how quick an approval is (--speed: that alone; --campaigns: all but that). Needs PostgreSQL: TEST_DATABASE_URL.
--quick: a share of it; --full: all of it.
`;

export async function run(argv: readonly string[]): Promise<void> {
  if (helpAsked(argv, USAGE)) return;
  const form = argv.includes('--full') ? 'full' : argv.includes('--quick') ? 'quick' : 'standard';
  const databaseUrl = process.env.TEST_DATABASE_URL ?? process.env.DATABASE_URL;
  if (!databaseUrl) {
    process.stderr.write('This bench needs PostgreSQL: set TEST_DATABASE_URL.\n');
    process.exitCode = 2;
    return;
  }
  process.env.TEST_DATABASE_URL = databaseUrl;
  const sizes = FORMS[form];
  Object.assign(figures, { form, engine: 'postgresql' });

  if (!argv.includes('--speed')) {
    await measureForged(sizes.forged);
    await measureRaces(databaseUrl, sizes.races);
  }
  if (!argv.includes('--campaigns')) await measureSpeed(sizes.seconds, sizes.rounds);

  const pass = Object.values(bars).every(Boolean);
  const line = JSON.stringify({ bench: 'actions', figures, bars, pass });
  await mkdir('.bench', { recursive: true });
  await writeFile('.bench/actions.json', `${line}\n`);
  say(line);
  process.exitCode = pass ? 0 : 1;
}

/** In production, with signed tokens, so that another tenant is told apart. */
async function measureForged(count: number): Promise<void> {
  const issuer = await startIssuer({ audience: BOT_ID });
  Object.assign(process.env, issuer.environment);
  const service = await startService({
    documents: false,
    environment: {
      ...issuer.environment,
      CHANNELS: 'on',
      NOTIFICATION_URL,
      APP_ENV: 'production',
      BOT_ID,
      BOT_TENANT_ID: '00000000-0000-4000-8009-000000000001',
      BOT_TYPE: 'UserAssignedMsi',
      PSEUDONYM_KEY: 'ab'.repeat(32),
      CLOCK_START: '',
      // Each must be judged for what it is; the limits on one address and one sender would refuse most of them unread.
      SENDER_LIMIT: '100000',
      REFUSED_LIMIT: '1000000',
    },
  });
  try {
    const { store, teams, instance, graph } = service;
    const result = await forgeActions(
      {
        db: store.db,
        teams,
        staffGroup: instance.trust.trust.staff_group,
        tenantId: graph.tenant.id,
        botId: BOT_ID,
        today: dateOf(instance.clock.now(), instance.trust.trust.zone),
        token: await issuer.mint(teams.url),
      },
      count,
      1,
    );
    say(
      `${result.sent} forged actions: ${result.accepted.length} taken, ${result.faults.length} faults, ${result.leaks.length} told a stranger; ${result.untaken.length} honest ones not taken`,
    );
    for (const line of [...result.untaken, ...result.accepted, ...result.faults, ...result.leaks].slice(
      0,
      10,
    ))
      say(`  ${line}`);
    Object.assign(figures, {
      forged: result.sent,
      forgedTaken: result.accepted.length,
      forgedFaults: result.faults.length,
      forgedLeaks: result.leaks.length,
    });
    bars['no forged action is taken, is a fault or tells a stranger'] =
      result.accepted.length + result.faults.length + result.leaks.length === 0;
    bars['every honest press that was forged is taken'] = result.untaken.length === 0;
  } finally {
    await service.close();
    await issuer.close();
    for (const name of Object.keys(issuer.environment)) delete process.env[name];
  }
}

async function measureRaces(databaseUrl: string, races: number): Promise<void> {
  const result = await withRacers(databaseUrl, (world) => raceCheckins(world, races, 1));
  say(
    `${races} races, ${result.presses} presses, two processes: ${result.single} single transitions, ${result.shown} shown it, ${result.copiesTrue} of ${result.copies} copies true`,
  );
  for (const line of result.problems) say(`  ${line}`);
  Object.assign(figures, {
    races,
    racePresses: result.presses,
    raceSingle: result.single,
    raceShown: result.shown,
    raceRepeatsAlike: result.repeatsAlike,
    raceCopies: result.copies,
    raceCopiesTrue: result.copiesTrue,
  });
  bars['each race is one transition, and everybody is shown it'] =
    result.single === races &&
    result.shown === result.presses &&
    result.repeatsAlike === result.repeats &&
    result.copiesTrue === result.copies;
}

async function measureSpeed(seconds: number, rounds: number): Promise<void> {
  const service = await startService({ documents: false, environment: { LOG_LEVEL: 'error' } });
  const driver = startDriver();
  try {
    const { engine } = service.store;
    if (engine.kind !== 'server') throw new Error('the service did not open the database server');
    const deck = await dealCheckins(service, PER_SECOND * (WARM_UP + seconds) + MANAGERS * (rounds + 2));
    const press = (presses: readonly Pressing[], pace: { perSecond: number } | { lanes: number }) =>
      driver.pressAll({
        botUrl: `http://127.0.0.1:${service.instance.port}/api/messages`,
        connectorUrl: service.teams.url,
        tenantId: service.graph.tenant.id,
        botId: BOT_ID,
        presses,
        pace,
      });
    const warm = await press(deck(PER_SECOND * WARM_UP), { perSecond: PER_SECOND });
    say(`warm-up of ${WARM_UP} s: p50 ${round(warm.p50)} ms, p99 ${round(warm.p99)} ms`);
    await settle(service);

    const watch = watchService(engine.pool);
    const open = await press(deck(PER_SECOND * seconds), { perSecond: PER_SECOND });
    const spans = watch.stop();
    say(
      `${MANAGERS} managers, ${PER_SECOND} actions/s for ${seconds} s: p50 ${round(open.p50)} ms, p99 ${round(open.p99)} ms, ${open.other} not approved`,
    );
    for (const line of tailLines(open, spans)) say(line);
    await settle(service);
    const burst = await press(deck(MANAGERS), { lanes: MANAGERS });
    say(`${MANAGERS} at once: the last after ${round(burst.last)} ms, ${burst.other} not approved`);
    await settle(service);

    const ratios: number[] = [];
    let fastest = 0;
    for (let turn = 0; turn < rounds; turn += 1) {
      const presses = deck(MANAGERS);
      const nothing = await press(presses.map(intoNothing), { lanes: LANES });
      const real = await press(presses, { lanes: LANES });
      if (nothing.other + real.other > 0) throw new Error('a press of the rate was answered otherwise');
      ratios.push(nothing.seconds / real.seconds);
      fastest = Math.max(fastest, presses.length / real.seconds);
      await settle(service);
    }
    ratios.sort((a, b) => a - b);
    const ratio = must(ratios[Math.floor(ratios.length / 2)], 'a ratio');
    say(`rate: ${fastest.toFixed(0)} approvals/s, ${round(ratio)} of a verb that does nothing`);

    service.graph.slow(GRAPH_SLOW);
    const slow = await press(deck(MANAGERS), { lanes: LANES });
    service.graph.slow(0);
    say(`Graph slow: the slowest after ${round(slow.last)} ms, ${slow.other} not approved`);

    Object.assign(figures, {
      warmP99: round(warm.p99),
      openP50: round(open.p50),
      openP99: round(open.p99),
      burstLast: round(burst.last),
      approvalsPerSecond: round(fastest),
      ofNothing: round(ratio),
      slowGraphLast: round(slow.last),
    });
    bars['every press was taken'] = open.other + burst.other + slow.other === 0;
    bars['200 actions/s: p99 within 50 ms'] = open.p99 <= 50;
    bars['200 at once: the last within 600 ms'] = burst.last <= 600;
    bars['at least 0.35 of the rate of a verb that does nothing'] = ratio >= 0.35;
    bars['never more than 5 s while Graph is slow'] = slow.last <= PATIENCE;
  } finally {
    await driver.close();
    await service.close();
  }
}

/** Waits until every card shows the present state, so that one measurement does not pay for another. */
async function settle(service: TestService): Promise<void> {
  const { app, clock } = service.instance;
  await app.checkins.cards.drain(clock.now());
  await app.delivery.drain(clock.now(), 120_000);
}

/** Submitted check-ins for 200 managers, dealt out in turn: each is approved once. */
async function dealCheckins(service: TestService, count: number): Promise<(number: number) => Pressing[]> {
  const { store, instance, teams, graph } = service;
  const managers = [...Array(MANAGERS).keys()].map((index) => stageId(`bench-manager${index}`));
  const owners = managers.map((managerId, index) => ({ id: stageId(`bench-owner${index}`), managerId }));
  await stagePeople(store.db, instance.trust.trust.staff_group, [
    ...managers.map((id) => ({ id })),
    ...owners,
  ]);
  const items: readonly Staged[] = await stageCheckins(
    store.db,
    [...Array(count).keys()].map((index) => {
      const owner = must(owners[index % owners.length], 'an owner');
      return { ownerId: owner.id, readers: [owner.managerId], state: 'submitted', mark: `item ${index}` };
    }),
    { serviceUrl: teams.url, tenantId: graph.tenant.id, botId: BOT_ID },
  );
  let next = 0;
  return (number) => {
    const dealt = items.slice(next, next + number);
    if (dealt.length < number) throw new Error('no check-ins are left to deal');
    next += number;
    return dealt.map(({ checkin, readers }) => ({
      personId: must(readers[0], 'a reader'),
      verb: 'checkins.approve',
      data: { verb: 'checkins.approve', id: checkin.id, version: checkin.version, format: 1 },
      wanted: 'Approved by',
    }));
  };
}

/** The same press with a verb that nothing answers: all of a turn but the act. */
function intoNothing(pressing: Pressing): Pressing {
  const verb = 'checkins.nothing';
  return {
    ...pressing,
    verb,
    data: { ...(pressing.data as object), verb },
    wanted: 'do not recognise that button',
  };
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}
