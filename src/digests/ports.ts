/**
 * What digests ask of attendance, check-ins and documents. Attendance gives only what already passed suppression: a figure that may
 * not be shown is not in it, so nothing built from it can show one.
 */
import type { CardReply } from '../cards/reply.ts';
import type { ApprovalOutcome } from '../checkins/bulk-service.ts';
import type { CheckinSummary } from '../checkins/summary.ts';

/** The gap between disadvantaged and other pupils against the week before, counted the same way. */
export type GapMove = 'narrowed' | 'held' | 'widened' | 'too-few' | 'unknown';

export type SchoolAttendance = {
  readonly urn: string;
  /** Sessions attended in every 100 possible, whole school. Absent: not to be shown, or no marks. */
  readonly attendedIn100?: number | undefined;
  /** ` or more` or ` or fewer` after that number, where it is an end. */
  readonly bound?: string | undefined;
  /** `too-few`: it would tell of so few pupils that it may not be shown. `unknown`: no week to compare with. */
  readonly gap: GapMove;
  /** Somebody asked for these figures to be checked. */
  readonly queried?: boolean | undefined;
  /** Days missed between them by every 10 pupils. Absent: not to be shown. */
  readonly missedByTen?: { readonly disadvantaged: number; readonly others: number } | undefined;
  /** An earlier week, whose these figures are: there are none for the summary's. */
  readonly week?: string | undefined;
};

/** One ISO week (`2026-W47`), released. `early`: marks may still change. A school without a release has its newest, or is left out. */
export type AttendanceSummary = {
  readonly week: string;
  readonly early: boolean;
  readonly schools: readonly SchoolAttendance[];
  /** All of them together, as released with them; for whoever may see every school. */
  readonly trust?: TrustAttendance | undefined;
};

/** `schools` of `of` are in these figures. */
export type TrustAttendance = {
  readonly schools: number;
  readonly of: number;
  readonly attendedIn100?: number | undefined;
  readonly bound?: string | undefined;
  readonly missedByTen?: SchoolAttendance['missedByTen'];
};

/** `publishedBy`: as things stood then, without what was published later. */
export interface AttendanceFigures {
  /**
   * Of the last week of school before `at`; undefined where no such week or recent one is published. `schoolUrns`: of these
   * alone, and not together.
   */
  attendanceSummary(
    at: Date,
    about?: { readonly schoolUrns?: readonly string[] | undefined; readonly publishedBy?: Date | undefined },
  ): Promise<AttendanceSummary | undefined>;
  /** Published weeks to `week` and with it, oldest first: of a school, else of all together. */
  gapWeeks?(input: {
    week: string;
    schoolUrn?: string | undefined;
    publishedBy?: Date | undefined;
  }): Promise<readonly GapWeek[]>;
}

/** Why a comparison is missing, as a release says it. */
export type HiddenWhy = 'few' | 'protects' | 'ends' | 'unknown';

/** A published week. `attendance`: percent with one decimal. `bound`: ` or more`, ` or fewer`, where the figure is an end. */
export type ReportWeek = {
  readonly week: string;
  readonly monday: string;
  readonly attendedIn100?: number | undefined;
  readonly attendance?: string | undefined;
  readonly bound?: string | undefined;
  readonly missedByTen?: { readonly disadvantaged: number; readonly others: number } | undefined;
  readonly hidden?: HiddenWhy | undefined;
  readonly send?: { readonly send: number; readonly others: number } | undefined;
  readonly sendHidden?: HiddenWhy | undefined;
  /** Somebody asked for these figures to be checked. */
  readonly queried?: boolean | undefined;
};

/** Of the trust: the figures of `schools` of its `of` schools, put together. */
export type TrustWeek = ReportWeek & { readonly schools: number; readonly of: number };

export type TermFigures = {
  readonly schools: readonly {
    readonly urn: string;
    /** Oldest first. */
    readonly weeks: readonly ReportWeek[];
    /** The school year so far, as the newest of these weeks published it. */
    readonly toDate?:
      | { readonly weeks: number; readonly attendance: string; readonly bound: string }
      | undefined;
    readonly benchmarks: readonly {
      readonly area: string;
      readonly period: string;
      readonly attendance: string;
      readonly source: string;
    }[];
  }[];
  readonly trust: readonly TrustWeek[];
};

export interface TermReleases {
  /** Weeks that were published, from the one to the other, both included. */
  termFigures(input: { from: string; to: string; urns: readonly string[] }): Promise<TermFigures>;
}

/** What people wrote, before it stands in a report that anybody may read. */
export interface PublicWording {
  /** Says somebody's words with nobody named in them who works here. */
  withoutStaff(): Promise<(text: string) => string>;
  /** Whether words look as if they named a pupil, or told of somebody's safety. */
  tellsOfPupil(text: string): Promise<boolean>;
}

/** What became of a file that was to be put where the trust keeps its term reports. */
export type ReportFiling =
  | { readonly kind: 'filed'; readonly id: string; readonly url: string; readonly again: boolean }
  | {
      readonly kind: 'not-filed';
      readonly why: 'no-folder' | 'denied' | 'edited' | 'locked' | 'busy';
    };

/** The trust's folder for term reports. A file of the same name takes the place of the one before. */
export interface ReportShelf {
  put(file: {
    readonly name: string;
    readonly type: string;
    readonly bytes: Uint8Array;
  }): Promise<ReportFiling>;
}

export type GapWeek = {
  readonly monday: string;
  /** Null: not to be shown. */
  readonly gap: { readonly disadvantaged: number; readonly others: number } | null;
};

/** The week's attendance card of the reader's own, of a head's school or of a tutor's groups, in a line; `id` opens it. */
export type OwnNudge = {
  readonly line: string;
  readonly id: string;
  /** Somebody asked for its figures to be checked. */
  readonly queried?: boolean | undefined;
  /** A tutor's card of groups, or a leader's of the trust, and not of a school. */
  readonly opens?: 'groups' | 'trust' | undefined;
};

/** What became of a school's published figures of a week. `withdrawn`: they were wrong. */
export type FiguresChange = {
  readonly schoolUrn: string;
  readonly schoolName: string;
  readonly week: string;
  readonly kind: 'queried' | 'checked' | 'withdrawn';
};

export interface OwnNudges {
  ownNudge(personId: string, now: Date): Promise<OwnNudge | undefined>;
}

export interface MilestoneStandings {
  summary(now: Date): Promise<CheckinSummary>;
  /** As it stood at the end of a past local date. */
  summaryAt(date: string, now: Date): Promise<CheckinSummary>;
}

type Presser = { readonly personId: string; readonly name: string };
type CheckinItem = { readonly id: string; readonly version: number };

/** What a reader may do from a digest about check-ins that wait for them. Each step looks at who they are again. */
export interface Desk {
  /** Which of them are worth a read, and why in a few words; the others can be approved as they stand. */
  worthReading(checkinIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  approve(item: CheckinItem, reader: Presser, now: Date): Promise<ApprovalOutcome>;
  /** The reader's own card of it. */
  open(item: CheckinItem, reader: Presser, now: Date): Promise<CardReply>;
}

/** What documents leave open: `themes` of what three people or more asked in vain, and what is out of date. */
export type OpenMatters = {
  readonly themes: readonly { readonly label: string; readonly people: number }[];
  /** `toAll`: all staff may open it, so that its name may be said to a leader who does not own it. */
  readonly documents: readonly {
    readonly title: string;
    readonly ownerId?: string | undefined;
    readonly toAll: boolean;
    /** Where it can be opened. */
    readonly url?: string | undefined;
  }[];
};

export interface Matters {
  /** `themes`: whether they are wanted; for somebody who may not be shown them they are empty. */
  openMatters(now: Date, wanted: { readonly themes: boolean }): Promise<OpenMatters>;
}
