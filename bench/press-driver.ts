/**
 * Presses buttons as Teams does, from a process of its own that lasts for the whole bench: what pressing costs, its compiling
 * included, is not taken from the answering. A press is timed from when it was due, not from when it left, so a driver or a
 * service that falls behind is seen in the figures and hides nothing (no coordinated omission).
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { must } from '../src/kernel/guards.ts';
import { sleep, stopwatch } from '../src/kernel/time.ts';
import { activityOfPress } from '../src/sandbox/inbound.ts';

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

/** One press, in milliseconds of the machine's clock: when it was due, how late it left, and when it was answered. */
export type Timed = { readonly due: number; readonly late: number; readonly answered: number };

/** Milliseconds from the due time of a press to its answer; `other`: answered with something else; `busy`: the driver's processor time. */
export type Pressed = {
  readonly seconds: number;
  readonly other: number;
  readonly p50: number;
  readonly p99: number;
  readonly last: number;
  readonly busy: number;
  readonly timed: readonly Timed[];
};

export type Driver = { pressAll(order: PressOrder): Promise<Pressed>; close(): Promise<void> };

export function startDriver(): Driver {
  const child = fork(fileURLToPath(import.meta.url), ['press'], { serialization: 'advanced' });
  return {
    pressAll: async (order) => {
      const failed = new AbortController();
      const gone = once(child, 'exit', { signal: failed.signal }).then(([code]) => {
        throw new Error(`the driver ended with ${String(code)}`);
      });
      gone.catch(() => undefined);
      child.send(order);
      try {
        const [pressed] = await Promise.race([once(child, 'message'), gone]);
        return pressed as Pressed;
      } finally {
        failed.abort();
      }
    },
    close: async () => {
      if (!child.connected) return;
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

/** Idle connections are dropped sooner than the server drops them, so that no press meets one that is being closed. */
const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: 'lifo', timeout: 3_000 });

function post(url: URL, body: string): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

async function run({ presses, pace, botUrl, connectorUrl, tenantId, botId }: PressOrder): Promise<Pressed> {
  const url = new URL(botUrl);
  const bodies = presses.map(({ personId, verb, data }) =>
    JSON.stringify(activityOfPress({ personId, tenantId, botId }, { verb, data }, connectorUrl)),
  );
  const timed: Timed[] = [];
  let other = 0;
  const cpu = process.cpuUsage();
  const begun = performance.timeOrigin + performance.now();
  const all = stopwatch();
  const press = async (place: number, due: number) => {
    const late = all() - due;
    const { status, text } = await post(url, must(bodies[place], 'a press'));
    timed.push({ due: begun + due, late, answered: begun + all() });
    if (status !== 200 || !text.includes(must(presses[place], 'a press').wanted)) other += 1;
  };
  if ('perSecond' in pace) {
    const open: Promise<void>[] = [];
    for (const place of presses.keys()) {
      const due = (place * 1000) / pace.perSecond;
      const early = due - all();
      if (early > 0) await sleep(early);
      open.push(press(place, due));
    }
    await Promise.all(open);
  } else {
    let next = 0;
    const lane = async () => {
      for (let place = next++; place < presses.length; place = next++) await press(place, all());
    };
    await Promise.all(Array.from({ length: pace.lanes }, lane));
  }
  const seconds = all() / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const times = timed.map(({ due, answered }) => answered - due).sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.ceil(share * times.length) - 1)] ?? 0;
  return {
    seconds,
    other,
    p50: at(0.5),
    p99: at(0.99),
    last: at(1),
    busy: (user + system) / 1000,
    timed,
  };
}

if (process.argv[2] === 'press' && process.send) {
  process.on('message', (order: PressOrder) => {
    void run(order).then((pressed) => process.send?.(pressed));
  });
}
