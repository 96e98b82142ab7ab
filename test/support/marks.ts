/** Marks files for tests, in the long layout: pupils by number, a code string a day, nothing that a sample file would hold. */
import { strict as assert } from 'node:assert';
import { type FoldedWeek, foldWeek } from '../../src/attendance/fold.ts';
import { type Pseudonyms, sheetOf, weeksInGrid } from '../../src/attendance/grid-weeks.ts';
import { createMarksReader, type MarksOptions } from '../../src/attendance/marks.ts';
import { encodeSheet } from '../../src/attendance/sheet.ts';
import { contentId } from '../../src/kernel/ids.ts';
import { addDays } from '../../src/kernel/time.ts';

export type TestPupil = {
  readonly id: string;
  readonly pp?: 'Y' | 'N';
  readonly year?: string;
  readonly sen?: string;
  /** Marks from the first day on, morning and afternoon, separated by spaces: `/ \\ I I`. A dot leaves the row out. */
  readonly marks: string;
};

export const MARKS_HEADER =
  'school_urn,pupil_id,upn,surname,forename,year_group,reg_group,date,session,mark,minutes_late,pp,sen';

export function marksFile(urn: string, monday: string, pupils: readonly TestPupil[]): string {
  const lines = pupils.flatMap((pupil) =>
    pupil.marks.split(' ').flatMap((mark, index) => {
      if (mark === '.') return [];
      const date = addDays(monday, Math.floor(index / 2));
      const session = index % 2 === 0 ? 'AM' : 'PM';
      const code = mark === '_' ? '' : mark;
      const who = `${urn},${pupil.id},,Blackwood,Marigold,${pupil.year ?? '5'},5A`;
      return [`${who},${date},${session},${code},,${pupil.pp ?? 'N'},${pupil.sen ?? 'N'}`];
    }),
  );
  return `${[MARKS_HEADER, ...lines].join('\n')}\n`;
}

const FULL = '/ \\ / \\ / \\ / \\ / \\'.split(' ');

/** A week of ten sessions with the first `absent` of them missed. */
export function weekWith(absent: number, code = 'I'): string {
  return FULL.map((mark, index) => (index < absent ? code : mark)).join(' ');
}

/** `size` pupils who together missed `absent` sessions of a five-day week, spread evenly. */
export function pupilsMissing(
  prefix: string,
  size: number,
  absent: number,
  more: Partial<TestPupil> = {},
): TestPupil[] {
  return Array.from({ length: size }, (_, index) => ({
    ...more,
    id: `${prefix}${index}`,
    marks: weekWith(Math.floor(((index + 1) * absent) / size) - Math.floor((index * absent) / size)),
  }));
}

const PSEUDONYMS: Pseudonyms = {
  pupil: ({ schoolUrn, id }) => contentId([schoolUrn, id], 24),
  upn: ({ upn }) => contentId([upn], 24),
  compulsory: () => true,
};

/** The weeks of a file of pupils, read and folded without a store. */
export function foldText(text: string, options: MarksOptions): FoldedWeek[] {
  const reader = createMarksReader(options);
  reader.take(text);
  const reading = reader.finish();
  if (reading.kind !== 'marks') assert.fail(JSON.stringify(reading).slice(0, 500));
  return [...weeksInGrid(reading.grid)].flat().map((part) => {
    const sheet = sheetOf(reading.grid, part, PSEUDONYMS);
    return foldWeek(part.schoolUrn, part.week, sheet, contentId([encodeSheet(sheet).toString('hex')]));
  });
}
