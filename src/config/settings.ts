/**
 * Reads the settings from the environment by their table. A bad start lists every problem at once; each names the variable
 * and shows an example.
 */
import { z } from 'zod/v4';
import { SETTINGS, type Setting, type SettingName } from './settings-table.ts';

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
  readonly fileHosts: readonly string[];
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
  /** The newest first; empty when none is set. */
  readonly pupilKeys: readonly string[];
  readonly marksDir?: string;
  /** The manifest's id of the app that Waymark may install for staff; absent: it installs nothing. */
  readonly installs?: string;
  /** Whether replies in channels are read, and how Graph tells of them. */
  readonly channels: ChannelSettings;
  readonly senderLimit: number;
  readonly refusedLimit: number;
  readonly behindFrontEnd: boolean;
  readonly logLevel: string;
  /** Connection string of Application Insights. */
  readonly insights?: string;
  /** `web` answers people, `worker` runs schedules and sends. */
  readonly role: 'both' | 'web' | 'worker';
  readonly clockStart?: string;
};

export type ChannelSettings = {
  readonly on: boolean;
  readonly notificationUrl?: string;
  /** PEM. */
  readonly certificate?: string;
  readonly authority?: { readonly issuer: string; readonly openIdMetadata: string };
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
  for (const name of ['BOT_SERVICE_HOSTS', 'FILE_HOSTS'] as const) {
    const hosts = listOf(get(name));
    if (hosts.length === 0) problems.push(`${name}: names no host. ${exampleOf(name)}`);
    for (const host of hosts) {
      if (/^[a-z0-9.-]+$/i.test(host) || isLoopbackOrigin(host)) continue;
      problems.push(
        `${name}: "${host}" is neither an https host name nor a loopback origin. ${exampleOf(name)}`,
      );
    }
  }
  if (get('APP_INSTALL')?.toLowerCase() === 'on' && !named('TEAMS_APP_ID'))
    problems.push(`TEAMS_APP_ID: APP_INSTALL=on needs it. ${exampleOf('TEAMS_APP_ID')}`);
  const authority = ['NOTIFICATION_ISSUER', 'NOTIFICATION_OPENID_METADATA'] as const;
  if (authority.some(named) && !authority.every(named))
    problems.push(`${authority.join(', ')}: set both or neither. ${exampleOf('NOTIFICATION_ISSUER')}`);
  const secure = [
    'BOT_OPENID_METADATA',
    'BOT_LOGIN_URL',
    'AZURE_OPENAI_ENDPOINT',
    'NOTIFICATION_URL',
    'NOTIFICATION_OPENID_METADATA',
  ] as const;
  for (const name of secure) {
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
  const role = get('PROCESS_ROLE')?.toLowerCase();
  if (role !== 'both' && !named('DATABASE_URL'))
    problems.push(
      `PROCESS_ROLE: ${role} needs DATABASE_URL, since the embedded store has one process. ${exampleOf('DATABASE_URL')}`,
    );
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
  const marksDir = get('MARKS_DIR');
  const clockStart = get('CLOCK_START');
  const appId = get('APP_INSTALL')?.toLowerCase() === 'on' ? get('TEAMS_APP_ID') : undefined;
  const insights = get('APPLICATIONINSIGHTS_CONNECTION_STRING');
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
    fileHosts: listOf(need('FILE_HOSTS')),
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
    pupilKeys: listOf(get('PUPIL_KEY')),
    ...(marksDir ? { marksDir } : {}),
    ...(appId ? { installs: appId.toLowerCase() } : {}),
    channels: channelsFrom(get),
    senderLimit: Number(need('SENDER_LIMIT')),
    refusedLimit: Number(need('REFUSED_LIMIT')),
    behindFrontEnd: need('BEHIND_FRONT_END').toLowerCase() === 'yes',
    logLevel: need('LOG_LEVEL'),
    ...(insights ? { insights } : {}),
    role: roleFrom(need('PROCESS_ROLE').toLowerCase()),
    ...(clockStart ? { clockStart } : {}),
  };
}

function roleFrom(text: string): Settings['role'] {
  return text === 'web' || text === 'worker' ? text : 'both';
}

function channelsFrom(get: Get): ChannelSettings {
  const notificationUrl = get('NOTIFICATION_URL');
  const certificate = get('NOTIFICATION_CERTIFICATE');
  const issuer = get('NOTIFICATION_ISSUER');
  const openIdMetadata = get('NOTIFICATION_OPENID_METADATA');
  return {
    on: get('CHANNELS')?.toLowerCase() === 'on',
    ...(notificationUrl ? { notificationUrl } : {}),
    ...(certificate ? { certificate } : {}),
    ...(issuer && openIdMetadata ? { authority: { issuer, openIdMetadata } } : {}),
  };
}
