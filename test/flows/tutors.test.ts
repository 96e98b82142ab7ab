import { strict as assert } from 'node:assert';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must } from '../../src/kernel/guards.ts';
import { personNamed } from '../../src/sandbox/tenant.ts';
import { marksFile, weekWith } from '../support/marks.ts';
import { buttonOf, useService, wordsOf } from '../support/service.ts';

const TOM = '00000000-0000-4000-8000-000000000204';
const AISHA = '00000000-0000-4000-8000-000000000202';
const NAMES = ['Tom Ellery', 'Aisha Rahman', 'Jo Bennett'] as const;

/** Tom teaches 5A and leads a strand, so he gets a digest; Aisha teaches 5A and gets none. */
describe('a form tutor’s week', () => {
  const service = useService({
    documents: false,
    trust: ({ schools, priorities }) => {
      const harbour = must(
        schools.find(({ urn }) => urn === '900001'),
        'Harbour',
      );
      harbour.pupils = 'on';
      harbour.pupils_agreed = { dpo: 'Nadia Khan', dpia: '2026-09-01', head: harbour.head };
      harbour.tutors = [
        { person: TOM, groups: ['5A'] },
        { person: AISHA, groups: ['5A', '5B'] },
      ];
      must(must(priorities[1], 'a priority').strands[0], 'a strand').lead = TOM;
    },
  });
  const shown = (name: string) => service().shownTo(service().chat(name));

  before(async function () {
    this.timeout(40_000);
    const { teams, chat, channel, command, quiet, graph } = service();
    assert.equal(personNamed(graph.tenant, 'Tom Ellery').id, TOM);
    assert.equal(personNamed(graph.tenant, 'Aisha Rahman').id, AISHA);
    for (const name of NAMES) await teams.install(chat(name));
    await teams.install(channel('Jo Bennett', 'Harbour Primary'));
    const folder = await mkdtemp(join(tmpdir(), 'waymark-tutors-'));
    for (const [monday, away] of [
      ['2026-11-02', 0],
      ['2026-11-09', 0],
      ['2026-11-16', 6],
    ] as const) {
      const pupils = Array.from({ length: 30 }, (_, index) => ({
        id: `p${index}`,
        marks: weekWith(index === 3 ? away : 0),
      }));
      const file = join(folder, `${monday}.csv`);
      await writeFile(file, marksFile('900001', monday, pupils));
      const told = await command('attendance', 'import', file, '--school', '900001');
      assert.equal(told.exit, 0, told.err || told.out);
    }
    await rm(folder, { recursive: true });
    for (const at of ['07:30', '07:45']) {
      await command('tick', '--at', `2026-11-23T${at}:00Z`);
      await quiet();
    }
  });

  it('brings each one scheduled message: a card of their own, or a digest with its line on top', () => {
    assert.equal(shown('Aisha Rahman').length, 2);
    assert.match(wordsOf(shown('Aisha Rahman')[1]), /^5A and 5B: who to greet first this week/);
    assert.equal(shown('Tom Ellery').length, 2);
    const digest = wordsOf(shown('Tom Ellery')[1]);
    assert.match(digest, /^Tideway, Monday 23 November|Monday 23 November/);
    assert.match(digest, /\n5A, last week: whom to greet first, disadvantaged pupils before others\./);
    assert.doesNotMatch(JSON.stringify([shown('Tom Ellery'), shown('Aisha Rahman')]), /Marigold/);
  });

  it('opens from the digest what the card of the others is, for its reader alone', async () => {
    const { teams, chat } = service();
    const { verb, data } = buttonOf(shown('Tom Ellery')[1], 'attendance.tutor-show');
    const press = async (name: string, button: { verb: string; data: Record<string, unknown> }) =>
      (await teams.pressButton(chat(name), button)).body;
    const card = (await press('Tom Ellery', { verb, data })) as { value: unknown };
    assert.match(JSON.stringify(card), /5A: who to greet first this week/);
    const list = await press('Tom Ellery', buttonOf(card.value, 'attendance.tutor-open'));
    assert.match(JSON.stringify(list), /Marigold Blackwood/);
    assert.match(JSON.stringify(await press('Sam Whitfield', { verb, data })), /for the group’s own tutor/);
    // Not where others read, though the one who presses may see it.
    const inChannel = service().channel('Aisha Rahman', 'Harbour Primary');
    const own = buttonOf(shown('Aisha Rahman')[1], 'attendance.tutor-open');
    assert.match(
      JSON.stringify((await teams.pressButton(inChannel, own)).body),
      /in your own chat with me alone/,
    );
    // Both groups of the other card are not his.
    const both = buttonOf(shown('Aisha Rahman')[1], 'attendance.tutor-open');
    assert.match(JSON.stringify(await press('Tom Ellery', both)), /for the group’s own tutor/);
  });
});
