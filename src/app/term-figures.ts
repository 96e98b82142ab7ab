/** A term's attendance as its report sees it: releases alone, as they were published. */
import { BOUND_WORDS } from '../attendance/card-lines.ts';
import type { Release } from '../attendance/release.ts';
import type { Attendance } from '../attendance/service.ts';
import type { TrustRelease } from '../attendance/trust-release.ts';
import type { ReportWeek, TermReleases, TrustWeek } from '../digests/ports.ts';

export function termReleases(
  attendance: Pick<Attendance, 'releases' | 'trustReleases' | 'queriedSchools'>,
): TermReleases {
  return {
    termFigures: async ({ from, to, urns }) => {
      const doubted = new Map<string, ReadonlySet<string>>();
      const doubts = async (week: string) => {
        const known = doubted.get(week) ?? (await attendance.queriedSchools(week));
        doubted.set(week, known);
        return known;
      };
      const schools = [];
      /** By week: of how many schools the registers do not say who experiences disadvantage. */
      const untold = new Map<string, number>();
      for (const urn of urns) {
        const releases = await attendance.releases({ from, to, schoolUrn: urn });
        for (const { week, gapHidden } of releases)
          if (gapHidden === 'unknown') untold.set(week, (untold.get(week) ?? 0) + 1);
        const last = releases.at(-1);
        const toDate = last?.toDate;
        schools.push({
          urn,
          weeks: await Promise.all(
            releases.map(async (release) => ({
              ...weekOfRelease(release),
              ...((await doubts(release.week)).has(urn) ? { queried: true } : {}),
            })),
          ),
          ...(toDate
            ? {
                toDate: {
                  weeks: toDate.weeks,
                  attendance: toDate.school.attendance,
                  bound: BOUND_WORDS[toDate.school.bound],
                },
              }
            : {}),
          benchmarks: (last?.benchmarks ?? []).map(({ area, period, attendance: share, source }) => ({
            area,
            period,
            attendance: share,
            source,
          })),
        });
      }
      const trust = await attendance.trustReleases({ from, to });
      return {
        schools,
        // What is made of a figure in doubt is in doubt.
        trust: await Promise.all(
          trust.map(async (release) => ({
            ...weekOfTrust(release, untold.get(release.week) ?? 0),
            ...((await doubts(release.week)).size > 0 ? { queried: true } : {}),
          })),
        ),
      };
    },
  };
}

function weekOfRelease({ week, monday, school, gap, gapHidden, send, sendHidden }: Release): ReportWeek {
  return {
    week,
    monday,
    ...(school
      ? { attendedIn100: school.perHundred, attendance: school.attendance, bound: BOUND_WORDS[school.bound] }
      : {}),
    ...(gap
      ? { missedByTen: { disadvantaged: gap.disadvantaged, others: gap.others } }
      : { hidden: gapHidden ?? 'unknown' }),
    ...(send
      ? { send: { send: send.send.days, others: send.others.days } }
      : { sendHidden: sendHidden ?? 'unknown' }),
  };
}

/** `untold`: of how many of its schools the registers do not say who is in the group. Of all: it is not known, and not kept back. */
function weekOfTrust({ week, monday, all, schools, of }: TrustRelease, untold: number): TrustWeek {
  const figure = all?.figure;
  return {
    schools,
    of,
    week,
    monday,
    ...(figure
      ? { attendedIn100: figure.perHundred, attendance: figure.attendance, bound: BOUND_WORDS[figure.bound] }
      : {}),
    ...(all?.gap
      ? { missedByTen: { disadvantaged: all.gap.disadvantaged, others: all.gap.others } }
      : { hidden: untold > 0 && untold >= schools ? ('unknown' as const) : ('few' as const) }),
  };
}
