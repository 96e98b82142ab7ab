/** Holds the slots of every form of rule to the oracle's, for a drawn trust, in several zones and on several machines' zones. */
import { Settings } from 'luxon';
import { isRefusal } from '../../src/kernel/errors.ts';
import { type Books, dayOn, slotsForAll } from '../../src/scheduling/by-school.ts';
import { dayBook, mergeBooks } from '../../src/scheduling/calendar.ts';
import { parseRule, type Rule } from '../../src/scheduling/rules.ts';
import { slotsOnDates } from '../../src/scheduling/slots.ts';
import { FORMS, oracleInstant, oracleYears } from './schedule-oracle.ts';
import { schoolYears } from './school-years.ts';

export const OWN_ZONE = 'Europe/London';
/** With half an hour in its offset; south of the equator; without clock changes. */
export const OTHER_ZONES = ['America/St_Johns', 'Australia/Sydney', 'Africa/Nairobi'] as const;
/** Also a change of half an hour, and changes at midnight. */
export const LONG_ZONES = [...OTHER_ZONES, 'Australia/Lord_Howe', 'Africa/Cairo'] as const;
/** Where the machine stands; and the day on which it asks, for a library that would go by today's offset. */
const MACHINES = [
  ['UTC', '2026-01-15'],
  ['Pacific/Auckland', '2026-07-15'],
  ['America/St_Johns', '2026-07-15'],
  ['Asia/Tokyo', '2026-01-15'],
] as const;

export type Comparison = {
  readonly seed: number;
  /** The September it begins in. */
  readonly first: number;
  readonly years: number;
  readonly zones: readonly string[];
  readonly times: readonly string[];
};

export type Compared = {
  readonly slots: number;
  readonly missed: number;
  readonly doubled: number;
  readonly wrongTime: number;
  /** By schools: days of one that were given to others, or not to it. */
  readonly wrongSchool: number;
  /** The first few, in words. */
  readonly differences: readonly string[];
};

/** Each form, in each of its wordings, at each time in each zone. */
export function compareAll({ seed, first, years, zones, times }: Comparison): Compared {
  const schools = schoolYears(seed, first, years, 3);
  const from = `${first}-08-20`;
  const to = `${first + years}-08-19`;
  const expected = oracleYears(schools, from, to);
  const book = mergeBooks(schools.map(dayBook));
  const own = schools.map((school) => oracleYears([school], from, to));
  const books = (zone: string): Books => ({
    zone,
    trust: book,
    schools: new Map(schools.map((school, index) => [String(index), dayBook(school)])),
  });
  const differences: string[] = [];
  const counts = { slots: 0, missed: 0, doubled: 0, wrongTime: 0, wrongSchool: 0 };
  let round = 0;
  for (const { says, dates } of FORMS) {
    const days = [...dates(expected)];
    for (const words of says) {
      for (const time of times) {
        const text = words.replace('{}', time);
        const rule = parseRule(text);
        if (isRefusal(rule)) {
          differences.push(rule.message);
          counts.missed += days.length;
          continue;
        }
        // Dates are the same at each time and in each zone; the slots of all are held below.
        if (time === times[0]) {
          const served = [days, ...own.map((years) => [...dates(years)])];
          const wrong = wrongDays(rule, served, from, to, books(zones[0] ?? OWN_ZONE));
          counts.wrongSchool += wrong.length;
          differences.push(...wrong.map((what) => `${text}: ${what}`));
        }
        for (const zone of zones) {
          const slots = onMachine(MACHINES[round % MACHINES.length] ?? MACHINES[0], () =>
            slotsOnDates('r', rule, from, to, zone, book),
          );
          round += 1;
          counts.slots += slots.length;
          const found = new Map(slots.map(({ key, at }) => [key, at.getTime()]));
          const due = new Set(days);
          const missing = days.filter((date) => !found.has(date));
          const extra = [...found.keys()].filter((date) => !due.has(date));
          const wrong = [...found].filter(
            ([date, at]) => due.has(date) && at !== oracleInstant(date, time, zone),
          );
          counts.missed += missing.length;
          counts.doubled += extra.length + slots.length - found.size;
          counts.wrongTime += wrong.length;
          for (const date of missing) differences.push(`${text}, ${zone}: ${date} missed`);
          for (const date of extra) differences.push(`${text}, ${zone}: ${date} is not due`);
          for (const [date, at] of wrong)
            differences.push(`${text}, ${zone}: ${date} at ${new Date(at).toISOString()}`);
        }
      }
    }
  }
  return { ...counts, differences: differences.slice(0, 20) };
}

/**
 * Where the slots of a rule by schools are not the days of those whom they serve: `served` has the days of the trust's own people first,
 * then each school's.
 */
function wrongDays(
  rule: Rule,
  served: readonly (readonly string[])[],
  from: string,
  to: string,
  books: Books,
): string[] {
  const expected = served.map((days) => new Set(days));
  const slots = slotsForAll({ id: 'r', rule, bySchool: true }, from, to, books).map(({ key }) => key);
  const once = new Set(slots);
  const wrong = slots.length === once.size ? [] : ['a date has two slots'];
  for (const date of new Set([...slots, ...served.flat()])) {
    const { trust, schools } = dayOn(rule, date, books);
    const found = [trust, ...schools.values()];
    expected.forEach((days, index) => {
      if (days.has(date) !== (once.has(date) && found[index] === true))
        wrong.push(`${date} of ${index === 0 ? 'the trust' : `school ${index}`}`);
    });
  }
  return wrong;
}

/** What `work` finds on a machine that stands in a zone, on a day. */
function onMachine<T>([zone, today]: readonly [string, string], work: () => T): T {
  const home = process.env.TZ;
  try {
    process.env.TZ = zone;
    Settings.now = () => Date.parse(today);
    return work();
  } finally {
    Settings.now = () => Date.now();
    if (home === undefined) delete process.env.TZ;
    else process.env.TZ = home;
  }
}
