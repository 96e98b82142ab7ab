import { strict as assert } from 'node:assert';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { holderOf, holdersOf, schoolsOf, strandsOf } from '../access/appointments.ts';
import type { Trust } from '../config/trust.ts';
import { crossCheck } from '../config/trust-checks.ts';
import { must } from '../kernel/guards.ts';
import { appointmentsOf, roleGroupsOf } from './appointing.ts';

const HARBOUR = '100001';
const QUAYSIDE = '100002';

function groups(members: Readonly<Record<string, readonly string[]>>) {
  return new Map(Object.entries(members).map(([group, ids]) => [group, new Set(ids)]));
}

function trustWith(change: (trust: Trust) => void): Trust {
  const trust = sampleTrust();
  change(trust);
  return trust;
}

function personNamed(id: string) {
  return must(
    PEOPLE.find((one) => one.id === id),
    id,
  );
}

describe('who holds a role', () => {
  it('is whom the file names, and after them the members of the group that it names beside them', () => {
    const trust = trustWith((file) => {
      file.leaders = ['ada'];
      file.leaders_group = 'the executive';
      file.operators_group = 'it';
      must(file.schools[0], 'a school').heads_group = 'heads';
    });
    const found = appointmentsOf(
      trust,
      groups({ 'the executive': ['cho', 'ada'], it: ['max'], heads: ['tom', 'bea'] }),
    );
    assert.deepEqual(holdersOf(found, 'trust-leader'), ['ada', 'cho']);
    assert.deepEqual(holdersOf(found, 'operator'), ['max']);
    assert.deepEqual(holdersOf(found, 'head', { urn: HARBOUR }), ['head1', 'bea', 'tom']);
    assert.deepEqual(holdersOf(found, 'head', { urn: QUAYSIDE }), ['head2']);
  });

  it('is the file’s people alone where a group is empty or was never read', () => {
    const trust = trustWith((file) => {
      file.leaders_group = 'gone';
      file.operators_group = 'empty';
    });
    const found = appointmentsOf(trust, groups({ empty: [] }));
    assert.deepEqual(holdersOf(found, 'trust-leader'), ['ada', 'cho']);
    assert.deepEqual(holdersOf(found, 'operator'), []);
  });

  it('leads each strand of a priority, and attendance only where its strand has no lead of its own', () => {
    const trust = trustWith((file) => {
      const [priority] = file.priorities;
      must(priority, 'a priority').leads_group = 'priority';
      must(priority, 'a priority').strands.push({ id: 'attendance', name: 'Attendance' });
    });
    const all = groups({ priority: ['tom'], strand: ['bea'] });
    assert.deepEqual(holdersOf(appointmentsOf(trust, all), 'attendance-lead'), ['ada', 'tom']);
    const strand = must(trust.priorities[0]?.strands.at(-1), 'the strand');
    strand.leads_group = 'strand';
    const found = appointmentsOf(trust, all);
    assert.deepEqual(holdersOf(found, 'attendance-lead'), ['bea']);
    assert.deepEqual(strandsOf(holderOf(found, personNamed('tom'))), ['families', 'attendance']);
    assert.deepEqual(strandsOf(holderOf(found, personNamed('bea'))), ['attendance']);
  });

  it('is nothing to whoever is not staff, whatever the file or a group calls them', () => {
    const trust = trustWith((file) => {
      file.leaders.push('nia');
    });
    const found = appointmentsOf(trust);
    assert.deepEqual(
      holderOf(found, personNamed('nia')).standings.map(({ role }) => role),
      ['anyone'],
    );
    const ada = holderOf(found, personNamed('ada'));
    assert.deepEqual(schoolsOf(ada, 'head'), []);
    assert.ok(ada.standings.some(({ role }) => role === 'staff'));
  });

  it('comes from groups that the doctor can name by the line of the file', () => {
    const trust = trustWith((file) => {
      file.leaders_group = 'one';
      must(file.schools[1], 'a school').heads_group = 'two';
      must(file.priorities[0], 'a priority').leads_group = 'three';
      must(file.priorities[1]?.strands[0], 'a strand').leads_group = 'four';
    });
    assert.deepEqual(
      roleGroupsOf(trust).map(({ group, names }) => `${group} ${names}`),
      [
        'one leaders_group',
        'two schools[1].heads_group',
        'three priorities[0].leads_group',
        'four priorities[1].strands[0].leads_group',
      ],
    );
  });

  it('must be somebody among leaders: a file that names neither people nor a group is refused', () => {
    const trust = trustWith((file) => {
      file.leaders = [];
    });
    assert.match(crossCheck(trust)[0]?.message ?? '', /names nobody/);
    trust.leaders_group = 'the executive';
    assert.deepEqual(crossCheck(trust), []);
  });
});
