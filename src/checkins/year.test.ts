/**
 * A year of days, with what people do drawn at random, by the rules and by an oracle that shares nothing with them: both must
 * ask the same people on the same days. The whole service is held to the same oracle by `npm run bench:years`.
 */
import { strict as assert } from 'node:assert';
import { drawChoices, FIRST_DAY, LAST_DAY, makeYears, runsOn, trustOf } from '../../bench/years-world.ts';
import { createOracle, dateText, isTerm } from '../../test/support/asks-oracle.ts';
import { must } from '../kernel/guards.ts';
import { seeded } from '../kernel/seeded.ts';
import type { Checkin } from './lifecycle.ts';
import { isPaced, type Milestone, roundAfter } from './milestone.ts';
import { chooseAsks, isHour, type Rhythm, reminderAfter, workingDayAfter } from './reminders.ts';

const LOOKS = ['08:00', '10:00', '12:00', '14:00'];

type Size = Parameters<typeof makeYears>[0];

/** Gives what differed; `remindAfter`: the rule to try, of the owner's working days. */
function liveThrough(size: Size, seed: number, remindAfter = reminderAfter): string[] {
  const world = makeYears(size, seeded(seed));
  const random = seeded(seed + 1);
  const choices = drawChoices(world, seeded(seed + 2));
  const byFile = new Map(trustOf(world).people.map(({ id, ...note }): [string, Rhythm] => [id, note]));
  const chosen = new Map<string, Rhythm & { standIn?: { id: string; from: number; to: number } }>();
  const oracle = createOracle(world.milestones, world.people);
  const schools = new Map(world.schools.map((school) => [school.urn, school]));
  const milestones = trustOf(world).milestones.map(
    ({ id, school, owner, due, cadence, next_check_in: first }): Milestone => ({
      id,
      title: id,
      strand: 'attendance',
      schoolUrn: school,
      ownerId: owner,
      measure: 'Steps',
      unit: 'steps',
      target: 9,
      due,
      cadence,
      everyWeeks: cadence === 'weekly' ? 1 : 7,
      firstRound: first,
      nextRound: first,
      ended: false,
    }),
  );
  const live = new Map<string, Checkin>();
  const lastAsked = new Map<string, string>();
  const wrong: string[] = [];
  for (let day = FIRST_DAY; day <= LAST_DAY; day += 1) {
    const date = dateText(day);
    for (const { personId, means } of choices.filter((one) => one.day === day)) {
      oracle.choose(personId, means);
      const { works, unreminded, hours, pausedUntil, standIn } = means;
      chosen.set(personId, {
        ...(works ? { works } : {}),
        ...(unreminded ? { unreminded: true as const } : {}),
        ...(hours ? { hours: { from: clock(hours[0]), to: clock(hours[1]) } } : {}),
        ...(pausedUntil === undefined ? {} : { pausedUntil: dateText(pausedUntil) }),
        ...(standIn ? { standIn } : {}),
      });
    }
    const rhythmOf = (id: string): Rhythm => ({ ...byFile.get(id), ...chosen.get(id) });
    const askedToday = new Set<string>();
    for (const [index, time] of runsOn(world, day) ? LOOKS.entries() : []) {
      const main = index === 0;
      const asks = chooseAsks({
        date,
        milestones,
        live,
        rhythmOf,
        isStaff: () => true,
        isSchoolDay: (urn) => {
          const school = must(schools.get(urn ?? ''), 'a school');
          return isTerm(school, day) && !school.shut?.has(day);
        },
        standInOf: ({ ownerId }) => {
          const standIn = chosen.get(ownerId)?.standIn;
          return standIn && standIn.from <= day && day <= standIn.to ? standIn.id : undefined;
        },
        isHourOf: (id) => isHour(rhythmOf(id), time, !main),
        ...(main ? {} : { askedToday }),
        lastAskedOf: (id) => lastAsked.get(id),
        apart: 14,
      });
      const came = asks.map(({ to, milestone, kind }) => `${to} ${milestone.id} ${kind}`).sort();
      const wanted = oracle
        .expect(day, Number(time.slice(0, 2)) * 60, main)
        .map(({ to, milestone, kind }) => `${to} ${milestone} ${kind}`)
        .sort();
      if (came.join() !== wanted.join()) wrong.push(`${date} ${time}: ${came.join()} for ${wanted.join()}`);
      for (const { to, milestone, round, kind } of asks) {
        askedToday.add(to);
        const before = live.get(milestone.id);
        live.set(milestone.id, {
          id: milestone.id,
          milestoneId: milestone.id,
          round,
          ownerId: milestone.ownerId,
          state: kind === 'again' && before ? before.state : 'open',
          version: 1,
          unchanged: false,
          asked: kind === 'again' ? (before?.asked ?? 0) + 1 : 1,
          askOn: remindAfter(rhythmOf(to), date),
          resting: false,
        });
        if (kind === 'again') continue;
        if (isPaced(milestone)) for (const id of [milestone.ownerId, to]) lastAsked.set(id, date);
        const terms = must(schools.get(milestone.schoolUrn ?? ''), 'a school').calendar.terms as never;
        const next = roundAfter(milestone, round, date, terms);
        const at = milestones.indexOf(milestone);
        const { nextRound: _, ...rest } = milestone;
        milestones[at] = next === undefined ? rest : { ...rest, nextRound: next };
      }
    }
    for (const [id, checkin] of live) {
      const draw = random.next();
      if (checkin.state === 'submitted' && draw < 0.3) {
        oracle.settled(id);
        live.delete(id);
      } else if (checkin.state === 'submitted' && draw < 0.33) {
        oracle.returned(id, day);
        const askOn = workingDayAfter(rhythmOf(checkin.ownerId), date, 3);
        live.set(id, { ...checkin, state: 'returned', asked: 1, askOn });
      } else if (checkin.state !== 'submitted' && draw < 0.2) {
        oracle.answered(id);
        live.set(id, { ...checkin, state: 'submitted', resting: false });
      } else if (checkin.state === 'open' && draw < 0.23) {
        oracle.putOff(id, day);
        live.set(id, { ...checkin, askOn: workingDayAfter(rhythmOf(checkin.ownerId), date), resting: true });
      }
    }
  }
  return wrong;
}

function clock(minutes: number): string {
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

describe('a year of asking', () => {
  const few: Size = { schools: 4, owners: 24, each: 3, cadence: 'half-termly', reportsEach: 6 };

  for (const seed of [1, 2, 3])
    it(`asks and reminds as the oracle does, every half-term (seed ${seed})`, () => {
      assert.deepEqual(liveThrough(few, seed).slice(0, 3), []);
    });

  it('and every week', () => {
    assert.deepEqual(liveThrough({ ...few, each: 1, cadence: 'weekly' }, 4).slice(0, 3), []);
  });

  it('would be told of a reminder that comes a day early', () => {
    assert.ok(liveThrough(few, 1, (rhythm, date) => workingDayAfter(rhythm, date, 2)).length > 0);
  });
});
