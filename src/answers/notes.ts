/**
 * Published notes answer the question that they were written for, however short their words are: "Yes, on Fridays" holds no
 * word of what was asked. Asked only where the documents would be refused for. Pure.
 */
import type { Answer } from './answer.ts';
import type { Index } from './retrieval.ts';
import { wordsIn } from './themes.ts';

/** Share of the note's question that must be asked for. */
const ENOUGH = 0.75;

/** The note whose question this is: all that is asked stands in the note, and most of its question is asked. */
export function answerFromNote(typed: string, index: Index): Answer | undefined {
  const asked = [...wordsIn(typed).keys()];
  if (asked.length === 0) return undefined;
  let best: { readonly doc: string; readonly share: number } | undefined;
  for (const doc of index.docs.values()) {
    if (doc.kind !== 'note') continue;
    const question = new Set(wordsIn(doc.title).keys());
    const shared = asked.filter((stem) => question.has(stem)).length;
    const share = question.size > 0 ? shared / question.size : 0;
    if (shared < asked.length || share < ENOUGH || share <= (best?.share ?? 0)) continue;
    best = { doc: doc.id, share };
  }
  const said = index.passages.filter(
    (passage) => passage.doc === best?.doc && ['paragraph', 'item'].includes(passage.kind),
  );
  if (said.length === 0) return undefined;
  return {
    outcome: 'answer',
    statements: said.map((passage) => ({
      text: passage.text,
      passage,
      ...(passage.kind === 'item' ? { item: true } : {}),
    })),
    related: [],
  };
}
