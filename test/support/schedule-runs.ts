/**
 * Drives the real runner through drawn ticks: small steps, downtime of minutes to a fortnight, a clock that is put back and on
 * again. What should become of each slot is worked out from the oracle's instants alone: of what came due since the last
 * tick the newest is run if it is within its hours, the rest is skipped.
 */
import { readFileSync } from 'node:fs';
import { parseTrust } from '../../src/config/load.ts';
import type { Trust } from '../../src/config/trust.ts';
import type { Outbox } from '../../src/delivery/message.ts';
import { AppError } from '../../src/kernel/errors.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { createRunner, type Runner, type ScheduledRule } from '../../src/scheduling/runner.ts';
import type { Store } from '../../src/storage/database.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { sampleCard } from './delivery.ts';
import { FORMS, type OracleSchool, oracleInstant, oracleMidnight, oracleYears } from './schedule-oracle.ts';
import { schoolYears } from './school-years.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const CATCH_UP = [1, 6, 24, 168] as const;
export const TIMES = ['07:30', '01:30', '23:45', '00:00'] as const;

export type World = {
  readonly trust: Trust;
  readonly rules: readonly (ScheduledRule & { readonly due: readonly Due[] })[];
};
type Due = { readonly runId: string; readonly at: number };

/** A trust over some school years, with a rule of each form; each run sends one card to a person of its own. */
export function drawWorld(seed: number, first: number, years: number, zone: string, forms = FORMS): World {
  const schools = schoolYears(seed, first, years, 3);
  const calendar = oracleYears(schools, `${first}-08-20`, `${first + years}-08-19`);
  const rules = forms.map(({ says, dates }, index) => {
    const time = TIMES[index % TIMES.length] ?? TIMES[0];
    const id = `r${index}`;
    return {
      id,
      when: (says[0] ?? '').replace('{}', time),
      catchUpHours: CATCH_UP[index % CATCH_UP.length] ?? 6,
      run: async (slot: { readonly key: string }) => ({
        kind: 'done' as const,
        drafts: [
          {
            key: `${id}/${slot.key}/p`,
            target: { kind: 'person' as const, personId: id },
            card: sampleCard(slot.key),
          },
        ],
      }),
      due: [...dates(calendar)].map((date) => ({
        runId: `${id}/${date}`,
        at: oracleInstant(date, time, zone),
      })),
    };
  });
  return { trust: trustWith(schools, zone), rules };
}

/** The sample trust with these calendars, a school each. */
export function trustWith(calendars: readonly OracleSchool[], zone: string): Trust {
  const sample = parseTrust(readFileSync('samples/trust.yaml', 'utf8'), 'samples/trust.yaml');
  if (Array.isArray(sample))
    throw new AppError('sample', 'The sample trust cannot be read.', { remedy: 'Mend samples/trust.yaml.' });
  const trust = sample as Trust;
  return {
    ...trust,
    trust: { ...trust.trust, zone },
    calendars: Object.fromEntries(
      calendars.map((calendar, index) => [
        `c${index}`,
        {
          terms: [...calendar.terms],
          inset: [...calendar.inset],
          bank_holidays: [...calendar.bank_holidays],
          closures: calendar.closures.map(({ date }) => ({ date, reason: 'snow' })),
        },
      ]),
    ),
    schools: calendars.flatMap((_, index) => {
      const school = trust.schools[index];
      return school ? [{ ...school, calendar: `c${index}`, inset: [], closures: [] }] : [];
    }),
  };
}

export function runnerOf(world: World, store: Store, outbox: Outbox): Runner {
  const { trust, rules } = world;
  return createRunner({ db: store.db, clock: systemClock(), trust, rules, outbox, log: silentLog });
}

/** Instants to tick at. `gaps`, in milliseconds, are each gone through once, at drawn places. */
export function drawTicks(seed: number, from: number, to: number, gaps: readonly number[] = []): Date[] {
  const random = seeded(seed);
  const ticks = [new Date(from)];
  const waiting = [...gaps];
  let now = from;
  let furthest = from;
  while (furthest < to) {
    const draw = random.next();
    const gap = draw < 0.1 ? waiting.shift() : undefined;
    if (gap !== undefined) now = furthest + gap;
    else if (draw < 0.2) now -= random.whole(1, 36 * 60) * MINUTE;
    else now += random.whole(1, 16 * 60) * MINUTE;
    now = Math.max(from, now);
    furthest = Math.max(furthest, now);
    ticks.push(new Date(now));
  }
  return ticks;
}

export type Expected = { readonly done: ReadonlySet<string>; readonly skipped: ReadonlySet<string> };

/** What should become of each slot, by run, after these ticks. The first local day counts from its midnight. */
export function expectedOf(world: World, ticks: readonly Date[]): Expected {
  const done = new Set<string>();
  const skipped = new Set<string>();
  const midnight = oracleMidnight(ticks[0]?.getTime() ?? 0, world.trust.trust.zone);
  for (const { due, catchUpHours } of world.rules) {
    let seen = midnight - 1;
    let next = due.findIndex(({ at }) => at > seen);
    for (const tick of ticks) {
      const now = tick.getTime();
      if (now <= seen || next < 0) continue;
      const come: Due[] = [];
      for (let slot = due[next]; slot && slot.at <= now; slot = due[next]) {
        come.push(slot);
        next += 1;
      }
      seen = now;
      const newest = come.pop();
      for (const { runId } of come) skipped.add(runId);
      if (newest) (now - newest.at <= catchUpHours * HOUR ? done : skipped).add(newest.runId);
    }
  }
  return { done, skipped };
}

export type Verdict = {
  readonly due: number;
  readonly done: number;
  readonly skipped: number;
  readonly missed: number;
  readonly doubled: number;
  readonly unreported: number;
  readonly differences: readonly string[];
};

/**
 * `sent`: the runs that were sent, once for each time, as whoever received them counted. `records`: what the runner says.
 * Missed: should have been sent and was not. Unreported: skipped without a reason, or not on record.
 */
export function judge(
  expected: Expected,
  sent: readonly string[],
  records: readonly { readonly runId: string; readonly state: string; readonly reason?: string }[],
): Verdict {
  const arrived = new Map<string, number>();
  for (const run of sent) arrived.set(run, (arrived.get(run) ?? 0) + 1);
  const known = new Map(records.map((record) => [record.runId, record]));
  const missed = [...expected.done].filter((run) => !arrived.has(run));
  const extra = [...arrived].filter(([run, times]) => times > 1 || !expected.done.has(run));
  const unreported = [
    ...[...expected.skipped].filter((run) => known.get(run)?.state !== 'skipped' || !known.get(run)?.reason),
    ...[...expected.done].filter((run) => known.get(run)?.state !== 'done'),
    ...records
      .map(({ runId }) => runId)
      .filter((run) => !expected.done.has(run) && !expected.skipped.has(run)),
  ];
  return {
    due: expected.done.size + expected.skipped.size,
    done: expected.done.size,
    skipped: expected.skipped.size,
    missed: missed.length,
    doubled: extra.length,
    unreported: unreported.length,
    differences: [
      ...missed.map((run) => `${run} was not sent`),
      ...extra.map(([run, times]) => `${run} was sent ${times} times, due ${expected.done.has(run) ? 1 : 0}`),
      ...unreported.map((run) => `${run} is recorded as ${known.get(run)?.state ?? 'nothing'}`),
    ].slice(0, 20),
  };
}
