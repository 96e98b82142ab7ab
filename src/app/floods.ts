/**
 * What a flood of refused requests leaves behind. The engine keeps the memory that a flood made it take, and gives it back by
 * itself only once it finds the process idle, which one that looks at its database every second never quite is
 * (docs/decisions/gate.md). On a small plan it is wanted elsewhere.
 */
import { stopwatch } from '../kernel/time.ts';
import type { Log } from '../telemetry/log.ts';

/** How often it is looked whether a flood is over. Milliseconds. */
const LOOK_EVERY = 5_000;
/** More than honest callers and scanners are refused in a day. */
const FLOOD = 10_000;
/** Refusals between two looks that are no flood any more: ten a second. */
const CALM = 50;

export type FloodWatch = {
  /** One more request was refused. */
  refused(): void;
  /** Calls `over`, with how many were refused, once after each flood: at the first look before which it was calm. */
  look(): void;
};

export function createFloodWatch(over: (refused: number) => void): FloodWatch {
  let refused = 0;
  let before = 0;
  return {
    refused: () => {
      refused += 1;
    },
    look: () => {
      const isCalm = refused - before < CALM;
      before = refused;
      if (refused < FLOOD || !isCalm) return;
      const flood = refused;
      refused = before = 0;
      over(flood);
    },
  };
}

/**
 * Gives memory back to the machine after each flood, which holds the event loop for about a quarter of a second. `collect`: the
 * engine's own way (`--expose-gc` in `npm start`); undefined: the process was started without, and nothing is done.
 */
export function watchFloods(
  log: Log,
  collect: NodeJS.GCFunction | undefined,
): { readonly refused: () => void; readonly stop: () => void } {
  const watch = createFloodWatch((refused) => {
    if (!collect) return;
    const elapsed = stopwatch();
    const megabytesBefore = megabytesHeld();
    collect({ type: 'major', flavor: 'last-resort' });
    const ms = Math.round(elapsed());
    const megabytesAfter = megabytesHeld();
    log.info('a flood of refused requests is over', { refused, megabytesBefore, megabytesAfter, ms });
  });
  const timer = setInterval(watch.look, LOOK_EVERY);
  return { refused: watch.refused, stop: () => clearInterval(timer) };
}

function megabytesHeld(): number {
  return Math.round(process.memoryUsage.rss() / 1024 / 1024);
}
