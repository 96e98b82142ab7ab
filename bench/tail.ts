/**
 * Where the slowest of many presses went: what held the service's thread, what its collector took and which statements were
 * under way while each of them waited. A watch costs a timer of 2 ms and a note for each statement; it changes nothing.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import type pg from 'pg';
import type { Pressed, Timed } from './press-driver.ts';

/** `work`: of a thread that was held, the processor time that it had meanwhile; the rest of it, others had the processor. */
type Span = { readonly from: number; readonly to: number; readonly what: string; readonly work?: number };
export type Watch = { stop(): readonly Span[] };

const BEAT = 2;
/** A beat that is later than this by so much was held up. Milliseconds. */
const HELD = 4;

const HELD_UP = 'thread held';

/** Processor time of this thread, in milliseconds. */
function threadWork(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Milliseconds of the machine's clock, as the driver's. */
const clock = () => performance.timeOrigin + performance.now();

export function watchService(pool: pg.Pool): Watch {
  const spans: Span[] = [];
  let last = clock();
  let worked = threadWork();
  const beat = setInterval(() => {
    const now = clock();
    const work = threadWork();
    if (now - last > BEAT + HELD)
      spans.push({ from: last + BEAT, to: now, what: HELD_UP, work: work - worked });
    last = now;
    worked = work;
  }, BEAT);
  const collector = new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) {
      const from = performance.timeOrigin + startTime;
      spans.push({ from, to: from + duration, what: 'collector' });
    }
  });
  collector.observe({ entryTypes: ['gc'] });
  const note = (client: pg.PoolClient) => noteStatements(client, spans);
  pool.on('acquire', note);
  return {
    stop: () => {
      clearInterval(beat);
      collector.disconnect();
      pool.off('acquire', note);
      return spans.splice(0);
    },
  };
}

const noted = new WeakMap<pg.PoolClient, Span[]>();

/** Each statement as a span, named by its first words, for as long as the last watch lasts. */
function noteStatements(client: pg.PoolClient, spans: Span[]): void {
  const known = noted.has(client);
  noted.set(client, spans);
  if (known) return;
  const query = client.query.bind(client) as (...given: unknown[]) => unknown;
  client.query = ((...given: unknown[]) => {
    const from = clock();
    const [config] = given;
    const text =
      typeof config === 'string' ? config : String((config as { text?: string } | undefined)?.text);
    const end = () => noted.get(client)?.push({ from, to: clock(), what: nameOf(text) });
    const done = given.at(-1);
    if (typeof done === 'function') {
      const told = (...outcome: unknown[]) => {
        end();
        done(...outcome);
      };
      return query(...given.slice(0, -1), told);
    }
    const running = query(...given);
    if (running instanceof Promise) running.then(end, end);
    return running;
  }) as typeof client.query;
}

function nameOf(text: string): string {
  const table = /(?:from|into|update|join)\s+"?(?!given|jsonb|picked|lateral|held)([a-z_]+)"?/i.exec(
    text,
  )?.[1];
  return `${text.trim().split(/\s/, 1)[0]?.toLowerCase() ?? ''} ${table ?? ''}`.trim();
}

const EDGES = [5, 10, 20, 30, 50, 75, 100, 200, 500];

/** The histogram, and for the slowest hundredth how much of their wait fell together with each thing that was watched. */
export function tailLines({ timed, seconds, busy }: Pressed, spans: readonly Span[]): string[] {
  const took = ({ due, answered }: Timed) => answered - due;
  const buckets = EDGES.map((edge, place) => {
    const from = EDGES[place - 1] ?? 0;
    const count = timed.filter((one) => took(one) > from && took(one) <= edge).length;
    return `  ${String(from).padStart(4)}–${String(edge).padEnd(4)} ms ${String(count).padStart(6)}`;
  });
  const over = timed.filter((one) => took(one) > (EDGES.at(-1) ?? 0)).length;
  const slowest = [...timed]
    .sort((a, b) => took(b) - took(a))
    .slice(0, Math.max(1, Math.ceil(timed.length / 100)));
  const shares = new Map<string, number>();
  for (const { due, answered } of slowest) {
    for (const { from, to, what } of spans) {
      const together = Math.min(to, answered) - Math.max(from, due);
      if (together > 0) shares.set(what, (shares.get(what) ?? 0) + together);
    }
  }
  const waited = slowest.reduce((sum, one) => sum + took(one), 0);
  const late = slowest.reduce((sum, one) => sum + Math.max(0, one.late), 0);
  const begun = Math.min(...timed.map(({ due }) => due));
  const whenSlow = slowest.map(({ due }) => ((due - begun) / 1000).toFixed(1)).slice(0, 12);
  const holds = spans
    .filter(({ what }) => what === HELD_UP)
    .sort((a, b) => b.to - b.from - (a.to - a.from))
    .slice(0, 5)
    .map(({ from, to, work = 0 }) => {
      const collected = spans
        .filter(({ what }) => what === 'collector')
        .reduce((sum, one) => sum + Math.max(0, Math.min(to, one.to) - Math.max(from, one.from)), 0);
      return `  held for ${(to - from).toFixed(0)} ms at ${((from - begun) / 1000).toFixed(1)} s: ${work.toFixed(0)} ms at work, ${collected.toFixed(0)} ms in the collector`;
    });
  const rows = [...shares].sort((a, b) => b[1] - a[1]).slice(0, 12);
  return [
    ...buckets,
    `  over ${EDGES.at(-1) ?? 0} ms ${String(over).padStart(6)}`,
    `  the driver took ${((busy / 1000 / seconds) * 100).toFixed(0)}% of a processor; of the slowest hundredth's wait ${Math.round((late / waited) * 100)}% was its own lateness`,
    `  the slowest began at ${whenSlow.join(', ')} s`,
    ...holds,
    ...rows.map(([what, ms]) => `  ${String(Math.round((ms / waited) * 100)).padStart(4)}% beside ${what}`),
  ];
}
