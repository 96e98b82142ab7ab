import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Finding } from '../../src/app/doctor-trust.ts';
import { runCommand } from '../support/process.ts';

/** Nobody listens there. */
const NOBODY = 'http://127.0.0.1:9';

describe('the doctor, where Graph cannot be asked', function () {
  this.timeout(60_000);
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-doctor-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const examine = async (environment: Readonly<Record<string, string>>) => {
    const settings = {
      APP_ENV: 'local',
      DATA_DIR: join(folder, 'data'),
      TRUST_FILE: 'samples/trust.yaml',
      CONTENT_DIR: 'samples/documents',
      ...environment,
    };
    const { exit, out } = await runCommand(settings, 'doctor', '--json');
    const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
    const amiss = findings.filter(({ state }) => state !== 'well');
    return { exit, amiss, findings };
  };

  it('says once that there is no identity, what was not looked at for it, and what to do', async () => {
    const { exit, amiss, findings } = await examine({});
    assert.equal(exit, 1);
    assert.deepEqual(
      amiss.map(({ part }) => part),
      ['identity'],
    );
    assert.match(
      amiss[0]?.says ?? '',
      /no identity.*Not looked at for that: consents, people.*7 channels\.$/,
    );
    assert.match(amiss[0]?.remedy ?? '', /BOT_ID.*own console.*npm run dev/);
    for (const part of ['clock', 'calendars', 'schedules', 'deliveries', 'audit'])
      assert.ok(
        findings.some((finding) => finding.part === part),
        part,
      );
  });

  it('says once that nobody answers there', async () => {
    const { exit, amiss } = await examine({ GRAPH_URL: NOBODY });
    assert.equal(exit, 1);
    assert.deepEqual(
      amiss.map(({ part }) => part),
      ['graph'],
    );
    assert.match(
      amiss[0]?.says ?? '',
      /cannot be reached for .*: fetch failed \(bad port\)\. Not looked at for that: consents, .*documents, .*people.*7 channels\.$/,
    );
    assert.match(amiss[0]?.remedy ?? '', /GRAPH_URL/);
  });
});
