/**
 * Builds the SDK's adapter from our settings: managed identity in production, no authentication on a local run, and one
 * mend of a fault the SDK will never have mended. What a turn does is decided elsewhere.
 */
import './deferred.ts';
import { type Activity, CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';

import type {
  AuthenticateRequestResult,
  ClaimsIdentity,
  ConnectorClient,
  ConnectorFactory,
  UserTokenClient,
} from 'botframework-connector';
import { JwtTokenExtractor } from 'botframework-connector/lib/auth/jwtTokenExtractor.js';
import { Entity } from 'botframework-connector/lib/connectorApi/models/mappers.js';
import type { Settings } from '../config/settings.ts';
import { AppError } from '../kernel/errors.ts';

/** The gate decides when keys are fetched again (`forgetSdkKeys`); the SDK's own daily fetch would only add an outage. */
const SDK_KEY_REFRESH_HOURS = 24 * 365;

/**
 * The adapter behind the gate. In production it is the bot's user-assigned managed identity, in the cloud that the four
 * BOT_TOKEN_ISSUER … BOT_OAUTH_SCOPE settings name. On a local run it authenticates nothing, which only the gate's
 * loopback rule makes safe. Throws AppError `no-identity` in production without a bot.
 */
export function createAdapter(settings: Pick<Settings, 'appEnv' | 'bot' | 'cloud'>): CloudAdapter {
  keepEntityFields();
  if (settings.appEnv === 'local') return new CloudAdapter(new LastingClients({}));
  if (!settings.bot) {
    throw new AppError('no-identity', 'The bot has no identity; the SDK would accept everybody.', {
      remedy: 'Set BOT_ID, BOT_TENANT_ID and BOT_TYPE; only APP_ENV=local runs without them.',
    });
  }
  const identity = {
    MicrosoftAppId: settings.bot.id,
    MicrosoftAppTenantId: settings.bot.tenantId,
    MicrosoftAppType: settings.bot.type,
  };
  const authentication = new LastingClients(
    { ...identity, ...cloudOptions(settings.cloud) },
    undefined,
    undefined,
    undefined,
    { tokenRefreshInterval: SDK_KEY_REFRESH_HOURS },
  );
  return new CloudAdapter(authentication);
}

/** More service addresses than Teams has; a client is light, but an address comes from outside. */
const MOST_CLIENTS = 50;

/**
 * The SDK builds a connector client and a token client for every turn, a tenth of a bare turn's time, and hardly any turn uses
 * them: replies leave through our own client (`channel-service.ts`). They keep nothing of a turn, so they last.
 */
class LastingClients extends ConfigurationBotFrameworkAuthentication {
  readonly #connectors = new Map<string, Promise<ConnectorClient>>();
  readonly #tokens = new Map<string, Promise<UserTokenClient>>();

  override async authenticateRequest(
    activity: Partial<Activity>,
    header: string,
  ): Promise<AuthenticateRequestResult> {
    const result = await super.authenticateRequest(activity as Activity, header);
    const { connectorFactory } = result;
    if (!connectorFactory) return result;
    const create: ConnectorFactory['create'] = (serviceUrl, audience) =>
      lasting(this.#connectors, JSON.stringify([serviceUrl, audience]), () =>
        connectorFactory.create(serviceUrl, audience),
      );
    return { ...result, connectorFactory: { create } };
  }

  override createUserTokenClient(claims: ClaimsIdentity): Promise<UserTokenClient> {
    return lasting(this.#tokens, claims.getClaimValue('aud') ?? '', () =>
      super.createUserTokenClient(claims),
    );
  }
}

function lasting<T>(kept: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = kept.get(key);
  if (known) return known;
  if (kept.size >= MOST_CLIENTS) kept.clear();
  const made = make();
  kept.set(key, made);
  made.catch(() => kept.delete(key));
  return made;
}

/** If the SDK is given one of these it wants them all; the three we have no setting for are never used by Waymark. */
function cloudOptions(cloud: Settings['cloud']): Record<string, string> {
  if (!cloud) return {};
  return {
    ToBotFromChannelTokenIssuer: cloud.tokenIssuer,
    ToBotFromChannelOpenIdMetadataUrl: cloud.openIdMetadata,
    ToBotFromEmulatorOpenIdMetadataUrl: cloud.openIdMetadata,
    ToChannelFromBotLoginUrl: cloud.loginUrl,
    ToChannelFromBotOAuthScope: cloud.oauthScope,
    OAuthUrl: 'https://token.botframework.com',
    CallerId: 'urn:botframework:azure',
    ValidateAuthority: 'true',
  };
}

/**
 * botframework-connector 4.23.3 sends only three fields of an entity, so the AI label and citations never leave. Mended
 * upstream in September 2025 (botbuilder-js pull request 4903) and not released since. Harmless when applied again.
 */
function keepEntityFields(): void {
  Entity.type.additionalProperties ??= { type: { name: 'Object' } };
}

/**
 * Makes the SDK fetch the issuer's keys again at the next turn. It would do so at most hourly by itself, and refuse each
 * token signed with a new key until then. The cache has no public door; the version is pinned and will see no other.
 */
export function forgetSdkKeys(): void {
  const cache: unknown = Reflect.get(JwtTokenExtractor, 'openIdMetadataCache');
  if (cache instanceof Map) cache.clear();
}
