import { strict as assert } from 'node:assert';
import { changesCard } from './changes.ts';
import type { Digest } from './compose.ts';

function digest(
  date: string,
  schools: readonly { urn: string; attendedIn100: number; queried?: boolean }[],
  published = { schools: 2, of: 2 },
): Digest {
  return {
    personId: 'ada',
    givenName: 'Ada',
    scopeName: 'Tideway',
    wholeTrust: true,
    date,
    attendance: {
      week: '2026-W47',
      early: true,
      schools: schools.map((school) => ({ ...school, name: school.urn, gap: 'held' as const })),
      ...(schools.length > 1 ? { trust: { ...published, attendedIn100: 93 } } : {}),
    },
    statuses: { onTrack: 0, atRisk: 0, offTrack: 0, notYet: 0 },
    statusOf: {},
    priorities: [],
    sections: [],
    waiting: [],
    blockers: [],
    late: [],
    themes: [],
    documents: [],
  };
}

describe('what has changed since a day', () => {
  const DOUBT = /asked for some of these figures to be checked/;
  const said = (before: Digest, now: Digest) =>
    changesCard({ before, now, name: 'half-term', titles: new Map() }).text;

  it('says that figures are doubted, then or now, of the one school or of all that are put together', () => {
    const one = { urn: '100001', attendedIn100: 92 };
    const other = { urn: '100002', attendedIn100: 94 };
    const doubted = { ...other, queried: true };
    const then = '2026-10-23';
    const now = '2026-11-23';
    assert.match(said(digest(then, [one]), digest(now, [one])), /92 in every 100 sessions attended then/);
    assert.doesNotMatch(said(digest(then, [one]), digest(now, [one])), DOUBT);
    assert.match(said(digest(then, [doubted]), digest(now, [other])), DOUBT);
    assert.match(said(digest(then, [other]), digest(now, [doubted])), DOUBT);
    assert.match(said(digest(then, [one, other]), digest(now, [one, doubted])), DOUBT);
    assert.doesNotMatch(said(digest(then, [one, doubted]), digest(now, [one])), DOUBT);
  });

  it('says of how many schools the figures together are, and when they are not of as many', () => {
    const schools = [
      { urn: '100001', attendedIn100: 92 },
      { urn: '100002', attendedIn100: 94 },
    ];
    const of = (published: { schools: number; of: number }) => digest('2026-11-23', schools, published);
    const [all, some] = [of({ schools: 7, of: 7 }), of({ schools: 2, of: 7 })];
    assert.match(said(all, all), /All schools together: 93 in every 100/);
    assert.doesNotMatch(said(all, all), /Then of/);
    assert.match(said(all, some), /2 of 7 schools together: 93 .*Then of 7 schools, now of 2\./s);
  });
});
