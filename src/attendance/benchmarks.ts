/**
 * What a school's week may be set beside: the country, its region, its local authority, in the same phase. Rates are always
 * pooled from sessions, so that years compare although the DfE changed its method; source and date go with each. Pure.
 */
import type { AreaLevel, Phase, PublishedRow } from './dfe.ts';
import { fraction, percent } from './rates.ts';
import type { ReleaseBody } from './release-shape.ts';
import { sameWeekLastYear } from './week.ts';

export const SOURCE = 'DfE, Pupil attendance in schools';

/** Sessions of an area and phase in a week (`2025-W37`) or school year (`2025/26`). */
export type Benchmark = {
  readonly level: AreaLevel;
  readonly area: string;
  readonly areaName: string;
  readonly phase: Phase;
  readonly period: string;
  readonly possible: number;
  readonly attended: number;
  /** The day on which the file was published. */
  readonly published: string;
};

/** Weeks and years of a file, pooled anew for all phases; its single days are left out. */
export function benchmarksOf(rows: readonly PublishedRow[], published: string): Benchmark[] {
  return rows
    .filter((row) => !/^\d{4}-\d\d-\d\d$/.test(row.period))
    .map(({ level, area, areaName, phase, period, possible, attended }) => ({
      level,
      area,
      areaName,
      phase,
      period,
      possible,
      attended,
      published,
    }));
}

export type Place = {
  readonly phase: Exclude<Phase, 'all'>;
  readonly region?: string | undefined;
  readonly localAuthority?: string | undefined;
};

/** Which periods may stand beside a week: the same week last year, else the newest whole year before it. */
export function periodsFor(week: string): {
  readonly week: string | undefined;
  readonly years: readonly string[];
} {
  const year = Number(week.slice(0, 4));
  const years = [year, year - 1, year - 2].map(
    (start) => `${start}/${String((start + 1) % 100).padStart(2, '0')}`,
  );
  return { week: sameWeekLastYear(week), years };
}

/**
 * One figure for each area of the school that the held rows know, the nearest first. A week is set beside the same week
 * last year, since absence has its season; only where that was not imported, beside a school year.
 */
export function chooseBenchmarks(
  held: readonly Benchmark[],
  week: string,
  place: Place,
): ReleaseBody['benchmarks'] {
  const { week: lastYear, years } = periodsFor(week);
  const wanted = [lastYear, ...years];
  const areas: readonly (readonly [AreaLevel, string | undefined])[] = [
    ['local-authority', place.localAuthority],
    ['regional', place.region],
    ['national', undefined],
  ];
  return areas.flatMap(([level, name]) => {
    if (level !== 'national' && name === undefined) return [];
    const own = held.filter(
      (row) =>
        row.level === level &&
        row.phase === place.phase &&
        (name === undefined || row.area === name || row.areaName === name),
    );
    const found = wanted.flatMap((period) => own.filter((row) => row.period === period))[0];
    const attendance = found && percent(fraction(found.attended, found.possible), 1);
    return found && attendance
      ? [
          {
            area: found.areaName,
            level,
            period: found.period,
            sameWeek: found.period === lastYear,
            attendance,
            source: SOURCE,
            published: found.published,
          },
        ]
      : [];
  });
}
