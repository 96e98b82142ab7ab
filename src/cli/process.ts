/** What every entry does around its work: settings from the environment, faults as two lines, one orderly stop. */
import { readSettings, type Settings } from '../config/settings.ts';
import { AppError, messageOf } from '../kernel/errors.ts';

/** How long a shutdown may take before the process ends anyway; hosts kill after 30 s. Milliseconds. */
const SHUTDOWN_LIMIT = 20_000;

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

/** One sentence of what is wrong and one of what to do. */
export function reportFault(error: unknown): void {
  if (error instanceof AppError) process.stderr.write(`${error.message}\n${error.remedy}\n`);
  else
    process.stderr.write(
      `Waymark stopped: ${messageOf(error)}\n${error instanceof Error ? (error.stack ?? '') : ''}\n`,
    );
}

/** Closes once, on the first signal or call of what is returned; a second one, or the limit, ends the process at once. */
export function stopOnSignal(close: () => Promise<void>): () => void {
  let stopping = false;
  const stop = () => {
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), SHUTDOWN_LIMIT).unref();
    close().then(
      () => process.exit(0),
      (error: unknown) => {
        reportFault(error);
        process.exit(1);
      },
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  return stop;
}
