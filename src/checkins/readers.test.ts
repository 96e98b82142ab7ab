import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  EVE,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  TOM,
  UPDATE,
  useDesk,
} from '../../test/support/checkin-desk.ts';
import { ADA, BEA, CHO, cardOf, create, field, made, none } from '../../test/support/milestone-desk.ts';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';
import { HEAD, LINE_MANAGER, PRIORITY_LEAD, ruledReader, ruleFrom, ruleProblem } from './reader-rule.ts';

const KIT = { personId: 'head2', name: 'Kit Vane' };

function ruled(reviewer: string, more: Record<string, unknown> = {}): Trust {
  return sampleTrust([{ id: 'm1', owner: 'tom', reviewer, ...more }]);
}

describe('who reads a milestone', () => {
  const trust: Trust = {
    ...sampleTrust(),
    teams: [{ id: 'inclusion', name: 'Inclusion team', lead: 'max' }],
  };
  const here = { strand: 'families', schoolUrn: '100001' };
  const TRUTH = [
    ['nothing said', here, undefined],
    ['the line manager', { ...here, reviewer: LINE_MANAGER }, undefined],
    ['the head, at a school', { ...here, reviewer: HEAD }, 'head1'],
    ['the head, of a team', { strand: 'families', reviewer: HEAD, teamId: 'inclusion' }, 'max'],
    ['the head, of neither', { strand: 'families', reviewer: HEAD }, undefined],
    ['the lead of its priority', { ...here, reviewer: PRIORITY_LEAD }, 'ada'],
    [
      'the lead of a priority that has left the file',
      { ...here, reviewer: PRIORITY_LEAD, strand: 'gone' },
      undefined,
    ],
    ['a colleague', { ...here, reviewer: 'bea' }, 'bea'],
  ] as const;
  for (const [says, over, wanted] of TRUTH)
    it(`by its rule: ${says}`, () => assert.equal(ruledReader(trust, over), wanted));

  it('is understood as people write it in a file or a list', () => {
    const written = [
      'Line manager',
      'their line-manager',
      'Head',
      'head of the school',
      'Headteacher',
      'Team lead',
      'priority lead',
      'Lead of the priority',
    ];
    assert.deepEqual(written.map(ruleFrom), [
      LINE_MANAGER,
      LINE_MANAGER,
      HEAD,
      HEAD,
      HEAD,
      HEAD,
      PRIORITY_LEAD,
      PRIORITY_LEAD,
    ]);
    for (const words of ['', 'Jo Marsh', 'head of year', 'leader'])
      assert.equal(ruleFrom(words), undefined, words);
  });

  it('is nobody themself, no head where there is none, and nobody chosen for the chief executive', () => {
    const why = (ownerId: string, reviewer: string, place: object = here) =>
      ruleProblem(trust, { ownerId, reviewer, ...place })?.reason;
    assert.equal(why('tom', 'bea'), undefined);
    assert.equal(why('tom', LINE_MANAGER), undefined);
    assert.match(String(why('tom', 'tom')), /nobody reads their own/);
    assert.match(String(why('tom', HEAD, {})), /no school or team is named/);
    assert.match(String(why('ada', 'bea')), /chief executive/);
    assert.equal(why('ada', LINE_MANAGER), undefined);
  });
});

describe('a check-in of a milestone with a reader of its own', () => {
  useDesk();
  const submitted = async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
  };
  const reviewsOf = () =>
    [...outbox.drafts.values()].flatMap(({ key, target }) =>
      /\/review\//.test(key) && target.kind === 'person' ? [target.personId] : [],
    );

  it('is sent to that reader, and the line manager may not approve it', async () => {
    await rebuild(ruled('head2')).syncMilestones(MONDAY.now);
    await submitted();
    assert.deepEqual(reviewsOf(), ['head2']);
    const sent = await liveOf();
    for (const stranger of [JO, ADA, TOM, BEA])
      assert.match(await press(stranger, 'checkins.approve', sent), /^refused: (?:not-yours|own-check-in)/);
    assert.match(await press(KIT, 'checkins.approve', sent), /Approved by Kit/);
  });

  it('waits in the approvals and the work of that reader alone, and in nobody else’s', async () => {
    await rebuild(ruled('head2')).syncMilestones(MONDAY.now);
    await submitted();
    const has = async (person: typeof JO) => [
      /Tom/.test(JSON.stringify(await checkins.approvals(person, MONDAY.now))),
      /Tom/.test(JSON.stringify(await checkins.mine(person, MONDAY.now))),
    ];
    const reads = async (person: typeof JO) => (await checkins.roles(person, MONDAY.now)).reads;
    assert.deepEqual([await reads(KIT), await reads(JO), await reads(BEA)], [true, true, false]);
    assert.doesNotMatch(JSON.stringify(await checkins.late(KIT, MONDAY.now)), /Tom/);
    assert.deepEqual(await has(KIT), [true, true]);
    assert.deepEqual(await has(JO), [false, false]);
    const { standings, waiting } = await checkins.summary(MONDAY.now);
    assert.deepEqual(
      waiting.map(({ reviewerId }) => reviewerId),
      ['head2'],
    );
    assert.deepEqual(
      standings.map(({ managerId, readerId }) => [managerId, readerId]),
      [['head1', 'head2']],
      'lateness stays the line manager’s to know',
    );
  });

  it('goes to a new reader when the rule changes, and what was decided stays decided', async () => {
    await submitted();
    await rebuild(ruled('priority-lead')).syncMilestones(MONDAY.now);
    const sent = await liveOf();
    assert.match(await press(JO, 'checkins.approve', sent), /refused: not-yours/);
    await ask({ date: '2026-11-24', now: new Date('2026-11-24T08:00:00Z') });
    assert.deepEqual(reviewsOf(), ['head1', 'ada']);
    const key = must(
      [...outbox.drafts.keys()].find((one) => one.endsWith('/head1')),
      'the old card',
    );
    assert.match(JSON.stringify(outbox.face(key)), /no longer waits for you/);
    await press(ADA, 'checkins.approve', sent);
    await rebuild(ruled('bea')).syncMilestones(MONDAY.now);
    assert.match(await press(BEA, 'checkins.return', sent, { comment: 'More' }), /Approved by Ada/);
  });

  it('shows a former reader neither a later answer nor what the new one says of it', async () => {
    await submitted();
    const faceOf = (reader: string) =>
      JSON.stringify(
        outbox.face(
          must(
            [...outbox.drafts.keys()].find((one) => one.endsWith(`/${reader}`)),
            'a card',
          ),
        ),
      );
    const moved = PEOPLE.map((one) => (one.id === 'tom' ? { ...one, managerId: 'bea' } : one));
    rebuild(undefined, moved);
    await press(TOM, 'checkins.submit', await liveOf(), { ...UPDATE, value: '117' });
    assert.match(faceOf('head1'), /no longer waits for you/);
    await press(BEA, 'checkins.return', await liveOf(), { comment: 'Which of the families?' });
    assert.match(faceOf('bea'), /117.*Which of the families/s);
    assert.match(faceOf('head1'), /no longer waits for you/);
    assert.doesNotMatch(faceOf('head1'), /117|Which of the families/);
  });

  it('goes up one where the chosen one has left, and to the head where she is the owner’s own choice', async () => {
    const left = PEOPLE.map((one) => (one.id === 'max' ? { ...one, staff: false } : one));
    await rebuild(ruled('max'), left).syncMilestones(MONDAY.now);
    await submitted();
    assert.deepEqual(reviewsOf(), ['fay'], 'Lee above Max is on leave, and Fay stands in');
  });

  it('is never answered in the owner’s place by who reads it', async () => {
    const notes = [{ id: 'tom', delegations: [{ delegate: 'head2', from: '2026-11-16', to: '2026-11-27' }] }];
    const inPlace = async (more: object) => {
      await rebuild(sampleTrust([{ id: 'm1', owner: 'tom', ...more }], notes)).syncMilestones(MONDAY.now);
      return /Tom/.test(JSON.stringify(await checkins.mine(KIT, MONDAY.now)));
    };
    await ask();
    assert.equal(await inPlace({}), true);
    assert.equal(await inPlace({ reviewer: 'head2' }), false);
    assert.match(await press(KIT, 'checkins.submit', await liveOf(), UPDATE), /refused: not-yours/);
  });

  it('is chosen on the form, shown on its card, kept in its history and changed back', async () => {
    const shown = await create(ADA, { reviewer: 'named', reader: 'Kit Vane' });
    assert.match(shown, /Bea Hall owns it\. Kit Vane reads each check-in\./);
    const { id, reviewer } = await made();
    assert.equal(reviewer, 'head2');
    const form = await cardOf(ADA, 'checkins.milestone-edit', { id, version: 0 });
    assert.deepEqual([field(form, 'reviewer'), field(form, 'reader')], ['named', 'Kit Vane']);
    const { version } = must((form.content.actions as { data: { version: number } }[])[0], 'a button').data;
    const names = [
      'title',
      'strand',
      'school',
      'owner',
      'measure',
      'unit',
      'target',
      'direction',
      'due',
      'cadence',
    ];
    const typed = Object.fromEntries(names.map((name) => [name, String(field(form, name) ?? '')]));
    await press(ADA, 'checkins.milestone-save', { id, version }, { ...typed, reviewer: 'line-manager' });
    assert.equal((await made()).reviewer, undefined);
    const card = await cardOf(ADA, 'checkins.milestone-show', { id, version: 0 });
    assert.match(JSON.stringify(card.content), /changed who reads its check-ins, by Ada/);
    assert.match(JSON.stringify(card.content), /Jo Marsh reads each check-in/);
  });

  it('is refused on the form in one clear sentence, and nothing is kept', async () => {
    const said = (inputs: Record<string, string>, person = ADA) => create(person, inputs);
    assert.match(await said({ reviewer: 'named' }), /Please name the colleague who reads/);
    assert.match(await said({ reviewer: 'head', reader: 'Kit Vane' }), /You named a colleague to read it/);
    assert.match(
      await said({ reviewer: 'named', reader: 'Nobody Here' }),
      /Who reads it: I know no colleague/,
    );
    assert.match(await said({ reviewer: 'named', reader: 'Bea Hall' }), /Nobody reads their own check-ins/);
    assert.match(await said({ reviewer: 'head', school: 'central' }), /The central team has no head/);
    assert.match(await said({ reviewer: 'somebody' }), /Please choose who reads its check-ins/);
    assert.match(
      await said({ reviewer: 'named', reader: 'Kit Vane', owner: 'Ada Shah' }, CHO),
      /chief executive’s check-ins are read by whom the chair named/,
    );
    assert.match(
      await said({ reviewer: 'named', reader: 'Tom Reed', owner: 'Jo Marsh' }, JO),
      /is for another leader to choose/,
    );
    await none();
  });

  it('comes from a file, stays where a later file does not say, and is refused with line and column', async () => {
    const head = 'id,title,strand,school,owner,measure,unit,target,due,next_check_in';
    const line = (reader?: string) =>
      `a,Home visits,families,Harbour Primary,Bea Hall,Visits,visits,40,2027-02-12,2026-11-30${reader === undefined ? '' : `,${reader}`}`;
    const take = async (reader?: string) => {
      const text = `${head}${reader === undefined ? '' : ',reviewer'}\n${line(reader)}`;
      return JSON.stringify(await checkins.importMilestones(text, 'ada', MONDAY.now));
    };
    const kept = async () => {
      const { rows } = await checkins.report(MONDAY.date);
      return rows.find(({ milestone }) => milestone.id === 'csv-a')?.milestone.reviewer;
    };
    assert.match(await take('Somebody'), /"line":2,"column":"reviewer","reason":"is nobody on the staff/);
    assert.match(
      await take('Bea Hall'),
      /"column":"reviewer","reason":"is the owner, and nobody reads their own"/,
    );
    await take('Kit Vane');
    assert.equal(await kept(), 'head2');
    await take();
    assert.equal(await kept(), 'head2', 'a file without the column says nothing of it');
    await take('priority lead');
    assert.equal(await kept(), 'priority-lead');
    await take('');
    assert.equal(await kept(), undefined, 'an empty cell is the line manager');
  });

  it('lets its line manager and its reader see the milestone, and nobody beside', async () => {
    await rebuild(ruled('max', { school: '100001' })).syncMilestones(MONDAY.now);
    const sees = async (person: typeof JO) =>
      /Every family/.test(
        JSON.stringify((await checkins.request('milestone every family', person, MONDAY.now)) ?? ''),
      );
    for (const person of [TOM, JO, EVE]) assert.ok(await sees(person), person.name);
    for (const person of [KIT, BEA]) assert.ok(!(await sees(person)), person.name);
  });
});
