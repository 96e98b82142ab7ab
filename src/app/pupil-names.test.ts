import { strict as assert } from 'node:assert';
import notes from '../../test/support/colleague-notes.json' with { type: 'json' };
import titles from '../../test/support/milestone-titles.json' with { type: 'json' };
import pupilNotes from '../../test/support/pupil-notes.json' with { type: 'json' };
import { directoryOf, PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { GIVEN } from '../checkins/pupil-names.ts';
import type { Person } from '../directory/model.ts';
import { must } from '../kernel/guards.ts';
import { stopwatch } from '../kernel/time.ts';
import { holdingBack, pupilNames } from './pupil-names.ts';

const [someone] = PEOPLE;
function held(names: readonly string[]) {
  const staff = names.map(
    (name, index): Person => ({ ...must(someone, 'a person'), id: String(index), name }),
  );
  return pupilNames(sampleTrust(), directoryOf(staff));
}

async function tally(words: readonly string[], isHeld: (words: string) => Promise<boolean>) {
  const found: string[] = [];
  const passed: string[] = [];
  for (const one of words) ((await isHeld(one)) ? found : passed).push(one);
  return { found, passed };
}

describe('a name that a colleague and a child may both have', () => {
  const isHeld = held(notes.names);

  for (const [words, wanted] of [
    ['Lewis Grant has the figures', false],
    ['lewis grant to chase', false],
    ["need Sophie Clarke's sign-off", false],
    ['Lewis has stopped coming', true],
    ['Lewis will send the list on Friday', false],
    ['Lewis Grant in 9B has stopped coming', true],
    ["Lewis Grant's mum rang", true],
    ['pupil Lewis Grant', true],
    ['Lewis Okafor will send the list', true],
    ['waiting on Lewis', false],
    ['waiting on Lewis to come in', true],
    ['Priya has the final say', false],
    ['Priya in 4B has stopped coming', true],
    ['Gurpreet has missed three sessions', true],
    ["still nothing from grace's parents", true],
    ['Grace has stopped coming', true],
    ['Mark schemes are agreed', false],
    ['grace period agreed', false],
    ['harry is on report', true],
  ] as const)
    it(`${wanted ? 'is held' : 'passes'}: ${words}`, async () => assert.equal(await isHeld(words), wanted));

  it('is a pupil’s wherever nobody on the staff has it, as it was before', async () => {
    const nobodys = held(['Jo Bennett']);
    for (const words of ['Lewis will send the list on Friday', 'Lewis Grant has the figures'])
      assert.equal(await nobodys(words), true, words);
  });

  // Written before the rules and parted by a hash, but for `later` and `last`, which came when rules stood: each was read once
  // before what it showed was mended. What they gave when they were first read stands in docs/decisions/check-ins.md.
  for (const [half, vain, missed] of [
    ['seen', 0.11, 0],
    ['kept', 0.1, 0.02],
    ['later', 0.13, 0.05],
    ['last', 0.2, 0.05],
  ] as const)
    it(`of the notes ${half}, at most ${vain * 100}% on colleagues are held in vain and ${missed * 100}% on pupils pass`, async () => {
      const { found } = await tally(notes.colleagues[half], isHeld);
      assert.ok(found.length <= vain * notes.colleagues[half].length, `in vain: ${found.join(' | ')}`);
      const { passed } = await tally(notes.pupils[half], isHeld);
      assert.ok(passed.length <= missed * notes.pupils[half].length, `missed: ${passed.join(' | ')}`);
    });

  it('is held in the notes on pupils though each given name in them is a colleague’s too', async () => {
    const all = [...pupilNotes.pupils.seen, ...pupilNotes.pupils.kept];
    const given = new Set(
      all.flatMap((words) => words.match(/\p{L}+/gu) ?? []).filter((word) => GIVEN.has(word.toLowerCase())),
    );
    const { passed } = await tally(all, held([...given].map((name) => `${name} Zqbxaw`)));
    assert.ok(passed.length <= 0.03 * all.length, `missed: ${passed.join(' | ')}`);
  });

  it('is looked for in a moment among the names of a large trust', async () => {
    const many = held(Array.from({ length: 1500 }, (_, index) => `Lewis Zq${index}xw`));
    const took = stopwatch();
    for (let time = 0; time < 20; time += 1)
      await many('Lewis will send the list on Friday, and Ruby the other one');
    assert.ok(took() < 2_000, `${Math.round(took() / 20)} ms a note`);
  });
});

describe('the titles of milestones, from a file or a list', () => {
  const back = holdingBack(held(['Jo Bennett', 'Amira Saleh']));
  const isHeld = async (words: string) => (await back(words)) !== undefined;

  for (const words of [
    'Pupils travelling on their own',
    'Lesson-by-lesson Keep-up',
    'Lesson-by-lesson Keep-up in Year 3',
    'Every family has met their tutor (up)',
  ])
    it(`pass: ${words}`, async () => assert.equal(await back(words), undefined));

  for (const words of [
    'Pupils travelling on their own with a stranger who hurts them',
    'Every child is hit at home',
    'All the girls say he touches them',
    'Pupils cutting themselves',
    'Kayleigh-Mae in Year 3',
    'Lesson-by-lesson support for Kayleigh',
  ])
    it(`are held: ${words}`, async () => assert.ok(await isHeld(words)));

  // Written before the rules and parted by a hash; the kept half was read once, when the rules stood: 18 of 20 passed, 19 of 20
  // were held. Before them, 15 passed and as many were held.
  for (const [half, vain, missed] of [
    ['seen', 0, 0],
    ['kept', 2, 1],
  ] as const)
    it(`of the ${half} half at most ${vain} of 20 are held in vain, and ${missed} of 20 with a pupil or a worry pass`, async () => {
      const { found } = await tally(titles.innocent[half], isHeld);
      assert.ok(found.length <= vain, `in vain: ${found.join(' | ')}`);
      const { passed } = await tally(titles.guilty[half], isHeld);
      assert.ok(passed.length <= missed, `missed: ${passed.join(' | ')}`);
    });
});
