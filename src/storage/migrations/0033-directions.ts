/**
 * Which way a milestone's figure is better. Of those that there are already: down, where the first approved figure lay above the
 * target; up, where another figure was approved. Who has reported nothing yet has said nothing, and is read as up.
 */
import { sql } from 'kysely';
import type { Migration } from 'kysely/migration';

export const directions: Migration = {
  async up(db) {
    await sql`
      alter table milestones add column direction text
        check (direction in ('higher', 'lower', 'by-date', 'yes-no'))`.execute(db);
    await sql`
      update milestones set direction = case when first.value > milestones.target then 'lower' else 'higher' end
      from (
        select distinct on (milestone_id) milestone_id, (answer ->> 'value')::double precision as value
        from checkins where state = 'approved' and answer ->> 'value' is not null
        order by milestone_id, decided_at, round
      ) as first
      where first.milestone_id = milestones.id`.execute(db);
    await sql`
      insert into milestone_history (milestone_id, at, change, milestone)
      select milestones.id, now(), 'changed', last.milestone || jsonb_build_object('direction', milestones.direction)
      from milestones join lateral (
        select milestone from milestone_history where milestone_id = milestones.id order by seq desc limit 1
      ) as last on true
      where milestones.direction is not null`.execute(db);
  },
};
