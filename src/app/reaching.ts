/** How people are reached with whom Waymark has no conversation yet: who may be, and where Teams opens one. */
import { grantRemedy } from '../config/consents.ts';
import type { Settings } from '../config/settings.ts';
import type { OpeningParts } from '../delivery/opening-service.ts';
import type { Home } from '../delivery/teams.ts';
import type { AppInstaller } from '../directory/apps-graph.ts';
import type { DirectoryService } from '../directory/service.ts';
import { refuse } from '../kernel/errors.ts';
import { type Finding, well } from './doctor-trust.ts';

export function openingFor(
  settings: Settings,
  directory: Pick<DirectoryService, 'standing'>,
  installer: AppInstaller | undefined,
): OpeningParts {
  const home = homeOf(settings);
  return {
    mayReach: async (personId) => {
      const standing = await directory.standing(personId);
      if (standing === 'staff') return true;
      return standing === 'closed'
        ? refuse('account-closed', 'no conversation yet: their account is disabled')
        : refuse(
            'not-staff',
            'no conversation yet: not on the staff, and nothing is opened for anybody else',
          );
    },
    ...(home ? { home } : {}),
    ...(installer ? { installer } : {}),
  };
}

/** The doctor's look at whether staff who have not got the app can be reached. Changes nothing. */
export async function installing(installer: Pick<AppInstaller, 'look'> | undefined): Promise<Finding> {
  if (!installer)
    return well(
      'installing',
      'Waymark installs itself for nobody: APP_INSTALL is off. Staff who have not got it are unreachable (docs/OPERATIONS.md, stage 5).',
    );
  const trouble = await installer.look();
  if (!trouble)
    return well('installing', 'Waymark may install itself for staff; the catalogue of Teams apps has it.');
  return {
    part: 'installing',
    state: 'attention',
    says: `Waymark cannot be installed for staff: ${trouble}.`,
    remedy: `Publish the app to the organisation. ${grantRemedy('install')}`,
  };
}

/**
 * Teams' own entrance for a bot that nobody has written to yet: the first host of BOT_SERVICE_HOSTS, without a region. Source:
 * Microsoft Learn, "Proactive messages". Undefined for a local run without an identity.
 */
function homeOf({ bot, serviceHosts }: Settings): Home | undefined {
  const [host] = serviceHosts;
  if (!bot || !host) return undefined;
  const serviceUrl = host.includes('://') ? host : `https://${host}/teams/`;
  return { serviceUrl, botId: `28:${bot.id}`, tenantId: bot.tenantId };
}
