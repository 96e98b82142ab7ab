/**
 * The same drawn ticks for rules by schools. What should come of them is worked out for each school, and for those who work across
 * all, from its own days alone: of those that came due since the last tick it gets the newest, if that is within its hours.
 */
import type { Draft, Outbox } from '../../src/delivery/message.ts';
import { isDayOf } from '../../src/scheduling/by-school.ts';
import type { RunOutcome, ScheduledRule } from '../../src/scheduling/runner.ts';
import type { Store } from '../../src/storage/database.ts';
import { sampleCard } from './delivery.ts';
import { FORMS, oracleInstant, oracleMidnight, oracleYears } from './schedule-oracle.ts';
import { CATCH_UP, runnerOf, TIMES, trustWith } from './schedule-runs.ts';
import { schoolYears } from './school-years.ts';

const HOUR = 3_600_000;
const TRUST = 'trust';

export type SchoolVerdict = {
  /** Messages: a date of somebody's that was to be sent. */
  readonly due: number;
  readonly missed: number;
  readonly doubled: number;
  /** Runs that are on record as neither done nor skipped with a reason. */
  readonly unreported: number;
  readonly differences: readonly string[];
};

/** Drives the real runner through `ticks`, each form of rule by schools, and judges what it put into the outbox. */
export async function runBySchools(
  store: Store,
  draw: { readonly seed: number; readonly first: number; readonly years: number; readonly zone: string },
  ticks: readonly Date[],
): Promise<SchoolVerdict> {
  const { seed, first, years, zone } = draw;
  const calendars = schoolYears(seed, first, years, 3);
  const trust = trustWith(calendars, zone);
  const span = [`${first}-08-20`, `${first + years}-08-19`] as const;
  const audiences = [
    { name: TRUST, calendar: oracleYears(calendars, ...span) },
    ...calendars.map((calendar, index) => ({
      name: trust.schools[index]?.urn ?? '',
      calendar: oracleYears([calendar], ...span),
    })),
  ];
  const rules = FORMS.map(({ says, dates }, index) => {
    const id = `b${index}`;
    const time = TIMES[index % TIMES.length] ?? TIMES[0];
    const rule: ScheduledRule = {
      id,
      when: (says[0] ?? '').replace('{}', time),
      catchUpHours: CATCH_UP[index % CATCH_UP.length] ?? 6,
      bySchool: true,
      prepare: async (slot, _now, dayOf) => {
        const theirs = audiences.filter(({ name }) => isDayOf(dayOf, name === TRUST ? undefined : name));
        const drafts = theirs.map(
          ({ name }): Draft => ({
            key: `${id}/${slot.key}/${name}`,
            target: { kind: 'person', personId: name },
            card: sampleCard(name),
          }),
        );
        return async (): Promise<RunOutcome> => ({ kind: 'done', drafts });
      },
    };
    const due = audiences.map(({ name, calendar }) => ({
      name,
      days: [...dates(calendar)].map((date) => ({ date, at: oracleInstant(date, time, zone) })),
    }));
    return { ...rule, due };
  });
  const sent: string[] = [];
  const outbox: Outbox = {
    enqueue: async (_trx, _run, drafts) => {
      sent.push(...drafts.map(({ key }) => key));
      return drafts.length;
    },
    revise: async () => undefined,
  };
  const runner = runnerOf({ trust, rules: rules.map((rule) => ({ ...rule, due: [] })) }, store, outbox);
  for (const tick of ticks) await runner.tick(tick);

  const expected = new Set<string>();
  const midnight = oracleMidnight(ticks[0]?.getTime() ?? 0, zone);
  for (const { id, due, catchUpHours } of rules)
    for (const { name, days } of due) {
      let seen = midnight - 1;
      for (const tick of ticks) {
        const now = tick.getTime();
        if (now <= seen) continue;
        const newest = days.findLast(({ at }) => at > seen && at <= now);
        if (newest && now - newest.at <= catchUpHours * HOUR) expected.add(`${id}/${newest.date}/${name}`);
        seen = now;
      }
    }
  const arrived = new Map<string, number>();
  for (const key of sent) arrived.set(key, (arrived.get(key) ?? 0) + 1);
  const missed = [...expected].filter((key) => !arrived.has(key));
  const extra = [...arrived].filter(([key, times]) => times > 1 || !expected.has(key));
  const unreported = (await runner.runs(1_000_000)).filter(
    ({ state, reason }) => state !== 'done' && (state !== 'skipped' || !reason),
  );
  return {
    due: expected.size,
    missed: missed.length,
    doubled: extra.length,
    unreported: unreported.length,
    differences: [
      ...missed.map((key) => `${key} was not sent`),
      ...extra.map(([key, times]) => `${key} was sent ${times} times, due ${expected.has(key) ? 1 : 0}`),
      ...unreported.map(({ runId, state }) => `${runId} is recorded as ${state}`),
    ].slice(0, 20),
  };
}
