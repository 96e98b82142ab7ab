import { strict as assert } from 'node:assert';
import { sql } from 'kysely';
import {
  ask,
  checkins,
  JO,
  liveOf,
  MONDAY,
  press,
  rebuild,
  store,
  TOM,
  UPDATE,
  useDesk,
} from '../../test/support/checkin-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { directions } from '../storage/migrations/0033-directions.ts';
import { milestonesBefore } from './history-store.ts';

const BEFORE_IT = sql`alter table milestones drop column direction`;

describe('milestones from before they said which way is better', () => {
  useDesk();

  it('come down where the first approved figure lay above the target, else go up; who said nothing has said nothing', async () => {
    const trust = sampleTrust([
      { id: 'falls', owner: 'tom', target: 5 },
      { id: 'rises', owner: 'bea', target: 150 },
      { id: 'new', owner: 'max' },
    ]);
    await rebuild(trust).syncMilestones(MONDAY.now);
    await ask();
    for (const [id, person] of [
      ['falls', TOM],
      ['rises', { personId: 'bea', name: 'Bea Hall' }],
    ] as const) {
      await press(person, 'checkins.submit', await liveOf(id), { ...UPDATE, value: '104' });
      await press(JO, 'checkins.approve', await liveOf(id));
    }
    await BEFORE_IT.execute(store.db);
    await directions.up(store.db as never);
    const { rows } = await sql<{ id: string; direction: string | null }>`
      select id, direction from milestones where id <> 'm1' order by id`.execute(store.db);
    assert.deepEqual(
      rows.map(({ id, direction }) => [id, direction]),
      [
        ['falls', 'lower'],
        ['new', null],
        ['rises', 'higher'],
      ],
    );
    const then = await milestonesBefore(store.db, new Date('9999-01-01'));
    assert.equal(then.find(({ id }) => id === 'falls')?.direction, 'lower', 'and so says their history');
    assert.equal(await checkins.syncMilestones(MONDAY.now), 0, 'a file that does not say leaves it');
  });
});
