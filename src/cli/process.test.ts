import { strict as assert } from 'node:assert';
import { spawnSync } from 'node:child_process';

const SECRET = 'zanzibar marmalade';

/** What a process of its own says as it ends by a fault that nobody caught. */
function endedBy(thrown: string) {
  const code = `import { endOnFault } from './src/cli/process.ts';
    endOnFault();
    const error = Object.assign(new Error('refused "${SECRET}"'), { detail: 'Failing row contains (${SECRET}).' });
    ${thrown}`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], {
    encoding: 'utf8',
  });
  return { status, stderr };
}

describe('a fault that nobody caught', () => {
  for (const [how, thrown] of [
    ['thrown', 'setImmediate(() => { throw error; });'],
    ['of a promise', 'Promise.reject(error);'],
  ] as const)
    it(`${how}, ends the process with where it was and without what it carries`, () => {
      const { status, stderr } = endedBy(thrown);
      assert.equal(status, 1);
      assert.match(stderr, /^Waymark stopped: refused …\n {4}at .*:\d+:\d+/);
      assert.ok(!stderr.includes(SECRET), stderr);
    });
});
