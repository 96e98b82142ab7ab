import { strict as assert } from 'node:assert';
import { cardProblems } from '../cards/size.ts';
import { safetyCard } from './safety-card.ts';

const lead = { name: 'Mel Okafor', phone: 'ext. 204' };
const trustLead = { name: 'Samina Hussain', phone: '01632 960100 ext. 120' };

describe('the safety card', () => {
  for (const kind of ['child', 'colleague', 'self'] as const) {
    const card = safetyCard({ kind, lead, trustLead, typedInto: 'chat' });

    it(`keeps the rules of voice (${kind})`, () => {
      assert.deepEqual(cardProblems(card), []);
    });

    it(`names the safeguarding lead and 999, and says that nothing was kept (${kind})`, () => {
      for (const words of ['Mel Okafor', 'ext. 204', '999', 'not searched, kept or sent on'])
        assert.ok(card.text.includes(words), words);
    });

    it(`has no button and no field (${kind})`, () => {
      assert.doesNotMatch(JSON.stringify(card.content), /"Action\.|"Input\.|"selectAction"/);
    });

    it(`gives nothing away in the notification (${kind})`, () => {
      assert.doesNotMatch(card.summary, /child|colleague|safeguard|Mel/i);
    });
  }

  it('sends a worry about the head to the trust', () => {
    assert.match(
      safetyCard({ kind: 'colleague', lead, trustLead, typedInto: 'chat' }).text,
      /about the head: \*\*Samina Hussain, 01632 960100 ext\. 120\*\*/,
    );
  });

  it('does not send someone to the head by its title, whom it may be about', () => {
    const { text } = safetyCard({ kind: 'colleague', lead, trustLead, typedInto: 'chat' });
    assert.doesNotMatch(text.split('\n')[0] ?? '', /head/);
  });

  it('shows the way back to a form that it replaced, and does not say that its words still show', () => {
    for (const kind of ['child', 'colleague', 'self'] as const) {
      const card = safetyCard({ kind, lead, trustLead, typedInto: 'form' });
      assert.deepEqual(cardProblems(card), []);
      assert.match(card.text, /not searched, kept or sent on[\s\S]*my check-ins/);
      assert.doesNotMatch(card.text, /still shows/);
    }
  });

  it('gives kind words, the helplines and the GP for the sender', () => {
    assert.match(
      safetyCard({ kind: 'self', lead, trustLead, typedInto: 'chat' }).text,
      /116 123[\s\S]*08000 562 561[\s\S]*GP/,
    );
  });

  it('takes the meaning out of what a name could carry', () => {
    const card = safetyCard({
      kind: 'child',
      lead: { name: '[Mel](http://x)', phone: '1' },
      trustLead,
      typedInto: 'chat',
    });
    assert.doesNotMatch(card.text, /\[Mel\]\(/);
  });
});
