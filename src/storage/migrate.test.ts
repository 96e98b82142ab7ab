import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import { useStore } from '../../test/support/store.ts';
import { AppError } from '../kernel/errors.ts';
import { migrate } from './migrate.ts';
import { schemaStanding } from './schema-standing.ts';

describe('where a database stands', () => {
  const known = ['0001-first', '0002-second'];

  it('is behind while something of ours is missing, whatever else is there', () => {
    assert.deepEqual(schemaStanding([], known), { kind: 'behind' });
    assert.deepEqual(schemaStanding(['0001-first'], known), { kind: 'behind' });
    assert.deepEqual(schemaStanding(['0001-other', '0002-second', '0003-third'], known), { kind: 'behind' });
  });

  it('is current with exactly ours', () => {
    assert.deepEqual(schemaStanding(known, known), { kind: 'current' });
  });

  it('is ahead when a newer version added, and beyond when it took something away', () => {
    const added = [...known, '0003-third'];
    assert.deepEqual(schemaStanding(added, known), { kind: 'ahead', newer: ['0003-third'] });
    const taken = [...added, '0004-no-versions-ends-older', '0005-fifth'];
    assert.deepEqual(schemaStanding(taken, known), {
      kind: 'beyond',
      ended: ['0004-no-versions-ends-older'],
    });
  });
});

describe('a start on a database that a newer version has brought up to date', () => {
  const store = useStore();

  async function newer(name: string): Promise<void> {
    const { db, schema } = store();
    const list = sql.id(schema, 'kysely_migration');
    await sql`insert into ${list} (name, timestamp) values (${name}, '2027-01-04T09:00:00.000Z')`.execute(db);
  }

  it('goes on where that version only added', async () => {
    await newer('9998-a-new-table');
    assert.deepEqual(await migrate(store().db, store().schema), []);
  });

  it('is refused where that version took something away, and says what to do', async () => {
    await newer('9999-no-old-column-ends-older');
    await assert.rejects(migrate(store().db, store().schema), (error) => {
      assert.ok(error instanceof AppError);
      assert.equal(error.code, 'store-ahead');
      assert.match(error.message, /9999-no-old-column-ends-older.*this one knows it up to 00\d\d-/);
      assert.match(error.remedy, /Start the newer version again, or restore/);
      return true;
    });
  });
});
