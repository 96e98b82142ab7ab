/**
 * The trained part of the safety recogniser: weighs a message's features with `safety-weights.json`, which
 * `samples/train-safety.ts` makes from the committed phrases. Pure and the same on every machine. Knows no message.
 */
import { once } from '../kernel/once.ts';
import weights from './safety-weights.json' with { type: 'json' };

/** One trained question: weights in `unit`s, as words that share a weight. */
export type Weights = {
  readonly bias: number;
  readonly unit: number;
  readonly features: Readonly<Record<string, string>>;
};

/** Weights by feature, out of the file's compact form. */
export function unpack(packed: Weights): ReadonlyMap<string, number> {
  const unpacked = new Map<string, number>();
  for (const [steps, features] of Object.entries(packed.features))
    for (const feature of features.split(' ')) unpacked.set(feature, Number(steps) * packed.unit);
  return unpacked;
}

/** The logarithm of the odds that what `bias` and `known` were trained for holds of a message with `features`. */
export function weigh(bias: number, known: ReadonlyMap<string, number>, features: readonly string[]): number {
  let sum = 0;
  let count = 0;
  for (const feature of features) {
    const weight = known.get(feature);
    if (weight === undefined) continue;
    sum += weight;
    count += 1;
  }
  return bias + sum / Math.sqrt(count + 1);
}

// Unpacked at the first message, not while the service starts.
const concern = once(() => unpack(weights.concern));
const colleague = once(() => unpack(weights.colleague));
const self = once(() => unpack(weights.self));

/** From which score on a message is answered with the card. Chosen on held-out phrases: docs/decisions/safety-recogniser.md. */
export const THRESHOLD = weights.threshold;

export function scoreConcern(features: readonly string[]): number {
  return weigh(weights.concern.bias, concern(), features);
}

/** Whom a worry is about, where no rule has said so: a child unless another is likelier. */
export function kindOf(features: readonly string[]): 'child' | 'colleague' | 'self' {
  const ofColleague = weigh(weights.colleague.bias, colleague(), features);
  const ofSelf = weigh(weights.self.bias, self(), features);
  if (Math.max(ofColleague, ofSelf) < 0) return 'child';
  return ofSelf > ofColleague ? 'self' : 'colleague';
}
