/**
 * Who may open a file of the library, from its permissions in Graph's words. Only what Graph says outright counts: a kind of
 * grant that is not known here opens nothing. Pure.
 */
import { z } from 'zod/v4';
import { fold } from '../kernel/text.ts';

const text = z.string().nullish();
const Identity = z.object({ id: text, displayName: text }).nullish();
const SiteUser = z.object({ displayName: text, loginName: text }).nullish();
const Identities = z
  .object({ user: Identity, group: Identity, siteUser: SiteUser, siteGroup: Identity })
  .partial();

/** Microsoft Graph v1.0, permission resource. `inheritedFrom` is not asked for: what a folder grants opens the file too. */
export const PermissionReply = z.object({
  roles: z.array(z.string()).nullish(),
  grantedToV2: Identities.nullish(),
  grantedToIdentitiesV2: z.array(Identities).nullish(),
  link: z.object({ scope: text }).nullish(),
  expirationDateTime: text,
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
  /**
   * Whether a link for everybody in the organisation opens a file to all staff. It opens it only to those who were given the
   * link, and Graph does not tell who was, so by itself it says nothing of anybody.
   */
  readonly organisationLinks: boolean;
};

/** Roles that let somebody read (permission resource, "roles property values", and SharePoint's own levels). */
const READING =
  /^(?:read|write|owner|fullcontrol|sp\.(?:owner|member|full control|read|edit|contribute|design))$/i;
/** SharePoint's own names for everybody in the tenant, with and without guests: a grant, where a link is only a way in. */
const EVERYBODY = /^c:0(?:-\.f\|rolemanager\|spo-grid-all-users\/|\(\.s\|true$)/i;
/** The owners of a Microsoft 365 group, whom Graph gives with the id of the whole group. */
const OWNERS_ONLY = /\|federateddirectoryclaimprovider\|[^|]+_o$/i;

/** Links for named people open a file to those named; links for the whole organisation only where the trust says so. */
export function readersFrom(
  permissions: readonly PermissionReply[],
  staff: StaffGroups,
  now: Date,
): ItemReaders {
  const siteGroups = new Set(staff.siteGroups.map(fold));
  const groups = new Set<string>();
  const people = new Set<string>();
  let everyone = false;
  for (const permission of permissions) {
    // A grant without a role opens nothing: SharePoint's "limited access" is one, given to reach something below.
    if (!permission.roles?.some((role) => READING.test(role))) continue;
    if (isOver(permission.expirationDateTime, now)) continue;
    if (staff.organisationLinks && permission.link?.scope === 'organization') everyone = true;
    const granted = [permission.grantedToV2 ?? {}, ...(permission.grantedToIdentitiesV2 ?? [])];
    for (const { user, group, siteUser, siteGroup } of granted) {
      if (user?.id) people.add(user.id);
      if (group?.id && !OWNERS_ONLY.test(siteUser?.loginName ?? '')) groups.add(group.id);
      if (EVERYBODY.test(siteUser?.loginName ?? '')) everyone = true;
      if (siteGroup?.displayName && siteGroups.has(fold(siteGroup.displayName))) everyone = true;
    }
  }
  return { everyone: everyone || groups.has(staff.staffGroup), groups: [...groups], people: [...people] };
}

/** Graph says that a grant has no end by leaving it out, or by the first instant that it can name (permission resource). */
function isOver(until: string | null | undefined, now: Date): boolean {
  if (!until || until.startsWith('0001-01-01')) return false;
  return !(new Date(until) > now);
}
