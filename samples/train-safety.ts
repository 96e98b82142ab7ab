/**
 * Trains the safety recogniser on `samples/safety/*.phrases` and writes `src/answers/safety-weights.json`:
 * `npx node samples/train-safety.ts`. With names of files after it, it writes nothing, trains on the other files and tells
 * what it makes of those: the first-sight figures of docs/decisions/safety-recogniser.md are measured so.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { featuresOf } from '../src/answers/safety-features.ts';
import { unpack, weigh } from '../src/answers/safety-score.ts';
import { type Phrase, readPhrases } from './safety/phrases.ts';
import { makeWeights, type WeightsFile } from './safety/weigh.ts';

const FOLDER = join(import.meta.dirname, 'safety');
const TARGET = join(import.meta.dirname, '../src/answers/safety-weights.json');
const THRESHOLD = 0;

function phrasesOf(holds: (name: string) => boolean): Phrase[] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith('.phrases') && holds(name));
  return readPhrases(
    names
      .sort()
      .map((name) => readFileSync(join(FOLDER, name), 'utf8'))
      .join('\n'),
  );
}

/** All committed phrases, templates filled. */
export function trainingPhrases(): Phrase[] {
  return phrasesOf(() => true);
}

/** The weights that the committed phrases give. */
export function trainedWeights(): WeightsFile {
  return makeWeights(trainingPhrases(), THRESHOLD);
}

function tellFirstSight(held: readonly string[]): void {
  const isHeld = (name: string) => held.some((start) => name.startsWith(start));
  const { concern } = makeWeights(
    phrasesOf((name) => !isHeld(name)),
    THRESHOLD,
  );
  const known = unpack(concern);
  const seen = phrasesOf(isHeld).map((phrase) => ({
    phrase,
    score: weigh(concern.bias, known, featuresOf(phrase.text)),
  }));
  const worries = seen.filter(({ phrase }) => phrase.kind !== 'ordinary');
  const ordinary = seen.filter(({ phrase }) => phrase.kind === 'ordinary');
  for (const threshold of [-1, -0.5, THRESHOLD, 0.25, 0.5, 1]) {
    const share = (rows: typeof seen) =>
      `${rows.filter(({ score }) => score >= threshold).length} of ${rows.length}`;
    process.stdout.write(`from ${threshold}: caught ${share(worries)}, taken ${share(ordinary)}\n`);
  }
  for (const { phrase, score } of seen)
    if ((phrase.kind === 'ordinary') === score >= THRESHOLD)
      process.stdout.write(`${phrase.kind} ${score.toFixed(2)} ${phrase.text}\n`);
}

if (import.meta.main) {
  const held = process.argv.slice(2);
  if (held.length > 0) tellFirstSight(held);
  else writeFileSync(TARGET, `${JSON.stringify(trainedWeights(), null, 2)}\n`);
}
