/**
 * The only home of the model: teams-ai's OpenAIModel for Azure OpenAI, signed in as the managed identity. It gives sentences
 * or a refusal within its time, whatever the other side does; no prompt and no reply is logged or printed here. What may be
 * said with the sentences is decided elsewhere (wording.ts).
 */
import type { OpenAIModel } from '@microsoft/teams-ai/lib/models/OpenAIModel.js';
import { isLoopbackUrl } from '../config/settings.ts';
import { isRefusal, messageOf, type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { stopwatch } from '../kernel/time.ts';
import { type Composer, promptFor, readReply, type Worded } from './wording.ts';

/** Azure OpenAI's data plane, the latest general version (Microsoft Learn, "Azure OpenAI REST API reference"). */
const API_VERSION = '2024-10-21';
/** Of everything: token, request, reply. A turn waits five seconds in all before it says that it is working on it. */
const BUDGET = 3_500;
const MOST_REPLY_BYTES = 64 * 1024;
const MOST_TOKENS = 700;
/** After so many failures in a row nobody waits for the model for a while. */
const FAILURES = 3;
const REST = 60_000;

export type ModelOptions = {
  readonly endpoint: string;
  readonly deployment: string;
  readonly getToken: () => Promise<string>;
  /** Milliseconds for one question. */
  readonly budget?: number;
};

/** What is asked of OpenAIModel. Its turn context and its memory are for prompts that look things up; ours is complete. */
interface Completes {
  completePrompt(
    context: unknown,
    memory: unknown,
    functions: unknown,
    tokenizer: unknown,
    template: unknown,
  ): ReturnType<OpenAIModel['completePrompt']>;
}

export function createComposer(options: ModelOptions): Composer {
  const budget = options.budget ?? BUDGET;
  const elapsed = stopwatch();
  let failures = 0;
  let restUntil = 0;

  return async (question, passages) => {
    if (elapsed() < restUntil) return refuse('resting', 'it failed several times in a row');
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(), budget);
    try {
      const result = await Promise.race([
        complete(options, promptFor(question, passages, newId('data')), patience.signal),
        aborted(patience.signal),
      ]);
      const failed = isRefusal(result) && result.reason !== 'declined';
      failures = failed ? failures + 1 : 0;
      if (failures >= FAILURES) {
        restUntil = elapsed() + REST;
        failures = 0;
      }
      return result;
    } finally {
      clearTimeout(timer);
      patience.abort();
    }
  };
}

const SLOW = refuse('slow', 'it took too long');

function aborted(signal: AbortSignal): Promise<Refusal> {
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(SLOW), { once: true }));
}

async function complete(
  options: ModelOptions,
  prompt: { readonly system: string; readonly user: string },
  signal: AbortSignal,
): Promise<readonly Worded[] | Refusal> {
  let problem: Refusal | undefined;
  try {
    // Fetched here: OpenAIModel prints every fault it meets, and with it whatever the other side wrote.
    const token = await options.getToken();
    // Loaded at the first question, and only where a model is set: it brings half a second of libraries.
    const library = await import('@microsoft/teams-ai/lib/models/OpenAIModel.js');
    const model: Completes = new library.OpenAIModel({
      azureEndpoint: `https://${new URL(options.endpoint).host}`,
      azureDefaultDeployment: options.deployment,
      azureApiVersion: API_VERSION,
      azureADTokenProvider: async () => token,
      responseFormat: { type: 'json_object' },
      useSystemMessages: true,
      clientOptions: {
        // Null, or the library would take it from the environment.
        baseURL: null,
        maxRetries: 0,
        fetch: async (url: unknown, init?: { body?: unknown; headers?: unknown }) => {
          const got = await exchange(options.endpoint, String(url), init, signal);
          if (isRefusal(got)) problem = got;
          // Typed for node-fetch; the library uses what every Response has.
          return completion(isRefusal(got) ? '' : got) as never;
        },
      },
    });
    const messages = [
      { role: 'system', content: prompt.system },
      { role: 'user', content: prompt.user },
    ];
    const response = await model.completePrompt(
      undefined,
      { getValue: () => undefined },
      undefined,
      undefined,
      {
        name: 'wording',
        prompt: { renderAsMessages: async () => ({ output: messages, length: 0, tooLong: false }) },
        config: { schema: 1.1, type: 'completion', completion: COMPLETION },
      },
    );
    if (problem) return problem;
    if (response.status !== 'success') return refuse('failed', `the library says ${response.status}`);
    return readReply(response.message?.content ?? '');
  } catch (error) {
    return problem ?? refuse('failed', messageOf(error).slice(0, 120));
  }
}

const COMPLETION = { temperature: 0, max_tokens: MOST_TOKENS, max_input_tokens: 16_000 };

/** One POST to the endpoint and nowhere else, no redirect, so many bytes. Gives the reply's words. */
async function exchange(
  endpoint: string,
  asked: string,
  init: { body?: unknown; headers?: unknown } | undefined,
  signal: AbortSignal,
): Promise<string | Refusal> {
  const { pathname, search } = new URL(asked);
  // OpenAIModel speaks https only; a stand-in on this machine does not.
  const origin = isLoopbackUrl(endpoint) ? new URL(endpoint).origin : `https://${new URL(endpoint).host}`;
  try {
    const response = await fetch(`${origin}${pathname}${search}`, {
      method: 'POST',
      headers: headersOf(init?.headers),
      body: String(init?.body ?? ''),
      redirect: 'error',
      signal,
    });
    if (!response.ok) {
      await response.body?.cancel();
      return response.status === 429
        ? refuse('busy', 'status 429')
        : refuse(response.status === 400 ? 'filtered' : 'failed', `status ${response.status}`);
    }
    return wordsOfCompletion(await readCapped(response));
  } catch (error) {
    return signal.aborted ? SLOW : refuse('failed', messageOf(error).slice(0, 120));
  }
}

function headersOf(given: unknown): Record<string, string> {
  const entries = typeof given === 'object' && given !== null ? Object.entries(given) : [];
  const wanted = ['authorization', 'content-type', 'accept'];
  return Object.fromEntries(
    entries
      .filter(([name]) => wanted.includes(name.toLowerCase()))
      .map(([name, value]) => [name, `${value}`]),
  );
}

async function readCapped(response: Response): Promise<string | Refusal> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MOST_REPLY_BYTES) return refuse('malformed', 'the reply is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** A reply that was cut short or filtered is none. */
function wordsOfCompletion(body: string | Refusal): string | Refusal {
  if (isRefusal(body)) return body;
  try {
    const choice = (
      JSON.parse(body) as { choices?: { finish_reason?: string; message?: { content?: unknown } }[] }
    ).choices?.[0];
    if (choice?.finish_reason === 'content_filter') return refuse('filtered', 'the reply was filtered');
    if (choice?.finish_reason !== 'stop') return refuse('malformed', 'the reply does not end');
    const content = choice.message?.content;
    return typeof content === 'string' ? content : refuse('malformed', 'the reply has no words');
  } catch {
    return refuse('malformed', 'the reply is not JSON');
  }
}

/** A faultless completion with these words: OpenAIModel meets no fault that it would print. */
function completion(content: string): Response {
  const choices = [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content } }];
  return new Response(JSON.stringify({ id: 'wording', object: 'chat.completion', choices }), {
    headers: { 'content-type': 'application/json' },
  });
}
