import { strict as assert } from 'node:assert';
import { ask, JO, liveOf, press, TOM, UPDATE, useDesk } from '../../test/support/checkin-desk.ts';
import { PEOPLE, sampleTrust } from '../../test/support/school.ts';
import { pupilNames } from '../app/pupil-names.ts';

const HELD = /looks as if it names a pupil/;
const names = pupilNames(sampleTrust(), { staff: async () => PEOPLE });

describe('the given name of somebody whom a check-in concerns', () => {
  for (const words of [
    'Thanks Tom, which classes?',
    'Tom, please say more.',
    'Well done, Tom!',
    'Tom, which project is that?',
    'Could Tom tell me more?',
    'Thanks both, Tom and Jo.',
    'It is as Tom said, I think.',
  ])
    it(`may stand in "${words}"`, async () => assert.equal(await names(words, ['Tom', 'Jo']), false));

  for (const words of [
    'Tom in Year 5 has stopped coming',
    'Tom (5B) needs a place',
    'Thanks, Tom Okonkwo refused again',
    'Tom refused to come in again',
    "Tom's mum rang",
    'Tom, thanks. Jayden refused again',
  ])
    it(`lets no pupil through in "${words}"`, async () =>
      assert.equal(await names(words, ['Tom', 'Jo']), true));

  it('is nobody’s own where it is not given', async () => {
    assert.equal(await names('Thanks Tom, which classes?', ['Jo']), true);
    assert.equal(await names('Thanks Tom, which classes?', ['']), true);
  });

  describe('on a card', () => {
    useDesk();

    it('is taken in a question, its answer, a return and a note, of these people alone', async () => {
      await ask();
      const send = async (note: string) => press(TOM, 'checkins.submit', await liveOf(), { ...UPDATE, note });
      assert.match(await send('As Bea asked, evening calls.'), HELD, 'a colleague whom it does not concern');
      assert.match(await send('As Jo asked, evening calls.'), /Sent to Jo/);
      const comment = 'Thanks Tom, which classes?';
      assert.match(await press(JO, 'checkins.question', await liveOf(), { comment }), /with Tom/);
      const reply = 'Both classes, Jo.';
      assert.doesNotMatch(await press(TOM, 'checkins.reply', await liveOf(), { reply }), HELD);
      const back = 'Tom, please say more.';
      await press(JO, 'checkins.return', await liveOf(), { comment: back });
      assert.equal((await liveOf()).comment, back);
    });
  });
});
