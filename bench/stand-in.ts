/** The stand-in connector on a thread of its own, so that what it costs is not taken from the sender; and what it saw. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type SandboxOptions, startSandboxConnector } from '../src/sandbox/connector.ts';

export type Sighting = {
  readonly arrived: number;
  readonly doubled: number;
  readonly throttled: number;
  /** Milliseconds from the first arrival to the last. */
  readonly span: number;
  /** Arrivals that made more than `perSecond` within one second, the sliding window that a bucket does not see. */
  readonly breaches: number;
};

export type StandIn = {
  readonly url: string;
  look(perSecond: number): Promise<Sighting>;
  close(): Promise<void>;
};

export async function startStandIn(options: SandboxOptions): Promise<StandIn> {
  const worker = new Worker(new URL(import.meta.url), { workerData: options });
  const hear = <T>() => new Promise<T>((resolve) => worker.once('message', resolve));
  const { url } = await hear<{ url: string }>();
  return {
    url,
    look: (perSecond) => {
      const seen = hear<Sighting>();
      worker.postMessage({ perSecond });
      return seen;
    },
    close: async () => {
      await worker.terminate();
    },
  };
}

if (!isMainThread && parentPort) {
  const port = parentPort;
  const sandbox = await startSandboxConnector(workerData as SandboxOptions);
  port.on('message', ({ perSecond }: { perSecond: number }) => {
    const times = sandbox.arrivals.map((arrival) => arrival.at);
    let start = 0;
    let breaches = 0;
    times.forEach((time, index) => {
      while (time - (times[start] ?? time) >= 1000) start += 1;
      if (index - start + 1 > perSecond) breaches += 1;
    });
    const sighting: Sighting = {
      arrived: times.length,
      doubled: sandbox.duplicates().length,
      throttled: sandbox.requests.filter((request) => request.status === 429).length,
      span: (times.at(-1) ?? 0) - (times[0] ?? 0),
      breaches,
    };
    port.postMessage(sighting);
  });
  port.postMessage({ url: sandbox.url });
}
