/**
 * The network between an instance and its database: a TCP proxy on loopback that can be cut in the ways that networks are cut.
 */
import { connect, createServer, Socket } from 'node:net';
import { must } from '../../src/kernel/guards.ts';

/**
 * `reset`: connections are torn down, and new ones refused. `silent`: what is sent is swallowed, and nobody is told; connections
 * of that time stay dead, as behind a firewall that has forgotten them. `stalled`: the same, but all arrives once it is mended.
 */
export type Cut = 'reset' | 'silent' | 'stalled';

export type Wire = {
  readonly port: number;
  /** The same database through this wire. */
  through(databaseUrl: string): string;
  cut(how: Cut): void;
  mend(): void;
  close(): Promise<void>;
};

type Pair = { readonly near: Socket; readonly far: Socket; dead: boolean };

export async function openWire(farPort: number): Promise<Wire> {
  const pairs = new Set<Pair>();
  let state: Cut | 'whole' = 'whole';

  const server = createServer((near) => {
    if (state === 'reset') {
      near.resetAndDestroy();
      return;
    }
    const dead = state === 'silent';
    const pair: Pair = { near, far: dead ? new Socket() : connect(farPort, '127.0.0.1'), dead };
    pairs.add(pair);
    for (const [from, to] of [
      [pair.near, pair.far],
      [pair.far, pair.near],
    ] as const) {
      if (state !== 'whole') from.pause();
      from.on('data', (bytes: Buffer) => to.write(bytes));
      from.on('end', () => {
        if (!pair.dead) to.end();
      });
      from.on('error', () => {
        // One side broke: the other is told by its own end, as a network would.
        if (!pair.dead) to.destroy();
      });
      from.on('close', () => {
        if (pair.dead) return;
        to.destroy();
        pairs.delete(pair);
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = must(server.address(), 'an address');
  const port = typeof address === 'string' ? 0 : address.port;

  return {
    port,
    through: (databaseUrl) => {
      const url = new URL(databaseUrl);
      url.port = String(port);
      return url.href;
    },
    cut: (how) => {
      state = how;
      for (const pair of pairs) {
        if (how === 'reset') {
          pair.near.resetAndDestroy();
          pair.far.resetAndDestroy();
          continue;
        }
        if (how === 'silent') pair.dead = true;
        pair.near.pause();
        pair.far.pause();
      }
    },
    mend: () => {
      state = 'whole';
      for (const pair of pairs) {
        if (pair.dead) continue;
        pair.near.resume();
        pair.far.resume();
      }
    },
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const { near, far } of pairs) {
        near.destroy();
        far.destroy();
      }
      await closed;
    },
  };
}
