/**
 * Uncertain messages in channels, looked for where replies are read (consent stage 4): the same consent shows what is posted there.
 * A leaders' chat and a person's own chat are not looked through: no consent for them is narrow enough (docs/decisions/delivery.md).
 */
import type { Trust } from '../config/trust.ts';
import { createReconciler, type Reading, type Reconciler } from '../delivery/reconcile-service.ts';
import type { Graph } from '../directory/graph.ts';
import { readAppPosts } from '../directory/posts-graph.ts';
import { AppError } from '../kernel/errors.ts';
import { covers } from '../scheduling/pauses.ts';
import { quietWait } from '../scheduling/quiet.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { ServiceClock } from './clock.ts';
import type { Pausing } from './pausing.ts';

/** Why a channel may not be read, by Graph's fault, as the report says it; any other is tried again. */
const DENIED: Readonly<Record<string, string>> = {
  'graph-denied': 'Waymark may not read what is posted there (ChannelMessage.Read.Group)',
  'graph-not-found': 'Graph does not know the channel',
};

export function reconcilerOf(parts: {
  readonly db: Db;
  readonly trust: Trust;
  readonly clock: ServiceClock;
  readonly log: Log;
  readonly graph: Pick<Graph, 'list'>;
  readonly pausing: Pick<Pausing, 'paused'>;
  readonly wake: () => void;
}): Reconciler {
  const { db, trust, clock, log, graph, pausing, wake } = parts;
  const { quiet_from: from, quiet_to: to } = trust.policies;

  async function read(place: { teamId: string; channelId: string }, since: Date): Promise<Reading> {
    try {
      return { kind: 'read', posts: await readAppPosts(graph, place, since) };
    } catch (error) {
      const why = error instanceof AppError ? DENIED[error.code] : undefined;
      if (why === undefined) throw error;
      return { kind: 'denied', why };
    }
  }

  return createReconciler({
    db,
    log,
    read,
    wake,
    maySend: async ({ runId, channelId, urgent, sentAt }) => {
      if (urgent) return true;
      const now = clock.now();
      const [rule = ''] = runId.split('/');
      const school = trust.schools.find(({ channel }) => channel === channelId)?.urn;
      const paused = (await pausing.paused(now)).some(
        ({ scope }) =>
          scope.kind === 'everything' ||
          (scope.kind === 'rule' ? covers(scope.rule, rule) : scope.urn === school),
      );
      // A clock that is moved by hand passes no night while the database's stands.
      return !paused && (clock.movable || quietWait({ from, to }, sentAt, now, trust.trust.zone) === 0);
    },
  });
}
