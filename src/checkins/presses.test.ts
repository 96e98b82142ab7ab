import { strict as assert } from 'node:assert';
import type { KyselyPlugin } from 'kysely';
import {
  act,
  ask,
  checkins,
  count,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  store,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { until } from '../../test/support/service.ts';
import { envelope } from '../cards/envelope.ts';
import { must } from '../kernel/guards.ts';
import { movableClock } from '../kernel/time.ts';
import { readLive, readRefreshes } from './store.ts';

describe('a press on a check-in', () => {
  useDesk();

  const MANY = [...Array(6).keys()].map((index) => ({ id: `m${index + 1}`, owner: `owner${index}` }));
  const team = MANY.map(({ owner }, index) => ({
    id: owner,
    name: `Owner ${index}`,
    givenName: `Owner ${index}`,
    mail: `${owner}@example.org`,
    jobTitle: 'Staff',
    staff: true,
    managerId: 'head1',
  }));
  const people = [
    ...team,
    { ...must(team[0], 'an owner'), id: 'head1', name: 'Jo Marsh', givenName: 'Jo', managerId: 'ada' },
  ];

  /** Six that wait for Jo, on one card. Gives the card's key. */
  async function sixForJo(): Promise<string> {
    rebuild(sampleTrust(MANY, []), people);
    await checkins.syncMilestones(MONDAY.now);
    await ask();
    for (const { id, owner } of MANY)
      await press({ personId: owner, name: owner }, 'checkins.submit', await liveOf(id), UPDATE);
    return must(
      [...outbox.drafts.keys()].find((key) => key.includes('/review/')),
      'a review',
    );
  }

  const approve = (id: string, version: number) =>
    act({ envelope: envelope('checkins.approve', id, version), inputs: {} }, JO, MONDAY.now);

  it('needs two statements to approve: all that it is judged by, and all that it changes', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const { id, version } = await liveOf();
    const seen: string[] = [];
    rebuild(undefined, undefined, store.db.withPlugin(counting(seen)));
    await approve(id, version);
    assert.deepEqual(seen, ['RawNode', 'RawNode']);
    assert.deepEqual(await readLive(store.db), []);
  });

  it('shares its statements with the presses of the same moment', async () => {
    await sixForJo();
    const waiting = await readLive(store.db);
    const seen: string[] = [];
    rebuild(sampleTrust(MANY, []), people, store.db.withPlugin(counting(seen)));
    const audits = await count('audit');
    await Promise.all(waiting.map(({ id, version }) => approve(id, version)));
    assert.ok(seen.length <= 7, `${seen.length} statements, not two for each`);
    assert.deepEqual(await readLive(store.db), []);
    assert.equal(await count('audit'), audits + 6, 'a line for each');
  });

  it('has a list drawn anew once for all that was read on it', async () => {
    const key = await sixForJo();
    const drawn: string[] = [];
    const { reviseAll } = outbox;
    outbox.reviseAll = async (trx, faces, now) => {
      drawn.push(...faces.map((face) => face.key));
      await reviseAll(trx, faces, now);
    };
    for (const { id, version } of (await readLive(store.db)).slice(0, 5)) await approve(id, version);
    await checkins.cards.drain(MONDAY.now);
    assert.equal(drawn.filter((one) => one === key).length, 1);
    assert.equal(drawn.length, 6, 'and each owner’s');
    assert.match(words(outbox.face(key)), /Owner \d's check-in, about a minute/, 'the last one stands whole');
  });

  it('has its cards drawn soon, without waiting for the next look', async () => {
    const key = await sixForJo();
    const [one] = await readLive(store.db);
    checkins.cards.start(movableClock(MONDAY.now));
    try {
      await approve(one?.id ?? '', one?.version ?? 0);
      await until(() => /five check-ins wait/.test(words(outbox.face(key))), 'the card', 1_500);
    } finally {
      await checkins.cards.stop();
    }
  });

  it('leaves a note of the cards that a process that died had not drawn', async () => {
    const key = await sixForJo();
    const [one] = await readLive(store.db);
    await approve(one?.id ?? '', one?.version ?? 0);
    assert.match(words(outbox.face(key)), /six check-ins wait/);
    const next = rebuild(sampleTrust(MANY, []), people);
    await Promise.all([next.cards.drain(MONDAY.now), next.cards.drain(MONDAY.now)]);
    assert.match(words(outbox.face(key)), /five check-ins wait/);
    assert.deepEqual(await readRefreshes(store.db, 1), []);
  });

  it('judges again what was changed between its reading and its writing', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const { id, version } = await liveOf();
    let reminded = false;
    const meddling: KyselyPlugin = {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (!reminded) {
          reminded = true;
          await store.db.updateTable('checkins').set({ asked: 3 }).where('id', '=', id).execute();
        }
        return result;
      },
    };
    rebuild(undefined, undefined, store.db.withPlugin(meddling));
    const reply = await approve(id, version);
    assert.equal(reply.kind, 'card');
    const row = await store.db
      .selectFrom('checkins')
      .selectAll()
      .where('id', '=', id)
      .executeTakeFirstOrThrow();
    assert.deepEqual([row.state, row.asked], ['approved', 3], 'the other change is kept');
    assert.equal(await count('checkin_history'), 3);
  });
});

/** Keeps what kind each statement is. */
function counting(seen: string[]): KyselyPlugin {
  return {
    transformQuery: ({ node }) => {
      seen.push(node.kind);
      return node;
    },
    transformResult: async ({ result }) => result,
  };
}
