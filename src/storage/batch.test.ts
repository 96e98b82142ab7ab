import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { breath, sleep } from '../kernel/time.ts';
import { inBatches } from './batch.ts';

describe('what turns ask of the store together', () => {
  const store = useStore();

  it('goes in few statements when it comes at one moment, and each gets its own answer', async () => {
    const statements: (readonly number[])[] = [];
    const double = inBatches(async (_db, numbers: readonly number[]) => {
      statements.push(numbers);
      return numbers.map((number) => 2 * number);
    });
    const asked = Array.from({ length: 20 }, (_, number) => number);
    const answers = await Promise.all(asked.map((number) => double(store().db, number)));
    assert.deepEqual(
      answers,
      asked.map((number) => 2 * number),
    );
    assert.deepEqual(statements.flat(), asked);
    assert.ok(statements.length <= 3, `${statements.length} statements`);
  });

  it('does not wait for a statement that hangs', async () => {
    const held = Promise.withResolvers<void>();
    const work = inBatches(async (_db, names: readonly string[]) => {
      if (names.includes('slow')) await held.promise;
      return names;
    });
    const slow = work(store().db, 'slow');
    await sleep(5);
    assert.equal(await work(store().db, 'quick'), 'quick');
    held.resolve();
    assert.equal(await slow, 'slow');
  });

  it('takes along who comes while a statement is under way, and those whom nobody waits for', async () => {
    const statements: number[] = [];
    const held = Promise.withResolvers<void>();
    const slowly = inBatches(
      async (_db, numbers: readonly number[]) => {
        statements.push(numbers.length);
        await held.promise;
        return numbers;
      },
      { patience: 60_000 },
    );
    const first = slowly(store().db, 0);
    while (statements.length === 0) await breath();
    const others = [slowly(store().db, 1), breath().then(() => slowly(store().db, 2))];
    await breath();
    await breath();
    held.resolve();
    await Promise.all([first, ...others]);
    assert.deepEqual(statements, [1, 2]);
    const gathered: number[] = [];
    const later = inBatches(
      async (_db, numbers: readonly number[]) => {
        gathered.push(numbers.length);
        return numbers;
      },
      { gather: 200 },
    );
    await Promise.all([later(store().db, 1), sleep(2).then(() => later(store().db, 2))]);
    assert.deepEqual(gathered, [2]);
  });

  it('lets nobody fail for what another asked, and fails all when the database is away', async () => {
    const half = inBatches(async (db, numbers: readonly number[]) => {
      const found = await sql<{ half: number }>`
        select (10 / number::int) as half from jsonb_array_elements_text(${JSON.stringify(numbers)}::jsonb) as number
      `.execute(db);
      return found.rows.map((row) => row.half);
    });
    const outcomes = await Promise.allSettled([5, 0, 2].map((number) => half(store().db, number)));
    assert.deepEqual(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : 'failed')),
      [2, 'failed', 5],
    );
    let tries = 0;
    const away = inBatches(async () => {
      tries += 1;
      throw Object.assign(new Error('connection lost'), { code: 'ECONNRESET' });
    });
    const lost = await Promise.allSettled([1, 2].map((number) => away(store().db, number)));
    assert.deepEqual([lost.map((outcome) => outcome.status), tries], [['rejected', 'rejected'], 1]);
  });
});
