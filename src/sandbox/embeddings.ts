/**
 * The part of the model's stand-in that gives embeddings: each word is a direction, words of one group share theirs, so that
 * texts which say the same in other words of a group are alike. Enough to see that likeness is asked for and used; no measure
 * of what a real model finds.
 */
import { z } from 'zod/v4';

const Body = z.object({ input: z.array(z.string()), dimensions: z.int().min(8).max(4096) });

export function asksForEmbeddings(path: string): boolean {
  return path.split('?')[0]?.endsWith('/embeddings') ?? false;
}

/** The reply's body to a request's. `groups`: words that mean the same. */
export function embeddingsReply(body: string, groups: readonly (readonly string[])[]): unknown {
  const { input, dimensions } = Body.parse(JSON.parse(body));
  const data = input.map((text, index) => ({
    object: 'embedding',
    index,
    embedding: vectorOf(text, dimensions, groups),
  }));
  return { object: 'list', model: 'stand-in', data };
}

function vectorOf(text: string, dimensions: number, groups: readonly (readonly string[])[]): number[] {
  const vector = new Array<number>(dimensions).fill(0);
  for (const word of text.toLowerCase().match(/\p{L}+/gu) ?? []) {
    const group = groups.findIndex((words) => words.includes(word));
    const place = (group < 0 ? hash(word) : hash(`group ${group}`)) % dimensions;
    vector[place] = (vector[place] ?? 0) + (group < 0 ? 1 : GROUPED);
  }
  return vector;
}

/** What a text is about weighs more than how it is put. */
const GROUPED = 4;

/** FNV-1a, 32 bits. */
function hash(word: string): number {
  let value = 0x811c9dc5;
  for (const letter of word) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return value;
}
