import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { closeContact, findConversations, saveContact } from './conversations-store.ts';

describe('where people are reached', () => {
  const store = useStore();
  const target = { kind: 'person', personId: 'p' } as const;
  const contact = {
    target,
    conversationId: 'a:chat',
    serviceUrl: 'https://smba.example/uk/',
    botId: 'bot',
    tenantId: 'tenant',
  };
  /** The row's version: another one only when it was written. */
  const version = async () => {
    const found = await sql<{ xmin: string }>`select xmin::text from conversations`.execute(store().db);
    return found.rows[0]?.xmin;
  };
  const kept = async () => (await findConversations(store().db, [target])).get('person:p');

  beforeEach(async () => {
    await store().db.deleteFrom('conversations').execute();
    await saveContact(store().db, contact);
  });

  it('is found by the conversation without reading them all, as each edit of a card asks', async () => {
    const { db } = store();
    await sql`
      insert into conversations (owner, conversation_id, service_url, bot_id, tenant_id, state)
      select 'person:' || n, 'a:chat-' || n, 'https://smba.example/uk/', 'bot', 'tenant', 'active'
      from generate_series(1, 2000) n`.execute(db);
    await sql`analyse conversations`.execute(db);
    const plan = await sql<Record<string, string>>`
      explain select service_url from conversations where conversation_id = 'a:chat-7' limit 1`.execute(db);
    const lines = plan.rows.flatMap((row) => Object.values(row)).join('\n');
    assert.match(lines, /conversations_place/);
    assert.doesNotMatch(lines, /Seq Scan/);
  });

  it('is not written again at every message', async () => {
    const before = await version();
    await saveContact(store().db, contact);
    assert.equal(await version(), before);
    await store()
      .db.updateTable('conversations')
      .set({ updated_at: sql`now() - interval '2 hours'` })
      .execute();
    const old = await version();
    await saveContact(store().db, contact);
    assert.notEqual(await version(), old);
  });

  it('is written at once when it differs, and when it had gone', async () => {
    await saveContact(store().db, { ...contact, serviceUrl: 'https://smba.example/emea/' });
    assert.equal((await kept())?.serviceUrl, 'https://smba.example/emea/');
    await closeContact(store().db, { personId: 'p' }, 'the app was removed');
    assert.deepEqual([(await kept())?.state, (await kept())?.reason], ['gone', 'the app was removed']);
    await saveContact(store().db, { ...contact, serviceUrl: 'https://smba.example/emea/' });
    assert.deepEqual([(await kept())?.state, (await kept())?.reason], ['active', undefined]);
  });
});
