/**
 * Whether somebody proves to be Graph telling us, before a body is read as JSON: it carries one of the secrets that only Graph
 * was given. Strangers can subscribe Graph to our address, so true notices and false ones come from the same places, and only
 * this tells them apart.
 */
import { createHash } from 'node:crypto';
import { recent } from '../kernel/recent.ts';

/** As many as one collection may hold. */
const MOST_STATES = 1_000;
const STATE = /"clientState"\s*:\s*"([^"\\]{1,255})"/g;
/** A channel that is watched since then waits so long for this; its notices are believed sooner. Milliseconds. */
const FRESH = 10_000;

/** What a body says its secrets are. Pure. */
export function statesIn(body: Buffer): readonly string[] {
  const states: string[] = [];
  for (const [, state = ''] of body.toString('latin1').matchAll(STATE)) {
    states.push(state);
    if (states.length === MOST_STATES) break;
  }
  return states;
}

/** `secrets`: those of the channels that are watched now; asked for at most once in ten seconds. */
export function createVouching(
  secrets: () => Promise<readonly string[]>,
): (body: Buffer) => Promise<boolean> {
  const marks = recent(async () => new Set((await secrets()).map(markOf)), FRESH);
  return async (body) => {
    const states = statesIn(body);
    if (states.length === 0) return false;
    const ours = await marks.read();
    return states.some((state) => ours.has(markOf(state)));
  };
}

/** Looked up in the place of the secret, so that how long it takes says nothing of the secret. */
function markOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64');
}
