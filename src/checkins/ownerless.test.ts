import { strict as assert } from 'node:assert';
import {
  ask,
  checkins,
  JO,
  MONDAY,
  outbox,
  press,
  rebuild,
  store,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { ADA, FORM, made } from '../../test/support/milestone-desk.ts';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import { leadsOf } from './unblockers.ts';

const without = (...ids: string[]) =>
  PEOPLE.map((person) => (ids.includes(person.id) ? { ...person, staff: false } : person));
const at = (date: string) => ({ date, now: new Date(`${date}T08:00:00Z`) });

describe('milestones whose owner has left', () => {
  useDesk();

  it('are told of to the head of their school, once, on one card, when a round has come', async () => {
    const trust = sampleTrust([
      { id: 'm1', owner: 'tom' },
      { id: 'm2', owner: 'tom', next_check_in: '2026-12-07' },
      { id: 'm3', owner: 'bea' },
    ]);
    await rebuild(trust, without('tom')).syncMilestones(MONDAY.now);
    assert.deepEqual(await ask(at('2026-11-20')), [], 'none has come');
    const keys = await ask();
    assert.deepEqual(
      keys.filter((key) => key.startsWith('milestones/')),
      ['milestones/ownerless/tom/head1'],
    );
    const draft = must(outbox.drafts.get('milestones/ownerless/tom/head1'), 'the card');
    assert.deepEqual(draft.target, { kind: 'person', personId: 'head1' });
    const shown = words(draft.card);
    assert.match(
      shown,
      /^I cannot reach Tom Reed\. Who takes this on\?\nEvery family.*m1\)\nEvery family.*m2\)\n/,
    );
    assert.deepEqual(cardProblems(draft.card), []);
    assert.match(
      shown,
      /They have no open staff account, so nobody is asked/,
      'they may be away for long, or new',
    );
    const again = (await ask(at('2026-11-24'))).filter((key) => key.startsWith('milestones/'));
    assert.deepEqual(again, ['milestones/ownerless/tom/head1'], 'of the same name, so that it is sent once');
  });

  it('come to the chief executive where nobody else is left, and their owner’s account is known no more', async () => {
    const sample = sampleTrust();
    const trust = { ...sample, trust: { ...sample.trust, ceo: 'bea' } };
    const gone = ['tom', ...leadsOf(trust)];
    const people = without(...gone).filter(({ id }) => id !== 'tom');
    await rebuild(trust, people).syncMilestones(MONDAY.now);
    const keys = (await ask()).filter((key) => key.startsWith('milestones/'));
    assert.deepEqual(keys, ['milestones/ownerless/tom/bea']);
    assert.match(
      words(must(outbox.drafts.get(keys[0] ?? ''), 'the card').card),
      /^I cannot reach the owner\./,
    );
  });

  it('leave out what nobody would have been asked about any more', async () => {
    const trust = sampleTrust([
      { id: 'm1', owner: 'tom' },
      { id: 'm2', owner: 'tom' },
    ]);
    await rebuild(trust, without('tom')).syncMilestones(MONDAY.now);
    await store.db
      .updateTable('milestones')
      .set({ due: '2026-11-20', next_round: null })
      .where('id', '=', 'm2')
      .execute();
    await ask();
    const shown = words(must(outbox.drafts.get('milestones/ownerless/tom/head1'), 'the card').card);
    assert.match(shown, /\(m1\)/);
    assert.doesNotMatch(shown, /\(m2\)/);
  });

  it('come to whoever leads the priority where the head has left too; and are given to somebody from there', async () => {
    await press(JO, 'checkins.milestone-create', { id: 'new_1', version: 0 }, { ...FORM, owner: 'Tom Reed' });
    const { id, nextRound } = await made();
    rebuild(sampleTrust([]), without('tom', 'head1'));
    await checkins.syncMilestones(MONDAY.now);
    const [key = ''] = await ask(at(must(nextRound, 'a round')));
    assert.equal(key, 'milestones/ownerless/tom/ada');
    const seen = await press(ADA, 'checkins.milestone-show', { id, version: 0 });
    assert.match(seen, /Tom Reed owns it/);
    await press(ADA, 'checkins.milestone-edit', { id, version: 0 });
  });

  it('are nobody’s news while their owner is there, or once they are closed', async () => {
    assert.ok((await ask()).every((key) => !key.startsWith('milestones/')));
    rebuild(sampleTrust([]), without('tom'));
    await checkins.syncMilestones(MONDAY.now);
    assert.deepEqual(await ask(at('2026-11-24')), []);
  });
});
