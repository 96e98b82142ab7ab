/**
 * Quiet hours: what comes late, after downtime or an outage, does not reach anybody in the evening or at night but when they end.
 * What the trust itself put into them, or somebody did in them, is sent at its time. Pure.
 */
import type { Quiet } from '../delivery/admission-service.ts';
import { addDays, dateOf, localInstant, timeOf } from '../kernel/time.ts';

/** Wall-clock times such as `18:00` and `07:00`; equal ones mean that there are none. */
export type QuietHours = { readonly from: string; readonly to: string };

function isQuiet({ from, to }: QuietHours, time: string): boolean {
  return from <= to ? from <= time && time < to : time >= from || time < to;
}

/** What holds at an instant; undefined in open hours. */
export function quietAt(hours: QuietHours, now: Date, zone: string): Quiet | undefined {
  const time = timeOf(now, zone);
  if (!isQuiet(hours, time)) return undefined;
  const today = dateOf(now, zone);
  const end = localInstant(time < hours.to ? today : addDays(today, 1), hours.to, zone);
  // In autumn their end may come twice: the first is the end, or what they hold would be due again at once for half the night.
  if (end <= now) return undefined;
  return {
    wait: end.getTime() - now.getTime(),
    reason: `waits until ${hours.to}: these are quiet hours`,
    holds: (meant) => !isQuiet(hours, timeOf(meant, zone)),
  };
}

/** Milliseconds until a run that was due at an instant may be sent; 0: now. */
export function quietWait(hours: QuietHours, dueAt: Date, now: Date, zone: string): number {
  const quiet = quietAt(hours, now, zone);
  return quiet?.holds(dueAt) ? quiet.wait : 0;
}
