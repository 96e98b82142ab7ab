/** Locks anew under the newest key what an older one locked, or none did, so that an older key can be dropped. */
import type { Keyring } from '../kernel/keyring.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import { type LockedOtherwise, relockRows, relockSheets } from './pupils-store.ts';

/** Rows in one transaction: some hundred kilobytes. */
const AT_ONCE = 50;

/** Returns how many weeks of marks and how many groups' names were locked anew. Throws AppError `key-missing` when a key is gone. */
export async function relock(db: Db, keys: Keyring): Promise<LockedOtherwise> {
  return {
    sheets: await all((limit) => inTransaction(db, (trx) => relockSheets(trx, keys, limit))),
    names: await all((limit) => inTransaction(db, (trx) => relockRows(trx, keys, limit))),
  };
}

async function all(some: (limit: number) => Promise<number>): Promise<number> {
  let done = 0;
  for (;;) {
    const now = await some(AT_ONCE);
    done += now;
    if (now < AT_ONCE) return done;
  }
}
