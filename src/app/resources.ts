/**
 * Opens what the app works with, in order, and closes it in reverse: settings first, then the trust's file, so that a bad
 * start is refused before anything is touched. Each part that failed to open leaves the earlier ones closed again.
 */
import { loadTrust } from '../config/load.ts';
import type { Settings } from '../config/settings.ts';
import type { Trust } from '../config/trust.ts';
import type { Limits } from '../delivery/pacing.ts';
import type { Keyring } from '../kernel/keyring.ts';
import { openStore, type Store, type StoreOptions } from '../storage/database.ts';
import { type Jobs, startJobs } from '../storage/jobs.ts';
import { migrate } from '../storage/migrate.ts';
import type { Log } from '../telemetry/log.ts';
import { openClock, type ServiceClock } from './clock.ts';
import { databasePassword } from './database-sign-in.ts';
import { pseudonymKey, pupilKeys } from './keys.ts';
import { checkColumns } from './marks-columns.ts';
import { checkSchedules } from './schedules.ts';

export type Resources = {
  readonly settings: Settings;
  readonly trust: Trust;
  readonly clock: ServiceClock;
  readonly log: Log;
  readonly store: Store;
  readonly jobs: Jobs;
  readonly pseudonymKey: string;
  readonly pupilKeys: Keyring;
  /** How fast messages may leave; undefined: as Teams allows. */
  readonly limits: Limits | undefined;
  /** Whether a chat may be opened for somebody who has none. */
  readonly opensChats: boolean;
  close(): Promise<void>;
};

/** How a start is watched, and where its store comes from; both have their usual meaning when left out. */
export type Opening = {
  /** Told of each step that a person may have to wait for, as it begins. */
  readonly progress?: Progress | undefined;
  /** An empty embedded store that was begun before this code was loaded. */
  readonly emptyStore?: StoreOptions['emptyStore'];
  /** Tests bring an engine that runs already. */
  readonly openStore?: OpenStore | undefined;
  /** A rehearsal, with nobody at the other end, brings its own. */
  readonly limits?: Limits | undefined;
  /** False where the other end opens a chat for anybody and has no window to show it in: the Playground. Left out: true. */
  readonly opensChats?: boolean;
};
export type OpenStore = (options: StoreOptions) => Promise<Store>;
export type Progress = (text: string) => void;

/** The trust's file, looked over. Throws the AppError that names every problem with its line. */
export function readTrust(settings: Settings): Promise<Trust> {
  return loadTrust(settings.trustFile, [checkSchedules, checkColumns]);
}

/** Throws the AppError of the part that could not be opened. */
export async function openResources(settings: Settings, log: Log, opening: Opening = {}): Promise<Resources> {
  const trust = await readTrust(settings);
  const password = databasePassword(settings);
  opening.progress?.('the store (a new one takes a few seconds)');
  const store = await (opening.openStore ?? openStore)({
    dataDir: settings.dataDir,
    schema: settings.databaseSchema,
    emptyStore: opening.emptyStore,
    ...(settings.databaseUrl ? { databaseUrl: settings.databaseUrl } : {}),
    ...(password ? { password } : {}),
  });
  try {
    const applied = await migrate(store.db, store.schema);
    if (applied.length > 0) log.info('database brought up to date', { applied });
    const jobs = await startJobs(store, log);
    const clock = await openClock(settings);
    const key = await pseudonymKey(settings);
    const pupils = await pupilKeys(settings, trust, key);
    return {
      settings,
      trust,
      clock,
      log,
      store,
      jobs,
      pseudonymKey: key,
      pupilKeys: pupils,
      limits: opening.limits,
      opensChats: opening.opensChats ?? true,
      close: async () => {
        await clock.keep();
        await jobs.stop();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}
