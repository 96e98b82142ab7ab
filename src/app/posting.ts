/** Everything by which messages leave: the connector's client, the ledger, and who may be written to where. */
import type { UseCases } from '../bot/routes.ts';
import type { OnLost } from '../delivery/editing-service.ts';
import { readMembers } from '../delivery/roster-service.ts';
import { createDelivery } from '../delivery/service.ts';
import { createConnector } from '../delivery/teams.ts';
import { createAppInstaller } from '../directory/apps-graph.ts';
import type { Graph, GraphWriter } from '../directory/graph.ts';
import type { DirectoryService } from '../directory/service.ts';
import { quietAt } from '../scheduling/quiet.ts';
import { companyOfChat, mayPostIn } from './chats.ts';
import { openingFor } from './reaching.ts';
import type { Resources } from './resources.ts';

export function openPosting(
  { settings, trust, clock, log, jobs, store, limits, opensChats }: Resources,
  parts: {
    readonly graph: Graph & GraphWriter;
    readonly directory: DirectoryService;
    /** The bot's own token for Teams; undefined for a local run without a sign-in. */
    readonly getToken: (() => Promise<string>) | undefined;
    readonly onLost: OnLost;
  },
) {
  const { graph, directory, getToken, onLost } = parts;
  const hours = { from: trust.policies.quiet_from, to: trust.policies.quiet_to };
  const service = { hosts: settings.serviceHosts, ...(getToken ? { getToken } : {}) };
  const connector = createConnector({ ...service, loopback: settings.appEnv === 'local' });
  const chatMembers: UseCases['chatMembers'] = ({ serviceUrl, id }) =>
    readMembers({ serviceUrl, conversationId: id }, service);
  const installer = settings.installs ? createAppInstaller(graph, settings.installs) : undefined;
  const delivery = createDelivery({
    db: store.db,
    jobs,
    connector,
    clock,
    log,
    soleInstance: store.engine.kind === 'embedded',
    ...(limits ? { limits } : {}),
    mayPost: (target) => mayPostIn({ trust, directory, chatCompany }, target),
    onLost,
    // A clock that is moved by hand passes no night while the database's stands.
    ...(clock.movable ? {} : { quiet: () => quietAt(hours, clock.now(), trust.trust.zone) }),
    ...(opensChats ? { opening: openingFor(settings, directory, installer) } : {}),
    gathers: trust.policies.messages_a_week !== undefined,
  });
  const chatCompany = companyOfChat({ delivery, directory, chatMembers });
  return { connector, delivery, chatMembers, chatCompany, installer };
}
