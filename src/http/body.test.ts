import { strict as assert } from 'node:assert';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { createBodyReader } from './body.ts';

const PART = 50_000;

describe('bodies on their way', () => {
  let server: Server;
  /** What each reader came to, by path. */
  const came = new Map<string, number | 'broken off'>();
  let waiting: (() => void)[] = [];

  before(async () => {
    const read = createBodyReader(4.5 * PART);
    server = createServer((request, response) => {
      read(request, 2 * PART).then(
        (body) => {
          came.set(request.url ?? '', body.length);
          response.end();
        },
        () => came.set(request.url ?? '', 'broken off'),
      );
      for (const told of waiting) told();
      waiting = [];
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  /** Sends a part of twice its size and waits; `rest` sends the other. */
  async function begin(path: string): Promise<{ socket: Socket; rest(): Promise<void> }> {
    const begun = new Promise<void>((resolve) => waiting.push(resolve));
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.on('error', () => undefined).resume();
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${2 * PART}\r\n\r\n`,
    );
    socket.write(Buffer.alloc(PART));
    await begun;
    return {
      socket,
      rest: () =>
        new Promise<void>((resolve) => {
          if (socket.closed) resolve();
          socket.once('close', () => resolve());
          socket.write(Buffer.alloc(PART), () => undefined);
        }),
    };
  }

  it('find room, since what began longest ago and has not come is broken off', async () => {
    const slow = [];
    for (let n = 0; n < 12; n += 1) slow.push(await begin(`/slow/${n}`));
    const honest = await begin('/honest');
    await honest.rest();
    assert.equal(came.get('/honest'), 2 * PART);
    for (let n = 0; n < 8; n += 1) assert.equal(came.get(`/slow/${n}`), 'broken off', String(n));
    await slow.at(-1)?.rest();
    assert.equal(came.get('/slow/11'), 2 * PART, 'who is not among the oldest goes on');
    for (const { socket } of slow) socket.destroy();
  });

  it('take none of it once they are here, or when their sender breaks off', async () => {
    for (let n = 0; n < 20; n += 1) {
      const { socket, rest } = await begin(`/one/${n}`);
      if (n % 2 === 0) await rest();
      else {
        socket.destroy();
        await new Promise((resolve) => socket.once('close', resolve));
      }
      if (n % 2 === 0) assert.equal(came.get(`/one/${n}`), 2 * PART);
    }
  });

  it('are counted with what each piece costs: one that comes byte by byte takes far more than its bytes', async () => {
    const pieces = Readable.from(Array.from({ length: 100 }, () => Buffer.alloc(1)));
    await assert.rejects(createBodyReader(10_000)(pieces as IncomingMessage, 1_000), {
      code: 'ERR_STREAM_PREMATURE_CLOSE',
    });
  });
});
