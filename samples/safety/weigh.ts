/**
 * Makes the recogniser's weights file out of training phrases: trains, rounds to steps of `UNIT`, drops what hardly weighs
 * and packs features that share a weight into one line, so that the file stays small and a change can be read. Pure.
 */
import type { Weights } from '../../src/answers/safety-score.ts';
import type { Kind, Phrase } from './phrases.ts';
import { type Example, examplesOf, type Trained, train } from './train.ts';

const UNIT = 0.1;
/** Least steps that a feature must weigh to be kept, for the worry itself and for its kind. */
const LEAST = { concern: 5, kind: 11 };

export type WeightsFile = {
  readonly threshold: number;
  readonly concern: Weights;
  readonly colleague: Weights;
  readonly self: Weights;
};

export function makeWeights(phrases: readonly Phrase[], threshold: number): WeightsFile {
  const examples = examplesOf(phrases);
  const worries = examples.filter(({ phrase }) => phrase.kind !== 'ordinary');
  const concern = train(examples, ({ kind }) => kind !== 'ordinary', 1);
  return {
    threshold,
    concern: pack(concern, LEAST.concern),
    colleague: pack(trainKind(worries, 'colleague'), LEAST.kind),
    self: pack(trainKind(worries, 'self'), LEAST.kind),
  };
}

function trainKind(worries: readonly Example[], kind: Kind): Trained {
  return train(worries, (phrase) => phrase.kind === kind, 1, 3);
}

function pack({ bias, weights }: Trained, least: number): Weights {
  const bySteps = new Map<number, string[]>();
  for (const [feature, weight] of weights) {
    const steps = Math.round(weight / UNIT);
    if (Math.abs(steps) < least) continue;
    bySteps.set(steps, [...(bySteps.get(steps) ?? []), feature]);
  }
  const lines = [...bySteps].sort(([one], [other]) => other - one);
  return {
    bias: Math.round(bias * 1000) / 1000,
    unit: UNIT,
    features: Object.fromEntries(lines.map(([steps, features]) => [`${steps}`, features.sort().join(' ')])),
  };
}
