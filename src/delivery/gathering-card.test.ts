import { strict as assert } from 'node:assert';
import { sampleCard } from '../../test/support/delivery.ts';
import { buttonsOf, textsIn } from '../../test/support/service.ts';
import { cardProblems } from '../cards/size.ts';
import { distinct, gatheredCard, type WaitingItem, withWaiting } from './gathering-card.ts';

describe('the card of what waited', () => {
  const item = (index: number, more: Partial<WaitingItem> = {}): WaitingItem => ({
    key: `checkin/${index}/ask`,
    summary: 'A check-in is ready for you: about 20 seconds.',
    text: `Hello Aisha. Check-in, about 20 seconds.\nMilestone number ${index}, in words as long as a title is at most\nMore`,
    opened: false,
    ...more,
  });
  const items = (count: number) => Array.from({ length: count }, (_, index) => item(index + 1));

  it('keeps within a card’s limits, whatever waited', () => {
    for (const count of [1, 2, 3, 4, 12, 30]) assert.deepEqual(cardProblems(gatheredCard(items(count))), []);
  });

  it('says how many, what each is about, and gives each a button that reads like no other', () => {
    const card = gatheredCard(items(5));
    const words = textsIn(card.content).join('\n');
    assert.match(words, /^Five things waited this week/);
    assert.match(words, /1\. A check-in is ready for you: Milestone number 1/);
    const buttons = buttonsOf(card.content);
    assert.deepEqual(
      buttons.map(({ title }) => title),
      ['Open 1', 'Open 2', 'Open 3', 'Open 4', 'Open 5'],
    );
    assert.equal(card.summary, 'Five things waited this week.');
    assert.match(gatheredCard(items(1)).summary, /^One thing waited/);
  });

  it('names a thing once, however often it was said', () => {
    const reminder = item(1, { key: 'checkin/1/remind' });
    assert.deepEqual(
      distinct([item(1), item(2), reminder]).map(({ key }) => key),
      ['checkin/1/remind', 'checkin/2/ask'],
    );
  });

  it('says of one that was opened where it is, without a button', () => {
    const card = gatheredCard([
      item(1, { opened: true }),
      item(2, { summary: 'Your documents: two remarks' }),
    ]);
    assert.equal(buttonsOf(card.content).length, 1);
    assert.match(textsIn(card.content).join('\n'), /1\. .*opened: it is below/);
  });

  it('stands at the end of another card, once, and goes when nothing waits', () => {
    const base = sampleCard('Your digest');
    const once = withWaiting(base, items(2));
    const twice = withWaiting(once, items(3));
    assert.equal(buttonsOf(twice.content).length, 3);
    assert.deepEqual(cardProblems(twice), []);
    assert.deepEqual(withWaiting(twice, []).content.body, base.content.body);
    assert.equal(twice.summary, base.summary);
  });
});
