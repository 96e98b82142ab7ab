import { strict as assert } from 'node:assert';
import { cardOf, digestOf, first, STANDINGS, shown, underWaiting } from '../../test/support/digest-facts.ts';
import { digestCard } from './card.ts';
import { linesOf } from './lines.ts';

describe('what can be done about a digest', () => {
  it('offers to approve what can be approved as it stands, and says of the rest why it is worth a read', () => {
    const from = (owner: string, checkinId: string) => ({
      checkinId,
      version: 3,
      milestone: first.milestone,
      ownerId: owner,
      ownerName: owner,
      reviewerId: 'head1',
      status: 'on-track' as const,
    });
    const waiting = [from('Tom', 'c1'), from('Bea', 'c2'), from('Max', 'c3')];
    const of = (some: typeof waiting, reasons: readonly (readonly [string, string])[]) =>
      cardOf(
        digestOf('head1', { checkins: { standings: STANDINGS, waiting: some }, reasons: new Map(reasons) }),
      );
    const two = of(waiting.slice(0, 2), [['c2', 'at risk']]);
    assert.match(
      shown(two),
      /Waiting for you: check-ins from Tom \(ready to approve\) and Bea \(at risk\)\./,
    );
    assert.deepEqual(underWaiting(two), ["Approve Tom's", "Read Tom's", "Read Bea's"]);
    const four = of([...waiting, from('Cho', 'c4')], [['c1', 'at risk']]);
    assert.match(shown(four), /Waiting for you: four check-ins to read, three ready to approve\./);
    assert.match(JSON.stringify(four.content.actions), /All four check-ins/);
    assert.match(JSON.stringify(two.content.body), /"verb":"digests\.approve","id":"c1","version":3/);
  });

  it('has something to do about every line', () => {
    const matters = {
      themes: [{ label: 'cover for reviews', people: 6 }],
      documents: [{ title: 'Expenses', ownerId: 'tom', toAll: true, url: 'https://tideway.example/e.docx' }],
    };
    const late = STANDINGS.map((one) => ({ ...one, managerId: 'ada', ownerName: 'Tom' }));
    const digests = [
      digestOf('ada', { matters, last: { ...digestOf('ada'), date: '2026-11-16' }, date: '2027-01-11' }),
      digestOf('ada', {
        checkins: { standings: late, waiting: [] },
        mailOf: (id) => `${id}@tideway.example`,
      }),
      digestOf('head1', { nudge: { id: '100001/2026-W47', line: 'Harbour Primary, last week: one thing.' } }),
      { ...digestOf('head1', { reasons: new Map() }), withdrawn: ['Harbour Primary'] },
    ];
    const kinds = new Map<string, string[]>();
    for (const digest of digests)
      for (const { text, acts } of linesOf(digest)) {
        assert.ok(acts.length > 0, `nothing to do about: ${text}`);
        kinds.set(
          text.split(/[:,(]/)[0] ?? text,
          acts.map(({ title }) => title),
        );
      }
    const said = JSON.stringify([...kinds.values()]);
    for (const title of [
      'Open attendance',
      'Ask about attendance',
      'What moved',
      'Offer to help',
      'Write to Tom',
    ])
      assert.ok(said.includes(title), title);
    for (const title of ['Ask that question', 'Open the document', "Approve Tom's", 'As of now'])
      assert.ok(said.includes(title), title);
    for (const digest of digests) {
      const card = cardOf(digest);
      // Behind "See more" each stands as a button too, for those who do not press on words.
      for (const { acts } of linesOf(digest))
        assert.ok(JSON.stringify(card.content).includes(JSON.stringify(acts[0])), acts[0]?.title);
    }
  });

  it('has a button for each thing behind "See more" that stands in the way, is open or is old', () => {
    const matters = {
      themes: ['cover for reviews', 'trips abroad', 'phones'].map((label) => ({ label, people: 3 })),
      documents: ['Expenses', 'Travel', 'Old handbook'].map((title, index) => ({
        title,
        ownerId: 'tom',
        toAll: true,
        ...(index === 1 ? { url: 'https://tideway.example/travel' } : {}),
      })),
    };
    const digest = digestOf('ada', { matters });
    assert.equal(digest.blockers.length, 2);
    const body = JSON.stringify(cardOf(digest).content.body);
    const second = digest.blockers[1]?.milestoneId;
    assert.match(
      body,
      new RegExp(`"title":"Help with: [^"]+","verb":"digests.offer-help","data":{[^}]*"id":"${second}"`),
    );
    for (const title of ['Ask: trips abroad', 'Ask: phones', 'Open: Travel', 'Look up: Old handbook'])
      assert.ok(body.includes(`"title":"${title}"`), title);
    assert.doesNotMatch(
      JSON.stringify(digestCard(digest, { past: true }).content),
      /Help with|"Ask: |Open: |Look up: /,
      'of a past day nothing is offered',
    );
  });

  it('shows no document whose link is not safe as a link', () => {
    const matters = {
      themes: [],
      documents: [{ title: 'E', ownerId: 'tom', toAll: true, url: 'http://a.example' }],
    };
    assert.doesNotMatch(JSON.stringify(cardOf(digestOf('ada', { matters }))), /OpenUrl/);
  });

  it('has nothing to press on a past day but the way back to now', () => {
    const card = digestCard(digestOf('ada'), { past: true });
    const text = JSON.stringify(card.content);
    assert.doesNotMatch(text, /selectAction|offer-help|digests\.approve/);
  });
});
