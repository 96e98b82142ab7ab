import { strict as assert } from 'node:assert';
import type { Release } from '../attendance/release.ts';
import { reopenTrustRelease } from '../attendance/trust-release.ts';
import { termReleases } from './term-figures.ts';

type Why = NonNullable<Release['gapHidden']>;

/** The trust's week, of two schools whose own comparisons are missing for these reasons. */
async function trustWeek(...whys: readonly Why[]) {
  const week = { week: '2026-W47', monday: '2026-11-16' };
  const trust = reopenTrustRelease({
    ...{ ...week, schoolDays: 5, schools: whys.length, of: 7 },
    all: { schools: whys.length, figure: null, gap: null },
    phases: [],
  });
  const { termFigures } = termReleases({
    releases: async ({ schoolUrn }) => [
      { ...week, gapHidden: whys[Number(schoolUrn)] ?? 'few' } as unknown as Release,
    ],
    trustReleases: async () => [trust],
    queriedSchools: async () => new Set<string>(),
  });
  const urns = whys.map((_, index) => String(index));
  const { trust: weeks } = await termFigures({ from: week.week, to: week.week, urns });
  return weeks[0];
}

describe('the gap of the schools together, in a term report', () => {
  it('is not known where no register says who is in the group', async () => {
    assert.equal((await trustWeek('unknown', 'unknown'))?.hidden, 'unknown');
  });

  it('is kept back where any school knows and may not show it', async () => {
    assert.equal((await trustWeek('unknown', 'few'))?.hidden, 'few');
    assert.equal((await trustWeek('few', 'protects'))?.hidden, 'few');
  });
});
