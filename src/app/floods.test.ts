import { strict as assert } from 'node:assert';
import { createFloodWatch } from './floods.ts';

/** Refusals before each of a row of looks; how many refusals were told of at the looks that found a flood over. */
function watched(...refusals: readonly number[]): number[] {
  const over: number[] = [];
  const watch = createFloodWatch((refused) => over.push(refused));
  for (const number of refusals) {
    for (let each = 0; each < number; each += 1) watch.refused();
    watch.look();
  }
  return over;
}

describe('the end of a flood of refused requests', () => {
  const CASES = {
    'is told once, at the first calm look': [[30_000, 70_000, 0, 0, 0], [100_000]],
    'is told although a scanner goes on knocking': [[30_000, 49, 49], [30_049]],
    'is not told while it lasts': [[30_000, 30_000, 50, 50], []],
    'is told again after the next flood': [
      [10_000, 0, 10_000, 0],
      [10_000, 10_000],
    ],
    'is not told where there was none': [[9_000, 0, 500, 0], []],
    'is told where refusals came to as many little by little': [[9_000, 0, 999, 1], [10_000]],
  } as const satisfies Readonly<Record<string, readonly [readonly number[], readonly number[]]>>;
  for (const [what, [refusals, told]] of Object.entries(CASES))
    it(what, () => assert.deepEqual(watched(...refusals), told));
});
