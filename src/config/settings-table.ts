/** The one table of settings: name, meaning, type, default, secret or not. `docs/OPERATIONS.md` is generated from it. */

export type Setting = {
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
const TEAMS_SERVICE_HOSTS = 'smba.trafficmanager.net,smba.infra.gcc.teams.microsoft.com';

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
    name: 'FILE_HOSTS',
    meaning:
      "hosts, with their sub-domains, that a file attached in somebody's own chat may be fetched from, and one that they agreed to be written to (https), or loopback origins",
    example: 'sharepoint.com',
    fallback: 'sharepoint.com',
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
    name: 'PROCESS_ROLE',
    meaning:
      'what this instance does. web: answers people. worker: runs schedules, reads marks and sends. both: all of it. With one instance, both',
    example: 'worker',
    fallback: 'both',
    ...oneOf('both', 'web', 'worker'),
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
      'key under which pupil data is locked, needed only where a school has `pupils: on`, the newest first and, while keys change, older ones behind it with commas between; made in DATA_DIR when unset in local',
    example: '64 hexadecimal characters',
    secret: true,
    check: (text: string) => /^[0-9a-f]{64}(,\s*[0-9a-f]{64})*$/i.test(text),
    expects: '64 hexadecimal characters, or several such keys with commas between',
  },
  {
    name: 'MARKS_DIR',
    meaning: "folder that schools' systems put marks files into; unset: none is watched",
    example: '/srv/waymark/marks',
    ...folder,
  },
  {
    name: 'APP_INSTALL',
    meaning:
      'on: Waymark installs itself for a member of staff whom a message waits for and who has not got it (consent stage 5). off: whoever has not got it is unreachable, and the report says so',
    example: 'on',
    fallback: 'off',
    ...oneOf('on', 'off'),
  },
  {
    name: 'TEAMS_APP_ID',
    meaning:
      "the id of the app's manifest, by which the organisation's catalogue has it; needed for APP_INSTALL",
    example: '1c6f2c0e-8a34-4d0b-9b5e-2f7e4f2a6d11',
    ...guid,
  },
  {
    name: 'CHANNELS',
    meaning:
      'on: replies in the threads of milestones that are asked in a channel become drafts (consent stage 4, with its own app package)',
    example: 'on',
    fallback: 'off',
    ...oneOf('on', 'off'),
  },
  {
    name: 'NOTIFICATION_URL',
    meaning:
      'https address of this service at which Graph tells of replies; unset: channels are looked through every two minutes instead',
    example: 'https://waymark.example/api/graph/notifications',
    ...url,
  },
  {
    name: 'NOTIFICATION_CERTIFICATE',
    meaning:
      'PEM of a private key and its certificate for which Graph encrypts what it tells, newest first; unset: it tells without the words',
    example: 'a Key Vault reference to the certificate’s secret',
    secret: true,
    check: (text: string) => text.includes('-----BEGIN '),
    expects: 'PEM text',
  },
  {
    name: 'NOTIFICATION_ISSUER',
    meaning:
      'issuer of the tokens that come with what Graph tells (other clouds, tests); set with NOTIFICATION_OPENID_METADATA or not at all',
    example: 'https://sts.windows.net/0d7a2c1e-64b5-4c3b-8a51-3d1f0f5a9b77/',
    ...anything,
  },
  {
    name: 'NOTIFICATION_OPENID_METADATA',
    meaning: 'where the keys of those tokens are found',
    example: 'https://login.microsoftonline.com/common/.well-known/openid-configuration',
    ...url,
  },
  {
    name: 'SENDER_LIMIT',
    meaning: 'how many messages and presses one person may send in a minute; half as many at once',
    example: '120',
    fallback: '120',
    ...wholeNumber(1, 100_000),
  },
  {
    name: 'REFUSED_LIMIT',
    meaning:
      'how many requests without a valid token one address may make a minute before it gets 429 unread',
    example: '300',
    fallback: '300',
    ...wholeNumber(1, 1_000_000),
  },
  {
    name: 'BEHIND_FRONT_END',
    meaning:
      'yes: callers are told apart by the last entry of X-Forwarded-For, which the front end (App Service) appends',
    example: 'yes',
    fallback: 'no',
    ...oneOf('yes', 'no'),
  },
  {
    name: 'APPLICATIONINSIGHTS_CONNECTION_STRING',
    meaning:
      'where traces, metrics and log lines go besides standard error (Application Insights); unset: nowhere',
    example:
      'InstrumentationKey=00000000-0000-0000-0000-000000000000;IngestionEndpoint=https://uksouth-1.in.applicationinsights.azure.com/',
    secret: true,
    check: (text: string) => /^InstrumentationKey=[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12};/i.test(text),
    expects: 'a connection string that begins with InstrumentationKey=',
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
