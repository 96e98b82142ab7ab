/**
 * How the service signs in to its database: with what DATABASE_URL carries, or as its managed identity. Nothing here is
 * kept; the identity library caches tokens itself.
 */
import type { TokenCredential } from '@azure/identity';
import type { Settings } from '../config/settings.ts';
import { managedIdentity } from '../directory/graph.ts';
import { AppError } from '../kernel/errors.ts';

/** What Azure Database for PostgreSQL takes a token for (learn: flexible-server, "Use Microsoft Entra ID"). */
const DATABASE_SCOPE = 'https://ossrdbms-aad.database.windows.net/.default';

/**
 * The `password` for openStore: undefined when the URL carries it; with DATABASE_SIGN_IN=entra a function that gives a
 * token for each new connection. It rejects with AppError `no-database-token` when the identity gives none.
 */
export function databasePassword(
  settings: Pick<Settings, 'databaseSignIn' | 'bot'>,
  credential?: TokenCredential,
): (() => Promise<string>) | undefined {
  if (settings.databaseSignIn !== 'entra' || !settings.bot) return undefined;
  const identity = credential ?? managedIdentity(settings.bot.id);
  return async () => {
    const token = await identity.getToken(DATABASE_SCOPE);
    if (token) return token.token;
    throw new AppError('no-database-token', 'The managed identity gave no token for the database.', {
      remedy:
        'Check that the identity in BOT_ID is assigned to this App Service, or set DATABASE_SIGN_IN=password.',
    });
  };
}
