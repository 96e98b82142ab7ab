/**
 * Installs Waymark for a person and finds their chat with it, as Graph does it: the app is looked up in the organisation's
 * catalogue by the id of its manifest, and installed where it is not yet. Graph's reference: "List teamsApp", "List apps installed
 * for user", "Install app for user", "Get chat between user and teamsApp".
 */
import { z } from 'zod/v4';
import { AppError } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import type { Graph, GraphWriter } from './graph.ts';
import { GRAPH_ORIGIN } from './replies.ts';

/** `refused`: why it cannot be installed for them, as the end of a sentence. */
export type InstallResult =
  | { readonly kind: 'installed' }
  | { readonly kind: 'refused'; readonly reason: string };

export interface AppInstaller {
  /** Also when it is installed already. What may heal by itself is thrown: AppError `graph-…`. */
  install(personId: string): Promise<InstallResult>;
  /** The id of the person's chat with the app; undefined where it is not installed, or there is none yet. */
  chatOf(personId: string): Promise<string | undefined>;
  /** Whether the catalogue can be read and has the app: undefined, or what is in the way. Changes nothing. */
  look(): Promise<string | undefined>;
}

const CatalogueApp = z.object({ id: z.string().min(1), externalId: z.string().nullish() });
const Installation = z.object({ id: z.string().min(1) });
const Chat = z.object({ id: z.string().min(1) });

/** What a person's account lacks, or who forbids it; any other fault is tried again. */
const REFUSALS: Readonly<Record<string, string>> = {
  'graph-app-blocked': 'an app permission policy of Teams does not let them have it',
  'graph-unlicensed': 'their account has no licence for Teams',
  'graph-not-found': 'Graph does not know their account or the app',
  'graph-denied': 'Waymark may not install it (TeamsAppInstallation.ReadWriteSelfForUser.All is not granted)',
};

/** `appId`: the id in the app's manifest. */
export function createAppInstaller(graph: Graph & GraphWriter, appId: string): AppInstaller {
  let known: string | undefined;

  /** The id under which the catalogue has the app, or why it has none. A store app would have its own id; ours never is one. */
  async function catalogueId(): Promise<{ readonly id: string } | { readonly trouble: string }> {
    if (known) return { id: known };
    const path = `/appCatalogs/teamsApps?$filter=${encodeURIComponent(`externalId eq '${appId}'`)}`;
    try {
      const { items } = await graph.list(path, CatalogueApp);
      const [app] = items;
      if (!app)
        return { trouble: "the organisation's catalogue of Teams apps does not have it (TEAMS_APP_ID)" };
      if (items.length > 1) return { trouble: `the catalogue has it ${count(items.length, 'time')}` };
      known = app.id;
      return { id: app.id };
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'graph-denied') throw error;
      return { trouble: 'Waymark may not look into the catalogue (AppCatalog.Read.All is not granted)' };
    }
  }

  async function installationOf(personId: string): Promise<string | undefined> {
    const filter = encodeURIComponent(`teamsApp/externalId eq '${appId}'`);
    const { items } = await graph.list(
      `${installedApps(personId)}?$expand=teamsApp&$filter=${filter}`,
      Installation,
    );
    return items[0]?.id;
  }

  return {
    install: async (personId) => {
      try {
        if (await installationOf(personId)) return { kind: 'installed' };
        const app = await catalogueId();
        if ('trouble' in app) return { kind: 'refused', reason: app.trouble };
        const body = { 'teamsApp@odata.bind': `${GRAPH_ORIGIN}/v1.0/appCatalogs/teamsApps/${app.id}` };
        await graph.change('POST', installedApps(personId), body, z.unknown());
        return { kind: 'installed' };
      } catch (error) {
        if (!(error instanceof AppError)) throw error;
        // Another instance was quicker, or our own last try, whose answer was lost.
        if (error.code === 'graph-conflict') return { kind: 'installed' };
        // It may have been published anew, under another id.
        known = undefined;
        const reason = REFUSALS[error.code];
        if (reason === undefined) throw error;
        return { kind: 'refused', reason };
      }
    },
    chatOf: async (personId) => {
      const installation = await installationOf(personId);
      if (!installation) return undefined;
      try {
        const path = `${installedApps(personId)}/${encodeURIComponent(installation)}/chat`;
        return (await graph.get(path, Chat)).id;
      } catch (error) {
        if (error instanceof AppError && error.code === 'graph-not-found') return undefined;
        throw error;
      }
    },
    look: async () => {
      known = undefined;
      const app = await catalogueId();
      return 'trouble' in app ? app.trouble : undefined;
    },
  };
}

function installedApps(personId: string): string {
  return `/users/${encodeURIComponent(personId)}/teamwork/installedApps`;
}
