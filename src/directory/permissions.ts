/**
 * Who may open a file of the library, from its permissions in Graph's words. Only what Graph says outright counts: a kind of
 * grant that is not known here opens nothing. Pure.
 */
import { z } from 'zod/v4';
import { fold } from '../kernel/text.ts';

const text = z.string().nullish();
const Identity = z.object({ id: text, displayName: text }).nullish();
const Identities = z
  .object({ user: Identity, group: Identity, siteUser: Identity, siteGroup: Identity })
  .partial();

/** Microsoft Graph v1.0, permission resource. Of its identities, `siteUser` repeats `user` in SharePoint's own numbering. */
export const PermissionReply = z.object({
  roles: z.array(z.string()).nullish(),
  grantedToV2: Identities.nullish(),
  grantedToIdentitiesV2: z.array(Identities).nullish(),
  link: z.object({ scope: text }).nullish(),
});
export type PermissionReply = z.infer<typeof PermissionReply>;

/** `everyone`: all staff. Ids are Graph's. */
export type ItemReaders = {
  readonly everyone: boolean;
  readonly groups: readonly string[];
  readonly people: readonly string[];
};

export const NO_READERS: ItemReaders = { everyone: false, groups: [], people: [] };

export type StaffGroups = {
  readonly staffGroup: string;
  /** SharePoint groups that all staff are in, by name: Graph does not tell who is in a SharePoint group. */
  readonly siteGroups: readonly string[];
};

/** Links for the whole organisation, or for anybody, open a file to all staff; links for named people to those named. */
export function readersFrom(permissions: readonly PermissionReply[], staff: StaffGroups): ItemReaders {
  const siteGroups = new Set(staff.siteGroups.map(fold));
  const groups = new Set<string>();
  const people = new Set<string>();
  let everyone = false;
  for (const permission of permissions) {
    // A grant without a role opens nothing: SharePoint's "limited access" is one, given to reach something below.
    if (permission.roles?.length === 0) continue;
    if (['organization', 'anonymous'].includes(permission.link?.scope ?? '')) everyone = true;
    const granted = [permission.grantedToV2 ?? {}, ...(permission.grantedToIdentitiesV2 ?? [])];
    for (const { user, group, siteGroup } of granted) {
      if (user?.id) people.add(user.id);
      if (group?.id) groups.add(group.id);
      if (siteGroup?.displayName && siteGroups.has(fold(siteGroup.displayName))) everyone = true;
    }
  }
  return { everyone: everyone || groups.has(staff.staffGroup), groups: [...groups], people: [...people] };
}
