/** Keeps the audit's chain: seals new entries while the service runs, and verifies all of it when asked. */
import { messageOf } from '../kernel/errors.ts';
import { keyedHash } from '../kernel/ids.ts';
import { sealAudit } from '../storage/audit.ts';
import { type AuditVerdict, verifyAudit } from '../storage/audit-store.ts';
import { type Db, inSnapshot } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';

export type AuditKeeper = {
  readonly key: string;
  start(): void;
  stop(): Promise<void>;
  /** Seals what is new, then reads the whole chain. */
  verify(): Promise<AuditVerdict>;
};

/** How long an entry may stay unsealed. Milliseconds. */
const SEAL_EVERY = 5_000;

/** `secret`: the service's own; the chain's key is made from it, so that no other use of it can seal. */
export function keepAudit(parts: {
  readonly db: Db;
  readonly secret: string;
  readonly log: Log;
}): AuditKeeper {
  const { db, log } = parts;
  const key = keyedHash(parts.secret, 'audit');
  let timer: NodeJS.Timeout | undefined;
  let sealing: Promise<unknown> = Promise.resolve();
  const beat = () => {
    sealing = sealAudit(db, key)
      .catch((error: unknown) => log.error('the audit could not be sealed', { reason: messageOf(error) }))
      .finally(() => {
        if (timer) timer = setTimeout(beat, SEAL_EVERY).unref();
      });
  };
  return {
    key,
    start: () => {
      timer ??= setTimeout(beat, SEAL_EVERY).unref();
    },
    stop: async () => {
      clearTimeout(timer);
      timer = undefined;
      await sealing;
    },
    verify: async () => {
      await sealAudit(db, key);
      return inSnapshot(db, (trx) => verifyAudit(trx, key));
    },
  };
}
