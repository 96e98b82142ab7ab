import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startInstance } from '../../src/app/instance.ts';
import { readSettings } from '../../src/config/settings.ts';
import { silentLog } from '../../src/telemetry/log.ts';

/** As docs/OPERATIONS.md has it: the file is written before anything is provisioned. */
describe('a first start, before there is an identity', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-first-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  async function start(trust: string): Promise<unknown> {
    const file = join(folder, 'trust.yaml');
    await writeFile(file, trust);
    const read = readSettings({ TRUST_FILE: file, DATA_DIR: join(folder, 'data') });
    if (read.kind === 'problems') throw new Error(read.problems.join('\n'));
    return startInstance(read.settings, silentLog);
  }

  it('lists what is wrong with the trust’s file, each with its line', async () => {
    const sample = await readFile('samples/trust.yaml', 'utf8');
    const wrong = sample.replace(/urn: "?(\d)/, 'urn: "x$1').replace('07:30', '7.30am');
    assert.notEqual(wrong, sample);
    await assert.rejects(start(wrong), /trust\.yaml:\d+/);
  });

  it('asks for an identity once the file is in order, and has made nothing', async () => {
    await assert.rejects(start(await readFile('samples/trust.yaml', 'utf8')), {
      code: 'no-identity',
      remedy: /trust’s file are in order.*BOT_ID/,
    });
    assert.deepEqual(await readdir(folder), ['trust.yaml']);
  });
});
