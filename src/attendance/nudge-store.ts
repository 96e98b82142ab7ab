/**
 * What became of nudges, in SQL: a school's week sent or held, choices, preferences. The only writer of
 * these tables. Decides nothing about what may be said or sent.
 */
import { sql } from 'kysely';
import { inBatches } from '../storage/batch.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { NudgeChoiceRow } from '../storage/tables/nudges.ts';
import { isOneOf, placeOf, type SchoolWeek, TOGETHER } from './imports-store.ts';
import type { NudgeWeekState, Preference } from './sending.ts';

export type NudgeWeek = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly state: NudgeWeekState;
  readonly note: string | null;
  /** The one thing its card suggested. */
  readonly action: string | null;
  /** The earlier week whose action this card asks after, once. */
  readonly follows: string | null;
  readonly recalled: boolean;
  /** Where its head reads it: on top of her digest, or in her school's leadership chat. */
  readonly headIn: 'digest' | 'chat';
};

const STATES: readonly NudgeWeekState[] = [
  'held',
  'waiting',
  'sent',
  'partial',
  'dropped',
  'quiet',
  'preview',
  'none',
];

type WeekRow = {
  school_urn: string;
  week: string;
  state: string;
  note: string | null;
  action: string | null;
  follows: string | null;
  recalled_at: Date | null;
  head_in: 'digest' | 'chat';
};

function nudgeWeekOf(row: WeekRow): NudgeWeek {
  return {
    schoolUrn: row.school_urn,
    week: row.week,
    state: STATES.find((state) => state === row.state) ?? 'none',
    note: row.note,
    action: row.action,
    follows: row.follows,
    recalled: row.recalled_at !== null,
    headIn: row.head_in,
  };
}

const weeksOf = inBatches(async (db, weeks: readonly string[]) => {
  const rows = await db
    .selectFrom('nudge_weeks')
    .selectAll()
    .where('week', 'in', [...new Set(weeks)])
    .execute();
  const found = Map.groupBy(rows.map(nudgeWeekOf), ({ week }) => week);
  return weeks.map((week) => new Map((found.get(week) ?? []).map((row) => [row.schoolUrn, row])));
}, TOGETHER);

/** By school. */
export function readNudgeWeeks(db: Db | Trx, week: string): Promise<ReadonlyMap<string, NudgeWeek>> {
  return weeksOf(db, week);
}

const nudgeWeeksOf = inBatches(async (db, asked: readonly SchoolWeek[]) => {
  const rows = await db.selectFrom('nudge_weeks').selectAll().where(isOneOf('nudge_weeks', asked)).execute();
  const found = new Map(rows.map(nudgeWeekOf).map((row) => [placeOf(row), row]));
  return asked.map((one) => found.get(placeOf(one)));
}, TOGETHER);

export function readNudgeWeek(db: Db | Trx, schoolUrn: string, week: string): Promise<NudgeWeek | undefined> {
  return nudgeWeeksOf(db, { schoolUrn, week });
}

/** The newest card of each school that was sent before a week, whole or in part. */
export async function lastSentBefore(db: Db | Trx, week: string): Promise<Map<string, NudgeWeek>> {
  const rows = await db
    .selectFrom('nudge_weeks')
    .selectAll()
    .distinctOn('school_urn')
    .where('week', '<', week)
    .where('state', 'in', ['sent', 'partial'])
    .where('recalled_at', 'is', null)
    .orderBy('school_urn')
    .orderBy('week', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.school_urn, nudgeWeekOf(row)]));
}

/** The last word on some schools' week; one that is settled stays what it was. */
export async function saveNudgeWeeks(
  trx: Trx,
  rows: readonly Omit<NudgeWeek, 'recalled'>[],
  at: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await trx
    .insertInto('nudge_weeks')
    .values(
      rows.map((row) => ({
        school_urn: row.schoolUrn,
        week: row.week,
        state: row.state,
        note: row.note,
        action: row.action,
        follows: row.follows,
        head_in: row.headIn,
        decided_at: at,
        recalled_at: null,
      })),
    )
    .onConflict((conflict) =>
      conflict
        .columns(['school_urn', 'week'])
        .doUpdateSet((update) => ({
          state: update.ref('excluded.state'),
          note: update.ref('excluded.note'),
          action: update.ref('excluded.action'),
          follows: update.ref('excluded.follows'),
          head_in: update.ref('excluded.head_in'),
          decided_at: update.ref('excluded.decided_at'),
        }))
        .where('nudge_weeks.state', 'in', ['held', 'waiting']),
    )
    .execute();
}

/** False when it was taken back already, or was never sent. */
export async function saveRecall(trx: Trx, schoolUrn: string, week: string, at: Date): Promise<boolean> {
  const changed = await trx
    .updateTable('nudge_weeks')
    .set({ recalled_at: at })
    .where('school_urn', '=', schoolUrn)
    .where('week', '=', week)
    .where('recalled_at', 'is', null)
    .returning('week')
    .executeTakeFirst();
  return changed !== undefined;
}

export type Choice = {
  readonly kind: NudgeChoiceRow['kind'];
  readonly choice: string;
  readonly actor: string;
  readonly at: Date;
};

/** Which card a choice was made on: `scope` is empty for the school's own. */
export type ChoicePlace = { readonly schoolUrn: string; readonly week: string; readonly scope: string };

/** Keeps the first choice of its kind for a card. False when one was there already. */
export async function keepChoice(db: Db | Trx, place: ChoicePlace, choice: Choice): Promise<boolean> {
  const kept = await db
    .insertInto('nudge_choices')
    .values({ school_urn: place.schoolUrn, week: place.week, scope: place.scope, ...choice })
    .onConflict((conflict) => conflict.columns(['school_urn', 'week', 'scope', 'kind']).doNothing())
    .returning('kind')
    .executeTakeFirst();
  return kept !== undefined;
}

const choicesOf = inBatches(async (db, asked: readonly ChoicePlace[]): Promise<readonly Choice[][]> => {
  const places = asked.map(({ schoolUrn, week, scope }) => sql`(${schoolUrn}, ${week}, ${scope})`);
  const rows = await db
    .selectFrom('nudge_choices')
    .select(['school_urn', 'week', 'scope', 'kind', 'choice', 'actor', 'at'])
    .where(sql<boolean>`(school_urn, week, scope) in (${sql.join(places)})`)
    .orderBy('kind')
    .execute();
  return asked.map((place) =>
    rows
      .filter(
        (row) => row.school_urn === place.schoolUrn && row.week === place.week && row.scope === place.scope,
      )
      .map(({ kind, choice, actor, at }) => ({ kind, choice, actor, at })),
  );
}, TOGETHER);

export function readChoices(db: Db | Trx, place: ChoicePlace): Promise<readonly Choice[]> {
  return choicesOf(db, place);
}

export async function readPreferences(
  db: Db | Trx,
  personIds: readonly string[],
): Promise<Map<string, Preference>> {
  if (personIds.length === 0) return new Map();
  const rows = await db
    .selectFrom('nudge_preferences')
    .select(['person_id', 'every_weeks', 'paused_until'])
    .where('person_id', 'in', [...personIds])
    .execute();
  return new Map(
    rows.map((row) => [
      row.person_id,
      { everyWeeks: row.every_weeks === 2 ? 2 : 1, pausedUntil: row.paused_until },
    ]),
  );
}

const preferenceOf = inBatches(async (db, people: readonly string[]) => {
  const found = await readPreferences(db, people);
  return people.map((personId) => found.get(personId));
}, TOGETHER);

export function readPreference(db: Db | Trx, personId: string): Promise<Preference | undefined> {
  return preferenceOf(db, personId);
}

export async function savePreference(
  trx: Trx,
  personId: string,
  preference: Preference,
  at: Date,
): Promise<void> {
  const changed = {
    every_weeks: preference.everyWeeks,
    paused_until: preference.pausedUntil,
    changed_at: at,
  };
  await trx
    .insertInto('nudge_preferences')
    .values({ person_id: personId, ...changed })
    .onConflict((conflict) => conflict.column('person_id').doUpdateSet(changed))
    .execute();
}

type Newest = {
  readonly schoolUrn: string;
  readonly week: string;
  readonly limit: number;
  readonly by: Date | null;
};

const historyOf = inBatches(async (db, asked: readonly Newest[]): Promise<readonly unknown[][]> => {
  const { rows } = await sql<{ place: number; body: unknown }>`
    select asked.place::int as place, newest.body
    from jsonb_to_recordset(${JSON.stringify(asked.map((one, place) => ({ ...one, place })))}::jsonb)
      as asked ("schoolUrn" text, week text, "limit" integer, "by" timestamptz, place integer)
    cross join lateral (
      select r.week, r.body from releases r
      where r.school_urn = asked."schoolUrn" and r.week < asked.week
        and (asked."by" is null or r.published_at <= asked."by")
        and not exists (select from nudge_weeks n
          where n.school_urn = r.school_urn and n.week = r.week and n.recalled_at is not null)
      order by r.week desc limit asked."limit"
    ) newest
    order by asked.place, newest.week`.execute(db);
  const found = Map.groupBy(rows, (row) => row.place);
  return asked.map((_, place) => (found.get(place) ?? []).map((row) => row.body));
}, TOGETHER);

/**
 * Bodies of a school's newest releases before a week, oldest first; weeks that were taken back are left out, and with `by` those that
 * were published later.
 */
export function readHistory(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
  limit: number,
  by?: Date,
): Promise<readonly unknown[]> {
  return historyOf(db, { schoolUrn, week, limit, by: by ?? null });
}

const declinedOf = inBatches(async (db, schools: readonly string[]): Promise<readonly string[][]> => {
  const rows = await db
    .selectFrom('nudge_choices')
    .innerJoin('nudge_weeks', (join) =>
      join
        .onRef('nudge_weeks.school_urn', '=', 'nudge_choices.school_urn')
        .onRef('nudge_weeks.week', '=', 'nudge_choices.week'),
    )
    .select(['nudge_choices.school_urn', 'nudge_weeks.action'])
    .where('nudge_choices.school_urn', 'in', [...new Set(schools)])
    .where('nudge_choices.scope', '=', '')
    .where('nudge_choices.kind', '=', 'outcome')
    .where('nudge_choices.choice', '=', 'not-suitable')
    .orderBy('nudge_choices.week', 'desc')
    .execute();
  return schools.map((school) =>
    rows
      .filter((row) => row.school_urn === school)
      .slice(0, REMEMBERED)
      .flatMap((row) => (row.action === null ? [] : [row.action])),
  );
}, TOGETHER);

/** How many of its last cards a school's "not right for us" is remembered for. */
const REMEMBERED = 6;

/** What a school has said is not right for it, in the words of the cards, over its last few cards of which it said so. */
export function readDeclined(db: Db | Trx, schoolUrn: string): Promise<readonly string[]> {
  return declinedOf(db, schoolUrn);
}

/** Whether any marks of a school are held: one that has never sent a file is not asked for this week's. */
export async function hasMarks(db: Db | Trx, schoolUrn: string): Promise<boolean> {
  const row = await db
    .selectFrom('school_weeks')
    .select('week')
    .where('school_urn', '=', schoolUrn)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** A school's newest release of a week before the one named. */
export async function readNewestRelease(
  db: Db | Trx,
  schoolUrn: string,
  before: string,
): Promise<{ readonly body: unknown } | undefined> {
  return db
    .selectFrom('releases')
    .select('body')
    .where('school_urn', '=', schoolUrn)
    .where('week', '<', before)
    .orderBy('week', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** From which week to which a school's releases go, of those that stand; undefined before any. */
export async function publishedSpan(
  db: Db | Trx,
  schoolUrn: string,
): Promise<{ readonly first: string; readonly last: string } | undefined> {
  const row = await db
    .selectFrom('releases')
    .leftJoin('nudge_weeks', (join) =>
      join
        .onRef('nudge_weeks.school_urn', '=', 'releases.school_urn')
        .onRef('nudge_weeks.week', '=', 'releases.week'),
    )
    .select(({ fn }) => [fn.min('releases.week').as('first'), fn.max('releases.week').as('last')])
    .where('releases.school_urn', '=', schoolUrn)
    .where('nudge_weeks.recalled_at', 'is', null)
    .executeTakeFirst();
  return row?.first && row.last ? { first: row.first, last: row.last } : undefined;
}
