/** Marks files for flows: a few small schools, two weeks, written to a folder and imported by the command. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marksFile, pupilsMissing, type TestPupil } from './marks.ts';
import type { TestService } from './service.ts';

const WEEKS = ['2026-11-09', '2026-11-16'];

type SmallSchool = {
  readonly urn: string;
  readonly disadvantaged: number;
  readonly others: number;
  /** Leaves Thursday and Friday of the last week out: the registers have not come. */
  readonly late?: boolean;
  /** A weekday (0 Monday) of the last week without marks: the school was shut. */
  readonly shut?: number;
};

export const HARBOUR: SmallSchool = { urn: '900001', disadvantaged: 12, others: 18 };
export const LANTERN: SmallSchool = { urn: '900002', disadvantaged: 8, others: 20 };
export const SALTMARSH: SmallSchool = { urn: '900003', disadvantaged: 11, others: 14, shut: 2 };
export const SANDPIPER: SmallSchool = { urn: '900004', disadvantaged: 10, others: 15 };
export const KINGFISHER: SmallSchool = { urn: '900006', disadvantaged: 14, others: 16, late: true };

/** Imports both weeks of each school; throws what the command said when it refused. */
export async function importMarks(service: TestService, schools: readonly SmallSchool[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-marks-'));
  for (const school of schools) {
    for (const monday of WEEKS) {
      const file = join(folder, `${school.urn}-${monday}.csv`);
      await writeFile(file, marksFile(school.urn, monday, pupilsOf(school, monday)));
      const told = await service.command('attendance', 'import', file, '--school', school.urn);
      if (told.exit !== 0) throw new Error(told.err || told.out);
    }
  }
  await rm(folder, { recursive: true });
}

function pupilsOf(school: SmallSchool, monday: string): TestPupil[] {
  const last = monday === WEEKS.at(-1);
  const pupils = [
    ...pupilsMissing('d', school.disadvantaged, last ? 14 : 20, { pp: 'Y' }),
    ...pupilsMissing('o', school.others, last ? 16 : 18, { pp: 'N' }),
  ];
  if (!last) return pupils;
  return pupils.map((pupil) => ({ ...pupil, marks: without(pupil.marks, school) }));
}

/** A dot leaves a mark out. */
function without(marks: string, { late, shut }: SmallSchool): string {
  return marks
    .split(' ')
    .map((mark, place) => {
      const day = Math.floor(place / 2);
      return day === shut || (late && day >= 3) ? '.' : mark;
    })
    .join(' ');
}
