/**
 * The only home of Azure OpenAI's embeddings: texts in, vectors out, signed in as the managed identity. It gives nothing when
 * the other side is slow, busy, broken or answers in another shape; no text is logged. What likeness is worth is decided
 * elsewhere (meaning.ts).
 */
import { z } from 'zod/v4';
import { isLoopbackUrl } from '../config/settings.ts';
import { isRefusal, messageOf, type Refusal, refuse } from '../kernel/errors.ts';
import { stopwatch } from '../kernel/time.ts';
import type { Embedder } from './meaning.ts';

/** Azure OpenAI's data plane, the latest general version (Microsoft Learn, "Azure OpenAI REST API reference"). */
const API_VERSION = '2024-10-21';
/** Of everything: token, request, reply, in milliseconds. A question waits this long and is then answered by its words. */
const BUDGET = 1_200;
/** Vectors of text-embedding-3 models may be cut to their first numbers and lose little. */
const DIMENSIONS = 256;
/** Of one text, in characters; a passage is seldom longer. */
const MOST_TEXT = 4_000;
const MOST_REPLY_BYTES = 8 * 1024 * 1024;
/** After so many failures in a row nobody waits for it for a while. */
const FAILURES = 3;
const REST = 60_000;

export type EmbeddingsOptions = {
  readonly endpoint: string;
  readonly deployment: string;
  readonly getToken: () => Promise<string>;
  /** Milliseconds for one request. */
  readonly budget?: number;
};

const Reply = z.object({
  data: z.array(z.object({ index: z.int().min(0), embedding: z.array(z.number()).min(1) })),
});

export function createEmbedder(options: EmbeddingsOptions): Embedder {
  const elapsed = stopwatch();
  let failures = 0;
  let restUntil = 0;
  return async (texts) => {
    if (texts.length === 0) return [];
    if (elapsed() < restUntil) return refuse('resting', 'it failed several times in a row');
    const vectors = await embed(options, texts);
    const failed = isRefusal(vectors);
    failures = failed ? failures + 1 : 0;
    if (failures >= FAILURES) {
      restUntil = elapsed() + REST;
      failures = 0;
    }
    return vectors;
  };
}

/** One POST to the endpoint and nowhere else, no redirect; the vectors, or why there are none. */
async function embed(
  options: EmbeddingsOptions,
  texts: readonly string[],
): Promise<readonly Float32Array[] | Refusal> {
  try {
    return await request(options, texts);
  } catch (error) {
    return refuse('failed', messageOf(error).slice(0, 120));
  }
}

async function request(
  { endpoint, deployment, getToken, budget = BUDGET }: EmbeddingsOptions,
  texts: readonly string[],
): Promise<readonly Float32Array[] | Refusal> {
  const signal = AbortSignal.timeout(budget);
  const token = await Promise.race([getToken(), aborted(signal)]);
  const origin = isLoopbackUrl(endpoint) ? new URL(endpoint).origin : `https://${new URL(endpoint).host}`;
  const path = `/openai/deployments/${encodeURIComponent(deployment)}/embeddings?api-version=${API_VERSION}`;
  const response = await fetch(`${origin}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ input: texts.map((text) => text.slice(0, MOST_TEXT)), dimensions: DIMENSIONS }),
    redirect: 'error',
    signal,
  });
  if (!response.ok) {
    await response.body?.cancel();
    return refuse('failed', `status ${response.status}`);
  }
  return vectorsIn(await readCapped(response), texts.length);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) =>
    signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
  );
}

async function readCapped(response: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MOST_REPLY_BYTES) return '';
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A vector for every text, each of the same length, or none at all. */
function vectorsIn(body: string, wanted: number): readonly Float32Array[] | Refusal {
  const parsed = Reply.safeParse(readJson(body)).data?.data;
  if (parsed?.length !== wanted) return MALFORMED;
  const vectors = [...parsed]
    .sort((a, b) => a.index - b.index)
    .map(({ embedding }) => Float32Array.from(embedding));
  const length = vectors[0]?.length;
  const inOrder =
    parsed.every(({ index }) => index < wanted) && new Set(parsed.map(({ index }) => index)).size === wanted;
  return inOrder && vectors.every((vector) => vector.length === length) ? vectors : MALFORMED;
}

const MALFORMED = refuse('malformed', 'the reply has not one vector for each text');

function readJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
