import { strict as assert } from 'node:assert';
import { clearAttendance, FRIDAY, HARBOUR, MONDAY, opening, school } from '../../test/support/attendance.ts';
import { marksFile } from '../../test/support/marks.ts';
import { PEOPLE } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { cardProblems } from '../cards/size.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';
import type { Readers } from './ask-service.ts';

describe('asking how attendance is', () => {
  const store = useStore();
  const open = opening(store);

  async function published(change?: (trust: Trust) => void) {
    await clearAttendance(store().db);
    const opened = open(0, [], change);
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

  it('goes on from the answer before: its school and its week stay, for this person in this conversation', async () => {
    const { ask } = await published();
    assert.equal(await ask('tom', 'and the disadvantaged ones?'), 'not answered');
    await ask('ada', 'How is attendance at Harbour Primary?');
    const group = await ask('ada', 'and the disadvantaged ones?');
    assert.match(
      group,
      /^Harbour Primary, last week.*\nFor every 10 pupils, those experiencing disadvantage missed 5/,
    );
    assert.match(group, /Week of 16 November/);
    assert.doesNotMatch(group, /Whole school/);
    assert.match(await ask('ada', 'and SEND?'), /special educational needs/);
    assert.match(
      await ask('ada', 'what about Year 5'),
      /Harbour Primary.*\n.*could be recognised.*\nWhole school: /,
    );
    assert.match(await ask('ada', 'and the whole school?'), /missed 5 days.*\n.*\nWhole school/);
    assert.match(await ask('ada', 'and last week?'), /^Harbour Primary, last week/);
    assert.match(await ask('ada', 'is that better than the week before?'), /^Harbour Primary, last week/);
    assert.match(await ask('ada', 'and the week before?'), /No figures for Harbour.*9 November/);
    assert.match(
      await ask('ada', 'Harbour attendance week of 9 November'),
      /^No figures for Harbour.*9 November\.$/,
    );
    assert.match(await ask('ada', 'and w/c 16 November?'), /^Harbour Primary, last week/);
    assert.match(
      await ask('ada', 'Harbour attendance 2026-W99'),
      /^No figures for Harbour.*for that week\.$/,
    );
    assert.match(
      await ask('ada', 'Harbour attendance 2026-W49'),
      /30 November\. That week is not over yet\.$/,
    );
    await ask('ada', 'How is attendance at Harbour Primary?');
    assert.match(await ask('ada', 'and the week before?'), /No figures for Harbour.*9 November/);
    assert.match(await ask('ada', 'and Quayside?'), /Quayside/);
    assert.match(await ask('ada', 'and the disadvantaged ones at Harbour?'), /^Harbour.*\n.*missed 5 days/);
    assert.match(await ask('ada', 'and the trust?'), /1 of 2 schools: 94 in/);
    assert.equal(await ask('ada', 'and last week?', { conversationId: 'another' }), 'not answered');
    assert.equal(await ask('ada', 'What is our attendance policy?'), 'not answered');
    assert.equal(await ask('ada', 'and last week?'), 'not answered', 'they speak of a document now');
    await ask('ada', 'How is attendance at Harbour Primary?');
    assert.equal(await ask('ada', 'and SEND?', {}, new Date('2026-11-23T20:00:00Z')), 'not answered');
    await ask('ada', 'How is attendance at Harbour Primary?');
    assert.equal(await ask('ada', 'what is pupil premium?'), 'not answered', 'a term, not a figure');
  });

  it('never goes on into what the asker, or the company, may not see', async () => {
    const { ask } = await published();
    await ask('head2', 'How is our attendance?');
    assert.match(await ask('head2', 'and Harbour?'), /for its own staff/);
    await ask('tom', 'How is our attendance?');
    assert.match(await ask('tom', 'and the trust?'), /for its leaders/);
    await ask('tom', 'How is our attendance?');
    const group = { place: 'group' as const, ids: ['tom', 'fay'] };
    assert.match(await ask('tom', 'and the disadvantaged ones?', group), /Not everyone here/);
  });

  it('gives trust staff the trust for their own, says that it counts no pupils, and ranks no schools', async () => {
    const { ask } = await published();
    assert.match(await ask('ada', 'whats our attendance like'), /1 of 2 schools: 94 in/);
    assert.match(await ask('tom', 'whats our attendance like'), /^Harbour Primary/);
    const counted = await ask('tom', 'how many disadvantaged pupils were absent last week at Harbour');
    assert.match(counted, /not how many pupils.*\n.*disadvantage missed 5 days.*\n/);
    assert.match(
      await ask('ada', 'which schools are worst for attendance'),
      /don’t rank schools.*across the trust/,
    );
    assert.match(await ask('tom', 'which schools are worst for attendance'), /don’t rank.*your own school/);
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

  it('answers of a school year from its published weeks, else says what is held; the next question keeps the year', async () => {
    const { ask, take, attendance } = await published(({ calendars }) => {
      for (const { terms } of Object.values(calendars))
        terms.unshift({ term: 2, from: '2025-11-03', to: '2025-12-19' });
    });
    for (const [monday, week, friday, then] of [
      ['2025-11-10', '2025-W46', '2025-11-14T18:00:00Z', '2025-11-17T07:30:00Z'],
      ['2025-11-17', '2025-W47', '2025-11-21T18:00:00Z', '2025-11-24T07:30:00Z'],
    ] as const) {
      await take(marksFile(HARBOUR, monday, school(40, 40)), new Date(friday));
      await attendance.planNudges({ week, now: new Date(then) });
    }
    const last = await ask('tom', 'last year’s attendance at Harbour Primary');
    assert.match(
      last,
      /^Harbour Primary, school year 2025\/26\nA week of 5 days: For every 10 pupils, those/,
    );
    assert.match(
      last,
      /Whole school: 87 in every 100 .*\nPublished: two weeks, from that of 10 November 2025 on\./,
    );
    assert.equal(await ask('tom', 'attendance in 2025/26'), last);
    assert.match(await ask('tom', 'and the disadvantaged ones?'), /2025\/26\nA week of 5 days.*\nPublished/);
    assert.match(
      await ask('tom', 'and the year before?'),
      /no published figures of Harbour Primary for 2024\/25\. What I hold goes from the week of 10 November 2025 to that of 16 November 2026/,
    );
    assert.match(await ask('tom', 'How is our attendance this year?'), /school year 2026\/27\n.*\n.*94 in/);
    assert.match(await ask('fay', 'attendance at Harbour Primary in 2025/26'), /for its own staff/);
    assert.match(await ask('tom', 'attendance across the trust in 2025/26'), /for its leaders/);
    assert.match(await ask('ada', 'attendance across the trust in 2025/26'), /Which school’s 2025\/26/);
    assert.match(await ask('ada', 'Harbour'), /school year 2025\/26/);
  });

  it('goes on from the answer before over a restart, for eight hours, and then keeps nothing of it', async () => {
    const { ask, attendance } = await published();
    const talk = { conversationId: 'a:tom' };
    await ask('tom', 'How is attendance at Harbour Primary?', talk);
    const again = open().attendance;
    const tom = must(
      PEOPLE.find(({ id }) => id === 'tom'),
      'tom',
    );
    const readers: Readers = { place: 'personal', ids: ['tom'], ...talk };
    const hours = (count: number) => new Date(MONDAY.getTime() + count * 3_600_000);
    const said = await again.ask('and the disadvantaged ones?', tom, readers, hours(1));
    assert.match(said?.card?.text ?? '', /^Harbour Primary/);
    assert.equal(await again.ask('and SEND?', tom, { ...readers, conversationId: 'b' }, hours(1)), undefined);
    assert.equal(await again.ask('and SEND?', tom, readers, hours(10)), undefined);
    assert.equal(await attendance.forgetThreads(hours(10)), 1);
    assert.deepEqual(await store().db.selectFrom('attendance_threads').selectAll().execute(), []);
  });
});
