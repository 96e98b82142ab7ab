/**
 * Rows of what became of each school's weekly nudge: sent or held, what people chose, which figures are queried, who wants
 * fewer. Written by `attendance/nudge-store.ts`, cards by `attendance/cards-store.ts`. No row is about a pupil.
 */

import type { ColumnType } from 'kysely';
import type { Json } from './foundation.ts';

export type NudgesTables = {
  nudge_weeks: NudgeWeekRow;
  nudge_cards: NudgeCardRow;
  attendance_threads: AttendanceThreadRow;
  nudge_choices: NudgeChoiceRow;
  nudge_queries: NudgeQueryRow;
  nudge_preferences: NudgePreferenceRow;
};

/**
 * `action`: the one thing its card suggested, in our own words.
 * `follows`: the earlier week whose action this one's card asks after. Weeks are ISO weeks.
 */
export type NudgeWeekRow = {
  school_urn: string;
  week: string;
  state: string;
  note: string | null;
  action: string | null;
  follows: string | null;
  decided_at: Date;
  recalled_at: Date | null;
  head_in: ColumnType<'digest' | 'chat', 'digest' | 'chat' | undefined, 'digest' | 'chat'>;
};

/** What a person asked about last in a conversation; written by `attendance/threads-store.ts`. */
export type AttendanceThreadRow = {
  person_id: string;
  conversation_id: string;
  thread: Json<unknown>;
  asked_at: Date;
};

/** `school_urn` and `person_id`: empty for the trust's card. `scope`: the groups of a tutor's. */
export type NudgeCardRow = {
  audience: 'tutor' | 'trust';
  week: string;
  school_urn: string;
  person_id: string;
  scope: string;
  place: 'message' | 'digest' | 'channel';
  action: string | null;
  follows: string | null;
  made_at: Date;
};

/** `scope`: empty for the school's own card, else the groups of a tutor's. Each kind at most once a card. */
export type NudgeChoiceRow = {
  school_urn: string;
  week: string;
  scope: string;
  kind: 'outcome' | 'help' | 'follow-up' | 'focus';
  choice: string;
  actor: string;
  at: Date;
};

/** `state`: `open`, `right` (checked and correct) or `wrong` (a correction comes). */
export type NudgeQueryRow = {
  id: string;
  school_urn: string;
  week: string;
  asker: string;
  reason: string;
  asked_at: Date;
  state: string;
  answered_by: string | null;
  answered_at: Date | null;
};

/** `paused_until` is a local date. */
export type NudgePreferenceRow = {
  person_id: string;
  every_weeks: number;
  paused_until: string | null;
  changed_at: Date;
};
