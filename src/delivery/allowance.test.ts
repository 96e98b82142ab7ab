import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { sampleCard } from '../../test/support/delivery.ts';
import { allot } from './allowance.ts';
import type { Draft } from './message.ts';

describe('the allowance of a week', () => {
  const GATHERED = new Date('2026-11-27T12:00:00Z');
  const draft = (key: string, person: string, more: Partial<Draft> = {}): Draft => ({
    key,
    target: { kind: 'person', personId: person },
    card: sampleCard(key),
    ...more,
  });
  const keys = (drafts: readonly Draft[]) => drafts.map(({ key }) => key);

  it('lets a person have so many, and keeps the rest together', () => {
    const drafts = [draft('a', 'ada'), draft('b', 'ada'), draft('c', 'ada'), draft('d', 'bea')];
    const { now, later } = allot(drafts, new Map([['ada', 1]]), 2, GATHERED);
    assert.deepEqual(
      [keys(now), keys(later)],
      [
        ['a', 'd'],
        ['b', 'c'],
      ],
    );
  });

  it('holds back nothing that somebody waits for, that is for a place, or that would be of no use by then', () => {
    const drafts = [
      draft('urgent', 'ada', { urgent: true }),
      draft('channel', 'ada', { target: { kind: 'channel', teamId: 't', channelId: 'c' } }),
      draft('soon', 'ada', { expiresAt: new Date('2026-11-27T11:00:00Z') }),
      draft('paused', 'ada', { withheld: 'paused: everything' }),
      draft('late', 'ada', { expiresAt: new Date('2026-11-27T13:00:00Z') }),
      draft('lasting', 'ada', { expiresAt: new Date('2026-11-27T11:00:00Z'), lasting: true }),
    ];
    const { now, later } = allot(drafts, new Map([['ada', 9]]), 1, GATHERED);
    assert.deepEqual(keys(now), ['urgent', 'channel', 'soon', 'paused']);
    assert.deepEqual(keys(later), ['late', 'lasting']);
  });

  it('holds back nothing where nothing will gather it', () => {
    assert.equal(allot([draft('a', 'ada')], new Map([['ada', 9]]), 1, undefined).later.length, 0);
  });

  it('gives nobody more than that in any week, loses nothing and keeps the order, however the runs come', () => {
    const drawn = fc.record({
      person: fc.constantFrom('ada', 'bea', 'cho'),
      urgent: fc.boolean(),
      expires: fc.option(fc.constantFrom(-1, 1)),
    });
    fc.assert(
      fc.property(fc.array(fc.array(drawn, { maxLength: 8 }), { maxLength: 8 }), fc.nat(6), (runs, most) => {
        const allowance = most + 1;
        const had = new Map<string, number>();
        const waits = new Set<string>();
        for (const [index, run] of runs.entries()) {
          const drafts = run.map(({ person, urgent, expires }, place) =>
            draft(`${index}/${place}`, person, {
              urgent,
              ...(expires === null ? {} : { expiresAt: new Date(GATHERED.getTime() + expires) }),
            }),
          );
          const { now, later } = allot(drafts, had, allowance, GATHERED);
          assert.deepEqual(keys([...now, ...later]).sort(), keys(drafts).sort());
          const order = (some: readonly Draft[]) => keys(some).map((key) => keys(drafts).indexOf(key));
          for (const some of [now, later])
            assert.deepEqual(
              order(some),
              order(some).toSorted((a, b) => a - b),
            );
          for (const { urgent, target, expiresAt } of now) {
            if (urgent || target.kind !== 'person') continue;
            const count = (had.get(target.personId) ?? 0) + 1;
            had.set(target.personId, count);
            // Only what cannot wait goes beyond.
            assert.ok(count <= allowance || (expiresAt !== undefined && expiresAt <= GATHERED));
          }
          for (const { target } of later)
            if (target.kind === 'person') {
              waits.add(target.personId);
              assert.ok((had.get(target.personId) ?? 0) >= allowance);
            }
        }
      }),
    );
  });
});
