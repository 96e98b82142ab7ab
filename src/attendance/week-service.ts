/**
 * A school's week as it is held: whether it may be shown, what it compares with, its release, drafted or published. Reads
 * the store and the trust's calendar; what the figures mean is decided in the pure files beside it.
 */
import { calendarOf, type Trust, type TrustSchool } from '../config/trust.ts';
import { mondayOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import { type HeldWeek, readWeek } from './imports-store.ts';
import { completenessOf, decideNudge, type NudgeDecision, sameWeekLastYear, weekBefore } from './nudge.ts';
import { decimal, scale } from './rates.ts';
import { type Release, releaseWeek, reopenRelease } from './release.ts';
import { publishRelease, readRelease } from './release-store.ts';
import { schoolWeek } from './week.ts';

export type WeekFigures = {
  readonly schoolUrn: string;
  readonly name: string;
  readonly week: string;
  /** `published`: as cards show it. `preview`: as it would be published now. `none`: see `note`. */
  readonly state: 'published' | 'preview' | 'none';
  readonly note: string | null;
  readonly release: Release | null;
  /** Share of marks that are in, in percent with one decimal; null before any. */
  readonly complete: string | null;
};

type Decided = { readonly decision: NudgeDecision; readonly held: HeldWeek | undefined };

export interface SchoolWeeks {
  decide(school: TrustSchool, week: string): Promise<Decided>;
  /** Freezes the week for ever; a week that is frozen already comes back as it was. */
  publish(school: TrustSchool, held: HeldWeek, now: Date): Promise<Release>;
  figuresOf(school: TrustSchool, week: string, now: Date): Promise<WeekFigures>;
}

const DAY = 24 * 3_600_000;

export function createSchoolWeeks({ db, trust }: { readonly db: Db; readonly trust: Trust }): SchoolWeeks {
  const { policies } = trust;

  async function decide(school: TrustSchool, week: string): Promise<Decided> {
    const held = await readWeek(db, school.urn, week, 'now');
    const decision = decideNudge({
      calendar: calendarOf(trust, school),
      week,
      policy: {
        minimumDays: policies.nudge_minimum_days,
        completenessPercent: policies.completeness_percent,
      },
      threshold: policies.suppression_threshold,
      groups: held?.groups,
    });
    return { decision, held };
  }

  /** The week before as it stood when it was as old as this week is now; a week that was not whole then is not compared. */
  async function earlierWeek(school: TrustSchool, week: string, now: Date) {
    const calendar = calendarOf(trust, school);
    const found = weekBefore(calendar, week, policies.nudge_minimum_days);
    if (!found) return undefined;
    const then = new Date(now.getTime() - found.weeksAgo * 7 * DAY);
    const stood = await readWeek(db, school.urn, found.week, then);
    const counts = stood ?? (await readWeek(db, school.urn, found.week, 'first'));
    if (!counts) return undefined;
    const share = completenessOf(counts.groups, schoolWeek(calendar, mondayOf(found.week)).days);
    if (!share || share.of * 100n < share.over * BigInt(policies.completeness_percent)) return undefined;
    const basis = stood ? ('as-it-stood' as const) : ('corrected' as const);
    return { counts, basis, adjacent: found.weeksAgo === 1 };
  }

  async function draftRelease(school: TrustSchool, held: HeldWeek, now: Date): Promise<Release> {
    return releaseWeek({
      schoolUrn: school.urn,
      schoolName: school.name,
      week: held.week,
      threshold: policies.suppression_threshold,
      counts: held,
      before: await earlierWeek(school, held.week, now),
      lastYear: await readWeek(db, school.urn, sameWeekLastYear(held.week), 'now'),
    });
  }

  async function publish(school: TrustSchool, held: HeldWeek, now: Date): Promise<Release> {
    const release = await draftRelease(school, held, now);
    const kept = await publishRelease(
      db,
      { schoolUrn: school.urn, week: held.week, version: held.version, body: release },
      now,
    );
    return reopenRelease(kept.body);
  }

  async function figuresOf(school: TrustSchool, week: string, now: Date): Promise<WeekFigures> {
    const kept = await readRelease(db, school.urn, week);
    const { decision, held } = await decide(school, week);
    const days = schoolWeek(calendarOf(trust, school), mondayOf(week)).days;
    const share = held && completenessOf(held.groups, days);
    const complete = share ? decimal(scale(share, 100), 1) : null;
    const base = { schoolUrn: school.urn, name: school.name, week, complete };
    if (kept) return { ...base, state: 'published', note: null, release: reopenRelease(kept.body) };
    if (decision.kind === 'none' || !held)
      return {
        ...base,
        state: 'none',
        note: decision.kind === 'none' ? decision.note : 'no marks have been received',
        release: null,
      };
    return { ...base, state: 'preview', note: null, release: await draftRelease(school, held, now) };
  }

  return { decide, publish, figuresOf };
}
