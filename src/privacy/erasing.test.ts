import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { fromCommandLine } from '../../test/support/access.ts';
import { useStore } from '../../test/support/store.ts';
import { isRefusal } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { sleep } from '../kernel/time.ts';
import { inTransaction, type Trx } from '../storage/database.ts';
import { createErasing, type PersonErased } from './erasing-service.ts';
import { isTakenElsewhere, lockTables } from './store.ts';

const NOW = new Date('2026-11-23T04:40:00Z');
const KEY = 'a'.repeat(64);
const ID = '6f1c1f9e-2a55-4a0e-9a46-6f5d4a8f2f10';
const NAME = 'Orla Quennell';

describe('what is written of somebody while they are being erased', () => {
  const store = useStore();
  const pause = (trx: Trx) =>
    trx
      .insertInto('pauses')
      .values({
        id: newId('pause'),
        kind: 'school',
        subject: newId('school'),
        reason: `${NAME} asked for it`,
        paused_by: ID,
        since: NOW,
      })
      .execute();
  const digest = (trx: Trx) =>
    trx
      .insertInto('digests')
      .values({
        id: newId('digest'),
        person_id: ID,
        slot: newId('slot'),
        date: '2026-11-23',
        made_at: NOW,
        digest: JSON.stringify({ to: NAME }),
      })
      .execute();
  const question = (trx: Trx, mark: string) =>
    trx
      .insertInto('answer_questions')
      .values({
        id: newId('question'),
        asked_at: NOW,
        question: 'Where is the key?',
        outcome: 'refusal',
        passages: '[]',
        asker_mark: mark,
        within: '[]',
      })
      .execute();
  const questions = () =>
    store().db.selectFrom('answer_questions').select('question').where('asker_mark', '=', 'theirs').execute();
  /** `looked`: after each transaction, before the look that follows. */
  const erase = async (looked: (times: number) => Promise<unknown>): Promise<PersonErased> => {
    let times = 0;
    const erased = await createErasing({
      db: store().db,
      schema: store().schema,
      auditKey: KEY,
      exportByMark: questions,
      eraseByMark: async (trx) => {
        await trx.deleteFrom('answer_questions').where('asker_mark', '=', 'theirs').execute();
      },
      reload: async () => {
        times += 1;
        await looked(times);
      },
    })(ID, fromCommandLine('cli:person erase'), NOW);
    if (isRefusal(erased)) throw new Error(erased.message);
    return erased;
  };
  const everything = async () => {
    const { rows } = await sql<{ all: string | null }>`select
      (select string_agg(p::text, '') from pauses p) || coalesce((select string_agg(d::text, '') from digests d), '') ||
      (select string_agg(a::text, '') from audit a) as all`.execute(store().db);
    return rows[0]?.all ?? '';
  };

  beforeEach(async () => {
    await sql`truncate people, pauses, digests, answer_questions`.execute(store().db);
    await store()
      .db.insertInto('people')
      .values({
        id: ID,
        name: NAME,
        given_name: 'Orla',
        mail: 'orla@example.org',
        job_title: '',
        office: '',
        enabled: true,
        member: true,
        manager_id: null,
      })
      .execute();
    await inTransaction(store().db, pause);
  });

  it('goes too, also a question that only their mark leads to', async () => {
    const erased = await erase(async (times) => {
      if (times > 2) return;
      await inTransaction(store().db, pause);
      await inTransaction(store().db, digest);
      await inTransaction(store().db, (trx) => question(trx, 'theirs'));
    });
    assert.deepEqual(erased.left, {});
    assert.deepEqual(await questions(), []);
    assert.equal(erased.deleted.digests, 2);
    assert.equal(erased.changed.pauses, 3);
    assert.doesNotMatch(await everything(), new RegExp(`${ID}|${NAME}|Orla`));
  });

  it('is told where it will not end, and the erasure does', async () => {
    const erased = await erase(() => inTransaction(store().db, pause));
    assert.deepEqual(erased.left, { pauses: 1 });
  });

  it('goes while others write in any order, and none of them fails for it', async function () {
    this.timeout(60_000);
    let stopped = false;
    let written = 0;
    const write = async (steps: readonly ((trx: Trx) => Promise<unknown>)[]) => {
      while (!stopped) {
        await inTransaction(store().db, async (trx) => {
          for (const step of steps) {
            await step(trx);
            await sql`select pg_sleep(0.01)`.execute(trx);
          }
        });
        written += 1;
        await sleep(1);
      }
    };
    const writers = [
      write([pause, digest]),
      write([digest, pause]),
      write([(trx) => trx.selectFrom('people').selectAll().forUpdate().execute(), pause, digest]),
    ];
    while (written <= 5) await sleep(10);
    const erased = await erase(async () => {
      stopped = true;
      await Promise.all(writers);
    });
    assert.deepEqual(erased.left, {});
    assert.doesNotMatch(await everything(), new RegExp(`${ID}|${NAME}|Orla`));
  });

  it('cannot be written at all between the look and the removal, on a server', async () => {
    const { db, schema, engine } = store();
    // The embedded store has one connection, on which transactions follow each other anyway.
    if (engine.kind === 'embedded') return;
    await inTransaction(db, async (trx) => {
      await lockTables(trx, schema, 900);
      await inTransaction(db, (other) => other.selectFrom('pauses').select('id').execute());
      const late = inTransaction(db, async (other) => {
        await sql`set local lock_timeout = '50ms'`.execute(other);
        await pause(other);
      });
      await assert.rejects(late, isTakenElsewhere);
    });
  });
});
