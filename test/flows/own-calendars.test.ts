import { strict as assert } from 'node:assert';
import { type SampleTrust, useService } from '../support/service.ts';

/** Quayside Academy's own staff day is Friday 27 November: there the last school day of that week is a day earlier than anywhere else. */
const ITS_MANAGER = '00000000-0000-4000-8000-000000000602';
const ANOTHER_HEAD = '00000000-0000-4000-8000-000000000201';
/** Quayside's head leads the trust as well, so that his digest, of every school, comes on the trust's day. */
const ITS_HEAD = '00000000-0000-4000-8000-000000000601';

function onTheLastDay(trust: SampleTrust): void {
  trust.schedules = {
    ...(trust.schedules as object),
    digest: { when: 'last school day of each week 07:45' },
    check_ins: { when: 'last school day of each week 08:00' },
  };
}

describe('a week whose last school day differs between schools', () => {
  const service = useService({ documents: false, trust: onTheLastDay });

  it('has a digest for each leader on the last day of their own school, and on one day alone', async () => {
    const { command, instance } = service();
    const to = async (day: string) => {
      await command('tick', '--at', `2026-11-${day}T08:10:00Z`);
      const { items } = await instance.app.delivery.report(`digest/2026-11-${day}`);
      return items.map(({ recipient }) => recipient);
    };
    assert.deepEqual(await to('24'), []);
    const [thursday, friday] = [await to('26'), await to('27')];
    assert.ok(thursday.includes(ITS_MANAGER), thursday.join());
    for (const id of [ANOTHER_HEAD, ITS_HEAD]) assert.ok(friday.includes(id), id);
    assert.deepEqual(
      thursday.filter((id) => friday.includes(id)),
      [],
    );
    const staff = await instance.app.directory.staff();
    const schools = thursday.map((id) => staff.find((person) => person.id === id)?.schoolUrn);
    assert.deepEqual([...new Set(schools)], ['900005']);
  });

  it('asks for check-ins at each school on its own last day', async () => {
    const { instance } = service();
    const runs = (await instance.app.runner.runs())
      .filter(({ rule }) => rule === 'check-ins')
      .map(({ key, state }) => `${key} ${state}`);
    assert.deepEqual(runs, ['2026-11-27 done', '2026-11-26 done']);
    const staff = new Map((await instance.app.directory.staff()).map(({ id, schoolUrn }) => [id, schoolUrn]));
    const asked = async (day: string) =>
      (await instance.app.delivery.report(`check-ins/2026-11-${day}`)).items.map(({ recipient }) =>
        staff.get(recipient),
      );
    const [thursday, friday] = [await asked('26'), await asked('27')];
    assert.ok(friday.length > 0);
    assert.ok(
      thursday.every((urn) => urn === '900005'),
      thursday.join(),
    );
    assert.ok(!friday.includes('900005'), friday.join());
  });
});
