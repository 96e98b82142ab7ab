/**
 * A trust of many schools for a year: calendars that differ in holidays, INSET days, closures and bank holidays, registers
 * that come in time, late or never, and what each week should therefore bring. Seeded. Reckons by its own sets of dates, so
 * that it can be held against the service's calendar code.
 */
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';
import { addDays, weekdayOf, weekOf } from '../../src/kernel/time.ts';

export type YearSchool = {
  readonly urn: string;
  readonly name: string;
  readonly team: string;
  readonly channel: string;
  readonly head: string;
  readonly dataContact: string;
  readonly calendar: YearCalendar;
  /** Local dates with pupils in, and local dates on which staff are at work. */
  readonly open: ReadonlySet<string>;
  readonly staffed: ReadonlySet<string>;
  readonly pupils: number;
};

export type YearCalendar = {
  readonly terms: { term: number; from: string; to: string }[];
  readonly inset: string[];
  readonly bank_holidays: string[];
  readonly closures: { date: string; reason: string }[];
};

/** How a week's registers come: whole on Friday; the last of them on Monday morning; part of them, or hardly any, for good. */
export type Coming = 'whole' | 'late' | 'part' | 'hardly';

const TERMS = [
  ['2026-09-01', '2026-10-23'],
  ['2026-11-02', '2026-12-18'],
  ['2027-01-04', '2027-02-12'],
  ['2027-02-22', '2027-03-25'],
  ['2027-04-12', '2027-05-28'],
  ['2027-06-07', '2027-07-23'],
] as const;
const BANK_HOLIDAYS = ['2026-12-25', '2026-12-28', '2027-03-26', '2027-03-29', '2027-05-03', '2027-05-31'];
export const FIRST_MONDAY = '2026-08-31';
export const MONDAYS = 48;

export function makeSchools(count: number, pupils: number, seed: number): YearSchool[] {
  return Array.from({ length: count }, (_, index) => makeSchool(index, pupils, seeded(seed + index * 7919)));
}

function makeSchool(index: number, pupils: number, random: Seeded): YearSchool {
  const number = String(index + 1).padStart(2, '0');
  // Some schools take a half-term or an Easter a week away from the others, and begin or end a term some days apart.
  const terms = TERMS.map(([from, to], term) => ({
    term: term + 1,
    from: addDays(from, random.chance(0.3) ? random.whole(0, 3) : 0),
    to: addDays(to, random.chance(0.2) ? -random.whole(1, 3) : random.chance(0.15) ? -7 : 0),
  }));
  const days = terms.flatMap(({ from, to }) => datesBetween(from, to)).filter((date) => weekdayOf(date) <= 5);
  const some = (count: number) =>
    Array.from({ length: count }, () => random.pick(days as [string, ...string[]]));
  // Half of the INSET days are Mondays, as schools like them.
  const mondays = days.filter((date) => weekdayOf(date) === 1) as [string, ...string[]];
  const inset = [...new Set([...some(2), ...Array.from({ length: 3 }, () => random.pick(mondays))])].sort();
  const closures = random.chance(0.4) ? [...new Set(some(random.whole(1, 2)))].sort() : [];
  const holidays = new Set(BANK_HOLIDAYS);
  const staffed = days.filter((date) => !holidays.has(date) && !closures.includes(date));
  return {
    urn: `9100${number}`,
    name: `School ${number}`,
    team: guid(2, index),
    channel: `19:school-${number}@thread.tacv2`,
    head: guid(0, index * 2),
    dataContact: guid(0, index * 2 + 1),
    calendar: {
      terms,
      inset,
      bank_holidays: BANK_HOLIDAYS,
      closures: closures.map((date) => ({ date, reason: 'Snow' })),
    },
    open: new Set(staffed.filter((date) => !inset.includes(date))),
    staffed: new Set(staffed),
    pupils,
  };
}

function guid(kind: number, number: number): string {
  return `00000000-0000-4000-800${kind}-${String(700_000 + number).padStart(12, '0')}`;
}

function datesBetween(from: string, to: string): string[] {
  const dates: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

function weekdaysFrom(monday: string): string[] {
  return [0, 1, 2, 3, 4].map((offset) => addDays(monday, offset));
}

/** The local date and time at which a school's card on the week before `monday` is due; undefined when none may come. */
export function dueAt(school: YearSchool, monday: string, coming: Coming): string | undefined {
  const last = weekdaysFrom(addDays(monday, -7)).filter((date) => school.open.has(date));
  const atWork = weekdaysFrom(monday).find((date) => school.staffed.has(date));
  if (last.length < 3 || !atWork || coming === 'hardly') return undefined;
  const [first] = school.calendar.terms;
  // The first week of the school year is not judged.
  if (first && weekOf(first.from) === weekOf(addDays(monday, -7))) return undefined;
  if (weekdayOf(atWork) > 2) return undefined;
  if (coming === 'part') return `${addDays(monday, 1)}T12:00`;
  if (weekdayOf(atWork) === 2) return `${atWork}T07:30`;
  return coming === 'late' ? `${monday}T12:00` : `${monday}T07:30`;
}

/**
 * A school's registers of a week as a long marks file. Rates differ from week to week, spells are of whole days; `missing`
 * is the share of pupils whose registers are not in, in a hundred.
 */
export function weekFile(
  school: YearSchool,
  monday: string,
  random: Seeded,
  missing: number,
): string | undefined {
  const dates = weekdaysFrom(monday).filter((date) => school.open.has(date));
  if (dates.length === 0) return undefined;
  const rate = 0.03 + random.next() * 0.09;
  const lines = [
    'school_urn,pupil_id,upn,surname,forename,year_group,reg_group,date,session,mark,minutes_late,pp,sen',
  ];
  for (let pupil = 0; pupil < school.pupils; pupil += 1) {
    const pp = pupil % 4 === 0;
    const away = random.chance(rate * (pp ? 4 : 2)) ? random.whole(1, 5) : 0;
    const from = random.whole(0, 4);
    const blank = pupil * 100 < school.pupils * missing;
    for (const [day, date] of dates.entries()) {
      const out = day >= from && day < from + away;
      for (const session of ['AM', 'PM'])
        lines.push(
          `${school.urn},${pupil},,,,${1 + (pupil % 6)},,${date},${session},${blank ? '' : out ? 'I' : session === 'AM' ? '/' : '\\'},,${pp ? 'Y' : 'N'},${pupil % 7 === 0 ? 'K' : 'N'}`,
        );
    }
  }
  return `${lines.join('\n')}\n`;
}
