/**
 * "Who sees this?": the line by which a card says who can read what is on it. The question stands here alone, so that every card
 * asks it in the same words; each answers it for itself.
 */
import { type Element, line } from './elements.ts';

/** `words`: who, as a sentence or two that are safe to show. */
export function whoSees(words: string): Element {
  return line(`Who sees this? ${words}`, { subtle: true });
}

/** Of what is somebody's own. */
export const ONLY_YOU = 'Only you.';
/** Of a list or a summary made for one person. */
export const ONLY_YOURS = 'Only you: it holds what is yours to see.';
