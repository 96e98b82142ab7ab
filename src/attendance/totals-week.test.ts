import { strict as assert } from 'node:assert';
import { clearAttendance, HARBOUR, MONDAY, opening } from '../../test/support/attendance.ts';
import { useStore } from '../../test/support/store.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import { nudgeKey } from './card.ts';

const HEAD =
  'school_urn,week_commencing,group_type,group,pupils,possible,attended,authorised,unauthorised,late_before,late_after';

describe('a school that sends its own totals, with no row for a day', () => {
  const store = useStore();
  const open = opening(store);
  beforeEach(() => clearAttendance(store().db));

  async function sent(lines: readonly string[], head = HEAD) {
    const opened = open();
    const receipt = await opened.take(`${[head, ...lines].join('\n')}\n`);
    if (receipt.kind !== 'receipt') assert.fail(JSON.stringify(receipt));
    const plan = await opened.attendance.planNudges({ week: '2026-W47', now: MONDAY });
    const card = plan.drafts.find(({ key }) => key === nudgeKey('2026-W47', HARBOUR))?.card;
    return { ...opened, receipt, plan, card };
  }

  it('gets its card, of five school days as its calendar has them, with no day that stands out', async () => {
    const { card, receipt, attendance, outbox } = await sent([
      `${HARBOUR},2026-11-16,all,all,200,1980,1850,90,40,5,3`,
      `${HARBOUR},2026-11-16,pp,Y,60,594,540,30,24,2,1`,
    ]);
    const shown = must(card, 'a card');
    assert.deepEqual(cardProblems(shown), []);
    assert.match(shown.text, /^Harbour Primary, last week \(early figures\)/);
    assert.match(shown.text, /those experiencing disadvantage missed 5 days between them; others missed 3/);
    assert.match(receipt.notes.join('\n'), /the rest of the school is taken for them/);
    const told = [...outbox.drafts.values()].find(({ key }) => key.startsWith('marks-receipt/'))?.card;
    assert.deepEqual(cardProblems(must(told, 'a receipt')), []);
    assert.match(told?.text ?? '', /200 pupils\. Your system’s own totals, taken as they are\./);
    const figures = await attendance.weekFigures({
      week: '2026-W47',
      schoolUrn: HARBOUR,
      now: MONDAY,
      preview: true,
    });
    assert(Array.isArray(figures));
    assert.equal(figures[0]?.release?.counted, 'totals');
    assert.equal(figures[0]?.release?.schoolDays, 5);
    assert.equal(figures[0]?.complete, '99.0');
  });

  it('waits where so many sessions are neither possible nor said not to be that marks must be missing', async () => {
    const few = `${HARBOUR},2026-11-16,all,all,200,1600,1500,60,40,0,0`;
    const held = await sent([few]);
    assert.equal(held.card, undefined);
    assert.match(held.plan.notes.join('\n'), /Harbour Primary: 80\.0% of marks are in/);
    await clearAttendance(store().db);
    const said = await sent([`${few},380`], `${HEAD},not_possible`);
    assert.notEqual(said.card, undefined);
  });

  it('lets no ten pupils pass for more than they are where the calendar has fewer days than the file', async () => {
    const { attendance } = await sent([
      // Eleven pupils, of whom most were there for two days: not the sessions of ten.
      `${HARBOUR},2026-11-16,all,all,11,60,50,5,5,0,0`,
    ]);
    const figures = await attendance.weekFigures({
      week: '2026-W47',
      schoolUrn: HARBOUR,
      now: MONDAY,
      preview: true,
    });
    assert(Array.isArray(figures));
    assert.equal(figures[0]?.release?.school ?? null, null);
  });
});
