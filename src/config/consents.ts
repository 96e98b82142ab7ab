/**
 * What Waymark may ask of a tenant, once: each permission of Microsoft Graph with what it is for, why nothing narrower does, and what falls
 * away without it. The app package, the script that grants, the doctor's remedies and docs/OPERATIONS.md are made from this
 * or compared with it. Sources: Microsoft Graph's permissions reference and the page of each request.
 */

export type StageName = 'chat' | 'people' | 'library' | 'reports' | 'channels' | 'replies' | 'install';

export type Stage = {
  readonly name: StageName;
  /** As docs/OPERATIONS.md counts them. */
  readonly number: 1 | 2 | 3 | 4 | 5;
  readonly gives: string;
  /** Undefined: every trust wants it. */
  readonly onlyIf?: string;
};

export const STAGES: readonly Stage[] = [
  {
    name: 'chat',
    number: 1,
    gives: 'people can talk to Waymark, and are answered from CONTENT_DIR once they are known',
  },
  { name: 'people', number: 2, gives: 'who is staff, who manages whom, and who may read what' },
  {
    name: 'library',
    number: 2,
    gives: 'documents, marks and milestones in SharePoint',
    onlyIf: 'trust.yaml has `library` or `milestone_list`',
  },
  {
    name: 'reports',
    number: 2,
    gives: 'term reports stored in a folder',
    onlyIf: 'trust.yaml has `reports`',
  },
  { name: 'channels', number: 3, gives: "cards in schools' channels" },
  { name: 'replies', number: 4, gives: 'replies in the threads of milestones', onlyIf: 'CHANNELS is on' },
  {
    name: 'install',
    number: 5,
    gives: 'the app installed for staff who have not got it',
    onlyIf: 'APP_INSTALL is on',
  },
];

export type Consent = {
  readonly name: string;
  readonly stage: StageName;
  /**
   * `application`: granted to the managed identity, for the tenant or for what is selected. `team`: resource-specific, given by a
   * team's owner on adding the app, for that team alone.
   */
  readonly kind: 'application' | 'team';
  /** Requests that need it. */
  readonly asks: string;
  readonly why: string;
  /** Why nothing narrower does. */
  readonly least: string;
  readonly without: string;
  /** The part of `doctor` that shows when it is missing; of several places each has its own: `channel 900001`. */
  readonly part: string;
};

export const CONSENTS: readonly Consent[] = [
  {
    name: 'User.Read.All',
    stage: 'people',
    kind: 'application',
    asks: 'GET /users/delta, GET /users/{id}/manager',
    why: 'names, work addresses, schools and managers of staff; no mail, no files',
    least: 'User.ReadBasic.All tells neither the manager nor whether an account is closed',
    without: 'nobody counts as staff, so nobody is answered',
    part: 'people',
  },
  {
    name: 'GroupMember.Read.All',
    stage: 'people',
    kind: 'application',
    asks: 'GET /groups/{id}/transitiveMembers',
    why: 'who is in the staff group, and in groups that may read a document',
    least: 'the least that lists the members of a group; it opens nothing else of the group',
    without: 'nobody counts as staff, so nobody is answered',
    part: 'people',
  },
  {
    name: 'Sites.Selected',
    stage: 'library',
    kind: 'application',
    asks: 'GET /drives/{id}/…, GET and PATCH /sites/{id}/lists/{id}/items',
    why: 'the document library and the list of milestones that trust.yaml names',
    least: 'opens nothing by itself: each site is granted apart',
    without: 'documents on disk only; milestones in chat only',
    part: 'documents',
  },
  {
    name: 'Files.SelectedOperations.Selected',
    stage: 'reports',
    kind: 'application',
    asks: 'PUT /drives/{id}/items/{folder}:/…:/content',
    why: 'released term reports, put into the one folder that trust.yaml names',
    least: 'opens nothing by itself: the one folder is granted',
    without: 'heads get the two files in Teams only',
    part: 'reports',
  },
  {
    name: 'TeamMember.Read.Group',
    stage: 'channels',
    kind: 'team',
    asks: 'GET /teams/{id}/members',
    why: 'to see before each post that only staff are in the team',
    least: 'of this one team',
    without: "no card in that team's channels",
    part: 'channel',
  },
  {
    name: 'TeamSettings.Read.Group',
    stage: 'replies',
    kind: 'team',
    asks: 'GET /teams/{id}',
    why: "the team's name, and whether it is archived",
    least: 'of this one team',
    without: 'owners answer on the card',
    part: 'replies',
  },
  {
    name: 'ChannelSettings.Read.Group',
    stage: 'replies',
    kind: 'team',
    asks: 'GET /teams/{id}/channels/{id}',
    why: "the channel's name, and whether it is private or shared",
    least: 'of this one team',
    without: 'owners answer on the card',
    part: 'replies',
  },
  {
    name: 'ChannelMessage.Read.Group',
    stage: 'replies',
    kind: 'team',
    asks: 'GET /teams/{id}/channels/{id}/messages, POST /subscriptions',
    why: "replies in a milestone's thread become drafts for their authors; a card whose arrival is in doubt is looked for",
    least:
      'cannot be narrower than all messages of the team’s standard channels, so it has an app package of its own',
    without: 'owners answer on the card; operators are asked about a card in doubt',
    part: 'replies',
  },
  {
    name: 'TeamsAppInstallation.ReadWriteSelfForUser.All',
    stage: 'install',
    kind: 'application',
    asks: 'GET and POST /users/{id}/teamwork/installedApps',
    why: 'installing Waymark for a member of staff whom a message waits for',
    least: '"Self" is Waymark, and no other app',
    without: 'who has not got the app is unreachable, by name in the report',
    part: 'installing',
  },
  {
    name: 'AppCatalog.Read.All',
    stage: 'install',
    kind: 'application',
    asks: 'GET /appCatalogs/teamsApps',
    why: 'by which id the catalogue has Waymark',
    least: 'the least that reads the catalogue',
    without: 'who has not got the app is unreachable, by name in the report',
    part: 'installing',
  },
];

/** The permissions of some stages, in order. */
export function consentsOf(stages: readonly StageName[], kind?: Consent['kind']): Consent[] {
  return CONSENTS.filter((consent) => stages.includes(consent.stage) && (!kind || consent.kind === kind));
}

/** `Grant User.Read.All and GroupMember.Read.All: npm run consents -- --env dev --stage people --grant (docs/OPERATIONS.md, stage 2).` */
export function grantRemedy(stage: StageName): string {
  const names = consentsOf([stage]).map(({ name }) => name);
  const { number } = STAGES.find(({ name }) => name === stage) ?? { number: 1 };
  const all = names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : names[0];
  const given = consentsOf([stage], 'application').length > 0;
  const how = given
    ? `npm run consents -- --env dev --stage ${stage} --grant`
    : 'an owner of the team adds the app, or updates it';
  return `Grant ${all}: ${how} (docs/OPERATIONS.md, stage ${number}).`;
}
