/** The allowance of a person's week, bound to the trust's schedules and digests. */
import type { Trust } from '../config/trust.ts';
import { createGathering, type Gathering } from '../delivery/gathering-service.ts';
import type { Delivery } from '../delivery/service.ts';
import type { Digests } from '../digests/service.ts';
import { addDays, dateOf, mondayOf, weekOf } from '../kernel/time.ts';
import type { ScheduledRule } from '../scheduling/runner.ts';
import { runIdOf } from '../scheduling/store.ts';
import type { Db } from '../storage/database.ts';
import { digestReadersIn, nextGathering } from './schedules.ts';

export function gatheringOf(parts: {
  readonly db: Db;
  readonly trust: Trust;
  readonly delivery: Delivery;
  readonly digests: Pick<Digests, 'readersOn'>;
  /** Asked later: the rules are made with what this returns. */
  readonly rules: () => readonly ScheduledRule[];
}): Gathering {
  const { db, trust, delivery, digests } = parts;
  const { zone } = trust.trust;
  // Without one nothing is held back; what was named before can be opened, and what waits unnamed comes on the next card.
  const allowance = trust.policies.messages_a_week ?? Number.POSITIVE_INFINITY;
  return createGathering({
    db,
    delivery,
    allowance,
    runsOfWeek: (now) => {
      const monday = mondayOf(weekOf(dateOf(now, zone)));
      const counted = parts.rules().filter(({ silent, gathers }) => !silent && gathers !== 'itself');
      return counted.flatMap(({ id }) =>
        Array.from({ length: 7 }, (_, day) => runIdOf({ rule: id, key: addDays(monday, day) })),
      );
    },
    nextGathering: (now) => nextGathering(trust, now),
    awaitDigest: async (now) => {
      // No digest names anything then.
      if (trust.policies.messages_a_week === undefined) return new Set();
      return digestReadersIn(trust, digests, now, now);
    },
  });
}
