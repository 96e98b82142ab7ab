import { strict as assert } from 'node:assert';
import { checkins, MONDAY, rebuild, store, useDesk } from '../../test/support/checkin-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';
import { readMilestones } from './milestones-store.ts';

const HEAD = 'id,title,strand,owner,measure,unit,target,due,next_check_in';
const line = (id: string, words: { title?: string; measure?: string; unit?: string } = {}) =>
  [
    id,
    words.title ?? 'Evening calls reach every family',
    'families',
    'Tom Reed',
    words.measure ?? 'Families reached',
    words.unit ?? 'families',
    '60',
    '2027-02-12',
    '2026-11-30',
  ].join(',');

describe('milestones of a file whose words name a pupil or tell of a worry', () => {
  useDesk();
  const trustOfMany = (): Trust => {
    const trust = sampleTrust();
    return { ...trust, policies: { ...trust.policies, milestones_each: 20 } };
  };

  const take = (...lines: string[]) =>
    checkins.importMilestones([HEAD, ...lines].join('\n'), 'command-line', MONDAY.now);
  const titles = async () => (await readMilestones(store.db)).map(({ title }) => title);

  async function problemsOf(...lines: string[]): Promise<string[]> {
    const before = await titles();
    const receipt = await take(...lines);
    assert.deepEqual(await titles(), before, 'nothing is taken');
    assert.ok(receipt.kind === 'problems');
    return receipt.problems.map(({ line: at, column, reason }) => `${at} ${column}: ${reason}`);
  }

  beforeEach(() => void rebuild(trustOfMany()));

  it('are refused with their line, their column and what to do, beside all other problems', async () => {
    const found = await problemsOf(
      line('calls'),
      line('jayden', { title: 'Jayden Okonkwo is back in every lesson' }),
      line('b', { measure: 'Lessons that Kayleigh in 4B attends' }),
      line('c', { unit: "visits to Tyrone's mum" }),
      line('d', { title: 'A girl told me that her dad hits her' }),
      line('kayleigh-attendance'),
      line('e').replace('60', 'many'),
    );
    assert.deepEqual(
      found.map((problem) => problem.split(/[;,]/)[0]),
      [
        '3 id: looks as if it names a pupil',
        '3 title: looks as if it names a pupil',
        '4 measure: looks as if it names a pupil',
        '5 unit: looks as if it names a pupil',
        '6 title: reads like a worry about somebody’s safety',
        '7 id: looks as if it names a pupil',
        '8 target: must be a number',
      ],
    );
    for (const name of ['Jayden', 'Kayleigh', 'Tyrone', 'dad'])
      assert.doesNotMatch(found.join(), new RegExp(name), 'what stood there is repeated nowhere');
    assert.match(found[0] ?? '', /write a group, a year or a role instead/);
    assert.match(found[4] ?? '', /tell the safeguarding lead/);
  });

  it('are taken once they are written without the name', async () => {
    const receipt = await take(
      line('calls'),
      line('b', { title: 'Pupils in 4B attend every lesson', measure: 'Lessons attended' }),
      line('c', { title: 'Bea Hall visits each classroom', measure: 'DSL supervision in place' }),
    );
    assert.ok(receipt.kind === 'imported', JSON.stringify(receipt));
    assert.equal(receipt.added, 3);
  });

  const trusted = (title: string): Trust => {
    const trust = sampleTrust();
    const [first, ...others] = trust.milestones;
    return { ...trust, milestones: [{ ...must(first, 'a milestone'), title }, ...others] };
  };

  it('of trust.yaml stay as they were, the others are taken, and the number of each is told', async () => {
    const [before, ...others] = await titles();
    const trust = trusted('Jayden Okonkwo is back in every lesson');
    const [named, ...rest] = trust.milestones;
    assert.ok(named);
    const added = { ...named, id: 'added', title: 'Tutors ring home each Friday' };
    rebuild({ ...trust, milestones: [named, ...rest, added, { ...named, id: 'new' }] });
    assert.equal(await checkins.syncMilestones(MONDAY.now), 1);
    assert.deepEqual((await titles()).toSorted(), [before, ...others, added.title].toSorted());
    assert.deepEqual(
      (await checkins.heldInFile()).map(({ place, column, why }) => `${place} ${column} ${why}`),
      ['1 title pupil', `${rest.length + 3} title pupil`],
    );
  });

  it('of trust.yaml make no pupil’s name a word that is known', async () => {
    rebuild(trusted('Okonkwo reads every day'));
    const found = await checkins.heldInFile();
    assert.deepEqual(
      found.map(({ column }) => column),
      ['title'],
    );
  });
});
