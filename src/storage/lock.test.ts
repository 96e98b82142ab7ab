import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { folderHolder, lockFolder } from './lock.ts';

const DEAD = JSON.stringify({ pid: 999_999_999, started: '1' });

describe('the lock of a data folder', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-lock-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('goes to one of several that start at once, also over the lock of a killed one', async () => {
    for (const left of [undefined, DEAD]) {
      for (let round = 0; round < 30; round += 1) {
        if (left) await writeFile(join(folder, 'waymark.lock'), left);
        const tries = await Promise.allSettled(Array.from({ length: 4 }, () => lockFolder(folder)));
        const won = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
        assert.equal(won.length, 1, `round ${round}: ${won.length} hold the folder`);
        for (const one of tries)
          if (one.status === 'rejected')
            assert.ok(one.reason instanceof AppError && one.reason.code === 'store-busy', String(one.reason));
        for (const release of won) await release();
        assert.deepEqual(await readdir(folder), [], 'something was left behind');
      }
    }
  });

  for (const [what, text] of [
    ['of a process that is gone', DEAD],
    ['of this number in an earlier life', JSON.stringify({ pid: process.pid, started: '1' })],
    ['that is empty', ''],
    ['that says null', 'null'],
    ['that is cut short', '{"pid":'],
  ] as const) {
    it(`takes over a lock ${what}, and a takeover that was itself cut short`, async () => {
      await writeFile(join(folder, 'waymark.lock'), text);
      await writeFile(join(folder, 'waymark.lock.takeover'), text);
      assert.equal(await folderHolder(folder), undefined);
      const release = await lockFolder(folder);
      assert.equal(await folderHolder(folder), process.pid);
      await release();
      assert.deepEqual(await readdir(folder), []);
    });
  }
});
