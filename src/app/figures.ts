/** Attendance as digests see it: released figures only, so that nothing built from them can show what was hidden. */
import { BOUND_WORDS, isEarlyWeek } from '../attendance/card-lines.ts';
import { gapMove, type GapMove as Move } from '../attendance/insight.ts';
import type { Release } from '../attendance/release.ts';
import type { ShownFigure } from '../attendance/release-shape.ts';
import type { Attendance } from '../attendance/service.ts';
import type { TrustRelease } from '../attendance/trust-release.ts';
import { schoolWeek } from '../attendance/week.ts';
import { calendarOf, type Trust } from '../config/trust.ts';
import type { AttendanceFigures, GapMove, SchoolAttendance, TrustAttendance } from '../digests/ports.ts';
import { addDays, dateOf, daysBetween, mondayOf, weekOf } from '../kernel/time.ts';
import { lastWeekOf } from './schedules.ts';

/** Where a week has no figures, those of one of the four before it stand in. Days. */
const OLDEST_DAYS = 28;

export function attendanceFigures(
  attendance: Pick<
    Attendance,
    'schoolOverviews' | 'queriedSchools' | 'trustFigures' | 'gapWeeks' | 'newestReleases'
  >,
  trust: Trust,
): AttendanceFigures {
  /** Of a week before the one that is asked for, and it says so. */
  async function earlierFigures(release: Release): Promise<SchoolAttendance> {
    const queried = await attendance.queriedSchools(release.week);
    return { ...schoolFigures(release, queried), week: release.week };
  }

  return {
    gapWeeks: (input) => attendance.gapWeeks(input),
    attendanceSummary: async (at, { schoolUrns, publishedBy } = {}) => {
      const week = lastSchoolWeek(trust, dateOf(at, trust.trust.zone), schoolUrns);
      const schools = await attendance.schoolOverviews({ week, schoolUrns, publishedBy });
      const released = schools.flatMap(({ release }) => (release ? [release] : []));
      const without = schools.filter(({ release }) => !release).map(({ schoolUrn }) => schoolUrn);
      const earlier = await attendance.newestReleases({ before: week, schoolUrns: without, publishedBy });
      const recent = earlier.filter((release) => daysBetween(release.monday, mondayOf(week)) <= OLDEST_DAYS);
      if (released.length + recent.length === 0) return undefined;
      const queried = await attendance.queriedSchools(week);
      const together = schoolUrns ? undefined : await attendance.trustFigures({ week, publishedBy });
      return {
        week,
        early: isEarlyWeek(mondayOf(week), dateOf(at, trust.trust.zone)),
        schools: [
          ...released.map((release) => schoolFigures(release, queried)),
          ...(await Promise.all(recent.map(earlierFigures))),
        ],
        ...(together ? { trust: trustFigures(together) } : {}),
      };
    },
  };
}

/** No holiday is longer. */
const LONGEST_HOLIDAY_WEEKS = 8;

/** The newest week before that of `date` in which any of the schools had pupils in; after a holiday the one before it. */
function lastSchoolWeek(trust: Trust, date: string, schoolUrns: readonly string[] | undefined): string {
  const schools = trust.schools.filter(({ urn }) => schoolUrns?.includes(urn) ?? true);
  const last = lastWeekOf(date);
  const weeks = Array.from({ length: LONGEST_HOLIDAY_WEEKS }, (_, back) =>
    weekOf(addDays(mondayOf(last), -7 * back)),
  );
  const open = weeks.find((week) =>
    schools.some((school) => schoolWeek(calendarOf(trust, school), mondayOf(week)).days.length > 0),
  );
  return open ?? last;
}

function trustFigures({ schools, of, all }: TrustRelease): TrustAttendance {
  return {
    schools,
    of,
    ...(all?.figure ? sharedIn100(all.figure) : {}),
    ...(all?.gap ? { missedByTen: { disadvantaged: all.gap.disadvantaged, others: all.gap.others } } : {}),
  };
}

/** A figure that is an end ("97 or more") is never said as if it were exact. */
function sharedIn100({ perHundred, bound }: ShownFigure) {
  const words = BOUND_WORDS[bound];
  return { attendedIn100: perHundred, ...(words ? { bound: words } : {}) };
}

const MOVES: Readonly<Record<Move, GapMove>> = {
  narrowed: 'narrowed',
  'narrowed-others-missed-more': 'narrowed',
  'both-less': 'narrowed',
  'both-less-gap-wider': 'widened',
  widened: 'widened',
  'both-more': 'held',
  'within-noise': 'held',
  unchanged: 'held',
};

function schoolFigures(release: Release, queried: ReadonlySet<string>): SchoolAttendance {
  const move = gapMove(release);
  const { gap, school, gapHidden } = release;
  return {
    urn: release.schoolUrn,
    gap: move ? MOVES[move] : gapHidden && gapHidden !== 'unknown' ? 'too-few' : 'unknown',
    ...(queried.has(release.schoolUrn) ? { queried: true } : {}),
    ...(school ? sharedIn100(school) : {}),
    ...(gap ? { missedByTen: { disadvantaged: gap.disadvantaged, others: gap.others } } : {}),
  };
}
