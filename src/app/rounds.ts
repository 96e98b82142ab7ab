/**
 * What an instance does again and again beside its capabilities: reads people and documents, gets ready what they changed, and
 * finishes what processes that died had promised. A round that fails is logged, and the next one comes.
 */
import { messageOf } from '../kernel/errors.ts';
import type { Log } from '../telemetry/log.ts';
import { READ_AGAIN } from './doctor-trust.ts';

/** How often the directory and the documents are read again. Milliseconds. */
const REFRESH_EVERY = READ_AGAIN * 60_000;
/** How often late turns of silent processes are looked for. Milliseconds. */
const RECOVER_EVERY = 15_000;

export type RoundsParts = {
  readonly log: Log;
  readonly refresh: () => Promise<{ readonly problems: readonly string[] }>;
  /** So that whoever asks first waits for nothing; undefined where nobody asks this instance. */
  readonly warm: (() => Promise<unknown>) | undefined;
  /** `everyLease`: no other process can hold one. */
  readonly recover: (everyLease: boolean) => Promise<unknown>;
};

export type Rounds = {
  start(everyLease: boolean): void;
  /** No round begins any more; those under way are over once it resolves, but for a reading. */
  stop(): Promise<void>;
};

/** Says in the log which documents are not answered from, and why. */
export function logLeftOut(log: Log, problems: readonly string[]): void {
  for (const problem of problems) log.warn('a document was left out', { problem });
}

export function createRounds({ log, refresh, warm, recover }: RoundsParts): Rounds {
  const timers: NodeJS.Timeout[] = [];
  let warming: Promise<unknown> = Promise.resolve();
  let recovery: Promise<unknown> = Promise.resolve();
  const report = (what: string) => (error: unknown) => log.error(what, { reason: messageOf(error) });

  const warmSoon = () => {
    if (warm) warming = warm().catch(report('warming up failed'));
  };
  const recoverSoon = (everyLease: boolean) => {
    recovery = recover(everyLease).catch(report('recovery failed'));
  };
  const refreshed = ({ problems }: { readonly problems: readonly string[] }) => {
    logLeftOut(log, problems);
    warmSoon();
  };

  return {
    start: (everyLease) => {
      warmSoon();
      recoverSoon(everyLease);
      timers.push(
        setInterval(() => void refresh().then(refreshed, report('refresh failed')), REFRESH_EVERY),
        setInterval(() => recoverSoon(false), RECOVER_EVERY),
      );
    },
    stop: async () => {
      for (const timer of timers.splice(0)) clearInterval(timer);
      await Promise.all([recovery, warming]);
    },
  };
}
