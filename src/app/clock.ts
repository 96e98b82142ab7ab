/**
 * The service's clock. Real time, except in local mode with CLOCK_START: then a clock that can be moved and that goes on
 * from where it was after a restart, so that a Monday already sent is not rehearsed twice.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Settings } from '../config/settings.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { type Clock, movableClock, systemClock } from '../kernel/time.ts';

export type ServiceClock = Clock & {
  /** Moves the clock on; refuses to move real time, or back. */
  moveTo(instant: Date): Promise<Refusal | undefined>;
  /** Keeps the present for the next start. */
  keep(): Promise<void>;
  readonly movable: boolean;
};

const CLOCK_FILE = 'clock.json';

export async function openClock(settings: Settings): Promise<ServiceClock> {
  if (settings.appEnv !== 'local' || !settings.clockStart) {
    return {
      ...systemClock(),
      movable: false,
      moveTo: async () =>
        refuse(
          'real-clock',
          'This Waymark runs on real time; only a local run with CLOCK_START can be moved.',
        ),
      keep: async () => undefined,
    };
  }
  const file = join(settings.dataDir, CLOCK_FILE);
  const start = new Date(settings.clockStart);
  const kept = await readKept(file);
  const clock = movableClock(kept && kept > start ? kept : start);
  const keep = async () => {
    // With a database server nothing else may have made the folder.
    await mkdir(settings.dataDir, { recursive: true });
    await writeFile(file, JSON.stringify({ now: clock.now().toISOString() }));
  };
  return {
    now: clock.now,
    movable: true,
    keep,
    moveTo: async (instant) => {
      if (instant < clock.now()) {
        return refuse(
          'clock-back',
          `The clock shows ${clock.now().toISOString()}; it only moves forwards. For a new start: npm run dev -- --fresh`,
        );
      }
      clock.moveTo(instant);
      await keep();
      return undefined;
    },
  };
}

async function readKept(file: string): Promise<Date | undefined> {
  try {
    const { now } = JSON.parse(await readFile(file, 'utf8')) as { now?: string };
    const kept = new Date(now ?? '');
    return Number.isNaN(kept.getTime()) ? undefined : kept;
  } catch (error) {
    // No clock was kept, or the file was cut short by a kill: the start of the settings holds.
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
