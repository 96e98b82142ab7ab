import { strict as assert } from 'node:assert';
import { clearAttendance, HARBOUR, opening, QUAYSIDE } from '../../test/support/attendance.ts';
import { marksFile, pupilsMissing } from '../../test/support/marks.ts';
import { useStore } from '../../test/support/store.ts';
import { addDays, localInstant, weekOf } from '../kernel/time.ts';
import { sameWeekLastYear, schoolYearStart } from './week.ts';

const LONDON = 'Europe/London';
/**
 * A long year: its first week is never judged, its second has none to compare with, and the last of each term is published
 * only when school begins again, so that 39 of these 47 weeks make a card.
 */
const TERMS = [
  { term: 1, from: '2026-09-07', to: '2026-10-23' },
  { term: 2, from: '2026-11-02', to: '2026-12-18' },
  { term: 3, from: '2027-01-04', to: '2027-02-12' },
  { term: 4, from: '2027-02-22', to: '2027-03-26' },
  { term: 5, from: '2027-04-12', to: '2027-05-28' },
  { term: 6, from: '2027-06-07', to: '2027-09-17' },
];

function mondaysIn(terms: typeof TERMS): string[] {
  return terms.flatMap(({ from, to }) => {
    const mondays = [];
    for (let monday = from; monday <= to; monday = addDays(monday, 7)) mondays.push(monday);
    return mondays;
  });
}

describe('like with like', () => {
  const store = useStore();
  const open = opening(store);
  beforeEach(() => clearAttendance(store().db));

  const pupils = (disadvantaged: number, others: number) => [
    ...pupilsMissing('d', 12, disadvantaged, { pp: 'Y' }),
    ...pupilsMissing('o', 14, others),
  ];
  const friday = (monday: string) => localInstant(addDays(monday, 4), '17:10', LONDON);
  const send = (monday: string) => localInstant(addDays(monday, 7), '07:30', LONDON);
  const tuesday = (monday: string) => localInstant(addDays(monday, 8), '16:20', LONDON);

  it('says "no change" 39 times of a year that was flat, though every register is corrected on the Tuesday after', async function () {
    this.timeout(180_000);
    const opened = open(0, [], (trust) => Object.assign(trust.calendars.default ?? {}, { terms: TERMS }));
    const { attendance, take } = opened;
    let same = 0;
    const mondays = mondaysIn(TERMS);
    assert.equal(mondays.length, 47);
    for (const monday of mondays) {
      const week = weekOf(monday);
      await take(marksFile(HARBOUR, monday, pupils(18, 14)), friday(monday));
      await attendance.planNudges({ week, now: send(monday) });
      const [figures] = await attendance.schoolOverviews({ week });
      const before = figures?.release?.before;
      if (before) {
        assert.deepEqual([before.gap, before.school], [figures.release?.gap, figures.release?.school], week);
        assert.equal(before.gapMoved || before.schoolMoved, false, week);
        const card = await attendance.previewNudge({
          week,
          audience: 'head',
          schoolUrn: HARBOUR,
          now: send(monday),
        });
        assert('text' in card);
        assert.match(card.text, /No change\./, week);
        same += 1;
      }
      // Two thirds of the absences turn out to have been marks put wrong.
      await take(marksFile(HARBOUR, monday, pupils(6, 5)), tuesday(monday));
    }
    assert.equal(same, 39);
  });

  it('compares with no week that was not in by the same hour, however late it came in since', async () => {
    const { attendance, take } = open();
    const [before, now] = ['2026-11-09', '2026-11-16'];
    await take(marksFile(HARBOUR, before, pupils(18, 14)), localInstant('2026-11-15', '20:00', LONDON));
    await take(marksFile(HARBOUR, now, pupils(18, 14)), friday(now));
    await take(marksFile(QUAYSIDE, before, pupils(18, 14)), localInstant('2026-11-15', '20:00', LONDON));
    await take(marksFile(QUAYSIDE, now, pupils(18, 14)), localInstant('2026-11-22', '21:00', LONDON));
    const compared = async (schoolUrn: string) => {
      const figures = await attendance.weekFigures({
        week: '2026-W47',
        schoolUrn,
        now: send(now),
        preview: true,
      });
      assert(Array.isArray(figures));
      return figures[0]?.release?.before?.school?.attendance;
    };
    // Harbour's week was in on Friday evening, the one before only on Sunday; both of Quayside's came on Sunday.
    assert.equal(await compared(HARBOUR), undefined);
    assert.equal(await compared(QUAYSIDE), '87.7');
  });

  it('keeps a corrected week as it was published, and tells of the correction in the next one', async () => {
    const { attendance, take } = open();
    const many = (prefix: string, size: number, absent: number, pp: 'Y' | 'N') =>
      pupilsMissing(prefix, size, absent, { pp });
    const file = (monday: string, absent: number) =>
      marksFile(HARBOUR, monday, [...many('d', 60, 120, 'Y'), ...many('o', 140, absent, 'N')]);
    await take(file('2026-11-09', 300), friday('2026-11-09'));
    await attendance.planNudges({ week: '2026-W46', now: send('2026-11-09') });
    await take(file('2026-11-09', 190), tuesday('2026-11-09'));
    await take(file('2026-11-16', 300), friday('2026-11-16'));
    await attendance.planNudges({ week: '2026-W47', now: send('2026-11-16') });
    const [earlier] = await attendance.schoolOverviews({ week: '2026-W46' });
    const [later] = await attendance.schoolOverviews({ week: '2026-W47' });
    assert.equal(earlier?.release?.school?.attendance, '79.0');
    assert.equal(later?.release?.before?.school?.attendance, '79.0');
    assert.deepEqual(later?.release?.corrections, [{ week: '2026-W46', moved: '5.5' }]);
  });

  it('knows the same week of last year, also in a year of 53 weeks, and where a school year begins', () => {
    assert.equal(sameWeekLastYear('2026-W47'), '2025-W47');
    assert.equal(sameWeekLastYear('2026-W53'), undefined);
    assert.equal(sameWeekLastYear('2027-W52'), '2026-W52');
    assert.equal(schoolYearStart('2026-W36'), '2026-08-01');
    assert.equal(schoolYearStart('2027-W10'), '2026-08-01');
  });
});
