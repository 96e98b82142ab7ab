/**
 * Card actions that nobody may be able to send: wrong person, other tenant, old version, altered id, altered fields, a
 * recorded one again. Each over HTTP, by Execute or by its Submit fallback. Counts what was taken, and what told too much.
 */
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import { newId } from '../../src/kernel/ids.ts';
import type { Inbound, Speaker } from '../../src/sandbox/inbound.ts';
import type { Db } from '../../src/storage/database.ts';
import { type Staged, stageCheckins, stageId, stagePeople } from './checkin-stage.ts';
import { type Action, draws, forger, GOOD } from './forgeries.ts';
import { untilKnown } from './known.ts';
import { until } from './service.ts';

export type ForgedResult = {
  readonly sent: number;
  readonly byFamily: Readonly<Record<string, number>>;
  /** Forgeries after which a row, a history, an audit line or a message had changed. */
  readonly accepted: readonly string[];
  readonly faults: readonly string[];
  /** Answers to people whose check-in it is not that carried words of it. */
  readonly leaks: readonly string[];
};

export type ForgedWorld = {
  readonly db: Db;
  readonly teams: Inbound & { readonly url: string; readonly arrivals: readonly { activity: unknown }[] };
  readonly staffGroup: string;
  readonly tenantId: string;
  readonly botId: string;
  /** Mints the bearer token; only then is another tenant told apart (production). */
  readonly token?: string;
};

const BATCH = 8;
export async function forgeActions(world: ForgedWorld, count: number, seed: number): Promise<ForgedResult> {
  const random = draws(seed);
  const name = (role: string, index: number) => stageId(`${newId(role)}${index}`);
  const managers = [...Array(6).keys()].map((index) => name('manager', index));
  const owners = [...Array(24).keys()].map((index) => ({
    id: name('owner', index),
    managerId: must(managers[index % managers.length], 'a manager'),
  }));
  const strangers = [...Array(6).keys()].map((index) => name('stranger', index));
  await stagePeople(world.db, world.staffGroup, [
    ...managers.map((id) => ({ id })),
    ...owners,
    ...strangers.map((id) => ({ id, managerId: must(managers[0], 'a manager') })),
  ]);
  const states = ['open', 'submitted', 'submitted', 'returned', 'approved', 'withdrawn'] as const;
  const items = await stageCheckins(
    world.db,
    owners.map(({ id, managerId }, index) => ({
      ownerId: id,
      readers: [managerId],
      state: must(states[index % states.length], 'a state'),
      mark: `mark${index}`,
    })),
    { serviceUrl: world.teams.url, tenantId: world.tenantId, botId: world.botId },
  );
  const { teams, tenantId, botId, token } = world;
  const last = { personId: must(strangers.at(-1), 'a stranger'), tenantId, botId, conversationId: 'a:stage' };
  await untilKnown(teams, last, token ? { token } : {});
  const recorded = await record(world, items.splice(0, 6));
  const present = await presentVersions(world.db, items, recorded);
  const forge = forger({
    random,
    items: present,
    strangers,
    managers,
    recorded,
    tenants: world.token !== undefined,
  });

  const accepted: string[] = [];
  const faults: string[] = [];
  const leaks: string[] = [];
  const byFamily: Record<string, number> = {};
  let before = await standing(world.db);
  for (let sent = 0; sent < count; sent += BATCH) {
    const actions = [...Array(Math.min(BATCH, count - sent)).keys()].map((index) => forge(sent + index));
    const arrived = world.teams.arrivals.length;
    const answers = await Promise.all(actions.map(({ action }) => send(world, action)));
    const after = await standing(world.db);
    const labels = actions.map(({ family, action }) => `${family} ${JSON.stringify(action)}`);
    if (after !== before) accepted.push(...labels);
    before = after;
    const posted = JSON.stringify(world.teams.arrivals.slice(arrived));
    actions.forEach(({ family, action }, index) => {
      byFamily[family] = (byFamily[family] ?? 0) + 1;
      const answer = must(answers[index], 'an answer');
      const label = must(labels[index], 'a label');
      if (answer.status >= 500 || /went wrong|TypeError/.test(JSON.stringify(answer.body)))
        faults.push(label);
      if (answer.status === 429) faults.push(`not looked at: ${label}`);
      if (family === 'other-tenant' && answer.status !== 403) accepted.push(label);
      if (!action.concerned && /mark\d/.test(JSON.stringify(answer.body ?? ''))) leaks.push(label);
    });
    if (actions.every(({ action }) => !action.concerned) && /mark\d/.test(posted)) leaks.push(...labels);
  }
  return { sent: count, byFamily, accepted, faults, leaks };
}

/** Rightful presses, as they went over the wire, to be sent again. */
async function record(world: ForgedWorld, items: readonly Staged[]): Promise<Action[]> {
  const recorded: Action[] = [];
  for (const item of items) {
    const review = item.checkin.state === 'submitted';
    const verb = review ? 'checkins.approve' : 'checkins.submit';
    const data = {
      verb,
      id: item.checkin.id,
      version: item.checkin.version,
      format: 1,
      ...(review ? {} : GOOD),
    };
    const action: Action = {
      personId: review ? must(item.readers[0], 'a reader') : item.ownerId,
      verb,
      data,
      submit: false,
      activityId: newId('recorded'),
      concerned: true,
    };
    const { status } = await send(world, action);
    if (status !== 200) throw new Error(`a rightful press got ${status}`);
    recorded.push(action);
  }
  await until(async () => {
    const left = await world.db.selectFrom('checkin_refreshes').select('seq').limit(1).execute();
    return left.length === 0;
  }, 'the cards of the rightful presses');
  return recorded;
}

/** The staged check-ins as they stand now, with those that the recorded presses have moved. */
async function presentVersions(
  db: Db,
  items: readonly Staged[],
  recorded: readonly Action[],
): Promise<Staged[]> {
  const moved = recorded.map(({ data }) => String((data as { id: string }).id));
  const rows = await db.selectFrom('checkins').select(['id', 'version']).where('id', 'in', moved).execute();
  if (rows.some(({ version }) => version < 2)) throw new Error('a rightful press was not taken');
  return [...items];
}

async function send(world: ForgedWorld, action: Action) {
  const { teams, tenantId, botId, token } = world;
  // Each presses in a chat of their own; a replay by another comes with the recorded chat, as a forger would send it.
  const from: Speaker = {
    personId: action.personId,
    tenantId: action.tenantId ?? tenantId,
    botId,
    conversationId: 'a:stage',
  };
  const options = {
    ...(token ? { token } : {}),
    ...(action.activityId ? { extra: { id: action.activityId } } : {}),
  };
  return action.submit
    ? teams.submitCard(from, action.data, 'card', options)
    : teams.pressButton(from, { verb: action.verb, data: action.data }, options);
}

/** Everything that a taken action would change, as one text. */
async function standing(db: Db): Promise<string> {
  const found = await sql<{ all: string }>`
    select (select coalesce(json_agg(c order by c.id), '[]') from checkins c)::text
      || (select count(*) from checkin_history) || '/' || (select count(*) from checkin_messages)
      || '/' || (select count(*) from audit where action like 'checkins.%')
      || '/' || (select count(*) || '.' || coalesce(sum(card_version), 0) from deliveries where key like 'checkin/%') as all`.execute(
    db,
  );
  return must(found.rows[0], 'a row').all;
}
