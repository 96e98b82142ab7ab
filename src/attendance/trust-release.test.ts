import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { countsOf, makeWorld } from '../../test/support/disclosure-world.ts';
import { must } from '../kernel/guards.ts';
import { poolShown, shownOf } from './figures.ts';
import { releaseWeek } from './release.ts';
import { showable } from './showable.ts';
import { releaseTrust, type SchoolShare } from './trust-release.ts';

const WEEK = '2026-W47';

function shareOf(seed: number, phase: 'primary' | 'secondary'): SchoolShare {
  const world = makeWorld(seed);
  const counts = countsOf(world.pupils, 0, 1);
  const sessions = must(world.sessions[0], 'a week');
  const shown = showable(counts, { threshold: 10, sessions });
  const release = releaseWeek({
    schoolUrn: String(900_000 + seed),
    schoolName: `School ${seed}`,
    phase,
    week: WEEK,
    threshold: 10,
    counts,
  });
  return { release, all: shown.all, pp: shown.pp };
}

describe('the trust’s week', () => {
  const shares = fc
    .array(
      fc.tuple(fc.integer({ min: 1, max: 60 }), fc.constantFrom('primary' as const, 'secondary' as const)),
      {
        minLength: 1,
        maxLength: 6,
      },
    )
    .map((all) => all.map(([seed, phase]) => shareOf(seed, phase)));

  it('adds up what its schools show and nothing that one of them hides', () => {
    fc.assert(
      fc.property(shares, (all) => {
        const trust = releaseTrust(WEEK, 9, all);
        const showing = all.filter((share) => share.release.school !== null);
        assert.equal(trust.schools, showing.length);
        const gaps = all.filter((share) => share.release.gap !== null);
        assert.equal(trust.all?.gap != null, gaps.length > 0);
        // Without the schools that show no gap it is the same gap.
        assert.deepEqual(releaseTrust(WEEK, 9, gaps).all?.gap?.missed, trust.all?.gap?.missed);
        for (const { phase, schools } of trust.phases)
          assert.equal(schools, showing.filter((share) => share.release.phase === phase).length);
      }),
      { numRuns: 60 },
    );
  });

  it('of one school is that school’s own figure', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), (seed) => {
        const share = shareOf(seed, 'primary');
        const trust = releaseTrust(WEEK, 9, [share]);
        assert.deepEqual(trust.all?.figure ?? null, share.release.school);
        assert.deepEqual(trust.all?.gap ?? null, share.release.gap);
      }),
      { numRuns: 40 },
    );
  });

  it('says "or more" as soon as one of its schools does, and nothing when bounds point both ways', () => {
    const rule = { threshold: 10, sessions: 10 };
    const [few, some, most] = [2, 40, 195].map((absent) => shownOf({ possible: 200, absent }, rule));
    assert.equal(poolShown([must(few, 'few'), must(some, 'some')])?.bound, 'at-least');
    assert.equal(poolShown([must(some, 'some'), must(some, 'some')])?.bound, 'exact');
    assert.equal(poolShown([must(few, 'few'), must(most, 'most')]), undefined);
  });
});
