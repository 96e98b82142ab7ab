/** A second instance of the service in a process of its own, on the first one's schema, Graph and connector. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInbound, type Inbound } from '../../src/sandbox/inbound.ts';
import { freePort } from './ports.ts';
import type { TestService } from './service.ts';
import { STORY_BEGINS } from './service.ts';

/** A machine with much else to do takes its time. Milliseconds. */
const START_WITHIN = 90_000;

export type SecondProcess = { readonly teams: Inbound; close(): Promise<void> };

/** Throws when it is not ready in time; what it said is in the message. */
export async function startSecondProcess(
  first: TestService,
  databaseUrl: string,
  trustFile: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<SecondProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-second-'));
  const port = await freePort();
  const child = spawn(process.execPath, ['src/start.mjs', 'main'], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      PATH: process.env.PATH ?? '',
      APP_ENV: 'local',
      PORT: String(port),
      DATA_DIR: folder,
      CONTENT_DIR: folder,
      TRUST_FILE: trustFile,
      GRAPH_URL: first.graph.url,
      BOT_SERVICE_HOSTS: first.teams.url,
      DATABASE_URL: databaseUrl,
      DATABASE_SCHEMA: first.store.schema,
      CLOCK_START: STORY_BEGINS,
      LOG_LEVEL: 'error',
      ...environment,
    },
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const close = async () => {
    child.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let said = '';
  const ready = new Promise<boolean>((resolve) => {
    const patience = setTimeout(() => resolve(false), START_WITHIN);
    child.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (!said.includes('is ready on')) return;
      clearTimeout(patience);
      resolve(true);
    });
    void ended.then(() => resolve(false));
  });
  if (!(await ready)) {
    await close();
    throw new Error(`the second instance did not start: ${said.slice(0, 2000)}`);
  }
  return { teams: createInbound(first.teams.url, `http://127.0.0.1:${port}/api/messages`), close };
}
