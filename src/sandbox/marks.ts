/**
 * Writes the sample trust's marks as schools would export them: long CSV files, 70 sessions of this autumn term and the
 * same 70 of last year for each pupil, the last week as it stood on Friday evening, and one correction. Every name and
 * number is invented; the same trust always gives the same files.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkLetter } from '../attendance/upn.ts';
import { calendarOf, type Trust, type TrustSchool, trustInstant } from '../config/trust.ts';
import { type Seeded, seeded } from '../kernel/seeded.ts';
import { addDays, mondayOf } from '../kernel/time.ts';
import { dayBook } from '../scheduling/calendar.ts';
import { FORENAMES, REASONS, type Story, SURNAMES, storyOf, usualRates, YEARS } from './marks-stories.ts';

export type SampleMarksFile = {
  readonly path: string;
  readonly schoolUrn: string;
  /** When the school's system sent it: import it with this as `now`, and weeks compare as they stood. */
  readonly receivedAt: Date;
};

const THIS_YEAR = ['2026-W40', '2026-W41', '2026-W42', '2026-W43', '2026-W45', '2026-W46', '2026-W47'];
const LAST_YEAR = ['2025-W40', '2025-W41', '2025-W42', '2025-W43', '2025-W45', '2025-W46', '2025-W47'];
const HEADER =
  'school_urn,pupil_id,upn,surname,forename,year_group,reg_group,date,session,mark,minutes_late,pp,sen\n';
const MORNING = '/';
const AFTERNOON = '\\';

type Pupil = {
  readonly start: string;
  readonly lastYearStart: string;
  readonly end: string;
  readonly year: string;
  readonly disadvantaged: boolean;
  /** Where in last and this year's terms the pupil is on roll. */
  readonly lastYear: boolean;
  readonly thisYear: boolean;
  /** How likely, against others, to be away: a few pupils have most of the absence. */
  readonly weight: number;
};
/** A week's marks: for each pupil ten codes, Monday morning first. */
type Week = {
  readonly dates: readonly string[];
  readonly lastYear: boolean;
  readonly marks: readonly (readonly string[])[];
};

/** Writes the files into `dir` and lists them in the order in which they were received. */
export async function writeSampleMarks(trust: Trust, dir: string): Promise<SampleMarksFile[]> {
  await mkdir(dir, { recursive: true });
  const written = await Promise.all(
    trust.schools.map(async (school) => {
      const files = schoolFiles(trust, school);
      return Promise.all(
        files.map(async (file): Promise<SampleMarksFile> => {
          const path = join(dir, `${slug(school.name)}-${file.name}.csv`);
          await writeFile(path, file.text);
          return { path, schoolUrn: school.urn, receivedAt: trustInstant(trust, file.day, file.time) };
        }),
      );
    }),
  );
  return written
    .flat()
    .toSorted((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime() || a.path.localeCompare(b.path));
}

type File = { readonly name: string; readonly day: string; readonly time: string; readonly text: string };

function schoolFiles(trust: Trust, school: TrustSchool): File[] {
  const random = seeded(Number(school.urn));
  const story = storyOf(school);
  const pupils = makePupils(school, story, random);
  const weekOf = (name: string, index: number, lastYear: boolean) =>
    makeWeek(trust, school, story, pupils, mondayOf(name), index, lastYear, random);
  const earlier = LAST_YEAR.map((name, index) => weekOf(name, index, true));
  const weeks = THIS_YEAR.map((name, index) => weekOf(name, index, false));
  const [last, before] = [weeks.at(-1), weeks.at(-2)];
  const files = [
    {
      name: 'to-2026-11-13',
      day: '2026-11-13',
      time: '18:00',
      text: print(pupils, [...earlier, ...weeks.slice(0, -1)]),
    },
  ];
  if (story.corrected && before) {
    const text = print(pupils, [correct(before, story.corrected)]);
    files.push({ name: '2026-11-09-corrected', day: '2026-11-17', time: '16:30', text });
  }
  if (last)
    files.push({ name: 'week-to-2026-11-20', day: '2026-11-20', time: '18:00', text: print(pupils, [last]) });
  return files;
}

function slug(name: string): string {
  return name.toLowerCase().replace(/[^a-z]+/g, '-');
}

function makePupils(school: TrustSchool, story: Story, random: Seeded): Pupil[] {
  const years = YEARS[school.phase];
  const leavers = Math.floor(story.pupils / years.length);
  return Array.from({ length: story.pupils + leavers }, (_, index) => {
    const leaver = index >= story.pupils;
    const place = leaver ? years.length - 1 : Math.floor((index * years.length) / story.pupils);
    const year = years[place] ?? years[0];
    const yearBefore = leaver ? year : (years[place - 1] ?? year);
    // Spread evenly, so that each year group has its share and the number is exact.
    const disadvantaged = leaver
      ? index % 4 === 0
      : Math.floor(((index + 1) * story.disadvantaged) / story.pupils) >
        Math.floor((index * story.disadvantaged) / story.pupils);
    const number = `9${school.urn.slice(-2)}9${school.urn.slice(-3)}2${index % 10}${String(index).padStart(3, '0')}`;
    const upn = `${checkLetter(number)}${number}`;
    const who = `${school.urn},${school.urn.slice(-1)}${String(index + 1001)},${upn},${random.pick(SURNAMES)},${random.pick(FORENAMES)}`;
    const form = random.pick(['A', 'B']);
    const sen =
      school.phase === 'special' ? 'E' : random.chance(0.04) ? 'E' : random.chance(0.14) ? 'K' : 'N';
    return {
      start: `${who},${year},${year}${form},`,
      lastYearStart: `${who},${yearBefore},${yearBefore}${form},`,
      end: `,${disadvantaged ? 'Y' : 'N'},${sen}\n`,
      year,
      disadvantaged,
      lastYear: leaver || place > 0,
      thisYear: !leaver,
      weight: Math.min(6, 0.15 - Math.log(1 - random.next())),
    };
  });
}

function makeWeek(
  trust: Trust,
  school: TrustSchool,
  story: Story,
  pupils: readonly Pupil[],
  monday: string,
  index: number,
  lastYear: boolean,
  random: Seeded,
): Week {
  const calendar = calendarOf(trust, school);
  const book = dayBook(calendar);
  const dates = [0, 1, 2, 3, 4].map((offset) => addDays(monday, offset));
  const snow = calendar.closures.map((closure) => closure.date);
  const shut = dates.map((date) => (snow.includes(date) ? 'Y4' : book.isSchoolDay(date) ? '' : '#'));
  const marks = pupils.map(() => shut.flatMap((code) => (code ? [code, code] : [MORNING, AFTERNOON])));
  const open = dates.flatMap((_, day) => (shut[day] ? [] : [day]));
  const rates =
    lastYear || index < 5
      ? usualRates(school.phase, index, lastYear)
      : index === 5
        ? story.before
        : story.last;
  const friday = !lastYear && index === 6 ? story.hardFridays : undefined;
  for (const disadvantaged of [true, false]) {
    const group = pupils.flatMap((pupil, number) =>
      pupil.disadvantaged === disadvantaged && (lastYear ? pupil.lastYear : pupil.thisYear) ? [number] : [],
    );
    const rate = disadvantaged ? rates.disadvantaged : rates.others;
    const sessions = Math.round(rate * group.length * open.length * 2);
    placeAbsences({
      school,
      pupils,
      marks,
      group,
      open,
      sessions,
      friday,
      recent: !lastYear && index > 4,
      random,
    });
  }
  for (const row of marks) {
    const day = random.pick([0, 1, 2, 3, 4]);
    if (row[day * 2] === MORNING && random.chance(0.07)) row[day * 2] = 'L';
  }
  const late = !lastYear && index === 6 ? story.late : undefined;
  if (late)
    pupils.forEach((pupil, number) => {
      if (late.years.includes(pupil.year)) marks[number]?.fill('', 10 - late.days * 2);
    });
  return { dates, lastYear, marks };
}

type Absences = {
  readonly school: TrustSchool;
  readonly pupils: readonly Pupil[];
  readonly marks: readonly string[][];
  readonly group: readonly number[];
  readonly open: readonly number[];
  readonly sessions: number;
  readonly friday: string | undefined;
  readonly recent: boolean;
  readonly random: Seeded;
};

/** Marks exactly `sessions` sessions as missed, whole days mostly, more on Fridays, more by some pupils than by others. */
function placeAbsences(plan: Absences): void {
  const { group, pupils, marks, random } = plan;
  const weights: number[] = [];
  let sum = 0;
  for (const number of group) {
    const hard = plan.friday !== undefined && pupils[number]?.year === plan.friday;
    sum += (pupils[number]?.weight ?? 0) * (hard ? 3.5 : 1);
    weights.push(sum);
  }
  let left = plan.sessions;
  for (let tries = 0; left > 0 && tries < plan.sessions * 60; tries += 1) {
    const number = group[below(weights, random.next() * sum)] ?? 0;
    const hard = plan.friday !== undefined && pupils[number]?.year === plan.friday;
    const day = pickDay(plan.open, hard ? 0.6 : plan.friday === undefined ? 0.04 : 0.12, random);
    const row = marks[number];
    if (!row || row[day * 2] !== MORNING || row[day * 2 + 1] !== AFTERNOON) continue;
    const code = pickReason(plan, random);
    row[day * 2] = code;
    left -= 1;
    if (left > 0 && code !== 'M' && code !== 'U') {
      row[day * 2 + 1] = code;
      left -= 1;
    }
  }
}

function below(rising: readonly number[], value: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rising[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Friday is missed about a fifth more often than other days in England; far more where it is the story. */
function pickDay(open: readonly number[], friday: number, random: Seeded): number {
  if (open.includes(4) && random.chance(friday)) return 4;
  return open[random.whole(0, open.length - 1)] ?? 0;
}

function pickReason(plan: Absences, random: Seeded): string {
  // A reason takes days to find: in the last two weeks more are still open.
  if (plan.recent && random.chance(0.06)) return 'N';
  let share = random.next() * 100;
  for (const [code, part] of REASONS[plan.school.phase]) {
    share -= part;
    if (share < 0) return code;
  }
  return 'I';
}

/** The week again, with `sessions` unexplained absences turned into the attendance they were. */
function correct(week: Week, sessions: number): Week {
  let left = sessions;
  const marks = week.marks.map((row) =>
    row.map((code, place) => {
      if (left === 0 || (code !== 'N' && code !== 'O')) return code;
      left -= 1;
      return place % 2 === 0 ? MORNING : AFTERNOON;
    }),
  );
  return { ...week, marks };
}

function print(pupils: readonly Pupil[], weeks: readonly Week[]): string {
  const lines = pupils.map((pupil, number) => {
    let text = '';
    for (const week of weeks) {
      if (week.lastYear ? !pupil.lastYear : !pupil.thisYear) continue;
      const start = week.lastYear ? pupil.lastYearStart : pupil.start;
      const row = week.marks[number] ?? [];
      week.dates.forEach((date, day) => {
        const morning = row[day * 2] ?? '';
        const late = morning === 'L' ? 5 + ((number + day) % 15) : '';
        text += `${start}${date},AM,${morning},${late}${pupil.end}`;
        text += `${start}${date},PM,${row[day * 2 + 1] ?? ''},${pupil.end}`;
      });
    }
    return text;
  });
  return HEADER + lines.join('');
}
