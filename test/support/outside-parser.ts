/** A card as an outside parser reads it: the vendor's own, which knows no charts, so that each stands as its fallback. */
import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';
import type * as AdaptiveCards from 'adaptivecards';
import type { Card, Element } from '../../src/cards/elements.ts';

// Its module for imports names files without their endings, which Node does not look for; the bundle is whole.
const { AdaptiveCard, SerializationContext } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as typeof AdaptiveCards;

/** What the parser has to say against a card; empty when it is valid for its version. */
export function parserRemarks(card: Card): string[] {
  const context = new SerializationContext();
  const parsed = new AdaptiveCard();
  parsed.parse(withoutCharts(card.content) as Record<string, unknown>, context);
  assert.equal(parsed.version.toString(), '1.5');
  const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
  return [...events, ...parsed.validateProperties().validationEvents.map(({ message }) => message)];
}

/** The card as a client without charts shows it. A chart without a fallback fails. */
function withoutCharts(element: unknown): unknown {
  if (Array.isArray(element)) return element.map(withoutCharts);
  if (typeof element !== 'object' || element === null) return element;
  const { type, fallback } = element as Element;
  if (String(type).startsWith('Chart.')) {
    assert.ok(fallback, `${type} has no fallback`);
    return withoutCharts(fallback);
  }
  return Object.fromEntries(Object.entries(element).map(([key, value]) => [key, withoutCharts(value)]));
}
