import { strict as assert } from 'node:assert';
import { loadTrust } from '../config/load.ts';
import { calendarOf } from '../config/trust.ts';
import { weekdayOf } from '../kernel/time.ts';
import { peopleIn, personNamed, readTenant } from './tenant.ts';

describe('the sample trust', () => {
  const read = async () => ({
    trust: await loadTrust('samples/trust.yaml'),
    tenant: await readTenant('samples/tenant.yaml'),
  });

  it('has schools of each phase, sixty staff and twenty-four milestones', async () => {
    const { trust, tenant } = await read();
    const phases = trust.schools.map((school) => school.phase);
    assert.deepEqual(
      [
        phases.length,
        ...['primary', 'secondary', 'special'].map((p) => phases.filter((x) => x === p).length),
      ],
      [7, 4, 2, 1],
    );
    const people = new Map(tenant.people.map((person) => [person.id, person]));
    const staff = (peopleIn(tenant, trust.trust.staff_group) ?? []).filter(
      (id) => people.get(id)?.enabled && people.get(id)?.type === 'Member',
    );
    assert.ok(staff.length >= 60, `${staff.length} staff`);
    assert.equal(trust.milestones.length, 24);
    assert.deepEqual(
      [trust.priorities.length, ...trust.priorities.map((priority) => priority.strands.length)],
      [6, 4, 4, 4, 4, 4, 4],
    );
  });

  it('names only people, groups, teams and channels that exist', async () => {
    const { trust, tenant } = await read();
    const staff = new Set(peopleIn(tenant, trust.trust.staff_group));
    const named = [
      trust.trust.ceo,
      trust.trust.questions_contact,
      ...trust.leaders,
      ...trust.operators,
      ...trust.schools.flatMap((school) => [
        school.head,
        school.data_contact,
        school.safeguarding_lead.person ?? '',
      ]),
      ...trust.priorities.flatMap((priority) => [
        priority.lead,
        ...priority.strands.flatMap((strand) => strand.lead ?? []),
      ]),
      ...trust.milestones.map((milestone) => milestone.owner),
      ...trust.people.flatMap((note) => [note.id, note.manager ?? [], note.delegate ?? []].flat()),
    ];
    assert.deepEqual(
      named.filter((id) => !staff.has(id)),
      [],
    );
    for (const school of trust.schools) {
      const team = tenant.teams.find((candidate) => candidate.id === school.team);
      assert.ok(
        team?.channels.some((channel) => channel.id === school.channel),
        `${school.name} has its channel`,
      );
      const lead = tenant.people.find((person) => person.id === school.safeguarding_lead.person);
      assert.equal(lead?.name, school.safeguarding_lead.name);
      assert.equal(lead?.office, school.name);
    }
  });

  it('asks for check-ins on days when the owner works, at most three milestones each', async () => {
    const { trust } = await read();
    const owned = new Map<string, number>();
    for (const milestone of trust.milestones) {
      owned.set(milestone.owner, (owned.get(milestone.owner) ?? 0) + 1);
      assert.ok(milestone.next_check_in <= milestone.due, milestone.id);
      const note = trust.people.find((person) => person.id === milestone.owner);
      assert.ok((note?.works ?? [1, 2, 3, 4, 5]).includes(weekdayOf(milestone.next_check_in)), milestone.id);
    }
    assert.ok(Math.max(...owned.values()) <= 3);
    assert.ok(trust.milestones.filter((milestone) => milestone.next_check_in === '2026-11-23').length >= 5);
  });

  it('adds a school’s own INSET days and closures to its calendar', async () => {
    const { trust } = await read();
    const calendars = trust.schools.map((school) => calendarOf(trust, school));
    assert.equal(new Set(calendars.map((calendar) => calendar.inset.join())).size, 7);
    assert.deepEqual(
      calendars.flatMap((calendar) => calendar.closures),
      [{ date: '2026-11-18', reason: 'Snow' }],
    );
    for (const calendar of calendars) {
      const inTerm = (day: string) => calendar.terms.some((term) => term.from <= day && day <= term.to);
      assert.deepEqual(
        calendar.inset.filter((day) => !inTerm(day) || weekdayOf(day) > 5),
        [],
      );
    }
  });

  it('holds the people of the local run and the awkward cases', async () => {
    const { trust, tenant } = await read();
    const aisha = personNamed(tenant, 'Aisha Rahman');
    const jo = personNamed(tenant, 'Jo Bennett');
    assert.equal(aisha.manager, jo.id);
    assert.ok(trust.leaders.includes(jo.id) && trust.schools.some((school) => school.head === jo.id));
    assert.ok(trust.milestones.some((m) => m.owner === aisha.id && m.next_check_in === '2026-11-23'));
    assert.equal(tenant.people.filter((person) => person.manager === jo.id).length, 14);
    assert.equal(personNamed(tenant, 'Catherine Ames').manager, trust.trust.ceo);
    assert.equal(personNamed(tenant, 'Rhys Morgan').manager, undefined);
  });
});
