/**
 * Figures of the sample trust for one seed as they stood on one day: schools of the attack on suppression, small and large, with weeks
 * that never came, were taken back or are doubted, and check-ins at every stage. Releases are made by the service's own code.
 */

import { showable } from '../../src/attendance/showable.ts';
import { releaseTrust, type SchoolShare } from '../../src/attendance/trust-release.ts';
import type { Trust } from '../../src/config/trust.ts';
import { contentId } from '../../src/kernel/ids.ts';
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';
import { addDays, mondayOf } from '../../src/kernel/time.ts';
import type { Db } from '../../src/storage/database.ts';
import { countsOf, makeWorld } from './disclosure-world.ts';

/** As the sample trust's first check-ins are dated. */
const FIRST_ROUND = '2026-09-07';
const EVERY_DAYS = 21;
const EMPTIED = [
  'digests',
  'attendance_threads',
  'nudge_queries',
  'nudge_weeks',
  'releases',
  'trust_releases',
  'checkin_history',
  'checkins',
] as const;

/** The pupils of each school. */
export function worldsOf(trust: Trust, seed: number) {
  return trust.schools.map((school, place) => ({ school, urn: school.urn, ...makeWorld(seed * 31 + place) }));
}

/** In every second world the last week of the half-term is told, which comes before a week without school. */
export function weeksOf(seed: number): string[] {
  return [
    '2026-W40',
    '2026-W41',
    seed % 2 === 0 ? '2026-W43' : '2026-W42',
    '2026-W45',
    '2026-W46',
    '2026-W47',
  ];
}

/** Empties what was there before. Nothing in it is later than the evening of `today`, a local date. */
export async function writeFigures(db: Db, trust: Trust, seed: number, today: string): Promise<void> {
  for (const table of EMPTIED) await db.deleteFrom(table).execute();
  const random = seeded(seed);
  const worlds = worldsOf(trust, seed);
  for (const [index, week] of weeksOf(seed).entries()) {
    const on = addDays(mondayOf(week), 7);
    if (on > today) continue;
    const at = new Date(`${on}T07:30:00Z`);
    const shares: SchoolShare[] = [];
    for (const { school, releases, pupils, threshold, sessions } of worlds) {
      const made = releases[index];
      if (!made || random.chance(0.12)) continue;
      const named = { schoolUrn: school.urn, schoolName: school.name, phase: school.phase };
      const release = { ...made, ...named, week, monday: mondayOf(week) };
      const { all, pp } = showable(countsOf(pupils, index, 1), {
        threshold,
        sessions: sessions[index] ?? 10,
      });
      shares.push({ release, all, pp });
      const place = { school_urn: school.urn, week };
      await db
        .insertInto('releases')
        .values({ ...place, version: 1, published_at: at, body: JSON.stringify(release) })
        .execute();
      const back = random.chance(0.03);
      await db
        .insertInto('nudge_weeks')
        .values({
          ...place,
          state: 'sent',
          action: 'Greet them first',
          decided_at: at,
          recalled_at: back ? at : null,
        })
        .execute();
      if (random.chance(0.1)) await doubt(db, place, school.data_contact, at);
    }
    const together = releaseTrust(week, trust.schools.length, shares);
    await db
      .insertInto('trust_releases')
      .values({ week, published_at: at, body: JSON.stringify(together) })
      .execute();
  }
  await writeCheckins(db, random, today);
}

async function doubt(db: Db, place: { school_urn: string; week: string }, asker: string, at: Date) {
  await db
    .insertInto('nudge_queries')
    .values({
      ...place,
      id: contentId(['query', place.school_urn, place.week]),
      asker,
      reason: 'marks',
      asked_at: at,
      state: 'open',
      answered_by: null,
      answered_at: null,
    })
    .execute();
}

/** Of each milestone a check-in every three weeks: the older ones approved, the newest at any stage, some never answered. */
async function writeCheckins(db: Db, random: Seeded, today: string): Promise<void> {
  const milestones = await db.selectFrom('milestones').select(['id', 'owner_id']).orderBy('id').execute();
  await db
    .updateTable('milestone_history')
    .set({ at: new Date(`${FIRST_ROUND}T06:00:00Z`) })
    .execute();
  for (const { id, owner_id } of milestones) {
    const never = random.chance(0.2);
    for (let round = FIRST_ROUND; addDays(round, 3) <= today; round = addDays(round, EVERY_DAYS)) {
      const newest = addDays(round, EVERY_DAYS + 3) > today;
      const state = never || newest ? random.pick(['approved', 'submitted', 'open'] as const) : 'approved';
      if (never && state === 'approved') continue;
      if (!newest && state !== 'approved') continue;
      await writeCheckin(db, { id, owner_id, round, state }, random);
    }
  }
}

type Written = {
  readonly id: string;
  readonly owner_id: string;
  readonly round: string;
  readonly state: 'approved' | 'submitted' | 'open';
};

async function writeCheckin(db: Db, { id, owner_id, round, state }: Written, random: Seeded) {
  const status = random.pick(['on-track', 'on-track', 'at-risk', 'off-track'] as const);
  const answer = JSON.stringify({
    status,
    confidence: 'medium',
    value: random.whole(0, 20),
    note: 'Most of those we asked have said yes.',
    blocker: status === 'on-track' ? '' : 'The room is not free',
    evidence: 'https://tideway.example/evidence',
  });
  const at = (days: number) => new Date(`${addDays(round, days)}T10:00:00Z`);
  const said = state === 'open' ? null : answer;
  const checkinId = contentId(['checkin', id, round, owner_id]);
  await db
    .insertInto('checkins')
    .values({
      id: checkinId,
      milestone_id: id,
      round,
      owner_id,
      state,
      version: 3,
      answer: said,
      unchanged: false,
      submitted_at: said ? at(1) : null,
      asked: 1,
      ask_on: null,
      resting: false,
      decided_by: state === 'approved' ? 'manager' : null,
      decided_at: state === 'approved' ? at(2) : null,
      opened_at: at(0),
    })
    .execute();
  const ways = ['open', 'submitted', 'approved'].slice(0, said ? (state === 'approved' ? 3 : 2) : 1);
  for (const [index, way] of ways.entries())
    await db
      .insertInto('checkin_history')
      .values({
        checkin_id: checkinId,
        version: index + 1,
        event: way,
        actor: owner_id,
        at: at(index),
        state: way,
        answer: index > 0 ? said : null,
      } as never)
      .execute();
}
