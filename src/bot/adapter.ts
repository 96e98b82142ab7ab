/**
 * Builds the SDK's adapter from our settings: managed identity in production, no authentication on a local run, and one
 * mend of a fault the SDK will never have mended. What a turn does is decided elsewhere.
 */
import './deferred.ts';
import {
  type Activity,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  StatusCodes,
  type TurnContext,
} from 'botbuilder';
import {
  type AuthenticateRequestResult,
  AuthenticationError,
  type ClaimsIdentity,
  type ConnectorClient,
  type ConnectorFactory,
  type UserTokenClient,
} from 'botframework-connector';
import { JwtTokenExtractor } from 'botframework-connector/lib/auth/jwtTokenExtractor.js';
import { Entity } from 'botframework-connector/lib/connectorApi/models/mappers.js';
import type { Settings } from '../config/settings.ts';
import { AppError } from '../kernel/errors.ts';
import { type Answer, keepSaid, type Said, TOKEN_REFUSED } from './said.ts';
import type { InboundActivity } from './shape.ts';

/** The gate decides when keys are fetched again (`forgetSdkKeys`); the SDK's own daily fetch would only add an outage. */
const SDK_KEY_REFRESH_HOURS = 24 * 365;

/**
 * The adapter behind the gate. In production it is the bot's user-assigned managed identity, in the cloud that the four
 * BOT_TOKEN_ISSUER … BOT_OAUTH_SCOPE settings name. On a local run it authenticates nothing, which only the gate's
 * loopback rule makes safe. Throws AppError `no-identity` in production without a bot.
 */
export function createAdapter(settings: Pick<Settings, 'appEnv' | 'bot' | 'cloud'>): TurnAdapter {
  keepEntityFields();
  if (settings.appEnv === 'local') return new TurnAdapter(new LastingClients({}));
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
  return new TurnAdapter(authentication);
}

/**
 * The SDK's adapter, entered behind its own door. `process()` looks at every request through schemas that make a reader for each
 * look; V8 then takes whole turns for lasting, and pauses for 100 to 300 ms to find that they are not (docs/decisions/speed.md).
 * What that door does besides, the gate has done: it has read the body, and refused what is no activity. The SDK's check of the
 * token is behind it, and stays.
 */
export class TurnAdapter extends CloudAdapter {
  /**
   * Runs `turn` for an activity that the gate has let in; its timestamps stay text. Resolves to what Teams is answered: 401
   * with no body when the SDK refuses the token, 501 for an invoke that the turn did not answer. Throws what else the SDK throws
   * before the turn begins; what `turn` throws goes to `onTurnError`.
   */
  async run(
    activity: InboundActivity,
    authorization: string | undefined,
    turn: (context: TurnContext) => Promise<void>,
  ): Promise<Answer> {
    const said: Said = {};
    try {
      const left = await this.processActivity(
        authorization ?? '',
        activity as unknown as Activity,
        (context) => {
          keepSaid(context, said);
          return turn(context);
        },
      );
      return said.answer ?? left ?? { status: StatusCodes.OK };
    } catch (error) {
      if (isTokenFault(error)) return { status: TOKEN_REFUSED };
      throw error;
    } finally {
      said.answer = undefined;
    }
  }
}

/** The library that reads tokens for the SDK throws its own errors, and the SDK lets most of them pass. */
const TOKEN_FAULTS: ReadonlySet<unknown> = new Set([
  'JsonWebTokenError',
  'NotBeforeError',
  'TokenExpiredError',
]);

function isTokenFault(error: unknown): boolean {
  if (error instanceof AuthenticationError) return true;
  return error instanceof Error && TOKEN_FAULTS.has(error.name);
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
