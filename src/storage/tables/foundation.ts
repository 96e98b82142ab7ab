/** Rows of the audit (storage/audit.ts) and of inbound activities (bot/store.ts). */
import type { ColumnType, Generated } from 'kysely';

/** A jsonb column: read as a value, written as text. */
export type Json<T> = ColumnType<T, string, string>;

export type FoundationTables = { audit: AuditRow; audit_head: AuditHeadRow; activities: ActivityRow };

export type AuditRow = {
  seq: Generated<number>;
  at: Date;
  actor: string;
  action: string;
  subject: string;
  detail: Json<Readonly<Record<string, string | number | boolean>>>;
  /** The entry's place in the chain; null until it is sealed, as are the next four. */
  link: number | null;
  salt: string | null;
  commitment: string | null;
  seal: string | null;
  erasure: string | null;
};

/** One row, made by the migration: the end of the chain, and where it begins since older entries were deleted. */
export type AuditHeadRow = {
  links: number;
  seal: string;
  vouched: string;
  from_link: Generated<number>;
  from_seal: Generated<string>;
  from_vouched: Generated<string>;
};

/**
 * Inbound activities already taken, so that Teams' repeats run nothing twice. `late`: acknowledged, and to be finished; only
 * then what it said is kept. Who waits for it is kept until it is done.
 */
export type ActivityRow = {
  key: string;
  received_at: Date;
  state: 'running' | 'late' | 'done';
  response: Json<unknown> | null;
  person_id: string | null;
  event: Json<unknown> | null;
  tries: Generated<number>;
  lease_until: Date | null;
};
