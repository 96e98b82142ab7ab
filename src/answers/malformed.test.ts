import { strict as assert } from 'node:assert';
import { FAMILIES } from '../../test/support/malformed.ts';
import { runMalformed } from '../../test/support/malformed-campaign.ts';
import { useStore } from '../../test/support/store.ts';
import { isRefusal } from '../kernel/errors.ts';
import { stopwatch } from '../kernel/time.ts';
import { openReader, READER_LIMITS } from './readers/bounded.ts';

describe('files that no document should be', () => {
  const store = useStore();

  it('are each named with a problem, and the rest are answered from', async function () {
    this.timeout(120_000);
    const report = await runMalformed(store().db, Object.keys(FAMILIES).length);
    assert.deepEqual(report.unnamed, []);
    assert.equal(report.answered, report.questions);
    assert.ok(Object.keys(report.reasons).length >= 4, JSON.stringify(report.reasons));
  });

  it('are cut off when they take too long, and the next file is read', async () => {
    const read = openReader({ ...READER_LIMITS, milliseconds: 1_000 }, stalling(`for (;;) {}`));
    const elapsed = stopwatch();
    const refused = await read('stall.md', Buffer.from('stall'));
    assert.ok(isRefusal(refused) && refused.reason === 'too-slow');
    assert.match(refused.message, /^stall\.md was left out: reading it takes longer than 1 seconds\.$/);
    assert.ok(elapsed() < 4_000);
    assert.deepEqual(await read('good.md', Buffer.from('good')), []);
  });

  for (const [what, hog] of [
    ['objects', 'const all = []; for (;;) all.push({ at: all.length });'],
    ['buffers', 'const all = []; for (;;) all.push(new Uint8Array(8_000_000).fill(1));'],
  ] as const) {
    it(`are cut off when they take too much memory in ${what}, and the next file is read`, async () => {
      const read = openReader({ ...READER_LIMITS, heapMegabytes: 32, residentMegabytes: 200 }, stalling(hog));
      const refused = await read('stall.md', Buffer.from('stall'));
      assert.ok(isRefusal(refused) && refused.reason === 'too-large', JSON.stringify(refused));
      assert.deepEqual(await read('good.md', Buffer.from('good')), []);
    });
  }
});

/** A thread that does `stall` for the file of that name and finds nothing in any other. */
function stalling(stall: string): URL {
  const script = `import { parentPort } from 'node:worker_threads';
    parentPort.on('message', ({ file }) => { if (file === 'stall.md') { ${stall} } parentPort.postMessage([]); });`;
  return new URL(`data:text/javascript,${encodeURIComponent(script)}`);
}
