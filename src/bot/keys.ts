/**
 * The keys that inbound tokens are signed with: found through the OpenID metadata, cached, and fetched again at a bounded
 * rate when a token names an unknown one. It refuses to know what the tokens say.
 */
import { type CryptoKey, createRemoteJWKSet, customFetch, errors } from 'jose';
import { z } from 'zod/v4';
import { isLoopbackUrl } from '../config/settings.ts';
import { messageOf } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { stopwatch } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';

const Metadata = z.object({ jwks_uri: z.string() });
const KeySet = z.object({
  keys: z.array(
    z.looseObject({
      kid: z.string().optional(),
      n: z.string().optional(),
      e: z.string().optional(),
      endorsements: z.array(z.string()).optional(),
    }),
  ),
});

export type KeyOptions = {
  readonly metadataUrl: string;
  /** Fetches JSON; rejects when the answer is not 200 with JSON. */
  readonly fetchJson: (url: string) => Promise<unknown>;
  /** Called when the set of keys is another than before, not on the first fetch. */
  readonly onNewKeys: () => void;
  readonly log: Log;
  /** After a fetch, how long an unknown key id is refused without another. */
  readonly cooldownMs: number;
};

export type Found =
  | { readonly kind: 'found'; readonly key: CryptoKey; readonly endorsements: readonly string[] | undefined }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };

export type Keys = { find(kid: string): Promise<Found> };

const HOUR = 3_600_000;
/** Keys that can no longer be fetched again are trusted this long: a short outage must not silence the bot. */
const GRACE = 24 * HOUR;
/** After a failed fetch nothing is tried for this long, so that junk cannot make the service hammer the issuer. */
const RETRY_AFTER_FAILURE = 2_000;

/** Keys from `metadataUrl`. Nothing is fetched before the first token. */
export function createKeys(options: KeyOptions): Keys {
  const since = stopwatch();
  let endorsed = new Map<string, readonly string[] | undefined>();
  let last: { text: string; print: string; at: number } | undefined;
  let failedAt = Number.NEGATIVE_INFINITY;
  let failure: unknown;

  async function fetchKeySet(): Promise<{ text: string; print: string }> {
    const metadata = Metadata.parse(await options.fetchJson(options.metadataUrl));
    const allowed = metadata.jwks_uri.startsWith('https://') || isLoopbackUrl(options.metadataUrl);
    if (!allowed) throw new TypeError(`jwks_uri is not https: ${metadata.jwks_uri}`);
    const set = KeySet.parse(await options.fetchJson(metadata.jwks_uri));
    const keys = set.keys.flatMap(({ kid, n, e, endorsements }) =>
      kid && n && e ? [{ kid, n, e, endorsements }] : [],
    );
    endorsed = new Map(keys.map((key) => [key.kid, key.endorsements]));
    const plain = keys.map(({ kid, n, e }) => ({ kty: 'RSA', use: 'sig', alg: 'RS256', kid, n, e }));
    return { text: JSON.stringify({ keys: plain }), print: contentId([JSON.stringify(keys)]) };
  }

  async function refresh(): Promise<Response> {
    if (since() - failedAt < RETRY_AFTER_FAILURE) return lastGood(failure);
    try {
      const { text, print } = await fetchKeySet();
      const changed = last !== undefined && last.print !== print;
      last = { text, print, at: since() };
      if (changed) options.onNewKeys();
      return new Response(text);
    } catch (error) {
      failedAt = since();
      failure = error;
      options.log.warn('keys of inbound tokens cannot be fetched', { cause: messageOf(error) });
      return lastGood(error);
    }
  }

  function lastGood(cause: unknown): Response {
    if (last && since() - last.at < GRACE) return new Response(last.text);
    throw cause;
  }

  const remote = createRemoteJWKSet(new URL(options.metadataUrl), {
    cacheMaxAge: HOUR,
    cooldownDuration: options.cooldownMs,
    [customFetch]: refresh,
  });

  return {
    async find(kid) {
      try {
        const key = await remote({ alg: 'RS256', kid });
        return { kind: 'found', key, endorsements: endorsed.get(kid) };
      } catch (cause) {
        if (cause instanceof errors.JWKSNoMatchingKey || cause instanceof errors.JWKSMultipleMatchingKeys) {
          return { kind: 'unknown' };
        }
        return { kind: 'unavailable' };
      }
    },
  };
}
