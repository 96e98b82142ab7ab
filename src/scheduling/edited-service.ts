/**
 * What a changed calendar took from a school, written down as skipped: between two dates of a rule by schools, its day may become one
 * that has passed. Looked for once a process, since calendars are read at its start.
 */
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { type Books, lostDays, type Timing, TRUST } from './by-school.ts';
import { carriedOut, recordSkipped } from './store.ts';

/** Milliseconds: longer than from one date of a weekly rule to the next. */
const LOOK_BACK = 14 * 86_400_000;

/** A row a school and date, once. `nameOf`: a school's name by its URN. */
export async function recordLost(
  parts: {
    readonly db: Db;
    readonly log: Log;
    readonly books: Books;
    readonly nameOf: (urn: string) => string;
  },
  rules: readonly Timing[],
  now: Date,
): Promise<void> {
  const { db, log, books, nameOf } = parts;
  for (const { id, rule } of rules.filter(({ bySchool }) => bySchool)) {
    const past = await carriedOut(db, id, new Date(now.getTime() - LOOK_BACK));
    for (const { date, name } of lostDays(rule, past, books)) {
      const key = `${date}/${name}`;
      const who = name === TRUST ? 'those who work across schools' : nameOf(name);
      const at = past.find((one) => one.date === date)?.at ?? now;
      const reason = `not sent to ${who}: this became their day after it had passed`;
      const recorded = await recordSkipped(db, { rule: id, key, at }, reason);
      if (recorded) log.warn('a changed calendar took a day from a school', { run: recorded });
    }
  }
}
