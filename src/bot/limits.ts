/**
 * How much one address or one person may ask: token buckets with a bounded memory. Pure but for the buckets it keeps; time
 * comes in. It refuses to know what was asked.
 */

/** `burst` at once, and `perMinute` in the long run. */
export type Limit = { readonly burst: number; readonly perMinute: number };

export type Limiter = {
  /** Takes one; false when there is none left. `now` in milliseconds of any steady clock. */
  take(key: string, now: number): boolean;
  /** Whether there is one, taking none. */
  has(key: string, now: number): boolean;
};

/** Buckets kept at a time; 100 bytes each. The one used longest ago is forgotten, which makes it full again. */
const MOST_KEYS = 10_000;
const MINUTE = 60_000;

type Bucket = { left: number; at: number };

export function createLimiter({ burst, perMinute }: Limit, mostKeys: number = MOST_KEYS): Limiter {
  const buckets = new Map<string, Bucket>();
  const filled = (key: string, now: number): Bucket => {
    const bucket = buckets.get(key) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + (Math.max(0, now - bucket.at) * perMinute) / MINUTE);
    bucket.at = now;
    return bucket;
  };
  return {
    has: (key, now) => filled(key, now).left >= 1,
    take: (key, now) => {
      const bucket = filled(key, now);
      // The newest last: a Map keeps the order in which keys were put in.
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > mostKeys) {
        const oldest = buckets.keys().next().value;
        if (oldest !== undefined) buckets.delete(oldest);
      }
      if (bucket.left < 1) return false;
      bucket.left -= 1;
      return true;
    },
  };
}

/**
 * The address that a request comes from. Behind a front end every connection is the front end's own; it appends the caller's
 * to `X-Forwarded-For`, so the last entry is the one that a caller cannot choose. Ports are cut off.
 */
export function callerAddress(
  remoteAddress: string | undefined,
  forwardedFor: string | undefined,
  behindFrontEnd: boolean,
): string {
  const last = behindFrontEnd ? forwardedFor?.split(',').at(-1)?.trim() : undefined;
  const address = last || remoteAddress || '';
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(address);
  if (bracketed) return bracketed[1] ?? address;
  return /^[\d.]+:\d+$/.test(address) ? address.slice(0, address.lastIndexOf(':')) : address;
}
