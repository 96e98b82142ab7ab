/**
 * What a token must say before its signature is worth checking, and what must be equal between token and activity.
 * Pure. It refuses to know where keys come from; `keys.ts` fetches them and `gate.ts` verifies.
 */
import { z } from 'zod/v4';

/** One reason for each way of being refused; the set is fixed so that counting them can never grow. */
export const REASONS = [
  'not-loopback',
  'too-large',
  'not-json',
  'not-an-activity',
  'no-token',
  'bad-token',
  'wrong-algorithm',
  'wrong-issuer',
  'wrong-audience',
  'expired',
  'not-yet-valid',
  'unknown-key',
  'bad-signature',
  'keys-unavailable',
  'service-url-missing',
  'service-url-differs',
  'service-url-not-allowed',
  'wrong-channel',
  'key-not-endorsed',
  'wrong-tenant',
  'address-too-often',
  'sender-too-often',
] as const;

export type Reason = (typeof REASONS)[number];

/** Clocks of the channel and of the service may differ by this much. The SDK behind the gate allows five minutes. */
export const CLOCK_TOLERANCE_SECONDS = 60;

const COMPACT = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/;
/** Real tokens are about 1.2 KB; what is longer is not worth decoding. */
const LONGEST_HEADER = 8192;

/** The token of an `Authorization: Bearer …` header, or the reason why there is none. Other schemes are no token. */
export function bearerToken(authorization: string | undefined): { token: string } | { reason: Reason } {
  if (!authorization) return { reason: 'no-token' };
  const token = authorization.length <= LONGEST_HEADER ? COMPACT.exec(authorization)?.[1] : undefined;
  return token ? { token } : { reason: 'bad-token' };
}

const Header = z.object({ alg: z.string(), kid: z.string() });
const Claims = z.object({
  iss: z.string(),
  aud: z.string(),
  exp: z.number(),
  nbf: z.number().optional(),
  serviceurl: z.string().optional(),
});

export type Claims = z.infer<typeof Claims>;
export type Expected = { readonly issuer: string; readonly audience: string };

/**
 * Reads the unverified parts of a token. Run before the signature check, so that junk costs no key fetch, and again
 * relied on after it: the same token text is then known to be signed. `nowSeconds` is Unix time.
 */
export function readClaims(
  header: unknown,
  payload: unknown,
  expected: Expected,
  nowSeconds: number,
): { kid: string; claims: Claims } | { reason: Reason } {
  const head = Header.safeParse(header);
  if (!head.success) return { reason: 'bad-token' };
  if (head.data.alg !== 'RS256') return { reason: 'wrong-algorithm' };
  const parsed = Claims.safeParse(payload);
  if (!parsed.success) return { reason: 'bad-token' };
  const claims = parsed.data;
  if (claims.iss !== expected.issuer) return { reason: 'wrong-issuer' };
  if (claims.aud.toLowerCase() !== expected.audience.toLowerCase()) return { reason: 'wrong-audience' };
  if (claims.exp <= nowSeconds - CLOCK_TOLERANCE_SECONDS) return { reason: 'expired' };
  if (claims.nbf !== undefined && claims.nbf > nowSeconds + CLOCK_TOLERANCE_SECONDS) {
    return { reason: 'not-yet-valid' };
  }
  return { kid: head.data.kid, claims };
}
