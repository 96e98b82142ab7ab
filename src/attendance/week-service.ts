/**
 * A school's week as it is held: at which hour its registers are taken, whether it may be shown, what it compares with, its
 * release. Reads the store and the trust's calendar; what the figures mean is decided in the pure files beside it.
 */
import { calendarOf, type Trust, type TrustSchool } from '../config/trust.ts';
import { addDays, dateOf, localInstant, mondayOf, timeOf, weekOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { chooseBenchmarks, periodsFor } from './benchmarks.ts';
import { readBenchmarks } from './benchmarks-store.ts';
import { correctionOf } from './corrections.ts';
import { totalsOfGroup } from './imports.ts';
import { currentTotals, type HeldWeek, readWeek, weekVersions } from './imports-store.ts';
import { completenessOf, decideNudge, type NudgeDecision, weekBefore } from './nudge.ts';
import { readNudgeWeek } from './nudge-store.ts';
import { decimal, scale } from './rates.ts';
import { reasonsDueIn } from './reasons-due.ts';
import { type Release, releaseWeek, reopenRelease } from './release.ts';
import {
  publishedWeeks,
  publishRelease,
  publishTrustRelease,
  readRelease,
  readTrustRelease,
} from './release-store.ts';
import { showable } from './showable.ts';
import { releaseTrust, reopenTrustRelease, type SchoolShare, type TrustRelease } from './trust-release.ts';
import { cutOffs, sameWeekLastYear, schoolWeek, schoolYearStart } from './week.ts';

export type WeekFigures = {
  readonly schoolUrn: string;
  readonly name: string;
  readonly week: string;
  /** `published`: as cards show it. `preview`: as it would be published now, for an operator. `none`: see `note`. */
  readonly state: 'published' | 'preview' | 'none';
  readonly note: string | null;
  readonly release: Release | null;
  /** Share of marks that are in, in percent with one decimal; null before any. */
  readonly complete: string | null;
  /** Nothing is published since some of the marks are missing. */
  readonly late?: boolean;
};

/** A school week as it stood at one of the hours at which weeks are taken, or as it stands when none of them will do. */
export type Taken = {
  readonly decision: NudgeDecision;
  readonly held: HeldWeek | undefined;
  readonly asOf: Date;
};

export interface SchoolWeeks {
  /** The registers that the week's release is, or would be, made of. */
  take(school: TrustSchool, week: string, now: Date): Promise<Taken>;
  /**
   * Freezes the week for ever; a week that is frozen already comes back as it was. With `partial` also a week of which marks
   * are missing; such a week is compared with none.
   */
  publish(school: TrustSchool, taken: Taken, now: Date, partial?: boolean): Promise<Release | undefined>;
  /** What has been published, or why nothing has. */
  figuresOf(school: TrustSchool, week: string): Promise<WeekFigures>;
  /** What would be published now; for an operator at the command line, never for a card or an answer. */
  previewOf(school: TrustSchool, week: string, now: Date): Promise<WeekFigures>;
  /** Freezes the trust's week from the schools that are published; later ones are in their own figures only. */
  publishTrust(week: string, now: Date): Promise<TrustRelease | undefined>;
  /** `by`: only if it was published by then. */
  trustFigures(week: string, by?: Date): Promise<TrustRelease | undefined>;
}

/** A week whose registers are corrected later than this is old news (attendance.md 7: recompute the previous four). */
const CORRECTED_WEEKS = 4;
const NOT_PUBLISHED = 'not published yet';

export function createSchoolWeeks({ db, trust }: { readonly db: Db; readonly trust: Trust }): SchoolWeeks {
  const { policies } = trust;
  const { zone } = trust.trust;

  function decide(school: TrustSchool, week: string, held: HeldWeek | undefined): NudgeDecision {
    return decideNudge({
      calendar: calendarOf(trust, school),
      week,
      policy: {
        minimumDays: policies.nudge_minimum_days,
        completenessPercent: policies.completeness_percent,
      },
      threshold: policies.suppression_threshold,
      groups: held?.groups,
    });
  }

  async function take(school: TrustSchool, week: string, now: Date, late = true): Promise<Taken> {
    const versions = await weekVersions(db, school.urn, week);
    let tried = 0;
    for (const asOf of cutOffs(week, zone).filter((cut) => cut <= now)) {
      const stood = versions.findLast(({ receivedAt }) => receivedAt <= asOf);
      if (!stood || stood.version === tried) continue;
      tried = stood.version;
      const held = await readWeek(db, school.urn, week, stood.version);
      const decision = decide(school, week, held);
      if (decision.kind === 'send') return { decision, held, asOf };
    }
    const latest = late ? versions.findLast(({ receivedAt }) => receivedAt <= now) : undefined;
    const held = latest && (await readWeek(db, school.urn, week, latest.version));
    return { decision: decide(school, week, held), held, asOf: now };
  }

  function completeOf(school: TrustSchool, held: HeldWeek | undefined): string | null {
    if (!held) return null;
    const days = schoolWeek(calendarOf(trust, school), mondayOf(held.week)).days;
    const share = completenessOf(held.groups, days);
    return share ? decimal(scale(share, 100), 1) : null;
  }

  /**
   * An earlier week's release, when that week stood so at the same local hour of its own week. Where it was never published,
   * though its registers were in by the hours for it, it is published now, as it stood then.
   */
  async function earlier(
    school: TrustSchool,
    week: string,
    of: Taken,
    ofWeek: string,
    now: Date,
    keep: boolean,
  ) {
    // Nothing is measured against figures that were taken back.
    if ((await readNudgeWeek(db, school.urn, week))?.recalled) return undefined;
    const kept = await readRelease(db, school.urn, week);
    const days = Math.round((Date.parse(mondayOf(ofWeek)) - Date.parse(mondayOf(week))) / (24 * 3_600_000));
    const sameHour = localInstant(addDays(dateOf(of.asOf, zone), -days), timeOf(of.asOf, zone), zone);
    const stood = (await weekVersions(db, school.urn, week)).findLast(
      ({ receivedAt }) => receivedAt <= sameHour,
    );
    if (kept) {
      const release = reopenRelease(kept.body);
      return stood?.version === kept.version && !release.partial ? release : undefined;
    }
    const taken = await take(school, week, now, false);
    if (taken.decision.kind !== 'send' || !taken.held || taken.held.version !== stood?.version)
      return undefined;
    const release = await draft(school, taken, undefined, false);
    return keep ? freeze(school, taken.held, release, now) : release;
  }

  /** What the week is measured against; nothing when marks are missing. */
  async function comparisons(school: TrustSchool, taken: Taken, now: Date, keep: boolean) {
    const { held } = taken;
    if (!held || taken.decision.kind !== 'send') return undefined;
    const found = weekBefore(calendarOf(trust, school), held.week, policies.nudge_minimum_days);
    const before = found && (await earlier(school, found.week, taken, held.week, now, keep));
    const last = sameWeekLastYear(held.week);
    const lastYear =
      last === undefined ? undefined : await earlier(school, last, taken, held.week, now, keep);
    return { before: before && { release: before, adjacent: found?.weeksAgo === 1 }, lastYear };
  }

  async function draft(
    school: TrustSchool,
    taken: Taken,
    compared: Awaited<ReturnType<typeof comparisons>>,
    partial: boolean,
  ): Promise<Release> {
    const { held, asOf } = taken;
    if (!held) throw new RangeError('a week without marks has no release');
    const published = (
      await publishedWeeks(db, school.urn, weekOf(schoolYearStart(held.week)), held.week)
    ).map((week) => ({
      week: week.week,
      version: week.version,
      release: reopenRelease(week.body),
      counts: { groups: week.groups },
    }));
    return releaseWeek({
      schoolUrn: school.urn,
      schoolName: school.name,
      phase: school.phase,
      week: held.week,
      threshold: policies.suppression_threshold,
      counts: held,
      calendarDays: schoolWeek(calendarOf(trust, school), mondayOf(held.week)).days.length,
      reasonsDue: reasonsDueIn(calendarOf(trust, school), held.week),
      asOf,
      complete: completeOf(school, held),
      partial,
      before: compared?.before,
      lastYear: compared?.lastYear,
      published,
      benchmarks: await benchmarks(school, held.week),
      corrections: await corrections(school, published.slice(-CORRECTED_WEEKS)),
    });
  }

  async function benchmarks(school: TrustSchool, week: string) {
    const { week: lastYear, years } = periodsFor(week);
    const held = await readBenchmarks(db, school.phase, lastYear ? [lastYear, ...years] : years);
    return chooseBenchmarks(held, week, {
      phase: school.phase,
      region: school.region,
      localAuthority: school.local_authority,
    });
  }

  async function corrections(
    school: TrustSchool,
    published: readonly { week: string; release: Release; counts: { groups: HeldWeek['groups'] } }[],
  ) {
    const weeks = published.map(({ week }) => week);
    const now = await currentTotals(db, school.urn, weeks);
    return published.flatMap(({ week, release, counts }) => {
      const then = counts.groups.find((group) => group.type === 'all');
      const since = now.get(week);
      const sessions = release.schoolDays * 2;
      const found =
        then &&
        since &&
        correctionOf(totalsOfGroup(then), totalsOfGroup(since), { threshold: release.threshold, sessions });
      return found ? [{ week, moved: found.moved }] : [];
    });
  }

  async function freeze(school: TrustSchool, held: HeldWeek, release: Release, now: Date): Promise<Release> {
    const kept = await publishRelease(
      db,
      { schoolUrn: school.urn, week: held.week, version: held.version, body: release },
      now,
    );
    return reopenRelease(kept.body);
  }

  async function publish(
    school: TrustSchool,
    taken: Taken,
    now: Date,
    partial = false,
  ): Promise<Release | undefined> {
    const { decision, held } = taken;
    const mayBePartial = partial && decision.kind === 'none' && decision.reason === 'incomplete';
    if (!held || (decision.kind === 'none' && !mayBePartial)) return undefined;
    const kept = await readRelease(db, school.urn, held.week);
    if (kept) return reopenRelease(kept.body);
    const compared = await comparisons(school, taken, now, true);
    return freeze(school, held, await draft(school, taken, compared, mayBePartial), now);
  }

  async function figuresOf(school: TrustSchool, week: string): Promise<WeekFigures> {
    const base = { schoolUrn: school.urn, name: school.name, week };
    const kept = await readRelease(db, school.urn, week);
    if (kept) {
      const release = reopenRelease(kept.body);
      return { ...base, state: 'published', note: null, release, complete: release.complete };
    }
    const held = await readWeek(db, school.urn, week, 'now');
    const decision = decide(school, week, held);
    const note = decision.kind === 'none' ? decision.note : NOT_PUBLISHED;
    const late = decision.kind === 'none' && decision.reason === 'incomplete';
    return { ...base, state: 'none', note, release: null, complete: completeOf(school, held), late };
  }

  async function previewOf(school: TrustSchool, week: string, now: Date): Promise<WeekFigures> {
    const figures = await figuresOf(school, week);
    if (figures.release) return figures;
    const taken = await take(school, week, now);
    const complete = completeOf(school, taken.held);
    if (taken.decision.kind === 'none') return { ...figures, complete, note: taken.decision.note };
    const compared = await comparisons(school, taken, now, false);
    const release = await draft(school, taken, compared, false);
    return { ...figures, complete, state: 'preview', note: null, release };
  }

  async function shareOf(school: TrustSchool, week: string): Promise<SchoolShare[]> {
    const kept = await readRelease(db, school.urn, week);
    const held = kept && (await readWeek(db, school.urn, week, kept.version));
    if (!kept || !held) return [];
    const release = reopenRelease(kept.body);
    const shown = showable(held, { threshold: release.threshold, sessions: release.schoolDays * 2 });
    return [{ release, all: shown.all, pp: shown.pp }];
  }

  async function publishTrust(week: string, now: Date): Promise<TrustRelease | undefined> {
    const kept = await trustFigures(week);
    if (kept) return kept;
    const shares = (await Promise.all(trust.schools.map((school) => shareOf(school, week)))).flat();
    if (shares.length === 0) return undefined;
    const body = releaseTrust(week, trust.schools.length, shares);
    return reopenTrustRelease(await publishTrustRelease(db, week, body, now));
  }

  async function trustFigures(week: string, by?: Date): Promise<TrustRelease | undefined> {
    const body = await readTrustRelease(db, week, by);
    return body === undefined ? undefined : reopenTrustRelease(body);
  }

  return { take, publish, figuresOf, previewOf, publishTrust, trustFigures };
}
