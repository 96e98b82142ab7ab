/**
 * Who may call us. It stands in front of the SDK's own check, which has holes: a token without expiry, an activity without
 * serviceUrl and any tenant pass there, and junk makes it grow. Plain values in and out; it refuses to know the HTTP server
 * and what an activity is about.
 */
import { decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose';
import type { Settings } from '../config/settings.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import { stopwatch, systemClock } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';
import {
  bearerToken,
  CLOCK_TOLERANCE_SECONDS,
  type Claims,
  type Expected,
  REASONS,
  type Reason,
  readClaims,
} from './claims.ts';
import { createKeys, type Keys } from './keys.ts';
import { callerAddress, createLimiter } from './limits.ts';
import {
  BODY_LIMIT_BYTES,
  type InboundActivity,
  isFromTenant,
  isLoopbackAddress,
  localServiceUrlProblem,
  parseActivity,
  serviceUrlProblem,
} from './shape.ts';

/** The public cloud's issuer and keys (Bot Connector authentication, "Bot to Connector" and "Connector to Bot"). */
const PUBLIC_ISSUER = 'https://api.botframework.com';
const PUBLIC_METADATA = 'https://login.botframework.com/v1/.well-known/openidconfiguration';

const STATUS: Readonly<Record<Reason, number>> = {
  'not-loopback': 403,
  'too-large': 413,
  'not-json': 400,
  'not-an-activity': 400,
  'no-token': 401,
  'bad-token': 401,
  'wrong-algorithm': 401,
  'wrong-issuer': 401,
  'wrong-audience': 401,
  expired: 401,
  'not-yet-valid': 401,
  'unknown-key': 401,
  'bad-signature': 401,
  'keys-unavailable': 503,
  'service-url-missing': 403,
  'service-url-differs': 401,
  'service-url-not-allowed': 403,
  'wrong-channel': 403,
  'key-not-endorsed': 403,
  'wrong-tenant': 403,
  'address-too-often': 429,
  'sender-too-often': 429,
};

export type Inbound = {
  readonly authorization: string | undefined;
  /** The request's body as it came. Stop reading it at BODY_LIMIT_BYTES + 1: the gate answers 413 to what is longer. */
  readonly body: Buffer;
  readonly remoteAddress: string | undefined;
  /** The `X-Forwarded-For` header; believed only behind a front end. */
  readonly forwardedFor?: string | undefined;
  /** The request's media type. When given it must be JSON: a web page can post other types to a local run unasked. */
  readonly contentType?: string | undefined;
};

export type Verdict =
  | { readonly kind: 'pass'; readonly activity: InboundActivity }
  /** Answer with this status and an empty body. `reason` is for counts and logs, never for the caller. */
  | { readonly kind: 'stop'; readonly status: number; readonly reason: Reason };

export type Gate = {
  check(inbound: Inbound): Promise<Verdict>;
  /** How often each reason was met, and how many passed. A copy. */
  counts(): Readonly<Record<Reason | 'pass', number>>;
};

export type GateOptions = {
  readonly settings: Pick<
    Settings,
    'appEnv' | 'bot' | 'cloud' | 'serviceHosts' | 'senderLimit' | 'refusedLimit' | 'behindFrontEnd'
  >;
  readonly log: Log;
  /** Called when the issuer's keys have changed: bind `forgetSdkKeys` of adapter.ts, whose cache would refuse the new ones. */
  readonly onNewKeys: () => void;
  readonly fetchJson?: (url: string) => Promise<unknown>;
  /** How long an unknown key id is refused without asking the issuer again; default 30 s. */
  readonly keyCooldownMs?: number;
};

/** The gate of this service. Throws AppError `no-identity` in production without a bot: nothing may run unauthenticated. */
export function createGate(options: GateOptions): Gate {
  const { check, isTheChannel } =
    options.settings.appEnv === 'local'
      ? { check: checkLocal, isTheChannel: async () => false }
      : productionCheck(options);
  const counts = new Map<Reason | 'pass', number>([...REASONS, 'pass' as const].map((name) => [name, 0]));
  const count = (name: Reason | 'pass') => {
    const number = (counts.get(name) ?? 0) + 1;
    counts.set(name, number);
    return number;
  };
  const limited = limitedCheck(options, {
    check: async (inbound) =>
      inbound.body.length > BODY_LIMIT_BYTES ? { reason: 'too-large' } : check(inbound),
    isTheChannel,
  });
  return {
    async check(inbound) {
      const result = await limited(inbound);
      if ('activity' in result) {
        count('pass');
        return { kind: 'pass', activity: result.activity };
      }
      const { reason } = result;
      const number = count(reason);
      // Powers of two only: a flood of junk must not become a flood of log lines.
      if ((number & (number - 1)) === 0) options.log.warn('request refused at the gate', { reason, number });
      return { kind: 'stop', status: STATUS[reason], reason };
    },
    counts: () => Object.fromEntries(counts) as Record<Reason | 'pass', number>,
  };
}

/**
 * Of a caller with a signed token, or of one whose token could not be looked at for want of keys. All of Teams comes from a few
 * addresses: were these counted against one, whoever adds the app in a tenant of theirs could shut everybody out.
 */
const NOT_THE_ADDRESS: ReadonlySet<Reason> = new Set([
  'keys-unavailable',
  'not-json',
  'not-an-activity',
  'service-url-missing',
  'service-url-differs',
  'service-url-not-allowed',
  'wrong-channel',
  'key-not-endorsed',
  'wrong-tenant',
]);

/**
 * Refused before the token was verified. Anybody can register a bot of theirs with our address for its endpoint, and then the
 * channel itself sends us tokens that it signed for that bot: of these the signature is looked at before they are counted.
 */
const MAYBE_THE_CHANNEL: ReadonlySet<Reason> = new Set(['wrong-audience', 'too-large']);

/**
 * An address that was refused too often is not listened to for a while, and a person who sends too much is not either. Only
 * refusals of callers without a signed token count against an address. A local run has no strangers and no limits.
 */
function limitedCheck(
  options: GateOptions,
  { check, isTheChannel }: { readonly check: Check; readonly isTheChannel: IsTheChannel },
): Check {
  const { appEnv, refusedLimit, senderLimit, behindFrontEnd } = options.settings;
  if (appEnv === 'local') return check;
  const refused = createLimiter({ burst: refusedLimit, perMinute: refusedLimit });
  const senders = createLimiter({ burst: Math.ceil(senderLimit / 2), perMinute: senderLimit });
  const age = stopwatch();
  return async (inbound) => {
    const address = callerAddress(inbound.remoteAddress, inbound.forwardedFor, behindFrontEnd);
    if (!refused.has(address, age())) return { reason: 'address-too-often' };
    const outcome = await check(inbound);
    if ('reason' in outcome) {
      const { reason } = outcome;
      const isCounted =
        !NOT_THE_ADDRESS.has(reason) &&
        !(MAYBE_THE_CHANNEL.has(reason) && (await isTheChannel(inbound.authorization)));
      if (isCounted) refused.take(address, age());
      return outcome;
    }
    const { from } = outcome.activity;
    const sender = from?.aadObjectId ?? from?.id ?? '';
    return senders.take(sender, age()) ? outcome : { reason: 'sender-too-often' };
  };
}

type Check = (inbound: Inbound) => Promise<Outcome>;
/** Whether the channel signed a token, whichever bot it is for; as long as there are no keys nobody can say that it did not. */
type IsTheChannel = (authorization: string | undefined) => Promise<boolean>;
type Outcome = { readonly activity: InboundActivity } | { readonly reason: Reason };

/** Local runs have no token to check, so nothing may come from, or be answered to, another machine. */
async function checkLocal(inbound: Inbound): Promise<Outcome> {
  if (!isLoopbackAddress(inbound.remoteAddress)) return { reason: 'not-loopback' };
  const parsed = read(inbound);
  if ('reason' in parsed) return parsed;
  const problem = localServiceUrlProblem(parsed.activity.serviceUrl);
  return problem ? { reason: problem } : parsed;
}

function productionCheck(options: GateOptions): {
  readonly check: Check;
  readonly isTheChannel: IsTheChannel;
} {
  const { bot, cloud, serviceHosts } = options.settings;
  if (!bot) {
    throw new AppError('no-identity', 'There is no bot identity to check requests against.', {
      remedy: 'Set BOT_ID, BOT_TENANT_ID and BOT_TYPE; only APP_ENV=local runs without them.',
    });
  }
  const expected = { issuer: cloud?.tokenIssuer ?? PUBLIC_ISSUER, audience: bot.id };
  const keys = createKeys({
    metadataUrl: cloud?.openIdMetadata ?? PUBLIC_METADATA,
    fetchJson: options.fetchJson ?? fetchJson,
    onNewKeys: options.onNewKeys,
    log: options.log,
    cooldownMs: options.keyCooldownMs ?? 30_000,
  });
  const isTheChannel: IsTheChannel = async (authorization) => {
    const token = bearerToken(authorization);
    if ('reason' in token) return false;
    const audience = audienceOf(token.token);
    if (audience === undefined) return false;
    const verified = await verify(token.token, { ...expected, audience }, keys, options.log);
    return !('reason' in verified) || verified.reason === 'keys-unavailable';
  };
  const check: Check = async (inbound) => {
    const token = bearerToken(inbound.authorization);
    if ('reason' in token) return token;
    const verified = await verify(token.token, expected, keys, options.log);
    if ('reason' in verified) return verified;
    const parsed = read(inbound);
    if ('reason' in parsed) return parsed;
    const { activity } = parsed;
    const problem = serviceUrlProblem(activity.serviceUrl, serviceHosts);
    if (problem) return { reason: problem };
    if (verified.claims.serviceurl !== activity.serviceUrl) return { reason: 'service-url-differs' };
    if (activity.channelId !== 'msteams') return { reason: 'wrong-channel' };
    if (verified.endorsements && !verified.endorsements.includes('msteams'))
      return { reason: 'key-not-endorsed' };
    if (!isFromTenant(activity, bot.tenantId)) return { reason: 'wrong-tenant' };
    return parsed;
  };
  return { check, isTheChannel };
}

/** For whom a token says it is; not verified. */
function audienceOf(token: string): string | undefined {
  try {
    const { aud } = decodeJwt(token);
    return typeof aud === 'string' ? aud : undefined;
  } catch {
    return undefined;
  }
}

function read(inbound: Inbound): Outcome {
  const isJson = inbound.contentType === undefined || /^application\/json\s*(;|$)/i.test(inbound.contentType);
  return isJson ? parseActivity(inbound.body.toString('utf8')) : { reason: 'not-json' };
}

type Verified = { readonly claims: Claims; readonly endorsements: readonly string[] | undefined };

async function verify(
  token: string,
  expected: Expected,
  keys: Keys,
  log: Log,
): Promise<Verified | { readonly reason: Reason }> {
  const now = systemClock().now();
  const unverified = readUnverified(token, expected, now);
  if ('reason' in unverified) return unverified;
  const found = await keys.find(unverified.kid);
  if (found.kind === 'unknown') return { reason: 'unknown-key' };
  if (found.kind === 'unavailable') return { reason: 'keys-unavailable' };
  try {
    await jwtVerify(token, found.key, {
      algorithms: ['RS256'],
      issuer: expected.issuer,
      requiredClaims: ['exp', 'aud'],
      clockTolerance: CLOCK_TOLERANCE_SECONDS,
      currentDate: now,
    });
  } catch (error) {
    log.debug('token refused', { cause: messageOf(error) });
    return { reason: 'bad-signature' };
  }
  return { claims: unverified.claims, endorsements: found.endorsements };
}

function readUnverified(token: string, expected: Expected, now: Date): ReturnType<typeof readClaims> {
  try {
    return readClaims(decodeProtectedHeader(token), decodeJwt(token), expected, now.getTime() / 1000);
  } catch {
    return { reason: 'bad-token' };
  }
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
