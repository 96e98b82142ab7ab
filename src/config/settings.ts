/**
 * The one table of settings: name, meaning, type, default, secret or not. `docs/OPERATIONS.md` is generated from it.
 * A bad start lists every problem at once; each names the variable and shows an example.
 */
import { z } from 'zod/v4';

type Setting = {
  readonly name: string;
  readonly meaning: string;
  readonly example: string;
  readonly fallback?: string;
  readonly secret?: true;
  readonly check: (text: string) => boolean;
  readonly expects: string;
};

const anything = { check: (text: string) => text.length > 0, expects: 'a value' };
const folder = { check: (text: string) => text.length > 0, expects: 'a folder or file path' };
const url = { check: (text: string) => URL.canParse(text), expects: 'a URL' };
const guid = {
  check: (text: string) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  expects: 'a GUID',
};
const wholeNumber = (low: number, high: number) => ({
  check: (text: string) => /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high,
  expects: `a whole number from ${low} to ${high}`,
});
const oneOf = (...values: string[]) => ({
  check: (text: string) => values.some((value) => value.toLowerCase() === text.toLowerCase()),
  expects: `one of ${values.join(', ')}`,
});
const instant = {
  check: (text: string) => !Number.isNaN(Date.parse(text)),
  expects: 'a date and time',
};

/** Teams' own service hosts, compared whole: the public cloud's (every region is a path under it) and the US government's. */
export const TEAMS_SERVICE_HOSTS = 'smba.trafficmanager.net,smba.infra.gcc.teams.microsoft.com';

export const SETTINGS = [
  {
    name: 'APP_ENV',
    meaning:
      'local: loopback only, no sign-in, sandbox allowed. production: refuses to start unless identity, tenant and database are set',
    example: 'production',
    fallback: 'local',
    ...oneOf('local', 'production'),
  },
  {
    name: 'PORT',
    meaning: 'port the service listens on',
    example: '3978',
    fallback: '3978',
    ...wholeNumber(0, 65535),
  },
  { name: 'BOT_ID', meaning: "the bot's app id", example: '6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10', ...guid },
  {
    name: 'BOT_TENANT_ID',
    meaning: "the trust's tenant",
    example: '0d7a2c1e-64b5-4c3b-8a51-3d1f0f5a9b77',
    ...guid,
  },
  {
    name: 'BOT_TYPE',
    meaning: 'how the bot proves who it is',
    example: 'UserAssignedMsi',
    ...oneOf('UserAssignedMsi'),
  },
  {
    name: 'BOT_TOKEN_ISSUER',
    meaning:
      'issuer of inbound tokens (other clouds, tests); all four BOT_TOKEN_ISSUER … BOT_OAUTH_SCOPE or none',
    example: 'https://api.botframework.com',
    ...anything,
  },
  {
    name: 'BOT_OPENID_METADATA',
    meaning: 'where the keys of inbound tokens are found',
    example: 'https://login.botframework.com/v1/.well-known/openidconfiguration',
    ...url,
  },
  {
    name: 'BOT_LOGIN_URL',
    meaning: 'where outbound tokens come from',
    example: 'https://login.microsoftonline.com/botframework.com',
    ...url,
  },
  {
    name: 'BOT_OAUTH_SCOPE',
    meaning: 'scope of outbound tokens',
    example: 'https://api.botframework.com',
    ...anything,
  },
  {
    name: 'BOT_SERVICE_HOSTS',
    meaning: "hosts that an activity's serviceUrl may name (https), or loopback origins",
    example: 'smba.trafficmanager.net',
    fallback: TEAMS_SERVICE_HOSTS,
    ...anything,
  },
  {
    name: 'GRAPH_URL',
    meaning: 'origin that requests for Graph are routed to; anything but Graph itself must be loopback',
    example: 'https://graph.microsoft.com',
    fallback: 'https://graph.microsoft.com',
    ...url,
  },
  {
    name: 'DATABASE_URL',
    meaning: 'PostgreSQL; unset: embedded PGlite in DATA_DIR',
    example: 'postgres://waymark@db.example:5432/waymark',
    secret: true,
    ...url,
  },
  {
    name: 'DATABASE_SIGN_IN',
    meaning:
      "password: what DATABASE_URL carries. entra: the bot's managed identity, with a fresh token for each connection",
    example: 'entra',
    fallback: 'password',
    ...oneOf('password', 'entra'),
  },
  {
    name: 'DATABASE_SCHEMA',
    meaning: 'schema that holds the tables',
    example: 'public',
    fallback: 'public',
    check: (text: string) => /^[a-z][a-z0-9_]{0,40}$/.test(text),
    expects: 'lower-case letters, digits and underscores',
  },
  {
    name: 'DATA_DIR',
    meaning: 'folder of the embedded database, its lock and keys made on first start',
    example: '.data',
    fallback: '.data',
    ...folder,
  },
  {
    name: 'TRUST_FILE',
    meaning: "the trust's file: schools, calendars, roles, channels, schedules, policies",
    example: 'trust/trust.yaml',
    fallback: 'samples/trust.yaml',
    ...folder,
  },
  {
    name: 'CONTENT_DIR',
    meaning: 'documents on disk',
    example: 'trust/documents',
    fallback: 'samples/documents',
    ...folder,
  },
  {
    name: 'AZURE_OPENAI_ENDPOINT',
    meaning: 'optional model; unset: extractive answers',
    example: 'https://tideway.openai.azure.com',
    ...url,
  },
  {
    name: 'AZURE_OPENAI_DEPLOYMENT',
    meaning: "the model's deployment name",
    example: 'gpt-4.1-mini',
    ...anything,
  },
  {
    name: 'AZURE_OPENAI_EMBEDDINGS_DEPLOYMENT',
    meaning:
      'optional model of meaning at the same endpoint, a text-embedding-3; unset: found by words alone',
    example: 'text-embedding-3-small',
    ...anything,
  },
  {
    name: 'PSEUDONYM_KEY',
    meaning:
      'key of the pseudonyms by which people are told apart without keeping who; made in DATA_DIR when unset in local',
    example: '64 hexadecimal characters',
    secret: true,
    check: (text: string) => /^[0-9a-f]{64}$/i.test(text),
    expects: '64 hexadecimal characters',
  },
  {
    name: 'PUPIL_KEY',
    meaning:
      "key under which pupils' names are locked, needed only where a school has `pupils: on`; made in DATA_DIR when unset in local",
    example: '64 hexadecimal characters',
    secret: true,
    check: (text: string) => /^[0-9a-f]{64}$/i.test(text),
    expects: '64 hexadecimal characters',
  },
  {
    name: 'MARKS_DIR',
    meaning: "folder that schools' systems put marks files into; unset: none is watched",
    example: '/srv/waymark/marks',
    ...folder,
  },
  {
    name: 'LOG_LEVEL',
    meaning: 'how much is logged',
    example: 'info',
    fallback: 'info',
    ...oneOf('debug', 'info', 'warn', 'error', 'silent'),
  },
  {
    name: 'CLOCK_START',
    meaning: 'local only: the date and time the service believes it is at start',
    example: '2026-11-23T07:25:00Z',
    ...instant,
  },
] as const satisfies readonly Setting[];

export type SettingName = (typeof SETTINGS)[number]['name'];

export type Settings = {
  readonly appEnv: 'local' | 'production';
  readonly port: number;
  readonly bot?: { readonly id: string; readonly tenantId: string; readonly type: 'UserAssignedMsi' };
  readonly cloud?: {
    readonly tokenIssuer: string;
    readonly openIdMetadata: string;
    readonly loginUrl: string;
    readonly oauthScope: string;
  };
  readonly serviceHosts: readonly string[];
  readonly graphUrl: string;
  readonly databaseUrl?: string;
  readonly databaseSignIn: 'password' | 'entra';
  readonly databaseSchema: string;
  readonly dataDir: string;
  readonly trustFile: string;
  readonly contentDir: string;
  readonly model?: { readonly endpoint: string; readonly deployment: string };
  readonly embeddings?: { readonly endpoint: string; readonly deployment: string };
  readonly pseudonymKey?: string;
  readonly pupilKey?: string;
  readonly marksDir?: string;
  readonly logLevel: string;
  readonly clockStart?: string;
};

export type Environment = Readonly<Record<string, string | undefined>>;
export type SettingsResult =
  | { readonly kind: 'ok'; readonly settings: Settings }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

/** True for an origin that cannot leave this machine. */
export function isLoopbackUrl(text: string): boolean {
  return URL.canParse(text) && LOOPBACK.test(new URL(text).hostname);
}

/** A loopback address with nothing after the port, the way an `Origin` header is written. */
function isLoopbackOrigin(text: string): boolean {
  return isLoopbackUrl(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;
}

function listOf(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean);
}

/**
 * Reads the table from `env`. Every problem is reported, not just the first; empty values count as unset, because the
 * committed env files carry empty names.
 */
export function readSettings(env: Environment): SettingsResult {
  const problems: string[] = [];
  const values = new Map<string, string>();
  for (const setting of SETTINGS as readonly Setting[]) {
    const text = env[setting.name]?.trim() || setting.fallback;
    if (text === undefined) continue;
    if (setting.check(text)) values.set(setting.name, text);
    else {
      const shown = setting.secret ? 'the value set (not shown)' : `"${text}"`;
      problems.push(
        `${setting.name}: ${shown} is not ${setting.expects}. Example: ${setting.name}=${setting.example}`,
      );
    }
  }
  const get = (name: SettingName) => values.get(name);
  problems.push(...crossCheck(get, env));
  if (problems.length > 0) return { kind: 'problems', problems };
  return { kind: 'ok', settings: assemble(get) };
}

type Get = (name: SettingName) => string | undefined;

function exampleOf(name: SettingName): string {
  const setting = (SETTINGS as readonly Setting[]).find((candidate) => candidate.name === name);
  return `Example: ${name}=${setting?.example ?? ''}`;
}

function crossCheck(get: Get, env: Environment): string[] {
  const problems: string[] = [];
  const named = (name: SettingName) => Boolean(env[name]?.trim());
  if (get('APP_ENV')?.toLowerCase() === 'production') {
    for (const name of ['BOT_ID', 'BOT_TENANT_ID', 'BOT_TYPE', 'DATABASE_URL', 'PSEUDONYM_KEY'] as const) {
      if (!named(name)) problems.push(`${name}: required when APP_ENV=production. ${exampleOf(name)}`);
    }
    if (named('CLOCK_START'))
      problems.push('CLOCK_START: only for APP_ENV=local; remove it. Example: CLOCK_START=');
  }
  const cloud = ['BOT_TOKEN_ISSUER', 'BOT_OPENID_METADATA', 'BOT_LOGIN_URL', 'BOT_OAUTH_SCOPE'] as const;
  if (cloud.some(named)) {
    for (const name of cloud)
      if (!named(name))
        problems.push(`${name}: set all four of ${cloud.join(', ')}, or none. ${exampleOf(name)}`);
  }
  const hosts = listOf(get('BOT_SERVICE_HOSTS'));
  if (hosts.length === 0)
    problems.push(`BOT_SERVICE_HOSTS: names no host. ${exampleOf('BOT_SERVICE_HOSTS')}`);
  for (const host of hosts) {
    if (/^[a-z0-9.-]+$/i.test(host) || isLoopbackOrigin(host)) continue;
    problems.push(
      `BOT_SERVICE_HOSTS: "${host}" is neither an https host name nor a loopback origin. ${exampleOf('BOT_SERVICE_HOSTS')}`,
    );
  }
  for (const name of ['BOT_OPENID_METADATA', 'BOT_LOGIN_URL', 'AZURE_OPENAI_ENDPOINT'] as const) {
    const address = get(name);
    if (address && !address.startsWith('https://') && !isLoopbackUrl(address)) {
      problems.push(`${name}: "${address}" is neither https nor a loopback address. ${exampleOf(name)}`);
    }
  }
  const graph = get('GRAPH_URL');
  if (graph && new URL(graph).origin !== 'https://graph.microsoft.com' && !isLoopbackUrl(graph)) {
    problems.push(`GRAPH_URL: "${graph}" is neither Graph nor a loopback address. ${exampleOf('GRAPH_URL')}`);
  }
  const deployed = named('AZURE_OPENAI_DEPLOYMENT') || named('AZURE_OPENAI_EMBEDDINGS_DEPLOYMENT');
  if (named('AZURE_OPENAI_ENDPOINT') !== deployed) {
    problems.push(
      `AZURE_OPENAI_ENDPOINT, AZURE_OPENAI_DEPLOYMENT: set the endpoint with a deployment, or neither. ${exampleOf('AZURE_OPENAI_DEPLOYMENT')}`,
    );
  }
  const database = get('DATABASE_URL');
  if (database && !/^postgres(ql)?:/.test(database)) {
    problems.push(`DATABASE_URL: only PostgreSQL is supported. ${exampleOf('DATABASE_URL')}`);
  }
  if (get('DATABASE_SIGN_IN')?.toLowerCase() === 'entra' && !(named('DATABASE_URL') && named('BOT_ID'))) {
    problems.push(
      `DATABASE_SIGN_IN: entra needs DATABASE_URL and the managed identity in BOT_ID. ${exampleOf('DATABASE_URL')}`,
    );
  }
  return problems;
}

function assemble(get: Get): Settings {
  const need = (name: SettingName) => z.string().parse(get(name));
  const id = get('BOT_ID');
  const tenantId = get('BOT_TENANT_ID');
  const tokenIssuer = get('BOT_TOKEN_ISSUER');
  const endpoint = get('AZURE_OPENAI_ENDPOINT');
  const deployment = get('AZURE_OPENAI_DEPLOYMENT');
  const embeddings = get('AZURE_OPENAI_EMBEDDINGS_DEPLOYMENT');
  const databaseUrl = get('DATABASE_URL');
  const pseudonymKey = get('PSEUDONYM_KEY');
  const pupilKey = get('PUPIL_KEY');
  const marksDir = get('MARKS_DIR');
  const clockStart = get('CLOCK_START');
  return {
    appEnv: need('APP_ENV').toLowerCase() === 'production' ? 'production' : 'local',
    port: Number(need('PORT')),
    ...(id && tenantId
      ? { bot: { id: id.toLowerCase(), tenantId: tenantId.toLowerCase(), type: 'UserAssignedMsi' as const } }
      : {}),
    ...(tokenIssuer
      ? {
          cloud: {
            tokenIssuer,
            openIdMetadata: need('BOT_OPENID_METADATA'),
            loginUrl: need('BOT_LOGIN_URL'),
            oauthScope: need('BOT_OAUTH_SCOPE'),
          },
        }
      : {}),
    serviceHosts: listOf(need('BOT_SERVICE_HOSTS')),
    graphUrl: new URL(need('GRAPH_URL')).origin,
    ...(databaseUrl ? { databaseUrl } : {}),
    databaseSignIn: need('DATABASE_SIGN_IN').toLowerCase() === 'entra' ? 'entra' : 'password',
    databaseSchema: need('DATABASE_SCHEMA'),
    dataDir: need('DATA_DIR'),
    trustFile: need('TRUST_FILE'),
    contentDir: need('CONTENT_DIR'),
    ...(endpoint && deployment ? { model: { endpoint, deployment } } : {}),
    ...(endpoint && embeddings ? { embeddings: { endpoint, deployment: embeddings } } : {}),
    ...(pseudonymKey ? { pseudonymKey } : {}),
    ...(pupilKey ? { pupilKey } : {}),
    ...(marksDir ? { marksDir } : {}),
    logLevel: need('LOG_LEVEL'),
    ...(clockStart ? { clockStart } : {}),
  };
}
