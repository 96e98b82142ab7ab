import { strict as assert } from 'node:assert';
import { cardProblems } from '../cards/size.ts';
import { interruptedCard, welcomeCard } from './lines.ts';

const facts = {
  givenName: 'Jo',
  trust: 'Tideway',
  safeguarding: { name: 'Mel Okafor', phone: 'ext. 204' },
};

describe('the welcome', () => {
  for (const leads of [true, false]) {
    const card = welcomeCard({ ...facts, leads });
    const labels = (card.content.actions as { title: string }[]).map(({ title }) => title);

    it(`keeps the rules of voice (leads: ${leads})`, () => assert.deepEqual(cardProblems(card), []));

    it(`offers ${leads ? 'a head or leader the digest' : 'others where to start'}`, () => {
      assert.equal(labels.includes('My digest'), leads);
      assert.equal(
        labels.some((label) => label.includes('TA')),
        !leads,
      );
    });
  }
});

describe('the card about a turn that was interrupted', () => {
  it('keeps the rules of voice', () => assert.deepEqual(cardProblems(interruptedCard()), []));
});
