/** Digests made of invented standings of the small sample trust: what tests of digests begin from. */
import { strict as assert } from 'node:assert';
import { type Card, type Element, plainText } from '../../src/cards/elements.ts';
import { cardProblems } from '../../src/cards/size.ts';
import type { Answer, Status } from '../../src/checkins/lifecycle.ts';
import { planOf } from '../../src/checkins/milestone.ts';
import type { CheckinSummary, Standing } from '../../src/checkins/summary.ts';
import { scopeOf } from '../../src/digests/audience.ts';
import { digestCard } from '../../src/digests/card.ts';
import { composeDigest, type Digest } from '../../src/digests/compose.ts';
import type { AttendanceSummary } from '../../src/digests/ports.ts';
import { appointmentsOf } from '../../src/directory/appointing.ts';
import { must } from '../../src/kernel/guards.ts';
import { type MilestoneInput, sampleTrust } from './school.ts';

const MILESTONES: readonly MilestoneInput[] = [
  { id: 'm1', owner: 'tom' },
  { id: 'm2', owner: 'bea', strand: 'reading' },
  { id: 'm3', owner: 'max', school: '100002', strand: 'reading' },
  { id: 'm4', owner: 'cho', school: undefined },
];
export const TRUST = sampleTrust(MILESTONES);
export const ANSWER: Answer = {
  status: 'on-track',
  confidence: 'high',
  value: 96,
  note: 'A note that only its manager reads.',
  blocker: '',
  evidence: '',
};

export function standing(
  id: string,
  status: Status | undefined,
  more: Partial<Standing> = {},
  blocker = '',
): Standing {
  const written = TRUST.milestones.find((milestone) => milestone.id === id);
  assert.ok(written);
  const milestone = { ...planOf(written), ended: false };
  const priorityId = milestone.strand === 'reading' ? 'teaching' : 'disadvantage';
  return {
    milestone,
    priorityId,
    overdue: true,
    ...(status ? { answer: { ...ANSWER, status, blocker } } : {}),
    ...more,
  };
}

export const STANDINGS = [
  standing('m1', 'on-track'),
  standing('m2', 'at-risk', {}, 'The council has not replied'),
  standing('m3', 'off-track', {}, 'No room for the group'),
  standing('m4', undefined),
];
export const first = must(STANDINGS[0], 'a standing');
export const SUMMARY: CheckinSummary = {
  standings: STANDINGS,
  waiting: [
    {
      checkinId: 'c1',
      version: 2,
      milestone: first.milestone,
      ownerId: 'tom',
      ownerName: 'Tom',
      reviewerId: 'head1',
      status: 'at-risk',
    },
  ],
};
export const ATTENDANCE: AttendanceSummary = {
  week: '2026-W47',
  early: true,
  schools: [
    { urn: '100001', attendedIn100: 94, gap: 'narrowed', missedByTen: { disadvantaged: 5, others: 2 } },
    { urn: '100002', gap: 'too-few' },
  ],
};

export function digestOf(personId: string, more: Partial<Parameters<typeof composeDigest>[0]> = {}): Digest {
  return composeDigest({
    trust: TRUST,
    reader: { personId, givenName: 'Jo' },
    scope: scopeOf(appointmentsOf(TRUST), personId),
    date: '2026-11-23',
    attendance: ATTENDANCE,
    checkins: SUMMARY,
    last: undefined,
    ...more,
  });
}

export function shown(card: Card): string {
  return plainText(card.content.body as Element[]);
}

/** What stands beneath the line of what waits. */
export function underWaiting(card: Card): string[] {
  const body = card.content.body as Element[];
  const index = body.findIndex(({ text }) => String(text).startsWith('Waiting for you'));
  const { actions = [] } = (body[index + 1] ?? {}) as { actions?: { title: string }[] };
  return actions.map(({ title }) => title);
}

export function cardOf(digest: Digest): Card {
  const card = digestCard(digest, { everyWeeks: 1 });
  assert.deepEqual(cardProblems(card, { lines: 7 }), []);
  return card;
}
