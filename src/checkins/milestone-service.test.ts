import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  store,
  TOM,
  useDesk,
} from '../../test/support/checkin-desk.ts';
import {
  ADA,
  BEA,
  CHO,
  cardOf,
  create,
  FORM,
  field,
  made,
  NEW,
  none,
} from '../../test/support/milestone-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { buttonOf, buttonsOf } from '../../test/support/service.ts';
import type { Inputs } from '../cards/envelope.ts';
import { must } from '../kernel/guards.ts';
import { readMilestones } from './milestones-store.ts';

describe('a milestone made in chat', () => {
  useDesk();

  it('is kept as it was typed, its owner is told, and its reader is named', async () => {
    const shown = await create(JO);
    assert.match(shown, /Kept\. Its owner is told\./);
    assert.match(shown, /Disadvantage first, Families\. Harbour Primary\./);
    assert.match(shown, /Aim: at most 5 days \(Days of exclusion in a half-term\)/);
    assert.match(shown, /Bea Hall owns it\. Jo Marsh reads each check-in\./);
    assert.match(shown, /Who sees this\?/);
    const { id, ...milestone } = await made();
    assert.deepEqual(milestone, {
      title: FORM.title,
      strand: 'families',
      schoolUrn: '100001',
      ownerId: 'bea',
      measure: FORM.measure,
      unit: 'days',
      target: 5,
      direction: 'lower',
      due: '2027-07-16',
      everyWeeks: 2,
      cadence: 'fortnightly',
      firstRound: '2026-12-07',
      nextRound: '2026-12-07',
      ended: false,
    });
    const [told] = [...outbox.drafts.values()];
    assert.deepEqual(told?.target, { kind: 'person', personId: 'bea' });
    assert.match(
      told?.card.text ?? '',
      /Bea, this milestone is yours\..*Jo wrote it\. Jo reads your check-ins first/s,
    );
    const rows = await store.db
      .selectFrom('milestone_history')
      .selectAll()
      .where('milestone_id', '=', id)
      .execute();
    assert.deepEqual(
      rows.map((row) => [row.change, row.changed_by]),
      [['added', 'head1']],
    );
  });

  it('is made once, however often its form is sent, at once or later', async () => {
    await Promise.all([create(JO), create(JO), create(JO)]);
    assert.match(await create(JO), /It is kept already/);
    const chat = (await readMilestones(store.db)).filter(({ id }) => id.startsWith('chat-'));
    assert.equal(chat.length, 1);
    assert.equal(outbox.drafts.size, 1, 'one card to its owner');
  });

  it('is asked about like any other, and outlives the trust’s file', async () => {
    await create(JO, { cadence: 'fortnightly' });
    await checkins.syncMilestones(MONDAY.now);
    const keys = await ask({ date: '2026-12-07', now: new Date('2026-12-07T08:00:00Z') });
    assert.equal(keys.length, 2, 'Tom’s of the file and Bea’s');
    assert.equal((await liveOf((await made()).id)).ownerId, 'bea');
  });

  describe('may be made', () => {
    /** Who, where, and whether it is theirs: Ada and Cho lead the trust, Jo Harbour, Kit Quayside; Kim leads a strand alone. */
    const KIT = { personId: 'head2', name: 'Kit Vane' };
    const FAY = { personId: 'fay', name: 'Fay Moss' };
    const OWNERS = ['Bea Hall', 'Tom Reed', 'Max Birch', 'Lee Ford'];
    const ROWS: readonly (readonly [typeof JO, strand: string, school: string, may: boolean])[] = [
      [ADA, 'families', '100001', true],
      [ADA, 'reading', 'central', true],
      [CHO, 'families', '100002', true],
      [JO, 'families', '100001', true],
      [JO, 'reading', '100001', true],
      [JO, 'families', '100002', false],
      [JO, 'families', 'central', false],
      [KIT, 'reading', '100002', true],
      [KIT, 'reading', '100001', false],
      [FAY, 'reading', '100001', true],
      [FAY, 'reading', 'central', true],
      [FAY, 'families', '100002', false],
      [TOM, 'families', '100001', false],
      [BEA, 'reading', 'central', false],
    ];
    beforeEach(() => {
      const trust = sampleTrust();
      const priorities = trust.priorities.map((priority) =>
        priority.id === 'teaching'
          ? { ...priority, strands: priority.strands.map((strand) => ({ ...strand, lead: 'fay' })) }
          : priority,
      );
      rebuild({ ...trust, priorities });
    });
    it('where it is theirs, and nowhere else', async () => {
      for (const [index, [person, strand, school, may]] of ROWS.entries()) {
        const shown = await create(
          person,
          { strand, school, owner: OWNERS[index % 4] ?? '' },
          `new_${index}`,
        );
        const row = `${person.name}, of ${strand} at ${school}`;
        assert.match(shown, may ? /Kept/ : /refused: no-rights|another leader’s/, row);
      }
      const kept = (await readMilestones(store.db)).filter(({ id }) => id.startsWith('chat-'));
      assert.equal(kept.length, ROWS.filter(([, , , may]) => may).length);
    });
  });

  const WRONG: readonly (readonly [Inputs, RegExp])[] = [
    [{ title: ' ' }, /what is to be reached/],
    [{ title: 'x'.repeat(121) }, /120 characters/],
    [{ strand: 'gone' }, /choose the priority/],
    [{ school: '999999' }, /choose a school/],
    [{ owner: '' }, /name the colleague/],
    [{ owner: 'Nobody Known' }, /know no colleague of that name/],
    [{ owner: 'Nia Past' }, /know no colleague of that name/],
    [{ owner: 'Hall' }, /Do you mean Bea Hall\?/],
    [{ measure: '' }, /what is counted/],
    [{ direction: 'sideways' }, /which way is better/],
    [{ target: 'five' }, /target as a number/],
    [{ target: '5000000000000' }, /too large/],
    [{ unit: '' }, /what the figure counts/],
    [{ due: '18 December' }, /day by which it is due/],
    [{ due: '2026-11-23' }, /still to come/],
    [{ due: '2099-01-01' }, /more than five years off/],
    [{ cadence: 'daily' }, /how often/],
  ];
  it('says what to mend, keeps what was typed, and nothing else', async () => {
    for (const [inputs, says] of WRONG) {
      const card = await cardOf(JO, 'checkins.milestone-create', NEW, { ...FORM, ...inputs });
      assert.match(card.text, says, JSON.stringify(inputs));
      for (const [id, value] of Object.entries({ ...FORM, ...inputs }))
        if (value.trim()) assert.equal(field(card, id), value.slice(0, 200), id);
      assert.equal(buttonOf(card.content, 'checkins.milestone-create').data.id, NEW.id, 'the same form');
    }
    await none();
    assert.match(await create(JO, { owner: 'bea@example.org' }), /Kept/, 'an address will do');
  });

  it('needs no figure where it is done or not yet', async () => {
    await create(JO, { direction: 'yes-no', target: '', unit: '' });
    const { target, unit } = await made();
    assert.deepEqual([target, unit], [1, 'done']);
  });

  it('is refused to an owner nobody could read for', async () => {
    const people = [
      {
        id: 'sol',
        name: 'Sol Page',
        givenName: 'Sol',
        mail: 's@example.org',
        jobTitle: 'Staff',
        staff: true,
      },
    ];
    const trust = sampleTrust();
    rebuild(
      { ...trust, leaders: ['sol'], trust: { ...trust.trust, questions_contact: 'gone', ceo: 'gone' } },
      people,
    );
    const shown = await create(
      { personId: 'sol', name: 'Sol Page' },
      { owner: 'Sol Page', school: 'central' },
    );
    assert.match(shown, /could not find anyone to read Sol's check-ins/);
    await none();
  });

  it('is refused beyond what one person may own, also when two are made at once', async () => {
    const one = sampleTrust();
    rebuild({ ...one, policies: { ...one.policies, milestones_each: 2 } });
    const both = await Promise.all([
      create(JO, { owner: 'Tom Reed' }, 'new_1'),
      create(ADA, { owner: 'Tom Reed' }, 'new_2'),
    ]);
    assert.equal(both.filter((shown) => /Kept/.test(shown)).length, 1);
    assert.equal(
      both.filter((shown) => /Tom has two milestones already, the most that Tideway/.test(shown)).length,
      1,
    );
  });
});

describe('a milestone past its due date', () => {
  useDesk();

  it('counts no more among those that its owner may have, once its last round was asked for', async () => {
    const one = sampleTrust();
    rebuild({ ...one, policies: { ...one.policies, milestones_each: 1 } });
    const last = (next_round: string | null) =>
      store.db
        .updateTable('milestones')
        .set({ owner_id: 'bea', due: '2026-07-17', next_round })
        .where('id', '=', 'm1')
        .execute();
    await last('2026-07-17');
    assert.match(await create(JO), /Bea has one milestone already/);
    await last(null);
    assert.match(await create(JO), /Kept/);
  });

  it('leaves its room to the next one of the same file, in which its own row may stay', async () => {
    const none = sampleTrust([]);
    rebuild({ ...none, policies: { ...none.policies, milestones_each: 1 } });
    const first = [
      'id,title,strand,school,owner,measure,unit,target,due,next_check_in',
      'x,Home visits,families,Harbour Primary,Bea Hall,Visits,visits,40,2026-11-27,2026-11-27',
    ];
    const both = [...first, first[1]?.replace('x,', 'y,').replaceAll('2026-11-27', '2027-02-12')];
    const take = async (lines: readonly (string | undefined)[]) =>
      (await checkins.importMilestones(lines.join('\n'), 'ada', new Date('2026-12-01T08:00:00Z'))).kind;
    assert.equal(await take(first), 'imported');
    assert.equal(await take(both), 'problems', 'its last round is still to come');
    await store.db.updateTable('milestones').set({ next_round: null }).where('id', '=', 'csv-x').execute();
    assert.equal(await take(both), 'imported');
  });
});

describe('the form of a new milestone', () => {
  useDesk();

  it('makes nothing by a name or a version that no form of ours has', async () => {
    for (const at of [
      { id: 'new_1', version: 1 },
      { id: 'm1', version: 0 },
      { id: 'chat-0123456789abcdef0123', version: 0 },
      { id: "new_1' or '1'='1", version: 0 },
    ])
      assert.match(await press(JO, 'checkins.milestone-create', at, FORM), /refused: unknown-card/);
    await none();
  });
});

describe('every week', () => {
  useDesk();

  const asked = () =>
    must(
      [...outbox.drafts.keys()].find((key) => key.includes('/owned/')),
      'the question',
    );
  const answer = (person: typeof JO, verb: string) => {
    const { data } = buttonOf(outbox.face(asked()).content, verb);
    return press(person, verb, { id: String(data.id), version: Number(data.version) });
  };

  it('is only a wish until its owner agrees; it is each half-term till then', async () => {
    assert.match(await create(JO, { cadence: 'weekly' }), /asked now whether every week is all right/);
    assert.equal((await made()).cadence, 'half-termly');
    assert.match(outbox.face(asked()).text, /Jo asks for a check-in every week\. That is yours to decide/);
    assert.match(await answer(JO, 'checkins.milestone-weekly'), /refused: not-yours/);
    assert.match(await answer(BEA, 'checkins.milestone-weekly'), /every week from now on/);
    const { cadence, everyWeeks, nextRound, weeklyAsked } = await made();
    assert.deepEqual([cadence, everyWeeks, nextRound, weeklyAsked], ['weekly', 1, '2026-11-30', undefined]);
    assert.deepEqual(
      buttonsOf(outbox.face(asked()).content).map(({ verb }) => verb),
      ['checkins.milestone-show'],
    );
  });

  it('stays half-termly when the owner says so, and is asked once', async () => {
    await create(JO, { cadence: 'weekly' });
    const { data } = buttonOf(outbox.face(asked()).content, 'checkins.milestone-weekly');
    assert.match(await answer(BEA, 'checkins.milestone-not-weekly'), /It stays as it is\. Nobody asks why/);
    const at = { id: String(data.id), version: Number(data.version) };
    assert.match(await press(BEA, 'checkins.milestone-weekly', at), /settled already/);
    assert.equal((await made()).cadence, 'half-termly');
  });

  it('is agreed to as it now stands: an answer to an older state shows the present one and asks again', async () => {
    await create(JO, { cadence: 'weekly' });
    const [key, before] = [asked(), buttonOf(outbox.face(asked()).content, 'checkins.milestone-weekly').data];
    const version = Number(before.version);
    const { id } = await made();
    await press(JO, 'checkins.milestone-save', { id, version }, { ...FORM, cadence: 'weekly', target: '2' });
    const shown = await cardOf(BEA, 'checkins.milestone-weekly', { id, version });
    assert.match(shown.text, /changed meanwhile.*2 days/s);
    assert.equal((await made()).cadence, 'half-termly');
    const { data } = buttonOf(shown.content, 'checkins.milestone-weekly');
    const at = { id: String(data.id), version: Number(data.version) };
    assert.match(await press(BEA, 'checkins.milestone-weekly', at), /every week from now on/);
    assert.equal((await made()).cadence, 'weekly');
    assert.match(outbox.face(key).text, /every week from now on/, 'the card that asked shows it too');
  });

  it('is at once what an owner chooses for themself', async () => {
    await create(JO, { cadence: 'weekly', owner: 'Jo Marsh' });
    assert.equal((await made()).cadence, 'weekly');
    assert.equal(outbox.drafts.size, 0);
  });
});
