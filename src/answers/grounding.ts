/**
 * Drops every sentence that its cited passage does not hold. It stands behind whatever wrote the answer: the composer's own
 * mistakes today, a model's inventions once one is configured. Knows only words.
 */

import { fold } from '../kernel/text.ts';
import type { Answer, Statement } from './answer.ts';

/** The share of a sentence's words that one cited passage, with its headings, must hold. */
const HELD = 0.8;

export function keepGrounded(answer: Answer): Answer {
  if (answer.outcome !== 'answer') return answer;
  const statements = answer.statements.filter(isGrounded);
  if (statements.length === 0)
    return { outcome: 'refusal', reason: 'not-said', nearest: answer.related.slice(0, 2) };
  return { ...answer, statements };
}

export function isGrounded(statement: Statement): boolean {
  const held = new Set(wordsOf(`${statement.passage.path.join(' ')} ${statement.passage.text}`));
  const words = wordsOf(statement.text);
  return words.length > 0 && words.filter((word) => held.has(word)).length / words.length >= HELD;
}

/** Words as they are compared. */
export function wordsOf(text: string): string[] {
  return fold(text).match(/[\p{L}\p{N}%']+/gu) ?? [];
}
