import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { seeded } from '../kernel/seeded.ts';
import { eraseFromAudit, pruneAudit, sealAudit, writeAudit } from './audit.ts';
import { listAuditOf, verifyAudit } from './audit-store.ts';
import { type Db, inTransaction } from './database.ts';

const KEY = 'a'.repeat(64);
const AT = new Date('2026-11-23T07:30:00.123Z');
const PEOPLE = ['person-aisha', 'person-jo', 'waymark'];

async function write(db: Db, count: number): Promise<void> {
  for (let n = 0; n < count; n++) {
    await writeAudit(db, {
      at: new Date(AT.getTime() + n * 1000),
      actor: PEOPLE[n % PEOPLE.length] ?? '',
      action: 'checkins.approve',
      subject: `checkin-${n}`,
      detail: { version: n, reviewer: PEOPLE[(n + 1) % PEOPLE.length] ?? '', late: n % 2 === 0 },
    });
  }
}

/** A thousand when the whole campaign is asked for. */
const CHANGES = process.env.WAYMARK_FULL ? 1000 : 100;

/** The columns that a chain vouches for, of both tables, and how each is changed by hand. */
const COLUMNS = ['at', 'actor', 'action', 'subject', 'detail', 'link', 'salt', 'commitment', 'seal'];

describe('the audit', () => {
  const store = useStore();
  const verify = () => verifyAudit(store().db, KEY);

  beforeEach(async () => {
    await sql`truncate audit`.execute(store().db);
    await sql`
      update audit_head set links = 0, seal = 'start', vouched = '', from_link = 0, from_seal = 'start', from_vouched = ''`.execute(
      store().db,
    );
  });

  it('holds when nothing was written yet, and after every sealing', async () => {
    assert.deepEqual(await verify(), { entries: 0, head: 'start' });
    await write(store().db, 7);
    assert.equal(await sealAudit(store().db, KEY), 7);
    await write(store().db, 3);
    assert.equal(await sealAudit(store().db, KEY), 3);
    const verdict = await verify();
    assert.equal(verdict.entries, 10);
    assert.equal(verdict.fault, undefined);
  });

  it('makes one chain when several instances seal at once', async () => {
    await write(store().db, 30);
    await Promise.all([1, 2, 3, 4].map(() => sealAudit(store().db, KEY)));
    assert.deepEqual({ ...(await verify()), head: '' }, { entries: 30, head: '' });
  });

  it('finds any one character changed anywhere in it', async () => {
    const { db } = store();
    await write(db, 12);
    await sealAudit(db, KEY);
    const random = seeded(20261123).next;
    for (let n = 0; n < CHANGES; n++) {
      const column = COLUMNS[n % COLUMNS.length] ?? 'actor';
      const link = 1 + Math.floor(random() * 12);
      await inTransaction(db, async (trx) => {
        const { rows } = await sql<{ text: string }>`
          select ${sql.ref(column)}::text as text from audit where link = ${link}`.execute(trx);
        const changed = changeOne(rows[0]?.text ?? '', column, random);
        await sql`update audit set ${sql.ref(column)} = ${sql.lit(changed)}::${typeOf(column)}
          where link = ${link}`.execute(trx);
        const { fault } = await verifyAudit(trx, KEY);
        assert.ok(fault, `${column} of entry ${link} became ${changed} and nobody saw it`);
        throw new Undo();
      }).catch(unlessUndone);
    }
    assert.equal((await verify()).fault, undefined);
  });

  it('finds an entry taken out, the end cut off, an entry slipped in, and another key', async () => {
    const { db } = store();
    await write(db, 5);
    await sealAudit(db, KEY);
    const problemAfter = async (change: ReturnType<typeof sql>) => {
      let problem: string | undefined;
      await inTransaction(db, async (trx) => {
        await change.execute(trx);
        problem = (await verifyAudit(trx, KEY)).fault?.problem;
        throw new Undo();
      }).catch(unlessUndone);
      return problem;
    };
    assert.equal(await problemAfter(sql`delete from audit where link = 3`), 'entry 3 is missing');
    assert.equal(await problemAfter(sql`delete from audit where link = 5`), 'entry 5 is missing');
    assert.match(
      (await problemAfter(sql`with gone as (delete from audit where link = 5)
        update audit_head set links = 4, seal = (select seal from audit where link = 4)`)) ?? '',
      /record of the last entry/,
    );
    assert.match(
      (await problemAfter(sql`insert into audit (at, actor, action, subject, detail, link, salt, commitment, seal)
        select at, actor, action, subject, detail, 6, salt, commitment, seal from audit where link = 5`)) ??
        '',
      /entry 6/,
    );
    assert.ok((await verifyAudit(db, 'b'.repeat(64))).fault);
  });

  it('lets go of entries that are old enough, and the rest still holds', async () => {
    const { db } = store();
    await write(db, 8);
    await sealAudit(db, KEY);
    const prune = (before: Date) => inTransaction(db, (trx) => pruneAudit(trx, KEY, before));
    assert.equal(await prune(AT), 0);
    assert.equal(await prune(new Date(AT.getTime() + 5000)), 5);
    assert.deepEqual({ ...(await verify()), head: '' }, { entries: 3, head: '' });
    await write(db, 2);
    await sealAudit(db, KEY);
    assert.equal((await verify()).entries, 5);
    assert.equal(await prune(new Date(AT.getTime() + 60_000)), 5);
    assert.equal((await verify()).entries, 0);
    await write(db, 1);
    await sealAudit(db, KEY);
    assert.deepEqual({ ...(await verify()), head: '' }, { entries: 1, head: '' });
  });

  it('finds entries cut off at the beginning by anybody else', async () => {
    const { db } = store();
    await write(db, 6);
    await sealAudit(db, KEY);
    const forged = sql`with gone as (delete from audit where link <= 2)
      update audit_head set from_link = 2, from_seal = (select seal from audit where link = 2)`;
    await forged.execute(db);
    assert.match((await verify()).fault?.problem ?? '', /where it begins/);
  });

  it('forgets a person and still holds', async () => {
    const { db } = store();
    await write(db, 9);
    await inTransaction(db, (trx) => eraseFromAudit(trx, KEY, 'person-aisha'));
    assert.deepEqual(await listAuditOf(db, 'person-aisha'), []);
    const { rows } = await sql<{ text: string }>`select audit::text as text from audit`.execute(db);
    assert.equal(rows.filter(({ text }) => text.includes('aisha')).length, 0);
    assert.equal(rows.length, 9);
    assert.equal((await verify()).fault, undefined);
    await sql`update audit set subject = 'checkin-99' where actor = 'erased'`.execute(db);
    assert.match((await verify()).fault?.problem ?? '', /people or details/);
  });
});

class Undo extends Error {}

function unlessUndone(error: unknown): void {
  if (!(error instanceof Undo)) throw error;
}

function typeOf(column: string) {
  const types: Readonly<Record<string, string>> = {
    at: 'timestamptz',
    detail: 'jsonb',
    link: 'bigint',
  };
  return sql.raw(types[column] ?? 'text');
}

/** The same text with one character replaced by another that its column can hold. */
function changeOne(text: string, column: string, random: () => number): string {
  if (column === 'link') return String(Number(text) + 100);
  if (column === 'at') return text.replace(/\.\d+/, `.${String(100_000 + Math.floor(random() * 800_000))}`);
  if (column === 'detail') return text.replace(/waymark|person/, (word) => `${word.slice(0, -1)}x`);
  const spots = [...text].flatMap((character, at) => (/[0-9a-z]/.test(character) ? [at] : []));
  const at = spots[Math.floor(random() * spots.length)] ?? 0;
  const old = text[at] ?? '';
  const next = /[0-8]/.test(old) ? String(Number(old) + 1) : old === 'a' ? 'b' : 'a';
  return text.slice(0, at) + next + text.slice(at + 1);
}
