import { strict as assert } from 'node:assert';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from '../config/settings.ts';
import { calendarLines, termNumbered } from './rehearsal.ts';
import { rehearse } from './rehearse.ts';

describe('a rehearsal', () => {
  it('says what would go to whom, sends it to the stand-in alone, and leaves the real store untouched', async function () {
    this.timeout(60_000);
    const folder = await mkdtemp(join(tmpdir(), 'waymark-real-'));
    const read = readSettings({
      APP_ENV: 'local',
      DATA_DIR: join(folder, 'data'),
      BOT_SERVICE_HOSTS: 'real.example',
    });
    assert.ok(read.kind === 'ok');
    const seen = await rehearse(read.settings, { from: '2026-11-23', to: '2026-11-24' }, () => undefined);
    assert.deepEqual(await readdir(folder), [], 'not even its folder is made');
    await rm(folder, { recursive: true });
    const digests = seen.runs.find(({ run }) => run === 'digest/2026-11-23');
    assert.ok(digests && digests.messages.length > 10);
    assert.ok(digests.messages.every(({ state }) => state === 'delivered'));
    const sent = seen.runs.flatMap(({ messages }) => messages).filter(({ state }) => state === 'delivered');
    assert.ok(seen.arrived >= sent.length, `${seen.arrived} arrived, ${sent.length} are in the calendar`);
    const lines = calendarLines(seen).join('\n');
    assert.match(lines, /Monday 23 November\n {2}07:30 {2}attendance cards/);
    assert.match(lines, /07:45 {2}digests: \d+ messages to Helen Marsh/);
  });

  it('takes the term of a number that has not ended', () => {
    const terms = [
      { term: 2, from: '2025-11-03', to: '2025-12-19' },
      { term: 2, from: '2026-11-02', to: '2026-12-18' },
    ];
    assert.equal(termNumbered(terms, 2, '2026-01-10')?.from, '2026-11-02');
    assert.equal(termNumbered(terms, 2, '2027-01-10'), undefined);
  });
});
