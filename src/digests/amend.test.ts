import { strict as assert } from 'node:assert';
import { sampleTrust } from '../../test/support/school.ts';
import { cardProblems } from '../cards/size.ts';
import { appointmentsOf } from '../directory/appointing.ts';
import { amendDigest } from './amend.ts';
import { scopeOf } from './audience.ts';
import { digestCard } from './card.ts';
import { composeDigest, type Digest } from './compose.ts';
import type { FiguresChange } from './ports.ts';

const TRUST = sampleTrust();
const CHANGE: FiguresChange = {
  schoolUrn: '100001',
  schoolName: 'Harbour Primary',
  week: '2026-W47',
  kind: 'withdrawn',
};

function digestOf(personId: string): Digest {
  return composeDigest({
    trust: TRUST,
    reader: { personId, givenName: 'Ada' },
    scope: scopeOf(appointmentsOf(TRUST), personId),
    date: '2026-11-23',
    attendance: {
      week: '2026-W47',
      early: true,
      schools: [
        { urn: '100001', attendedIn100: 94, gap: 'narrowed', missedByTen: { disadvantaged: 5, others: 2 } },
        { urn: '100002', attendedIn100: 91, gap: 'held', week: '2026-W46' },
      ],
      trust: { schools: 1, of: 2, attendedIn100: 94 },
    },
    weeks: [
      { monday: '2026-11-09', gap: { disadvantaged: 6, others: 2 } },
      { monday: '2026-11-16', gap: { disadvantaged: 5, others: 2 } },
    ],
    nudge:
      personId === 'head1' ? { line: 'Harbour Primary, last week.', id: '100001/2026-W47/head' } : undefined,
    checkins: { standings: [], waiting: [] },
    last: undefined,
  });
}

describe('a digest that was sent', () => {
  it('loses what was taken back, the trust’s figure and the week in its line with it, and says so', () => {
    const amended = amendDigest(digestOf('ada'), CHANGE);
    assert.deepEqual(
      amended?.attendance?.schools.map(({ urn }) => urn),
      ['100002'],
    );
    assert.equal(amended.attendance?.trust, undefined);
    assert.deepEqual(amended.attendance?.weeks?.at(-1), { monday: '2026-11-16', gap: null });
    const shown = digestCard(amended, { everyWeeks: 1 });
    assert.match(shown.text, /figures of Harbour Primary here were taken back/);
    assert.doesNotMatch(JSON.stringify(shown), /\b94\b/);
    assert.deepEqual(cardProblems(shown), []);
  });

  it('of the school’s head keeps nothing of the week, and no button to it', () => {
    const amended = amendDigest(digestOf('head1'), CHANGE);
    assert.equal(amended?.nudge, undefined);
    assert.equal(amended?.attendance, undefined);
    assert.doesNotMatch(JSON.stringify(digestCard(amended as Digest, { everyWeeks: 1 })), /attendance\.open/);
  });

  it('stays as it stood where it shows another school, or another week of this one', () => {
    assert.equal(amendDigest(digestOf('head2'), CHANGE), undefined);
    assert.equal(amendDigest(digestOf('head1'), { ...CHANGE, week: '2026-W45' }), undefined);
    assert.equal(
      amendDigest(digestOf('ada'), { ...CHANGE, schoolUrn: '100002', week: '2026-W47', kind: 'queried' }),
      undefined,
    );
  });

  it('carries a note while a figure is checked, by the week that the figure is of', () => {
    const queried = amendDigest(digestOf('ada'), {
      ...CHANGE,
      schoolUrn: '100002',
      week: '2026-W46',
      kind: 'queried',
    });
    assert.deepEqual(
      queried?.attendance?.schools.map((school) => school.queried ?? false),
      [false, true],
    );
    const head = amendDigest(digestOf('head1'), { ...CHANGE, kind: 'queried' }) as Digest;
    assert.match(
      digestCard(head, { everyWeeks: 1 }).text,
      /last week\. Someone asked for these figures to be checked\./,
    );
    const checked = amendDigest(head, { ...CHANGE, kind: 'checked' }) as Digest;
    assert.doesNotMatch(digestCard(checked, { everyWeeks: 1 }).text, /to be checked/);
  });
});
