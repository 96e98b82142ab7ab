/** What people press in the years' bench, and when: drawn with the bench's seed, judged by the row as it then is. */
import { sql } from 'kysely';
import { envelope } from '../src/cards/envelope.ts';
import type { Seeded } from '../src/kernel/seeded.ts';
import { localInstant } from '../src/kernel/time.ts';
import type { Db } from '../src/storage/database.ts';
import { type Day, dateText } from '../test/support/asks-oracle.ts';
import { ZONE } from './years-world.ts';

export type Doing = 'answer' | 'put-off' | 'approve' | 'return';
export type Press = { readonly doing: Doing; readonly checkinId: string; readonly by: string };
export type Row = {
  id: string;
  milestone_id: string;
  state: string;
  version: number;
  again: boolean;
  escalated_to: string | null;
};

export function fits(doing: Doing, state: string): boolean {
  if (doing === 'answer') return state === 'open' || state === 'returned';
  return doing === 'put-off' ? state === 'open' : state === 'submitted';
}

export function commandOf({ doing }: Press, { id, version, state, again }: Row, random: Seeded) {
  const unchanged = doing === 'answer' && state === 'open' && again && random.chance(0.6);
  const verb = unchanged
    ? 'checkins.no-change'
    : `checkins.${{ answer: 'submit', 'put-off': 'not-today', approve: 'approve', return: 'return' }[doing]}`;
  const status = random.chance(0.8) ? 'on-track' : random.chance(0.6) ? 'at-risk' : 'off-track';
  const answer = {
    status,
    confidence: random.chance(0.8) ? 'high' : 'medium',
    value: String(random.whole(1, 101)),
    note: 'Two more classes have begun.',
    blocker: '',
    evidence: '',
  };
  const inputs =
    verb === 'checkins.submit' ? answer : doing === 'return' ? { comment: 'Which classes?' } : {};
  return { envelope: envelope(verb, id, version), inputs };
}

export function at(day: Day, time: string, minutes = 0): Date {
  return new Date(localInstant(dateText(day), time, ZONE).getTime() + minutes * 60_000);
}

export function minuteOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** What the cards say that they take, in seconds; "no change" is two taps. */
const SECONDS = { update: 20, unchanged: 5, review: 60 } as const;

export function secondsOf(doing: Doing, verb: string): number {
  if (doing !== 'answer') return SECONDS.review;
  return verb === 'checkins.no-change' ? SECONDS.unchanged : SECONDS.update;
}

export async function readRows(db: Db, ids: readonly string[]): Promise<Map<string, Row>> {
  const { rows } = await sql<Row>`
    select id, milestone_id, state, version, escalated_to, exists(select from checkins earlier
      where earlier.milestone_id = checkin.milestone_id and earlier.state = 'approved' and earlier.id <> checkin.id) as again
    from checkins checkin where id = any(${[...ids]}::text[])`.execute(db);
  return new Map(rows.map((row) => [row.id, row]));
}
