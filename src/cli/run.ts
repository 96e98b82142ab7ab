/** Runs one command line: in an app that is already open, or in one opened for it. */
import { decide } from '../access/decide.ts';
import { COMMAND_LINE } from '../access/roles.ts';
import type { App } from '../app.ts';
import type { Settings } from '../config/settings.ts';
import { AppError, isRefusal, messageOf } from '../kernel/errors.ts';
import { newReference } from '../kernel/ids.ts';
import { DONE, type OpenApp, parseCommandLine, REFUSED, USAGE } from './command.ts';
import { COMMANDS } from './commands.ts';
import type { Io } from './io.ts';

/** In a running app: for the private socket. */
export function runInApp(argv: readonly string[], io: Io, app: App): Promise<number> {
  return runCommandLine(
    argv,
    io,
    async () => app,
    () => app.settings,
  );
}

/** The exit code. `openApp` is called when the command asks for the app. */
export async function runCommandLine(
  argv: readonly string[],
  io: Io,
  openApp: OpenApp,
  settings: () => Settings,
): Promise<number> {
  const parsed = parseCommandLine(argv, COMMANDS);
  if (parsed.kind === 'help') {
    io.out(parsed.text);
    return DONE;
  }
  if (parsed.kind === 'wrong') {
    io.err(parsed.text);
    return USAGE;
  }
  const { command, words, options, json } = parsed;
  const permit = decide(`cli:${command.name}`, COMMAND_LINE, {});
  if (isRefusal(permit)) return reportRefusal(permit, io, json);
  try {
    return await command.run({ io, json, words, options, permit, settings, app: () => openApp(permit) });
  } catch (error) {
    return reportFault(error, io, json);
  }
}

/** A fault on the command line: what, and what to do; with `--json` one document of the same. */
function reportFault(error: unknown, io: Io, json: boolean): number {
  if (isRefusal(error)) return reportRefusal(error, io, json);
  const known = error instanceof AppError ? error : fileFault(error);
  const message = messageOf(known ?? error);
  const remedy =
    known?.remedy ?? `This is a fault in Waymark; keep the reference ${newReference()} and the text above.`;
  if (json) io.out(JSON.stringify({ error: known?.code ?? 'fault', message, remedy }));
  else io.err(`${message}\n${remedy}`);
  return REFUSED;
}

const FILE_FAULTS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  EISDIR: 'is a folder, not a file',
  ENOTDIR: 'is a file, not a folder',
  EACCES: 'may not be opened by this user',
  EPERM: 'may not be opened by this user',
  ENOSPC: 'cannot be written: the disk is full',
};

/** A path that the person gave and the system could not use; undefined for any other fault. */
function fileFault(error: unknown): AppError | undefined {
  if (!(error instanceof Error)) return undefined;
  const { code = '', path } = error as NodeJS.ErrnoException;
  const why = FILE_FAULTS[code];
  if (!why) return undefined;
  return new AppError('file', `${path ?? 'What was named'} ${why}.`, {
    remedy: 'Check the path; nothing was changed.',
    cause: error,
  });
}

function reportRefusal(refusal: { reason: string; message: string }, io: Io, json: boolean): number {
  if (json) io.out(JSON.stringify({ error: refusal.reason, message: refusal.message }));
  else io.err(refusal.message);
  return REFUSED;
}
