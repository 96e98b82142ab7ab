/**
 * Trains the weights of the safety recogniser: logistic regression over `featuresOf`, by AdaGrad in a seeded order, so that
 * the same phrases give the same weights. Pure; what to train on and where the weights go is `train-safety.ts`'s.
 */
import { featuresOf } from '../../src/answers/safety-features.ts';
import { createMender } from '../../src/answers/safety-text.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import { hurry, type Phrase } from './phrases.ts';

export type Example = {
  readonly phrase: Phrase;
  readonly features: readonly string[];
  readonly weight: number;
};
export type Trained = { readonly bias: number; readonly weights: ReadonlyMap<string, number> };

const RATE = 0.35;
const SHRINK = 2e-4;
const TURNS = 7;

/** Features of each phrase and of `hurried` variants of it. Lines of a template together weigh as much as a few phrases. */
export function examplesOf(phrases: readonly Phrase[], hurried = 1): Example[] {
  const random = seeded(7);
  const mendOne = createMender();
  const perSource = new Map<string, number>();
  for (const { source } of phrases) perSource.set(source, (perSource.get(source) ?? 0) + 1);
  return phrases.flatMap((phrase) => {
    const weight = Math.min(1, 4 / (perSource.get(phrase.source) ?? 1));
    const variants = Array.from({ length: hurried }, () => hurry(phrase.text, random));
    return [
      { phrase, features: featuresOf(phrase.text, mendOne), weight },
      ...variants.map((text) => ({ phrase, features: featuresOf(text, mendOne), weight: weight * 0.5 })),
    ];
  });
}

/** Weights that tell examples for which `holds` from the others; `stake` is what one that holds counts. */
export function train(
  examples: readonly Example[],
  holds: (phrase: Phrase) => boolean,
  stake: number,
  lowest = 2,
): Trained {
  const sources = new Map<string, Set<string>>();
  for (const { phrase, features } of examples)
    for (const feature of features) {
      const set = sources.get(feature) ?? new Set();
      if (set.size < lowest) sources.set(feature, set.add(phrase.source));
    }
  const index = new Map<string, number>();
  for (const [feature, set] of sources) if (set.size >= lowest) index.set(feature, index.size);
  const rows = examples.map(({ phrase, features, weight }) => ({
    at: features.flatMap((feature) => index.get(feature) ?? []),
    target: holds(phrase) ? 1 : 0,
    weight: weight * (holds(phrase) ? stake : 1),
  }));
  const weights = new Float64Array(index.size);
  const squares = new Float64Array(index.size).fill(1e-3);
  let bias = 0;
  const random = seeded(11);
  const order = rows.map((_, at) => at);
  for (let turn = 0; turn < TURNS; turn += 1) {
    shuffle(order, random.next);
    for (const which of order) {
      const row = rows[which];
      if (!row) continue;
      const scale = 1 / Math.sqrt(row.at.length + 1);
      let sum = bias;
      for (const at of row.at) sum += (weights[at] ?? 0) * scale;
      const slope = (1 / (1 + Math.exp(-sum)) - row.target) * row.weight;
      bias -= 0.01 * slope;
      for (const at of row.at) {
        const step = slope * scale + SHRINK * (weights[at] ?? 0);
        squares[at] = (squares[at] ?? 0) + step * step;
        weights[at] = (weights[at] ?? 0) - (RATE * step) / Math.sqrt(squares[at] ?? 1);
      }
    }
  }
  return { bias, weights: new Map([...index].map(([feature, at]) => [feature, weights[at] ?? 0])) };
}

function shuffle(order: number[], next: () => number): void {
  for (let at = order.length - 1; at > 0; at -= 1) {
    const other = Math.floor(next() * (at + 1));
    [order[at], order[other]] = [order[other] ?? 0, order[at] ?? 0];
  }
}
