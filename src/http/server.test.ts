import { strict as assert } from 'node:assert';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { sleep, stopwatch } from '../kernel/time.ts';
import { createLog } from '../telemetry/log.ts';
import { type HttpServer, startServer } from './server.ts';

/** Sends the beginning of a request and no more. */
async function halfSent(port: number, text: string): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(text);
  await sleep(50);
  return socket;
}

describe('the HTTP edge', function () {
  this.timeout(15_000);
  const lines: string[] = [];
  const log = createLog('info', { write: (line) => lines.push(line) });
  let server: HttpServer;
  let takes = 0;
  let looks = 0;
  let refusals = 0;
  beforeEach(async () => {
    server = await startServer(
      {
        log,
        bodyLimit: 1_000,
        noticeLimit: 1_000,
        readiness: async () => {
          looks += 1;
          await sleep(300);
          return { ready: true, parts: { look: String(looks) } };
        },
        refused: () => {
          refusals += 1;
        },
        messages: async (_request, response) => {
          await sleep(takes);
          response.sendRaw(200, 'done');
        },
      },
      { port: 0, host: '127.0.0.1' },
    );
  });

  const HALVES = {
    'half a body': 'POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"a":',
    'half a header': 'POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Le',
    nothing: '',
  };
  for (const [what, text] of Object.entries(HALVES))
    it(`is not held up in stopping by a caller who sends ${what} and waits`, async () => {
      const caller = await halfSent(server.port, text);
      const time = stopwatch();
      await server.close();
      assert.ok(time() < 5_000, `it took ${time()} ms`);
      caller.destroy();
    });

  it('says of callers who break off that there were some, not each time: a log has an end', async () => {
    lines.length = 0;
    const text = 'POST /api/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\n{"a":';
    const callers = await Promise.all(Array.from({ length: 40 }, () => halfSent(server.port, text)));
    for (const caller of callers) caller.destroy();
    await sleep(200);
    const said = lines.map((line) => JSON.parse(line) as { level: number; number: number });
    assert.deepEqual(
      said.map(({ number }) => number),
      [1, 2, 4, 8, 16, 32],
    );
    assert.ok(
      said.every(({ level }) => level < 40),
      'no fault of ours, and nobody is to be woken for it',
    );
    takes = 0;
    const answer = await fetch(`http://127.0.0.1:${server.port}/api/messages`, {
      method: 'POST',
      body: '{}',
    });
    assert.equal(await answer.text(), 'done');
    await server.close();
  });

  it('still finishes a request in hand that takes longer than the stop waits for others', async () => {
    takes = 3_500;
    const answer = fetch(`http://127.0.0.1:${server.port}/api/messages`, { method: 'POST', body: '{}' });
    await sleep(200);
    await server.close();
    assert.equal(await (await answer).text(), 'done');
  });

  it('looks once for all who ask at once whether it is ready, and anew for who asks later', async () => {
    const ask = async () => (await fetch(`http://127.0.0.1:${server.port}/readyz`)).text();
    const told = await Promise.all(Array.from({ length: 40 }, ask));
    assert.equal(new Set(told).size, 1, 'they were told different things');
    assert.equal(looks, 1);
    await ask();
    assert.equal(looks, 2);
    await server.close();
  });

  it('tells of each request that it refused, and of no other', async () => {
    const at = (path: string) => `http://127.0.0.1:${server.port}${path}`;
    takes = 0;
    refusals = 0;
    await fetch(at('/wp-login.php'));
    await fetch(at('/api/messages'));
    await fetch(at('/healthz'));
    await fetch(at('/api/messages'), { method: 'POST', body: '{}' });
    await server.close();
    assert.equal(refusals, 2);
  });
});
