/**
 * Many people and many check-ins in a running service's store, for campaigns and measurements: rows as the service writes
 * them, with every card that was sent. Nothing here is asked or answered; that is what the campaigns do over HTTP.
 */
import { sql } from 'kysely';
import type { Card } from '../../src/cards/elements.ts';
import { cardFor, type Face } from '../../src/checkins/cards.ts';
import type { Answer, Checkin, CheckinState } from '../../src/checkins/lifecycle.ts';
import type { Milestone } from '../../src/checkins/milestone.ts';
import { insertDrafts } from '../../src/delivery/store.ts';
import { contentId, newId } from '../../src/kernel/ids.ts';
import { STAGED } from '../../src/sandbox/arrivals.ts';
import { type Db, inTransaction } from '../../src/storage/database.ts';

const STAGE_ROUND = '2026-11-23';
const SENT_AT = new Date('2026-11-23T08:00:00Z');
const CHUNK = 400;

export type StagePerson = { readonly id: string; readonly managerId?: string };

/** Ids such as Graph gives, so that nothing tells a staged person from another. */
export function stageId(name: string): string {
  const hex = contentId(['stage', name]).padEnd(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(12, 15)}-8${hex.slice(15, 18)}-${hex.slice(18, 30)}`;
}

/** Makes them staff in our copy of the directory, as a sync would. */
export async function stagePeople(db: Db, staffGroup: string, people: readonly StagePerson[]): Promise<void> {
  for (let start = 0; start < people.length; start += CHUNK) {
    const part = people.slice(start, start + CHUNK);
    await db
      .insertInto('people')
      .values(
        part.map(({ id, managerId }) => ({
          id,
          name: `Name ${id}`,
          given_name: givenName(id),
          mail: `${id}@example.org`,
          job_title: 'Staff',
          office: '',
          enabled: true,
          member: true,
          manager_id: managerId ?? null,
        })),
      )
      .execute();
    await db
      .insertInto('group_members')
      .values(part.map(({ id }) => ({ group_id: staffGroup, person_id: id })))
      .execute();
  }
  await sql`update directory_state set revision = revision + 1, synced_at = clock_timestamp()`.execute(db);
}

export function givenName(id: string): string {
  return `G${id.slice(0, 6)}`;
}

export type Staged = {
  readonly checkin: Checkin;
  readonly milestone: Milestone;
  readonly ownerId: string;
  /** Who was sent the review. */
  readonly readers: readonly string[];
  readonly ownerCard: Card;
  readonly reviewCard: Card;
};

export type StageOrder = {
  readonly ownerId: string;
  readonly readers: readonly string[];
  readonly state: CheckinState;
  /** Stands in the note; whoever sees it has seen the check-in. */
  readonly mark: string;
};

const ANSWER: Answer = {
  status: 'on-track',
  confidence: 'high',
  value: 9,
  note: '',
  blocker: '',
  evidence: '',
};

/** Check-ins of one milestone each, with the cards of owner and readers as sent and delivered to `serviceUrl`. */
export async function stageCheckins(
  db: Db,
  orders: readonly StageOrder[],
  place: { readonly serviceUrl: string; readonly tenantId: string; readonly botId: string },
): Promise<Staged[]> {
  const staged = orders.map(stagedFrom);
  for (let start = 0; start < staged.length; start += CHUNK)
    await writeChunk(db, staged.slice(start, start + CHUNK), place);
  await sql`analyse`.execute(db);
  return staged;
}

function stagedFrom(order: StageOrder): Staged {
  const id = newId('m');
  const milestone: Milestone = {
    id,
    title: `Every family has met their tutor, ${order.mark}`,
    strand: 'disadvantage-first',
    ownerId: order.ownerId,
    measure: 'Families reached so far',
    unit: 'families',
    target: 150,
    due: '2027-07-16',
    everyWeeks: 6,
    firstRound: STAGE_ROUND,
    nextRound: '2027-01-11',
    ended: false,
  };
  const said = order.state !== 'open';
  const decided = order.state === 'approved' || order.state === 'returned';
  const checkin: Checkin = {
    id: contentId(['checkin', id, STAGE_ROUND, order.ownerId]),
    milestoneId: id,
    round: STAGE_ROUND,
    ownerId: order.ownerId,
    state: order.state,
    version: said ? (decided ? 3 : 2) : 1,
    ...(said ? { answer: { ...ANSWER, note: `Going well, ${order.mark}.` }, submittedAt: SENT_AT } : {}),
    unchanged: false,
    asked: 1,
    resting: false,
    ...(order.state === 'returned' ? { comment: `Which ones, ${order.mark}?` } : {}),
    ...(decided ? { decidedBy: order.readers[0] ?? '', decidedAt: SENT_AT } : {}),
  };
  const face: Face = {
    checkin,
    milestone,
    names: { owner: givenName(order.ownerId), reviewer: givenName(order.readers[0] ?? '') },
  };
  return {
    checkin,
    milestone,
    ownerId: order.ownerId,
    readers: order.readers,
    ownerCard: cardFor('owner', face),
    reviewCard: cardFor('reviewer', face),
  };
}

async function writeChunk(
  db: Db,
  chunk: readonly Staged[],
  place: { readonly serviceUrl: string; readonly tenantId: string; readonly botId: string },
): Promise<void> {
  const copies = chunk.flatMap(({ checkin, ownerId, readers, ownerCard, reviewCard }) => [
    { checkin, key: `checkin/${checkin.id}/ask`, personId: ownerId, role: 'owner' as const, card: ownerCard },
    ...readers.map((personId) => ({
      checkin,
      key: `checkin/${checkin.id}/review/2/${personId}`,
      personId,
      role: 'reviewer' as const,
      card: reviewCard,
    })),
  ]);
  await inTransaction(db, async (trx) => {
    await trx
      .insertInto('milestones')
      .values(
        chunk.map(({ milestone }) => ({
          id: milestone.id,
          title: milestone.title,
          strand: milestone.strand,
          school_urn: null,
          owner_id: milestone.ownerId,
          measure: milestone.measure,
          unit: milestone.unit,
          target: milestone.target,
          due: milestone.due,
          every_weeks: milestone.everyWeeks,
          first_round: milestone.firstRound,
          ask_in: 'chat',
          next_round: milestone.nextRound ?? null,
          ended: false,
          changed_at: SENT_AT,
        })),
      )
      .execute();
    await trx
      .insertInto('checkins')
      .values(
        chunk.map(({ checkin }) => ({
          id: checkin.id,
          milestone_id: checkin.milestoneId,
          round: checkin.round,
          owner_id: checkin.ownerId,
          state: checkin.state,
          version: checkin.version,
          answer: checkin.answer ? JSON.stringify(checkin.answer) : null,
          unchanged: false,
          submitted_at: checkin.submittedAt ?? null,
          help_asked_at: null,
          asked: 1,
          ask_on: null,
          resting: false,
          comment: checkin.comment ?? null,
          decided_by: checkin.decidedBy ?? null,
          decided_at: checkin.decidedAt ?? null,
          opened_at: SENT_AT,
        })),
      )
      .execute();
    await trx
      .insertInto('checkin_messages')
      .values(
        copies.map(({ checkin, key, personId, role }) => ({
          key,
          checkin_id: checkin.id,
          person_id: personId,
          role,
          sent_at: SENT_AT,
        })),
      )
      .execute();
    await insertDrafts(
      trx,
      'stage',
      copies.map(({ key, personId, card }) => ({ key, card, target: { kind: 'person', personId } })),
    );
    await sql`
      update deliveries set state = 'delivered', shown_version = card_version, settled_at = clock_timestamp(),
        service_url = ${place.serviceUrl}, conversation_id = 'a:chat-' || person_id, activity_id = ${STAGED} || id
      where run_id = 'stage' and state = 'due'`.execute(trx);
  });
}
