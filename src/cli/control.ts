/**
 * The private socket of a running embedded instance. The store has one process, so a command given elsewhere is sent here
 * and run there. One JSON line asks, JSON lines answer; only this machine's user can reach it.
 */
import { chmod, mkdir, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod/v4';
import { AppError, messageOf } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import type { Io } from './io.ts';

const Ask = z.object({ argv: z.array(z.string()), cwd: z.string() });
const Answer = z.union([
  z.object({ out: z.string() }),
  z.object({ err: z.string() }),
  z.object({ exit: z.number() }),
]);

/** Unix socket paths end at about 100 bytes; deeper folders get one in the temporary folder, named by the folder. */
const LONGEST_PATH = 95;

export function socketOf(dataDir: string): string {
  const folder = resolve(dataDir);
  const name = contentId([folder]);
  if (process.platform === 'win32') return `\\\\.\\pipe\\waymark-${name}`;
  const inside = join(folder, 'control.sock');
  return inside.length <= LONGEST_PATH ? inside : join(tmpdir(), `waymark-${name}.sock`);
}

export type RunCommand = (argv: readonly string[], io: Io) => Promise<number>;

/** Serves commands until closed. */
export async function serveControl(dataDir: string, run: RunCommand): Promise<{ close(): Promise<void> }> {
  const path = socketOf(dataDir);
  // With a database server nothing else may have made the folder.
  await mkdir(dataDir, { recursive: true });
  if (process.platform !== 'win32') await rm(path, { force: true });
  const waiting = new Set<Socket>();
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.once('close', () => waiting.delete(socket));
    const write = (answer: z.infer<typeof Answer>) => void socket.write(`${JSON.stringify(answer)}\n`);
    // A caller may go in the middle of an answer (Ctrl-C, `| head`). The reader of lines passes the socket's fault on, and a
    // fault that nobody listens for would end the whole service.
    socket.on('error', () => socket.destroy());
    const lines = createInterface({ input: socket });
    lines.on('error', () => socket.destroy());
    lines.once('line', (text) => {
      waiting.delete(socket);
      serve(text, run, write).then((exit) => {
        write({ exit });
        socket.end();
      });
    });
  });
  await new Promise<void>((done, failed) => server.once('error', failed).listen(path, done));
  if (process.platform !== 'win32') await chmod(path, 0o600);
  return {
    // A command in hand is finished; a connection that has asked nothing must not hold up the end.
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const socket of waiting) socket.destroy();
      }),
  };
}

async function serve(
  text: string,
  run: RunCommand,
  write: (answer: z.infer<typeof Answer>) => void,
): Promise<number> {
  try {
    const { argv, cwd } = Ask.parse(JSON.parse(text));
    return await run(argv, { cwd, out: (out) => write({ out }), err: (err) => write({ err }) });
  } catch (error) {
    write({ err: messageOf(error) });
    return 1;
  }
}

/** Whether an instance takes commands for this folder. */
export async function isListening(dataDir: string): Promise<boolean> {
  const socket = createConnection(socketOf(dataDir));
  try {
    await new Promise<void>((done, failed) => socket.once('connect', done).once('error', failed));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return false;
    throw error;
  } finally {
    socket.destroy();
  }
}

/** Runs a command in the instance that holds the folder; its exit code. Throws AppError `instance-silent`. */
export async function callControl(dataDir: string, argv: readonly string[], io: Io): Promise<number> {
  const socket = createConnection(socketOf(dataDir));
  try {
    await new Promise<void>((done, failed) => socket.once('connect', done).once('error', failed));
  } catch (cause) {
    throw new AppError(
      'instance-silent',
      `A Waymark holds ${resolve(dataDir)} but does not answer commands.`,
      {
        remedy: 'If it is still starting, try again in a few seconds; otherwise stop it first.',
        cause,
      },
    );
  }
  socket.write(`${JSON.stringify({ argv, cwd: io.cwd })}\n`);
  for await (const text of createInterface({ input: socket })) {
    const answer = Answer.parse(JSON.parse(text));
    if ('out' in answer) io.out(answer.out);
    else if ('err' in answer) io.err(answer.err);
    else return answer.exit;
  }
  throw new AppError('instance-gone', 'The running Waymark ended before the command did.', {
    remedy: 'Start it again and repeat the command; it is safe to repeat.',
  });
}
