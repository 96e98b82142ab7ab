/** Counts of milestones by status, and how many moved between two days. Pure. */
import type { Status } from '../checkins/lifecycle.ts';
import type { Standing, StatusCounts } from '../checkins/summary.ts';

/** How many milestones stand better and worse than they did. */
export type Moves = { readonly better: number; readonly worse: number };

/** Better before worse. */
export const ORDER: Readonly<Record<Status, number>> = { 'on-track': 0, 'at-risk': 1, 'off-track': 2 };

export function countStatuses(standings: readonly Standing[]): StatusCounts {
  const having = (status: Status) =>
    standings.filter((standing) => standing.answer?.status === status).length;
  return {
    onTrack: having('on-track'),
    atRisk: having('at-risk'),
    offTrack: having('off-track'),
    notYet: standings.filter((standing) => !standing.answer).length,
  };
}

/** Status by milestone id; those without any are left out. */
export function statusesOf(standings: readonly Standing[]): Record<string, Status> {
  return Object.fromEntries(
    standings.flatMap(({ milestone, answer }) => (answer ? [[milestone.id, answer.status] as const] : [])),
  );
}

export function movesSince(
  before: Readonly<Record<string, Status>>,
  now: Readonly<Record<string, Status>>,
): Moves {
  let better = 0;
  let worse = 0;
  for (const [id, status] of Object.entries(now)) {
    const old = before[id];
    if (old && ORDER[status] < ORDER[old]) better += 1;
    if (old && ORDER[status] > ORDER[old]) worse += 1;
  }
  return { better, worse };
}
