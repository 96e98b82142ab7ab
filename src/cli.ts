/**
 * The command line: admin verbs over the same app as the service. A command that needs no store opens none; one that does
 * is forwarded to the instance that holds the embedded store, or opens the app for itself.
 */
import { resolve } from 'node:path';
import { openApp } from './app/instance.ts';
import type { App } from './app.ts';
import { parseCommandLine } from './cli/command.ts';
import { COMMANDS } from './cli/commands.ts';
import { callControl, isListening } from './cli/control.ts';
import type { Io } from './cli/io.ts';
import { reportFault, settingsOrExit } from './cli/process.ts';
import { runCommandLine } from './cli/run.ts';
import type { Settings } from './config/settings.ts';
import { AppError } from './kernel/errors.ts';
import { folderHolder } from './storage/lock.ts';
import { createLog } from './telemetry/log.ts';

export async function run(argv: readonly string[]): Promise<void> {
  const io: Io = {
    cwd: process.cwd(),
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  };
  // `| head` closes the pipe when it has read enough: nothing went wrong, and nobody is left to tell.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(0);
  });
  try {
    process.exitCode = await choose(argv, io);
  } catch (error) {
    reportFault(error);
    process.exitCode = 1;
  }
}

async function choose(argv: readonly string[], io: Io): Promise<number> {
  const parsed = parseCommandLine(argv, COMMANDS);
  if (parsed.kind !== 'run' || parsed.command.standalone?.(parsed.options)) {
    return runCommandLine(
      argv,
      io,
      () => Promise.reject(new RangeError('this command opens no app')),
      readOrThrow,
    );
  }
  const settings = settingsOrExit(process.env);
  if (!settings) return 1;
  const folder = resolve(settings.dataDir);
  const forwarded = settings.databaseUrl ? await isListening(folder) : await folderHolder(folder);
  if (forwarded) return callControl(folder, argv, io);
  let opened: { app: App; close(): Promise<void> } | undefined;
  try {
    return await runCommandLine(
      argv,
      io,
      async () => {
        opened ??= await openApp(settings, createLog(process.env.LOG_LEVEL ?? 'warn'));
        return opened.app;
      },
      () => settings,
    );
  } finally {
    await opened?.close();
  }
}

function readOrThrow(): Settings {
  const settings = settingsOrExit(process.env);
  if (settings) return settings;
  throw new AppError('settings', 'Nothing was done.', { remedy: 'Mend the settings named above.' });
}
