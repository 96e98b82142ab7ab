import { strict as assert } from 'node:assert';
import { silentLog } from '../telemetry/log.ts';
import { createNoticeGate, NOTICE_LIMIT_BYTES, type NoticeRequest } from './notice-gate.ts';

const REQUEST: NoticeRequest = {
  body: Buffer.from('{"value":[]}'),
  query: '',
  remoteAddress: '203.0.113.5',
  forwardedFor: '',
  contentType: 'application/json; charset=utf-8',
};

describe('the gate for what Graph tells', () => {
  function gateOf(taken: { wrong: boolean } | undefined = { wrong: false }, refusedLimit = 5) {
    const bodies: unknown[] = [];
    const gate = createNoticeGate({
      settings: { appEnv: 'production', refusedLimit, behindFrontEnd: false },
      vouches: async () => false,
      take: async (body) => {
        bodies.push(body);
        return taken;
      },
      log: silentLog,
    });
    const ask = (change: Partial<NoticeRequest> = {}) => gate({ ...REQUEST, ...change });
    return { ask, bodies };
  }

  it('says a token back as it was meant, and takes nothing then', async () => {
    const { ask, bodies } = gateOf();
    const query = 'validationToken=Validation%3A+is+it+%3Cyou%3E%3F+%26+%2B%3D';
    assert.deepEqual(await ask({ query }), { status: 200, text: 'Validation: is it <you>? & +=' });
    assert.equal((await ask({ query: 'validationToken=' })).status, 400);
    assert.equal((await ask({ query: `validationToken=${'x'.repeat(3_000)}` })).status, 400);
    assert.deepEqual(bodies, []);
  });

  it('takes notices with 202 and no word, true or false', async () => {
    assert.deepEqual(await gateOf().ask(), { status: 202 });
    assert.deepEqual(await gateOf({ wrong: true }).ask(), { status: 202 });
  });

  it('refuses what is too large, no JSON, of another type, or no notices', async () => {
    const { ask, bodies } = gateOf(undefined, 100);
    assert.deepEqual(await ask({ body: Buffer.alloc(NOTICE_LIMIT_BYTES + 1, 0x20) }), { status: 413 });
    assert.deepEqual(await ask({ body: Buffer.from('{"value":') }), { status: 400 });
    assert.deepEqual(await ask({ contentType: 'text/plain' }), { status: 400 });
    assert.deepEqual(bodies, []);
    const none = createNoticeGate({
      settings: { appEnv: 'production', refusedLimit: 5, behindFrontEnd: false },
      vouches: async () => false,
      take: async () => undefined,
      log: silentLog,
    });
    assert.deepEqual(await none(REQUEST), { status: 400 });
  });

  it('reads nothing more of an address that was wrong too often, and goes on with others', async () => {
    const { ask, bodies } = gateOf({ wrong: true });
    for (let n = 0; n < 5; n += 1) assert.equal((await ask()).status, 202);
    assert.equal((await ask()).status, 429);
    assert.equal(bodies.length, 5);
    assert.equal((await ask({ remoteAddress: '203.0.113.6' })).status, 202);
  });

  it('hears a true notice from an address that strangers made Graph tell false ones from', async () => {
    let taken = 0;
    const gate = createNoticeGate({
      settings: { appEnv: 'production', refusedLimit: 5, behindFrontEnd: false },
      vouches: async (body) => body.includes('our secret'),
      take: async (body) => {
        taken += 1;
        return { wrong: !JSON.stringify(body).includes('our secret') };
      },
      log: silentLog,
    });
    const tell = (clientState: string, contentType = REQUEST.contentType) =>
      gate({ ...REQUEST, contentType, body: Buffer.from(JSON.stringify({ value: [{ clientState }] })) });
    for (let n = 0; n < 5; n += 1) assert.equal((await tell('guessed')).status, 202);
    for (let n = 0; n < 100; n += 1) assert.equal((await tell('guessed')).status, 429);
    assert.equal(taken, 5, 'what proves nothing is not read');
    assert.equal((await tell('our secret')).status, 202);
    assert.equal(taken, 6);
    assert.equal(
      (await gate({ ...REQUEST, body: Buffer.alloc(NOTICE_LIMIT_BYTES + 1, 'our secret') })).status,
      429,
    );
    assert.equal((await tell('our secret', 'text/plain')).status, 400);
  });

  it('says a token back however many false notices and echoes strangers had Graph send from the same address', async () => {
    const { ask, bodies } = gateOf({ wrong: true });
    const query = 'validationToken=x';
    for (let n = 0; n < 5; n += 1) await ask();
    assert.equal((await ask()).status, 429);
    for (let n = 0; n < 100; n += 1) assert.deepEqual(await ask({ query }), { status: 200, text: 'x' });
    assert.equal((await ask({ query: 'validationToken=' })).status, 429, 'what is none counts as before');
    assert.equal(bodies.length, 5);
  });

  it('of a local run hears this machine alone', async () => {
    const gate = createNoticeGate({
      settings: { appEnv: 'local', refusedLimit: 5, behindFrontEnd: false },
      vouches: async () => false,
      take: async () => ({ wrong: false }),
      log: silentLog,
    });
    assert.equal((await gate(REQUEST)).status, 403);
    assert.equal((await gate({ ...REQUEST, remoteAddress: '127.0.0.1' })).status, 202);
  });
});
