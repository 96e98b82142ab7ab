import { strict as assert } from 'node:assert';
import {
  clearAttendance,
  FRIDAY,
  HARBOUR,
  MONDAY,
  opening,
  QUAYSIDE,
  school,
} from '../../test/support/attendance.ts';
import { marksFile } from '../../test/support/marks.ts';
import { PEOPLE } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { envelope } from '../cards/envelope.ts';
import { cardProblems } from '../cards/size.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';

const CHANNEL = '19:leaders@thread.tacv2';
const NEXT = new Date('2026-11-30T07:30:00Z');

describe('the trust’s card', () => {
  const store = useStore();
  const open = opening(store);
  const inChannel = (trust: Trust): void => {
    trust.trust.attendance_channel = { team: 'leaders', channel: CHANNEL };
  };

  async function planned(change: (trust: Trust) => void = inChannel) {
    await clearAttendance(store().db);
    const opened = open(0, [], change);
    for (const urn of [HARBOUR, QUAYSIDE])
      await opened.take(marksFile(urn, '2026-11-16', school(40, 40)), FRIDAY);
    const run = async (week: string, now: Date) => {
      const plan = await opened.attendance.planNudges({ week, now });
      await store()
        .db.transaction()
        .execute((trx) => plan.write(trx));
      return plan.drafts.find(({ key }) => key.startsWith('attendance.trust/'));
    };
    const press = (verb: string, who = 'ada', id = 'trust/2026-W47', room?: string, now = MONDAY) =>
      opened.act(
        { envelope: envelope(`attendance.trust-${verb}`, id), inputs: {} },
        must(
          PEOPLE.find((one) => one.id === who),
          who,
        ),
        now,
        room === undefined ? undefined : { conversationId: room },
      );
    return { ...opened, run, press, draft: await run('2026-W47', MONDAY) };
  }

  it('has one thing to try, names who gets a call for help before the tap, and is written once', async () => {
    const { draft, run } = await planned();
    const { card } = must(draft, 'a card');
    assert.deepEqual(cardProblems(card), []);
    assert.match(card.text, /One thing this week: thank one school for the days its pupils were in/);
    const titles = (card.content.actions as { title: string }[]).map(({ title }) => title);
    assert.deepEqual(titles, ['We have done it', 'Ask Ada for help', 'Not this week', 'See each school']);
    assert.match(JSON.stringify(card.content), /Not right for us/);
    assert.equal(await run('2026-W47', MONDAY), undefined);
  });

  it('takes the first choice of a leader, in its own channel, and shows it to everybody', async () => {
    const { press, outbox } = await planned();
    for (const who of ['tom', 'head1', 'nia']) assert.equal((await press('done', who)).kind, 'refusal', who);
    assert.equal((await press('done', 'ada', 'trust/2026-W47', '19:harbour@thread.tacv2')).kind, 'refusal');
    assert.equal((await press('done', 'ada', 'trust/2026-W46')).kind, 'refusal');
    const done = await press('done', 'cho', 'trust/2026-W47', `${CHANNEL};messageid=1`);
    assert(done.kind === 'card');
    assert.match(done.card.text, /Done: .*, Monday 23 November\. Thank you\./);
    const later = await press('not-suitable');
    assert(later.kind === 'card' && /Done: /.test(later.card.text));
    const helped = await press('help');
    assert(helped.kind === 'card');
    assert.match(helped.card.text, /asked Ada for help/);
    const call = must(outbox.drafts.get('attendance.help/2026-W47/trust'), 'a call');
    assert.deepEqual(call.target, { kind: 'person', personId: 'ada' });
    assert.match(call.card.text, /the trust’s one thing for attendance, week of 16 November/);
  });

  it('asks once, on the next card, what became of it; with nothing left open and nothing new there is none', async () => {
    const { run, press, take } = await planned();
    for (const urn of [HARBOUR, QUAYSIDE])
      await take(marksFile(urn, '2026-11-23', school(40, 40)), new Date('2026-11-27T18:00:00Z'));
    const next = must(await run('2026-W48', NEXT), 'a card');
    assert.match(next.card.text, /Last time’s one thing: “thank one school .*” Did it happen\?/);
    const told = await press('not-yet', 'ada', 'trust/2026-W48', undefined, NEXT);
    assert(told.kind === 'card');
    assert.match(told.card.text, /One thing this week: thank one school/);
    for (const urn of [HARBOUR, QUAYSIDE])
      await take(marksFile(urn, '2026-11-30', school(40, 40)), new Date('2026-12-04T18:00:00Z'));
    assert.equal(await run('2026-W49', new Date('2026-12-07T07:30:00Z')), undefined);
  });

  it('offers something else once leaders have said that it is not right for them', async () => {
    const { press, run, take } = await planned();
    await press('not-suitable');
    // One school's gap has grown, so there is something to say.
    await take(marksFile(HARBOUR, '2026-11-23', school(150, 10)), new Date('2026-11-27T18:00:00Z'));
    await take(marksFile(QUAYSIDE, '2026-11-23', school(40, 40)), new Date('2026-11-27T18:00:00Z'));
    const next = must(await run('2026-W48', NEXT), 'a card');
    assert.match(next.card.text, /One thing this week: ask one school whose gap widened what would help/);
  });

  it('speaks of a school whose marks are late, and not of one that is on holiday or sends none', async () => {
    await clearAttendance(store().db);
    const { take, attendance } = open(0, [], inChannel);
    const thing = async () => {
      const { drafts } = await attendance.planNudges({ week: '2026-W47', now: MONDAY });
      return drafts.find(({ key }) => key.startsWith('attendance.trust/'))?.card.text;
    };
    await take(marksFile(HARBOUR, '2026-11-16', school(40, 40)), FRIDAY);
    assert.match(
      (await thing()) ?? '',
      /Quayside School: no figures, no marks.*\nOne thing this week: thank one/,
    );
    const half = school(40, 40).map((pupil) => ({
      ...pupil,
      marks: pupil.marks.split(' ').fill('.', 6).join(' '),
    }));
    await take(marksFile(QUAYSIDE, '2026-11-16', half), FRIDAY);
    assert.match((await thing()) ?? '', /One thing this week: ask one school whose marks are late/);
  });

  it('stands in leaders’ digests where no channel has it, and opens from there for its reader', async () => {
    const { attendance, draft, press } = await planned(() => undefined);
    assert.equal(draft, undefined);
    const nudge = must(await attendance.ownNudge('cho', MONDAY), 'a nudge');
    assert.deepEqual([nudge.id, nudge.opens], ['trust/2026-W47/own', 'trust']);
    assert.match(nudge.line, /^Attendance, one thing this week: thank one school/);
    assert.equal(await attendance.ownNudge('tom', MONDAY), undefined);
    const shown = await press('show', 'cho', nudge.id, 'a:cho');
    assert(shown.kind === 'card');
    const done = await press('done', 'cho', nudge.id, 'a:cho');
    assert(done.kind === 'card' && /Done: /.test(done.card.text));
    assert.match(JSON.stringify(done.card.content), /trust\/2026-W47\/own/);
  });
});
