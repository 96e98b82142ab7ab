/**
 * A stand-in for the two parties that hand out tokens: the channel's issuer (OpenID metadata, keys, inbound tokens, good
 * ones and forged ones) and App Service's managed identity endpoint (outbound tokens). Loopback only.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose';
import { must } from '../kernel/guards.ts';
import { newId } from '../kernel/ids.ts';
import { systemClock } from '../kernel/time.ts';

/** Ways in which a token can be wrong. `serviceurl-*` concern the claim that must equal the activity's serviceUrl. */
export const FAULTS = [
  'expired',
  'expired-four-minutes',
  'no-exp',
  'not-yet-valid',
  'wrong-audience',
  'audience-list',
  'wrong-issuer',
  'emulator',
  'forged-signature',
  'alg-none',
  'hs256',
  'unknown-kid',
  'no-kid',
  'serviceurl-missing',
  'serviceurl-other',
  'serviceurl-slash',
] as const;
export type Fault = (typeof FAULTS)[number];

/** Ways in which a token of Graph's notices can be wrong; `second-kind` is right, in the newer form. */
export const NOTICE_FAULTS = [
  'second-kind',
  'other-publisher',
  'no-publisher',
  'other-tenant',
  'expired',
  'no-exp',
  'wrong-audience',
  'wrong-issuer',
  'forged-signature',
  'alg-none',
  'unknown-kid',
] as const;
export type NoticeFault = (typeof NOTICE_FAULTS)[number];

type KeyPair = Awaited<ReturnType<typeof generateKeyPair>>;
type SigningKey = { readonly kid: string; readonly pair: KeyPair; readonly jwk: JWK };

export type Issuer = {
  readonly origin: string;
  readonly issuer: string;
  /** The four cloud settings and the identity endpoint's two variables, as environment variables. */
  readonly environment: Readonly<Record<string, string>>;
  readonly seen: { metadata: number; keys: number; tokens: number };
  /** A token for the activity's serviceUrl: good, or wrong in one way. */
  mint(serviceUrl: string, fault?: Fault): Promise<string>;
  /** A token such as comes with Graph's notices, of this tenant. */
  mintNotice(tenantId: string, fault?: NoticeFault): Promise<string>;
  /** Signs with a new key from now on; `keepOld` leaves the old one published as well. */
  rollOver(keepOld?: boolean): Promise<void>;
  /** Sets what the published keys are endorsed for; undefined leaves endorsements out. */
  endorse(channels: readonly string[] | undefined): void;
  /** While down, metadata and keys answer 503. */
  setDown(down: boolean): void;
  close(): Promise<void>;
};

export type IssuerOptions = { readonly audience: string; readonly issuer?: string; readonly port?: number };

/** Starts the issuer on 127.0.0.1. */
export async function startIssuer(options: IssuerOptions): Promise<Issuer> {
  const issuer = options.issuer ?? 'https://api.botframework.com';
  const secret = newId('identity');
  const seen = { metadata: 0, keys: 0, tokens: 0 };
  let keys = [await newKey()];
  let endorsements: readonly string[] | undefined = ['msteams'];
  let down = false;

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', origin);
    const send = (status: number, body: unknown) => {
      // Not chained: restify, in the same process, replaces writeHead by one that returns nothing.
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (url.pathname === '/identity') {
      seen.tokens += 1;
      return send(...identityAnswer(url, request.headers['x-identity-header'], secret));
    }
    if (down) return send(503, {});
    if (url.pathname === '/openid') {
      seen.metadata += 1;
      return send(200, { issuer, jwks_uri: `${origin}/keys` });
    }
    if (url.pathname === '/keys') {
      seen.keys += 1;
      return send(200, { keys: keys.map(({ jwk }) => (endorsements ? { ...jwk, endorsements } : jwk)) });
    }
    return send(404, {});
  };
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;

  return {
    origin,
    issuer,
    seen,
    environment: {
      BOT_TOKEN_ISSUER: issuer,
      BOT_OPENID_METADATA: `${origin}/openid`,
      BOT_LOGIN_URL: `${origin}/login`,
      BOT_OAUTH_SCOPE: 'https://api.botframework.com',
      IDENTITY_ENDPOINT: `${origin}/identity`,
      IDENTITY_HEADER: secret,
    },
    mint: async (serviceUrl, fault) =>
      mintToken(
        { issuer, audience: options.audience, serviceUrl, key: must(keys[0], 'a signing key') },
        fault,
      ),
    mintNotice: (tenantId, fault) => {
      const key = must(keys[0], 'a signing key');
      return mintNotice({ issuer, audience: options.audience, tenantId, key }, fault);
    },
    rollOver: async (keepOld = false) => {
      keys = [await newKey(), ...(keepOld ? keys : [])];
    },
    endorse: (channels) => {
      endorsements = channels;
    },
    setDown: (value) => {
      down = value;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Graph's publisher of notices ("Set up change notifications that include resource data"). */
const PUBLISHER = '0bf30f3b-4a52-48df-9a82-234910c4a086';

async function mintNotice(
  parts: Omit<TokenParts, 'serviceUrl'> & { readonly tenantId: string },
  fault?: NoticeFault,
): Promise<string> {
  const now = Math.floor(systemClock().now().getTime() / 1000);
  const changes: Readonly<Record<string, object>> = {
    'second-kind': { appid: undefined, azp: PUBLISHER, ver: '2.0' },
    'other-publisher': { appid: '00000000-0000-4000-8000-00000000beef' },
    'no-publisher': { appid: undefined },
    'other-tenant': { tid: '00000000-0000-4000-8000-00000000beef' },
    expired: { nbf: now - 4200, exp: now - 600 },
    'no-exp': { exp: undefined },
    'wrong-audience': { aud: '00000000-0000-4000-8000-00000000beef' },
    'wrong-issuer': { iss: 'https://sts.windows.net/00000000-0000-4000-8000-00000000beef/' },
  };
  const good = { iss: parts.issuer, aud: parts.audience, nbf: now - 10, exp: now + 3600 };
  const claims = { ...good, appid: PUBLISHER, tid: parts.tenantId, ver: '1.0', ...changes[fault ?? ''] };
  const header = { alg: 'RS256', typ: 'JWT', kid: fault === 'unknown-kid' ? newId('key') : parts.key.kid };
  if (fault === 'alg-none') return `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`;
  const signer = fault === 'forged-signature' ? await newKey() : parts.key;
  return new SignJWT(claims).setProtectedHeader(header).sign(signer.pair.privateKey);
}

async function newKey(): Promise<SigningKey> {
  const pair = await generateKeyPair('RS256', { extractable: true });
  const kid = newId('key');
  return { kid, pair, jwk: { ...(await exportJWK(pair.publicKey)), kid, use: 'sig' } };
}

type TokenParts = {
  readonly issuer: string;
  readonly audience: string;
  readonly serviceUrl: string;
  readonly key: SigningKey;
};

async function mintToken({ issuer, audience, serviceUrl, key }: TokenParts, fault?: Fault): Promise<string> {
  const now = Math.floor(systemClock().now().getTime() / 1000);
  const good = {
    iss: issuer,
    aud: audience,
    iat: now,
    nbf: now - 10,
    exp: now + 3600,
    serviceurl: serviceUrl,
  };
  const claims = { ...good, ...wrongClaims(good, now)[fault ?? ''] };
  const kid = fault === 'unknown-kid' ? newId('key') : key.kid;
  const header = { alg: 'RS256', typ: 'JWT', ...(fault === 'no-kid' ? {} : { kid }) };
  if (fault === 'alg-none') return `${encode({ ...header, alg: 'none' })}.${encode(claims)}.`;
  if (fault === 'hs256') {
    const publicKey = new TextEncoder().encode(await exportSPKI(key.pair.publicKey));
    return new SignJWT(claims).setProtectedHeader({ ...header, alg: 'HS256' }).sign(publicKey);
  }
  const signer = fault === 'forged-signature' ? await newKey() : key;
  return new SignJWT(claims).setProtectedHeader(header).sign(signer.pair.privateKey);
}

function wrongClaims(
  good: { readonly serviceurl: string; readonly aud: string },
  now: number,
): Readonly<Record<string, object>> {
  return {
    expired: { iat: now - 4200, nbf: now - 4200, exp: now - 600 },
    'expired-four-minutes': { iat: now - 3840, nbf: now - 3840, exp: now - 240 },
    'no-exp': { exp: undefined },
    'not-yet-valid': { nbf: now + 600 },
    'wrong-audience': { aud: '00000000-0000-4000-8000-00000000beef' },
    'audience-list': { aud: [good.aud, 'another'] },
    'wrong-issuer': { iss: 'https://issuer.example' },
    emulator: {
      iss: 'https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/',
      appid: good.aud,
      ver: '1.0',
    },
    'serviceurl-missing': { serviceurl: undefined },
    'serviceurl-other': { serviceurl: 'https://elsewhere.example/' },
    'serviceurl-slash': {
      serviceurl: good.serviceurl.endsWith('/') ? good.serviceurl.slice(0, -1) : `${good.serviceurl}/`,
    },
  };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

/** App Service's protocol: resource and client id in the query, the shared secret in `X-IDENTITY-HEADER`. */
function identityAnswer(url: URL, header: unknown, secret: string): [status: number, body: object] {
  if (header !== secret) return [401, { message: 'wrong identity header' }];
  const resource = url.searchParams.get('resource');
  if (!resource) return [400, { message: 'resource is missing' }];
  const clientId = url.searchParams.get('client_id') ?? '';
  const expires = Math.floor(systemClock().now().getTime() / 1000) + 3600;
  const token = `sandbox.${encode({ aud: resource, appid: clientId })}.token`;
  return [
    200,
    { access_token: token, expires_on: String(expires), resource, token_type: 'Bearer', client_id: clientId },
  ];
}
