/** Tokens for Graph and for the Teams connector: the bot's managed identity in production, none that matter on loopback. */
import type { TokenCredential } from '@azure/identity';
import { isLoopbackUrl, type Settings } from '../config/settings.ts';
import { managedIdentityToken } from '../delivery/teams.ts';
import { loopbackCredential, managedIdentity } from '../directory/graph.ts';
import { AppError } from '../kernel/errors.ts';

const CONNECTOR_SCOPE = 'https://api.botframework.com/.default';

/** Azure OpenAI's data plane (Microsoft Learn, "Use Azure OpenAI with Microsoft Entra ID"). */
const MODEL_SCOPE = 'https://cognitiveservices.azure.com/.default';

export type TokenSource = {
  readonly graph: TokenCredential;
  readonly bot?: () => Promise<string>;
  readonly model: () => Promise<string>;
};

/** Without an identity, commands that ask nothing of Graph still work; the first request for a token throws. */
export function tokenSource(settings: Settings): TokenSource {
  const { bot, cloud } = settings;
  if (bot) {
    const scope = cloud ? `${cloud.oauthScope}/.default` : CONNECTOR_SCOPE;
    return {
      graph: managedIdentity(bot.id),
      bot: managedIdentityToken(bot.id, scope),
      model: managedIdentityToken(bot.id, MODEL_SCOPE),
    };
  }
  const refused = () => Promise.reject(noIdentity());
  // A token that means nothing goes only to this machine.
  const model = isLoopbackUrl((settings.model ?? settings.embeddings)?.endpoint ?? '')
    ? async () => 'loopback'
    : refused;
  if (isLoopbackUrl(settings.graphUrl)) return { graph: loopbackCredential(), model };
  return { graph: { getToken: refused }, model };
}

/** A service that can read nobody's name could answer nobody. Throws AppError `no-identity`. */
export function ensureIdentity(settings: Settings): void {
  if (!settings.bot && !isLoopbackUrl(settings.graphUrl)) throw noIdentity();
}

function noIdentity(): AppError {
  return new AppError('no-identity', 'Microsoft Graph cannot be read without an identity.', {
    remedy:
      'The settings and the trust’s file are in order. For the sample trust use "npm run dev". For a tenant set BOT_ID, BOT_TENANT_ID and BOT_TYPE.',
  });
}
