import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  ANSWER,
  ATTENDANCE,
  cardOf,
  digestOf,
  STANDINGS,
  SUMMARY,
  shown,
  standing,
  TRUST,
  underWaiting,
} from '../../test/support/digest-facts.ts';
import { cardProblems } from '../cards/size.ts';
import type { Status } from '../checkins/lifecycle.ts';
import type { CheckinSummary, Standing } from '../checkins/summary.ts';
import { appointmentsOf } from '../directory/appointing.ts';
import { audienceOf, leads, scopeOf } from './audience.ts';
import { digestCard } from './card.ts';
import { type Digest, isEmpty, saysTheSame } from './compose.ts';
import type { GapMove, SchoolAttendance } from './ports.ts';

describe('who gets a digest', () => {
  const standings = [
    standing('m1', 'on-track', { managerId: 'head1' }),
    standing('m3', undefined, { managerId: 'lee' }),
  ];

  it('is each leader, head, lead of a priority and manager of an owner, once', () => {
    assert.deepEqual(
      audienceOf(appointmentsOf(TRUST), standings).map(({ personId, trust, urns }) => [
        personId,
        trust,
        urns,
      ]),
      [
        ['ada', true, []],
        ['cho', true, []],
        ['head1', false, ['100001']],
        ['head2', false, ['100002']],
        ['lee', false, []],
      ],
    );
  });

  it('names a school of which no figures stand, so that nobody takes the others for all', () => {
    const attendance = { ...ATTENDANCE, schools: ATTENDANCE.schools.slice(0, 1) };
    const [, missing] = TRUST.schools;
    const text = shown(cardOf(digestOf('ada', { attendance })));
    assert.match(text, new RegExp(`No figures for .* from ${missing?.name}\\.`));
    assert.doesNotMatch(shown(cardOf(digestOf('ada'))), /No figures/);
  });

  it('gives a head of two schools both in one, and a lead of a strand that strand at every school', () => {
    const two = { ...TRUST, schools: TRUST.schools.map((school) => ({ ...school, head: 'head1' })) };
    assert.deepEqual(scopeOf(appointmentsOf(two), 'head1').urns, ['100001', '100002']);
    const led = TRUST.priorities.map((priority) => ({
      ...priority,
      strands: priority.strands.map((strand) =>
        strand.id === 'reading' ? { ...strand, lead: 'bea' } : strand,
      ),
    }));
    assert.deepEqual(scopeOf(appointmentsOf({ ...TRUST, priorities: led }), 'bea').strands, ['reading']);
    assert.equal(leads(scopeOf(appointmentsOf(two), 'tom')), false);
  });
});

describe('a digest of several roles', () => {
  const led = {
    ...TRUST,
    priorities: TRUST.priorities.map((one) => (one.id === 'teaching' ? { ...one, lead: 'head1' } : one)),
  };
  const late = [
    standing('m1', 'on-track', { managerId: 'head1', ownerName: 'Tom', overdue: true }),
    standing(
      'm2',
      'at-risk',
      { managerId: 'ada', ownerName: 'Bea', overdue: false },
      'Jo Marsh has not replied',
    ),
    standing('m3', 'off-track', { managerId: 'lee', ownerName: 'Max' }, 'No room for the group'),
    standing('m4', undefined, { managerId: 'head1', ownerName: 'Cho', overdue: false }),
  ];
  const jo = { personId: 'head1', givenName: 'Jo', names: ['Jo Marsh'] };
  const many = () =>
    digestOf('head1', {
      trust: led,
      scope: scopeOf(appointmentsOf(led), 'head1'),
      reader: jo,
      checkins: { standings: late, waiting: [] },
    });

  it('is one, with a section for each, and no milestone is counted twice', () => {
    const digest = many();
    assert.deepEqual(
      digest.sections.map(({ kind, name, statuses }) => [
        kind,
        name,
        statuses.onTrack + statuses.atRisk + statuses.offTrack + statuses.notYet,
      ]),
      [
        ['school', 'Harbour Primary', 2],
        ['priority', 'Great teaching', 2],
        ['people', 'Your people', 2],
      ],
    );
    assert.equal(Object.keys(digest.statusOf).length, 3);
    const text = shown(cardOf(digest));
    assert.match(
      text,
      /\nMilestones at Harbour Primary: one on track and one at risk\.\nMilestones in Great teaching: one at risk and one off track\./,
    );
  });

  it('names who has not answered to their own manager, and to nobody else', () => {
    assert.deepEqual(many().late, [{ ownerName: 'Tom', title: 'Every family has met their tutor (m1)' }]);
    assert.match(JSON.stringify(cardOf(many())), /Not heard from for a fortnight: Tom\. A word may help/);
    const leader = digestOf('ada', { checkins: { standings: late, waiting: [] } });
    assert.deepEqual(leader.late, []);
    assert.ok(!/Tom|fortnight/.test(JSON.stringify(cardOf(leader))));
  });

  it('puts the blocker that names its reader first, and only that of a full name or a name nobody shares', () => {
    assert.match(shown(cardOf(many())), /Names you: .*m2.* \(Jo Marsh has not replied\)/);
    const other = digestOf('ada', { checkins: { standings: late, waiting: [] } });
    assert.equal(other.blockers[0]?.blocker, 'No room for the group');
  });

  it('says to whoever was chosen to unblock that it names them, and to no namesake or stranger', () => {
    const chosen = (more: object) =>
      STANDINGS.map((one) =>
        one.milestone.id === 'm2' && one.answer ? { ...one, answer: { ...one.answer, ...more } } : one,
      );
    const naming = (reader: string, more: object) =>
      digestOf(reader, { checkins: { standings: chosen(more), waiting: [] } }).blockers.flatMap((one) =>
        one.namesYou ? [one.milestoneId] : [],
      );
    assert.deepEqual(naming('ada', { unblocker: 'Ada Shah', unblockerId: 'ada' }), ['m2']);
    assert.deepEqual(naming('ada', { unblocker: 'Ada Shah', unblockerId: 'namesake' }), []);
    assert.deepEqual(
      naming('head2', { unblocker: 'Kit Vane', unblockerId: 'head2' }),
      [],
      'not theirs to see',
    );
  });

  it('gives a line manager their people and nothing of the school', () => {
    const digest = digestOf('lee', { checkins: { standings: late, waiting: [] } });
    assert.equal(digest.attendance, undefined);
    assert.deepEqual(Object.keys(digest.statusOf), ['m3']);
    assert.equal(isEmpty(digest), false);
  });

  it('counts what is past its date only where three owners or more could be meant', () => {
    const past = (owners: readonly string[]) =>
      digestOf('ada', {
        date: '2027-01-11',
        checkins: {
          standings: owners.map((owner, index) => {
            const one = standing(`m${index + 1}`, 'at-risk');
            return { ...one, milestone: { ...one.milestone, ownerId: owner } };
          }),
          waiting: [],
        },
      }).pastDate;
    assert.equal(past(['tom', 'bea', 'tom']), undefined);
    assert.equal(past(['tom', 'bea', 'max']), 3);
  });

  it('tells leaders what was asked in vain and what has run out, and an owner only of their own document', () => {
    const matters = {
      themes: [{ label: 'cover send reviews', people: 6 }],
      documents: [
        { title: 'Behaviour 2024', ownerId: 'head1', toAll: false },
        { title: 'Expenses', ownerId: 'tom', toAll: true },
      ],
    };
    const leader = digestOf('ada', { matters });
    assert.deepEqual([leader.themes.length, leader.documents.map(({ title }) => title)], [1, ['Expenses']]);
    const head = digestOf('head1', { matters });
    assert.deepEqual([head.themes.length, head.documents], [0, [{ title: 'Behaviour 2024', yours: true }]]);
    assert.match(JSON.stringify(cardOf(leader)), /cover send reviews \(six people asked\)/);
    assert.match(JSON.stringify(cardOf(head)), /Out of date: your document/);
  });

  it('says in one line that nothing has changed, with the rest behind more', () => {
    const [one, other] = [digestOf('ada'), digestOf('ada', { date: '2026-11-30', last: digestOf('ada') })];
    assert.equal(saysTheSame(other, one), true);
    assert.equal(saysTheSame(digestOf('ada', { checkins: { standings: late, waiting: [] } }), one), false);
    const card = digestCard(other, { everyWeeks: 1, unchangedSince: one.date });
    assert.deepEqual(cardProblems(card, { lines: 7 }), []);
    assert.deepEqual(shown(card).split('\n'), [
      'Tideway, Monday 30 November. Nothing new.',
      'Nothing has changed since Monday 23 November.',
    ]);
  });
});

describe('a digest', () => {
  it('tells a leader of the whole trust in seven lines', () => {
    assert.deepEqual(shown(cardOf(digestOf('ada'))).split('\n'), [
      'Tideway, Monday 23 November. Two minutes.',
      'Disadvantage first: compared with the week before, the gap narrowed in one school; in one it cannot be shown without pointing to a child. Early figures.',
      'Milestones: one on track, one at risk, one off track and one without an approved check-in.',
      'You can unblock: Every family has met their tutor (m3) (No room for the group).',
    ]);
  });

  it('tells a leader the gap of all schools together, where it may be shown', () => {
    const trust = { schools: 2, of: 2, attendedIn100: 93, missedByTen: { disadvantaged: 6, others: 3 } };
    const line = (gap: 'held' | 'unknown') => {
      const schools = ATTENDANCE.schools.map((school) => ({ ...school, gap }));
      const digest = digestOf('ada', { attendance: { ...ATTENDANCE, schools, trust } });
      return shown(cardOf(digest)).split('\n')[1];
    };
    assert.equal(
      line('held'),
      'Disadvantage first: for every 10 pupils, those experiencing disadvantage missed 6 days between them; others missed 3. Compared with the week before, the gap held in two schools. Early figures.',
    );
    assert.equal(
      line('unknown'),
      'Disadvantage first: for every 10 pupils, those experiencing disadvantage missed 6 days between them; others missed 3. Early figures.',
    );
  });

  it('says which week its figures are of where that is not last week, as after a holiday', () => {
    const line = (person: string, date: string) => shown(cardOf(digestOf(person, { date })));
    assert.match(line('head1', '2026-12-01'), /16 November to 20 November: for every 10 pupils/);
    assert.match(
      line('head1', '2026-12-01'),
      /Whole school, 16 November to 20 November \(early figures\): 94/,
    );
    assert.match(line('ada', '2026-12-01'), /Disadvantage first, 16 November to 20 November: compared/);
    for (const person of ['head1', 'ada']) assert.doesNotMatch(line(person, '2026-11-23'), /16 November/);
  });

  it('draws no ring of one part, and says in words beneath a ring what it shows', () => {
    const only = STANDINGS.map((one) => ({ ...one, answer: { ...ANSWER, status: 'on-track' as const } }));
    const ring = (checkins?: CheckinSummary) =>
      JSON.stringify(digestCard(digestOf('ada', checkins ? { checkins } : {}), {}).content);
    assert.doesNotMatch(ring({ standings: only, waiting: [] }), /Chart\.Donut/);
    const [, below = ''] =
      /"type":"Chart\.Donut".*?"fallback":\{[^}]*\}\},\{[^}]*?"text":"([^"]+)"/.exec(ring()) ?? [];
    assert.equal(
      below,
      'Milestones: one on track, one at risk, one off track and one without an approved check-in.',
    );
  });

  it('tells a head of their own school, and what waits for them with a button to open it', () => {
    const card = cardOf(digestOf('head1'));
    assert.deepEqual(shown(card).split('\n'), [
      'Harbour Primary, Monday 23 November. Two minutes.',
      'For every 10 pupils, those experiencing disadvantage missed 5 days between them; others missed 2. Compared with the week before, the gap narrowed.',
      'Whole school (early figures): 94 in every 100 sessions attended.',
      'Milestones: one on track and one at risk.',
      'Waiting for you: a check-in from Tom.',
      'You can unblock: Every family has met their tutor (m2) (The council has not replied).',
    ]);
    assert.deepEqual(underWaiting(card), ["Read Tom's"]);
  });

  it('says of a figure that is an end that it is one', () => {
    const [school] = ATTENDANCE.schools;
    const attendance = {
      ...ATTENDANCE,
      schools: school ? [{ ...school, attendedIn100: 97, bound: ' or more' }] : [],
    };
    assert.match(
      shown(cardOf(digestOf('head1', { attendance }))),
      /97 or more in every 100 sessions attended/,
    );
  });

  it('shows no figure of a school that has too few pupils', () => {
    const text = JSON.stringify(cardOf(digestOf('head2')));
    assert.match(text, /would point to a child here\. They still come first/);
    assert.ok(!/in every 100|For every 10/.test(text));
  });

  it('says what moved since the last one', () => {
    const last = {
      ...digestOf('ada'),
      date: '2026-11-16',
      statusOf: { m1: 'at-risk', m2: 'at-risk', m3: 'on-track' },
    };
    const digest = digestOf('ada', { last: last as Digest });
    assert.match(shown(cardOf(digest)), /Since 16 November: one moved up and one moved down\./);
    const again = { ...digest, moved: { since: digest.date, better: 0, worse: 0 } };
    assert.doesNotMatch(shown(cardOf(again)), /no status changed/);
    const moved = { ...digest, moved: { since: digest.date, better: 1, worse: 0 } };
    assert.match(shown(cardOf(moved)), /Since the digest earlier today: one moved up\./);
    const before = { ...digestOf('ada'), date: '2026-11-16' };
    assert.match(shown(cardOf(digestOf('ada', { last: before }))), /Since 16 November: no status changed/);
  });

  it('counts what is past its date and not on track by what was approved, so that nobody’s silence is counted', () => {
    const past = (status?: Status) =>
      ['m1', 'm2', 'm3'].map((id) => {
        const one = standing(id, status);
        return { ...one, milestone: { ...one.milestone, due: '2026-11-01' } };
      });
    const pastDate = (standings: readonly Standing[]) =>
      digestOf('ada', { checkins: { standings, waiting: [] } }).pastDate;
    assert.equal(pastDate(past('at-risk')), 3);
    assert.equal(pastDate(past()), undefined);
  });

  it('names nobody for being late, and nobody at all to those who do not review them', () => {
    for (const personId of ['ada', 'head2']) {
      const text = JSON.stringify(cardOf(digestOf(personId)));
      assert.ok(!/\b(Tom|Bea|Max|late|overdue)\b/.test(text), personId);
    }
  });

  it('is empty for someone without a scope whom nothing waits for', () => {
    assert.equal(isEmpty(digestOf('tom')), true);
    assert.equal(isEmpty(digestOf('head1')), false);
  });

  it('never holds anything outside the scope, and always keeps a card’s limits', () => {
    const gap = fc.constantFrom<GapMove>('narrowed', 'held', 'widened', 'too-few', 'unknown');
    const school = (urn: string): fc.Arbitrary<SchoolAttendance> =>
      fc.record({
        urn: fc.constant(urn),
        gap,
        attendedIn100: fc.option(fc.integer({ min: 70, max: 99 }), { nil: undefined }),
        missedByTen: fc.option(fc.constant({ disadvantaged: 5, others: 2 }), { nil: undefined }),
      });
    const status = fc.constantFrom<Status | undefined>('on-track', 'at-risk', 'off-track', undefined);
    const drawn = fc.record({
      person: fc.constantFrom('ada', 'head1', 'head2', 'tom', 'eve'),
      schools: fc.tuple(school('100001'), school('100002')),
      statuses: fc.tuple(status, status, status, status),
      reviewer: fc.constantFrom('ada', 'head1', 'tom'),
    });
    fc.assert(
      fc.property(drawn, ({ person, schools, statuses, reviewer }) => {
        const standings = statuses.map((one, index) =>
          standing(`m${index + 1}`, one, {}, `blocker of m${index + 1}`),
        );
        const waiting = SUMMARY.waiting.map((one) => ({ ...one, reviewerId: reviewer }));
        const digest = digestOf(person, {
          checkins: { standings, waiting },
          attendance: { ...ATTENDANCE, schools },
        });
        const text = JSON.stringify([digest, isEmpty(digest) ? '' : cardOf(digest)]);
        const outside: Readonly<Record<string, RegExp>> = {
          head1: /m3|m4|Quayside|100002/,
          head2: /\(m[124]\)|blocker of m[124]|Harbour|100001/,
          tom: /blocker of|Quayside|Harbour|attended/,
          eve: /blocker of|Quayside|Harbour|attended|Tom/,
        };
        const forbidden = outside[person];
        if (forbidden) assert.ok(!forbidden.test(text), text);
        assert.equal(text.includes('c1'), reviewer === person);
      }),
      { numRuns: 400 },
    );
  });
});
