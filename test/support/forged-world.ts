/**
 * The stage of the forgeries: staff, check-ins in every state, drafts of replies, milestones made on cards, and the one honest
 * press of each, which only one person may make, once. Each stands on a thing of its own, whose mark tells who was shown it.
 */
import { sql } from 'kysely';
import type { CardVerbOf } from '../../src/access/policy.ts';
import { draftCard, draftKey } from '../../src/checkins/draft-card.ts';
import type { CheckinState } from '../../src/checkins/lifecycle.ts';
import { insertDrafts } from '../../src/delivery/store.ts';
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import { addDays } from '../../src/kernel/time.ts';
import { STAGED } from '../../src/sandbox/arrivals.ts';
import { type Db, inTransaction } from '../../src/storage/database.ts';
import { givenName, type Staged, stageCheckins, stageId, stagePeople } from './checkin-stage.ts';

export type Verb = CardVerbOf<'checkins'>;

/** The press that its card offers, by whom it is offered to. */
export type Specimen = {
  readonly verb: Verb;
  readonly personId: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Staff who may not press it. */
  readonly wrong: readonly string[];
  readonly mark: string;
  /** Who may be shown that. */
  readonly seenBy: readonly string[];
  /** What its rightful presser may write even by an old card: words, or a card, that nobody else sees. */
  readonly own?: {
    readonly name: 'checkin_drafts' | 'deliveries';
    readonly fields: Readonly<Record<string, string>>;
  };
};

export type StageParts = {
  readonly db: Db;
  readonly staffGroup: string;
  /** By the service's clock. */
  readonly today: string;
  readonly place: { readonly serviceUrl: string; readonly tenantId: string; readonly botId: string };
};

/** Of the sample trust: a trust leader, a head who leads nothing else, and colleagues in one school's team with their managers. */
const LEADER = '00000000-0000-4000-8000-000000000101';
const OTHER_HEAD = '00000000-0000-4000-8000-000000000801';
const IN_TEAM: readonly (readonly [owner: string, manager: string])[] = [
  ['802', '801'],
  ['803', '801'],
  ['804', '802'],
  ['805', '802'],
  ['806', '804'],
].map(([owner = '', manager = '']) => [tenantId(owner), tenantId(manager)]);
const TEAM_SCHOOL = '900007';
/** Its head and its strand's leads are not among those who try. */
const MADE_AT = { 'choice-school': '900005', 'choice-strand': 'attendance' };

function tenantId(last: string): string {
  return `00000000-0000-4000-8000-000000000${last}`;
}

export type Stage = {
  readonly strangers: readonly string[];
  /** A check-in of somebody's own, told apart by its mark. */
  checkin(state: CheckinState): Staged & { readonly mark: string };
  /** One with an earlier round that was approved. */
  repeated(): Staged & { readonly mark: string };
  /** One whose reader has asked something. */
  questioned(): Staged & { readonly mark: string };
  /** The draft of its owner's reply in the channel of their school. */
  reply(): Staged & { readonly mark: string; readonly key: string };
  /** Who may make milestones, and who may not make this one. */
  readonly makers: { readonly right: string; readonly wrong: readonly string[] };
  /** The fields of a milestone, filled for a new owner. */
  form(): {
    readonly inputs: Readonly<Record<string, string>>;
    readonly ownerId: string;
    readonly managerId: string;
    readonly mark: string;
  };
  readonly everybody: { readonly owners: readonly string[]; readonly managers: readonly string[] };
};

type Kind = CheckinState | 'repeated' | 'questioned' | 'reply';

/** `wanted`: how many of each kind there will be asked for. */
export async function setStage(
  { db, staffGroup, today, place }: StageParts,
  wanted: readonly (readonly [kind: Kind, count: number])[],
  forms: number,
): Promise<Stage> {
  const name = (role: string, index: number) => stageId(`${newId(role)}${index}`);
  const managers = Array.from({ length: 6 }, (_, index) => name('manager', index));
  const managerOf = (index: number) => must(managers[index % managers.length], 'a manager');
  const owners = Array.from({ length: 24 }, (_, index) => ({
    id: name('owner', index),
    managerId: managerOf(index),
  }));
  // A person gets three milestones at most.
  const keepers = Array.from({ length: Math.ceil(forms / 2) }, (_, index) => ({
    id: name('keeper', index),
    managerId: managerOf(index),
  }));
  const strangers = Array.from({ length: 6 }, (_, index) => name('stranger', index));
  await stagePeople(db, staffGroup, [
    ...managers.map((id) => ({ id })),
    ...owners,
    ...keepers,
    ...strangers.map((id) => ({ id, managerId: managerOf(0) })),
  ]);
  let marks = 0;
  const kinds = wanted.flatMap(([kind, count]) => Array.from({ length: count }, () => kind));
  const orders = kinds.map((kind, index) => {
    const [inTeam, above] = must(IN_TEAM[index % IN_TEAM.length], 'a colleague');
    const { id, managerId } = must(owners[index % owners.length], 'an owner');
    const state: CheckinState =
      kind === 'repeated' || kind === 'reply' ? 'open' : kind === 'questioned' ? 'submitted' : kind;
    marks += 1;
    const [ownerId, reader] = kind === 'reply' ? [inTeam, above] : [id, managerId];
    return { ownerId, readers: [reader], state, mark: `mark${marks}` };
  });
  const staged = await stageCheckins(db, orders, place);
  const pools = new Map<Kind, (Staged & { mark: string })[]>();
  staged.forEach((item, index) => {
    const kind = must(kinds[index], 'a kind');
    pools.set(kind, [...(pools.get(kind) ?? []), { ...item, mark: must(orders[index], 'an order').mark }]);
  });
  const idsOf = (kind: Kind) => (pools.get(kind) ?? []).map(({ checkin }) => checkin.id);
  // Whatever day it is, nobody is asked while the forgers are at work.
  await sql`update milestones set next_round = '2099-01-05' where id = any(${staged.map(({ milestone }) => milestone.id)})`.execute(
    db,
  );
  await sql`update checkins set question = 'Which families?' where id = any(${idsOf('questioned')})`.execute(
    db,
  );
  await sql`
    insert into checkins (id, milestone_id, round, owner_id, state, version, answer, unchanged, asked, resting, opened_at,
      submitted_at, decided_by, decided_at)
    select md5(id), milestone_id, '2026-10-12', owner_id, 'approved', 3,
      '{"status":"on-track","confidence":"high","value":9,"note":"","blocker":"","evidence":""}', false, 1, false,
      opened_at - interval '42 days', opened_at - interval '41 days', 'waymark', opened_at - interval '40 days'
    from checkins where id = any(${idsOf('repeated')})`.execute(db);
  await sql`
    update milestones set school_urn = ${TEAM_SCHOOL}
    where id in (select milestone_id from checkins where id = any(${idsOf('reply')}))`.execute(db);
  const replies = (pools.get('reply') ?? []).map((item) => ({
    ...item,
    key: draftKey({ checkinId: item.checkin.id, authorId: item.ownerId, messageId: newId('post') }),
  }));
  await inTransaction(db, async (trx) => {
    await insertDrafts(
      trx,
      'stage',
      replies.map((item) => ({
        key: item.key,
        target: { kind: 'person', personId: item.ownerId },
        card: draftOf(item),
      })),
    );
    await sql`
      update deliveries set state = 'delivered', shown_version = card_version, settled_at = clock_timestamp(),
        service_url = ${place.serviceUrl}, conversation_id = 'a:chat-' || person_id, activity_id = ${STAGED} || id
      where run_id = 'stage' and state = 'due'`.execute(trx);
  });
  const take = (kind: Kind) => must(pools.get(kind)?.shift(), `one more that is ${kind}`);
  let formed = 0;
  return {
    strangers,
    checkin: take,
    repeated: () => take('repeated'),
    questioned: () => take('questioned'),
    reply: () => must(replies.shift(), 'one more reply'),
    makers: { right: LEADER, wrong: [OTHER_HEAD, ...strangers] },
    form: () => {
      const { id, managerId } = must(keepers[formed % keepers.length], 'a keeper');
      formed += 1;
      marks += 1;
      const mark = `mark${marks}`;
      const inputs = {
        ...MADE_AT,
        title: `Every family has met their tutor, ${mark}`,
        owner: `${id}@example.org`,
        'choice-reviewer': 'line-manager',
        reader: '',
        measure: 'Families reached so far',
        unit: 'families',
        target: '150',
        'choice-direction': 'higher',
        due: addDays(today, 200),
        'choice-cadence': 'half-termly',
      };
      return { inputs, ownerId: id, managerId, mark };
    },
    everybody: { owners: owners.map(({ id }) => id), managers },
  };
}

function draftOf({ key, checkin, milestone, ownerId, readers }: Staged & { readonly key: string }) {
  const names = { owner: givenName(ownerId), reviewer: givenName(readers[0] ?? '') };
  const typed = {
    status: 'on-track',
    confidence: 'high',
    value: '12',
    note: '',
    blocker: '',
    evidence: '',
    unblocker: '',
    unblockerId: '',
  };
  return draftCard({ key, checkin, milestone, names, typed, author: names.owner, own: true });
}
