/**
 * A school's week as it may leave for a channel: built only here, from counts, through suppression, and frozen. A card
 * accepts nothing else. What it holds is rounded and about groups of ten or more; what is hidden is said, never shown.
 */
import { z } from 'zod/v4';
import { addDays, mondayOf } from '../kernel/time.ts';
import { attendanceRate, daysPerTenPupils, type Totals } from './engine.ts';
import type { GroupWeek } from './fold.ts';
import { totalsOfGroup } from './imports.ts';
import { standOut } from './insight.ts';
import { percent, roundHalfUp, scale } from './rates.ts';
import { disclose } from './suppression.ts';

const RELEASED = Symbol('release');

const Gap = z.object({
  /** Whole days that ten pupils missed between them, in a week as long as this one. */
  disadvantaged: z.int().min(0),
  others: z.int().min(0),
});
const Figure = z.object({
  /** Sessions attended of every hundred possible. */
  perHundred: z.int().min(0).max(100),
  /** The same in percent, one decimal. */
  attendance: z.string(),
});
const Body = z.object({
  schoolUrn: z.string(),
  schoolName: z.string(),
  week: z.string(),
  monday: z.string(),
  schoolDays: z.int().min(0).max(5),
  /** Weekdays on which the school was shut without a plan: not counted. */
  shut: z.array(z.string()),
  pupils: z.int().min(0),
  /** Groups smaller than this are hidden. */
  threshold: z.int().min(1),
  sessions: z.int().min(0),
  receivedAt: z.string(),
  school: Figure.nullable(),
  gap: Gap.nullable(),
  /** Why there is no gap: too few pupils in a group, or a file that does not say who is disadvantaged. */
  gapHidden: z.enum(['few', 'unknown']).nullable(),
  /** The school week before. `as-it-stood`: as at the same hour of its own week; `corrected`: with what came later. */
  before: z
    .object({
      basis: z.enum(['as-it-stood', 'corrected']),
      adjacent: z.boolean(),
      school: Figure.nullable(),
      gap: Gap.nullable(),
    })
    .nullable(),
  lastYear: Figure.nullable(),
  standOutDay: z.string().nullable(),
  standOutYear: z.string().nullable(),
});

export type ReleaseBody = z.infer<typeof Body>;
export type Release = Readonly<ReleaseBody> & { readonly [RELEASED]: true };

/** A week's counts by group, and how many days they are of. */
export type WeekCounts = { readonly groups: readonly GroupWeek[]; readonly receivedAt: Date };

export type ReleaseParts = {
  readonly schoolUrn: string;
  readonly schoolName: string;
  readonly week: string;
  readonly threshold: number;
  readonly counts: WeekCounts;
  readonly before?:
    | { readonly counts: WeekCounts; readonly basis: 'as-it-stood' | 'corrected'; readonly adjacent: boolean }
    | undefined;
  readonly lastYear?: WeekCounts | undefined;
};

const WEEKDAYS = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

export function releaseWeek(parts: ReleaseParts): Release {
  const { counts, threshold, before } = parts;
  const days = groupsOf(counts, 'day');
  const open = days.filter((day) => totalsOfGroup(day).possible > 0);
  const schoolDays = open.length;
  const all = groupsOf(counts, 'all')[0];
  const now = figuresOf(counts, threshold, schoolDays);
  const earlier = before && figuresOf(before.counts, threshold, schoolDays);
  const years = shownOf(counts, 'year', threshold);
  return {
    [RELEASED]: true,
    schoolUrn: parts.schoolUrn,
    schoolName: parts.schoolName,
    week: parts.week,
    monday: mondayOf(parts.week),
    schoolDays,
    shut: days
      .filter((day) => totalsOfGroup(day).possible === 0 && day.notPossible > 0)
      .map((day) => WEEKDAYS[Number(day.key)] ?? ''),
    pupils: now.school ? (all?.pupils ?? 0) : 0,
    threshold,
    sessions: now.school && all ? totalsOfGroup(all).possible : 0,
    receivedAt: counts.receivedAt.toISOString(),
    school: now.school,
    gap: now.gap,
    gapHidden: now.gap ? null : groupsOf(counts, 'pp').length > 0 ? 'few' : 'unknown',
    before:
      before && earlier?.school
        ? { basis: before.basis, adjacent: before.adjacent, school: earlier.school, gap: earlier.gap }
        : null,
    lastYear: parts.lastYear ? figuresOf(parts.lastYear, threshold, schoolDays).school : null,
    standOutDay: dayName(standOut(open.filter((day) => day.pupils >= threshold))),
    standOutYear: standOut(years)?.key ?? null,
  };
}

/** A release as it was frozen. Throws ZodError when the row was not written by `releaseWeek`. */
export function reopenRelease(body: unknown): Release {
  return { ...Body.parse(body), [RELEASED]: true };
}

/** The Friday of the week, as a date. */
export function lastDayOf(release: Release): string {
  return addDays(release.monday, 4);
}

function dayName(group: GroupWeek | undefined): string | null {
  return group ? (WEEKDAYS[Number(group.key)] ?? null) : null;
}

function groupsOf(counts: WeekCounts, type: GroupWeek['type']): GroupWeek[] {
  // A day on which all was closed has no pupils and still says something; any other group without pupils does not.
  return counts.groups.filter(
    (group) => group.type === type && (group.pupils > 0 || (type === 'day' && group.notPossible > 0)),
  );
}

/** The groups of a kind that may be shown beside the school's total. */
function shownOf(counts: WeekCounts, type: 'pp' | 'sen' | 'year', threshold: number): GroupWeek[] {
  const groups = groupsOf(counts, type);
  const total = groupsOf(counts, 'all')[0]?.pupils ?? 0;
  const sized = groups.map((group) => ({ id: group.key, pupils: group.pupils }));
  const { shown } = disclose(total, sized, threshold);
  return groups.filter((group) => shown.includes(group.key));
}

function figuresOf(counts: WeekCounts, threshold: number, schoolDays: number) {
  const all = groupsOf(counts, 'all')[0];
  const groups = shownOf(counts, 'pp', threshold);
  const disadvantaged = groups.find((group) => group.key === 'yes');
  const others = groups.find((group) => group.key === 'no');
  return {
    school: all && all.pupils >= threshold ? figureOf(totalsOfGroup(all)) : null,
    gap:
      disadvantaged && others ? gapOf(totalsOfGroup(disadvantaged), totalsOfGroup(others), schoolDays) : null,
  };
}

function figureOf(totals: Totals): z.infer<typeof Figure> | null {
  const rate = attendanceRate(totals);
  const attendance = percent(rate, 1);
  return rate && attendance !== null
    ? { perHundred: Number(roundHalfUp(scale(rate, 100))), attendance }
    : null;
}

function gapOf(group: Totals, others: Totals, schoolDays: number): z.infer<typeof Gap> | null {
  const left = daysPerTenPupils(group, schoolDays);
  const right = daysPerTenPupils(others, schoolDays);
  return left && right
    ? { disadvantaged: Number(roundHalfUp(left)), others: Number(roundHalfUp(right)) }
    : null;
}
