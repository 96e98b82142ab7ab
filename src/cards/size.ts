/** The limits that every card keeps, and the check that says which one it broke. */
import { countWords } from '../kernel/text.ts';
import { type Card, type Element, plainText } from './elements.ts';

/** Connectors cut at 28 KB on some paths although Teams allows more (platform notes, limits): the lowest is kept. */
export const MAX_CARD_BYTES = 28_000;
/** One idea a card: what stands before "more" (voice rules). */
export const MAX_WORDS = 90;
export const MAX_LINES = 8;
export const MAX_BUTTONS = 4;

/** Words that label children or that staff should not have to decode (voice rules). */
const NEVER_SAID = /\b(suppressed|severe|cohort|RAG|truants?|refusers?)\b|\bPP\b(?!\s*\()|!/;

/** What is wrong with a card, in words; empty when nothing is. Inputs and lines behind "more" do not count. */
export function cardProblems(
  card: Card,
  limits: { readonly words?: number; readonly lines?: number } = {},
): string[] {
  const problems: string[] = [];
  const body = card.content.body as Element[];
  const shown = plainText(body);
  const bytes = Buffer.byteLength(JSON.stringify(card.content));
  if (bytes > MAX_CARD_BYTES) problems.push(`${bytes} bytes, at most ${MAX_CARD_BYTES}`);
  const words = countWords(shown);
  if (words > (limits.words ?? MAX_WORDS))
    problems.push(`${words} words, at most ${limits.words ?? MAX_WORDS}`);
  const lines = shown.split('\n').filter((text) => text.trim()).length;
  if (lines > (limits.lines ?? MAX_LINES))
    problems.push(`${lines} lines, at most ${limits.lines ?? MAX_LINES}`);
  const actions = (card.content.actions as unknown[] | undefined)?.length ?? 0;
  if (actions > MAX_BUTTONS) problems.push(`${actions} buttons, at most ${MAX_BUTTONS}`);
  const forbidden = NEVER_SAID.exec(shown) ?? NEVER_SAID.exec(card.summary);
  if (forbidden) problems.push(`says "${forbidden[0]}"`);
  if (!card.summary.trim()) problems.push('has no summary for the notification');
  if (!card.text.trim()) problems.push('has no text fallback');
  return problems;
}
