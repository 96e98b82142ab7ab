/** Worked cases of calendars, schedules and pupils' thresholds: reads their inputs, calls the rules, names the outputs. */
import { z } from 'zod/v4';
import { parseInstant } from '../kernel/time.ts';
import { absenceRate, isPersistent, pool } from './engine.ts';
import { percent } from './rates.ts';
import {
  headroom,
  penaltyThreshold,
  reasonDeadline,
  sessionsToRecover,
  shortWeekday,
  transitionOf,
} from './thresholds.ts';
import { isNudgeWeek, schoolWeek } from './week.ts';

const Count = z.int().min(0);
const Totals = z.object({ possible: Count, absent: Count });
/** The policy that the worked cases assume; a trust may set more in trust.yaml. */
const NUDGE_DAYS = 3;

export function transition(input: unknown): unknown {
  const { before, week } = z.object({ before: Totals, week: Totals }).parse(input);
  const after = pool([before, week]);
  return {
    before_absence_2dp: percent(absenceRate(before), 2),
    after_absence_2dp: percent(absenceRate(after), 2),
    was_pa: isPersistent(before),
    is_pa: isPersistent(after),
    transition: transitionOf(before, week),
  };
}

export function headroomCase(input: unknown): unknown {
  const parsed = z.object({ absent_to_date: Count, year_possible: Count }).parse(input);
  const { first, left } = headroom(parsed.absent_to_date, parsed.year_possible);
  return { max_further_absences_without_pa: left, first_absence_total_that_is_pa: first };
}

export function recovery(input: unknown): unknown {
  const parsed = z
    .object({ possible: Count, absent: Count })
    .or(
      z
        .object({ possible_to_date: Count, absent_to_date: Count })
        .transform((names) => ({ possible: names.possible_to_date, absent: names.absent_to_date })),
    )
    .parse(input);
  return { sessions_to_recover: sessionsToRecover(parsed) };
}

export function penalty(input: unknown): unknown {
  const { weeks } = z
    .object({
      weeks: z.array(
        z.object({ week_commencing: z.string(), sessions_in_week: Count, unauthorised_marks: z.string() }),
      ),
    })
    .parse(input);
  const { most, metIn } = penaltyThreshold(
    weeks.map((week) => ({
      weekCommencing: week.week_commencing,
      sessions: week.sessions_in_week,
      marks: week.unauthorised_marks,
    })),
  );
  return {
    max_in_any_10_school_weeks: most,
    threshold_met: metIn !== null,
    met_in_week_commencing: metIn,
  };
}

export function reasonCase(input: unknown): unknown {
  const parsed = z
    .object({
      absence_date: z.string(),
      calendar: z.object({ non_school_days: z.array(z.string()), weekend: z.array(z.string()) }),
    })
    .parse(input);
  const { non_school_days: closed, weekend } = parsed.calendar;
  return {
    deadline: reasonDeadline(
      parsed.absence_date,
      (date) => !closed.includes(date) && !weekend.includes(shortWeekday(date)),
    ),
  };
}

export function calendarWeek(input: unknown): unknown {
  const parsed = z
    .object({
      week_commencing: z.string(),
      terms: z.array(z.object({ term: z.int(), from: z.string(), to: z.string() })),
      inset: z.array(z.string()).default([]),
      bank_holidays: z.array(z.string()).default([]),
    })
    .parse(input);
  const week = schoolWeek({ ...parsed, closures: [] }, parsed.week_commencing);
  return {
    term: week.term,
    week_of_term: week.weekOfTerm,
    school_days: week.days.length,
    sessions: week.sessions,
    send_nudge: isNudgeWeek(week, NUDGE_DAYS),
    partial: week.partial,
  };
}

export function scheduleUtc(input: unknown): unknown {
  const { local, tz } = z.object({ local: z.string(), tz: z.string() }).parse(input);
  return { utc: `${parseInstant(local, tz).toISOString().slice(0, 16)}Z` };
}
