/** Free ports of this machine, for what a test starts beside itself. */
import { createServer } from 'node:net';

/** The first of `count` free ports that follow one another. */
export async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const first = await freePort();
    const others = Array.from({ length: count - 1 }, (_, index) => first + index + 1);
    const free = await Promise.all(others.map((port) => listen(port)));
    if (free.every((port) => port !== undefined)) return first;
  }
  throw new Error('no free ports');
}

export async function freePort(): Promise<number> {
  const port = await listen(0);
  if (port === undefined) throw new Error('no free port');
  return port;
}

/** Takes a port for a moment; undefined when it is in use. */
function listen(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
