/** The service: reads the environment, starts an instance, and stops it in order on a signal. */
import { resolve } from 'node:path';
import { startInstance } from './app/instance.ts';
import type { Progress } from './app/resources.ts';
import { logLeftOut } from './app.ts';
import { serveControl } from './cli/control.ts';
import { runInApp } from './cli/run.ts';
import { readSettings, type Settings } from './config/settings.ts';
import { AppError, messageOf } from './kernel/errors.ts';
import { createLog } from './telemetry/log.ts';

/** How long a shutdown may take before the process ends anyway; hosts kill after 30 s. Milliseconds. */
const SHUTDOWN_LIMIT = 20_000;

export async function run(): Promise<void> {
  const settings = settingsOrExit();
  if (!settings) return;
  try {
    const running = await startService(settings);
    logLeftOut(running.instance.app.log, running.instance.documentProblems);
    process.stderr.write(`Waymark is ready on http://127.0.0.1:${running.port} (stop with Ctrl-C)\n`);
    stopOnSignal(running.close);
  } catch (error) {
    reportFault(error);
    process.exitCode = 1;
  }
}

/** The settings, or all their problems on standard error and exit code 1. */
export function settingsOrExit(overrides: Readonly<Record<string, string>> = {}): Settings | undefined {
  const result = readSettings({ ...process.env, ...overrides });
  if (result.kind === 'ok') return result.settings;
  process.stderr.write(
    `Waymark cannot start; ${result.problems.length} setting(s) need attention:\n  ${result.problems.join('\n  ')}\n`,
  );
  process.exitCode = 1;
  return undefined;
}

export type RunningService = {
  readonly port: number;
  readonly instance: Awaited<ReturnType<typeof startInstance>>;
  close(): Promise<void>;
};

/**
 * Starts an instance, telling of each step, and, in local mode, the socket that commands are forwarded to: the embedded
 * store has one process, and the movable clock is this process's.
 */
export async function startService(settings: Settings, progress?: Progress): Promise<RunningService> {
  const instance = await startInstance(settings, createLog(settings.logLevel), { progress });
  if (settings.appEnv !== 'local') return { port: instance.port, instance, close: () => instance.close() };
  const control = await serveControl(resolve(settings.dataDir), (argv, io) =>
    runInApp(argv, io, instance.app),
  );
  return {
    port: instance.port,
    instance,
    close: async () => {
      await control.close();
      await instance.close();
    },
  };
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
