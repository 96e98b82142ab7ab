/** The whole service in production, a process of its own on PostgreSQL with a local issuer: what strangers meet. */
import { mkdtemp, rm } from 'node:fs/promises';
import type { Agent } from 'node:http';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../src/kernel/ids.ts';
import { type SandboxConnector, startSandboxConnector } from '../../src/sandbox/connector.ts';
import { type SandboxGraph, startSandboxGraph } from '../../src/sandbox/graph.ts';
import { createInbound, type Inbound } from '../../src/sandbox/inbound.ts';
import { type Issuer, startIssuer } from '../../src/sandbox/issuer.ts';
import { personNamed } from '../../src/sandbox/tenant.ts';
import { type ServiceProcess, startProcess } from './process.ts';
import { BOT_ID } from './service.ts';
import { dropSchemasAt } from './store.ts';

export const TENANT = '00000000-0000-4000-8009-000000000001';

export type Production = {
  readonly service: ServiceProcess;
  readonly origin: string;
  readonly issuer: Issuer;
  readonly connector: SandboxConnector;
  readonly graph: SandboxGraph;
  readonly teams: Inbound;
  /** The folder of the service's own files. */
  readonly folder: string;
  readonly databaseUrl: string;
  readonly schema: string;
  /** Whether a member of staff who says hello is answered. */
  goodTurn(): Promise<boolean>;
  close(): Promise<void>;
};

/** `environment`: settings besides those of any production. */
export async function startProduction(
  environment: Readonly<Record<string, string>> = {},
): Promise<Production> {
  const databaseUrl = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/test';
  const folder = await mkdtemp(join(tmpdir(), 'waymark-production-'));
  const schema = newId('bench');
  const graph = await startSandboxGraph({
    tenantFile: 'samples/tenant.yaml',
    documentsDir: 'samples/documents',
  });
  const connector = await startSandboxConnector();
  const issuer = await startIssuer({ audience: BOT_ID });
  const service = await startProcess({
    ...issuer.environment,
    APP_ENV: 'production',
    PORT: '0',
    BOT_ID,
    BOT_TENANT_ID: TENANT,
    BOT_TYPE: 'UserAssignedMsi',
    PSEUDONYM_KEY: 'ab'.repeat(32),
    DATABASE_URL: databaseUrl,
    DATABASE_SCHEMA: schema,
    DATA_DIR: folder,
    TRUST_FILE: 'samples/trust.yaml',
    CONTENT_DIR: 'samples/documents',
    GRAPH_URL: graph.url,
    BOT_SERVICE_HOSTS: connector.url,
    BEHIND_FRONT_END: 'yes',
    LOG_LEVEL: 'warn',
    ...environment,
  });
  const origin = `http://127.0.0.1:${service.port}`;
  const teams = createInbound(connector.url, `${origin}/api/messages`);
  const aisha = { personId: personNamed(graph.tenant, 'Aisha Rahman').id, tenantId: TENANT, botId: BOT_ID };
  return {
    service,
    origin,
    issuer,
    connector,
    graph,
    teams,
    folder,
    databaseUrl,
    schema,
    goodTurn: async () => {
      const before = connector.arrivals.length;
      const token = await issuer.mint(connector.url);
      const { status } = await teams.sendMessage(aisha, 'hello', { token });
      return status === 200 && connector.arrivals.length > before;
    },
    close: async () => {
      await service.kill();
      await issuer.close();
      await connector.close();
      await graph.close();
      await dropSchemasAt(databaseUrl, schema);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Answered = { readonly status: number; readonly words: string };

/** One POST; status 0 when no answer came. */
export function post(
  url: string,
  agent: Agent,
  headers: Readonly<Record<string, string>>,
  body: string | Buffer,
): Promise<Answered> {
  return new Promise((resolve) => {
    const sent = request(
      url,
      { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
      (response) => {
        const pieces: Buffer[] = [];
        response.on('data', (piece: Buffer) => pieces.push(piece));
        response.on('end', () =>
          resolve({ status: response.statusCode ?? 0, words: Buffer.concat(pieces).toString() }),
        );
      },
    );
    sent.on('error', () => resolve({ status: 0, words: '' }));
    sent.end(body);
  });
}
