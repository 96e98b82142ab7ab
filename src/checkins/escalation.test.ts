import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  store,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { reviewersOf } from '../directory/hierarchy.ts';
import { organisationOf } from '../directory/roster.ts';
import { must } from '../kernel/guards.ts';
import { type EscalationFacts, escalate } from './escalation.ts';
import type { CheckinState } from './lifecycle.ts';

const TODAY = '2026-11-23';

type Row = {
  readonly after?: number | undefined;
  readonly waited?: number;
  readonly state?: CheckinState;
  readonly before?: { told: string; from: string; to?: string };
  readonly owner?: string;
  readonly notes?: Record<string, unknown>[];
  readonly left?: readonly string[];
};

/** Tom is read by Jo (head1), she by Ada, the CEO, whose own are read by whom the trust notes, else by Cho, the contact. */
function outcomeOf({
  after = 5,
  waited = 5,
  state = 'submitted',
  before,
  owner = 'tom',
  notes = [],
  left = [],
}: Row) {
  const people = PEOPLE.map((person) => (left.includes(person.id) ? { ...person, staff: false } : person));
  const organisation = organisationOf(
    sampleTrust([], notes),
    new Map(people.map((person) => [person.id, person])),
    TODAY,
  );
  const facts: EscalationFacts = {
    checkin: { state, ownerId: owner, ...(before ? { escalation: before } : {}) },
    after: after === 0 ? undefined : after,
    waited,
    today: TODAY,
    schoolDayAfter: (count) => `2026-11-${23 + count}`,
    readers: reviewersOf(organisation, owner),
    managersOf: (id) => reviewersOf(organisation, id),
    isStaff: (id) => organisation.posts.get(id)?.staff ?? false,
  };
  const found = escalate(facts);
  if (found.kind === 'nothing') return 'nothing';
  return found.kind === 'tell' ? `tell ${found.reader}, from ${found.from}` : `to ${found.to}`;
}

const TOLD = { told: 'head1', from: TODAY };
const TABLE: readonly (readonly [says: string, row: Row, wanted: string])[] = [
  ['a trust that has not chosen it', { after: 0, waited: 99 }, 'nothing'],
  ['two days before the time', { waited: 2 }, 'nothing'],
  ['its notice comes due', { waited: 3 }, 'tell head1, from 2026-11-25'],
  ['the time has come and nobody was told: told first', { waited: 9 }, 'tell head1, from 2026-11-25'],
  ['told, and the day has not come', { waited: 5, before: { ...TOLD, from: '2026-11-24' } }, 'nothing'],
  ['told, and it has not waited long enough', { waited: 4, before: TOLD }, 'nothing'],
  ['told, and both have come', { before: TOLD }, 'to ada'],
  ['told long ago: it never expires', { waited: 90, before: { ...TOLD, from: '2026-09-01' } }, 'to ada'],
  ['it is there already', { before: { ...TOLD, to: 'ada' } }, 'nothing'],
  ['open again', { state: 'open', before: TOLD }, 'nothing'],
  ['returned', { state: 'returned', before: TOLD }, 'nothing'],
  ['approved', { state: 'approved', before: TOLD }, 'nothing'],
  ['withdrawn', { state: 'withdrawn', before: TOLD }, 'nothing'],
  [
    'the manager has changed since: the new one is told first',
    { before: TOLD, notes: [{ id: 'tom', manager: 'bea' }] },
    'tell bea, from 2026-11-25',
  ],
  [
    'the manager is on leave: who reads for her is told',
    { waited: 3, notes: [{ id: 'head1', leave: { from: TODAY, to: TODAY }, delegate: 'bea' }] },
    'tell bea, from 2026-11-25',
  ],
  [
    'a delegate reads: the next is not the one who delegated',
    {
      before: { told: 'bea', from: TODAY },
      notes: [{ id: 'head1', delegations: [{ delegate: 'bea', from: TODAY, to: TODAY }] }],
    },
    'to ada',
  ],
  [
    'the next manager is on leave: their delegate',
    { before: TOLD, notes: [{ id: 'ada', leave: { from: TODAY, to: TODAY }, delegate: 'cho' }] },
    'to cho',
  ],
  ['an empty post is skipped', { owner: 'ivy', before: { told: 'head1', from: TODAY } }, 'to ada'],
  ['whom it went to has left', { before: { ...TOLD, to: 'head2' }, left: ['head2'] }, 'to ada'],
  [
    'whom it went to reads it by now: told first',
    { before: { ...TOLD, to: 'ada' }, left: ['head1'] },
    'tell ada, from 2026-11-25',
  ],
  [
    'the head’s own are read by the CEO: above her is who reads hers',
    { owner: 'head1', before: { told: 'ada', from: TODAY }, notes: [{ id: 'ada', manager: 'head2' }] },
    'to head2',
  ],
  [
    'the CEO’s own: nobody stands above who reads them',
    { owner: 'ada', before: { told: 'cho', from: TODAY } },
    'nothing',
  ],
  ['nobody reads it', { left: ['head1', 'ada', 'cho'] }, 'nothing'],
];

const at = (date: string) => ({ date, now: new Date(`${date}T08:00:00Z`) });
const ADA = { personId: 'ada', name: 'Ada Shah' };

describe('an answer that waits to be read', () => {
  for (const [says, row, wanted] of TABLE)
    it(`${says}: ${wanted}`, () => assert.equal(outcomeOf(row), wanted));
});

describe('an answer that has waited for some days', () => {
  useDesk();
  beforeEach(async () => {
    const trust = sampleTrust();
    rebuild({ ...trust, policies: { ...trust.policies, escalate_after_days: 3 } });
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
  });

  /** The next three school days; the desk's calendar counts every day. */
  async function waitOut(): Promise<void> {
    for (const day of ['2026-11-24', '2026-11-25', '2026-11-26']) await ask(at(day));
  }

  it('is told of to its reader first, once, with the day', async () => {
    const [key = '', ...more] = await ask(at('2026-11-24'));
    assert.deepEqual(more, []);
    assert.deepEqual(outbox.drafts.get(key)?.target, { kind: 'person', personId: 'head1' });
    assert.match(words(outbox.face(key)), /From Thursday 26 November the next manager can read it too/);
    assert.deepEqual(await ask(at('2026-11-24')), []);
    assert.match(await press(ADA, 'checkins.approve', await liveOf(), {}, at('2026-11-24').now), /^refused/);
  });

  it('then comes to the next manager as well, who can settle it, and every card shows it', async () => {
    await waitOut();
    const card = must(
      [...outbox.drafts.values()].find(({ key }) => key.includes('/escalated/')),
      'a card',
    );
    assert.deepEqual(card.target, { kind: 'person', personId: 'ada' });
    assert.match(
      words(outbox.face(card.key)),
      /it is with Jo and with Ada\. Whoever reads it first settles it/,
    );
    assert.deepEqual(await ask(at('2026-11-27')), []);
    assert.match(
      await press(ADA, 'checkins.approve', await liveOf(), {}, at('2026-11-27').now),
      /Approved by Ada/,
    );
    for (const { key, target } of outbox.drafts.values())
      if (target.kind === 'person' && target.personId === 'head1')
        assert.match(words(outbox.face(key)), /Approved by Ada/, key);
  });

  it('is withdrawn when the work is done: the next manager has nothing left to do, and a new answer begins anew', async () => {
    await waitOut();
    await press(JO, 'checkins.return', await liveOf(), { comment: 'Which families?' });
    const card = must(
      [...outbox.drafts.values()].find(({ key }) => key.includes('/escalated/')),
      'a card',
    );
    assert.match(words(outbox.face(card.key)), /Returned by Jo/);
    assert.equal((await liveOf()).escalation, undefined);
    const again = new Date('2026-11-26T10:00:00Z');
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE, again);
    assert.match(await press(ADA, 'checkins.approve', await liveOf(), {}, again), /^refused/);
    assert.equal((await liveOf()).escalation, undefined);
  });

  it('shows the next manager what became of it, also when something was asked and answered before', async () => {
    await waitOut();
    await press(JO, 'checkins.question', await liveOf(), { comment: 'How many calls?' });
    await press(TOM, 'checkins.reply', await liveOf(), { reply: 'Twelve.' });
    await press(TOM, 'checkins.submit', await liveOf(), { ...UPDATE, note: 'Twelve calls.' });
    await press(JO, 'checkins.return', await liveOf(), { comment: 'Which families?' });
    const { key } = must(
      [...outbox.drafts.values()].find((draft) => draft.key.includes('/escalated/')),
      'a card',
    );
    assert.match(words(outbox.face(key)), /Returned by Jo/);
    const again = new Date('2026-11-26T10:00:00Z');
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE, again);
    assert.match(words(outbox.face(key)), /no longer waits for you/);
    await press(JO, 'checkins.approve', await liveOf(), {}, again);
    assert.match(words(outbox.face(key)), /no longer waits for you/, 'of a later answer they read nothing');
  });

  it('stays with the next manager when its owner betters the words, and is in the audit', async () => {
    await waitOut();
    await press(TOM, 'checkins.submit', await liveOf(), { ...UPDATE, note: 'Better words.' });
    assert.equal((await liveOf()).escalation?.to, 'ada');
    assert.match(words(must((await checkins.approvals(ADA, MONDAY.now)).card, 'hers')), /Tom/);
    const rows = await store.db
      .selectFrom('audit')
      .select('action')
      .where('action', 'like', 'checkins.%')
      .execute();
    const acts = rows.map(({ action }) => action);
    assert.equal(acts.filter((action) => action === 'checkins.tell-waiting').length, 1);
    assert.equal(acts.filter((action) => action === 'checkins.escalate').length, 1);
  });

  it('goes nowhere while the trust has not chosen it', async () => {
    rebuild(sampleTrust());
    await waitOut();
    assert.equal((await liveOf()).escalation, undefined);
  });
});
