import { strict as assert } from 'node:assert';
import { card, title } from '../../src/cards/elements.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { until, useService, wordsOf } from '../support/service.ts';

/** Long enough for somebody to leave meanwhile. Milliseconds. */
const WAIT = 1_500;

describe('a message for somebody who leaves before it is sent', () => {
  const service = useService({ documents: false });
  const face = (text: string) => card({ summary: text, body: [title(text)] });
  const idOf = (name: string) => service().chat(name).personId;

  async function write(run: string, names: readonly string[], wait: number) {
    const { app, clock } = service().instance;
    const drafts = names.map((name) => ({
      key: `${run}/${name}`,
      target: { kind: 'person', personId: idOf(name) } as const,
      card: face(`For ${name}, ${run}`),
      wait,
    }));
    await inTransaction(service().store.db, (trx) => app.delivery.enqueue(trx, run, drafts, clock.now()));
  }
  async function leave(change: (id: string) => void, name: string) {
    const { graph, instance } = service();
    graph.update(() => change(idOf(name)));
    await instance.app.refresh(instance.clock.now());
  }
  const LEAVING: readonly (readonly [string, string, (id: string) => void, RegExp])[] = [
    [
      'whose account was closed',
      'Priya Nair',
      (id) => {
        const person = service().graph.tenant.people.find((one) => one.id === id);
        if (person) person.enabled = false;
      },
      /^their account is disabled$/,
    ],
    [
      'who was taken out of the staff',
      'Tom Ellery',
      (id) => {
        for (const { members } of service().graph.tenant.groups)
          if (members.includes(id)) members.splice(members.indexOf(id), 1);
      },
      /^not on .+'s staff any more$/,
    ],
  ];

  for (const [whose, name, change, reason] of LEAVING)
    it(`does not go to one ${whose}, goes to the others, and the report says so`, async () => {
      const [leaver, stays] = [service().chat(name), service().chat('Aisha Rahman')];
      for (const person of [leaver, stays]) await service().teams.install(person);
      await write(`first-${name}`, [name], 0);
      await service().quiet();
      const before = service().shownTo(leaver).length;
      await write(`late-${name}`, [name, 'Aisha Rahman'], WAIT);
      await leave(change, name);
      const { delivery } = service().instance.app;
      await until(
        async () => (await delivery.report(`late-${name}`)).pending === 0,
        'the messages to settle',
      );
      const { delivered, refused, items } = await delivery.report(`late-${name}`);
      assert.deepEqual({ delivered, refused }, { delivered: 1, refused: 1 });
      assert.match(items.find(({ state }) => state === 'refused')?.reason ?? '', reason);
      assert.equal(service().shownTo(leaver).length, before);
      const { out } = await service().command('deliveries', 'report', '--run', `late-${name}`);
      assert.match(out, /1 refused/);
      // Nor does anything new get onto what they have.
      await inTransaction(service().store.db, (trx) =>
        delivery.revise(trx, `first-${name}/${name}`, face('News'), service().instance.clock.now()),
      );
      await inTransaction(service().store.db, (trx) =>
        delivery.revise(trx, `late-${name}/Aisha Rahman`, face('News'), service().instance.clock.now()),
      );
      await until(
        () =>
          service()
            .shownTo(stays)
            .some((one) => wordsOf(one) === 'News'),
        'the colleague to see it',
      );
      assert.ok(
        !service()
          .shownTo(leaver)
          .some((one) => wordsOf(one).includes('News')),
      );
    });
});
