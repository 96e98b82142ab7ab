/**
 * The questions that the directory asks of Graph: who changed, who is in a group, who manages whom, who is in a team.
 * Each is one list or one run of batches; what comes of the answers is decided elsewhere.
 */
import { AppError } from '../kernel/errors.ts';
import type { Graph } from './graph.ts';
import {
  badReply,
  ManagerReply,
  MemberReply,
  readReply,
  TeamMemberReply,
  USER_PROPERTIES,
  UserReply,
} from './replies.ts';

export type UserChanges = { readonly users: readonly UserReply[]; readonly deltaLink: string };

/**
 * All users, or those changed since `deltaLink`, and the link for the next time. Links live seven days; after that
 * AppError `graph-state-lost`. GET /users/delta (learn.microsoft.com/graph/delta-query-users).
 */
export async function readUserChanges(graph: Graph, deltaLink?: string): Promise<UserChanges> {
  const path = deltaLink ?? `/users/delta?$select=${USER_PROPERTIES}`;
  const { items, deltaLink: next } = await graph.list(path, UserReply);
  if (next === undefined) {
    throw badReply(path, 'it ended without a delta link');
  }
  return { users: items, deltaLink: next };
}

/** Users by id; those that are no longer there are left out. */
export async function readUsers(graph: Graph, ids: readonly string[]): Promise<UserReply[]> {
  const replies = await graph.batch(
    ids.map((id) => `/users/${encodeURIComponent(id)}?$select=${USER_PROPERTIES}`),
  );
  return replies.flatMap((reply) => {
    if (reply.status === 404) return [];
    refuseStatus(reply.status, '/users');
    return [readReply(UserReply, reply.body, '/users/{id}')];
  });
}

/**
 * The manager of each person who has one: person → manager. Asked for everyone each time, because a user's delta does
 * not reliably tell of a new manager. GET /users/{id}/manager answers 404 where none is set.
 */
export async function readManagers(graph: Graph, ids: readonly string[]): Promise<Map<string, string>> {
  const replies = await graph.batch(ids.map((id) => `/users/${encodeURIComponent(id)}/manager?$select=id`));
  const managers = new Map<string, string>();
  replies.forEach((reply, index) => {
    const id = ids[index];
    if (reply.status === 404 || id === undefined) return;
    refuseStatus(reply.status, '/users/{id}/manager');
    managers.set(id, readReply(ManagerReply, reply.body, '/users/{id}/manager').id);
  });
  return managers;
}

/** Ids of all users in a group, those in nested groups too. GET /groups/{id}/transitiveMembers. */
export async function readGroup(graph: Graph, groupId: string): Promise<string[]> {
  const path = `/groups/${encodeURIComponent(groupId)}/transitiveMembers?$select=id&$top=999`;
  const { items } = await graph.list(path, MemberReply);
  return items.filter((item) => item['@odata.type'] === '#microsoft.graph.user').map((item) => item.id);
}

/** User ids of a team's members; undefined for one whom the tenant cannot name. GET /teams/{id}/members. */
export async function readTeamMembers(graph: Graph, teamId: string): Promise<(string | undefined)[]> {
  const { items } = await graph.list(
    `/teams/${encodeURIComponent(teamId)}/members?$top=999`,
    TeamMemberReply,
  );
  return items.map((item) => item.userId ?? undefined);
}

function refuseStatus(status: number, what: string): void {
  if (status === 200) return;
  const denied = status === 401 || status === 403;
  throw new AppError(denied ? 'graph-denied' : 'graph-failing', `Graph answered ${status} at ${what}.`, {
    remedy: denied
      ? 'Check that the permissions of docs/OPERATIONS.md are granted.'
      : 'It is tried again at the next sync.',
  });
}
