import { strict as assert } from 'node:assert';
import { clearAttendance, HARBOUR, MONDAY, opening, QUAYSIDE } from '../../test/support/attendance.ts';
import { marksFile, weekWith } from '../../test/support/marks.ts';
import { PEOPLE } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { envelope } from '../cards/envelope.ts';
import { cardProblems } from '../cards/size.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';

const WEEKS = ['2026-11-02', '2026-11-09', '2026-11-16'];
const ID = `${HARBOUR}/2026-W47/5A`;

describe('a form tutor’s card', () => {
  const store = useStore();
  const open = opening(store);

  function showing(trust: Trust): void {
    for (const school of trust.schools) {
      school.pupils = 'on';
      school.tutors = [{ person: 'tom', groups: ['5A'] }];
    }
  }

  async function planned(
    change: (trust: Trust) => void = showing,
    missed = [0, 0, 6],
    code = 'I',
    readers: string[] = [],
  ) {
    await clearAttendance(store().db);
    const opened = open(0, [], change, readers);
    for (const monday of WEEKS) {
      const away = missed[WEEKS.indexOf(monday)] ?? 0;
      const pupils = Array.from({ length: 30 }, (_, index) => ({
        id: `p${index}`,
        marks: weekWith(index === 3 ? away : 0, code),
      }));
      const friday = new Date(
        `${monday.slice(0, 8)}${String(Number(monday.slice(8)) + 4).padStart(2, '0')}T17:00:00Z`,
      );
      await opened.take(marksFile(HARBOUR, monday, pupils), friday);
    }
    const plan = await opened.attendance.planNudges({ week: '2026-W47', now: MONDAY });
    const draft = plan.drafts.find(({ key }) => key.startsWith('attendance.tutor/'));
    const press = (verb: string, who = 'tom', now = MONDAY, id = ID) =>
      opened.act(
        { envelope: envelope(`attendance.tutor-${verb}`, id), inputs: {} },
        must(
          PEOPLE.find((one) => one.id === who),
          who,
        ),
        now,
      );
    return { ...opened, plan, draft, press };
  }

  async function readings(): Promise<string[]> {
    const rows = await store()
      .db.selectFrom('audit')
      .selectAll()
      .where('action', '=', 'attendance.read-pupils')
      .execute();
    return rows.map(({ actor, subject }) => `${actor} ${subject}`);
  }

  it('goes to the tutor alone, and holds no pupil: neither do the ledger, the audit nor what is kept of a press', async () => {
    const { draft, press } = await planned();
    assert.deepEqual(draft?.target, { kind: 'person', personId: 'tom' });
    assert.deepEqual(cardProblems(must(draft, 'a draft').card), []);
    const opened = await press('open');
    assert(opened.kind === 'card');
    assert.equal(opened.unkept, true);
    assert.match(JSON.stringify(opened.card.content.body), /Marigold Blackwood.*3 of 15 days missed/);
    assert.doesNotMatch(
      `${opened.card.summary} ${opened.card.text} ${String(opened.card.content.fallbackText)}`,
      /Marigold|Blackwood/,
    );
    assert.doesNotMatch(JSON.stringify(draft?.card), /Marigold|Blackwood/);
    const audit = await store().db.selectFrom('audit').selectAll().execute();
    assert.doesNotMatch(JSON.stringify(audit), /Marigold|Blackwood/);
    assert.deepEqual(await readings(), [`tom ${HARBOUR}`]);
  });

  it('opens for the group’s tutor and the head alone, asked again at every opening, and each is written down', async () => {
    const { press } = await planned();
    for (const who of ['bea', 'fay', 'ada', 'cho'])
      assert.equal((await press('open', who)).kind, 'refusal', who);
    assert.equal((await press('open', 'tom', MONDAY, `${HARBOUR}/2026-W47/6B`)).kind, 'refusal');
    assert.deepEqual(await readings(), []);
    assert.equal((await press('open', 'head1')).kind, 'card');
    assert.equal((await press('open')).kind, 'card');
    assert.deepEqual(await readings(), [`head1 ${HARBOUR}`, `tom ${HARBOUR}`]);
  });

  it('opens, and calls for help, for no week that was not sent, whatever a button says', async () => {
    const { press, outbox } = await planned();
    const before = outbox.drafts.size;
    for (const week of ['2026-W48', '2027-W20', '2026-W99', '2026-W00'])
      for (const verb of ['help', 'done', 'open']) {
        const reply = await press(verb, 'tom', MONDAY, `${HARBOUR}/${week}/5A`);
        assert.equal(reply.kind, 'refusal', `${verb} ${week}`);
      }
    assert.equal(outbox.drafts.size, before);
    assert.deepEqual(await readings(), []);
  });

  it('shows nothing any more after its time, nor where the school has ceased to show its pupils', async () => {
    const { press } = await planned();
    assert.equal((await press('open', 'tom', new Date('2026-12-09T09:00:00Z'))).kind, 'refusal');
    const late = await press('open', 'tom', new Date('2026-12-06T09:00:00Z'));
    assert(late.kind === 'card');
    assert.doesNotMatch(JSON.stringify(late.card), /Marigold/);
    const off = await planned((trust) => {
      for (const school of trust.schools) school.tutors = [{ person: 'tom', groups: ['5A'] }];
    });
    assert.equal(off.draft, undefined);
    assert.equal((await off.press('open')).kind, 'refusal');
  });

  it('deletes the names when their time is over, and the marks of school years before the last', async () => {
    const { attendance } = await planned();
    const rows = async () => (await store().db.selectFrom('pupil_rows').select('week').execute()).length;
    // Those of the first week are over already.
    assert.deepEqual(await attendance.forgetPupils(MONDAY), { names: 1, sheets: 0 });
    assert.ok((await rows()) > 0);
    await attendance.forgetPupils(new Date('2026-12-06T09:00:00Z'));
    assert.equal(await rows(), 0);
    assert.equal((await attendance.forgetPupils(new Date('2028-09-10T09:00:00Z'))).sheets, WEEKS.length);
  });

  it('has a like of all groups for the head, from her own card alone, with whom to think of before a threshold does', async () => {
    const { act, outbox } = await planned(showing, [0, 5, 6], 'O');
    const names = (who: string, now = MONDAY, face = 'head') =>
      act(
        { envelope: envelope('attendance.names', `${HARBOUR}/2026-W47/${face}`, 1), inputs: {} },
        must(
          PEOPLE.find(({ id }) => id === who),
          who,
        ),
        now,
      );
    for (const who of ['ada', 'tom', 'cho']) assert.equal((await names(who)).kind, 'refusal', who);
    assert.deepEqual(await readings(), []);
    const list = await names('head1');
    assert(list.kind === 'card');
    assert.equal(list.unkept, true);
    assert.deepEqual(cardProblems(list.card), []);
    const shown = JSON.stringify(list.card.content.body);
    assert.match(
      shown,
      /Ten unauthorised sessions in ten school weeks.*what support would help.*Marigold Blackwood/,
    );
    assert.doesNotMatch(
      `${list.card.summary} ${list.card.text} ${String(list.card.content.fallbackText)}`,
      /Marigold|Blackwood/,
    );
    assert.deepEqual(await readings(), [`head1 ${HARBOUR}`]);
    assert.equal((await names('head1', new Date('2026-12-09T09:00:00Z'))).kind, 'refusal');
    const head = must(
      PEOPLE.find(({ id }) => id === 'head1'),
      'Jo',
    );
    const card = async (face: string) => {
      const reply = await act(
        { envelope: envelope('attendance.show', `${HARBOUR}/2026-W47${face}`, 1), inputs: {} },
        head,
        MONDAY,
      );
      assert(reply.kind === 'card');
      return JSON.stringify(reply.card.content);
    };
    assert.match(await card('/head'), /Who to greet first/);
    for (const face of ['', '/leaders']) assert.doesNotMatch(await card(face), /Who to greet first/);
    assert.doesNotMatch(JSON.stringify([...outbox.drafts.values()]), /Marigold/);
  });

  it('comes less often, or not until next term, for a tutor who says so, and for nobody else', async () => {
    const { press, act, attendance } = await planned();
    const form = await press('fewer');
    assert(form.kind === 'card' && /How often would you like these/.test(form.card.text));
    assert.deepEqual(cardProblems(form.card), []);
    const tom = must(
      PEOPLE.find(({ id }) => id === 'tom'),
      'tom',
    );
    await act({ envelope: envelope('attendance.pause', HARBOUR), inputs: {} }, tom, MONDAY);
    await store().db.deleteFrom('nudge_weeks').execute();
    const keys = async (now: Date) =>
      (await attendance.planNudges({ week: '2026-W47', now })).drafts.map(({ key }) => key.split('/')[0]);
    assert.equal((await keys(MONDAY)).includes('attendance.tutor'), false);
    assert.ok((await keys(MONDAY)).includes('attendance.week'));
    const again = await press('not-this-week');
    assert(again.kind === 'card' && /Not this week: Monday 23 November\. That is fine/.test(again.card.text));
    await store().db.deleteFrom('nudge_preferences').execute();
  });

  it('keeps what the tutor chose, and names nobody when help is asked for', async () => {
    const { press, outbox } = await planned();
    const done = await press('done');
    assert(done.kind === 'card' && /Conversation had: Monday 23 November/.test(done.card.text));
    const helped = await press('help');
    assert(helped.kind === 'card' && /You asked Jo for help/.test(helped.card.text));
    const draft = outbox.drafts.get(`attendance.help/2026-W47/${HARBOUR}/5A`);
    assert.deepEqual(draft?.target, { kind: 'person', personId: 'head1' });
    assert.doesNotMatch(JSON.stringify(draft?.card), /Marigold|Blackwood|5A/);
  });

  const YEAR_HEAD = (trust: Trust): void => {
    for (const school of trust.schools) {
      school.pupils = 'on';
      school.tutors = [
        { person: 'tom', groups: ['5A', '5B'] },
        { person: 'tom', groups: ['6A'] },
      ];
    }
  };
  const YEAR_ID = `${HARBOUR}/2026-W47/5A+5B+6A`;

  it('is one card for all of a person’s groups, and its list is of all of them, each reading written down', async () => {
    const { plan, press } = await planned(YEAR_HEAD);
    const sent = plan.drafts.filter(({ key }) => key.startsWith('attendance.tutor/'));
    assert.deepEqual(
      sent.map(({ key }) => key),
      [`attendance.tutor/2026-W47/${HARBOUR}/5A+5B+6A/tom`],
    );
    const list = await press('open', 'tom', MONDAY, YEAR_ID);
    assert(list.kind === 'card');
    assert.match(JSON.stringify(list.card.content.body), /Marigold Blackwood\*\* \(5A\)/);
    assert.equal((await readings()).length, 3);
    assert.equal((await press('open', 'tom', MONDAY, `${YEAR_ID}+7A`)).kind, 'refusal');
    assert.equal((await press('open', 'tom', MONDAY, `${HARBOUR}/2026-W47/%E0%A4%A`)).kind, 'refusal');
  });

  it('is one card a week, of the school whose day comes first, also where the other one’s is a day later', async () => {
    const { attendance, take } = await planned();
    const other = Array.from({ length: 30 }, (_, index) => `q${index}`);
    for (const [index, monday] of WEEKS.entries())
      await take(
        marksFile(
          QUAYSIDE,
          monday,
          other.map((id, at) => ({ id, marks: weekWith(index === 2 && at === 3 ? 6 : 0, 'I') })),
        ),
        new Date('2026-11-20T17:30:00Z'),
      );
    const toTom = async (urn: string, day: string) => {
      const schools = new Map([HARBOUR, QUAYSIDE].map((one) => [one, one === urn] as const));
      const plan = await attendance.planNudges({
        week: '2026-W47',
        now: new Date(`2026-11-${day}T07:30:00Z`),
        dayOf: { trust: true, schools },
      });
      await store()
        .db.transaction()
        .execute((trx) => plan.write(trx));
      return plan.drafts.map(({ key }) => key).filter((key) => key.endsWith('/tom'));
    };
    assert.deepEqual(await toTom(QUAYSIDE, '23'), [`attendance.tutor/2026-W47/${QUAYSIDE}/5A/tom`]);
    assert.deepEqual(await toTom(HARBOUR, '24'), []);
  });

  it('asks on the next card whether the conversation happened, once', async () => {
    const { plan, attendance, press, take } = await planned();
    await store()
      .db.transaction()
      .execute((trx) => plan.write(trx));
    const next = new Date('2026-11-30T07:30:00Z');
    const pupils = Array.from({ length: 30 }, (_, index) => ({
      id: `p${index}`,
      marks: weekWith(index === 4 ? 9 : 0, 'I'),
    }));
    await take(marksFile(HARBOUR, '2026-11-23', pupils), new Date('2026-11-27T17:00:00Z'));
    const after = await attendance.planNudges({ week: '2026-W48', now: next });
    const card = after.drafts.find(({ key }) => key.startsWith('attendance.tutor/'))?.card;
    assert.match(must(card, 'a card').text, /Did it happen\?/);
    await store()
      .db.transaction()
      .execute((trx) => after.write(trx));
    const id = `${HARBOUR}/2026-W48/5A`;
    const told = await press('happened', 'tom', next, id);
    assert(told.kind === 'card' && /Last time’s conversation happened\. Thank you\./.test(told.card.text));
    const again = await press('not-yet', 'tom', next, id);
    assert(again.kind === 'card' && /conversation happened/.test(again.card.text));
  });

  it('is the top of the digest of somebody who gets one, and no message of its own', async () => {
    const { plan, act, attendance } = await planned(showing, [0, 0, 6], 'I', ['tom']);
    assert.deepEqual(
      plan.drafts.filter(({ key }) => key.startsWith('attendance.tutor/')),
      [],
    );
    await store()
      .db.transaction()
      .execute((trx) => plan.write(trx));
    const nudge = must(await attendance.ownNudge('tom', MONDAY), 'a nudge');
    assert.equal(nudge.id, ID);
    assert.equal(nudge.opens, 'groups');
    assert.match(nudge.line, /^5A, last week: whom to greet first/);
    assert.equal(await attendance.ownNudge('bea', MONDAY), undefined);
    const card = await act(
      { envelope: envelope('attendance.tutor-show', nudge.id), inputs: {} },
      must(
        PEOPLE.find(({ id }) => id === 'tom'),
        'tom',
      ),
      MONDAY,
    );
    assert(card.kind === 'card' && /Open the list/.test(JSON.stringify(card.card.content)));
  });

  it('tells how the figures were made, and takes a doubt about them, and both lead back to it', async () => {
    const { press, act, outbox, plan } = await planned();
    await store()
      .db.transaction()
      .execute((trx) => plan.write(trx));
    const why = await press('why');
    assert(why.kind === 'card' && /How we got this: /.test(why.card.text));
    assert.deepEqual(cardProblems(why.card), []);
    assert.match(JSON.stringify(why.card.content), /attendance\.tutor-show/);
    assert.equal((await press('why', 'bea')).kind, 'refusal');
    const form = await press('query');
    assert(form.kind === 'card');
    assert.match(JSON.stringify(form.card.content), /attendance\.tutor-send-query/);
    const tom = must(
      PEOPLE.find(({ id }) => id === 'tom'),
      'tom',
    );
    const send = (reason?: string) =>
      act(
        { envelope: envelope('attendance.tutor-send-query', ID), inputs: reason ? { reason } : {} },
        tom,
        MONDAY,
      );
    const missing = await send();
    assert(missing.kind === 'card' && /Please choose one of these first/.test(missing.card.text));
    const sent = await send('numbers');
    assert(sent.kind === 'card' && /who to greet first/.test(sent.card.text));
    assert.doesNotMatch(JSON.stringify(sent.card.content), /Looks wrong/);
    assert.ok([...outbox.drafts.keys()].some((key) => key.startsWith('attendance.query/')));
  });
});
