/** The weeks of a file joined to those that are held, one at a time, the event loop given back after each. */
import { setImmediate as breathe } from 'node:timers/promises';
import { bytesId, contentId } from '../kernel/ids.ts';
import { foldWeek } from './fold.ts';
import { sheetOf, weeksInGrid } from './grid-weeks.ts';
import type { ImportOptions, ImportParts } from './import-parts.ts';
import { type Held, planSheet, planTotals, type WeekPlan } from './imports.ts';
import { currentGroups, currentWeeks } from './imports-store.ts';
import type { Read } from './marks.ts';
import { pseudonymsOf } from './pseudonyms.ts';
import { readSheets } from './pupils-store.ts';
import { decodeSheet } from './sheet.ts';
import { datesOf } from './totals.ts';

export async function* planMarks(
  parts: ImportParts,
  reading: Extract<Read, { kind: 'marks' }>,
  options: ImportOptions,
): AsyncGenerator<WeekPlan> {
  const pseudonyms = pseudonymsOf(parts.pseudonymKey);
  for (const ofSchool of weeksInGrid(reading.grid)) {
    const schoolUrn = ofSchool[0]?.schoolUrn ?? '';
    const held = await heldWeeks(
      parts,
      schoolUrn,
      ofSchool.map(({ week }) => week),
    );
    for (const part of ofSchool) {
      const fresh = sheetOf(reading.grid, part, pseudonyms);
      yield planSheet(fresh, held.get(part.week), {
        replace: options.replace ?? false,
        fold: (sheet, bytes) => foldWeek(schoolUrn, part.week, sheet, bytesId(bytes)),
      });
      await breathe();
    }
  }
}

export async function* planGiven(
  parts: ImportParts,
  reading: Extract<Read, { kind: 'totals' }>,
  options: ImportOptions,
): AsyncGenerator<WeekPlan> {
  for (const [schoolUrn, weeks] of Map.groupBy(reading.weeks, (week) => week.schoolUrn)) {
    const held = await heldWeeks(
      parts,
      schoolUrn,
      weeks.map(({ week }) => week),
    );
    for (const given of weeks) {
      const marks = given.groups.find((group) => group.type === 'all');
      const folded = {
        schoolUrn,
        week: given.week,
        dates: datesOf(given),
        marks: marks ? marks.present + marks.authorised + marks.unauthorised : 0,
        groups: given.groups,
        crossings: [],
        fingerprint: contentId([schoolUrn, given.week, 'totals', JSON.stringify(given.groups)]),
      };
      yield planTotals(folded, held.get(given.week), options.replace ?? false);
    }
  }
}

async function heldWeeks(
  { db, pupilKeys }: ImportParts,
  schoolUrn: string,
  weeks: readonly string[],
): Promise<Map<string, Held>> {
  const current = await currentWeeks(db, [schoolUrn], weeks);
  if (current.length === 0) return new Map();
  const totals = new Map(
    (await currentGroups(db, [schoolUrn], weeks, 'all')).map((one) => [one.week, one.group]),
  );
  const sheets = new Map(
    (await readSheets(db, pupilKeys, schoolUrn, weeks)).map((one) => [one.week, one.body]),
  );
  return new Map(
    current.map((week) => {
      const body = sheets.get(week.week);
      return [week.week, { ...week, all: totals.get(week.week), sheet: body && decodeSheet(body) }];
    }),
  );
}
