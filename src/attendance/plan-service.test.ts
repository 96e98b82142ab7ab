import { strict as assert } from 'node:assert';
import { fromCommandLine } from '../../test/support/access.ts';
import { clearAttendance, HARBOUR, MONDAY, opening, school } from '../../test/support/attendance.ts';
import { marksFile } from '../../test/support/marks.ts';
import { PEOPLE } from '../../test/support/school.ts';
import { useStore } from '../../test/support/store.ts';
import { envelope } from '../cards/envelope.ts';
import { cardProblems } from '../cards/size.ts';
import type { Person } from '../directory/model.ts';
import { must } from '../kernel/guards.ts';
import { inTransaction } from '../storage/database.ts';
import { nudgeKey } from './card.ts';
import type { Attempt } from './sending.ts';

describe('the weekly nudge', () => {
  const store = useStore();
  const open = opening(store);
  beforeEach(() => clearAttendance(store().db));

  const NEXT_FRIDAY = new Date('2026-11-27T18:00:00Z');
  const NEXT_MONDAY = new Date('2026-11-30T07:30:00Z');
  const tom = must(
    PEOPLE.find((one) => one.id === 'tom'),
    'Tom',
  );

  async function send(opened: ReturnType<typeof open>, week: string, now: Date, attempt?: Attempt) {
    const plan = await opened.attendance.planNudges({ week, now, ...(attempt ? { attempt } : {}) });
    await inTransaction(store().db, async (trx) => {
      await plan.write(trx);
      await opened.outbox.enqueue(trx, 'run', plan.drafts, now);
    });
    return plan;
  }

  async function twoWeeks(choice?: string) {
    const opened = open();
    await opened.take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    await send(opened, '2026-W47', MONDAY);
    const press = (verb: string, week: string, now = MONDAY) =>
      opened.act({ envelope: envelope(`attendance.${verb}`, `${HARBOUR}/${week}`, 1), inputs: {} }, tom, now);
    if (choice) await press(choice, '2026-W47');
    await opened.take(marksFile(HARBOUR, '2026-11-23', school(20, 16)), NEXT_FRIDAY);
    const plan = await send(opened, '2026-W48', NEXT_MONDAY);
    const card = plan.drafts.find((draft) => draft.key === nudgeKey('2026-W48', HARBOUR))?.card;
    return { ...opened, press, plan, card };
  }

  it('sends a school its card on a day of its own calendar alone', async () => {
    const opened = open();
    await opened.take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const on = async (own: boolean, trust: boolean) => {
      const dayOf = { trust, schools: new Map([[HARBOUR, own]]) };
      const plan = await opened.attendance.planNudges({ week: '2026-W47', now: MONDAY, dayOf });
      return plan.drafts.map(({ key }) => key);
    };
    const card = nudgeKey('2026-W47', HARBOUR);
    assert.ok(!(await on(false, false)).includes(card));
    assert.ok(!(await on(false, true)).includes(card));
    assert.ok((await on(true, false)).includes(card));
  });

  it('asks once whether the one thing happened, and takes the answer as this week’s outcome', async () => {
    const { card, press, outbox } = await twoWeeks();
    assert.match(must(card, 'a card').text, /Last time’s one thing: “.+” Did it happen\?$/);
    assert.deepEqual(cardProblems(must(card, 'a card')), []);
    const answered = await press('happened', '2026-W48', NEXT_MONDAY);
    assert(answered.kind === 'card');
    assert.match(
      answered.card.text,
      /One thing this week: .*\nLast time’s one thing happened, says Tom Reed/,
    );
    assert.deepEqual(outbox.face(nudgeKey('2026-W48', HARBOUR)), answered.card);
  });

  it('keeps what has not happened yet as the one thing, and does not ask a third time', async () => {
    const opened = await twoWeeks('not-this-week');
    const first = /“(.+)” Did it happen/.exec(opened.card?.text ?? '')?.[1] ?? 'none';
    const answered = await opened.press('not-yet', '2026-W48', NEXT_MONDAY);
    assert(answered.kind === 'card');
    assert.ok(answered.card.text.includes(`One thing this week: ${first}`));
    await opened.take(marksFile(HARBOUR, '2026-11-30', school(20, 16)), new Date('2026-12-04T18:00:00Z'));
    const third = await send(opened, '2026-W49', new Date('2026-12-07T07:30:00Z'));
    assert.match(third.notes[0] ?? '', /Harbour Primary: nothing has changed, so no card goes out/);
  });

  it('is silent when nothing has changed and nothing is open, and publishes the week all the same', async () => {
    const { card, plan, attendance } = await twoWeeks('done');
    assert.equal(card, undefined);
    assert.match(plan.notes[0] ?? '', /nothing has changed/);
    const figures = await attendance.weekFigures({
      week: '2026-W48',
      schoolUrn: HARBOUR,
      now: NEXT_MONDAY,
    });
    assert(Array.isArray(figures));
    assert.equal(figures[0]?.state, 'published');
    assert.equal(figures[0]?.release?.before?.adjacent, true);
  });

  it('suggests something else after "not right for us"', async () => {
    const opened = await twoWeeks('not-suitable');
    assert.equal(opened.card, undefined);
    await opened.take(marksFile(HARBOUR, '2026-11-30', school(140, 16)), new Date('2026-12-04T18:00:00Z'));
    const third = await send(opened, '2026-W49', new Date('2026-12-07T07:30:00Z'));
    const rows = await store().db.selectFrom('nudge_weeks').selectAll().orderBy('week').execute();
    assert.equal(third.drafts.length, 1);
    assert.notEqual(rows[0]?.action, rows[2]?.action);
  });

  it('holds a week whose marks are missing, tells the data contact once, and sends it when they come', async () => {
    const opened = open();
    const late = school(20, 16).map((pupil, index) => ({
      ...pupil,
      marks: index < 20 ? pupil.marks.replace(/ \S+ \S+$/, ' _ _') : pupil.marks,
    }));
    await opened.take(marksFile(HARBOUR, '2026-11-16', late));
    const at = (time: string) => new Date(`2026-11-2${time}:00Z`);
    const first = await send(opened, '2026-W47', MONDAY);
    const noon = await send(opened, '2026-W47', at('3T12:00'), 'again');
    assert.deepEqual(
      [...first.drafts, ...noon.drafts].map((draft) => draft.key),
      [`attendance.marks/2026-W47/${HARBOUR}`],
    );
    await opened.take(marksFile(HARBOUR, '2026-11-16', school(20, 16)), at('3T16:00'));
    const tuesday = await send(opened, '2026-W47', at('4T07:30'), 'again');
    assert.deepEqual(
      tuesday.drafts.map((draft) => draft.key),
      [nudgeKey('2026-W47', HARBOUR)],
    );
    const last = await send(opened, '2026-W47', at('4T12:00'), 'last');
    assert.deepEqual(last.drafts, []);
  });

  it('at the last look sends what is in and says so, or drops it, and tells the head which', async () => {
    for (const [missing, sent] of [
      [20, true],
      [60, false],
    ] as const) {
      await clearAttendance(store().db);
      const opened = open();
      const late = school(20, 16).map((pupil, index) => ({
        ...pupil,
        marks: index < missing ? pupil.marks.replace(/( \S+ \S+){3}$/, ' _ _ _ _ _ _') : pupil.marks,
      }));
      await opened.take(marksFile(HARBOUR, '2026-11-16', late));
      await send(opened, '2026-W47', MONDAY);
      const last = await send(opened, '2026-W47', new Date('2026-11-24T12:00:00Z'), 'last');
      const told = last.drafts.find((draft) => draft.key.startsWith('attendance.wait/'));
      assert.deepEqual(told?.target, { kind: 'person', personId: 'head1' });
      const card = last.drafts.find((draft) => draft.target.kind === 'channel')?.card;
      assert.equal(card !== undefined, sent);
      assert.match(
        told?.card.text ?? '',
        sent ? /went out with part of the marks/ : /no attendance card this week/,
      );
      if (card) assert.match(card.text, /early figures, 80% of marks in/);
    }
  });

  it('settles at the last look what a school is owed that broke up since, on whoever’s day, and nothing before', async () => {
    const opened = open();
    const late = school(20, 16).map((pupil) => ({
      ...pupil,
      marks: pupil.marks.replace(/ \S+ \S+$/, ' _ _'),
    }));
    await opened.take(marksFile(HARBOUR, '2026-11-16', late));
    await send(opened, '2026-W47', MONDAY);
    const others = { trust: true, schools: new Map([[HARBOUR, false]]) };
    const look = async (attempt: Attempt) => {
      const now = new Date('2026-11-24T12:00:00Z');
      const plan = await opened.attendance.planNudges({ week: '2026-W47', now, attempt, dayOf: others });
      return plan.drafts.map(({ key }) => key).filter((key) => key.endsWith(`/${HARBOUR}`));
    };
    assert.deepEqual(await look('again'), []);
    assert.deepEqual(await look('last'), [
      nudgeKey('2026-W47', HARBOUR),
      `attendance.wait/2026-W47/${HARBOUR}`,
    ]);
  });

  it('sends a school that is not live a preview for its head alone, and publishes nothing', async () => {
    const opened = open(0, [], (trust) => {
      for (const one of trust.schools) one.live = false;
    });
    await opened.take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const plan = await send(opened, '2026-W47', MONDAY);
    assert.deepEqual(
      plan.drafts.map((draft) => draft.target),
      [{ kind: 'person', personId: 'head1' }],
    );
    assert.match(plan.drafts[0]?.card.text ?? '', /A preview for you alone\. Nothing was posted/);
    assert.equal(JSON.stringify(plan.drafts[0]?.card).includes('Action.Execute'), false);
    assert.deepEqual(await store().db.selectFrom('releases').selectAll().execute(), []);
  });

  it('sends a figure that looks wrong to the data contact, marks it, and tells the asker what was found', async () => {
    const opened = await twoWeeks('done');
    const cho = must(
      PEOPLE.find((one) => one.id === 'cho'),
      'Cho',
    );
    const press = (verb: string, id: string, actor = tom, inputs = {}) =>
      opened.act({ envelope: envelope(`attendance.${verb}`, id, 1), inputs }, actor, NEXT_MONDAY);
    const nudge = `${HARBOUR}/2026-W47`;
    const form = await press('query', nudge);
    assert(form.kind === 'card' && /Cho looks after the marks/.test(form.card.text));
    await press('send-query', nudge, tom, { reason: 'rude words' });
    assert.equal((await store().db.selectFrom('nudge_queries').selectAll().execute()).length, 0);
    const sent = await press('send-query', nudge, tom, { reason: 'closed' });
    assert(sent.kind === 'card' && /asked for these figures to be checked/.test(sent.card.text));
    await press('send-query', nudge, tom, { reason: 'closed' });
    const [query, ...more] = await store().db.selectFrom('nudge_queries').selectAll().execute();
    assert.deepEqual(more, []);
    const id = must(query, 'a query').id;
    assert.match(opened.outbox.face(nudgeKey('2026-W47', HARBOUR)).text, /asked for these figures/);
    assert.equal((await press('query-right', id, tom)).kind, 'refusal');
    const checked = await press('query-right', id, cho);
    assert(checked.kind === 'card' && /They are right/.test(checked.card.text));
    assert.doesNotMatch(opened.outbox.face(nudgeKey('2026-W47', HARBOUR)).text, /asked for these figures/);
    assert.deepEqual(opened.outbox.drafts.get(`attendance.checked/${id}`)?.target, {
      kind: 'person',
      personId: 'tom',
    });
    const again = await press('query-wrong', id, cho);
    assert(again.kind === 'card' && /They are right/.test(again.card.text));
  });

  it('opens a check-in for a focus that the head agrees, once, and refuses it from anybody else', async () => {
    const opened = await twoWeeks();
    const head = must(
      PEOPLE.find((one) => one.id === 'head1'),
      'Jo',
    );
    const press = (verb: string, actor: Person, inputs = {}) =>
      opened.act(
        { envelope: envelope(`attendance.${verb}`, `${HARBOUR}/2026-W47/head`, 1), inputs },
        actor,
        MONDAY,
      );
    const filled = { what: 'Ask three families', who: 'tom', when: '2' };
    assert.equal((await press('agree', tom, filled)).kind, 'refusal');
    const form = await press('focus', head);
    assert(form.kind === 'card' && /Who takes this on/.test(form.card.text));
    const missing = await press('agree', head, { ...filled, who: 'fay' });
    assert(missing.kind === 'card' && /choose who takes it on/.test(missing.card.text));
    const named = await press('agree', head, { ...filled, what: 'Ring Jayden Okonkwo each morning' });
    assert(named.kind === 'card' && /names a pupil/.test(named.card.text));
    assert.match(String(named.unkept), /Speak to Mel Okafor/);
    const agreed = await press('agree', head, filled);
    assert(agreed.kind === 'card');
    assert.match(agreed.card.text, /Agreed by Jo Marsh: Tom checks in on Friday 4 December\./);
    await press('agree', head, { ...filled, what: 'Another' });
    assert.deepEqual(opened.focuses, [
      { title: 'Ask three families', ownerId: 'tom', due: '2026-12-04', schoolUrn: HARBOUR },
    ]);
  });

  it('takes a card back: its place says so, nothing of it is shown or asked after, and it cannot be pressed', async () => {
    const opened = await twoWeeks();
    const { attendance, outbox } = opened;
    const at = { week: '2026-W48', schoolUrn: HARBOUR, now: NEXT_MONDAY };
    const told = await attendance.recallNudge({ ...at, permit: fromCommandLine('cli:nudge recall') });
    assert(typeof told === 'string' && /is taken back/.test(told));
    assert.match(
      outbox.face(nudgeKey('2026-W48', HARBOUR)).text,
      /taken back, because its figures were wrong/,
    );
    assert.doesNotMatch(outbox.face(nudgeKey('2026-W48', HARBOUR)).text, /\d in every|missed/);
    const pressed = await opened.press('happened', '2026-W48', NEXT_MONDAY);
    assert(pressed.kind === 'card' && /taken back/.test(pressed.card.text));
    const [overview] = await attendance.schoolOverviews({ week: '2026-W48' });
    assert.deepEqual(overview, {
      schoolUrn: HARBOUR,
      name: 'Harbour Primary',
      note: 'its card was taken back',
    });
    assert.equal(await attendance.ownNudge('head1', NEXT_MONDAY), undefined);
    const again = await attendance.recallNudge({ ...at, permit: fromCommandLine('cli:nudge recall') });
    assert(typeof again !== 'string' && again.reason === 'not-sent');
    const shown = await attendance.testNudge({
      ...at,
      permit: fromCommandLine('cli:nudge test'),
      personId: 'tom',
    });
    assert(typeof shown !== 'string' && shown.reason === 'taken-back');
  });

  it('can be sent to one person first, without buttons and without being published', async () => {
    const opened = open();
    await opened.take(marksFile(HARBOUR, '2026-11-16', school(20, 16)));
    const at = { week: '2026-W47', schoolUrn: HARBOUR, now: MONDAY };
    const told = await opened.attendance.testNudge({
      ...at,
      permit: fromCommandLine('cli:nudge test'),
      personId: 'tom',
    });
    assert(typeof told === 'string' && /Tom Reed gets Harbour Primary’s card/.test(told));
    const draft = [...opened.outbox.drafts.values()].find(({ key }) => key.startsWith('attendance.try/'));
    assert.deepEqual(draft?.target, { kind: 'person', personId: 'tom' });
    assert.match(draft?.card.text ?? '', /A preview for you alone/);
    assert.deepEqual(await store().db.selectFrom('releases').selectAll().execute(), []);
    const refused = await opened.attendance.testNudge({
      ...at,
      permit: fromCommandLine('cli:nudge test'),
      personId: 'nia',
    });
    assert(typeof refused !== 'string' && refused.reason === 'unknown-person');
    const before = opened.outbox.drafts.size;
    const another = await opened.attendance.testNudge({
      ...at,
      permit: fromCommandLine('cli:nudge test'),
      personId: 'head2',
    });
    assert(typeof another !== 'string' && another.reason === 'not-theirs', 'the head of another school');
    assert.equal(opened.outbox.drafts.size, before);
  });
});
