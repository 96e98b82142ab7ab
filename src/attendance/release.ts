/**
 * A school's week as it may leave for a channel: built only here, from counts, through suppression, and frozen. A card
 * accepts nothing else. What it holds is rounded and about groups of ten or more; what is hidden is said, never shown.
 * What it compares with are earlier releases, never later figures of the same weeks.
 */
import { addDays, mondayOf } from '../kernel/time.ts';
import type { Totals } from './engine.ts';
import {
  daysInAll,
  daysOf,
  figureOf,
  gapOf,
  groupsOf,
  rescaled,
  rescaledGap,
  type Shown,
} from './figures.ts';
import type { Crossing, GroupWeek } from './fold.ts';
import { totalsOfGroup } from './imports.ts';
import { standOut } from './insight.ts';
import { gapMoved, rateMoved, shownBefore } from './noise.ts';
import { openDays, openDaysOf } from './open-days.ts';
import { Body, type ReleaseBody } from './release-shape.ts';
import { showable } from './showable.ts';
import type { ShownGroups } from './shown-groups.ts';
import { mayName, type Rule } from './suppression.ts';
import { type PublishedWeek, toDateOf } from './to-date.ts';

const RELEASED = Symbol('release');

export type Release = Readonly<ReleaseBody> & { readonly [RELEASED]: true };

/** A week's counts by group. `crossings`: absent where only sums were sent; then fewer groups may be shown. */
export type WeekCounts = {
  readonly groups: readonly GroupWeek[];
  readonly crossings?: readonly Crossing[];
  readonly receivedAt: Date;
};

export type ReleaseParts = {
  readonly schoolUrn: string;
  readonly schoolName: string;
  readonly phase?: 'primary' | 'secondary' | 'special' | undefined;
  readonly week: string;
  readonly threshold: number;
  readonly counts: WeekCounts;
  /** School days of the week by the calendar: for totals that have no rows of days. */
  readonly calendarDays?: number | undefined;
  readonly reasonsDue?: ReleaseBody['reasonsDue'] | undefined;
  /** The instant whose registers the counts are; when it is not given, when they were received. */
  readonly asOf?: Date | undefined;
  readonly complete?: string | null | undefined;
  readonly partial?: boolean | undefined;
  /** The release of the school week before, when it stood at the same hour of its own week. */
  readonly before?: { readonly release: Release; readonly adjacent: boolean } | undefined;
  readonly lastYear?: Release | undefined;
  /** The school year's earlier releases, this week not among them. */
  readonly published?: readonly PublishedWeek[] | undefined;
  readonly benchmarks?: ReleaseBody['benchmarks'] | undefined;
  readonly corrections?: readonly { readonly week: string; readonly moved: string | null }[] | undefined;
};

const WEEKDAYS = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];
/** Counts under ten are not said, of pupils or of marks. */
const FEW = 10;

export function releaseWeek(parts: ReleaseParts): Release {
  const { counts, threshold, before } = parts;
  const days = groupsOf(counts.groups, 'day');
  const open = openDays(counts.groups);
  const schoolDays = openDaysOf(counts.groups, parts.calendarDays ?? 0);
  const rule: Rule = { threshold, sessions: schoolDays * 2 };
  const all = groupsOf(counts.groups, 'all')[0];
  const shown = showable(counts, rule);
  const gap = shown.pp && gapOf(shown.pp.yes, shown.pp.no, schoolDays);
  const awaited = awaitedOf(shown.all, all?.unexplained ?? 0);
  return {
    [RELEASED]: true,
    schoolUrn: parts.schoolUrn,
    schoolName: parts.schoolName,
    phase: parts.phase ?? null,
    week: parts.week,
    monday: mondayOf(parts.week),
    schoolDays,
    counted: days.length > 0 ? 'marks' : 'totals',
    shut: days
      .filter((day) => totalsOfGroup(day).possible === 0 && day.notPossible > 0)
      .map((day) => WEEKDAYS[Number(day.key)] ?? ''),
    pupils: shown.all ? (all?.pupils ?? 0) : 0,
    threshold,
    sessions: shown.all && all ? totalsOfGroup(all).possible : 0,
    receivedAt: counts.receivedAt.toISOString(),
    asOf: (parts.asOf ?? counts.receivedAt).toISOString(),
    complete: parts.complete ?? null,
    partial: parts.partial ?? false,
    school: shown.all && figureOf(shown.all),
    gap,
    gapHidden: gap ? null : shown.ppHidden,
    ...sendOf(shown, schoolDays),
    years: groupFigures(shown.groups.years, before?.release.years, before?.release.schoolDays, schoolDays),
    forms: groupFigures(shown.groups.forms, before?.release.forms, before?.release.schoolDays, schoolDays),
    reasonsAwaited: awaited,
    reasonsDue: awaited === null ? null : (parts.reasonsDue ?? null),
    before: before?.release.school
      ? {
          ...beforeOf(before.release, before.adjacent, schoolDays),
          ...movesSince(before.release, shown),
        }
      : null,
    lastYear: parts.lastYear?.school ?? null,
    lastYearGap: rescaledGap(parts.lastYear?.gap ?? null, schoolDays),
    toDate: toDateOf(parts.week, shown, schoolDays, parts.published ?? []),
    benchmarks: [...(parts.benchmarks ?? [])],
    corrections: [...(parts.corrections ?? [])],
    standOutDay: dayName(
      named(standOut(open.filter((day) => day.pupils >= threshold)), all, { threshold, sessions: 2 }),
    ),
    standOutYear: yearToName(named(standOut(shown.yearsToName), all, rule)?.key ?? null, shown.groups),
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

/** So many absences are at least how many there were: said only beside a school's figure that says how many exactly. */
function awaitedOf(all: Shown | null, unexplained: number): number | null {
  return all?.bound === 'exact' && unexplained >= FEW ? unexplained : null;
}

/** The group that stands out, when that says nothing of any few pupils, in it or beside it. */
function named(group: GroupWeek | undefined, all: GroupWeek | undefined, rule: Rule): GroupWeek | undefined {
  if (!group || !all) return undefined;
  const [own, total] = [totalsOfGroup(group), totalsOfGroup(all)];
  const rest = { possible: total.possible - own.possible, absent: total.absent - own.absent };
  return mayName(own, rest, rule) ? group : undefined;
}

/** Beside figures of groups a year is named only when it has its own, for then the naming adds nothing to them. */
function yearToName(key: string | null, { forms, years }: ShownGroups): string | null {
  const alone = forms.length === 0 && years.length === 0;
  return alone || years.some((year) => year.key === key) ? key : null;
}

function dayName(group: GroupWeek | undefined): string | null {
  return group ? (WEEKDAYS[Number(group.key)] ?? null) : null;
}

/** Each group with its own week before, where that was shown; its days then as of a week as long as this one. */
function groupFigures(
  groups: readonly { readonly key: string; readonly totals: Totals }[],
  before: Release['years'] = [],
  daysBefore = 0,
  schoolDays = 0,
): Release['years'] {
  return groups.flatMap(({ key, totals }) => {
    const figure = figureOf({ totals, bound: 'exact' });
    const per10 = daysOf(totals, schoolDays);
    const then = before.find((one) => one.key === key);
    if (!figure || !per10) return [];
    return [
      {
        key,
        figure,
        days: daysInAll(totals),
        per10,
        before: then
          ? {
              figure: then.figure,
              days: then.days,
              per10: daysBefore === schoolDays ? then.per10 : rescaled(then.per10, schoolDays),
            }
          : null,
      },
    ];
  });
}

function sendOf(shown: ReturnType<typeof showable>, schoolDays: number) {
  const send = shown.sen && daysOf(shown.sen.yes, schoolDays);
  const others = shown.sen && daysOf(shown.sen.no, schoolDays);
  return send && others
    ? { send: { send, others }, sendHidden: null }
    : { send: null, sendHidden: shown.senHidden };
}

/**
 * Whether what moved is more than the usual ups and downs. Made of what is shown alone, now and in the release before, so
 * that it tells nobody more than the figures do.
 */
function movesSince(before: Release, shown: ReturnType<typeof showable>) {
  const { all, pp } = shown;
  const missed = before.gap?.missed;
  const then = pp &&
    missed && {
      group: shownBefore(pp.yes, missed.disadvantaged),
      others: shownBefore(pp.no, missed.others),
    };
  const attended = before.school?.attendance;
  return {
    schoolMoved:
      all !== null &&
      attended !== undefined &&
      rateMoved(all.totals, shownBefore(all.totals, String(100 - Number(attended)))),
    gapMoved: pp && then ? gapMoved({ group: pp.yes, others: pp.no }, then) : false,
  };
}

function beforeOf(
  release: Release,
  adjacent: boolean,
  schoolDays: number,
): Omit<NonNullable<Release['before']>, 'schoolMoved' | 'gapMoved'> {
  const same = release.schoolDays === schoolDays;
  const { send } = release;
  return {
    adjacent,
    school: release.school,
    gap: same ? release.gap : rescaledGap(release.gap, schoolDays),
    send:
      send &&
      (same ? send : { send: rescaled(send.send, schoolDays), others: rescaled(send.others, schoolDays) }),
  };
}
