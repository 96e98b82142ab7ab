/**
 * Free ports of this machine, for what a test starts beside itself. Below those that the kernel gives to connections going out
 * (from 32768 on Linux, 49152 elsewhere): one of those could be lost to any socket before the test's own program listens.
 */
import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

const LOWEST = 15_000;
const HIGHEST = 30_000;
const ATTEMPTS = 50;

/** The first of `count` free ports that follow one another. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const first = randomInt(LOWEST, HIGHEST - count);
    const all = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(all.map(isFree));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row were found between ${LOWEST} and ${HIGHEST}`);
}

export function freePort(): Promise<number> {
  return freePorts(1);
}

/** Takes a port for a moment. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
