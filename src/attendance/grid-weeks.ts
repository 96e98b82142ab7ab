/** Cuts the grid of a file into school weeks, and makes of each the sheet that is kept: pupils become pseudonyms here. */
import { mondayOf, weekdayOf, weekOf } from '../kernel/time.ts';
import type { GridPupil, MarksGrid } from './grid.ts';
import { NONE } from './kinds.ts';
import { inOrder, type Sheet, type SheetRow } from './sheet.ts';

/** A week of a school in a file: the day number of each weekday, -1 where the file has none. */
export type WeekInGrid = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly days: Int16Array;
  readonly pupils: readonly GridPupil[];
};

/** How a pupil is told apart from here on. */
export type Pseudonyms = {
  readonly pupil: (pupil: GridPupil) => string;
  readonly upn: (pupil: GridPupil) => string;
  readonly compulsory: (pupil: GridPupil, date: string) => boolean;
};

/** School weeks in order of school and week, one school at a time: those of a trust's year are a long list. */
export function* weeksInGrid(grid: MarksGrid): Generator<readonly WeekInGrid[]> {
  const weeks = new Map<string, Int16Array>();
  grid.dates.forEach((date, day) => {
    const week = weekOf(date);
    const days = weeks.get(week) ?? new Int16Array(5).fill(-1);
    days[weekdayOf(date) - 1] = day;
    weeks.set(week, days);
  });
  const inTime = [...weeks].toSorted(byName);
  const schools = Map.groupBy(grid.pupils, (pupil) => pupil.schoolUrn);
  for (const [schoolUrn, pupils] of [...schools].toSorted(byName))
    yield inTime.flatMap(([week, days]): WeekInGrid[] => {
      const there = pupils.filter(({ contexts }) =>
        days.some((day) => day >= 0 && (contexts[day] ?? 0) !== 0),
      );
      return there.length > 0 ? [{ schoolUrn, week, days, pupils: there }] : [];
    });
}

const WEEKDAYS = [0, 1, 2, 3, 4];
/** Halves of days, Monday morning first. */
const PLACES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];

function byName([left]: readonly [string, unknown], [right]: readonly [string, unknown]): number {
  return left < right ? -1 : 1;
}

export function sheetOf(grid: MarksGrid, part: WeekInGrid, names: Pseudonyms): Sheet {
  const monday = mondayOf(part.week);
  const rows = part.pupils.map((pupil): SheetRow => {
    // Of their length from the start: arrays that grow take twice the room, four hundred thousand times in a year's file.
    const cells = PLACES.map((place) => {
      const day = part.days[place >> 1] ?? -1;
      return day < 0 ? NONE : (pupil.cells[day * 2 + (place & 1)] ?? NONE);
    });
    const contexts = WEEKDAYS.map((weekday) => {
      const day = part.days[weekday] ?? -1;
      return day < 0 ? 0 : (pupil.contexts[day] ?? 0);
    });
    const known = pupil.born !== '' || pupil.compulsory !== 'unknown';
    return {
      pupil: names.pupil(pupil),
      upn: pupil.upn === '' ? '' : names.upn(pupil),
      compulsory: known ? (names.compulsory(pupil, monday) ? 'yes' : 'no') : 'unknown',
      cells,
      contexts,
    };
  });
  return inOrder({ contexts: grid.contexts, rows });
}
