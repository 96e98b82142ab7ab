/**
 * How many writes the stand-in takes, as Teams does: a bucket for the whole tenant, and four sliding windows for each
 * conversation. The windows' source is named in delivery/pacing.ts.
 */

/** At most `most` writes within `within` milliseconds. */
export type Window = { readonly most: number; readonly within: number };

export const TEAMS_WINDOWS: readonly Window[] = [
  { most: 7, within: 1_000 },
  { most: 8, within: 2_000 },
  { most: 60, within: 30_000 },
  { most: 1_800, within: 3_600_000 },
];

export type StandInLimits = {
  /** A bucket of that size, refilled evenly each second; undefined: no limit. */
  readonly perSecond?: number;
  /** For each conversation; undefined: none. */
  readonly windows?: readonly Window[];
};

/** Whether a write to a conversation at `now` (milliseconds, never going back) is one too many. What is refused costs nothing. */
export function createLimits({
  perSecond,
  windows = [],
}: StandInLimits): (conversation: string, now: number) => boolean {
  const taken = new Map<string, number[]>();
  const longest = Math.max(0, ...windows.map(({ most }) => most));
  let tokens = perSecond ?? 0;
  let refilled = 0;

  function isCrowded(conversation: string, now: number): boolean {
    const times = taken.get(conversation) ?? [];
    return windows.some(({ most, within }) => (times.at(-most) ?? Number.NEGATIVE_INFINITY) > now - within);
  }

  return (conversation, now) => {
    if (perSecond !== undefined) {
      tokens = Math.min(perSecond, tokens + ((now - refilled) / 1000) * perSecond);
      refilled = now;
      if (tokens < 1) return true;
    }
    if (isCrowded(conversation, now)) return true;
    if (perSecond !== undefined) tokens -= 1;
    if (longest > 0) taken.set(conversation, [...(taken.get(conversation) ?? []), now].slice(-longest));
    return false;
  };
}
