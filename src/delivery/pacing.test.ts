import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { DEFAULT_LIMITS, planWave, spacing, takeToken, tenantRest, windowWait } from './pacing.ts';

/** The most that any window of `span` milliseconds saw; both ends count. */
function most(times: readonly number[], span: number): number {
  let start = 0;
  let highest = 0;
  times.forEach((time, index) => {
    while (time - (times[start] ?? time) >= span) start += 1;
    highest = Math.max(highest, index - start + 1);
  });
  return highest;
}

describe('pacing', () => {
  it('keeps every window that Teams publishes, however the requests come', () => {
    const gaps = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 40_000 })), {
      minLength: 50,
      maxLength: 400,
    });
    fc.assert(
      fc.property(gaps, (waits) => {
        const { conversation } = DEFAULT_LIMITS;
        let now = 0;
        let ready = 0;
        const sent: number[] = [];
        for (const wait of waits) {
          now += wait;
          const taken = takeToken(ready - now, conversation);
          if (taken.kind === 'wait') {
            now += taken.wait;
            const again = takeToken(ready - now, conversation);
            assert.ok(again.kind === 'go', 'after the wait it may go');
            ready = now + again.debt;
          } else ready = now + taken.debt;
          sent.push(now);
        }
        for (const [span, limit] of [
          [1_000, 7],
          [2_000, 8],
          [30_000, 60],
          [3_600_000, 1_800],
        ] as const) {
          assert.ok(most(sent, span) <= limit, `${most(sent, span)} in ${span} ms`);
        }
      }),
    );
  });

  it('keeps 1,800 an hour when a conversation is always behind', () => {
    const { conversation } = DEFAULT_LIMITS;
    let ready = 0;
    let now = 0;
    const sent: number[] = [];
    while (now < 2 * 3_600_000) {
      const taken = takeToken(ready - now, conversation);
      if (taken.kind === 'wait') now += taken.wait;
      else {
        ready = now + taken.debt;
        sent.push(now);
      }
    }
    assert.ok(most(sent, 3_600_000) <= 1_800, `${most(sent, 3_600_000)}`);
    assert.ok(most(sent, 3_600_000) >= 1_790);
  });

  it('lets seven go at once and holds up only the conversation that is too fast', () => {
    const items = [
      ...Array.from({ length: 8 }, (_, index) => ({ id: `a${index}`, owner: 'person:a' })),
      { id: 'b', owner: 'person:b' },
      { id: 'c', owner: 'person:c' },
    ];
    const plan = planWave(
      items,
      [
        { owner: 'person:a', debt: -5, throttled: -5 },
        { owner: 'person:b', debt: -5, throttled: 900 },
      ],
      DEFAULT_LIMITS.conversation,
    );
    assert.deepEqual(plan.go, ['a0', 'a1', 'a2', 'a3', 'a4', 'a5', 'a6', 'c']);
    assert.deepEqual(
      plan.wait.map((wait) => wait.id),
      ['a7', 'b'],
    );
    assert.equal(plan.wait[1]?.wait, 900);
  });

  it('lets late sends catch up without more than the limit in any second', () => {
    const stalls = fc.array(fc.tuple(fc.nat(400), fc.nat(700)), { maxLength: 8 });
    fc.assert(
      fc.property(stalls, (given) => {
        const left: number[] = [];
        let now = 0;
        const stalled = new Map(given);
        for (let index = 0; index < 400; index += 1) {
          now = Math.max(now, index * 20.2) + (stalled.get(index) ?? 0);
          now += windowWait(left, 50, now);
          left.push(now);
        }
        assert.ok(most(left, 1_000) <= 50, `${most(left, 1_000)}`);
      }),
    );
    assert.equal(windowWait([0, 1], 3, 5), 0);
  });

  it('takes three conversations that are throttled within a second for the whole tenant, and fewer for themselves', () => {
    const from = (owner: string, at: number, rest = 1_000) => ({ owner, at, rest });
    assert.equal(tenantRest([from('a', 0), from('b', 10)], 20), undefined);
    assert.equal(tenantRest([from('a', 0), from('a', 5), from('b', 10)], 20), undefined);
    assert.equal(tenantRest([from('a', 0), from('b', 10), from('c', 1_001)], 1_001), undefined);
    assert.equal(tenantRest([from('a', 0, 4_000), from('b', 10, 2_000), from('c', 20, 3_000)], 20), 1_990);
    assert.equal(tenantRest([from('a', 0, 0), from('b', 0, 0), from('c', 0, 0)], 20), 0);
    const day = 86_400_000;
    assert.equal(tenantRest([from('a', 0, day), from('b', 0, day), from('c', 0, day)], 0), 300_000);
  });

  it('spaces the tenant a hair slower than its limit, and not at all when it is lifted', () => {
    assert.equal(spacing(DEFAULT_LIMITS), 20.2);
    assert.equal(spacing({ conversation: DEFAULT_LIMITS.conversation }), 0);
  });
});
