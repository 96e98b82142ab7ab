/**
 * Rows of imports, group weeks, releases and what people chose on a nudge. Written by the stores of `attendance` alone. A
 * school week keeps its earlier versions, so that weeks can be compared as they stood. Pupils are pseudonyms, and names
 * stand only in `pupil_rows`, encrypted and for two weeks, where a school may show them.
 */
import type { ColumnType } from 'kysely';
import type { Json } from './foundation.ts';

export type AttendanceTables = {
  attendance_imports: ImportRow;
  school_weeks: SchoolWeekRow;
  group_weeks: GroupWeekRow;
  releases: ReleaseRow;
  trust_releases: TrustReleaseRow;
  benchmarks: BenchmarkRow;
  pupil_weeks: PupilWeekRow;
  pupil_rows: PupilRowsRow;
  import_files: ImportFileRow;
  import_cursors: ImportCursorRow;
};

/** `staged`: being written, seen by nobody; what was left staged by an end of the process is deleted by the next import. */
export type ImportRow = {
  id: string;
  received_at: Date;
  actor: string;
  marks: number;
  school_weeks: number;
  state: 'staged' | 'published';
  source: string;
};

/** The sheet of a school's week (`attendance/sheet.ts`): of the current version only. */
export type PupilWeekRow = {
  school_urn: string;
  week: string;
  import_id: string;
  pupils: number;
  body: Uint8Array;
  key_mark: string | null;
};

/** The names of a tutor group in a week, locked (`attendance/sealed.ts`). */
export type PupilRowsRow = {
  school_urn: string;
  week: string;
  reg_group: string;
  import_id: string;
  expires_at: Date;
  body: Uint8Array;
  /** Under which key it is locked (`kernel/keyring.ts`). */
  key_mark: string | null;
};

/** A version of a file in a library that has been taken, so that it is taken once. */
export type ImportFileRow = {
  source: string;
  item: string;
  version: string;
  taken_at: Date;
  outcome: 'imported' | 'refused' | 'checked';
};

/** Where to go on listing a library's changes. */
export type ImportCursorRow = { source: string; link: string };

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

/** Sessions of a group in a school week as an import left it. `pupils`: those with a possible session. */
export type GroupWeekRow = {
  school_urn: string;
  week: string;
  import_id: string;
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

/** Sessions of an area and phase in a week or school year, as a government department published them. */
export type BenchmarkRow = {
  level: 'national' | 'regional' | 'local-authority';
  area: string;
  area_name: string;
  phase: 'primary' | 'secondary' | 'special' | 'all';
  period: string;
  /** Beyond 2^31 for a country's year; the driver gives such numbers as text. */
  possible: ColumnType<string, number, number>;
  attended: ColumnType<string, number, number>;
  /** ISO date. */
  published: string;
  imported_at: Date;
};

/** The trust's week, made of its schools' releases and published once. */
export type TrustReleaseRow = { week: string; published_at: Date; body: Json<unknown> };
