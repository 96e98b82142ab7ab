/**
 * What runs by itself: each rule of `trust.yaml` bound to the capability that plans it. A rule reads before the
 * transaction and writes inside it, with the deliveries; see scheduling/runner.
 */
import type { Answers } from '../answers/service.ts';
import type { Attempt } from '../attendance/sending.ts';
import type { Attendance } from '../attendance/service.ts';
import type { Checkins } from '../checkins/service.ts';
import type { Trust, TrustProblem } from '../config/trust.ts';
import type { Gathering } from '../delivery/gathering-service.ts';
import type { Digests } from '../digests/service.ts';
import { isRefusal } from '../kernel/errors.ts';
import { addDays, dateOf, mondayOf, weekOf } from '../kernel/time.ts';
import { rowsInWords } from '../privacy/processing-tables.ts';
import { booksOf, type DayOf, dayOn, slotsAfter, slotsForAll } from '../scheduling/by-school.ts';
import { parseRule } from '../scheduling/rules.ts';
import type { RunWork, ScheduledRule } from '../scheduling/runner.ts';
import type { Slot } from '../scheduling/slots.ts';
import type { Trx } from '../storage/database.ts';

export type ScheduleParts = {
  readonly trust: Trust;
  readonly attendance: Attendance;
  readonly checkins: Checkins;
  readonly digests: Digests;
  readonly answers: Answers;
  readonly gathering: Pick<Gathering, 'plan'>;
  /** Forgets late answers that have arrived, and the others once they are older. */
  readonly forgetLate: (trx: Trx, before: Date) => Promise<number>;
  /** Forgets for whom no conversation could be opened. */
  readonly forgetRefusals: (trx: Trx) => Promise<void>;
  /** Forgets inbound activities older than so many days. */
  readonly forgetActivities: (days: number) => Promise<number>;
  /** Deletes what the register of processing no longer keeps; by table, how many rows went. */
  readonly retain: (now: Date) => Promise<Readonly<Record<string, number>>>;
  /** Deletes what is only theirs who left long ago; says in words what went, or why nobody was looked at. */
  readonly forgetLeavers: (now: Date) => Promise<string>;
};

/** Teams repeats within minutes; an edit or a deletion that comes later than this finds nothing to change. */
const ACTIVITY_DAYS = 30;

export function schedulesOf(parts: ScheduleParts): ScheduledRule[] {
  const { trust, checkins, digests, answers, gathering } = parts;
  const { schedules } = trust;
  return [
    attendanceRule(parts, 'attendance.week', schedules.attendance_week, 'first'),
    attendanceRule(parts, 'attendance.noon', schedules.attendance_noon, 'again'),
    attendanceRule(parts, 'attendance.tuesday', schedules.attendance_tuesday, 'again'),
    attendanceRule(parts, 'attendance.last', schedules.attendance_last, 'last'),
    asksRule(checkins, 'check-ins', timing(schedules.check_ins), false),
    ...LATER_LOOKS.map((time) =>
      asksRule(
        checkins,
        `check-ins.${time}`,
        { when: atHour(schedules.check_ins.when, time), catchUpHours: 1 },
        true,
      ),
    ),
    {
      id: 'digest',
      ...timing(schedules.digest),
      gathers: 'alongside',
      bySchool: true,
      prepare: async (slot, now, dayOf) => {
        const plan = await digests.plan({ slot: `digest/${weekOf(slot.key)}`, now, dayOf });
        return async (trx) => {
          await plan.write(trx);
          return { kind: 'done', drafts: plan.drafts };
        };
      },
    },
    {
      id: 'radar',
      ...timing(schedules.radar),
      prepare: async (slot, now): Promise<RunWork> => {
        const { drafts, note } = await answers.planRadar(weekOf(slot.key), now);
        return async () => ({ kind: 'done', drafts, note });
      },
    },
    {
      id: 'documents',
      ...timing(schedules.documents),
      prepare: async (_slot, now): Promise<RunWork> => {
        const plan = await answers.planHealth(now);
        const note = `${plan.findings} findings for ${plan.owners} owners`;
        return async (trx) => ({ kind: 'done', drafts: await plan.write(trx), note });
      },
    },
    // Also without an allowance: what waited when there was one still comes.
    {
      id: 'gathered',
      ...timing(schedules.gathered),
      gathers: 'itself',
      prepare: async (slot, now): Promise<RunWork> => {
        const write = await gathering.plan(slot.key, now);
        return async (trx) => ({ kind: 'done', drafts: await write(trx) });
      },
    },
    housekeeping(parts),
  ];
}

/** For people who chose hours: between any two that can be chosen lies one of these, or the trust's own hour. */
const LATER_LOOKS = ['10:00', '12:00', '14:00'] as const;

/** The same days of the trust's own rule, at another hour. */
function atHour(when: string, time: string): string {
  return when.replace(/\d{1,2}:\d{2}/, time);
}

function asksRule(
  checkins: Checkins,
  id: string,
  at: Pick<ScheduledRule, 'when' | 'catchUpHours'>,
  later: boolean,
): ScheduledRule {
  return {
    id,
    ...at,
    bySchool: true,
    prepare: async (slot, now, dayOf) => {
      const plan = await checkins.planAsks({ date: slot.key, now, later, dayOf });
      return async (trx) => ({ kind: 'done', drafts: await plan.write(trx) });
    },
  };
}

/** A look at last week's cards: Monday's sends them, the later ones what it held. */
function attendanceRule(
  { attendance }: ScheduleParts,
  id: string,
  schedule: Trust['schedules']['attendance_week'],
  attempt: Attempt,
): ScheduledRule {
  return {
    id,
    ...timing(schedule),
    bySchool: true,
    prepare: async (slot, now, dayOf): Promise<RunWork> => {
      const plan = await attendance.planNudges({ week: lastWeekOf(slot.key), now, attempt, dayOf });
      return async (trx) => {
        await plan.write(trx);
        const note = plan.notes.length > 0 ? { note: plan.notes.join(' ') } : {};
        return { kind: 'done', drafts: plan.drafts, ...note };
      };
    },
  };
}

/** What was kept long enough is deleted, every night. A night that was missed is made up by the next. */
function housekeeping(parts: ScheduleParts): ScheduledRule {
  const { trust, answers, attendance, forgetActivities, forgetLate, forgetRefusals, retain, forgetLeavers } =
    parts;
  const days = trust.policies.question_days;
  return {
    id: 'housekeeping',
    when: 'every day 04:40',
    catchUpHours: 20,
    silent: true,
    prepare: async (_slot, now): Promise<RunWork> => {
      const questions = await answers.forget(days, now);
      const activities = await forgetActivities(Math.min(days, ACTIVITY_DAYS));
      const pupils = await attendance.forgetPupils(now);
      await attendance.forgetThreads(now);
      await attendance.relock();
      const old = rowsInWords(await retain(now));
      const leavers = await forgetLeavers(now);
      return async (trx) => {
        const { asks, askers } = await answers.forgetAsks(trx, days, now);
        await forgetRefusals(trx);
        await forgetLate(trx, new Date(now.getTime() - days * 86_400_000));
        const own = `forgot ${questions} questions, ${asks} passed on, names of ${askers} askers, traces of ${activities} messages and presses, names of ${pupils.names} tutor groups, ${pupils.sheets} weeks of marks`;
        const note = [own, ...old, ...(leavers ? [leavers] : [])].join('; ');
        return { kind: 'done', drafts: [], note };
      };
    },
  };
}

/** Rules that cannot be read, for the trust file's list of problems. */
export function checkSchedules(trust: Trust): TrustProblem[] {
  return Object.entries(trust.schedules).flatMap(([name, { when }]) => {
    const rule = parseRule(when);
    return isRefusal(rule) ? [{ path: ['schedules', name, 'when'], message: rule.message }] : [];
  });
}

function timing(schedule: { readonly when: string; readonly catch_up_hours: number }) {
  return { when: schedule.when, catchUpHours: schedule.catch_up_hours };
}

/** The slots at which digests go out in the week of an instant, and to whom; none in a week without them. */
function digestSlotsIn(trust: Trust, now: Date): readonly { readonly slot: Slot; readonly dayOf: DayOf }[] {
  const rule = parseRule(trust.schedules.digest.when);
  if (isRefusal(rule)) return [];
  const books = booksOf(trust);
  const monday = mondayOf(weekOf(dateOf(now, books.zone)));
  const timing = { id: 'digest', rule, bySchool: true } as const;
  return slotsForAll(timing, monday, addDays(monday, 6), books).map((slot) => ({
    slot,
    dayOf: dayOn(rule, slot.key, books),
  }));
}

/** Who gets a digest in the week of an instant; with `after`, only at a slot that comes after it. */
export async function digestReadersIn(
  trust: Trust,
  digests: Pick<Digests, 'readersOn'>,
  now: Date,
  after?: Date,
): Promise<ReadonlySet<string>> {
  const readers = new Set<string>();
  for (const { slot, dayOf } of digestSlotsIn(trust, now)) {
    if (after && slot.at <= after) continue;
    for (const id of await digests.readersOn(slot.key, now, dayOf)) readers.add(id);
  }
  return readers;
}

/** When what waits is gathered next. */
export function nextGathering(trust: Trust, now: Date): Date | undefined {
  const rule = parseRule(trust.schedules.gathered.when);
  if (isRefusal(rule)) return undefined;
  return slotsAfter({ id: 'gathered', rule }, now, 1, booksOf(trust))[0]?.at;
}

/** The school week before the one that a date is in: what a Monday card speaks of. */
export function lastWeekOf(date: string): string {
  return weekOf(addDays(date, -7));
}
