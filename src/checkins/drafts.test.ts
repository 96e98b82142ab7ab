import { strict as assert } from 'node:assert';
import {
  act,
  ask,
  EVE,
  JO,
  liveOf,
  MONDAY,
  outbox,
  press,
  rebuild,
  store,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { envelope, type Inputs } from '../cards/envelope.ts';
import { must } from '../kernel/guards.ts';

const LATER = 'checkins.save-for-later';
const WORDS = 'Half of Year 7 seen, the rest by Friday.';
const BEGUN: Inputs = {
  status: 'at-risk',
  confidence: '',
  value: '12',
  note: WORDS,
  blocker: '',
  evidence: '',
};

/** The card that a press gives, as it is sent. */
async function cardOf(
  person: typeof TOM,
  verb: string,
  at: { id: string; version: number },
  now = MONDAY.now,
) {
  const reply = await act({ envelope: envelope(verb, at.id, at.version), inputs: {} }, person, now);
  return JSON.stringify(reply);
}
async function drafts(): Promise<unknown[]> {
  return store.db.selectFrom('checkin_drafts').selectAll().execute();
}

describe('what was typed and not sent', () => {
  useDesk();
  beforeEach(async () => {
    await ask();
  });

  it('is kept by "Save for later", and there again when the form is opened', async () => {
    const open = await liveOf();
    assert.match(await press(TOM, LATER, open, BEGUN), /Saved for later[\s\S]*Only you[\s\S]*22 January/);
    assert.equal((await liveOf()).version, open.version);
    const shown = await cardOf(TOM, 'checkins.show', open);
    assert.ok(shown.includes(WORDS));
    assert.match(shown, /Not sent yet: what you wrote on Monday 23 November\. Only you can see it\./);
  });

  it('stands on no card that comes by itself, which only says that it is there', async () => {
    const open = await liveOf();
    await press(TOM, LATER, open, BEGUN);
    const [key = ''] = await ask({ date: '2026-11-26', now: new Date('2026-11-26T08:00:00Z') });
    const reminder = outbox.face(key);
    assert.match(words(reminder), /begun an answer, and it is kept for you alone/);
    assert.ok(JSON.stringify(reminder).includes('checkins.show'));
    assert.ok(
      ![...outbox.drafts.values(), ...outbox.revisions.values()].some((one) =>
        JSON.stringify(one).includes(WORDS),
      ),
    );
  });

  it('is nobody else’s: not the reader’s, not a stranger’s', async () => {
    const open = await liveOf();
    await press(TOM, LATER, open, BEGUN);
    for (const person of [JO, EVE])
      for (const verb of ['checkins.show', 'checkins.view', LATER])
        assert.ok(!(await cardOf(person, verb, open)).includes(WORDS), `${person.name} ${verb}`);
    assert.equal((await drafts()).length, 1);
  });

  it('is what a form carried that could not be taken', async () => {
    await press(TOM, 'checkins.submit', await liveOf(), { ...UPDATE, value: 'many' });
    const shown = await cardOf(TOM, 'checkins.show', await liveOf());
    assert.ok(shown.includes('many') && shown.includes(String(UPDATE.note)));
  });

  it('goes with the answer that is sent, and a second tap of the same leaves none', async () => {
    const open = await liveOf();
    await press(TOM, LATER, open, BEGUN);
    await press(TOM, 'checkins.submit', open, UPDATE);
    assert.deepEqual(await drafts(), []);
    await press(TOM, 'checkins.submit', open, UPDATE);
    assert.deepEqual(await drafts(), []);
  });

  it('goes with "No change" too', async () => {
    const first = await liveOf();
    await press(TOM, 'checkins.submit', first, UPDATE);
    await press(JO, 'checkins.approve', await liveOf());
    const later = { date: '2026-12-14', now: new Date('2026-12-14T08:00:00Z') };
    await store.db.updateTable('milestones').set({ next_round: later.date, due: '2027-03-01' }).execute();
    await ask(later);
    await press(TOM, LATER, await liveOf(), BEGUN, later.now);
    await press(TOM, 'checkins.no-change', await liveOf(), {}, later.now);
    assert.deepEqual(await drafts(), []);
  });

  it('that came after its round was closed is there for the next', async () => {
    const first = await liveOf();
    await press(TOM, 'checkins.submit', first, UPDATE);
    await press(JO, 'checkins.approve', await liveOf());
    const late = await press(TOM, 'checkins.submit', first, { ...UPDATE, note: WORDS });
    assert.match(late, /moved on, so nothing was sent\. What you wrote is kept for you until the next one/);
    const later = { date: '2026-12-14', now: new Date('2026-12-14T08:00:00Z') };
    await store.db.updateTable('milestones').set({ next_round: later.date, due: '2027-03-01' }).execute();
    const [key = ''] = await ask(later);
    assert.match(words(outbox.face(key)), /begun an answer/);
    assert.ok((await cardOf(TOM, 'checkins.show', await liveOf(), later.now)).includes(WORDS));
  });

  it('of a colleague in the owner’s place is that colleague’s', async () => {
    rebuild(
      sampleTrust(
        [{ id: 'm1', owner: 'tom' }],
        [{ id: 'tom', delegations: [{ delegate: 'max', from: '2026-11-23', to: '2026-11-27' }] }],
      ),
    );
    const open = await liveOf();
    await press(EVE, LATER, open, BEGUN);
    assert.ok((await cardOf(EVE, 'checkins.show', open)).includes(WORDS));
    assert.ok(!(await cardOf(TOM, 'checkins.show', open)).includes(WORDS));
    assert.ok(must((await drafts())[0], 'a draft'));
  });

  it('stays when somebody else sends an answer: only the sender’s own goes', async () => {
    rebuild(
      sampleTrust(
        [{ id: 'm1', owner: 'tom' }],
        [{ id: 'tom', delegations: [{ delegate: 'max', from: '2026-11-23', to: '2026-11-27' }] }],
      ),
    );
    await press(TOM, LATER, await liveOf(), BEGUN);
    await press(EVE, LATER, await liveOf(), { ...BEGUN, note: 'His colleague’s words.' });
    await press(EVE, 'checkins.submit', await liveOf(), UPDATE);
    const kept = await store.db.selectFrom('checkin_drafts').select('person_id').execute();
    assert.deepEqual(kept, [{ person_id: 'tom' }]);
    assert.ok((await cardOf(TOM, 'checkins.show', await liveOf())).includes(WORDS));
  });
});
