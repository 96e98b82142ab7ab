/**
 * The only home of the clock, and of every conversion between instants and a school's local time. Dates are ISO strings
 * (`2026-11-23`), weeks are ISO weeks (`2026-W48`, Monday first), instants are `Date`. Zone rules come from Luxon.
 */
import { DateTime } from 'luxon';
import { AppError } from './errors.ts';

export type Clock = { now(): Date };

export function systemClock(): Clock {
  return { now: () => new Date() };
}

/** A clock that starts at `start` and runs at normal speed; `moveTo` puts it elsewhere. For the local run. */
export function movableClock(start: Date): Clock & { moveTo(instant: Date): void } {
  let offset = start.getTime() - Date.now();
  return {
    now: () => new Date(Date.now() + offset),
    moveTo: (instant) => {
      offset = instant.getTime() - Date.now();
    },
  };
}

/** Milliseconds from an arbitrary origin, for measuring how long something took. */
export function stopwatch(): () => number {
  const start = performance.now();
  return () => performance.now() - start;
}

/** Milliseconds since this process began, its loading included. */
export function sinceStart(): number {
  return performance.now();
}

/** Waits; `signal` ends the wait early, without a fault, so that no timer outlives its purpose. */
export function sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** Lets whatever waits come first: between the steps of long work. */
export function breath(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** `rings` resolves once the time is up; never after `stop`. Lighter than a signal for what every turn sets and stops. */
export function alarm(milliseconds: number): { readonly rings: Promise<void>; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  const rings = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  return { rings, stop: () => clearTimeout(timer) };
}

/** Reads an ISO instant such as `2026-11-23T07:30:00Z`, or a local time without an offset in `zone`. */
export function parseInstant(text: string, zone: string): Date {
  const parsed = DateTime.fromISO(text, { zone });
  if (!parsed.isValid) {
    throw new AppError('bad-instant', `"${text}" is not a date and time.`, {
      remedy: 'Write it like 2026-11-23T07:30 (local time) or 2026-11-23T07:30:00Z.',
    });
  }
  return parsed.toJSDate();
}

/**
 * The instant at which a wall clock in `zone` shows `time` on `date` (2026-11-23, 07:30). A time that the clock jumps over is
 * taken as much later as the jump; of one that comes twice the first is meant. Luxon alone would choose by the offset of
 * today, so the same schedule would fall differently in summer and in winter.
 */
export function localInstant(date: string, time: string, zone: string): Date {
  const key = `${date}T${time} ${zone}`;
  const known = INSTANTS.get(key);
  if (known !== undefined) return new Date(known);
  const found = instantOf(date, time, zone);
  if (INSTANTS.size >= MOST_INSTANTS) INSTANTS.clear();
  INSTANTS.set(key, found.getTime());
  return found;
}

/** Schedules and cut-offs ask for the same few instants over and over, and a zone's rules are slow to work out. */
const INSTANTS = new Map<string, number>();
const MOST_INSTANTS = 2_000;

function instantOf(date: string, time: string, zone: string): Date {
  const parsed = DateTime.fromJSDate(parseInstant(`${date}T${time}`, zone), { zone });
  return new Date(Math.min(...parsed.getPossibleOffsets().map((possible) => possible.toMillis())));
}

/** The local date of an instant: `2026-11-23`. */
export function dateOf(instant: Date, zone: string): string {
  const at = instant.getTime();
  const known = days.get(zone);
  if (known && at >= known.from && at <= known.to) return known.date;
  const local = DateTime.fromJSDate(instant, { zone });
  const date = local.toFormat('yyyy-MM-dd');
  const [from, to] = [local.startOf('day').toMillis(), local.endOf('day').toMillis()];
  if (local.isValid) days.set(zone, { from, to, date });
  return date;
}

/** The day last asked for in each zone: every turn asks for today, and working it out is a twentieth of a turn. */
const days = new Map<string, { readonly from: number; readonly to: number; readonly date: string }>();

/** The local time of an instant: `07:30`. */
export function timeOf(instant: Date, zone: string): string {
  return DateTime.fromJSDate(instant, { zone }).toFormat('HH:mm');
}

const DAY_MS = 86_400_000;

/** Days since 1 January 1970, a Thursday. Dates have no zone, so plain counting is exact; calendars ask for it very often. */
function dayNumber(date: string): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS);
}

/** ISO weekday of a date: 1 Monday … 7 Sunday. */
export function weekdayOf(date: string): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** Throws RangeError for what is no date. */
export function addDays(date: string, days: number): string {
  return new Date((dayNumber(date) + days) * DAY_MS).toISOString().slice(0, 10);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/** The ISO week of a date: `2026-W48`. */
export function weekOf(date: string): string {
  return DateTime.fromISO(date, { zone: 'utc' }).toFormat("kkkk-'W'WW");
}

/** The Monday of an ISO week: `2026-W48` → `2026-11-23`. Throws AppError `bad-week` for anything else. */
export function mondayOf(week: string): string {
  const parsed = /^\d{4}-W\d{2}$/.test(week) ? DateTime.fromISO(week, { zone: 'utc' }) : undefined;
  if (!parsed?.isValid) {
    throw new AppError('bad-week', `"${week}" is not a week.`, { remedy: 'Write it like 2026-W47.' });
  }
  return parsed.toFormat('yyyy-MM-dd');
}

export function isDate(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && DateTime.fromISO(text, { zone: 'utc' }).isValid;
}

/** In words, as a school would say it: `Monday 23 November`. */
export function dateInWords(date: string): string {
  return DateTime.fromISO(date, { zone: 'utc' }).setLocale('en-GB').toFormat('cccc d LLLL');
}

/** In words with the year: `23 November 2026`. */
export function dateWithYear(date: string): string {
  return DateTime.fromISO(date, { zone: 'utc' }).setLocale('en-GB').toFormat('d LLLL yyyy');
}
