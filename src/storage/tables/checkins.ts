/** Rows of milestones, check-ins, their history. Written by `checkins/store.ts` alone. Dates are ISO text, not instants. */
import type { Generated } from 'kysely';
import type { Json } from './foundation.ts';

export type CheckinsTables = {
  milestones: MilestoneRow;
  milestone_history: MilestoneHistoryRow;
  checkins: CheckinRow;
  checkin_history: CheckinHistoryRow;
  checkin_messages: CheckinMessageRow;
  checkin_refreshes: CheckinRefreshRow;
  checkin_settings: CheckinSettingsRow;
  checkin_drafts: CheckinDraftRow;
  milestone_list_state: MilestoneListStateRow;
  milestone_list_rows: MilestoneListRow;
};

export type MilestoneRow = {
  id: string;
  title: string;
  strand: string;
  school_urn: string | null;
  /** A team of the trust's file; never beside a school. */
  team_id: string | null;
  /** Who reads its check-ins, by `checkins/reader-rule.ts`; null: the owner's line manager. */
  reviewer: string | null;
  owner_id: string;
  measure: string;
  unit: string;
  target: number;
  /** Which way is better; null: nobody has said. */
  direction: 'higher' | 'lower' | 'by-date' | 'yes-no' | null;
  due: string;
  every_weeks: number;
  cadence: 'half-termly' | 'fortnightly' | 'term-end' | 'weekly' | null;
  first_round: string;
  ask_in: 'chat' | 'channel';
  next_round: string | null;
  ended: boolean;
  /** Its owner was asked whether weekly is all right, and has not said. */
  weekly_asked: boolean | null;
  changed_at: Date;
};

/** Each change of a milestone, with the whole of it as it stood from then on. */
export type MilestoneHistoryRow = {
  seq: Generated<number>;
  milestone_id: string;
  at: Date;
  change: 'added' | 'changed' | 'moved' | 'ended';
  /** Who changed it, or Waymark; null before it was kept. */
  changed_by: string | null;
  milestone: Json<unknown>;
};

/** What an owner said, as it is kept; `checkins/lifecycle.ts` gives it its meaning. */
export type StoredAnswer = {
  readonly status: 'on-track' | 'at-risk' | 'off-track';
  readonly confidence: 'high' | 'medium' | 'low';
  readonly value?: number;
  readonly note: string;
  readonly blocker: string;
  readonly evidence: string;
  readonly unblocker?: string;
  readonly unblockerId?: string;
};

export type CheckinRow = {
  id: string;
  milestone_id: string;
  round: string;
  owner_id: string;
  state: 'open' | 'submitted' | 'approved' | 'returned' | 'withdrawn';
  version: number;
  answer: Json<StoredAnswer> | null;
  unchanged: boolean;
  submitted_at: Date | null;
  help_asked_at: Date | null;
  asked: number;
  ask_on: string | null;
  resting: boolean;
  comment: string | null;
  question: string | null;
  reply: string | null;
  decided_by: string | null;
  decided_at: Date | null;
  opened_at: Date;
  /** Of an answer that waits long: see `checkins/escalation.ts`. */
  told_to: string | null;
  escalate_from: string | null;
  escalated_to: string | null;
};

/** Each change of a check-in: who, when, and what it then said. */
export type CheckinHistoryRow = {
  seq: Generated<number>;
  checkin_id: string;
  version: number;
  event: string;
  actor: string;
  at: Date;
  state: string;
  answer: Json<StoredAnswer> | null;
  comment: string | null;
};

/** Every card that was sent for a check-in, so that all copies can be brought up to date. */
export type CheckinMessageRow = {
  key: string;
  checkin_id: string;
  /** The channel's id when `role` is `channel`. */
  person_id: string;
  role: 'owner' | 'reviewer' | 'channel' | 'stand-in';
  sent_at: Date;
};

/** A check-in that changed after its cards were last drawn; one row a change. */
export type CheckinRefreshRow = {
  seq: Generated<number>;
  checkin_id: string;
};

/** How far the trust's SharePoint list of milestones was read. Written by `checkins/list-store.ts` alone, as the next. */
export type MilestoneListStateRow = {
  list: string;
  link: string | null;
  problems: Json<unknown>;
  looked_at: Date;
};

/** The row of the list that stands for a milestone, and a mark of what was last written to it. */
export type MilestoneListRow = {
  milestone_id: string;
  row_id: string;
  written: string | null;
  written_at: Date | null;
  /** Of a milestone made in chat: the mark of how the row was last told of it. */
  plan_written: string | null;
};

/** What a person chose for themself. Written by `checkins/settings-store.ts` alone. */
export type CheckinSettingsRow = {
  person_id: string;
  paused_until: string | null;
  reminded: boolean;
  /** ISO weekdays with commas between; null: what the trust's file says. */
  works: string | null;
  /** Local times; null: no bound. */
  hours_from: string | null;
  hours_to: string | null;
  /** Acts in this person's place on these days, both included. */
  delegate_id: string | null;
  delegate_from: string | null;
  delegate_to: string | null;
  changed_at: Date;
  /** Grows by one with each saving; a card carries the one that it showed. */
  version: Generated<number>;
};

/** What somebody typed into a form and has not sent. */
export type CheckinDraftRow = {
  milestone_id: string;
  person_id: string;
  typed: Json<StoredDraft>;
  saved_at: Date;
};

/** The fields of the form as text; `checkins/form.ts` gives them their meaning. */
export type StoredDraft = {
  readonly status: string;
  readonly confidence: string;
  readonly value: string;
  readonly note: string;
  readonly blocker: string;
  readonly evidence: string;
  /** Absent from what was kept before they were asked for. */
  readonly unblocker?: string;
  readonly unblockerId?: string;
};
