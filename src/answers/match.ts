/**
 * Whether a text says what a question asks about: texts as stems, prepared once, and concepts as forms that are looked for in
 * them. Knows no index and no ranking.
 */
import type { Concept, Form } from './concepts.ts';
import { stemsOf } from './words.ts';

/** Words that only keep the same company are a hint, not a match: they count within one sentence, not across a page. */
export const MEETS = 0.5;

export function meets(text: Text, form: Form): boolean {
  // A set tells at once what stands nowhere; only where all the words stand is their order looked for.
  for (const stem of form.stems) if (!text.stems.has(stem)) return false;
  return form.stems.length === 1 || form.loose === true || text.padded.includes(formText(form));
}

/** A text's stems, ready to be searched. */
export type Text = {
  readonly padded: string;
  readonly stems: ReadonlySet<string>;
  /** Of a document's text: its stems by number, each once. */
  readonly numbers?: Uint32Array;
};

const texts = new Map<string, Text>();
const MOST_TEXTS = 20_000;

/** Sentences of the documents come back question after question. */
export function comparable(text: string): Text {
  const known = texts.get(text);
  if (known) return known;
  const made = textOf(stemsOf(text));
  if (texts.size >= MOST_TEXTS) texts.clear();
  texts.set(text, made);
  return made;
}

export function textOf(stems: readonly string[]): Text {
  return { padded: ` ${stems.join(' ')} `, stems: new Set(stems) };
}

/** A text of a document, which every question that finds it is compared with. */
export function documentText(text: string): Text {
  const made = textOf(stemsOf(text));
  const numbers = Uint32Array.from(made.stems, (stem) => {
    const number = NUMBERS.get(stem) ?? NUMBERS.size;
    NUMBERS.set(stem, number);
    return number;
  });
  return { ...made, numbers };
}

/** The number of each stem that stands in any document read so far. What people type is never given one. */
export const NUMBERS = new Map<string, number>();

const formTexts = new WeakMap<Form, string>();

function formText(form: Form): string {
  const known = formTexts.get(form) ?? ` ${form.stems.join(' ')} `;
  formTexts.set(form, known);
  return known;
}

/** Whether a text says a concept, by wordings worth `least` or more. */
export function isMet(concept: Concept, text: string | Text, least = MEETS): boolean {
  const own = typeof text === 'string' ? comparable(text) : text;
  return concept.forms.some((form) => form.value >= least && meets(own, form));
}
