import { strict as assert } from 'node:assert';
import type { Finding } from '../../src/app/doctor-trust.ts';
import { type SampleTrust, useService, wordsOf } from '../support/service.ts';

const RESTRICTED_READERS = '00000000-0000-4000-8001-000000000003';

/** Operators are whoever is in a group; heads of a school too, in one that is not there. */
function byGroups(trust: SampleTrust): void {
  Object.assign(trust, { operators: [], operators_group: RESTRICTED_READERS });
  Object.assign(trust.schools[0] ?? {}, { heads_group: 'a-group-that-is-gone' });
}

describe('a role that a group of the directory gives', () => {
  const service = useService({ trust: byGroups });

  async function answerTo(name: string): Promise<string> {
    const { teams, quiet, chat, shownTo } = service();
    const person = chat(name);
    await teams.sendMessage(person, 'deliveries');
    await quiet();
    return wordsOf(shownTo(person).at(-1));
  }
  const groupOf = () => {
    const group = service().graph.tenant.groups.find(({ id }) => id === RESTRICTED_READERS);
    assert.ok(group);
    return group;
  };

  it('is held by its members, and by nobody whom the file no longer names', async () => {
    assert.match(await answerTo('Martin Lowe'), /What reached whom/);
    assert.doesNotMatch(await answerTo('Owen Pryce'), /What reached whom/);
  });

  it('ends for whoever leaves it and begins for whoever joins, once the directory is read again', async () => {
    const { graph, instance } = service();
    const id = (name: string) => graph.tenant.people.find((person) => person.name === name)?.id ?? '';
    graph.update(() => {
      const { members } = groupOf();
      members.splice(members.indexOf(id('Martin Lowe')), 1, id('Owen Pryce'));
    });
    await instance.app.refresh(instance.clock.now());
    assert.doesNotMatch(await answerTo('Martin Lowe'), /What reached whom/);
    assert.match(await answerTo('Owen Pryce'), /What reached whom/);
  });

  it('is looked over by the doctor, who names the line whose group has nobody', async () => {
    const { out } = await service().command('doctor', '--json');
    const { findings } = JSON.parse(out) as { findings: readonly Finding[] };
    const found = findings.find(({ part }) => part === 'role groups');
    assert.equal(found?.state, 'attention');
    assert.match(found?.says ?? '', /schools\[0\]\.heads_group, so it appoints nobody/);
    assert.match(found?.remedy ?? '', /within 15 minutes/);
  });
});
