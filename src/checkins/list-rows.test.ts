import { strict as assert } from 'node:assert';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { must } from '../kernel/guards.ts';
import { type ListSetting, type Row, type RowFacts, readRows, rowOf, writeOf } from './list-rows.ts';
import type { Milestone } from './milestone.ts';

const trust = { ...sampleTrust(), teams: [{ id: 'inclusion', name: 'Inclusion team', lead: 'max' }] };
const COLUMNS: ListSetting['columns'] = {
  title: 'Title',
  strand: 'Strand',
  school: 'School',
  team: 'Team',
  reviewer: 'Reader',
  owner: 'Owner',
  measure: 'Measure',
  unit: 'Unit',
  target: 'Target',
  direction: 'Direction',
  due: 'Due',
  cadence: 'Cadence',
  next_check_in: 'NextCheckIn',
  status: 'Status',
  value: 'Value',
};
const SETTING: ListSetting = { site: 's', list: 'l', write_back: true, columns: COLUMNS };
const FIELDS = {
  Title: 'Evening calls',
  Strand: 'families',
  School: 'Harbour Primary',
  Owner: 'Tom Reed',
  Measure: 'Calls',
  Unit: 'calls',
  Target: 240,
  Direction: 'Lower is better',
  Due: '2027-02-12T00:00:00Z',
};

function read(
  rows: readonly Row[],
  kept: readonly Milestone[] = [],
  today = '2026-11-23',
  setting: ListSetting = SETTING,
) {
  const facts: RowFacts = {
    trust,
    personFor: (words) => PEOPLE.find(({ name, staff }) => staff && name === words)?.id,
    kept,
    today,
    termsOf: () => [{ term: 2, from: '2026-11-02', to: '2026-12-18' }],
  };
  return readRows(rows, setting, facts);
}

describe('rows of the SharePoint list', () => {
  it('belong to a team where the list has a column for it, and are named where they say two places', () => {
    const { School: _school, ...rest } = FIELDS;
    const { plans, problems } = read([
      { id: '7', fields: { ...rest, Team: 'Inclusion team' } },
      { id: '8', fields: { ...FIELDS, Team: 'Inclusion team' } },
      { id: '9', fields: { ...rest, Team: 'Nobody' } },
    ]);
    assert.deepEqual(
      plans.map(({ id, teamId, schoolUrn }) => [id, teamId, schoolUrn]),
      [['list-7', 'inclusion', undefined]],
    );
    assert.deepEqual(
      problems.map(({ row, column, reason }) => `${row} ${column}: ${reason}`),
      ['8 team: is given beside school: keep one of them', '9 team: is no team of the trust: "Nobody"'],
    );
  });

  it('say who reads them, where the list has a column for it', () => {
    const { plans, problems } = read([
      { id: '7', fields: { ...FIELDS, Reader: 'Head of school' } },
      { id: '8', fields: { ...FIELDS, Reader: 'Kit Vane' } },
      { id: '9', fields: { ...FIELDS, Reader: 'Tom Reed' } },
    ]);
    assert.deepEqual(
      plans.map(({ id, reviewer }) => [id, reviewer]),
      [
        ['list-7', 'head'],
        ['list-8', 'head2'],
      ],
    );
    assert.deepEqual(
      problems.map(({ row, column, reason }) => `${row} ${column}: ${reason}`),
      ['9 reviewer: is the owner, and nobody reads their own'],
    );
  });

  it('are written with their team when they were made in chat', () => {
    const [plan] = read([{ id: '7', fields: FIELDS }]).plans;
    const milestone = { ...must(plan, 'a plan'), ended: false };
    const { fields } = rowOf(SETTING, milestone, {
      school: '',
      team: 'Inclusion team',
      owner: 'x@y',
      reviewer: 'head',
    });
    assert.deepEqual([fields.Team, fields.Reader], ['Inclusion team', 'head']);
    const { team: _team, reviewer: _reader, ...columns } = COLUMNS;
    const without = rowOf({ ...SETTING, columns }, milestone, {
      school: '',
      team: 'Inclusion team',
      owner: '',
      reviewer: 'head',
    });
    assert.ok(!Object.values(without.fields).includes('Inclusion team'));
  });

  it('become milestones, with the choices of the list and its instants as days', () => {
    const { plans, problems } = read([{ id: '7', fields: FIELDS }]);
    assert.deepEqual(problems, []);
    assert.deepEqual(plans, [
      {
        id: 'list-7',
        title: 'Evening calls',
        strand: 'families',
        schoolUrn: '100001',
        ownerId: 'tom',
        reviewer: 'line-manager',
        measure: 'Calls',
        unit: 'calls',
        target: 240,
        direction: 'lower',
        due: '2027-02-12',
        everyWeeks: 7,
        cadence: 'half-termly',
        firstRound: '2026-12-07',
      },
    ]);
  });

  it('keep the round that they have, whatever the day on which they are read again', () => {
    const plan = must(read([{ id: '7', fields: FIELDS }]).plans[0], 'a plan');
    const later = read([{ id: '7', fields: FIELDS }], [{ ...plan, ended: false }], '2027-01-11');
    assert.equal(later.plans[0]?.firstRound, '2026-12-07');
  });

  it('name what to mend, each by itself, and leave the others be', () => {
    const bad = { ...FIELDS, Owner: 'Nobody', Target: 'many', Cadence: 'weekly' };
    const { plans, problems } = read([
      { id: '1', fields: bad },
      { id: '2', fields: FIELDS },
      { id: '3', fields: {} },
    ]);
    assert.deepEqual(
      plans.map(({ id }) => id),
      ['list-2'],
    );
    const of = (row: string) => problems.filter((one) => one.row === row).map(({ column }) => column);
    assert.deepEqual(of('1').sort(), ['cadence', 'owner', 'target']);
    assert.ok(of('3').includes('title'));
  });

  it('give nobody more milestones than the trust allows', () => {
    const rows = ['1', '2', '3', '4'].map((id) => ({ id, fields: FIELDS }));
    const { plans, problems } = read(rows);
    assert.equal(plans.length, 3);
    assert.match(problems[0]?.reason ?? '', /would have 4 milestones; the trust allows 3/);
  });

  it('count no more for an owner once their due date is past and their last round was asked for', () => {
    const rows = ['1', '2', '3'].map((id) => ({ id, fields: FIELDS }));
    const past = read(rows).plans.map((plan) => ({ ...plan, ended: false }));
    const next = { id: '4', fields: { ...FIELDS, Due: '2027-07-16' } };
    const after = read([...rows, next], past, '2027-02-15');
    assert.deepEqual([after.plans.length, after.problems], [4, []]);
    const waiting = past.map((milestone) => ({ ...milestone, nextRound: '2027-02-12' }));
    assert.equal(read([...rows, next], waiting, '2027-02-15').problems.length, 1, 'a round is still to come');
    const longer = rows.map(({ id }) => ({ id, fields: { ...FIELDS, Due: '2027-07-16' } }));
    assert.equal(read([...longer, next], past, '2027-02-15').problems.length, 1, 'they are carried on');
    const begun = past.map(({ id, ...milestone }) => ({ ...milestone, id: `chat-${id}` }));
    assert.deepEqual(read([next], begun, '2027-02-15').problems, []);
  });

  it('that were copied with the mark of a milestone made in chat are named: a copy is no second milestone by itself', () => {
    const setting = { ...SETTING, columns: { ...COLUMNS, waymark_id: 'WaymarkId' } };
    const plan = must(read([{ id: '7', fields: FIELDS }]).plans[0], 'a plan');
    const kept = [{ ...plan, id: 'chat-abc', ended: false }];
    const rows = ['12', '9', '30'].map((id) => ({
      id,
      fields: { ...FIELDS, WaymarkId: id === '30' ? 'chat-gone' : 'chat-abc' },
    }));
    const { plans, problems, ours } = read(rows, kept, '2026-11-23', setting);
    assert.deepEqual([plans, [...ours]], [[], [['9', 'chat-abc']]]);
    assert.deepEqual(
      problems.map(({ row, column }) => [row, column]),
      [
        ['12', 'waymark_id'],
        ['30', 'waymark_id'],
      ],
    );
    assert.match(problems[0]?.reason ?? '', /is that of row 9.*empty it/);
  });

  it('get only the columns that the trust named, and the same mark for the same words', () => {
    const answer = {
      status: 'at-risk',
      confidence: 'low',
      value: 9,
      note: 'Words',
      blocker: '',
      evidence: '',
    } as const;
    const write = writeOf(SETTING, { answer, date: '2026-11-24' });
    assert.deepEqual(write.fields, { Status: 'At risk', Value: 9 });
    assert.equal(
      write.mark,
      writeOf(SETTING, { answer: { ...answer, note: 'Others' }, date: '2026-11-25' }).mark,
    );
    assert.notEqual(
      write.mark,
      writeOf(SETTING, { answer: { ...answer, value: 10 }, date: '2026-11-24' }).mark,
    );
  });
});
