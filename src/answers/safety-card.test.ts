import { strict as assert } from 'node:assert';
import { cardProblems } from '../cards/size.ts';
import { safetyCard } from './safety-card.ts';

const lead = { name: 'Mel Okafor', phone: 'ext. 204' };
const trustLead = { name: 'Samina Hussain', phone: '01632 960100 ext. 120' };

describe('the safety card', () => {
  for (const kind of ['child', 'colleague', 'self'] as const) {
    const card = safetyCard({ kind, lead, trustLead });

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
      safetyCard({ kind: 'colleague', lead, trustLead }).text,
      /about the head: \*\*Samina Hussain, 01632 960100 ext\. 120\*\*/,
    );
  });

  it('gives kind words, the helplines and the GP for the sender', () => {
    assert.match(safetyCard({ kind: 'self', lead, trustLead }).text, /116 123[\s\S]*08000 562 561[\s\S]*GP/);
  });

  it('takes the meaning out of what a name could carry', () => {
    const card = safetyCard({ kind: 'child', lead: { name: '[Mel](http://x)', phone: '1' }, trustLead });
    assert.doesNotMatch(card.text, /\[Mel\]\(/);
  });
});
