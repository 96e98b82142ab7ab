/**
 * Plans which answers have waited long, and writes it in the run's transaction: the word to their reader, and the next
 * manager's card. Planned again, the same day gives nothing twice: what was written is on the row.
 */
import type { Draft } from '../delivery/message.ts';
import { addDays, dateOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import type { Trx } from '../storage/database.ts';
import { cardFor } from './cards.ts';
import type { Sending } from './effects.ts';
import { escalate, reachedKey } from './escalation.ts';
import { type Answer, type Checkin, type Escalated, WAYMARK } from './lifecycle.ts';
import { type CheckinsResources, faceOf, type Lines } from './lines-service.ts';
import { placeSendings } from './lists-service.ts';
import type { Milestone } from './milestone.ts';
import { addMessages, lockCheckin, noteRefreshes, saveEscalation } from './store.ts';

/** `alone`: a message of its own, since it tells something; others join the reader's waiting card. */
export type PlannedEscalation = {
  readonly checkin: Checkin;
  readonly escalation: Escalated;
  readonly sending: Sending & { readonly copy: NonNullable<Sending['copy']> };
  readonly alone: boolean;
};

export function planEscalations(
  { trust, schoolDays }: Pick<CheckinsResources, 'trust' | 'schoolDays'>,
  lines: Lines,
  rows: {
    readonly milestones: readonly Milestone[];
    readonly live: readonly Checkin[];
    readonly last: ReadonlyMap<string, Answer | undefined>;
  },
): PlannedEscalation[] {
  const after = trust.policies.escalate_after_days;
  if (after === undefined) return [];
  const milestones = new Map(rows.milestones.map((milestone) => [milestone.id, milestone]));
  return rows.live.flatMap((checkin): PlannedEscalation[] => {
    const milestone = milestones.get(checkin.milestoneId);
    if (checkin.state !== 'submitted' || !checkin.submittedAt || !milestone) return [];
    const isSchoolDay = (date: string) => schoolDays.isSchoolDay(milestone.schoolUrn, date);
    const found = escalate({
      checkin,
      after,
      waited: schoolDaysBetween(
        dateOf(checkin.submittedAt, trust.trust.zone),
        lines.today,
        after,
        isSchoolDay,
      ),
      today: lines.today,
      schoolDayAfter: (count) => schoolDayAfter(lines.today, count, isSchoolDay),
      readers: lines.readersOf(checkin, milestone),
      managersOf: lines.managers,
      isStaff: (id) => lines.person(id)?.staff === true,
    });
    if (found.kind === 'nothing') return [];
    const told = found.kind === 'tell';
    const personId = told ? found.reader : found.to;
    const escalation: Escalated = told
      ? { told: found.reader, from: found.from }
      : { told: checkin.escalation?.told ?? '', from: checkin.escalation?.from ?? lines.today, to: found.to };
    const next = { ...checkin, escalation };
    const key = told
      ? `checkin/${checkin.id}/told/${checkin.version}/${personId}`
      : reachedKey(checkin.id, checkin.version, personId);
    const card = cardFor('reviewer', faceOf(lines, next, milestone, rows.last.get(milestone.id)));
    const draft: Draft = { key, target: { kind: 'person', personId }, card };
    const sending = { draft, copy: { key, personId, role: 'reviewer' as const } };
    return [{ checkin, escalation, sending, alone: told }];
  });
}

/** Gives the messages to enqueue; none when the answer was read meanwhile. */
export async function writeEscalation(
  trx: Trx,
  { checkin, escalation, sending, alone }: PlannedEscalation,
  now: Date,
): Promise<readonly Draft[]> {
  const present = await lockCheckin(trx, checkin.id);
  if (!present || !(await saveEscalation(trx, checkin, escalation))) return [];
  await noteRefreshes(trx, [checkin.id]);
  await writeAudit(trx, {
    at: now,
    actor: WAYMARK,
    action: alone ? 'checkins.tell-waiting' : 'checkins.escalate',
    subject: checkin.id,
    detail: { to: sending.copy.personId },
  });
  if (!alone) return placeSendings(trx, checkin.id, [sending], now);
  await addMessages(trx, [{ ...sending.copy, checkinId: checkin.id }], now);
  return [sending.draft];
}

/** School days after `from` up to `to`; it stops at `enough`. */
function schoolDaysBetween(
  from: string,
  to: string,
  enough: number,
  isSchoolDay: (date: string) => boolean,
): number {
  let count = 0;
  for (let day = addDays(from, 1); day <= to && count < enough; day = addDays(day, 1))
    if (isSchoolDay(day)) count += 1;
  return count;
}

/** Over the longest holidays; where the calendar has ended, about as many days. */
function schoolDayAfter(from: string, count: number, isSchoolDay: (date: string) => boolean): string {
  let left = count;
  let day = from;
  for (let step = 0; step < 90 && left > 0; step += 1) {
    day = addDays(day, 1);
    if (isSchoolDay(day)) left -= 1;
  }
  return left === 0 ? day : addDays(from, count);
}
