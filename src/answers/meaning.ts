/**
 * Meaning as numbers, for those who configure a model of it: the port that gives texts their vectors, and what likeness to a
 * question adds to a passage. Only ranking and nearness are touched; whether an answer has the right kind and enough of the
 * question's own words is decided as without it. Pure.
 */
import type { Refusal } from '../kernel/errors.ts';
import type { Index } from './retrieval.ts';

/** Gives each text its vector, all of one length, in order; or why it cannot now. Never throws. */
export type Embedder = (texts: readonly string[]) => Promise<readonly Float32Array[] | Refusal>;

/** How much likeness may add to a passage's score, and to the share of the question that it is taken to cover. */
const ADDS = { score: 0.5, coverage: 0.3 };
/**
 * Models differ in what a cosine of .5 means. A passage is like the question when it stands out from the others of the same
 * documents: from this many standard deviations above their mean nothing, to this many in full.
 */
const STANDS_OUT = { from: 1.2, full: 2.4 };
/** Passages looked at for their meaning alone. */
const MOST = 20;

/** What of a passage's likeness counts, 0 to 1, by id; passages that do not stand out are left out. */
export type Likeness = ReadonlyMap<string, number>;

export function likenessOf(question: Float32Array, vectors: ReadonlyMap<string, Float32Array>): Likeness {
  const cosines = [...vectors].map(([id, vector]) => [id, cosine(question, vector)] as const);
  if (cosines.length < 2) return new Map();
  const mean = cosines.reduce((sum, [, value]) => sum + value, 0) / cosines.length;
  const spread = Math.sqrt(cosines.reduce((sum, [, value]) => sum + (value - mean) ** 2, 0) / cosines.length);
  if (!(spread > 0)) return new Map();
  const { from, full } = STANDS_OUT;
  return new Map(
    cosines
      .map(([id, value]) => [id, Math.min(1, ((value - mean) / spread - from) / (full - from))] as const)
      .filter(([, value]) => value > 0)
      .sort((a, b) => b[1] - a[1])
      .slice(0, MOST),
  );
}

/** Cosine of the angle between two vectors; 0 where one has no length or their lengths differ. */
export function cosine(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return 0;
  let dot = 0;
  let aa = 0;
  let bb = 0;
  for (let at = 0; at < a.length; at += 1) {
    const [x = 0, y = 0] = [a[at], b[at]];
    dot += x * y;
    aa += x * x;
    bb += y * y;
  }
  return aa > 0 && bb > 0 ? dot / Math.sqrt(aa * bb) : 0;
}

/** The index for one question whose likeness to its passages is known. */
export function withLikeness(index: Index, likeness: Likeness): Index {
  return likeness.size > 0 ? { ...index, likeness } : index;
}

/** What likeness adds to a passage's score. */
export function scoreOfLikeness(index: Index, passage: string): number {
  return ADDS.score * (index.likeness?.get(passage) ?? 0);
}

/** So like the question that it may say its heaviest word in another way. A name must be met all the same. */
export function isAlike(index: Index, passage: string): boolean {
  return (index.likeness?.get(passage) ?? 0) >= ALIKE;
}
const ALIKE = 0.75;

/** A share of the question covered, with what likeness is worth beside the words. */
export function coveredWith(index: Index, passage: string, share: number): number {
  return Math.min(1, share + ADDS.coverage * (index.likeness?.get(passage) ?? 0));
}
