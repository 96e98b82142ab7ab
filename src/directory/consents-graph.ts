/**
 * Asks Graph one small thing for each application permission that this trust needs, so that a missing one can be called by its name.
 * Changes nothing. What a team's owner consents to is seen where the team is looked at.
 */
import type { Trust } from '../config/trust.ts';
import type { Graph } from './graph.ts';

/** Names of permissions that Graph does not grant us now, in order. `appId`: the manifest's, where the app may be installed. */
export async function deniedPermissions(graph: Graph, trust: Trust, appId?: string): Promise<string[]> {
  const probes = probesOf(trust, appId);
  const replies = await graph.batch(probes.map(([, path]) => path));
  const denied = probes.flatMap(([name], index) => (isDenied(replies[index]?.status) ? [name] : []));
  return [...new Set(denied)];
}

function isDenied(status: number | undefined): boolean {
  return status === 401 || status === 403;
}

/** A permission and a request that needs it; of things that every tenant has, or that the trust's file names. */
function probesOf(trust: Trust, appId?: string): (readonly [name: string, path: string])[] {
  const { library, milestone_list: list } = trust;
  const person = encodeURIComponent(trust.trust.ceo);
  const group = encodeURIComponent(trust.trust.staff_group);
  const filter = (property: string) => encodeURIComponent(`${property} eq '${appId}'`);
  return [
    ['User.Read.All', `/users/${person}?$select=id`],
    ['GroupMember.Read.All', `/groups/${group}/transitiveMembers?$select=id&$top=1`],
    ...(library
      ? [['Sites.Selected', `/drives/${encodeURIComponent(library.drive)}/root/delta?token=latest`] as const]
      : []),
    ...(list
      ? [
          [
            'Sites.Selected',
            `/sites/${encodeURIComponent(list.site)}/lists/${encodeURIComponent(list.list)}/items?$top=1`,
          ] as const,
        ]
      : []),
    ...(appId
      ? ([
          ['AppCatalog.Read.All', `/appCatalogs/teamsApps?$filter=${filter('externalId')}`],
          [
            'TeamsAppInstallation.ReadWriteSelfForUser.All',
            `/users/${person}/teamwork/installedApps?$expand=teamsApp&$filter=${filter('teamsApp/externalId')}`,
          ],
        ] as const)
      : []),
  ];
}
