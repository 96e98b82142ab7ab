/** Settings and bodies for the gate in production against a local issuer. */
import type { GateOptions } from '../../src/bot/gate.ts';
import type { Issuer } from '../../src/sandbox/issuer.ts';
import { BOT_TENANT, messageActivity } from './activities.ts';

export const BOT = '6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10';
export const SERVICE = 'https://smba.trafficmanager.net/uk/';

export const NO_LIMITS = { senderLimit: 1e6, refusedLimit: 1e6, behindFrontEnd: false } as const;

export function settingsFor(issuer: Issuer): GateOptions['settings'] {
  const value = (name: string) => issuer.environment[name] ?? '';
  return {
    appEnv: 'production',
    bot: { id: BOT, tenantId: BOT_TENANT, type: 'UserAssignedMsi' },
    cloud: {
      tokenIssuer: value('BOT_TOKEN_ISSUER'),
      openIdMetadata: value('BOT_OPENID_METADATA'),
      loginUrl: value('BOT_LOGIN_URL'),
      oauthScope: value('BOT_OAUTH_SCOPE'),
    },
    serviceHosts: ['smba.trafficmanager.net'],
    ...NO_LIMITS,
  };
}

export function bodyOf(over: Readonly<Record<string, unknown>> = {}): Buffer {
  return Buffer.from(JSON.stringify(messageActivity(SERVICE, over)));
}
