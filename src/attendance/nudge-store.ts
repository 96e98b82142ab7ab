/**
 * What became of nudges, in SQL: a school's week sent or held, choices, queried figures, preferences. The only writer of
 * these tables. Decides nothing about what may be said or sent.
 */
import type { Db, Trx } from '../storage/database.ts';
import type { NudgeChoiceRow } from '../storage/tables/nudges.ts';
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

export async function readNudgeWeeks(db: Db | Trx, week: string): Promise<Map<string, NudgeWeek>> {
  const rows = await db.selectFrom('nudge_weeks').selectAll().where('week', '=', week).execute();
  return new Map(rows.map((row) => [row.school_urn, nudgeWeekOf(row)]));
}

export async function readNudgeWeek(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
): Promise<NudgeWeek | undefined> {
  const row = await db
    .selectFrom('nudge_weeks')
    .selectAll()
    .where('school_urn', '=', schoolUrn)
    .where('week', '=', week)
    .executeTakeFirst();
  return row && nudgeWeekOf(row);
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

/** The last word on a school's week; one that is settled stays what it was. */
export async function saveNudgeWeek(trx: Trx, row: Omit<NudgeWeek, 'recalled'>, at: Date): Promise<void> {
  const changed = {
    state: row.state,
    note: row.note,
    action: row.action,
    follows: row.follows,
    head_in: row.headIn,
    decided_at: at,
  };
  await trx
    .insertInto('nudge_weeks')
    .values({ school_urn: row.schoolUrn, week: row.week, ...changed, recalled_at: null })
    .onConflict((conflict) =>
      conflict
        .columns(['school_urn', 'week'])
        .doUpdateSet(changed)
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

export async function readChoices(db: Db | Trx, place: ChoicePlace): Promise<Choice[]> {
  return db
    .selectFrom('nudge_choices')
    .select(['kind', 'choice', 'actor', 'at'])
    .where('school_urn', '=', place.schoolUrn)
    .where('week', '=', place.week)
    .where('scope', '=', place.scope)
    .orderBy('kind')
    .execute();
}

export type Query = {
  readonly id: string;
  readonly schoolUrn: string;
  readonly week: string;
  readonly asker: string;
  readonly reason: string;
  readonly state: 'open' | 'right' | 'wrong';
  readonly answeredBy: string | null;
};

/** One open query a school week and asker: a second press finds the first. */
export async function openQuery(
  trx: Trx,
  query: Pick<Query, 'id' | 'schoolUrn' | 'week' | 'asker' | 'reason'>,
  at: Date,
): Promise<boolean> {
  const before = await trx
    .selectFrom('nudge_queries')
    .select('id')
    .where('school_urn', '=', query.schoolUrn)
    .where('week', '=', query.week)
    .where('asker', '=', query.asker)
    .where('state', '=', 'open')
    .executeTakeFirst();
  if (before) return false;
  const added = await trx
    .insertInto('nudge_queries')
    .values({
      id: query.id,
      school_urn: query.schoolUrn,
      week: query.week,
      asker: query.asker,
      reason: query.reason,
      asked_at: at,
      state: 'open',
      answered_by: null,
      answered_at: null,
    })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  return added !== undefined;
}

export async function readQuery(db: Db | Trx, id: string): Promise<Query | undefined> {
  const row = await db.selectFrom('nudge_queries').selectAll().where('id', '=', id).executeTakeFirst();
  return row && queryOf(row);
}

/** Queries about a school's week that still mark it: open, or found wrong and not yet corrected. */
export async function readQueries(db: Db | Trx, week: string): Promise<Query[]> {
  const rows = await db
    .selectFrom('nudge_queries')
    .selectAll()
    .where('week', '=', week)
    .where('state', '!=', 'right')
    .orderBy('asked_at')
    .execute();
  return rows.map(queryOf);
}

function queryOf(row: {
  id: string;
  school_urn: string;
  week: string;
  asker: string;
  reason: string;
  state: string;
  answered_by: string | null;
}): Query {
  return {
    id: row.id,
    schoolUrn: row.school_urn,
    week: row.week,
    asker: row.asker,
    reason: row.reason,
    state: row.state === 'right' || row.state === 'wrong' ? row.state : 'open',
    answeredBy: row.answered_by,
  };
}

/** False when somebody answered it before. */
export async function answerQuery(
  trx: Trx,
  id: string,
  answer: { readonly state: 'right' | 'wrong'; readonly by: string; readonly at: Date },
): Promise<boolean> {
  const changed = await trx
    .updateTable('nudge_queries')
    .set({ state: answer.state, answered_by: answer.by, answered_at: answer.at })
    .where('id', '=', id)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst();
  return changed !== undefined;
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

/** Bodies of a school's newest releases before a week, oldest first; weeks that were taken back are left out. */
export async function readHistory(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
  limit: number,
): Promise<unknown[]> {
  const rows = await db
    .selectFrom('releases')
    .leftJoin('nudge_weeks', (join) =>
      join
        .onRef('nudge_weeks.school_urn', '=', 'releases.school_urn')
        .onRef('nudge_weeks.week', '=', 'releases.week'),
    )
    .select('releases.body')
    .where('releases.school_urn', '=', schoolUrn)
    .where('releases.week', '<', week)
    .where('nudge_weeks.recalled_at', 'is', null)
    .orderBy('releases.week', 'desc')
    .limit(limit)
    .execute();
  return rows.map((row) => row.body).reverse();
}

/** What a school has said is not right for it, in the words of the cards, over the last `weeks` cards. */
export async function readDeclined(db: Db | Trx, schoolUrn: string, weeks: number): Promise<string[]> {
  const rows = await db
    .selectFrom('nudge_choices')
    .innerJoin('nudge_weeks', (join) =>
      join
        .onRef('nudge_weeks.school_urn', '=', 'nudge_choices.school_urn')
        .onRef('nudge_weeks.week', '=', 'nudge_choices.week'),
    )
    .select('nudge_weeks.action')
    .where('nudge_choices.school_urn', '=', schoolUrn)
    .where('nudge_choices.scope', '=', '')
    .where('nudge_choices.kind', '=', 'outcome')
    .where('nudge_choices.choice', '=', 'not-suitable')
    .orderBy('nudge_choices.week', 'desc')
    .limit(weeks)
    .execute();
  return rows.flatMap((row) => (row.action === null ? [] : [row.action]));
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
