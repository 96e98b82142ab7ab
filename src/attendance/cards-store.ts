/**
 * Which cards of the week went to whom beside the schools' own, in SQL: to form tutors and heads of year, by message or on top
 * of their digest, and to the trust's leaders. The only writer of this table.
 */
import type { Db, Trx } from '../storage/database.ts';
import type { NudgeCardRow } from '../storage/tables/nudges.ts';

/**
 * `schoolUrn` and `personId` are empty for the trust's. `scope`: the groups of a tutor's card, as its buttons name them.
 * `follows`: the earlier week whose one thing this card asks after, once.
 */
export type OwnCard = {
  readonly audience: NudgeCardRow['audience'];
  readonly week: string;
  readonly schoolUrn: string;
  readonly personId: string;
  readonly scope: string;
  readonly place: NudgeCardRow['place'];
  readonly action: string | null;
  readonly follows: string | null;
};

/** A repeat keeps the first. */
export async function keepCards(trx: Trx, cards: readonly OwnCard[], at: Date): Promise<void> {
  if (cards.length === 0) return;
  await trx
    .insertInto('nudge_cards')
    .values(
      cards.map(({ schoolUrn, personId, ...card }) => ({
        ...card,
        school_urn: schoolUrn,
        person_id: personId,
        made_at: at,
      })),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The cards of one audience for a week. */
export async function readCards(
  db: Db | Trx,
  audience: OwnCard['audience'],
  week: string,
): Promise<OwnCard[]> {
  const rows = await db
    .selectFrom('nudge_cards')
    .selectAll()
    .where('audience', '=', audience)
    .where('week', '=', week)
    .orderBy('school_urn')
    .orderBy('person_id')
    .execute();
  return rows.map(cardOf);
}

/** The newest card of one audience before a week: of the trust, or of one person at a school. */
export async function lastCardBefore(
  db: Db | Trx,
  of: Pick<OwnCard, 'audience' | 'schoolUrn' | 'personId'>,
  week: string,
): Promise<OwnCard | undefined> {
  const row = await db
    .selectFrom('nudge_cards')
    .selectAll()
    .where('audience', '=', of.audience)
    .where('school_urn', '=', of.schoolUrn)
    .where('person_id', '=', of.personId)
    .where('week', '<', week)
    .orderBy('week', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row && cardOf(row);
}

function cardOf({ school_urn, person_id, made_at: _made, ...row }: NudgeCardRow): OwnCard {
  return { ...row, schoolUrn: school_urn, personId: person_id };
}

/** What leaders said is not right for the trust, in the words of its cards: of the last six that they said it of. */
export async function trustDeclined(db: Db | Trx, beforeWeek: string): Promise<string[]> {
  const rows = await db
    .selectFrom('nudge_choices')
    .innerJoin('nudge_cards', 'nudge_cards.week', 'nudge_choices.week')
    .select('nudge_cards.action')
    .where('nudge_cards.audience', '=', 'trust')
    .where('nudge_choices.school_urn', '=', 'trust')
    .where('nudge_choices.kind', '=', 'outcome')
    .where('nudge_choices.choice', '=', 'not-suitable')
    .where('nudge_choices.week', '<', beforeWeek)
    .orderBy('nudge_choices.week', 'desc')
    .limit(6)
    .execute();
  return rows.flatMap(({ action }) => (action === null ? [] : [action]));
}
