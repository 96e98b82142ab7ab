/**
 * The answer that a turn gives to an invoke (a press, a consent), from when it is given until it leaves. The SDK would keep it
 * with the turn, and a turn outlives its answer: what old turns still hold is what the collector has to copy and sweep.
 */
import type { TurnContext } from 'botbuilder';

/** What goes back over HTTP: a status, and a body to be written as JSON unless there is none. */
export type Answer = { readonly status: number; readonly body?: unknown };

/** The status for a token that the SDK does not take. */
export const TOKEN_REFUSED = 401;

/** Empty until the turn answers, and empty again once the answer is on its way. */
export type Said = { answer?: Answer | undefined };

const SAID = Symbol('what a turn answers');

/** Gives a turn the place where its answer is kept. */
export function keepSaid(context: TurnContext, said: Said): void {
  context.turnState.set(SAID, said);
}

/** That place; undefined in a turn that nobody gave one. */
export function saidOf(context: TurnContext): Said | undefined {
  return context.turnState.get<Said | undefined>(SAID);
}
