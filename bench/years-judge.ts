/**
 * Holds what the service did on a day of the years' bench to what its oracles expect: asks and reminders, in chats and channels; words
 * about long waits; who is late, as leaders' sums and each line manager have it. Gives what was wrong, in lines.
 */
import { sql } from 'kysely';
import type { App } from '../src/app.ts';
import type { Db } from '../src/storage/database.ts';
import type { Expected } from '../test/support/asks-oracle.ts';
import type { Reached } from '../test/support/waits-oracle.ts';

/** `person_id`: of a card in a channel, the channel's. */
export type Sent = {
  key: string;
  person_id: string;
  checkin_id: string;
  milestone_id: string;
  asked: number;
  kept: number;
};
export type Arrived = { readonly conversationId: string; readonly activity: unknown };

export const isFirst = ({ key }: Pick<Sent, 'key'>): boolean => /\/ask$/.test(key);

export async function readAsks(db: Db, now: Date): Promise<Sent[]> {
  const { rows } = await sql<Sent>`
    select message.key, message.person_id, message.checkin_id, checkin.milestone_id, checkin.asked,
      (select count(*)::int from deliveries where key = message.key) as kept
    from checkin_messages message join checkins checkin on checkin.id = message.checkin_id
    where message.sent_at = ${now} and message.key like '%/ask%'`.execute(db);
  return rows;
}

export function judgeAsks(
  when: string,
  wanted: readonly Expected[],
  rows: readonly Sent[],
): { readonly wrong: string[]; readonly doubled: number } {
  const came = rows.map((row) => `${row.person_id} ${row.milestone_id} ${isFirst(row) ? 'first' : 'again'}`);
  const should = wanted.map(({ to, channel, milestone, kind }) => `${channel ?? to} ${milestone} ${kind}`);
  return {
    wrong: different(when, should, came),
    doubled: came.length - new Set(came).size + rows.filter(({ kept }) => kept !== 1).length,
  };
}

/** Each ask arrived in that person's chat or in its channel, once, and nothing else asks anybody. */
export function judgeArrivals(
  when: string,
  rows: readonly Sent[],
  channels: ReadonlySet<string>,
  arrivals: readonly Arrived[],
): string[] {
  const wrong: string[] = [];
  const all = arrivals.map(({ conversationId, activity }) => ({
    conversationId,
    text: JSON.stringify(activity),
  }));
  const forms = all.filter(({ text }) => text.includes('"checkins.submit"'));
  for (const { person_id, checkin_id } of rows) {
    const inChannel = channels.has(person_id);
    const own = (inChannel ? all : forms).filter(
      ({ conversationId, text }) =>
        (inChannel ? conversationId.split(';')[0] === person_id : conversationId === `a:${person_id}`) &&
        text.includes(checkin_id),
    );
    if (own.length !== 1) wrong.push(`${when}: ${own.length} cards of ${checkin_id} arrived at ${person_id}`);
  }
  const inChats = rows.filter(({ person_id }) => !channels.has(person_id)).length;
  if (forms.length !== inChats) wrong.push(`${when}: ${forms.length} asking cards for ${inChats} asks`);
  return wrong;
}

/** Words about long waits: once each in the audit, and each with a card to whom it went. */
export async function judgeWaits(
  db: Db,
  when: string,
  now: Date,
  wanted: readonly Reached[],
): Promise<{ readonly wrong: string[]; readonly told: number; readonly reached: number }> {
  const { rows } = await sql<{ kind: 'told' | 'reached'; to: string; milestone: string; cards: number }>`
    select case audit.action when 'checkins.escalate' then 'reached' else 'told' end as kind, audit.detail->>'to' as to,
      checkin.milestone_id as milestone,
      (select count(*)::int from checkin_messages message join deliveries delivery on delivery.key = message.key
        where message.checkin_id = checkin.id and message.role = 'reviewer' and message.person_id = audit.detail->>'to') as cards
    from audit join checkins checkin on checkin.id = audit.subject
    where audit.at = ${now} and audit.action in ('checkins.tell-waiting', 'checkins.escalate')`.execute(db);
  const line = ({ kind, to, milestone }: Reached) => `${to} ${milestone} ${kind}`;
  const bare = rows.filter(({ cards }) => cards === 0).map((row) => `${when}: no card of ${line(row)}`);
  return {
    wrong: [...different(when, wanted.map(line), rows.map(line)), ...bare],
    told: rows.filter(({ kind }) => kind === 'told').length,
    reached: rows.filter(({ kind }) => kind === 'reached').length,
  };
}

/** `managers`: whose people are whose; each is told of their own alone. */
export async function judgeLate(
  app: App,
  when: string,
  now: Date,
  wanted: readonly string[],
  managers: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const { standings } = await app.checkins.summary(now);
  const found = standings.flatMap(({ milestone, overdue }) => (overdue ? [milestone.id] : []));
  const wrong = different(`${when}, late`, wanted, found);
  for (const [manager, own] of managers) {
    const late = own.filter((id) => wanted.includes(id));
    const reply = await app.checkins.late({ personId: manager, name: '' }, now);
    const text = JSON.stringify(reply);
    const named = [...new Set([...text.matchAll(/Milestone (m\d{5}) is reached/g)].map(([, id = '']) => id))];
    const over = /And [a-z0-9-]+ more of your people/.test(text);
    if (named.length !== Math.min(late.length, MOST_NAMED) || over !== late.length > MOST_NAMED)
      wrong.push(
        `${when}: ${manager} is told of ${named.length}${over ? ' and more' : ''}, not of ${late.length}`,
      );
    for (const id of named)
      if (!late.includes(id)) wrong.push(`${when}: ${manager} is told that ${id} is late`);
  }
  return wrong;
}

/** So many stand on the card by name. */
const MOST_NAMED = 4;

function different(when: string, should: readonly string[], came: readonly string[]): string[] {
  const [wanted, got] = [new Set(should), new Set(came)];
  return [
    ...[...wanted].filter((one) => !got.has(one)).map((one) => `${when}: missing ${one}`),
    ...came.filter((one) => !wanted.has(one)).map((one) => `${when}: not wanted ${one}`),
    ...(came.length === got.size ? [] : [`${when}: ${came.length - got.size} doubled`]),
  ];
}
