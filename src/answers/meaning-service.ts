/**
 * Keeps the vectors of the passages beside the documents: made a few at a time behind the answers, by what a passage says, so
 * that a changed document costs only its changed passages. A question is embedded while somebody waits, and answered by its
 * words alone whenever that fails. Keeps no question.
 */
import { isRefusal } from '../kernel/errors.ts';
import type { Log } from '../telemetry/log.ts';
import type { Passage } from './corpus.ts';
import { type Embedder, likenessOf, withLikeness } from './meaning.ts';
import type { Index } from './retrieval.ts';

/** Texts in one request. */
const BATCH = 64;
/** Passages whose vectors are kept; those of documents that went are dropped first. */
const MOST = 20_000;
/** A word or two say too little to be like anything. */
const LEAST_WORDS = 3;

export function createMeaning(embedder: Embedder, log: Log) {
  const vectors = new Map<string, Float32Array>();
  let learning: Promise<void> | undefined;

  async function learn(passages: readonly Passage[]): Promise<void> {
    const missing = passages.filter(({ id, kind }) => kind !== 'section' && !vectors.has(id)).slice(0, MOST);
    for (let from = 0; from < missing.length; from += BATCH) {
      const batch = missing.slice(from, from + BATCH);
      const made = await embedder(batch.map(textOf));
      if (isRefusal(made)) {
        log.info('passages were not embedded', { reason: made.reason, left: missing.length - from });
        return;
      }
      batch.forEach((passage, place) => {
        const vector = made[place];
        if (vector) vectors.set(passage.id, vector);
      });
    }
    const kept = new Set(passages.map(({ id }) => id));
    for (const id of vectors.keys()) if (vectors.size > kept.size && !kept.has(id)) vectors.delete(id);
  }

  return {
    /** Embeds what is new of all passages, behind whatever else goes on; one at a time. */
    learn(passages: readonly Passage[]): Promise<void> {
      learning ??= learn(passages).finally(() => {
        learning = undefined;
      });
      return learning;
    },

    /** The index with how like its passages are to the question; as it was when that cannot be known in time. */
    async of(question: string, index: Index): Promise<Index> {
      if (vectors.size === 0 || question.trim().split(/\s+/).length < LEAST_WORDS) return index;
      const made = await embedder([question]);
      if (isRefusal(made)) {
        log.info('a question was not embedded', { reason: made.reason });
        return index;
      }
      const [vector] = made;
      if (!vector) return index;
      const readable = new Map(
        index.passages.flatMap(({ id }) => {
          const known = vectors.get(id);
          return known ? [[id, known] as const] : [];
        }),
      );
      return withLikeness(index, likenessOf(vector, readable));
    },
  };
}

/** What a passage says, under its headings. */
function textOf(passage: Passage): string {
  return [...passage.path, passage.text].join('\n');
}
