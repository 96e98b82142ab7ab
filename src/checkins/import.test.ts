import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { readMilestoneFile } from './import.ts';

const HEAD = 'id,title,strand,school,owner,measure,unit,target,due,every_weeks,next_check_in';
const GOOD =
  'calls,Evening calls,families,Harbour Primary,Tom Reed,Families reached,families,"1,500",2027-02-12,3,2026-11-30';

function read(text: string, others = 0, over?: string) {
  return readMilestoneFile(text, {
    trust: sampleTrust(),
    personFor: (words) => PEOPLE.find(({ id, name, staff }) => staff && (id === words || name === words))?.id,
    othersOf: () => others,
    isOver: ({ id }) => id === over,
  });
}

function problems(...lines: string[]): string[] {
  const found = read([HEAD, ...lines].join('\n'));
  assert.equal(found.kind, 'problems');
  return found.kind === 'problems'
    ? found.problems.map(({ line, column, reason }) => `${line} ${column ?? ''}: ${reason}`)
    : [];
}

describe('milestones from a file', () => {
  it('are read with names and addresses turned into ids, whatever the order of the columns and the line ends', () => {
    const found = read(`\uFEFF${HEAD}\r\n${GOOD}\r\n\r\n`);
    assert.ok(found.kind === 'plans');
    assert.deepEqual(found.plans, [
      {
        id: 'csv-calls',
        title: 'Evening calls',
        strand: 'families',
        schoolUrn: '100001',
        ownerId: 'tom',
        measure: 'Families reached',
        unit: 'families',
        target: 1500,
        due: '2027-02-12',
        everyWeeks: 3,
        firstRound: '2026-11-30',
      },
    ]);
  });

  it('say which way is better, and are refused when they say it wrongly', () => {
    const withDirection = (direction: string, target = '"1,500"') =>
      read(`${HEAD},direction\n${GOOD.replace('"1,500"', target)},${direction}`);
    const down = withDirection('lower');
    assert.ok(down.kind === 'plans');
    assert.equal(down.plans[0]?.direction, 'lower');
    const silent = withDirection('');
    assert.ok(silent.kind === 'plans');
    assert.equal(silent.plans[0]?.direction, undefined);
    for (const [direction, target, column] of [
      ['downwards', '5', 'direction'],
      ['yes-no', '5', 'target'],
    ] as const) {
      const wrong = withDirection(direction, target);
      assert.ok(wrong.kind === 'problems');
      assert.deepEqual(
        wrong.problems.map((problem) => problem.column),
        [column],
      );
    }
  });

  it('are asked after half-termly when the file does not say, and never weekly by a file', () => {
    const named = (cadence: string) =>
      read(`${HEAD.replace('every_weeks', 'cadence')}\n${GOOD.replace(',3,', `,${cadence},`)}`);
    const silent = named('');
    assert.ok(silent.kind === 'plans');
    assert.deepEqual(
      silent.plans.map(({ cadence, everyWeeks }) => [cadence, everyWeeks]),
      [['half-termly', 7]],
    );
    const weekly = named('weekly');
    assert.ok(weekly.kind === 'problems');
    assert.match(weekly.problems[0]?.reason ?? '', /its owner must agree/);
    for (const one of ['1', '01', '1.0'])
      assert.match(
        problems(GOOD.replace(',3,', `,${one},`)).join(),
        /every_weeks: is weekly, which its owner must agree/,
        one,
      );
  });

  it('name each problem with its line and column, a cell of several lines counted', () => {
    assert.deepEqual(
      problems(
        GOOD.replace('Evening calls', '"Evening\ncalls"'),
        GOOD.replace('Tom Reed', 'Nobody').replace('calls', 'b'),
        GOOD.replace('families,Harbour', 'nowhere,Harbour').replace('calls', 'c'),
        GOOD.replace('2027-02-12', '12/02/2027').replace('calls', 'd'),
        GOOD.replace('"1,500"', 'many').replace('calls', 'e'),
        GOOD,
        GOOD.replace('calls', 'Bad Id!'),
        GOOD.replace('calls', 'm1'),
        GOOD.replace(',Evening calls,', ',,').replace('calls', 'f'),
      ).map((problem) => problem.split(';')[0]),
      [
        '4 owner: is nobody on the staff, or several: "Nobody"',
        '5 strand: is no strand of a priority: "nowhere"',
        '6 due: must be a date such as 2026-11-23',
        '7 target: must be a number',
        '8 id: is also on line 2',
        '9 id: may hold small letters, figures and hyphens',
        '10 id: is in trust.yaml',
        '11 title: is empty',
      ],
    );
  });

  it('are refused without a column that is needed, and with one that is not known', () => {
    const found = read('id,titel\nx,y');
    assert.ok(found.kind === 'problems');
    assert.match(found.problems[0]?.reason ?? '', /^lacks the columns title, strand/);
    assert.match(found.problems[1]?.reason ?? '', /^has columns that are not known: titel/);
    const empty = read(HEAD);
    assert.ok(empty.kind === 'problems' && empty.problems[0]?.reason === 'has no milestone');
  });

  it('are no more for a person than the trust allows, those they have counted', () => {
    const two = [GOOD, GOOD.replace('calls', 'visits')];
    assert.equal(read([HEAD, ...two].join('\n'), 1).kind, 'plans');
    assert.equal(read([HEAD, ...two].join('\n'), 2, 'csv-calls').kind, 'plans', 'one is over');
    const found = read([HEAD, ...two].join('\n'), 2);
    assert.ok(found.kind === 'problems');
    assert.deepEqual(found.problems, [
      {
        line: 3,
        column: 'owner',
        reason: 'would have 4 milestones; the trust allows 3 (policies.milestones_each)',
      },
    ]);
  });

  it('never throw, whatever the file holds', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ unit: 'binary' }), (one, other) => {
        read(`${one}\n${other}`);
        read(`${HEAD}\n${one}\n${other},${one}`);
      }),
    );
  });
});
