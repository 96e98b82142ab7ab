/**
 * Rows of imports, group weeks, releases and what people chose on a nudge. Written by the stores of `attendance` alone. No row
 * is about a pupil. A school week keeps its earlier versions, so that weeks can be compared as they stood.
 */
import type { Json } from './foundation.ts';

export type AttendanceTables = {
  attendance_imports: ImportRow;
  school_weeks: SchoolWeekRow;
  group_weeks: GroupWeekRow;
  releases: ReleaseRow;
  trust_releases: TrustReleaseRow;
};

export type ImportRow = { id: string; received_at: Date; actor: string; marks: number; school_weeks: number };

export type SchoolWeekRow = {
  school_urn: string;
  week: string;
  version: number;
  import_id: string;
  received_at: Date;
  superseded_at: Date | null;
  marks: number;
  dates: Json<readonly string[]>;
  fingerprint: string;
  /** Sessions of the pupils who share every group; decides what may be shown, and is never shown. */
  crossings: Json<readonly CrossingCounts[]>;
};

export type CrossingCounts = {
  readonly year: string;
  readonly form: string;
  readonly pp: string;
  readonly sen: string;
  readonly pupils: number;
  readonly possible: number;
  readonly attended: number;
};

/** Sessions of a group in a version of a school week. `pupils`: those with a possible session. */
export type GroupWeekRow = {
  school_urn: string;
  week: string;
  version: number;
  group_type: string;
  group_key: string;
  pupils: number;
  present: number;
  approved: number;
  authorised: number;
  unauthorised: number;
  unexplained: number;
  late_before: number;
  late_after: number;
  not_possible: number;
  not_collected: number;
  missing: number;
};

/** A week as it was published, once: the only thing that leaves for a channel. */
export type ReleaseRow = {
  school_urn: string;
  week: string;
  version: number;
  published_at: Date;
  body: Json<unknown>;
};

/** The trust's week, made of its schools' releases and published once. */
export type TrustReleaseRow = { week: string; published_at: Date; body: Json<unknown> };
