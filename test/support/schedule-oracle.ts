/**
 * The oracle of schedules: when each kind of rule is due, worked out a second time on another date library. It reads the
 * schools' calendars as sets of days, not day by day as the code does, and imports nothing of it.
 */
import { Temporal } from 'temporal-polyfill';

export type OracleSchool = {
  readonly terms: readonly { readonly term: number; readonly from: string; readonly to: string }[];
  readonly inset: readonly string[];
  readonly bank_holidays: readonly string[];
  readonly closures: readonly { readonly date: string }[];
};

type OracleTerm = { readonly term: number; readonly days: readonly string[] };

/** Every date of the years looked at, those on which any school works, those with pupils in any, and the trust's terms. */
export type OracleYears = {
  readonly dates: readonly string[];
  readonly staff: ReadonlySet<string>;
  readonly pupils: ReadonlySet<string>;
  readonly terms: readonly OracleTerm[];
};

const plain = (date: string) => Temporal.PlainDate.from(date);

export function datesBetween(from: string, to: string): string[] {
  const dates: string[] = [];
  const last = plain(to);
  for (let day = plain(from); Temporal.PlainDate.compare(day, last) <= 0; day = day.add({ days: 1 }))
    dates.push(day.toString());
  return dates;
}

/** A trust's term lasts from the first of its schools' first days to the last of their last, or until its next term begins. */
export function oracleYears(schools: readonly OracleSchool[], from: string, to: string): OracleYears {
  const dates = datesBetween(from, to);
  const staff = new Set<string>();
  const pupils = new Set<string>();
  const spans = new Map<string, { term: number; from: string; to: string }>();
  for (const school of schools) {
    const off = new Set([...school.inset, ...school.closures.map(({ date }) => date)]);
    for (const { term, from: first, to: last } of school.terms) {
      const year = plain(first).subtract({ months: 8 }).year;
      const known = spans.get(`${year}/${term}`);
      spans.set(`${year}/${term}`, {
        term,
        from: known && known.from < first ? known.from : first,
        to: known && known.to > last ? known.to : last,
      });
      for (const date of datesBetween(first, last)) {
        if (plain(date).dayOfWeek > 5 || school.bank_holidays.includes(date)) continue;
        staff.add(date);
        if (!off.has(date)) pupils.add(date);
      }
    }
  }
  const ordered = [...spans.values()].sort((a, b) => (a.from < b.from ? -1 : 1));
  const terms = ordered.map(({ term, from: first, to: last }, index) => {
    const next = ordered[index + 1];
    return { term, days: datesBetween(first, last).filter((date) => !next || date < next.from) };
  });
  return { dates, staff, pupils, terms };
}

type Dates = (years: OracleYears) => Iterable<string>;

/** Days put together by a name, in order. */
function groups(dates: readonly string[], nameOf: (date: Temporal.PlainDate) => string): string[][] {
  return [...Map.groupBy(dates, (date) => nameOf(plain(date))).values()];
}

const weekName = (day: Temporal.PlainDate) => `${day.yearOfWeek}-${day.weekOfYear}`;
const monthName = (day: Temporal.PlainDate) => `${day.year}-${day.month}`;
const schoolYear = (day: Temporal.PlainDate) => `${day.subtract({ months: 8 }).year}`;
const withPupils = ({ pupils }: OracleYears, days: readonly string[]) =>
  days.filter((day) => pupils.has(day));
const onDays = (dates: readonly string[], weekdays: readonly number[]) =>
  dates.filter((date) => weekdays.includes(plain(date).dayOfWeek));
const inTerm = ({ staff, dates }: OracleYears) => dates.filter((date) => staff.has(date));
const ends = (spans: readonly (readonly string[])[], edge: 'first' | 'last') =>
  spans.flatMap((days) => days.at(edge === 'first' ? 0 : -1) ?? []);
const termDays = (years: OracleYears, only: (term: number) => boolean = () => true) =>
  years.terms.filter(({ term }) => only(term)).map(({ days }) => withPupils(years, days));

/** The days of the first or last week of each term in which there are pupils. */
function edgeWeeks(years: OracleYears, edge: 'first' | 'last'): string[][] {
  return years.terms.flatMap(({ days }) => {
    const weeks = groups(days, weekName).filter((week) => withPupils(years, week).length > 0);
    return weeks.at(edge === 'first' ? 0 : -1) === undefined
      ? []
      : [weeks.at(edge === 'first' ? 0 : -1) ?? []];
  });
}

/** Every second week of each term, its first counted. */
const oddWeeks = (years: OracleYears) =>
  years.terms.flatMap(({ days }) =>
    groups(days, weekName)
      .filter((_, index) => index % 2 === 0)
      .flat(),
  );

/** Every second week since the one that began on 1 January 2024. */
const evenFortnights = ({ dates }: OracleYears) =>
  dates.filter((date) => Math.floor(plain('2024-01-01').until(plain(date)).days / 7) % 2 === 0);

const odd = (term: number) => term % 2 === 1;
const even = (term: number) => term % 2 === 0;
const edgeWeekday =
  (edge: 'first' | 'last', weekday: number): Dates =>
  (years) =>
    onDays(edgeWeeks(years, edge).flat(), [weekday]).filter((date) => years.staff.has(date));

/** Each kind of rule that a trust may write, in two wordings where there are two, without its time; and its days. */
export const FORMS: readonly { readonly says: readonly string[]; readonly dates: Dates }[] = [
  { says: ['Mondays {} in term', 'every Monday {} in term time'], dates: (y) => onDays(inTerm(y), [1]) },
  { says: ['Mondays {}', 'on Monday at {}'], dates: (y) => onDays(y.dates, [1]) },
  { says: ['Tuesdays and Thursdays at {} in term'], dates: (y) => onDays(inTerm(y), [2, 4]) },
  { says: ['Saturdays, Sundays {}'], dates: (y) => onDays(y.dates, [6, 7]) },
  { says: ['Wednesdays {} in the first week of term'], dates: edgeWeekday('first', 3) },
  { says: ['Fridays {} in the last school week of a term'], dates: edgeWeekday('last', 5) },
  { says: ['weekdays {}', 'working days {}'], dates: (y) => onDays(y.dates, [1, 2, 3, 4, 5]) },
  { says: ['weekdays {} in term'], dates: inTerm },
  { says: ['every day {}', 'daily {}'], dates: (y) => y.dates },
  { says: ['daily {} in term'], dates: inTerm },
  { says: ['school days {}', 'each school day {}'], dates: (y) => withPupils(y, y.dates) },
  { says: ['every second Friday {}', 'every other Friday {}'], dates: (y) => onDays(evenFortnights(y), [5]) },
  {
    says: ['every second Friday {} in term'],
    dates: (y) => onDays(oddWeeks(y), [5]).filter((date) => y.staff.has(date)),
  },
  { says: ['first school day of term {}'], dates: (y) => ends(termDays(y), 'first') },
  { says: ['last school day of each term {}'], dates: (y) => ends(termDays(y), 'last') },
  ...(['first', 'last'] as const).flatMap((edge) => [
    { says: [`${edge} school day of each week {}`], dates: spanEnds(weekName, edge) },
    { says: [`${edge} school day of the month {}`], dates: spanEnds(monthName, edge) },
    {
      says: [`${edge} school day of the year {}`, `${edge} school day of the school year {}`],
      dates: spanEnds(schoolYear, edge),
    },
    {
      says: [`${edge} school week of each term {}`],
      dates: (y: OracleYears) =>
        ends(
          edgeWeeks(y, edge).map((week) => withPupils(y, week)),
          'first',
        ),
    },
  ]),
  { says: ['first school day after half-term {}'], dates: (y) => ends(termDays(y, even), 'first') },
  { says: ['first school day after the holidays {}'], dates: (y) => ends(termDays(y, odd), 'first') },
  { says: ['last school day before half-term {}'], dates: (y) => ends(termDays(y, odd), 'last') },
  { says: ['last school day before the holidays {}'], dates: (y) => ends(termDays(y, even), 'last') },
];

function spanEnds(nameOf: (date: Temporal.PlainDate) => string, edge: 'first' | 'last'): Dates {
  return (years) => ends(groups(withPupils(years, years.dates), nameOf), edge);
}

/** Milliseconds at which a wall clock in `zone` shows `time`: the first of two, and past a jump as far as the jump. */
export function oracleInstant(date: string, time: string, zone: string): number {
  return Temporal.PlainDateTime.from(`${date}T${time}`).toZonedDateTime(zone, {
    disambiguation: 'compatible',
  }).epochMilliseconds;
}

/** Milliseconds at which the local day of an instant began. */
export function oracleMidnight(instant: number, zone: string): number {
  return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(zone).startOfDay()
    .epochMilliseconds;
}
