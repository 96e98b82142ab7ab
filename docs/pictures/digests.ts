/** The digests that are pictured, from invented standings through the same code as the service. Those behind "See more" are opened. */
import type { Card, Element } from '../../src/cards/elements.ts';
import type { Status } from '../../src/checkins/lifecycle.ts';
import { planOf } from '../../src/checkins/milestone.ts';
import type { CheckinSummary, Standing } from '../../src/checkins/summary.ts';
import { reportScope, scopeOf } from '../../src/digests/audience.ts';
import { digestCard } from '../../src/digests/card.ts';
import { changesCard } from '../../src/digests/changes.ts';
import { composeDigest, type Digest, placeOf } from '../../src/digests/compose.ts';
import type { AttendanceSummary } from '../../src/digests/ports.ts';
import { composeReport } from '../../src/digests/report.ts';
import { reportCard } from '../../src/digests/report-card.ts';
import { whyCard } from '../../src/digests/why.ts';
import { appointmentsOf } from '../../src/directory/appointing.ts';
import { must } from '../../src/kernel/guards.ts';
import { sampleTrust } from '../../test/support/school.ts';

const TITLES: readonly (readonly [
  title: string,
  owner: string,
  strand: string,
  school: string | undefined,
])[] = [
  ['Every Year 7 family has met their tutor', 'tom', 'families', '100001'],
  ['Reading age checked in every class', 'bea', 'reading', '100001'],
  ['The Year 6 to 7 transfer date is agreed', 'max', 'families', '100002'],
  ['A shared reading list from nursery up', 'cho', 'reading', undefined],
  ['Breakfast club open every day', 'fay', 'families', '100002'],
];
const STATUSES: readonly (Status | undefined)[] = ['on-track', 'on-track', 'at-risk', 'off-track', undefined];
const TRUST = sampleTrust(
  TITLES.map(([title, owner, strand, school], index) => ({ id: `m${index}`, title, owner, strand, school })),
);

const STANDINGS = TITLES.map(([, , strand], index): Standing => {
  const status = STATUSES[index];
  const milestone = { ...planOf(must(TRUST.milestones[index], 'a milestone')), ended: false };
  const blocker = index === 2 ? 'Jo Marsh has the council letter' : '';
  return {
    milestone,
    priorityId: strand === 'reading' ? 'teaching' : 'disadvantage',
    ...(status ? { answer: { status, confidence: 'high', note: '', blocker, evidence: '' } } : {}),
    overdue: index === 1,
    ownerName: ['Tom', 'Bea', 'Max', 'Cho', 'Fay'][index] ?? '',
    managerId: index < 2 ? 'head1' : 'ada',
  };
});
const CHECKINS: CheckinSummary = {
  standings: STANDINGS,
  waiting: STANDINGS.slice(0, 2).map(({ milestone, ownerName = '' }, index) => ({
    checkinId: `c${index}`,
    version: 2,
    milestone,
    ownerId: milestone.ownerId,
    ownerName,
    reviewerId: 'head1',
    status: 'on-track',
  })),
};
const ATTENDANCE: AttendanceSummary = {
  week: '2026-W47',
  early: true,
  schools: [
    { urn: '100001', attendedIn100: 94, gap: 'narrowed', missedByTen: { disadvantaged: 5, others: 2 } },
    { urn: '100002', attendedIn100: 92, gap: 'held', missedByTen: { disadvantaged: 7, others: 3 } },
  ],
  trust: { schools: 2, of: 2, attendedIn100: 93 },
};
const WEEKS = [
  ['2026-10-05', 6, 2],
  ['2026-10-12', 7, 2],
  ['2026-10-19', 8, 3],
  ['2026-11-02', 6, 3],
  ['2026-11-09', 6, 2],
  ['2026-11-16', 5, 2],
] as const;

function digestOf(personId: string, name: string): Digest {
  const scope = scopeOf(appointmentsOf(TRUST), personId);
  return composeDigest({
    trust: TRUST,
    reader: { personId, givenName: name.split(' ')[0] ?? name, names: [name] },
    scope,
    date: '2026-11-23',
    attendance: ATTENDANCE,
    ...(placeOf(TRUST, scope)
      ? {
          weeks: WEEKS.map(([monday, disadvantaged, others]) => ({ monday, gap: { disadvantaged, others } })),
        }
      : {}),
    checkins: CHECKINS,
    reasons: new Map([['c1', 'at risk']]),
    mailOf: (id) => `${id}@tideway.example`,
    matters: {
      themes: [{ label: 'cover send reviews', people: 6 }],
      documents: [{ title: 'Expenses 2025', ownerId: 'tom', toAll: true }],
    },
    last: { date: '2026-11-16', statusOf: { m0: 'at-risk', m2: 'on-track' } },
  });
}

function report() {
  const term = { term: 2, year: '2026/27', from: '2026-11-02', to: '2026-12-18', asOf: '2026-12-18' };
  const week = { week: '2026-W47', monday: '2026-11-16', attendedIn100: 94, hidden: 'few' } as const;
  return composeReport({
    trust: TRUST,
    scope: reportScope('ada', 'trust'),
    term,
    now: CHECKINS,
    before: CHECKINS,
    publicly: (text) => text,
    figures: { schools: [{ urn: '100001', weeks: [week], benchmarks: [] }], trust: [] },
  });
}

/** What is behind "See more", shown. */
function opened(card: Card): Card {
  const body = (card.content.body as Element[]).map((element) => ({ ...element, isVisible: true }));
  return { ...card, content: { ...card.content, body } };
}

export function digestCards(): Readonly<Record<string, Card>> {
  const [leader, head] = [digestOf('ada', 'Ada Shah'), digestOf('head1', 'Jo Marsh')];
  const past = { ...leader, date: '2026-10-23', statusOf: { m0: 'at-risk', m2: 'on-track' } as const };
  const moved = { ...leader, moved: { since: '2026-10-23', better: 1, worse: 1 } };
  const titles = new Map(STANDINGS.map(({ milestone }) => [milestone.id, milestone.title]));
  return {
    'digest-leader': digestCard(leader, { everyWeeks: 1 }),
    'digest-leader-more': opened(digestCard(leader, { everyWeeks: 1 })),
    'digest-head': digestCard(head, { everyWeeks: 2 }),
    'digest-head-more': opened(digestCard(head, { everyWeeks: 2 })),
    'digest-unchanged': digestCard(leader, { everyWeeks: 1, unchangedSince: '2026-11-16' }),
    'digest-changes': changesCard({ before: past, now: moved, name: 'half-term', titles }),
    'term-report': reportCard(report()),
    'digest-why': whyCard(TRUST, scopeOf(appointmentsOf(TRUST), 'head1'), { people: 2, everyWeeks: 2 }),
  };
}
