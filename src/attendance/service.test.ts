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
import { must } from '../kernel/guards.ts';
import { nudgeKey } from './card.ts';

describe('attendance', () => {
  const store = useStore();
  const open = opening(store);
  beforeEach(() => clearAttendance(store().db));

  it('compares with the week before as it stood at the same hour, not as it was corrected since', async () => {
    const { attendance, take } = open();
    const week = (monday: string, disadvantaged: number) =>
      marksFile(HARBOUR, monday, school(disadvantaged, 16));
    await take(week('2026-11-09', 20), new Date('2026-11-13T18:00:00Z'));
    await take(week('2026-11-09', 4), new Date('2026-11-17T16:00:00Z'));
    await take(week('2026-11-16', 20), FRIDAY);
    const figures = await attendance.weekFigures({
      week: '2026-W47',
      schoolUrn: HARBOUR,
      now: MONDAY,
      preview: true,
    });
    assert(Array.isArray(figures));
    const before = figures[0]?.release?.before;
    assert.equal(before?.adjacent, true);
    assert.deepEqual(before?.school, { perHundred: 94, attendance: '94.0', bound: 'exact' });
    assert.deepEqual([before?.gap?.disadvantaged, before?.gap?.others], [5, 2]);
  });

  it('drafts one card a school for its own channel, publishes what it says, and notes who gets none', async () => {
    const { attendance, take } = open();
    await take(marksFile(HARBOUR, '2026-11-09', school(24, 16)), new Date('2026-11-13T18:00:00Z'));
    await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const late = school(20, 16).map((pupil, index) => ({
      ...pupil,
      marks: index < 20 ? pupil.marks.replace(/ \S+ \S+$/, ' _ _') : pupil.marks,
    }));
    await take(marksFile(QUAYSIDE, '2026-11-16', late));
    const plan = await attendance.planNudges({ week: '2026-W47', now: MONDAY });
    assert.deepEqual(plan.notes, ['Quayside School: 93.3% of marks are in, the policy asks for 95%.']);
    const [draft, missing] = [must(plan.drafts[0], 'a draft'), must(plan.drafts[1], 'a word about marks')];
    assert.deepEqual(missing.target, { kind: 'person', personId: 'cho' });
    assert.match(missing.card.text, /93\.3% of last week’s marks are in\. The attendance card waits for 95%/);
    assert.equal(draft.key, nudgeKey('2026-W47', HARBOUR));
    assert.deepEqual(draft.target, { kind: 'channel', teamId: 'team-100001', channelId: 'channel-100001' });
    assert.deepEqual(cardProblems(draft.card), []);
    assert.match(draft.card.text, /missed 5 days between them; others missed 2\./);
    // What was published stays: a later correction appears in the next week's card, not in this one.
    await take(marksFile(HARBOUR, '2026-11-16', school(4, 16)), new Date('2026-11-23T09:00:00Z'));
    const again = await attendance.planNudges({ week: '2026-W47', now: new Date('2026-11-23T10:00:00Z') });
    assert.deepEqual(again.drafts[0]?.card, draft.card);
  });

  it('posts nothing in a team that has a member who is not staff, and publishes the week all the same', async () => {
    const { attendance, take } = open(1);
    await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const plan = await attendance.planNudges({ week: '2026-W47', now: MONDAY });
    assert.deepEqual(plan.drafts, []);
    assert.match(plan.notes[0] ?? '', /Harbour Primary: someone in the channel’s team is not staff/);
    const [overview] = await attendance.schoolOverviews({ week: '2026-W47' });
    assert.equal(overview?.release?.school?.perHundred, 94);
  });

  it('posts nothing where the team cannot be read, lets the other schools have theirs, and fails when none can', async () => {
    const first = open(0, ['team-100002']);
    await first.take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    await first.take(marksFile(QUAYSIDE, '2026-11-16', school(20, 16)));
    const plan = await first.attendance.planNudges({ week: '2026-W47', now: MONDAY });
    assert.equal(plan.drafts.length, 1);
    assert.match(plan.notes.join(), /Quayside School: the members of the channel’s team could not be read/);
    const none = open(0, ['team-100001', 'team-100002']).attendance;
    await assert.rejects(none.planNudges({ week: '2026-W47', now: MONDAY }), { code: 'team-unread' });
  });

  it('gives leaders nothing of a week before it is published', async () => {
    const { attendance, take } = open();
    await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const [before] = await attendance.schoolOverviews({ week: '2026-W47' });
    assert.deepEqual(before, {
      schoolUrn: HARBOUR,
      name: 'Harbour Primary',
      note: 'not published yet',
    });
    assert.equal(await attendance.trustFigures({ week: '2026-W47' }), undefined);
    await attendance.planNudges({ week: '2026-W47', now: MONDAY });
    const [after] = await attendance.schoolOverviews({ week: '2026-W47' });
    assert.equal(after?.release?.school?.perHundred, 94);
    const trust = await attendance.trustFigures({ week: '2026-W47' });
    assert.deepEqual([trust?.schools, trust?.of, trust?.all?.figure?.attendance], [1, 2, '94.0']);
  });

  it('previews without publishing, and refuses what it cannot show', async () => {
    const { attendance, take } = open();
    await take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const preview = (audience: 'tutor' | 'head' | 'trust', schoolUrn?: string) =>
      attendance.previewNudge({ week: '2026-W47', audience, schoolUrn, now: MONDAY });
    const head = await preview('head', HARBOUR);
    assert('content' in head);
    assert.match(head.text, /Harbour Primary, last week/);
    const trust = await preview('trust');
    assert('content' in trust);
    assert.match(trust.text, /Quayside School: no figures, no marks have been received/);
    for (const refused of [
      await preview('tutor'),
      await preview('head', QUAYSIDE),
      await preview('head', '1'),
    ])
      assert('reason' in refused);
    assert.deepEqual(await store().db.selectFrom('releases').selectAll().execute(), []);
  });

  describe('on a button', () => {
    const tom = must(
      PEOPLE.find((one) => one.id === 'tom'),
      'Tom',
    );
    const fay = must(
      PEOPLE.find((one) => one.id === 'fay'),
      'Fay',
    );

    async function posted() {
      const opened = open();
      await opened.take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
      await opened.attendance.planNudges({ week: '2026-W47', now: MONDAY });
      const press = (verb: string, actor = tom, id = `${HARBOUR}/2026-W47`) =>
        opened.act({ envelope: envelope(`attendance.${verb}`, id, 1), inputs: {} }, actor, MONDAY);
      return { ...opened, press };
    }

    async function audited(): Promise<string[]> {
      const rows = await store().db.selectFrom('audit').selectAll().orderBy('seq').execute();
      return rows
        .filter((row) => row.action !== 'attendance.import')
        .map((row) => `${row.actor} ${row.action}`);
    }

    it('keeps the first choice, shows it to everybody, and changes nothing on a second press', async () => {
      const { press, outbox } = await posted();
      const done = await press('done');
      assert.equal(done.kind, 'card');
      assert.match(done.card.text, /Done: Tom Reed, Monday 23 November/);
      assert.deepEqual(outbox.face(nudgeKey('2026-W47', HARBOUR)), done.card);
      const again = await press('not-this-week');
      assert.equal(again.kind, 'card');
      assert.match(again.card.text, /Done: Tom Reed/);
      assert.deepEqual(await audited(), ['tom attendance.done']);
    });

    it('keeps one choice of two people who press at the same moment', async () => {
      const { press } = await posted();
      const replies = await Promise.all([press('done'), press('not-this-week'), press('done')]);
      assert.equal(
        replies.every((reply) => reply.kind === 'card'),
        true,
      );
      assert.equal((await audited()).length, 1);
    });

    it('sends the call for help to the person named on the button, once', async () => {
      const { press, outbox } = await posted();
      await press('help');
      const second = await press('help');
      assert.equal(second.kind, 'card');
      assert.match(second.card.text, /Tom Reed asked Jo for help/);
      const [draft, ...rest] = [...outbox.drafts.values()].filter(({ key }) => !key.startsWith('marks-'));
      assert.deepEqual(draft?.target, { kind: 'person', personId: 'head1' });
      assert.deepEqual(rest, []);
      assert.deepEqual(cardProblems(must(draft, 'a draft').card), []);
    });

    it('shows how the figures were made and goes back', async () => {
      const { press } = await posted();
      const why = await press('why');
      assert.equal(why.kind, 'card');
      assert.match(why.card.text, /600 possible sessions.*Friday 20 November at 18:00/);
      const back = await press('show');
      assert.equal(back.kind, 'card');
      assert.match(back.card.text, /One thing this week/);
      assert.deepEqual(await audited(), []);
    });

    it('refuses a stranger, a leaver and a card of a week that is not held, and changes nothing', async () => {
      const { press, outbox } = await posted();
      const refused = [
        await press('done', fay),
        await press('why', fay),
        await press('done', { ...tom, staff: false }),
        await press('done', tom, `${HARBOUR}/2026-W40`),
        await press('done', tom, 'nonsense'),
        await press('dance'),
      ];
      assert.deepEqual(
        refused.map((reply) => reply.kind === 'refusal' && reply.reason),
        ['not-yours', 'not-yours', 'not-yours', 'unknown-nudge', 'unknown-nudge', 'unknown-card'],
      );
      assert.deepEqual(await audited(), []);
      assert.equal(outbox.revisions.size, 0);
    });
  });
});
