/** Rows of the ledger of deliveries, the conversation references and the send slots. Written by delivery's stores alone. */
import type { ColumnType, Generated } from 'kysely';
import type { Json } from './foundation.ts';

export type DeliveryTables = {
  deliveries: DeliveryRow;
  conversations: ConversationRow;
  send_slots: SendSlotRow;
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
  created_at: DbTime;
  updated_at: DbTime;
  sent_at: Date | null;
  settled_at: Date | null;
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

export type SendSlotRow = { scope: string; next_at: Date };
