import { strict as assert } from 'node:assert';
import type { Crossing, GroupType, GroupWeek } from './fold.ts';
import { releaseWeek } from './release.ts';
import { shownGroups } from './shown-groups.ts';

const WEEK = { threshold: 10, sessions: 10 };
const NONE = { present: 0, approved: 0, authorised: 0, unauthorised: 0, unexplained: 0 };
const REST = { lateBefore: 0, lateAfter: 0, notPossible: 0, notCollected: 0, missing: 0 };

/** `5A yes 7 9`: tutor group, whether disadvantaged, pupils, sessions missed. */
function schoolOf(...lines: readonly string[]) {
  const crossings = lines.map((line): Crossing => {
    const [form = '', pp = '', pupils = '0', absent = '0'] = line.split(' ');
    const possible = Number(pupils) * 10;
    const attended = possible - Number(absent);
    return { year: form.charAt(0), form, pp, sen: 'N', pupils: Number(pupils), possible, attended };
  });
  const group = (type: GroupType, key: string, members: readonly Crossing[]): GroupWeek => {
    const total = (pick: (one: Crossing) => number) => members.reduce((sum, one) => sum + pick(one), 0);
    const present = total((one) => one.attended);
    const authorised = total((one) => one.possible) - present;
    return { ...NONE, ...REST, type, key, pupils: total((one) => one.pupils), present, authorised };
  };
  const by = (type: GroupType, keyOf: (one: Crossing) => string) =>
    [...Map.groupBy(crossings, keyOf)].map(([key, members]) => group(type, key, members));
  const day = { ...group('all', 'all', crossings), type: 'day' as const };
  const groups = [
    group('all', 'all', crossings),
    ...by('pp', (one) => one.pp),
    ...by('year', (one) => one.year),
    ...by('reg', (one) => one.form),
    ...['1', '2', '3', '4', '5'].map((key) => ({ ...day, key })),
  ];
  return { groups, crossings, receivedAt: new Date('2026-11-20T18:00:00Z') };
}

const WHOLE = ['5A yes 8 9', '5A no 20 12', '5B yes 7 8', '5B no 21 11', '6A yes 9 12', '6A no 19 14'];

function shown(lines: readonly string[], beside = { pp: true, sen: false }) {
  const { forms, years } = shownGroups(schoolOf(...lines), beside, WEEK);
  return [forms.map((one) => one.key).join(' '), years.map((one) => one.key).join(' ')];
}

describe('tutor groups and year groups', () => {
  it('have figures beside the gap, and a year group its own where all its tutor groups have', () => {
    assert.deepEqual(shown(WHOLE), ['5A 5B 6A', '5 6']);
  });

  it('take the next smallest with them when one is small, or when hardly anybody in it was away', () => {
    const small = ['5A no 28 20', '5B no 26 18', '6A no 20 15', '6B no 6 9'];
    assert.deepEqual(shown(small, { pp: false, sen: false }), ['5A 5B', '5']);
    const full = ['5A no 28 20', '5B no 26 18', '6A no 20 15', '6B no 24 1'];
    assert.deepEqual(shown(full, { pp: false, sen: false }), ['5A 5B', '5']);
  });

  it('are hidden when they and the gap would give a few pupils away', () => {
    // All disadvantaged pupils but three are in one tutor group, which has nobody else: the three are the difference.
    // The year groups tell of no such three.
    const pinned = ['5A yes 20 15', '5B yes 3 5', '5B no 25 12', '6A no 28 14'];
    assert.deepEqual(shown(pinned), ['', '5 6']);
    assert.deepEqual(shown(pinned, { pp: false, sen: false }), ['5A 5B 6A', '5 6']);
  });

  it('are not shown where the file gives sums alone, since nobody knows who is in both', () => {
    const { crossings: _, ...sums } = schoolOf(...WHOLE);
    assert.deepEqual(shownGroups(sums, { pp: true, sen: false }, WEEK), { forms: [], years: [] });
  });

  it('are set beside their own week before, from its release', () => {
    const made = (week: string, lines: readonly string[], before?: ReturnType<typeof releaseWeek>) =>
      releaseWeek({
        schoolUrn: '100001',
        schoolName: 'Harbour Primary',
        week,
        threshold: 10,
        counts: schoolOf(...lines),
        ...(before ? { before: { release: before, adjacent: true } } : {}),
      });
    const earlier = made('2026-W46', WHOLE);
    const later = made('2026-W47', ['5A yes 8 13', '5A no 20 12', ...WHOLE.slice(2)], earlier);
    const form = later.forms.find((one) => one.key === '5A');
    assert.deepEqual([form?.days, form?.before?.days], [13, 11]);
    assert.equal(form?.figure.attendance, '91.1');
  });
});
