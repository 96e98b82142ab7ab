import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { sampleTrust } from '../../test/support/school.ts';
import { addDays } from '../kernel/time.ts';
import { compareMilestones, type Milestone, planOf, priorityOf, roundAfter } from './milestone.ts';

const TODAY = '2026-11-23';
const [plan] = sampleTrust().milestones.map(planOf);
if (!plan) throw new Error('the sample has a milestone');
const KEPT: Milestone = { ...plan, nextRound: '2026-12-11', ended: false };

describe('milestones against the file', () => {
  it('adds what is new with the round that the file names', () => {
    const [change] = compareMilestones([], [plan], TODAY);
    assert.deepEqual(change, {
      kind: 'added',
      milestone: { ...plan, nextRound: plan.firstRound, ended: false },
    });
  });

  it('changes nothing when the file says the same', () => {
    assert.deepEqual(compareMilestones([KEPT], [plan], TODAY), []);
    const { nextRound: _none, ...over } = KEPT;
    assert.deepEqual(compareMilestones([over], [plan], TODAY), []);
  });

  it('keeps the next round when words change, and takes a new one when the file moves it', () => {
    const [worded] = compareMilestones([KEPT], [{ ...plan, title: 'Better words' }], TODAY);
    assert.equal(worded?.kind, 'changed');
    assert.equal(worded?.milestone.nextRound, '2026-12-11');
    const [moved] = compareMilestones([KEPT], [{ ...plan, firstRound: '2026-11-30' }], TODAY);
    assert.equal(moved?.milestone.nextRound, '2026-11-30');
  });

  it('asks no later than on the due date that the file now names', () => {
    const due = (day: string, kept: Milestone = KEPT) =>
      compareMilestones([kept], [{ ...plan, due: day }], TODAY)[0]?.milestone.nextRound;
    assert.equal(due('2026-12-04'), '2026-12-04');
    assert.equal(due('2027-07-16'), '2026-12-11', 'a later one moves no round');
    const { nextRound: _none, ...over } = KEPT;
    assert.equal(due('2026-12-04', over), undefined, 'its last round was asked for');
    assert.equal(due('2027-07-16', over), '2027-07-16');
  });

  it('asks a new owner on the next day of asking', () => {
    const [change] = compareMilestones([KEPT], [{ ...plan, ownerId: 'bea' }], TODAY);
    assert.equal(change?.kind, 'moved');
    assert.equal(change?.milestone.nextRound, TODAY);
  });

  it('ends what the file no longer names, once, and begins it again when it returns', () => {
    const [ended] = compareMilestones([KEPT], [], TODAY);
    assert.equal(ended?.kind, 'ended');
    assert.equal(ended?.milestone.ended, true);
    const gone = { ...KEPT, ended: true };
    assert.deepEqual(compareMilestones([gone], [], TODAY), []);
    const [back] = compareMilestones([gone], [plan], TODAY);
    assert.equal(back?.milestone.ended, false);
    assert.equal(back?.milestone.nextRound, plan.firstRound);
  });

  it('finds the priority of a strand', () => {
    assert.equal(priorityOf(sampleTrust(), 'families')?.id, 'disadvantage');
    assert.equal(priorityOf(sampleTrust(), 'gone'), undefined);
  });
});

describe('the next round', () => {
  const every = { everyWeeks: 3, due: '2026-12-18' };
  it('comes after so many weeks, with the last one on the due date', () => {
    assert.equal(roundAfter(every, '2026-11-23', TODAY), '2026-12-14');
    assert.equal(roundAfter(every, '2026-12-14', '2026-12-14'), '2026-12-18');
    assert.equal(roundAfter(every, '2026-12-18', '2026-12-18'), undefined);
  });

  it('leaves out rounds that passed while nobody could be asked', () => {
    assert.equal(roundAfter({ everyWeeks: 1, due: '2027-03-01' }, '2026-11-02', TODAY), '2026-11-30');
  });

  it('always lies after today and never after the due date', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: -60, max: 0 }),
        fc.integer({ min: -60, max: 200 }),
        (everyWeeks, roundIn, dueIn) => {
          const due = addDays(TODAY, dueIn);
          const next = roundAfter({ everyWeeks, due }, addDays(TODAY, roundIn), TODAY);
          if (next === undefined) assert.ok(due <= TODAY || due === addDays(TODAY, roundIn));
          else assert.ok(next > TODAY && next <= due);
        },
      ),
    );
  });
});
