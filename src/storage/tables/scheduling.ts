/** Rows of rules and of slots, each of which is one run. Each is written by one store of scheduling alone. */
import type { ColumnType, Generated } from 'kysely';
import type { Json } from './foundation.ts';

export type SchedulingTables = { rules: RuleRow; slots: SlotRow; alarms: AlarmRow; pauses: PauseRow };

/** A late or missed run of which operators were told. */
export type AlarmRow = { run_id: string; kind: 'late' | 'missed'; raised_at: Date };

/** `subject`: the rule or the school's URN; empty for everything. */
export type PauseRow = {
  id: string;
  kind: string;
  subject: string;
  reason: string;
  paused_by: string;
  since: Date;
  until: Date | null;
};

/** Up to when the slots of a rule have been written down. */
export type RuleRow = { rule: string; recorded_until: Date };

type DbTime = ColumnType<Date, Date | undefined, Date>;

export type SlotRow = {
  rule: string;
  slot_key: string;
  run_id: string;
  due_at: Date;
  state: Generated<string>;
  reason: string | null;
  note: string | null;
  deliveries: number | null;
  /** Of a rule by schools that was carried out: the URNs of those whose day it was not, `trust` for whoever works across them. */
  left_out: Json<string[]> | null;
  attempts: Generated<number>;
  not_before: DbTime;
  lease_holder: string | null;
  lease_until: Date | null;
  created_at: DbTime;
  updated_at: DbTime;
};
