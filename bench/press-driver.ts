/** Presses buttons as Teams does, from a thread of its own, so that what pressing costs is not taken from the answering. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { sleep, stopwatch } from '../src/kernel/time.ts';
import { createInbound } from '../src/sandbox/inbound.ts';

export type Pressing = {
  readonly personId: string;
  readonly verb: string;
  readonly data: unknown;
  /** What the answer must say for the press to count as taken. */
  readonly wanted: string;
};

export type PressOrder = {
  readonly botUrl: string;
  readonly connectorUrl: string;
  readonly tenantId: string;
  readonly botId: string;
  readonly presses: readonly Pressing[];
  /** `perSecond`: so many a second, come what may (open loop); `lanes`: so many at once, each after its answer. */
  readonly pace: { readonly perSecond: number } | { readonly lanes: number };
};

/** Milliseconds from the due time of a press to its answer; `other`: answered with something else. */
export type Pressed = {
  readonly seconds: number;
  readonly other: number;
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
};

export async function pressAll(order: PressOrder): Promise<Pressed> {
  const worker = new Worker(new URL(import.meta.url), { workerData: order });
  return new Promise((resolve, reject) => {
    worker.once('message', (pressed: Pressed) => resolve(pressed));
    worker.once('error', reject);
  });
}

async function run({ presses, pace, ...order }: PressOrder): Promise<Pressed> {
  const inbound = createInbound(order.connectorUrl, order.botUrl);
  const times: number[] = [];
  let other = 0;
  const all = stopwatch();
  const press = async ({ personId, verb, data, wanted }: Pressing, due: number) => {
    const from = { personId, tenantId: order.tenantId, botId: order.botId };
    const { status, body } = await inbound.pressButton(from, { verb, data });
    times.push(all() - due);
    if (status !== 200 || !JSON.stringify(body).includes(wanted)) other += 1;
  };
  if ('perSecond' in pace) {
    const open: Promise<void>[] = [];
    for (const [index, one] of presses.entries()) {
      const due = (index * 1000) / pace.perSecond;
      if (all() < due) await sleep(due - all());
      open.push(press(one, due));
    }
    await Promise.all(open);
  } else {
    let next = 0;
    const lane = async () => {
      for (let one = presses[next++]; one; one = presses[next++]) await press(one, all());
    };
    await Promise.all(Array.from({ length: pace.lanes }, lane));
  }
  const seconds = all() / 1000;
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)] ?? 0;
  return { seconds, other, p50: at(0.5), p99: at(0.99), last: at(1) };
}

if (!isMainThread && parentPort) parentPort.postMessage(await run(workerData as PressOrder));
