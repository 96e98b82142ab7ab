/**
 * The whole service for a flow: an instance in this process on a free port, with the sample trust, the stand-in Graph and
 * the stand-in connector, on a schema of its own. Flows speak to it over HTTP only; the connector's record is the truth.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { parse, stringify } from 'yaml';
import { type Instance, startInstance } from '../../src/app/instance.ts';
import { runInApp } from '../../src/cli/run.ts';
import { readSettings } from '../../src/config/settings.ts';
import type { Limits } from '../../src/delivery/pacing.ts';
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import { sleep, stopwatch } from '../../src/kernel/time.ts';
import {
  type SandboxConnector,
  type SandboxOptions,
  startSandboxConnector,
} from '../../src/sandbox/connector.ts';
import { type SandboxGraph, startSandboxGraph } from '../../src/sandbox/graph.ts';
import { createInbound, type Speaker } from '../../src/sandbox/inbound.ts';
import { personNamed, teamNamed } from '../../src/sandbox/tenant.ts';
import { openStore, type Store } from '../../src/storage/database.ts';
import { createLog } from '../../src/telemetry/log.ts';
import { dropSchemas, openEngine, testDatabaseUrl } from './store.ts';

export const BOT_ID = '2d9a3c10-5b7e-4f0e-8e57-0a6f5d4a8f01';
/** Five minutes before the Monday card, as the local run begins. */
export const STORY_BEGINS = '2026-11-23T07:25:00Z';

export type ServiceOptions = {
  /** Leave the documents out: reading them is most of a start. Default: they are read. */
  readonly documents?: boolean;
  /** Changes the sample trust before the start. */
  readonly trust?: (trust: SampleTrust) => void;
  /** Environment that replaces the usual one. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A server of the caller's own; left out: the engine under test. */
  readonly databaseUrl?: string;
  /** A second instance: shares the first one's schema, Graph and connector. */
  readonly beside?: TestService;
  /** Of a campaign that goes on where it stopped; left out: a new one. */
  readonly schema?: string;
  /** Left out: those of Teams. */
  readonly limits?: Limits;
  readonly connector?: SandboxOptions;
};

export type SampleTrust = {
  trust: { staff_group: string };
  documents: unknown[];
  leaders: string[];
  milestones: Record<string, unknown>[];
  priorities: { lead: string; strands: { id: string; lead?: string }[] }[];
  schools: { urn: string; name: string; [key: string]: unknown }[];
  [key: string]: unknown;
};

export type Told = { readonly exit: number; readonly out: string; readonly err: string };

export type TestService = {
  readonly instance: Instance;
  /** Speaks as Teams to this instance, and keeps what arrived. */
  readonly teams: SandboxConnector;
  readonly graph: SandboxGraph;
  readonly store: Store;
  readonly logged: readonly string[];
  /** Someone's own chat with Waymark; `id`: of an account that the tenant does not have. */
  chat(name: string): Speaker;
  /** Someone in a school's (or another team's) channel, in a thread when one is named. */
  channel(name: string, team: string, threadId?: string): Speaker;
  /** What has arrived in a conversation and still stands. */
  shownTo(speaker: Speaker): Record<string, unknown>[];
  command(...argv: string[]): Promise<Told>;
  /** Waits until no turn, no message and no edit is in hand. */
  quiet(): Promise<void>;
  /** Every row of every table of the schema, and of the job engine's, as text. */
  everything(): Promise<string>;
  close(keep?: boolean): Promise<void>;
};

export async function startService(options: ServiceOptions = {}): Promise<TestService> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-flow-'));
  const { beside } = options;
  const documents = options.documents === false ? folder : 'samples/documents';
  const graph =
    beside?.graph ??
    (await startSandboxGraph({ tenantFile: 'samples/tenant.yaml', documentsDir: 'samples/documents' }));
  const connector = beside?.teams ?? (await startSandboxConnector(options.connector));
  const schema = beside?.store.schema ?? options.schema ?? newId('t');
  const url = options.databaseUrl ?? testDatabaseUrl();
  const read = readSettings({
    APP_ENV: 'local',
    DATA_DIR: folder,
    TRUST_FILE: await trustFile(folder, options),
    CONTENT_DIR: documents,
    GRAPH_URL: graph.url,
    BOT_SERVICE_HOSTS: connector.url,
    CLOCK_START: STORY_BEGINS,
    LOG_LEVEL: 'debug',
    DATABASE_SCHEMA: schema,
    ...(url ? { DATABASE_URL: url } : {}),
    ...options.environment,
  });
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'));
  const logged: string[] = [];
  const log = createLog(read.settings.logLevel, { write: (line: string) => void logged.push(line) });
  let store: Store | undefined;
  const instance = await startInstance({ ...read.settings, port: 0 }, log, {
    limits: options.limits,
    openStore: async (asked) => {
      store = url ? await openStore(asked) : await openEngine(asked.schema);
      return { ...store, close: async () => undefined };
    },
  });
  const opened = must(store, 'the store');
  const inbound = createInbound(
    connector.url,
    `http://127.0.0.1:${instance.port}/api/messages`,
    connector.setInstalled,
  );
  const tenantId = graph.tenant.id;

  const service: TestService = {
    instance,
    teams: { ...connector, ...inbound },
    graph,
    store: opened,
    logged,
    chat: (name) => ({ personId: personNamed(graph.tenant, name).id, name, tenantId, botId: BOT_ID }),
    channel: (name, team, threadId) => {
      const { id, channels } = teamNamed(graph.tenant, team);
      const channel = must(channels.find((one) => one.name === 'Attendance') ?? channels[0], 'a channel');
      return {
        ...service.chat(name),
        channel: { teamId: id, channelId: channel.id, ...(threadId ? { threadId } : {}) },
      };
    },
    shownTo: (speaker) =>
      connector.arrivals
        .filter((arrival) => arrival.conversationId === placeOf(speaker) && !arrival.deleted)
        .map((arrival) => arrival.activity),
    command: async (...argv) => {
      const out: string[] = [];
      const err: string[] = [];
      const io = {
        cwd: process.cwd(),
        out: (text: string) => void out.push(text),
        err: (text: string) => void err.push(text),
      };
      const exit = await runInApp(argv, io, instance.app);
      return { exit, out: out.join('\n'), err: err.join('\n') };
    },
    quiet: async () => {
      await instance.app.bot.idle();
      await until(async () => (await inHand(opened)) === 0, 'messages and edits to be settled');
    },
    everything: () => dump(opened),
    close: async (keep = false) => {
      await instance.close();
      if (!beside) {
        if (keep) process.stderr.write(`kept schema ${schema} for a look\n`);
        else await dropSchemas(opened);
        await connector.close();
        await graph.close();
      }
      await opened.close();
      await rm(folder, { recursive: true });
    },
  };
  return service;
}

/** One service for a suite. Call inside `describe`. */
export function useService(options: ServiceOptions = {}): () => TestService {
  let service: TestService | undefined;
  let failed = false;
  before(async function () {
    this.timeout(40_000);
    service = await startService(options);
  });
  afterEach(function () {
    if (this.currentTest?.state === 'failed') failed = true;
    service?.teams.clearFaults();
  });
  after(async () => {
    await service?.close(failed);
  });
  return () => must(service, 'a service that has started');
}

/** Waits for something to become true; throws after `within` milliseconds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  within = 10_000,
): Promise<void> {
  const elapsed = stopwatch();
  while (!(await holds())) {
    if (elapsed() > within) throw new Error(`waited ${within} ms for ${what}`);
    await sleep(20);
  }
}

/** The words a reader sees in a message: its text and its card's. */
export function wordsOf(activity: Record<string, unknown> | undefined): string {
  if (!activity) return '';
  const [attachment] = (activity.attachments ?? []) as { content: unknown }[];
  const inCard = attachment ? textsIn(attachment.content) : [];
  return [activity.text, ...inCard].filter(Boolean).join('\n');
}

/** Every text of a card, shown or behind "more". */
export function textsIn(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(textsIn);
  if (typeof part !== 'object' || part === null) return [];
  const { type, text } = part as { type?: string; text?: string };
  if (type === 'TextBlock') return text?.trim() ? [text] : [];
  return Object.values(part).flatMap(textsIn);
}

export type ShownButton = {
  readonly title: string;
  readonly verb: string;
  readonly data: Record<string, unknown>;
};

/** The buttons of a card that the bot answers, wherever they stand in it. */
export function buttonsOf(part: unknown): ShownButton[] {
  if (Array.isArray(part)) return part.flatMap(buttonsOf);
  if (typeof part !== 'object' || part === null) return [];
  const own = part as { type?: string; title?: string; verb?: string; data?: Record<string, unknown> };
  if (own.type === 'Action.Execute')
    return [{ title: own.title ?? '', verb: own.verb ?? '', data: own.data ?? {} }];
  return Object.values(part).flatMap(buttonsOf);
}

export function buttonOf(part: unknown, verb: string): ShownButton {
  const buttons = buttonsOf(part);
  return must(
    buttons.find((button) => button.verb === verb),
    `a button ${verb} among ${buttons.map((button) => button.verb).join(', ') || 'none'}`,
  );
}

/** The conversation in which a message of Waymark's to this speaker arrives, outside any thread. */
export function placeOf(speaker: Speaker): string {
  const { channel } = speaker;
  if (!channel) return speaker.conversationId ?? `a:chat-${speaker.personId}`;
  return channel.threadId ? `${channel.channelId};messageid=${channel.threadId}` : channel.channelId;
}

async function trustFile(folder: string, options: ServiceOptions): Promise<string> {
  if (options.documents !== false && !options.trust) return 'samples/trust.yaml';
  const trust = parse(await readFile('samples/trust.yaml', 'utf8')) as SampleTrust;
  if (options.documents === false) trust.documents = [];
  options.trust?.(trust);
  const file = join(folder, 'trust.yaml');
  await writeFile(file, stringify(trust));
  return file;
}

/** In one statement: what a note becomes while two were asked would be seen by neither. */
async function inHand({ db }: Store): Promise<number> {
  const { rows } = await sql<{ left: number }>`
    select (select count(*) from deliveries where state in ('due', 'claimed', 'sending')
        or (state = 'delivered' and shown_version < card_version and edit_problem is null))::int
      + (select count(*) from checkin_refreshes)::int as left`.execute(db);
  return rows[0]?.left ?? 0;
}

async function dump({ db, schema }: Store): Promise<string> {
  const tables = await sql<{ place: string; name: string }>`
    select table_schema as place, table_name as name from information_schema.tables
    where table_schema in (${schema}, ${`${schema}_jobs`}) and table_type = 'BASE TABLE'`.execute(db);
  const parts: string[] = [];
  for (const { place, name } of tables.rows) {
    const rows = await sql<{
      row: string;
    }>`select to_jsonb(t)::text as row from ${sql.id(place, name)} t`.execute(db);
    parts.push(...rows.rows.map(({ row }) => `${name} ${row}`));
  }
  return parts.join('\n');
}
