import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import {
  ask,
  checkins,
  EVE,
  JO,
  liveOf,
  MONDAY,
  press,
  rebuild,
  TOM,
  UPDATE,
  useDesk,
  words,
} from '../../test/support/checkin-desk.ts';
import { ADA, BEA } from '../../test/support/milestone-desk.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { buttonOf } from '../../test/support/service.ts';
import { cardProblems } from '../cards/size.ts';
import { must } from '../kernel/guards.ts';
import type { Checkin } from './lifecycle.ts';
import { planOf } from './milestone.ts';
import { mineCard, type Work } from './mine-card.ts';

describe('"my work"', () => {
  useDesk();

  const mine = (person: typeof TOM, now = MONDAY.now) => checkins.mine(person, now);
  const shown = async (person: typeof TOM, now?: Date) =>
    words(must((await mine(person, now)).card, 'a card'));

  it('lists what waits for its reader, and to everybody else only that nothing does', async () => {
    await ask();
    assert.match(await shown(TOM), /To answer: Every family has met/);
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    assert.match(await shown(TOM), /Sent, and not read yet: Every family/);
    const { verb, data } = buttonOf(must((await mine(TOM)).card, 'a card').content, 'checkins.show');
    const sent = { id: String(data.id), version: Number(data.version) };
    assert.match(await press(TOM, verb, sent), /You can change it until Jo has read it/);
    assert.match(await shown(JO), /To read: Every family has met their tutor \(m1\) \(Tom\)/);
    for (const person of [ADA, BEA, EVE]) assert.equal((await mine(person)).card, undefined, person.name);
  });

  it('lists a question that its reader asked, for the owner to answer', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    await press(JO, 'checkins.question', await liveOf(), { comment: 'Which families?' });
    assert.match(await shown(TOM), /A question for you: Every family/);
    await press(TOM, 'checkins.reply', await liveOf(), { reply: 'Those of Year 3.' });
    assert.match(await shown(TOM), /Sent, and not read yet/);
  });

  it('lists what somebody reads in a manager’s place, and whose place that is', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    const away = { id: 'head1', leave: { from: '2026-11-16', to: '2026-11-27' }, delegate: 'bea' };
    rebuild(sampleTrust(undefined, [away]));
    assert.match(await shown(BEA), /To read for Jo: Every family .*\(Tom\)/);
    assert.equal((await mine(JO)).card, undefined, 'it is with Bea while she is away');
  });

  it('lists what came to the next manager because it had waited', async () => {
    const trust = sampleTrust();
    rebuild({ ...trust, policies: { ...trust.policies, escalate_after_days: 3 } });
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    for (const date of ['2026-11-24', '2026-11-25', '2026-11-26'])
      await ask({ date, now: new Date(`${date}T08:00:00Z`) });
    const then = new Date('2026-11-26T09:00:00Z');
    assert.match(await shown(ADA, then), /To read, as it has waited: Every family .*\(Tom\)/);
    assert.match(await shown(JO, then), /To read: Every family/);
  });

  it('says when the next one comes, where nothing waits', async () => {
    await ask();
    await press(TOM, 'checkins.submit', await liveOf(), UPDATE);
    await press(JO, 'checkins.approve', await liveOf());
    assert.match((await mine(TOM)).text ?? '', /The next is about .*\(m1\)", from \w+ \d+ December/);
    assert.match((await mine(EVE)).text ?? '', /when it is due/);
  });

  it('keeps the limits of every card, however much waits, and leads to all that can be read', () => {
    const milestone = {
      ...planOf(must(sampleTrust().milestones[0], 'a milestone')),
      title: 'Every family that we have not met has met a tutor or the head before the summer holidays begin',
      ended: false,
    };
    const work = (state: Checkin['state'], asked: boolean, index: number): Work => ({
      milestone,
      owner: 'Tom',
      checkin: {
        id: `c${index}`,
        milestoneId: milestone.id,
        round: '2026-11-23',
        ownerId: 'tom',
        state,
        version: 2,
        unchanged: false,
        asked: 1,
        resting: false,
        ...(asked ? { question: 'Which?' } : {}),
      },
    });
    const some = (state: Checkin['state']) =>
      fc
        .array(fc.boolean(), { maxLength: 9 })
        .map((all) => all.map((asked, index) => work(state, asked, index)));
    fc.assert(
      fc.property(
        some('open'),
        some('submitted'),
        some('returned'),
        some('submitted'),
        (a, b, inPlace, toRead) => {
          const card = mineCard({
            own: [...a, ...b],
            inPlace,
            toRead: toRead.map((one) => ({ ...one, hasWaited: true })),
          });
          if (card) assert.deepEqual(cardProblems(card), []);
          if (toRead.length > 1) assert.match(JSON.stringify(card), /All I can read/);
        },
      ),
      { numRuns: 200 },
    );
  });
});
