/**
 * What Graph's replies must look like before anything believes them, and the plain data they become. Properties that
 * Waymark does not use are dropped here. Shapes: Microsoft Graph v1.0 reference, user, directoryObject,
 * aadUserConversationMember, channel, driveItem, and "delta query".
 */
import { z } from 'zod/v4';
import { AppError } from '../kernel/errors.ts';

export const GRAPH_ORIGIN = 'https://graph.microsoft.com';

const text = z.string().nullish();

/** The properties of a user that are asked for everywhere. */
export const USER_PROPERTIES =
  'id,displayName,givenName,mail,userPrincipalName,jobTitle,officeLocation,accountEnabled,userType';

export const UserReply = z.object({
  id: z.string().min(1),
  displayName: text,
  givenName: text,
  mail: text,
  userPrincipalName: text,
  jobTitle: text,
  officeLocation: text,
  accountEnabled: z.boolean().nullish(),
  userType: text,
  '@removed': z.object({ reason: z.string() }).optional(),
});
export type UserReply = z.infer<typeof UserReply>;

export const MemberReply = z.object({ id: z.string().min(1), '@odata.type': text });
/** `userId` is missing for somebody whom the tenant cannot name. */
export const TeamMemberReply = z.object({ userId: text });
export const ManagerReply = z.object({ id: z.string().min(1) });

export const DriveItemReply = z.object({
  id: z.string().min(1),
  name: text,
  eTag: text,
  webUrl: text,
  size: z.number().nullish(),
  file: z.object({ mimeType: text }).nullish(),
  deleted: z.object({ state: text }).nullish(),
  root: z.unknown().optional(),
  parentReference: z.object({ path: text }).nullish(),
});
export type DriveItemReply = z.infer<typeof DriveItemReply>;

/** A file that was put into a library. `lastModifiedBy`: a person has an id; what an application wrote has none of a user. */
export const FiledReply = z.object({
  id: z.string().min(1),
  name: z.string(),
  webUrl: text,
  lastModifiedBy: z.object({ user: z.object({ id: text }).nullish() }).nullish(),
});

/** Columns by internal name; a person's is a number of the site, so owners are given by mail address in a column of text. */
export const ListItemReply = z.object({ fields: z.record(z.string(), z.unknown()) });

export const PageReply = z.object({
  value: z.array(z.unknown()),
  '@odata.nextLink': z.string().optional(),
  '@odata.deltaLink': z.string().optional(),
});

export const BatchReply = z.object({
  responses: z.array(
    z.object({
      id: z.string(),
      status: z.int(),
      headers: z.record(z.string(), z.string()).nullish(),
      body: z.unknown(),
    }),
  ),
});

/** An account of the tenant as the copy keeps it. */
export type Account = {
  readonly id: string;
  readonly name: string;
  readonly givenName: string;
  readonly mail: string;
  readonly jobTitle: string;
  readonly office: string;
  readonly enabled: boolean;
  readonly member: boolean;
};

/** A user reply over what was known: Graph may leave out of a delta what has not changed; `null` means it is empty now. */
export function accountFrom(reply: UserReply, before?: Account): Account {
  const keep = (value: string | null | undefined, known: string | undefined) =>
    value === undefined ? (known ?? '') : (value ?? '');
  const name = keep(reply.displayName, before?.name);
  const mail = reply.mail ?? before?.mail ?? reply.userPrincipalName ?? '';
  return {
    id: reply.id,
    name,
    givenName: keep(reply.givenName, before?.givenName) || (name.split(' ')[0] ?? ''),
    mail,
    jobTitle: keep(reply.jobTitle, before?.jobTitle),
    office: keep(reply.officeLocation, before?.office),
    enabled: reply.accountEnabled ?? before?.enabled ?? false,
    member: reply.userType === undefined ? (before?.member ?? false) : reply.userType === 'Member',
  };
}

/** A reply in its shape. Throws AppError `graph-bad-reply` that names the property. */
export function readReply<T>(shape: z.ZodType<T>, value: unknown, path: string): T {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw badReply(path, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim());
}

export function badReply(path: string, what: string): AppError {
  return new AppError('graph-bad-reply', `Graph's reply to ${pathOnly(path)} cannot be read: ${what}.`, {
    remedy: 'If it stays, Graph has changed; compare the reply with src/directory/replies.ts.',
  });
}

/** Links carry state tokens in their query; those stay out of messages and logs. */
export function pathOnly(path: string): string {
  return path.replace(/\?.*$/, '').replace(GRAPH_ORIGIN, '');
}
