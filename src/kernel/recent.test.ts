import { strict as assert } from 'node:assert';
import { recent } from './recent.ts';

describe('what was read a moment ago', () => {
  let time: number;
  let reads: number;
  const look = async () => {
    reads += 1;
    return reads;
  };
  beforeEach(() => {
    time = 0;
    reads = 0;
  });

  it('is read once for all who ask at once, and anew when it is so old', async () => {
    const { read } = recent(look, 1_000, () => time);
    assert.deepEqual(await Promise.all([read(), read()]), [1, 1]);
    time = 999;
    assert.equal(await read(), 1);
    time = 1_000;
    assert.equal(await read(), 2);
    time = 1_999;
    assert.equal(await read(), 2);
  });

  it('is read anew once it was forgotten', async () => {
    const { read, forget } = recent(look, 1_000, () => time);
    assert.equal(await read(), 1);
    forget();
    assert.equal(await read(), 2);
  });

  it('is not a fault: the next to ask has it read again', async () => {
    const { read } = recent(
      async () => {
        if ((await look()) === 1) throw new Error('away');
        return reads;
      },
      1_000,
      () => time,
    );
    await assert.rejects(read(), /away/);
    assert.equal(await read(), 2);
  });

  it('is not forgotten for a fault of a read before it', async () => {
    const before = Promise.withResolvers<number>();
    const answers = [before.promise, Promise.resolve(2), Promise.resolve(3)];
    const { read, forget } = recent(
      () => answers.shift() ?? Promise.reject(new Error('once too often')),
      1_000,
      () => time,
    );
    const slow = read();
    forget();
    assert.equal(await read(), 2);
    before.reject(new Error('away'));
    await assert.rejects(slow, /away/);
    assert.equal(await read(), 2);
  });
});
