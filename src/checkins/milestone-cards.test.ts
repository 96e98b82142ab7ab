import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  EVE,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  said,
  store,
  TOM,
  UPDATE,
  useDesk,
} from '../../test/support/checkin-desk.ts';
import { ADA, cardOf, create, FORM, field, made } from '../../test/support/milestone-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { buttonOf } from '../../test/support/service.ts';
import type { Inputs } from '../cards/envelope.ts';
import { must } from '../kernel/guards.ts';
import { readMilestones } from './milestones-store.ts';

describe('a milestone on its card', () => {
  useDesk();

  /** The open form's milestone, as it was when the form was opened. */
  async function openForm(person: typeof JO) {
    const { id } = await made();
    const form = await cardOf(person, 'checkins.milestone-edit', { id, version: 0 });
    const { data } = buttonOf(form.content, 'checkins.milestone-save');
    return { id, version: Number(data.version) };
  }

  const save = (person: typeof JO, at: { id: string; version: number }, inputs: Inputs) =>
    press(person, 'checkins.milestone-save', at, { ...FORM, ...inputs });

  async function edit(person: typeof JO, inputs: Inputs) {
    const at = await openForm(person);
    return { at, shown: await save(person, at, inputs) };
  }

  it('is changed with its history, and what is open shows it', async () => {
    await create(JO);
    const [key] = await ask({ date: '2026-12-07', now: new Date('2026-12-07T08:00:00Z') });
    const { shown } = await edit(JO, { title: 'Fewer days lost', target: '4' });
    assert.match(shown, /Saved\..*Fewer days lost.*at most 4 days/s);
    const faces = [...outbox.revisions.values()].map(({ text }) => text);
    assert.ok(
      faces.some((text) => /Fewer days lost/.test(text)),
      `${key}: the open check-in is drawn anew`,
    );
    const card = await cardOf(JO, 'checkins.milestone-show', { id: (await made()).id, version: 0 });
    assert.match(
      JSON.stringify(card.content),
      /changed other words and the aim \(before: at most 5 days\), by Jo Marsh/,
    );
    assert.match(JSON.stringify(card.content), /made, by Jo Marsh/);
  });

  it('of a file keeps its rhythm of so many weeks when something else is changed, until another is chosen', async () => {
    const head = 'id,title,strand,school,owner,measure,unit,target,due,every_weeks,next_check_in';
    const line =
      'calls,Evening calls,families,Harbour Primary,Tom Reed,Families,families,150,2027-02-12,3,2026-11-30';
    const read = await checkins.importMilestones(`${head}\n${line}`, 'ada', MONDAY.now);
    assert.equal(read.kind, 'imported');
    const id = 'csv-calls';
    const kept = async () =>
      must(
        (await readMilestones(store.db)).find((one) => one.id === id),
        'it',
      );
    const form = await cardOf(JO, 'checkins.milestone-edit', { id, version: 0 });
    assert.match(JSON.stringify(form.content), /As now, every 3 weeks/);
    const typed = Object.fromEntries(
      Object.keys(FORM).map((name) => [name, String(field(form, name) ?? '')] as const),
    );
    const at = () => {
      const { data } = buttonOf(form.content, 'checkins.milestone-save');
      return { id, version: Number(data.version) };
    };
    assert.match(
      await press(JO, 'checkins.milestone-save', at(), { ...typed, target: '140' }),
      /Saved\..*every 3 weeks/s,
    );
    const { target, everyWeeks, cadence, nextRound } = await kept();
    assert.deepEqual([target, everyWeeks, cadence, nextRound], [140, 3, undefined, '2026-11-30']);
    const again = await cardOf(JO, 'checkins.milestone-edit', { id, version: 0 });
    const { data } = buttonOf(again.content, 'checkins.milestone-save');
    const now = { id, version: Number(data.version) };
    await press(JO, 'checkins.milestone-save', now, { ...typed, cadence: 'half-termly' });
    assert.equal((await kept()).cadence, 'half-termly');
    assert.match(await create(JO, { cadence: 'as-now' }), /choose how often/);
  });

  it('of a file is asked in its first round also when it is to be due later, or sooner than that', async () => {
    const head = 'id,title,strand,school,owner,measure,unit,target,due,every_weeks,next_check_in';
    const line =
      'calls,Evening calls,families,Harbour Primary,Tom Reed,Families,families,150,2027-02-12,3,2026-11-30';
    await checkins.importMilestones(`${head}\n${line}`, 'ada', MONDAY.now);
    const id = 'csv-calls';
    const roundWithDue = async (due: string) => {
      const form = await cardOf(JO, 'checkins.milestone-edit', { id, version: 0 });
      const typed = Object.fromEntries(
        Object.keys(FORM).map((name) => [name, String(field(form, name) ?? '')] as const),
      );
      const { data } = buttonOf(form.content, 'checkins.milestone-save');
      const at = { id, version: Number(data.version) };
      assert.match(await press(JO, 'checkins.milestone-save', at, { ...typed, due }), /Saved\./);
      return (await readMilestones(store.db)).find((one) => one.id === id)?.nextRound;
    };
    assert.equal(await roundWithDue('2027-03-26'), '2026-11-30');
    assert.equal(await roundWithDue('2026-11-27'), '2026-11-27');
  });

  it('of a file that was asked every week is not so of another owner until they agree', async () => {
    const head = 'id,title,strand,school,owner,measure,unit,target,due,every_weeks,next_check_in';
    const line =
      'calls,Evening calls,families,Harbour Primary,Tom Reed,Families,families,150,2027-02-12,3,2026-11-30';
    await checkins.importMilestones(`${head}\n${line}`, 'ada', MONDAY.now);
    const id = 'csv-calls';
    // As a file could say it once.
    await store.db.updateTable('milestones').set({ every_weeks: 1 }).where('id', '=', id).execute();
    const form = await cardOf(JO, 'checkins.milestone-edit', { id, version: 0 });
    const typed = Object.fromEntries(
      Object.keys(FORM).map((name) => [name, String(field(form, name) ?? '')] as const),
    );
    const { data } = buttonOf(form.content, 'checkins.milestone-save');
    const at = { id, version: Number(data.version) };
    const shown = await press(JO, 'checkins.milestone-save', at, { ...typed, owner: 'Bea Hall' });
    assert.match(shown, /Saved\..*each half-term.*every week once the owner agrees/is);
    const now = (await readMilestones(store.db)).find((one) => one.id === id);
    assert.deepEqual([now?.ownerId, now?.everyWeeks === 1, now?.weeklyAsked], ['bea', false, true]);
  });

  it('is not changed from an old form; what was typed stays', async () => {
    await create(JO);
    const { at } = await edit(JO, { title: 'First' });
    const shown = await press(JO, 'checkins.milestone-save', at, { ...FORM, title: 'Second' });
    assert.match(shown, /changed this milestone meanwhile/);
    assert.equal((await made()).title, 'First');
    const card = await cardOf(JO, 'checkins.milestone-save', at, { ...FORM, title: 'Second' });
    assert.equal(field(card, 'title'), 'Second');
    const { data } = buttonOf(card.content, 'checkins.milestone-save');
    assert.match(
      await press(
        JO,
        'checkins.milestone-save',
        { id: at.id, version: Number(data.version) },
        { ...FORM, title: 'Second' },
      ),
      /Saved/,
    );
  });

  it('is changed by one of two who save at once', async () => {
    await create(JO);
    const [jos, adas] = [await openForm(JO), await openForm(ADA)];
    const both = await Promise.all([save(JO, jos, { title: 'One' }), save(ADA, adas, { title: 'Other' })]);
    assert.equal(both.filter((shown) => /Saved/.test(shown)).length, 1);
    const rows = await store.db
      .selectFrom('milestone_history')
      .selectAll()
      .where('change', '=', 'changed')
      .execute();
    assert.equal(rows.length, 1);
  });

  it('passes to another owner, who is told; the one before is no longer asked', async () => {
    await create(JO);
    await ask({ date: '2026-12-07', now: new Date('2026-12-07T08:00:00Z') });
    const { id } = await made();
    assert.equal((await liveOf(id)).ownerId, 'bea');
    await edit(JO, { owner: 'Tom Reed' });
    await assert.rejects(liveOf(id), /a live check-in/);
    assert.equal((await made()).ownerId, 'tom');
    const told = [...outbox.drafts.values()].filter(({ key }) => key.includes('/owned/'));
    assert.deepEqual(
      told.map(({ target }) => target.kind === 'person' && target.personId),
      ['bea', 'tom'],
    );
  });

  it('closes after a second look, and an open check-in with it; what was said stays', async () => {
    await create(JO);
    const { id } = await made();
    await ask({ date: '2026-12-07', now: new Date('2026-12-07T08:00:00Z') });
    const closing = await cardOf(JO, 'checkins.milestone-closing', { id, version: 0 });
    assert.match(closing.text, /Close this milestone\?/);
    assert.equal((await made()).ended, false);
    const { data } = buttonOf(closing.content, 'checkins.milestone-close');
    const at = { id, version: Number(data.version) };
    assert.match(await press(JO, 'checkins.milestone-close', at), /Closed\..*nobody is asked any more/s);
    assert.equal((await made()).ended, true);
    await assert.rejects(liveOf(id), /a live check-in/);
    assert.match(await press(JO, 'checkins.milestone-close', at), /nobody is asked any more/);
    const { n } = await store.db
      .selectFrom('milestone_history')
      .select(({ fn }) => fn.countAll().as('n'))
      .where('change', '=', 'ended')
      .executeTakeFirstOrThrow();
    assert.equal(Number(n), 1);
  });

  it('of the trust’s file is changed there alone', async () => {
    assert.match(
      await press(JO, 'checkins.milestone-edit', { id: 'm1', version: 0 }),
      /stands in the trust’s settings file/,
    );
    await press(JO, 'checkins.milestone-close', { id: 'm1', version: 1 });
    await press(JO, 'checkins.milestone-save', { id: 'm1', version: 1 }, FORM);
    const [kept] = await readMilestones(store.db);
    assert.deepEqual([kept?.ended, kept?.title], [false, 'Every family has met their tutor (m1)']);
  });

  it('is shown to its owner, its reader and those it belongs to; a stranger learns nothing of it', async () => {
    for (const person of [TOM, JO, ADA])
      assert.match(
        await press(person, 'checkins.milestone-show', { id: 'm1', version: 0 }),
        /met their tutor/,
      );
    for (const verb of ['show', 'trend', 'edit', 'closing', 'close', 'save', 'weekly'])
      for (const id of ['m1', 'no-such-one'])
        assert.match(
          await press(EVE, `checkins.milestone-${verb}`, { id, version: 1 }, FORM),
          /refused: not-yours/,
          verb,
        );
    const list = await checkins.request('milestones', EVE, MONDAY.now);
    assert.match(list?.card?.text ?? '', /None is yours to see yet/);
    assert.equal(
      await checkins.request('trend of every family has met their tutor', EVE, MONDAY.now),
      undefined,
    );
  });
});

describe('the trend of a milestone', () => {
  useDesk();

  async function approveOn(date: string, value: number): Promise<void> {
    const now = new Date(`${date}T08:00:00Z`);
    await ask({ date, now });
    await press(TOM, 'checkins.submit', await liveOf(), { ...UPDATE, value: String(value) }, now);
    await press(JO, 'checkins.approve', await liveOf(), {}, now);
  }

  it('is none from two points; from three it is a line, and the same in words', async () => {
    const trust = sampleTrust([{ id: 'm1', owner: 'tom', every_weeks: 1, due: '2027-02-12' }]);
    await rebuild(trust).syncMilestones(MONDAY.now);
    const trend = async () =>
      must(await checkins.request('Trend of every family has met', TOM, MONDAY.now), 'a reply');
    assert.match((await trend()).card?.text ?? '', /No figure has been approved yet, so there is no trend/);
    await approveOn('2026-11-23', 40);
    await approveOn('2026-11-30', 52);
    const two = must((await trend()).card, 'a card');
    assert.match(two.text, /52 of 150 families on Monday 30 November\. Two approved figures make no trend/);
    assert.doesNotMatch(JSON.stringify(two.content), /Chart/);
    await approveOn('2026-12-07', 61);
    const three = must((await trend()).card, 'a card');
    assert.match(
      three.text,
      /Since 23 November 2026, over three approved check-ins: closer to the aim each time\. Then 40 of 150 families, now 61 of 150 families\./,
    );
    assert.match(three.text, /Status, oldest first: at risk, at risk, at risk\./);
    const [chart] = (three.content.body as { type: string; data?: unknown }[]).filter(
      ({ type }) => type === 'Chart.Line',
    );
    assert.match(JSON.stringify(chart), /"x":"7 December","y":61/);
    assert.equal(said({ kind: 'card', card: three }), three.text, 'within the limits of a card');
  });
});
