/**
 * The largest trust that digests are measured on: 25 schools, 1,500 staff, three school years of released weeks, check-ins
 * with their histories, digests as they were sent and questions of a month. Seeded; written straight to the tables, since
 * living through three years by the service takes hours. Releases are made by the service's own code from invented counts.
 */
import type { GroupWeek } from '../src/attendance/fold.ts';
import { type Release, releaseWeek } from '../src/attendance/release.ts';
import { showable } from '../src/attendance/showable.ts';
import { releaseTrust, type SchoolShare } from '../src/attendance/trust-release.ts';
import { contentId } from '../src/kernel/ids.ts';
import { type Seeded, seeded } from '../src/kernel/seeded.ts';
import { addDays, mondayOf, weekOf } from '../src/kernel/time.ts';
import type { Db } from '../src/storage/database.ts';
import { groupWeek } from '../test/support/group-weeks.ts';

/** The day of the newest digest: a Monday after three school years. */
export const TODAY = '2028-11-20';
const FIRST_YEAR = 2025;
const YEARS = [0, 1, 2, 3] as const;
const TERMS = [
  ['09-01', '10-24'],
  ['11-03', '12-18'],
  ['01-05', '02-12'],
  ['02-23', '03-26'],
  ['04-13', '05-21'],
  ['06-01', '07-22'],
] as const;
const EVERY_DAYS = 21;
const ROWS_AT_ONCE = 500;

export type WorldSize = {
  readonly schools: number;
  readonly staff: number;
  /** Milestones of each school; the trust has as many of its own. */
  readonly milestones: number;
};

export type DigestWorld = ReturnType<typeof makeWorld>;

export function id(kind: number, number: number): string {
  return `00000000-0000-4000-800${kind}-${String(number).padStart(12, '0')}`;
}

const CEO = id(0, 1);
const STRANDS = ['attendance', 'families', 'reading', 'writing', 'support', 'leadership'];
const LEADS = STRANDS.map((_, index) => id(0, 10 + index));

/** The trust's file, its people with their managers, and their milestones. */
export function makeWorld(size: WorldSize, seed: number) {
  const random = seeded(seed);
  const schools = Array.from({ length: size.schools }, (_, index) => ({
    urn: String(910_001 + index),
    name: `School ${String(index + 1).padStart(2, '0')}`,
    phase: index % 3 === 2 ? ('secondary' as const) : ('primary' as const),
    head: id(0, 100 + index),
  }));
  const leaders = [CEO, id(0, 2), id(0, 3), id(0, 4)];
  const central = [...leaders, ...LEADS];
  const people = [
    ...central.map((person) => ({ id: person, school: '', manager: person === CEO ? null : CEO })),
    ...schools.map(({ head, name }) => ({ id: head, school: name, manager: CEO })),
  ];
  /** In each school eight line managers under the head, and everybody else under them. */
  for (let number = people.length; number < size.staff; number += 1) {
    const place = number % schools.length;
    const within = Math.floor(number / schools.length);
    const { head = CEO, name = '' } = schools[place] ?? {};
    const manager = within <= 9 ? head : id(0, 1000 + place * 100 + (within % 8));
    people.push({
      id: within <= 9 ? id(0, 1000 + place * 100 + within - 2) : id(0, 10_000 + number),
      school: name,
      manager,
    });
  }
  const staffOf = Map.groupBy(people, ({ school }) => school);
  const milestones = [...schools, undefined].flatMap((school, place) =>
    Array.from({ length: size.milestones }, (_, index) => {
      const colleagues = staffOf.get(school?.name ?? '') ?? people;
      return {
        id: `m-${place}-${index}`,
        title: `Every family of group ${index + 1} has met their tutor`,
        strand: STRANDS[(place + index) % STRANDS.length] ?? 'families',
        school: school?.urn,
        owner: random.pick(colleagues as [(typeof people)[number], ...typeof people]).id,
        target: 100,
        due: random.chance(0.1) ? '2028-10-02' : '2029-07-01',
      };
    }),
  );
  return { schools, leaders, people, milestones, seed };
}

export function trustFileOf({ schools, leaders }: DigestWorld) {
  const contact = { name: 'Mel Okafor', phone: 'ext. 204' };
  const terms = YEARS.flatMap((year) =>
    TERMS.map(([from, to], index) => {
      const calendarYear = FIRST_YEAR + year + (index < 2 ? 0 : 1);
      return { term: index + 1, from: `${calendarYear}-${from}`, to: `${calendarYear}-${to}` };
    }),
  );
  const strand = (name: string, index: number) => ({
    id: name,
    name: `Strand of ${name}`,
    lead: LEADS[index],
  });
  return {
    trust: {
      name: 'Measured Learning Trust',
      short_name: 'Measured',
      zone: 'Europe/London',
      staff_group: id(1, 1),
      ceo: CEO,
      safeguarding_lead: contact,
      questions_contact: CEO,
    },
    calendars: { default: { terms } },
    schools: schools.map((school, index) => ({
      ...school,
      team: id(2, index),
      channel: `19:school-${index}@thread.tacv2`,
      data_contact: school.head,
      safeguarding_lead: contact,
    })),
    priorities: [
      { id: 'gaps', name: 'Closing gaps', lead: LEADS[0], strands: STRANDS.slice(0, 3).map(strand) },
      {
        id: 'teaching',
        name: 'Great teaching',
        lead: LEADS[3],
        strands: STRANDS.slice(3).map((name, index) => strand(name, index + 3)),
      },
    ],
    leaders,
    schedules: {
      attendance_week: { when: 'Mondays 07:30 in term' },
      check_ins: { when: 'school days 08:00' },
      digest: { when: 'Mondays 07:45 in term' },
    },
  };
}

/** Mondays of weeks with school, oldest first, up to the week before `TODAY`. */
export function mondays(): string[] {
  const found: string[] = [];
  for (let monday = mondayOf(weekOf(`${FIRST_YEAR}-11-17`)); monday < TODAY; monday = addDays(monday, 7)) {
    const day = monday.slice(5);
    const open = TERMS.some(([from, to]) => from <= day && day <= to);
    if (open) found.push(monday);
  }
  return found;
}

/** Fills an empty, migrated store. Gives how many rows of each kind it wrote. */
export async function writeWorld(db: Db, world: DigestWorld): Promise<Record<string, number>> {
  const random = seeded(world.seed + 1);
  await insert(
    db,
    'people',
    world.people.map((person, index) => personRow(person, index)),
  );
  await insert(
    db,
    'group_members',
    world.people.map((person) => ({ group_id: id(1, 1), person_id: person.id })),
  );
  await db
    .updateTable('directory_state')
    .set({ revision: 2, synced_at: new Date(`${TODAY}T05:00:00Z`) })
    .execute();
  const releases = await writeReleases(db, world, random);
  const checkins = await writeCheckins(db, world, random);
  const questions = Array.from({ length: 1_200 }, (_, index) => questionRow(index, random));
  await insert(db, 'answer_questions', questions);
  return { people: world.people.length, releases, ...checkins, questions: questions.length };
}

const GIVEN = ['Ana', 'Ben', 'Cem', 'Dot', 'Eve', 'Fin', 'Gus', 'Hal', 'Ida', 'Jon', 'Kit', 'Lia'];

function personRow(person: DigestWorld['people'][number], index: number) {
  const given = `${GIVEN[index % GIVEN.length]}${index < 200 ? '' : index % 50}`;
  return {
    id: person.id,
    name: `${given} Name${index}`,
    given_name: given,
    mail: `p${index}@measured.example`,
    job_title: 'Staff',
    office: person.school,
    enabled: true,
    member: true,
    manager_id: person.manager,
  };
}

async function writeReleases(db: Db, { schools }: DigestWorld, random: Seeded): Promise<number> {
  const rows: object[] = [];
  const trustRows: object[] = [];
  const weekRows: object[] = [];
  const last = new Map<string, Release>();
  for (const monday of mondays()) {
    const week = weekOf(monday);
    const at = new Date(`${addDays(monday, 7)}T07:30:00Z`);
    const shares: SchoolShare[] = [];
    for (const school of schools) {
      const counts = { groups: groupsOf(random, school.urn), receivedAt: at };
      const before = last.get(school.urn);
      const release = releaseWeek({
        schoolUrn: school.urn,
        schoolName: school.name,
        phase: school.phase,
        week,
        threshold: 10,
        counts,
        before: before && { release: before, adjacent: true },
      });
      last.set(school.urn, release);
      const { all, pp } = showable(counts, { threshold: 10, sessions: 10 });
      shares.push({ release, all, pp });
      rows.push({
        school_urn: school.urn,
        week,
        version: 1,
        published_at: at,
        body: JSON.stringify(release),
      });
      weekRows.push({
        school_urn: school.urn,
        week,
        state: 'sent',
        action: 'Greet them first',
        decided_at: at,
      });
    }
    trustRows.push({
      week,
      published_at: at,
      body: JSON.stringify(releaseTrust(week, schools.length, shares)),
    });
  }
  await insert(db, 'releases', rows);
  await insert(db, 'trust_releases', trustRows);
  await insert(db, 'nudge_weeks', weekRows);
  return rows.length;
}

/** A school of some 400 pupils; of every fifth one only a few experience disadvantage. */
function groupsOf(random: Seeded, urn: string): GroupWeek[] {
  const few = Number(urn) % 5 === 0;
  const [pp, others] = few ? [6, 380] : [110, 290];
  const missed = (pupils: number, share: number) =>
    Math.round(pupils * 10 * share * (0.8 + random.next() * 0.4));
  const [away, away2] = [missed(pp, 0.1), missed(others, 0.05)];
  const group = (type: GroupWeek['type'], key: string, pupils: number, absent: number, days = 5) =>
    groupWeek(type, key, { pupils, possible: pupils * days * 2, absent });
  return [
    group('all', 'all', pp + others, away + away2),
    group('pp', 'yes', pp, away),
    group('pp', 'no', others, away2),
    ...['1', '2', '3', '4', '5'].map((day) => group('day', day, pp + others, 0, 1)),
  ];
}

async function writeCheckins(db: Db, { milestones, people }: DigestWorld, random: Seeded) {
  const managers = new Map(people.map((person) => [person.id, person.manager ?? CEO]));
  const [first = TODAY] = mondays();
  const plans: object[] = [];
  const histories: object[] = [];
  const checkins: object[] = [];
  const steps: object[] = [];
  for (const milestone of milestones) {
    const plan = {
      id: milestone.id,
      title: milestone.title,
      strand: milestone.strand,
      measure: 'Families reached so far',
      unit: 'families',
      target: milestone.target,
      due: milestone.due,
    };
    const { school, owner } = milestone;
    plans.push({
      ...plan,
      school_urn: school ?? null,
      owner_id: owner,
      every_weeks: 3,
      first_round: first,
      ask_in: 'chat',
      next_round: '2028-12-11',
      changed_at: new Date(`${first}T06:00:00Z`),
    });
    histories.push({
      milestone_id: milestone.id,
      at: new Date(`${first}T06:00:00Z`),
      change: 'added',
      milestone: JSON.stringify({
        ...plan,
        ...(school ? { schoolUrn: school } : {}),
        ownerId: owner,
        everyWeeks: 3,
        firstRound: first,
        ended: false,
      }),
    });
    for (let round = first; round < TODAY; round = addDays(round, EVERY_DAYS)) {
      const newest = addDays(round, EVERY_DAYS) >= TODAY;
      const state = !newest ? 'approved' : random.pick(['approved', 'submitted', 'open'] as const);
      const checkinId = contentId(['checkin', milestone.id, round, owner]);
      const answer = answerOf(random, people[random.whole(0, people.length - 1)]?.id ?? owner);
      const at = (days: number) => new Date(`${addDays(round, days)}T08:00:00Z`);
      const said = state === 'open' ? null : JSON.stringify(answer);
      const decided = state === 'approved';
      checkins.push({
        id: checkinId,
        milestone_id: milestone.id,
        round,
        owner_id: owner,
        state,
        version: 3,
        answer: said,
        unchanged: false,
        submitted_at: said ? at(1) : null,
        asked: 1,
        ask_on: null,
        resting: false,
        decided_by: decided ? (managers.get(owner) === owner ? id(0, 2) : managers.get(owner)) : null,
        decided_at: decided ? at(2) : null,
        opened_at: at(0),
      });
      const ways = ['open', 'submitted', 'approved'].slice(0, said ? (decided ? 3 : 2) : 1);
      for (const [index, way] of ways.entries())
        steps.push({
          checkin_id: checkinId,
          version: index + 1,
          event: way,
          actor: owner,
          at: at(index),
          state: way,
          answer: index > 0 ? said : null,
        });
    }
  }
  await insert(db, 'milestones', plans);
  await insert(db, 'milestone_history', histories);
  await insert(db, 'checkins', checkins);
  await insert(db, 'checkin_history', steps);
  return { milestones: plans.length, checkins: checkins.length, checkinSteps: steps.length };
}

function answerOf(random: Seeded, named: string) {
  const status = random.pick(['on-track', 'on-track', 'on-track', 'at-risk', 'off-track'] as const);
  return {
    status,
    confidence: 'medium',
    value: random.whole(0, 100),
    note: 'Evening calls are working well for most of the families we ask.',
    blocker: status === 'on-track' ? '' : `The council has not replied to ${named} about the room`,
    evidence: 'https://measured.example/evidence/calls',
  };
}

const ASKED = ['cover for send reviews', 'parking at the hub', 'lunch duty pay', 'laptop repairs'];

function questionRow(index: number, random: Seeded) {
  const refused = random.chance(0.3);
  return {
    id: contentId(['question', String(index)]),
    asked_at: new Date(new Date(`${TODAY}T07:00:00Z`).getTime() - random.whole(1, 27) * 86_400_000),
    question: `Who arranges ${random.pick(ASKED as [string, ...string[]])} in our school this year?`,
    outcome: refused ? 'refusal' : 'answer',
    passages: JSON.stringify([]),
    reaction: null,
    reason: null,
    asker_mark: `mark-${random.whole(1, 400)}`,
    reader_id: null,
    topic: null,
  };
}

async function insert(
  db: Db,
  table: Parameters<Db['insertInto']>[0],
  rows: readonly object[],
): Promise<void> {
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE)
    await db
      .insertInto(table)
      .values(rows.slice(start, start + ROWS_AT_ONCE) as never)
      .execute();
}
