import { strict as assert } from 'node:assert';
import type { KyselyPlugin } from 'kysely';
import { clearAttendance, HARBOUR, MONDAY, opening, school } from '../../test/support/attendance.ts';
import { marksFile } from '../../test/support/marks.ts';
import { useStore } from '../../test/support/store.ts';
import { must } from '../kernel/guards.ts';
import { inTransaction } from '../storage/database.ts';
import { nudgeKey } from './card.ts';

describe('a Monday of many schools', () => {
  const store = useStore();
  beforeEach(() => clearAttendance(store().db));

  let statements = 0;
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      statements += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const open = opening(() => ({ ...store(), db: store().db.withPlugin(counting) }));

  /** Two weeks' plans, so that the second has something to be compared with; the statements of the second. */
  async function planned(urns: readonly string[]) {
    const { attendance, outbox, take } = open(0, [], (trust) => {
      const like = must(
        trust.schools.find(({ urn }) => urn === HARBOUR),
        'the school',
      );
      const schools = urns.map((urn, index) => ({
        ...like,
        urn,
        name: `School ${index + 1}`,
        team: `${like.team}-${urn}`,
        channel: `${like.channel}-${urn}`,
      }));
      Object.assign(trust, { schools });
    });
    const send = async (week: string, now: Date) => {
      const plan = await attendance.planNudges({ week, now });
      await inTransaction(store().db, async (trx) => {
        await plan.write(trx);
        await outbox.enqueue(trx, 'run', plan.drafts, now);
      });
      return plan.drafts.map(({ key }) => key);
    };
    for (const urn of urns) await take(marksFile(urn, '2026-11-16', school(20, 16)));
    const first = await send('2026-W47', MONDAY);
    for (const urn of urns)
      await take(marksFile(urn, '2026-11-23', school(90, 16)), new Date('2026-11-27T18:00:00Z'));
    statements = 0;
    const second = await send('2026-W48', new Date('2026-11-30T07:30:00Z'));
    return { first, second, statements, attendance };
  }

  it('asks the store hardly more often than one of a single school, and gives each school its own', async () => {
    const urns = Array.from({ length: 10 }, (_, index) => String(100_001 + index));
    const alone = await planned([HARBOUR]);
    await clearAttendance(store().db);
    const many = await planned(urns);
    for (const [week, keys] of [
      ['2026-W47', many.first],
      ['2026-W48', many.second],
    ] as const)
      assert.deepEqual(
        keys,
        urns.map((urn) => nudgeKey(week, urn)),
      );
    assert.ok(many.statements <= alone.statements * 1.5, `${many.statements} of ${alone.statements}`);
    const figures = await many.attendance.weekFigures({ week: '2026-W48', now: MONDAY });
    assert(Array.isArray(figures));
    assert.deepEqual(
      figures.map(({ schoolUrn, release }) => [schoolUrn, release?.schoolUrn, release?.before?.adjacent]),
      urns.map((urn) => [urn, urn, true]),
    );
  });
});
