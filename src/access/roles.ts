/**
 * The roles there are, and how far each reaches. `trust.yaml` and groups of the directory appoint some; what somebody is to one
 * thing (owner, reviewer, asker) only that thing tells. Plain ids in, plain answers out; knows neither the file nor the groups.
 */

/** How far a role reaches: all of the trust, one school, one team, a strand, tutor groups of a school, or one thing alone. */
export type Reach = 'trust' | 'school' | 'team' | 'strand' | 'groups' | 'thing';

type RoleLine = { readonly reach: Reach; readonly says: string };

/** Appointed to people: by the trust's file, by a group that it names, or by the directory. */
const APPOINTED = {
  staff: { reach: 'trust', says: 'any member of staff' },
  'school-staff': { reach: 'school', says: 'staff of the school' },
  tutor: { reach: 'groups', says: 'the tutor of the groups' },
  'data-contact': { reach: 'school', says: "the school's data contact" },
  head: { reach: 'school', says: "the school's head" },
  'team-lead': { reach: 'team', says: 'whoever leads the team' },
  'priority-lead': { reach: 'strand', says: 'whoever leads the priority or its strand' },
  'attendance-lead': { reach: 'trust', says: 'whoever leads attendance' },
  'trust-leader': { reach: 'trust', says: 'trust leaders' },
  'chief-executive': { reach: 'trust', says: 'the chief executive' },
  operator: { reach: 'trust', says: 'operators' },
} as const satisfies Readonly<Record<string, RoleLine>>;

/** What a person is to one thing, told by its own row, the line of management, or the place. */
export const TOLD = {
  owner: { reach: 'thing', says: 'its owner' },
  'stand-in': { reach: 'thing', says: "whoever acts in its owner's place" },
  reviewer: {
    reach: 'thing',
    says: "whoever reads it: the owner's line manager or whom its milestone says, or who acts for them",
  },
  asker: { reach: 'thing', says: 'whoever asked the question' },
  'question-reader': { reach: 'thing', says: 'whoever the question was sent to: the owner of the document' },
  'answer-author': { reach: 'thing', says: 'whoever wrote the answer' },
  'draft-author': { reach: 'thing', says: 'whoever wrote the reply' },
  recipient: { reach: 'thing', says: 'whoever the message was for' },
  helper: { reach: 'thing', says: 'whoever is asked for help with attendance' },
  'chat-member': { reach: 'thing', says: 'members of the leadership chat, there' },
  'channel-member': { reach: 'thing', says: 'staff in the channel, there' },
} as const satisfies Readonly<Record<string, RoleLine>>;

/** Not people of the trust: whoever has the machine, the services that call us, and everybody else. */
const OUTSIDE = {
  'command-line': { reach: 'trust', says: 'whoever has the command line of the installation' },
  teams: { reach: 'trust', says: 'Teams, with a token for this bot' },
  graph: { reach: 'trust', says: "Graph, with the subscription's secret" },
  anyone: { reach: 'thing', says: 'anyone' },
} as const satisfies Readonly<Record<string, RoleLine>>;

export type AppointedRole = keyof typeof APPOINTED;
export type ToldRole = keyof typeof TOLD;
export type OutsideRole = keyof typeof OUTSIDE;
export type Role = AppointedRole | ToldRole | OutsideRole;

export const ROLES: Readonly<Record<Role, RoleLine>> = { ...APPOINTED, ...TOLD, ...OUTSIDE };

export type Scope =
  | { readonly kind: 'trust' }
  | { readonly kind: 'school'; readonly urn: string }
  | { readonly kind: 'team'; readonly id: string }
  | { readonly kind: 'strand'; readonly id: string }
  | { readonly kind: 'groups'; readonly urn: string; readonly groups: readonly string[] }
  /** Of the thing at hand, which told it. */
  | { readonly kind: 'thing' };

export type Standing = { readonly role: Role; readonly scope: Scope };

/** Who is to be judged. `id`: a person's, or `command-line`. */
export type Holder = { readonly id: string; readonly standings: readonly Standing[] };

/** Which face of a school's card a button stood on: its channel's, its leadership chat's, or the head's own. */
export type Face = 'channel' | 'leaders' | 'head';

/**
 * What a verb is about, as far as it matters to anybody's scope. `name`: as its reader knows it, for a refusal; `trust`: the
 * trust's name, for the same.
 */
export type About = {
  readonly urn?: string | undefined;
  readonly team?: string | undefined;
  readonly strand?: string | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly face?: Face | undefined;
  readonly name?: string | undefined;
  readonly trust?: string | undefined;
};

/** Whether what a verb is about lies within a scope. */
function covers(scope: Scope, about: About): boolean {
  switch (scope.kind) {
    case 'trust':
    case 'thing':
      return true;
    case 'school':
      return about.urn === scope.urn;
    case 'team':
      return about.team === scope.id;
    case 'strand':
      return about.strand === scope.id;
    case 'groups':
      return (
        about.urn === scope.urn &&
        about.groups !== undefined &&
        about.groups.every((group) => scope.groups.includes(group))
      );
  }
}

/** Whether a standing counts for what a verb is about; one that reaches further than its role does counts for nothing. */
export function reaches({ role, scope }: Standing, about: About): boolean {
  return ROLES[role].reach === scope.kind && covers(scope, about);
}

/** The same person, with what the thing at hand tells of them; `undefined` among these adds nothing. */
export function being(holder: Holder, ...told: readonly (ToldRole | undefined)[]): Holder {
  const more = told.flatMap((role): Standing[] => (role ? [{ role, scope: { kind: 'thing' } }] : []));
  return { id: holder.id, standings: [...holder.standings, ...more] };
}

/** Who has the command line; audits name them so. */
export const COMMAND_LINE: Holder = {
  id: 'command-line',
  standings: [{ role: 'command-line', scope: { kind: 'trust' } }],
};

/** Somebody who holds no role here: a pupil, a guest, a leaver, another tenant's. */
export function outsider(id: string): Holder {
  return { id, standings: [{ role: 'anyone', scope: { kind: 'thing' } }] };
}
