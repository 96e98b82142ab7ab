/**
 * The nightly deletion of what is only somebody's own, a set number of days after they left the directory. It holds the
 * directory's row, so no reading of the directory comes between the look and the deletion.
 */
import type { Trust } from '../config/trust.ts';
import { countPeople, lockState, saveBelieved, saveSmall } from '../directory/store.ts';
import { count, listInWords } from '../kernel/text.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { doubtInWords, standingOf } from './leavers.ts';
import { deleteLeft, listLeavers, markLeavers, type OwnTable } from './leavers-store.ts';
import type { ProcessingEntry } from './processing.ts';
import { PROCESSING, rowsInWords } from './processing-tables.ts';

export type LeaverParts = { readonly db: Db; readonly trust: Trust; readonly log: Log };

/** `rows`: by table, how many went. `held`: why nobody was looked at. */
export type LeaversForgotten = {
  readonly people: number;
  readonly rows: Readonly<Record<string, number>>;
  readonly held?: 'not-read' | 'empty' | 'small';
};

const OWN: readonly OwnTable[] = Object.entries(PROCESSING).flatMap(
  ([table, { owner }]: readonly [string, ProcessingEntry]) => (owner ? [{ table, ...owner }] : []),
);

export async function forgetLeavers({ db, trust, log }: LeaverParts, now: Date): Promise<LeaversForgotten> {
  const before = new Date(now.getTime() - trust.retention.leavers_days * 86_400_000);
  const done = await inTransaction(db, async (trx): Promise<LeaversForgotten> => {
    const state = await lockState(trx);
    const present = await countPeople(trx);
    const standing = standingOf(state, present, now);
    if (standing.kind === 'doubted') {
      if (standing.because === 'small' && !state.believed?.smallSince) await saveSmall(trx, now);
      return { people: 0, rows: {}, held: standing.because };
    }
    await saveBelieved(trx, present);
    await markLeavers(trx, OWN, now);
    const left = await listLeavers(trx, before);
    return { people: left.length, rows: left.length > 0 ? await deleteLeft(trx, OWN, left) : {} };
  });
  if (done.held) log.warn('nothing of leavers was looked at', { because: done.held });
  return done;
}

/** For the run's report; empty when there is nothing to say. */
export function leaversInWords({ people, rows, held }: LeaversForgotten): string {
  if (held) return doubtInWords(held);
  if (people === 0) return '';
  return `of ${count(people, 'person', 'people')} who left: ${listInWords(rowsInWords(rows))}`;
}
