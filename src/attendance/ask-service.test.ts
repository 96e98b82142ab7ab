import { strict as assert } from 'node:assert';
import { clearAttendance, FRIDAY, HARBOUR, MONDAY, opening, school } from '../../test/support/attendance.ts';
import { marksFile } from '../../test/support/marks.ts';
import { PEOPLE } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import type { Readers } from './ask-service.ts';

describe('asking how attendance is', () => {
  const store = useStore();
  const open = opening(store);

  async function published() {
    await clearAttendance(store().db);
    const opened = open();
    await opened.take(marksFile(HARBOUR, '2026-11-16', school(20, 16)), FRIDAY);
    await opened.attendance.planNudges({ week: '2026-W47', now: MONDAY });
    const ask = async (who: string, text: string, readers: Partial<Readers> = {}, now = MONDAY) => {
      const asker = must(
        PEOPLE.find((one) => one.id === who),
        who,
      );
      const reply = await opened.attendance.ask(
        text,
        asker,
        { place: 'personal', ids: [who], ...readers },
        now,
      );
      if (reply?.card) assert.deepEqual(cardProblems(reply.card), []);
      return reply?.card?.text ?? reply?.text ?? 'not answered';
    };
    return { ...opened, ask };
  }

  it('is answered from the published week, with the week and that it is provisional', async () => {
    const { ask } = await published();
    const said = await ask('tom', 'How is attendance at Harbour Primary?');
    assert.match(said, /^Harbour Primary, last week \(early figures\)\nFor every 10 pupils.*missed 5 days/);
    assert.match(said, /Week of 16 November\. Provisional: registers are still being corrected\.$/);
    assert.equal(await ask('tom', 'How is our attendance?'), said);
    assert.match(await ask('tom', 'attendance at Harbour Primary today'), /I know whole weeks that are over/);
    const later = new Date('2026-12-14T09:00:00Z');
    assert.doesNotMatch(await ask('tom', 'How is our attendance?', {}, later), /[Pp]rovisional|early/);
  });

  it('keeps to what was published: a correction and marks that came since change nothing', async () => {
    const { ask, take } = await published();
    const before = await ask('tom', 'How is our attendance?');
    await take(marksFile(HARBOUR, '2026-11-16', school(4, 16)), new Date('2026-11-23T09:00:00Z'));
    await take(marksFile(HARBOUR, '2026-11-23', school(4, 16)), new Date('2026-11-27T18:00:00Z'));
    assert.equal(await ask('tom', 'How is our attendance?'), before);
    assert.match(
      await ask('tom', 'attendance at Harbour Primary in 2026-W46'),
      /No figures.*week of 9 November/,
    );
  });

  it('stays within what the asker, and everybody who reads it, may see', async () => {
    const { ask } = await published();
    const question = 'How is attendance at Harbour Primary?';
    for (const who of ['tom', 'head1', 'ada', 'cho']) assert.match(await ask(who, question), /missed 5 days/);
    for (const who of ['fay', 'head2']) assert.match(await ask(who, question), /for its own staff/);
    const group = { place: 'group' as const };
    assert.match(await ask('tom', question, { ...group, ids: ['tom', 'bea'] }), /missed 5 days/);
    for (const ids of [
      ['tom', 'fay'],
      ['tom', 'nobody-known'],
    ])
      assert.match(await ask('tom', question, { ...group, ids }), /Not everyone here may see/);
    const channel = { place: 'channel' as const, ids: ['tom', 'ada'] };
    assert.match(await ask('ada', question, { ...channel, channelId: 'channel-100001' }), /missed 5 days/);
    assert.match(
      await ask('ada', question, { ...channel, channelId: 'channel-100002' }),
      /Not everyone here/,
    );
    assert.match(await ask('ada', 'How is attendance across the trust?', channel), /for its leaders/);
    assert.match(await ask('tom', 'How is attendance across the trust?'), /for its leaders/);
    assert.match(await ask('ada', 'How is attendance across the trust?'), /1 of 2 schools: 94 in/);
  });

  it('points to the school’s own system for a child, and says nothing of a part of a school', async () => {
    const { ask } = await published();
    const child = await ask('tom', 'How is attendance for Maisie Tarrant?');
    assert.match(child, /school’s own system/);
    assert.doesNotMatch(child, /Maisie|Tarrant/);
    assert.match(await ask('tom', 'How is attendance in Year 5?'), /could be recognised/);
    assert.equal(await ask('tom', 'What is our attendance policy?'), 'not answered');
  });

  it('says so when nothing is published, and when figures are being checked', async () => {
    const { ask, take } = await published();
    await take(marksFile('100002', '2026-11-16', school(20, 16)), FRIDAY);
    assert.match(await ask('ada', 'How is attendance at Quayside?'), /have been published yet/);
    await store()
      .db.insertInto('nudge_queries')
      .values({
        id: 'q1',
        school_urn: HARBOUR,
        week: '2026-W47',
        asker: 'tom',
        reason: 'closed',
        asked_at: MONDAY,
        state: 'open',
        answered_by: null,
        answered_at: null,
      })
      .execute();
    assert.match(await ask('tom', 'How is our attendance?'), /asked for these figures to be checked/);
  });
});
