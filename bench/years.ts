/**
 * The measured claims of asking, over two school years on PostgreSQL: a realistic one (240 milestones) through the ledger and
 * the sender, judged by what the stand-in connector got, and a stress year (1,500 staff asked every week), judged by the ledger.
 * Each look of each day is held to an oracle that shares nothing with the scheduler. Then how quickly the year's store answers.
 * `--quick`: a share of both for CI; `--full`: the whole stress year, else its autumn; `--stress`, `--realistic`: one alone.
 */

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { openApp } from '../src/app/instance.ts';
import { envelope } from '../src/cards/envelope.ts';
import type { CheckinEntry } from '../src/checkins/service.ts';
import { readSettings } from '../src/config/settings.ts';
import { isRefusal } from '../src/kernel/errors.ts';
import { newId } from '../src/kernel/ids.ts';
import { seeded } from '../src/kernel/seeded.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { startSandboxConnector } from '../src/sandbox/connector.ts';
import { startSandboxGraph } from '../src/sandbox/graph.ts';
import { openStore } from '../src/storage/database.ts';
import { silentLog } from '../src/telemetry/log.ts';
import { enteredCard } from '../test/support/access.ts';
import { createOracle, type Day, dateText, weekdayNumber } from '../test/support/asks-oracle.ts';
import { createWaits } from '../test/support/waits-oracle.ts';
import { beginBench } from './report.ts';
import {
  isFirst,
  judgeArrivals,
  judgeAsks,
  judgeLate,
  judgeWaits,
  readAsks,
  type Sent,
} from './years-judge.ts';
import { measureYear } from './years-measures.ts';
import { at, commandOf, fits, minuteOf, type Press, type Row, readRows, secondsOf } from './years-presses.ts';
import {
  drawChoices,
  drawSilences,
  ESCALATES_AFTER,
  FIRST_DAY,
  LAST_DAY,
  makeYears,
  placesOf,
  runsOn,
  TENANT,
  tenantOf,
  trustOf,
  type YearsSize,
} from './years-world.ts';

const SEEDS = { world: 5, choices: 58, presses: 1440, silences: 10 } as const;
const LOOKS = [
  ['08:00', true],
  ['10:00', false],
  ['12:00', false],
  ['14:00', false],
] as const;
const REALISTIC: YearsSize = {
  schools: 6,
  owners: 80,
  each: 3,
  cadence: 'half-termly',
  reportsEach: 6,
  weekly: 12,
  inChannel: 5,
};
const STRESS: YearsSize = { schools: 12, owners: 1500, each: 1, cadence: 'weekly', reportsEach: 10 };
const LANES = 24;

const figures: Record<string, number | string> = {};
const bars: Record<string, boolean> = {};

export async function run(argv: readonly string[]): Promise<void> {
  const databaseUrl = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  const alone = argv.find((word) => word === '--stress' || word === '--realistic');
  const bench = beginBench(
    'years',
    `A realistic and a stress year of check-ins, each ask, reminder, word of a long wait and lateness held to an oracle, then how quick the year's store is.
--quick: a share of both; --full: all of the stress year, not its first term alone; --stress, --realistic: one alone. Needs PostgreSQL: DATABASE_URL or TEST_DATABASE_URL.`,
    argv.filter((word) => word !== alone),
  );
  if (!bench) return;
  if (!databaseUrl) {
    process.stderr.write('This bench needs PostgreSQL: set DATABASE_URL.\n');
    process.exitCode = 2;
    return;
  }
  const quick = bench.form === 'quick';
  const { say } = bench;
  if (alone !== '--stress') {
    const size = quick ? { ...REALISTIC, owners: 24 } : REALISTIC;
    await live('realistic', size, { databaseUrl, days: quick ? 110 : 400, send: true, say });
  }
  if (alone !== '--realistic') {
    const size = quick ? { ...STRESS, owners: 150 } : STRESS;
    const days = { quick: 40, standard: 110, full: 400 }[bench.form];
    await live('stress', size, { databaseUrl, days, send: false, say });
  }
  await bench.finish({ seeds: SEEDS, figures, bars });
}

type Plan = {
  readonly databaseUrl: string;
  readonly days: number;
  /** Whether messages leave for the stand-in connector; otherwise the ledger is the judge. */
  readonly send: boolean;
  readonly say: (line: string) => void;
};

async function live(name: string, size: YearsSize, { databaseUrl, days, send, say }: Plan): Promise<void> {
  const world = makeYears(size, seeded(SEEDS.world));
  const choices = drawChoices(world, seeded(SEEDS.choices));
  const random = seeded(SEEDS.presses);
  const oracle = createOracle(world.milestones, world.people);
  const silences = drawSilences(world, seeded(SEEDS.silences));
  const { above } = world;
  const waits = createWaits(world.milestones, { above, after: ESCALATES_AFTER, atWork: oracle.atWork });
  const channels = new Set(world.milestones.flatMap(({ channel }) => channel ?? []));
  const weekly = new Set(world.milestones.flatMap(({ id, cadence }) => (cadence === 'weekly' ? [id] : [])));
  const folder = await mkdtemp(join(tmpdir(), 'waymark-years-'));
  await writeFile(join(folder, 'tenant.yaml'), JSON.stringify(tenantOf(world)));
  await writeFile(join(folder, 'trust.yaml'), JSON.stringify(trustOf(world)));
  await mkdir(join(folder, 'documents'));
  const connector = await startSandboxConnector();
  const graph = await startSandboxGraph({
    tenantFile: join(folder, 'tenant.yaml'),
    documentsDir: join(folder, 'documents'),
  });
  const schema = newId('years');
  const read = readSettings({
    APP_ENV: 'local',
    DATA_DIR: folder,
    TRUST_FILE: join(folder, 'trust.yaml'),
    CONTENT_DIR: join(folder, 'documents'),
    GRAPH_URL: graph.url,
    BOT_SERVICE_HOSTS: connector.url,
    CLOCK_START: `${dateText(FIRST_DAY)}T04:00:00Z`,
    DATABASE_SCHEMA: schema,
    DATABASE_URL: databaseUrl,
  });
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'));
  const { app, close } = await openApp(read.settings, silentLog);
  const { db, close: closeStore } = await openStore({ databaseUrl, dataDir: '', schema });
  const managers = new Map(world.owners.map(({ id, manager }) => [id, manager]));
  const owners = new Map(world.milestones.map(({ id, owner }) => [id, owner]));
  /** Of some line managers: their people's milestones. Asking each of hundreds twice a week would be most of the bench. */
  const sample = new Map(
    [...new Set(managers.values())]
      .slice(0, 16)
      .map((manager) => [
        manager,
        world.milestones.filter(({ owner }) => managers.get(owner) === manager).map(({ id }) => id),
      ]),
  );
  /** Who sent what was last sent of a check-in. */
  const writers = new Map<string, string>();
  const due = new Map<string, Press[]>();
  const seconds = { owner: new Map<string, number>(), manager: new Map<string, number>() };
  const wrong: string[] = [];
  const looks: number[] = [];
  let [asks, again, doubled, presses] = [0, 0, 0, 0];
  let [inChannels, told, reached, mostLate, lateWeekly] = [0, 0, 0, 0, 0];
  const spent = { looks: 0, presses: 0, drawing: 0 };
  const whole = stopwatch();
  try {
    await app.prepare(at(FIRST_DAY, '04:00'));
    if (send)
      for (const { target, conversationId } of placesOf(world))
        await app.delivery.rememberConversation({
          target,
          conversationId,
          serviceUrl: connector.url,
          botId: 'bot',
          tenantId: TENANT,
        });
    await app.tick(at(FIRST_DAY, '04:00'), { send: false });
    for (let day = FIRST_DAY; day <= LAST_DAY && day < FIRST_DAY + days; day += 1) {
      await choose(day);
      if (runsOn(world, day)) for (const [time, main] of LOOKS) await look(day, time, main);
      await press(day, '15:00');
      if (dateText(day).slice(8) === '01')
        say(`${name}, ${dateText(day)}: ${asks} asks and ${again} reminders, ${wrong.length} wrong so far`);
    }
    say(
      `${name}: ${asks} asks and ${again} reminders, ${presses} presses in ${Math.round(whole() / 1000)} s; ${wrong.length} wrong, ${doubled} doubled`,
    );
    const [looking, pressing, drawing] = [spent.looks, spent.presses, spent.drawing].map(Math.round);
    say(`${name}: looks ${looking} ms, presses ${pressing} ms, drawing ${drawing} ms`);
    for (const line of wrong.slice(0, 20)) say(`  ${line}`);
    await reckon();
    await measureYear(name, { app, db, lastDay: FIRST_DAY + days - 1, say }, { figures, bars });
  } finally {
    await close();
    await sql`drop schema if exists ${sql.id(schema)} cascade`.execute(db);
    await sql`drop schema if exists ${sql.id(`${schema}_jobs`)} cascade`.execute(db);
    await closeStore();
    await connector.close();
    await graph.close();
    await rm(folder, { recursive: true });
  }

  /** As the bot judges a press before check-ins see it. */
  async function lettingIn(verb: string, personId: string): Promise<CheckinEntry> {
    const entry = enteredCard('checkins', verb, await app.directory.holder(personId));
    if (isRefusal(entry) || entry.verb === 'checkins.send-draft' || entry.verb === 'checkins.drop-draft')
      throw new RangeError(`${personId} may not ${verb}`);
    return entry;
  }

  async function choose(day: Day): Promise<void> {
    for (const choice of choices.filter((one) => one.day === day)) {
      const command = { envelope: envelope('checkins.settings', choice.personId), inputs: choice.inputs };
      const reply = await app.checkins.act(
        await lettingIn('checkins.settings', choice.personId),
        command,
        { personId: choice.personId, name: '' },
        at(day, '07:00'),
      );
      if (!JSON.stringify(reply).includes('Saved.'))
        wrong.push(`a choice was not taken: ${JSON.stringify(choice)}`);
      oracle.choose(choice.personId, choice.means);
    }
  }

  async function look(day: Day, time: string, main: boolean): Promise<void> {
    const now = at(day, time);
    const seen = connector.arrivals.length;
    const wanted = oracle.expect(day, minuteOf(time), main);
    const elapsed = stopwatch();
    const runs = await app.tick(now, { send });
    if (main) looks.push(elapsed());
    spent.looks += elapsed();
    for (const { state } of runs)
      if (state === 'failed') wrong.push(`${dateText(day)} ${time}: a run failed`);
    const when = `${dateText(day)} ${time}`;
    const rows = await readAsks(db, now);
    const judged = judgeAsks(when, wanted, rows);
    wrong.push(...judged.wrong);
    doubled += judged.doubled;
    asks += rows.filter(isFirst).length;
    again += rows.filter((row) => !isFirst(row)).length;
    inChannels += rows.filter(({ person_id }) => channels.has(person_id)).length;
    if (send) wrong.push(...judgeArrivals(when, rows, channels, connector.arrivals.slice(seen)));
    if (main) await judgeLongWaits(day, when, now);
    for (const one of wanted)
      if (one.kind === 'first') waits.asked(one.milestone, day, one.unanswered === true);
    const to = new Map(wanted.map((one) => [one.milestone, one.to]));
    for (const row of rows) plan(day, { ...row, person_id: to.get(row.milestone_id) ?? row.person_id });
    await press(day, time);
  }

  async function judgeLongWaits(day: Day, when: string, now: Date): Promise<void> {
    const found = await judgeWaits(db, when, now, waits.expect(day));
    wrong.push(...found.wrong);
    told += found.told;
    reached += found.reached;
    if (weekdayNumber(day) !== 1 && weekdayNumber(day) !== 4) return;
    const late = waits.late(day);
    mostLate = Math.max(mostLate, late.length);
    lateWeekly += late.filter((id) => weekly.has(id)).length;
    wrong.push(...(await judgeLate(app, when, now, late, sample)));
  }

  /** What follows from an ask: an answer within days, "Not today", or nothing. */
  function plan(day: Day, { checkin_id, person_id, milestone_id }: Sent): void {
    const draw = random.next();
    const silence = silences.get(person_id);
    if (silence && silence[0] <= day && day <= silence[1]) return;
    const own = owners.get(milestone_id) === person_id;
    if (draw < 0.72) soon(day, random.whole(0, 3), { doing: 'answer', checkinId: checkin_id, by: person_id });
    else if (draw < 0.77 && own) soon(day, 0, { doing: 'put-off', checkinId: checkin_id, by: person_id });
  }

  function soon(day: Day, later: number, press: Press): void {
    const time = random.pick(['08:00', '12:00', '15:00'] as const);
    // On a day without a look only the afternoon comes.
    const slot = `${day + later} ${later === 0 || !runsOn(world, day + later) ? '15:00' : time}`;
    due.set(slot, [...(due.get(slot) ?? []), press]);
  }

  async function press(day: Day, time: string): Promise<void> {
    const slot = `${day} ${time}`;
    // One press of a check-in at a time: what two at once come to is the bench of actions' to say.
    const todo = [...new Map((due.get(slot) ?? []).map((one) => [one.checkinId, one])).values()];
    due.delete(slot);
    if (todo.length === 0) return;
    const ids = [...new Set(todo.map(({ checkinId }) => checkinId))];
    const before = await readRows(db, ids);
    const done: { readonly one: Press; readonly row: Row }[] = [];
    const drawn = todo.flatMap((one) => {
      const row = before.get(one.checkinId);
      return row && fits(one.doing, row.state) && mayStill(one.by, row.milestone_id, day)
        ? [{ one: { ...one, by: readerOf(one, row) }, row, command: commandOf(one, row, random) }]
        : [];
    });
    let next = 0;
    const now = at(day, time, 20);
    const pressing = stopwatch();
    await Promise.all(
      Array.from({ length: LANES }, async () => {
        for (let item = drawn[next++]; item; item = drawn[next++]) {
          const { one, row, command } = item;
          const entry = await lettingIn(command.envelope.verb, one.by);
          const reply = await app.checkins.act(entry, command, { personId: one.by, name: '' }, now);
          if (reply.kind === 'refusal')
            wrong.push(`${dateText(day)}: ${one.doing} was refused: ${reply.reason}`);
          presses += 1;
          spend(one, command.envelope.verb);
          done.push({ one, row });
        }
      }),
    );
    spent.presses += pressing();
    const drawing = stopwatch();
    await app.checkins.cards.drain(now);
    spent.drawing += drawing();
    if (send) await app.delivery.drain(now);
    const after = await readRows(db, ids);
    for (const { one, row } of done) tell(day, one, row, after.get(row.id)?.state ?? '');
  }

  /** What waited so long that it went further is read there as often as by its own reader. */
  function readerOf({ doing, by }: Press, { escalated_to }: Row): string {
    const reads = doing === 'approve' || doing === 'return';
    return reads && escalated_to !== null && random.chance(0.5) ? escalated_to : by;
  }

  /** A colleague in an owner's place answers on the days that they were given, and leaves it after. */
  function mayStill(by: string, milestone: string, day: Day): boolean {
    const owner = owners.get(milestone) ?? '';
    const standIn = world.people.get(owner)?.standIn;
    return by !== standIn?.id || by === owner || (standIn.from <= day && day <= standIn.to);
  }

  /** What came of a press, for the oracle and for whoever acts next. */
  function tell(day: Day, { doing, by: presser }: Press, { id, milestone_id }: Row, state: string): void {
    if (doing === 'answer') writers.set(id, presser);
    if (doing === 'put-off') oracle.putOff(milestone_id, day);
    else if (state === 'submitted') {
      oracle.answered(milestone_id);
      waits.answered(milestone_id, day);
      const by = managers.get(owners.get(milestone_id) ?? '') ?? '';
      const slow = random.chance(0.08) ? random.whole(6, 24) : random.whole(1, 3);
      soon(day, slow, { doing: random.chance(0.03) ? 'return' : 'approve', checkinId: id, by });
    } else if (state === 'approved') {
      oracle.settled(milestone_id);
      waits.settled(milestone_id);
    } else if (state === 'returned') {
      waits.returned(milestone_id, day);
      oracle.returned(milestone_id, day, writers.get(id));
      const by = owners.get(milestone_id) ?? '';
      if (random.chance(0.8)) soon(day, random.whole(1, 6), { doing: 'answer', checkinId: id, by });
    } else wrong.push(`${dateText(day)}: after ${doing}, ${id} is ${state}`);
  }

  function spend({ doing, by }: Press, verb: string): void {
    const side = doing === 'answer' ? seconds.owner : doing === 'put-off' ? undefined : seconds.manager;
    side?.set(by, (side.get(by) ?? 0) + secondsOf(doing, verb));
  }

  async function reckon(): Promise<void> {
    const { rows } = await sql<{ n: number }>`select count(*)::int as n from checkins`.execute(db);
    const minutes = (spent: ReadonlyMap<string, number>, people: number) =>
      Math.round([...spent.values()].reduce((sum, one) => sum + one, 0) / people / 6) / 10;
    const most = (spent: ReadonlyMap<string, number>) => Math.round(Math.max(0, ...spent.values()) / 6) / 10;
    Object.assign(figures, {
      [`${name}Milestones`]: world.milestones.length,
      [`${name}Owners`]: world.owners.length,
      [`${name}Managers`]: world.managers,
      [`${name}Checkins`]: rows[0]?.n ?? 0,
      [`${name}Asks`]: asks,
      [`${name}Reminders`]: again,
      [`${name}InChannels`]: inChannels,
      [`${name}ReadersTold`]: told,
      [`${name}Escalated`]: reached,
      [`${name}MostLate`]: mostLate,
      [`${name}LateWeekly`]: lateWeekly,
      [`${name}Presses`]: presses,
      [`${name}Wrong`]: wrong.length,
      [`${name}Doubled`]: doubled,
      [`${name}OwnerMinutesMean`]: minutes(seconds.owner, world.owners.length),
      [`${name}OwnerMinutesMost`]: most(seconds.owner),
      [`${name}ManagerMinutesMean`]: minutes(seconds.manager, world.managers),
      [`${name}ManagerMinutesMost`]: most(seconds.manager),
      [`${name}SlowestLookMs`]: Math.round(Math.max(0, ...looks)),
      [`${name}Seconds`]: Math.round(whole() / 1000),
    });
    bars[`${name} year: no ask, reminder, word of a long wait or late one wrong, missing or doubled`] =
      wrong.length + doubled === 0 && asks > 0;
    // What never came up was not held to anything.
    if (days > 100)
      bars[`${name} year: some were asked in channels, escalated, and late`] =
        [told, reached, mostLate].every((count) => count > 0) &&
        (size.inChannel === undefined || inChannels > 0) &&
        (size.weekly === undefined || lateWeekly > 0);
  }
}
