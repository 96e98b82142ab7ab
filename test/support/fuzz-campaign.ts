/** Sends a number of spoilt requests to a service in production, with good tokens, and tells what came of them. */
import { readdir } from 'node:fs/promises';
import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { cardVerb, POLICY } from '../../src/access/policy.ts';
import { must } from '../../src/kernel/guards.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import { type Fuzz, type FuzzWorld, fuzz } from './fuzz.ts';
import { type Production, post, startProduction, TENANT } from './production.ts';
import { BOT_ID } from './service.ts';

const CONNECTIONS = 16;
/** A member of staff is not turned away for writing often: the question is what becomes of what she sends. */
const ROOM = { SENDER_LIMIT: '100000', REFUSED_LIMIT: '1000000', CHANNELS: 'on' };
/** Nobody listens there; Graph's stand-in says so, and the service goes on without being told. */
const NOWHERE = 'http://127.0.0.1:9/api/graph/notifications';

export type FuzzResult = {
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests that got no answer, 5xx, or a refusal with words in it. */
  readonly wrong: readonly string[];
  /** Lines of the log about a turn or a request that failed. */
  readonly faults: readonly string[];
  /** How often an address was called that was planted. */
  readonly called: number;
  readonly filesMade: number;
  /** What strangers were told. */
  readonly toStrangers: readonly string[];
  /** Whether a good turn was answered before and after. */
  readonly works: boolean;
};

/** `onProgress`: how many were sent. Needs PostgreSQL. */
export async function runFuzz(
  count: number,
  seed: number,
  onProgress: (done: number) => void = () => undefined,
): Promise<FuzzResult> {
  const canary = await startCanary();
  const production = await startProduction({ ...ROOM, NOTIFICATION_URL: NOWHERE });
  const { connector, service, goodTurn } = production;
  try {
    const worked = await goodTurn();
    const files = await filesIn(production.folder);
    const { statuses, wrong } = await flood(production, canary.url, count, seed, onProgress);
    const works = await goodTurn();
    const told = connector.arrivals
      .filter(({ conversationId }) => conversationId.includes('deadbeef'))
      .map(({ activity }) => String(activity.text ?? 'a card'));
    const faults = service
      .said()
      .split('\n')
      .filter((line) => /"msg":"(?:turn failed|request failed|the outcome)/.test(line));
    return {
      statuses,
      wrong,
      faults,
      called: canary.calls(),
      filesMade: (await filesIn(production.folder)) - files,
      toStrangers: [...new Set(told)],
      works: worked && works,
    };
  } finally {
    await production.close();
    canary.close();
  }
}

async function flood(
  { connector, graph, issuer, origin }: Production,
  canary: string,
  count: number,
  seed: number,
  onProgress: (done: number) => void,
): Promise<Pick<FuzzResult, 'statuses' | 'wrong'>> {
  const [first, ...others] = graph.tenant.people.filter(({ type, enabled }) => type === 'Member' && enabled);
  const world: FuzzWorld = {
    serviceUrl: connector.url,
    botId: BOT_ID,
    tenantId: TENANT,
    canary,
    staff: [must(first, 'staff').id, ...others.map(({ id }) => id)],
    verbs: verbsOfCards(),
  };
  const token = await issuer.mint(connector.url);
  const random = seeded(seed);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const statuses: Record<string, number> = {};
  const wrong: string[] = [];
  let next = 0;
  const lane = async () => {
    while (next < count) {
      next += 1;
      const one = fuzz(random, world);
      const { status, words } = await post(`${origin}${one.path}`, agent, headersOf(one, token), one.body);
      const kind = `${one.family} ${status}`;
      statuses[kind] = (statuses[kind] ?? 0) + 1;
      if (status === 0 || status >= 500 || (status >= 400 && words !== ''))
        wrong.push(`${kind}: ${String(one.body).slice(0, 2_000)}`);
      onProgress(next);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  agent.destroy();
  return { statuses, wrong };
}

function headersOf({ contentType }: Fuzz, token: string): Record<string, string> {
  return { 'content-type': contentType, authorization: `Bearer ${token}` };
}

/** Every verb that a card can carry, so that each use case is reached. */
function verbsOfCards(): readonly [string, ...string[]] {
  const [first, ...others] = Object.keys(POLICY).filter((verb) => cardVerb(verb) !== undefined);
  return [must(first, 'a verb'), ...others];
}

async function filesIn(folder: string): Promise<number> {
  return (await readdir(folder, { recursive: true })).length;
}

async function startCanary(): Promise<{ readonly url: string; calls(): number; close(): void }> {
  let calls = 0;
  const server = createServer((_request, response) => {
    calls += 1;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, calls: () => calls, close: () => server.close() };
}
