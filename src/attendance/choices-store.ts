/** What people chose on a nudge, in SQL: of each kind the first choice stays. */
import type { Db, Trx } from '../storage/database.ts';

export type Choice = {
  readonly kind: 'outcome' | 'help';
  readonly choice: string;
  readonly actor: string;
  readonly at: Date;
};

/** Keeps the first choice of its kind for a nudge. False when one was there already. */
export async function keepChoice(
  db: Db | Trx,
  schoolUrn: string,
  week: string,
  choice: Choice,
): Promise<boolean> {
  const kept = await db
    .insertInto('nudge_choices')
    .values({ school_urn: schoolUrn, week, ...choice })
    .onConflict((conflict) => conflict.columns(['school_urn', 'week', 'kind']).doNothing())
    .returning('kind')
    .executeTakeFirst();
  return kept !== undefined;
}

export async function readChoices(db: Db | Trx, schoolUrn: string, week: string): Promise<Choice[]> {
  return db
    .selectFrom('nudge_choices')
    .select(['kind', 'choice', 'actor', 'at'])
    .where('school_urn', '=', schoolUrn)
    .where('week', '=', week)
    .orderBy('kind')
    .execute();
}
