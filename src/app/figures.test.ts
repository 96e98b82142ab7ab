import { strict as assert } from 'node:assert';
import { sampleTrust } from '../../test/support/school.ts';
import { attendanceFigures } from './figures.ts';

describe('which week a digest tells of', () => {
  const trust = sampleTrust();
  const asked: { week: string; publishedBy: Date | undefined }[] = [];
  const figures = attendanceFigures(
    {
      schoolOverviews: async ({ week, publishedBy }) => {
        asked.push({ week, publishedBy });
        return [];
      },
      newestReleases: async () => [],
      queriedSchools: async () => new Set(),
      trustFigures: async () => undefined,
      gapWeeks: async () => [],
    },
    trust,
  );
  const weekFor = async (date: string, publishedBy?: Date) => {
    assert.equal(await figures.attendanceSummary(new Date(`${date}T12:00:00Z`), { publishedBy }), undefined);
    return asked.at(-1);
  };

  it('is last week in term, and after a holiday the last week of school before it', async () => {
    assert.equal((await weekFor('2026-11-23'))?.week, '2026-W47');
    for (const day of ['2026-12-28', '2027-01-04']) assert.equal((await weekFor(day))?.week, '2026-W51', day);
  });

  it('asks of a past day for what was published by then, and of now for all', async () => {
    const by = new Date('2026-11-22T20:00:00Z');
    assert.equal((await weekFor('2026-11-22', by))?.publishedBy, by);
    assert.equal((await weekFor('2026-11-22'))?.publishedBy, undefined);
  });
});
