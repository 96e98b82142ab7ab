/** Edits digests that were sent, where figures in them are doubted, found right or taken back: in the store and where they stand. */
import type { Outbox } from '../delivery/message.ts';
import { addDays, mondayOf } from '../kernel/time.ts';
import type { Trx } from '../storage/database.ts';
import { amendDigest } from './amend.ts';
import { digestCard } from './card.ts';
import type { FiguresChange } from './ports.ts';
import { amendKept, digestsBetween, readRhythms } from './store.ts';

/** A week's figures stand in the digest after it, in later ones while there are no newer, and in the line of six weeks. */
const LAST_DAY = 49;

export function createAmending(outbox: Pick<Outbox, 'revise'>) {
  return async (trx: Trx, change: FiguresChange, now: Date): Promise<void> => {
    const monday = mondayOf(change.week);
    const kept = await digestsBetween(trx, addDays(monday, 7), addDays(monday, LAST_DAY));
    const found = kept.flatMap(({ id, slot, digest }) => {
      const amended = amendDigest(digest, change);
      return amended ? [{ id, slot, digest: amended }] : [];
    });
    const rhythms = await readRhythms(
      trx,
      found.map(({ digest }) => digest.personId),
    );
    for (const { id, slot, digest } of found) {
      await amendKept(trx, id, digest);
      const everyWeeks = rhythms.get(digest.personId) ?? 1;
      await outbox.revise(trx, `${slot}/${digest.personId}`, digestCard(digest, { everyWeeks }), now);
    }
  };
}
