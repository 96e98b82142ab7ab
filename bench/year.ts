/**
 * The measured claim of nudges: a school year for 25 schools with calendars of their own, both clock changes in it, through
 * the whole app with its ledger and sender, judged by the stand-in connector. No card in a closed week, none twice, each at
 * its hour on the right local day, and how long a simulated week takes. Small schools, since marks are
 * measured elsewhere; `--full`: schools of 440 pupils. `--quick`: eleven weeks. Store: DATABASE_URL or embedded.
 */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../src/app/instance.ts';
import { readSettings } from '../src/config/settings.ts';
import { newId } from '../src/kernel/ids.ts';
import { seeded } from '../src/kernel/seeded.ts';
import { addDays, dateOf, localInstant, sleep, stopwatch, timeOf, weekOf } from '../src/kernel/time.ts';
import { startSandboxConnector } from '../src/sandbox/connector.ts';
import { startSandboxGraph } from '../src/sandbox/graph.ts';
import { silentLog } from '../src/telemetry/log.ts';
import {
  type Coming,
  dueAt,
  FIRST_MONDAY,
  MONDAYS,
  makeSchools,
  weekFile,
  type YearSchool,
} from '../test/support/trust-year.ts';
import { beginBench } from './report.ts';

const ZONE = 'Europe/London';
const BAR_MS = 3_000;
const SEEDS = { schools: 2026, marks: 39 } as const;
const RETRY_REST_MS = 35_000;
const STAFF = '00000000-0000-4000-8001-000000700001';
const CEO = '00000000-0000-4000-8000-000000799999';
const TENANT = '00000000-0000-4000-8009-000000700001';

export async function run(argv: readonly string[]): Promise<void> {
  const bench = beginBench(
    'year',
    `A school year of ${MONDAYS} weeks for 25 schools through the whole service, judged by what arrives.
--quick: eleven weeks; --full: schools of 440 pupils instead of 120. On PGlite, or on PostgreSQL with DATABASE_URL.`,
    argv,
  );
  if (!bench) return;
  const { form, say } = bench;
  const quick = form === 'quick';
  const full = form === 'full';
  const schools = makeSchools(25, full ? 440 : 120, SEEDS.schools);
  const random = seeded(SEEDS.marks);
  const folder = await mkdtemp(join(tmpdir(), 'waymark-year-'));
  const connector = await startSandboxConnector();
  await writeFile(join(folder, 'tenant.yaml'), JSON.stringify(tenantOf(schools)));
  await writeFile(join(folder, 'trust.yaml'), JSON.stringify(trustOf(schools)));
  await mkdir(join(folder, 'documents'));
  const graph = await startSandboxGraph({
    tenantFile: join(folder, 'tenant.yaml'),
    documentsDir: join(folder, 'documents'),
  });
  const read = readSettings({
    APP_ENV: 'local',
    DATA_DIR: folder,
    TRUST_FILE: join(folder, 'trust.yaml'),
    CONTENT_DIR: join(folder, 'documents'),
    GRAPH_URL: graph.url,
    BOT_SERVICE_HOSTS: connector.url,
    CLOCK_START: `${FIRST_MONDAY}T06:00:00Z`,
    DATABASE_SCHEMA: newId('year'),
    ...(process.env.DATABASE_URL ? { DATABASE_URL: process.env.DATABASE_URL } : {}),
  });
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'));
  const { app, close } = await openApp(read.settings, silentLog);
  const wrong: string[] = [];
  const weeks: number[] = [];
  const processor: number[] = [];
  /** Milliseconds of a week that went into making its files, and into rests: not the service's work. */
  let making = 0;
  let rested = 0;
  let [cards, quiet, others] = [0, 0, 0];
  let due: number[] = [];
  let retried = 0;
  try {
    await app.prepare(localInstant(FIRST_MONDAY, '00:00', ZONE));
    for (const school of schools) await introduce(school);
    const start = localInstant(FIRST_MONDAY, '00:00', ZONE);
    due = app.runner.upcoming(new Date(start.getTime() - 1), 400).map(({ at }) => at.getTime());
    let comings = new Map<string, Coming>();
    for (let number = 0; number < (quick ? 11 : MONDAYS); number += 1) {
      const monday = addDays(FIRST_MONDAY, number * 7);
      const elapsed = stopwatch();
      const before = process.cpuUsage();
      making = 0;
      rested = 0;
      const arrived = new Map<string, string[]>();
      for (const at of instantsOf(monday)) {
        if (timeOf(at, ZONE) === '11:00') await importLate(monday, comings);
        const seen = connector.arrivals.length;
        let runs = await app.tick(at, { send: true });
        while (runs.some(({ state }) => state === 'failed')) {
          // A run that failed (the stand-in Graph did not answer in time) rests before it is tried again, as in service.
          retried += 1;
          const resting = stopwatch();
          await sleep(RETRY_REST_MS);
          rested += resting();
          runs = await app.tick(at, { send: true });
        }
        const when = `${dateOf(at, ZONE)}T${timeOf(at, ZONE)}`;
        for (const { conversationId } of connector.arrivals.slice(seen)) {
          if (!conversationId.startsWith('19:')) others += 1;
          else arrived.set(conversationId, [...(arrived.get(conversationId) ?? []), when]);
        }
      }
      await judge(monday, comings, arrived);
      comings = await importWeek(monday);
      const took = elapsed() - making - rested;
      const { user, system } = process.cpuUsage(before);
      processor.push((user + system) / 1_000 - making);
      weeks.push(took);
      say(
        `${monday}: ${[...arrived.values()].flat().length} cards, ${Math.round(took)} ms, ${Math.round(processor.at(-1) ?? 0)} of processor`,
      );
    }
  } finally {
    await close();
    await connector.close();
    await graph.close();
    await rm(folder, { recursive: true });
  }

  /** Every instant of a week at which anything is due, with a look a minute before Monday's cards, and one at 11:00. */
  function instantsOf(monday: string): Date[] {
    const [from, to] = [localInstant(monday, '00:00', ZONE), localInstant(addDays(monday, 7), '00:00', ZONE)];
    const looks = ['07:29', '11:00'].map((time) => localInstant(monday, time, ZONE).getTime());
    return [...new Set([...due, ...looks])]
      .filter((at) => at >= from.getTime() && at < to.getTime())
      .sort((left, right) => left - right)
      .map((at) => new Date(at));
  }

  async function introduce(school: YearSchool): Promise<void> {
    const at = { serviceUrl: connector.url, botId: 'bot', tenantId: TENANT };
    await app.delivery.rememberConversation({
      target: { kind: 'channel', teamId: school.team, channelId: school.channel },
      conversationId: school.channel,
      ...at,
    });
    for (const personId of [school.head, school.dataContact])
      await app.delivery.rememberConversation({
        target: { kind: 'person', personId },
        conversationId: `a:${personId}`,
        ...at,
      });
  }

  /** Friday evening's files of the week that begins on `monday`. */
  async function importWeek(monday: string): Promise<Map<string, Coming>> {
    const now = localInstant(addDays(monday, 4), '17:00', ZONE);
    const found = new Map<string, Coming>();
    for (const school of schools) {
      const draw = random.next();
      const coming = draw < 0.88 ? 'whole' : draw < 0.94 ? 'late' : draw < 0.97 ? 'part' : 'hardly';
      const missing = { whole: 0, late: 20, part: 12, hardly: 45 }[coming];
      await take(made(school, monday, missing), now);
      found.set(school.urn, coming);
    }
    return found;
  }

  async function importLate(monday: string, kinds: ReadonlyMap<string, Coming>): Promise<void> {
    const now = localInstant(monday, '11:00', ZONE);
    for (const school of schools)
      if (kinds.get(school.urn) === 'late') await take(made(school, addDays(monday, -7), 0), now);
  }

  function made(school: YearSchool, monday: string, missing: number): string | undefined {
    const elapsed = stopwatch();
    const text = weekFile(school, monday, random, missing);
    making += elapsed();
    return text;
  }

  async function take(text: string | undefined, now: Date): Promise<void> {
    if (text === undefined) return;
    const result = await app.attendance.importMarks(text, { now, by: 'bench', replace: true });
    if (result.kind !== 'receipt') wrong.push(`an import was refused: ${result.message}`);
  }

  /** Each school's channel: at most one card, at its hour, and none unless the service says that nothing had changed. */
  async function judge(
    monday: string,
    kinds: ReadonlyMap<string, Coming>,
    arrived: ReadonlyMap<string, readonly string[]>,
  ): Promise<void> {
    const states = await app.attendance.nudgeStates(weekOf(addDays(monday, -7)));
    for (const school of schools) {
      const due = dueAt(school, monday, kinds.get(school.urn) ?? 'hardly');
      const came = arrived.get(school.channel) ?? [];
      cards += came.length;
      const silent = states.get(school.urn) === 'quiet';
      if (silent) quiet += 1;
      if (came.length > 1) wrong.push(`${school.name}, ${monday}: ${came.length} cards`);
      if (came.some((at) => at !== due))
        wrong.push(`${school.name}, ${monday}: came ${came.join()}, due ${due ?? 'never'}`);
      if (due && came.length === 0 && !silent)
        wrong.push(
          `${school.name}, ${monday}: none came (${states.get(school.urn) ?? 'no state'}), due ${due}`,
        );
      if (!due && silent) wrong.push(`${school.name}, ${monday}: looked at, though no card could come`);
    }
  }

  const duplicates = connector.duplicates().length;
  const slowest = Math.max(...weeks);
  const mean = weeks.reduce((sum, one) => sum + one, 0) / weeks.length;
  for (const line of wrong.slice(0, 30)) say(line);
  const figures = {
    store: process.env.DATABASE_URL ? 'postgresql' : 'pglite',
    schools: schools.length,
    pupils: schools.reduce((sum, school) => sum + school.pupils, 0),
    weeks: weeks.length,
    cards,
    quiet,
    otherMessages: others,
    wrong: wrong.length,
    retriedRuns: retried,
    duplicates,
    meanWeekMs: Math.round(mean),
    slowestWeekMs: Math.round(slowest),
    meanWeekProcessorMs: Math.round(processor.reduce((sum, one) => sum + one, 0) / processor.length),
    slowestWeekProcessorMs: Math.round(Math.max(...processor)),
  };
  say(
    `${cards} cards in ${weeks.length} weeks; ${wrong.length} wrong, ${duplicates} doubled; slowest week ${figures.slowestWeekMs} ms`,
  );
  await bench.finish({
    seeds: SEEDS,
    figures,
    bars: {
      'each card at its hour on the right local day, none in a closed week': wrong.length === 0 && cards > 0,
      'none doubled': duplicates === 0,
      [`the slowest week at most ${BAR_MS} ms of real time`]: slowest <= BAR_MS,
    },
  });
}

function tenantOf(schools: readonly YearSchool[]) {
  const people = schools.flatMap((school, index) => [
    { id: school.head, name: `Head ${index + 1}`, job: 'Headteacher', office: school.name, manager: CEO },
    {
      id: school.dataContact,
      name: `Office ${index + 1}`,
      job: 'Office',
      office: school.name,
      manager: school.head,
    },
  ]);
  const all = [{ id: CEO, name: 'Chief', job: 'Chief executive' }, ...people];
  return {
    tenant: TENANT,
    domain: 'year.example',
    people: all,
    groups: [{ id: STAFF, name: 'All staff', members: all.map(({ id }) => id) }],
    teams: schools.map((school) => ({
      id: school.team,
      name: school.name,
      members: [school.head, school.dataContact],
      channels: [{ id: school.channel, name: 'Attendance' }],
    })),
    drives: [],
  };
}

function trustOf(schools: readonly YearSchool[]) {
  const contact = { name: 'Mel Okafor', phone: 'ext. 204' };
  return {
    trust: {
      name: 'Year Learning Trust',
      short_name: 'Year',
      zone: ZONE,
      staff_group: STAFF,
      ceo: CEO,
      safeguarding_lead: contact,
      questions_contact: CEO,
    },
    calendars: Object.fromEntries(schools.map((school) => [school.urn, school.calendar])),
    schools: schools.map((school) => ({
      urn: school.urn,
      name: school.name,
      phase: 'primary',
      calendar: school.urn,
      team: school.team,
      channel: school.channel,
      head: school.head,
      data_contact: school.dataContact,
      safeguarding_lead: contact,
    })),
    priorities: [
      { id: 'gaps', name: 'Closing gaps', lead: CEO, strands: [{ id: 'attendance', name: 'Attendance' }] },
    ],
    leaders: [CEO],
    schedules: {
      attendance_week: { when: 'Mondays 07:30 in term' },
      check_ins: { when: 'school days 08:00' },
      digest: { when: 'Mondays 07:45 in term' },
    },
  };
}
