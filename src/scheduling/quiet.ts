/**
 * Quiet hours: what is sent late, after downtime, does not reach anybody in the evening or at night but when they end. A rule
 * that the trust itself put into them is sent at its time. Pure.
 */
import { addDays, dateOf, localInstant, timeOf } from '../kernel/time.ts';

/** Wall-clock times such as `18:00` and `07:00`; equal ones mean that there are none. */
export type QuietHours = { readonly from: string; readonly to: string };

function isQuiet({ from, to }: QuietHours, time: string): boolean {
  return from <= to ? from <= time && time < to : time >= from || time < to;
}

/** Milliseconds until a run that was due at an instant may be sent; 0: now. */
export function quietWait(hours: QuietHours, dueAt: Date, now: Date, zone: string): number {
  const time = timeOf(now, zone);
  if (!isQuiet(hours, time) || isQuiet(hours, timeOf(dueAt, zone))) return 0;
  const today = dateOf(now, zone);
  const end = localInstant(time < hours.to ? today : addDays(today, 1), hours.to, zone);
  return Math.max(0, end.getTime() - now.getTime());
}
