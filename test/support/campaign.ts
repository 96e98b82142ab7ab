/**
 * The kill campaign: senders in processes of their own are ended with SIGKILL at points of the path and at seeded instants,
 * and started again. Judged by the stand-in connector's record, which lives in this process and is never killed.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { DeliveryReport } from '../../src/delivery/report.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import { sleep } from '../../src/kernel/time.ts';
import { startSandboxConnector } from '../../src/sandbox/connector.ts';
import type { ChildOrder, KillPoint } from './sender-child.ts';

const CHILD = fileURLToPath(new URL('./sender-child.ts', import.meta.url));
const POINTS: readonly [KillPoint, number][] = [
  ['writing', 1],
  ['written', 1],
  ['claimed', 4],
  ['reserved', 4],
  ['granted', 4],
  ['posting', 60],
  ['posted', 60],
  ['settled', 4],
];
/** Fast enough for a test, slow enough for an instant to fall into the middle: 60 cards take 0.3 s. */
const PER_SECOND = 200;

export type CampaignOptions = {
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly schema: string;
  readonly kills: number;
  readonly seed: number;
  readonly people?: number;
  /** A second sender works beside the killed one (a server store only). */
  readonly pair?: boolean;
  readonly onProgress?: (kill: number) => void;
};

export type CampaignResult = {
  readonly kills: number;
  readonly due: number;
  readonly delivered: number;
  readonly uncertain: number;
  /** Uncertain that did arrive, and that did not: both are right, neither may be sent again. */
  readonly uncertainArrived: number;
  readonly lost: number;
  readonly doubled: number;
  /** Where the ledger and the stand-in disagree, in words. */
  readonly disagreements: readonly string[];
};

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const random = seeded(options.seed);
  const sandbox = await startSandboxConnector({ latency: 4 });
  const people = Array.from({ length: options.people ?? 60 }, (_, index) => `p${index}`);
  const common = {
    ...(options.databaseUrl ? { databaseUrl: options.databaseUrl } : {}),
    dataDir: options.dataDir,
    schema: options.schema,
    serviceUrl: sandbox.url,
    people,
    perSecond: PER_SECOND,
  };
  try {
    const runs: string[] = [];
    let unwritten = 0;
    for (let index = 0; index < options.kills; index += 1) {
      const run = `run-${index}`;
      runs.push(run);
      const other = options.pair ? startChild({ ...common }) : undefined;
      if (index % 2 === 0) {
        const [at, most] = POINTS[(index / 2) % POINTS.length] ?? ['granted', 1];
        if (at === 'writing') unwritten += 1;
        await startChild({ ...common, run, kill: { at, nth: random.whole(1, most) } }).ended;
      } else {
        const child = startChild({ ...common, run });
        await Promise.race([child.enqueued, child.ended]);
        await sleep(random.whole(0, 320));
        child.kill();
        await child.ended;
      }
      await other?.ended;
      options.onProgress?.(index + 1);
    }
    const last = await startChild({ ...common }).ended;
    if (!last) throw new Error('the last sender did not finish');
    return judge(runs.length, (runs.length - unwritten) * people.length, last, sandbox.arrivals);
  } finally {
    await sandbox.close();
  }
}

type Child = {
  readonly enqueued: Promise<void>;
  /** The ledger at the end; undefined when the process was killed. */
  readonly ended: Promise<DeliveryReport | undefined>;
  kill(): void;
};

function startChild(order: ChildOrder): Child {
  const process_ = spawn(process.execPath, [CHILD, JSON.stringify(order)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let problems = '';
  let announce: () => void = () => undefined;
  const enqueued = new Promise<void>((resolve) => {
    announce = resolve;
  });
  process_.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (out.includes('enqueued\n')) announce();
  });
  process_.stderr.on('data', (chunk: Buffer) => {
    problems += chunk.toString();
  });
  const ended = new Promise<DeliveryReport | undefined>((resolve, reject) => {
    process_.on('close', (code, signal) => {
      announce();
      if (signal === 'SIGKILL') resolve(undefined);
      else if (code === 0) resolve(JSON.parse(out.trim().split('\n').at(-1) ?? '') as DeliveryReport);
      else reject(new Error(`a sender ended with ${code ?? signal}: ${problems.slice(0, 2000)}`));
    });
  });
  return { enqueued, ended, kill: () => process_.kill('SIGKILL') };
}

type Seen = {
  readonly conversationId: string;
  readonly delivery?: string;
  readonly activityId: string;
  readonly activity: unknown;
};

/** A run whose transaction was killed never existed: it is not due, and nothing of it may have arrived. */
function judge(
  kills: number,
  due: number,
  ledger: DeliveryReport,
  arrivals: readonly Seen[],
): CampaignResult {
  const disagreements: string[] = [];
  const arrived = new Map<string, Seen[]>();
  // By what the reader would see, not by our mark: two rows for one person and run would be found too.
  for (const arrival of arrivals) {
    const text = /(run-\d+) for (p\d+)/.exec(JSON.stringify(arrival.activity));
    const name = `${text?.[1]}/${text?.[2]}`;
    if (arrival.conversationId !== `a:chat-${text?.[2]}`)
      disagreements.push(`${name} went to ${arrival.conversationId}`);
    arrived.set(name, [...(arrived.get(name) ?? []), arrival]);
  }
  const doubled = [...arrived.values()].filter((list) => list.length > 1).length;
  const items = new Map(ledger.items.map((item) => [item.id, item]));
  for (const [name, [arrival]] of arrived) {
    const item = items.get(arrival?.delivery ?? '');
    if (!item) disagreements.push(`${name} arrived and is in no row`);
    else if (item.state === 'delivered' && item.activityId !== arrival?.activityId)
      disagreements.push(`${name} has another activity id`);
    else if (item.state !== 'delivered' && item.state !== 'uncertain')
      disagreements.push(`${name} arrived and is ${item.state}`);
  }
  const seen = new Set(arrivals.map((arrival) => arrival.delivery));
  const lost = ledger.items.filter((item) => item.state !== 'uncertain' && !seen.has(item.id)).length;
  if (ledger.due !== due) disagreements.push(`${ledger.due} rows, ${due} were written`);
  const uncertain = ledger.items.filter((item) => item.state === 'uncertain');
  return {
    kills,
    due: ledger.due,
    delivered: ledger.delivered,
    uncertain: uncertain.length,
    uncertainArrived: uncertain.filter((item) => seen.has(item.id)).length,
    lost,
    doubled,
    disagreements,
  };
}
