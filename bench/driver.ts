/** Speaks to a bot as Teams does, from a thread of its own, so that what asking costs is not taken from the answering. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { sleep, stopwatch } from '../src/kernel/time.ts';
import { createInbound } from '../src/sandbox/inbound.ts';

export type Drive = {
  readonly botUrl: string;
  readonly connectorUrl: string;
  readonly people: readonly string[];
  readonly tenantId: string;
  readonly questions: readonly string[];
  readonly turns: number;
  /** So many conversations at once, each waiting for its answer; or `perSecond`: so many turns a second, come what may. */
  readonly connections: number;
  readonly perSecond?: number;
};

export type Driven = {
  readonly seconds: number;
  readonly refused: number;
  /** Milliseconds from the question posted to the turn's end, which is after the reply was posted. */
  readonly p50: number;
  readonly p95: number;
};

export async function drive(options: Drive): Promise<Driven> {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  return new Promise((resolve, reject) => {
    worker.once('message', (driven: Driven) => resolve(driven));
    worker.once('error', reject);
  });
}

async function run(options: Drive): Promise<Driven> {
  const { people, questions, turns, perSecond } = options;
  const inbound = createInbound(options.connectorUrl, options.botUrl);
  const times: number[] = [];
  let refused = 0;
  const ask = async (turn: number) => {
    const personId = people[turn % people.length] ?? '';
    const own = stopwatch();
    const { status } = await inbound.sendMessage(
      { personId, tenantId: options.tenantId, botId: 'bench' },
      questions[turn % questions.length] ?? '',
    );
    times.push(own());
    if (status !== 200) refused += 1;
  };
  const all = stopwatch();
  if (perSecond) {
    const open: Promise<void>[] = [];
    for (let turn = 0; turn < turns; turn += 1) {
      await sleep(Math.max(0, (turn * 1000) / perSecond - all()));
      open.push(ask(turn));
    }
    await Promise.all(open);
  } else {
    let next = 0;
    const lane = async () => {
      while (next < turns) {
        const turn = next;
        next += 1;
        await ask(turn);
      }
    };
    await Promise.all(Array.from({ length: options.connections }, lane));
  }
  const seconds = all() / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)] ?? 0;
  return { seconds, refused, p50: at(0.5), p95: at(0.95) };
}

if (!isMainThread && parentPort) parentPort.postMessage(await run(workerData as Drive));
