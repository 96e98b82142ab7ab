/** The campaigns of answering in their short form; WAYMARK_FULL=1 runs them whole (10,000 draws, 1,000 races). */
import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { raceInChannel } from '../support/ask-channel-races.ts';
import { raceAsks } from '../support/ask-races.ts';
import { drawPermissions } from '../support/permission-draws.ts';
import { testDatabaseUrl, useStore } from '../support/store.ts';

const FULL = process.env.WAYMARK_FULL === '1';

describe('answering, at random and at once', () => {
  const store = useStore();
  let folder = '';
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-campaign-'));
  });
  after(() => rm(folder, { recursive: true }));
  beforeEach(async () => {
    for (const table of ['answer_documents', 'answer_library_items', 'answer_library_state'] as const)
      await store().db.deleteFrom(table).execute();
  });

  it('shows nothing of a document that somebody present may not open, and what all of them may', async function () {
    this.timeout(FULL ? 900_000 : 60_000);
    const draws = FULL ? 10_000 : 300;
    const seen = await drawPermissions(store().db, join(folder, 'draws'), draws, 20261123);
    assert.deepEqual(seen.leaks.slice(0, 5), []);
    assert.ok(seen.rightlyShown > draws / 10, `${seen.rightlyShown} of ${draws} shown rightly`);
    assert.ok(seen.refused > draws / 20, `${seen.refused} of ${draws} refused`);
  });

  it('would be seen to show it, were permissions not asked for', async function () {
    this.timeout(60_000);
    const seen = await drawPermissions(store().db, join(folder, 'draws'), 60, 20261123, true);
    assert.ok(seen.leaks.length > 10, `${seen.leaks.length} leaks seen`);
  });

  it('takes one of two answers given at once, shows it to the other, and tells the asker', async function () {
    this.timeout(FULL ? 900_000 : 60_000);
    const races = FULL ? 1_000 : 24;
    await writeFile(join(folder, 'strategy.md'), '# Strategy\n\n## Reading\nEvery child reads daily.\n');
    const { firstWon, ...seen } = await raceAsks(store().db, races, folder);
    assert.deepEqual(seen, { races, oneAnswer: races, told: races, otherShown: races });
    assert.ok(firstWon <= races);
  });

  it('does so in a channel too, though each of the two speaks to an instance of its own', async function () {
    this.timeout(FULL ? 900_000 : 90_000);
    const races = FULL ? 1_000 : 16;
    const { firstWon, processes, ...seen } = await raceInChannel(testDatabaseUrl(), races);
    assert.deepEqual(seen, { races, oneAnswer: races, told: races, otherShown: races });
    process.stderr.write(`      ${races} races, ${processes} processes, the first won ${firstWon}\n`);
  });
});
