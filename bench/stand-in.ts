/** The stand-in connector on a thread of its own, so that what it costs is not taken from the sender; and what it saw. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { stopwatch } from '../src/kernel/time.ts';
import {
  type Fault,
  type SandboxConnector,
  type SandboxOptions,
  startSandboxConnector,
} from '../src/sandbox/connector.ts';

export type Sighting = {
  readonly arrived: number;
  readonly doubled: number;
  readonly throttled: number;
  /** Milliseconds from the first arrival to the last. */
  readonly span: number;
  /** Arrivals that made more than `perSecond` within one second, the sliding window that a bucket does not see. */
  readonly breaches: number;
};

/** A write and what was answered. `at`: milliseconds on `StandIn.now`'s watch. */
export type Seen = { readonly conversationId: string; readonly at: number; readonly status: number };

export type StandIn = {
  readonly url: string;
  look(perSecond: number): Promise<Sighting>;
  /** Waits until so many messages have arrived. */
  arrived(count: number): Promise<void>;
  /** Writes to conversations whose ids begin so, in their order. */
  writesTo(prefix: string): Promise<readonly Seen[]>;
  fault(conversationId: string, fault: Fault, times?: number): Promise<void>;
  /** Milliseconds on the watch by which `Seen.at` is told, to a millisecond or two. */
  now(): number;
  close(): Promise<void>;
};

type Asked =
  | { readonly ask: 'look'; readonly perSecond: number }
  | { readonly ask: 'arrived'; readonly count: number }
  | { readonly ask: 'writes'; readonly prefix: string }
  | { readonly ask: 'fault'; readonly conversationId: string; readonly fault: Fault; readonly times: number }
  | { readonly ask: 'time' };

/** Longer than any bench. Milliseconds. */
const LONG = 3 * 3_600_000;

export async function startStandIn(options: SandboxOptions): Promise<StandIn> {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  const hear = <T>() => new Promise<T>((resolve) => worker.once('message', resolve));
  let last: Promise<unknown> = Promise.resolve();
  /** One question after the other: answers name no question. */
  const ask = <T>(asked: Asked): Promise<T> => {
    const answer = last.then(() => {
      const heard = hear<T>();
      worker.postMessage(asked);
      return heard;
    });
    last = answer;
    return answer;
  };
  const { url } = await hear<{ url: string }>();
  const here = stopwatch();
  const before = here();
  const there = await ask<number>({ ask: 'time' });
  const offset = there - (before + here()) / 2;
  return {
    url,
    look: (perSecond) => ask({ ask: 'look', perSecond }),
    arrived: (count) => ask({ ask: 'arrived', count }),
    writesTo: (prefix) => ask({ ask: 'writes', prefix }),
    fault: (conversationId, fault, times = 1) => ask({ ask: 'fault', conversationId, fault, times }),
    now: () => here() + offset,
    close: async () => {
      await worker.terminate();
    },
  };
}

function sightingOf(sandbox: SandboxConnector, perSecond: number): Sighting {
  const times = sandbox.arrivals.map((arrival) => arrival.at);
  let start = 0;
  let breaches = 0;
  times.forEach((time, index) => {
    while (time - (times[start] ?? time) >= 1000) start += 1;
    if (index - start + 1 > perSecond) breaches += 1;
  });
  return {
    arrived: times.length,
    doubled: sandbox.duplicates().length,
    throttled: sandbox.requests.filter((request) => request.status === 429).length,
    span: (times.at(-1) ?? 0) - (times[0] ?? 0),
    breaches,
  };
}

async function answerTo(sandbox: SandboxConnector, asked: Asked): Promise<unknown> {
  switch (asked.ask) {
    case 'look':
      return sightingOf(sandbox, asked.perSecond);
    case 'arrived':
      return sandbox.waitForArrivals(asked.count, LONG);
    case 'writes':
      return sandbox.requests
        .filter(({ conversationId }) => conversationId.startsWith(asked.prefix))
        .map(({ conversationId, at, status }): Seen => ({ conversationId, at, status }));
    case 'fault':
      sandbox.fault(asked.conversationId, asked.fault, asked.times);
      return undefined;
    case 'time':
      return sandbox.elapsed();
  }
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  const sandbox = await startSandboxConnector(workerData as SandboxOptions);
  port.on('message', async (asked: Asked) => port.postMessage(await answerTo(sandbox, asked)));
  port.postMessage({ url: sandbox.url });
}
