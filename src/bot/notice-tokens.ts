/**
 * Judges the tokens that come with what Graph tells: signed by the identity platform, for this bot, of the trust's tenant, and
 * made by Graph's publisher of notices and no other app (Microsoft Graph, "Validating the authenticity of notifications").
 * It refuses to know what is told.
 */
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import { z } from 'zod/v4';
import { messageOf } from '../kernel/errors.ts';
import { systemClock } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import { CLOCK_TOLERANCE_SECONDS } from './claims.ts';
import { createKeys } from './keys.ts';

/** The app id of Graph's change notifications, the same for everybody. */
const NOTICE_PUBLISHER = '0bf30f3b-4a52-48df-9a82-234910c4a086';
const PUBLIC_METADATA = 'https://login.microsoftonline.com/common/.well-known/openid-configuration';

export type TokenJudge = (tokens: readonly string[]) => Promise<'good' | 'bad' | 'unavailable'>;

export type TokenJudgeOptions = {
  readonly audience: string;
  readonly tenantId: string;
  /** Other clouds, and tests: the only issuer that is believed, and where its keys are. */
  readonly authority?: { readonly issuer: string; readonly openIdMetadata: string } | undefined;
  readonly fetchJson: (url: string) => Promise<unknown>;
  readonly log: Log;
  /** How long an unknown key id is refused without asking again. Milliseconds. */
  readonly keyCooldownMs?: number;
};

/** Of the first kind of token the app is `appid`, of the second `azp`. */
const Claims = z.object({
  iss: z.string(),
  appid: z.string().optional(),
  azp: z.string().optional(),
  tid: z.string().optional(),
});

/** A judge of all tokens of a collection together: one that is wrong makes all of it doubtful, and so does none. */
export function createTokenJudge(options: TokenJudgeOptions): TokenJudge {
  const { audience, tenantId, authority, log } = options;
  const issuers = authority
    ? [authority.issuer]
    : [`https://sts.windows.net/${tenantId}/`, `https://login.microsoftonline.com/${tenantId}/v2.0`];
  const keys = createKeys({
    metadataUrl: authority?.openIdMetadata ?? PUBLIC_METADATA,
    fetchJson: options.fetchJson,
    onNewKeys: () => undefined,
    log,
    cooldownMs: options.keyCooldownMs ?? 30_000,
  });

  async function judge(token: string): Promise<'good' | 'bad' | 'unavailable'> {
    const unverified = readUnverified(token);
    if (!unverified || !issuers.includes(unverified.claims.iss)) return 'bad';
    const { appid, azp, tid } = unverified.claims;
    if ((appid ?? azp)?.toLowerCase() !== NOTICE_PUBLISHER) return 'bad';
    if (tid !== undefined && tid.toLowerCase() !== tenantId) return 'bad';
    const found = await keys.find(unverified.kid);
    if (found.kind !== 'found') return found.kind === 'unknown' ? 'bad' : 'unavailable';
    try {
      await jwtVerify(token, found.key, {
        algorithms: ['RS256'],
        issuer: issuers,
        audience,
        requiredClaims: ['exp', 'aud'],
        clockTolerance: CLOCK_TOLERANCE_SECONDS,
        currentDate: systemClock().now(),
      });
      return 'good';
    } catch (error) {
      log.debug('a notice’s token was refused', { cause: messageOf(error) });
      return 'bad';
    }
  }

  return async (tokens) => {
    if (tokens.length === 0) return 'bad';
    const verdicts = [];
    for (const token of tokens) verdicts.push(await judge(token));
    if (verdicts.includes('bad')) return 'bad';
    return verdicts.includes('unavailable') ? 'unavailable' : 'good';
  };
}

function readUnverified(token: string): { kid: string; claims: z.infer<typeof Claims> } | undefined {
  try {
    const header = decodeProtectedHeader(token);
    const claims = Claims.safeParse(decodeJwt(token));
    return claims.success && header.alg === 'RS256' && header.kid
      ? { kid: header.kid, claims: claims.data }
      : undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}
