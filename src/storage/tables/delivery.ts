/** Rows of the ledger of deliveries, the conversation references and the send slots. Written by delivery's stores alone. */
import type { ColumnType, Generated } from 'kysely';
import type { Json } from './foundation.ts';

export type DeliveryTables = {
  deliveries: DeliveryRow;
  conversations: ConversationRow;
  send_slots: SendSlotRow;
  openings: OpeningRow;
  looks: LookRow;
  gathered: GatheredRow;
};

/** A time that the database sets. */
type DbTime = ColumnType<Date, Date | undefined, Date>;

export type DeliveryRow = {
  seq: Generated<number>;
  id: string;
  run_id: string;
  key: string;
  target_kind: string;
  person_id: string | null;
  team_id: string | null;
  channel_id: string | null;
  card: Json<unknown>;
  /** Counts the faces of the card: `shown_version` < `card_version` on a delivered row means an edit is due. */
  card_version: Generated<number>;
  shown_version: number | null;
  urgent: boolean;
  expires_at: Date | null;
  state: Generated<string>;
  reason: string | null;
  attempts: Generated<number>;
  not_before: DbTime;
  lease_holder: string | null;
  lease_until: Date | null;
  service_url: string | null;
  conversation_id: string | null;
  activity_id: string | null;
  edit_attempts: Generated<number>;
  edit_not_before: DbTime;
  edit_lease_until: Date | null;
  edit_problem: string | null;
  /** W3C `traceparent` of what wrote it. */
  trace: string | null;
  created_at: DbTime;
  /** When it might first leave; null for what was written before that was kept. */
  first_due: Date | null;
  updated_at: DbTime;
  sent_at: Date | null;
  settled_at: Date | null;
  /** Taken back by an operator. */
  recalled_at: Date | null;
  /** Why it was withdrawn, also while it was being posted: it is not due again. */
  withdrawn: string | null;
};

export type ConversationRow = {
  /** `person:<id>`, `channel:<id>` or `chat:<id>`. */
  owner: string;
  team_id: string | null;
  conversation_id: string;
  service_url: string;
  bot_id: string;
  tenant_id: string;
  state: string;
  reason: string | null;
  paced_until: DbTime;
  throttled_until: DbTime;
  created_at: DbTime;
  updated_at: DbTime;
};

/** `share` of the limit that might be used at `share_at`; it grows back from then. */
export type SendSlotRow = { scope: string; next_at: Date; share: Generated<number>; share_at: DbTime };

/** A person's own chat that is to be opened, or could not be for a reason. */
export type OpeningRow = {
  person_id: string;
  state: 'wanted' | 'refused';
  reason: string | null;
  tries: Generated<number>;
  next_at: DbTime;
  lease_until: Date | null;
  updated_at: DbTime;
};

/** When an uncertain message was looked for, by the attempt that left it so. */
export type LookRow = { delivery_id: string; attempt: number; looks: Generated<number>; next_at: Date };

/** A message that was too much for a week. `into_key`: the card that names it; `fate`: what the report says of it by then. */
export type GatheredRow = {
  key: string;
  person_id: string;
  run_id: string;
  into_key: string | null;
  fate: string | null;
  opened_at: Date | null;
  gathered_at: Date;
};
