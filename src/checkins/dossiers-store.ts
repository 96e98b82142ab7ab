/**
 * Reads all that a press is judged by in one way to the database, for many presses at once: the check-in, its milestone,
 * what was approved before, and which cards were sent. Writes nothing.
 */
import { sql } from 'kysely';
import type { Chosen } from '../directory/roster.ts';
import { inBatches } from '../storage/batch.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { CheckinRow, MilestoneRow, StoredAnswer } from '../storage/tables/checkins.ts';
import type { Copy } from './effects.ts';
import { isReached } from './escalation.ts';
import type { Answer, Checkin } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import { toMilestone } from './milestones-store.ts';
import type { Delegation } from './settings.ts';
import { answeredBy, type CheckinMessage, type Stored, toCheckin } from './store.ts';

/** `last` and `unchangedBefore` tell of the approved check-ins before this one; two "no change" are as far as is counted. */
export type Dossier = {
  readonly checkin: Checkin;
  readonly milestone: Milestone;
  readonly last?: Answer | undefined;
  readonly unchangedBefore: number;
  readonly copies: readonly (CheckinMessage & Pick<Copy, 'reached'>)[];
  /** Whom people chose to act in their place, whatever the day. */
  readonly chosen: Chosen;
};

type Row = Stored<CheckinRow> & {
  milestone: MilestoneRow;
  past: { answer: StoredAnswer; unchanged: boolean }[] | null;
  sent: Omit<CheckinMessage, 'checkinId'>[] | null;
  waited_from: number | null;
  chosen: Record<string, Delegation> | null;
};

/** Those of these check-ins that there are, the longest-waiting first. */
export async function readDossiers(db: Db | Trx, checkinIds: readonly string[]): Promise<Dossier[]> {
  if (checkinIds.length === 0) return [];
  const { rows } = await sql<Row>`
    select checkin.*, ${answeredBy('checkin')}, to_jsonb(milestone) as milestone, before.past, copies.sent,
      (select jsonb_object_agg(person_id, jsonb_build_object('delegate', delegate_id, 'from', delegate_from, 'to', delegate_to))
        from checkin_settings where delegate_id is not null) as chosen,
      case when checkin.state not in ('open', 'submitted') then (
        select max(step.version) from checkin_history step
          join checkin_history before on before.checkin_id = step.checkin_id and before.version = step.version - 1
        where step.checkin_id = checkin.id and step.state = 'submitted' and before.state <> 'submitted'
      ) end as waited_from
    from checkins checkin join milestones milestone on milestone.id = checkin.milestone_id
      cross join lateral (
        select jsonb_agg(jsonb_build_object('answer', answer, 'unchanged', unchanged)
          order by decided_at desc, round desc) as past
        from (
          select answer, unchanged, decided_at, round from checkins earlier
          where earlier.milestone_id = checkin.milestone_id and earlier.state = 'approved' and earlier.id <> checkin.id
          order by decided_at desc, round desc limit 2
        ) as approved
      ) as before
      cross join lateral (
        select jsonb_agg(jsonb_build_object('key', key, 'personId', person_id, 'role', role)
          order by sent_at, key) as sent
        from checkin_messages message where message.checkin_id = checkin.id
      ) as copies
    where checkin.id = any(${[...new Set(checkinIds)]}::text[])
    order by checkin.submitted_at, checkin.id`.execute(db);
  return rows.map(({ milestone, past, sent, chosen, waited_from: since, ...row }) => {
    const checked = past?.findIndex(({ unchanged }) => !unchanged) ?? 0;
    return {
      checkin: toCheckin(row),
      milestone: toMilestone(milestone),
      last: past?.[0]?.answer,
      unchangedBefore: checked < 0 ? (past?.length ?? 0) : checked,
      copies: (sent ?? []).map((message) => ({
        ...message,
        checkinId: row.id,
        ...(since !== null && isReached(message.key, since) ? { reached: true } : {}),
      })),
      chosen: new Map(Object.entries(chosen ?? {})),
    };
  });
}

/** One of them; presses of the same moment are read together. */
export const readDossier: (db: Db, checkinId: string) => Promise<Dossier | undefined> = inBatches(
  async (db, checkinIds: readonly string[]) => {
    const found = new Map((await readDossiers(db, checkinIds)).map((one) => [one.checkin.id, one]));
    return checkinIds.map((id) => found.get(id));
  },
);

/** Every check-in that stands on a card with one of these. */
export async function readBeside(db: Db | Trx, checkinIds: readonly string[]): Promise<string[]> {
  if (checkinIds.length === 0) return [];
  const { rows } = await sql<{ checkin_id: string }>`
    select distinct beside.checkin_id from checkin_messages message
      join checkin_messages beside on beside.key = message.key
    where message.checkin_id = any(${[...checkinIds]}::text[])`.execute(db);
  return rows.map((row) => row.checkin_id);
}
