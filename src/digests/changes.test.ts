import { strict as assert } from 'node:assert';
import { changesCard } from './changes.ts';
import type { Digest } from './compose.ts';

function digest(
  date: string,
  schools: readonly { urn: string; attendedIn100: number; queried?: boolean }[],
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
      ...(schools.length > 1 ? { trust: { schools: 2, of: 2, attendedIn100: 93 } } : {}),
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
});
