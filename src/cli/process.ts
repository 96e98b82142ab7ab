/** What every entry does around its work: settings from the environment, faults as two lines, one orderly stop. */
import { readSettings, type Settings } from '../config/settings.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import { sleep } from '../kernel/time.ts';

/** How long a shutdown may take before the process ends anyway; hosts kill after 30 s. Milliseconds. */
const SHUTDOWN_LIMIT = 20_000;

/**
 * A host takes an instance out of its rotation at about the time it tells it to end. What is on its way by then, or waits in the
 * machine's queue for a busy process to take it, is still taken: a listener that closes at once would break it off. Milliseconds.
 */
const LAST_CALL = 1_000;

/** The settings, or all their problems on standard error and exit code 1. */
export function settingsOrExit(environment: Readonly<NodeJS.ProcessEnv>): Settings | undefined {
  const result = readSettings(environment);
  if (result.kind === 'ok') return result.settings;
  process.stderr.write(
    `Waymark cannot start; ${result.problems.length} setting(s) need attention:\n  ${result.problems.join('\n  ')}\n`,
  );
  process.exitCode = 1;
  return undefined;
}

/** One sentence of what is wrong and one of what to do; of a fault that nobody foresaw, where it happened. */
export function reportFault(error: unknown): void {
  if (error instanceof AppError) process.stderr.write(`${error.message}\n${error.remedy}\n`);
  else process.stderr.write(`Waymark stopped: ${messageOf(error)}\n${framesOf(error)}\n`);
}

/** Its places in the code, without the message that stands before them as it was thrown. */
function framesOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return lines.filter((line) => /^ {4}at .*:\d+:\d+\)?$/.test(line)).join('\n');
}

/**
 * Ends the process on a fault that nobody caught, as Node would, in our words: Node's print all that a fault carries, and a
 * database's carries the row that it refused.
 */
export function endOnFault(): void {
  process.on('uncaughtException', (error) => {
    reportFault(error);
    process.exit(1);
  });
}

/**
 * Closes once, on the first signal or call of what is returned; a second one, or the limit, ends the process at once. A host's
 * signal leaves time for what is on its way; at a keyboard nobody waits for that.
 */
export function stopOnSignal(close: () => Promise<void>): () => void {
  let stopping = false;
  const stop = (lastCall: number) => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT).unref();
    sleep(lastCall)
      .then(close)
      .then(
        () => process.exit(0),
        (error: unknown) => {
          reportFault(error);
          process.exit(1);
        },
      );
  };
  process.on('SIGINT', () => stop(0));
  process.on('SIGTERM', () => stop(LAST_CALL));
  process.on('SIGHUP', () => stop(0));
  return () => stop(0);
}
