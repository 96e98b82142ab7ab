/**
 * "Tell me about How we shall know": a heading's own name asks for what stands below it, though its words say little to a
 * search. Buttons that we offer ask so; a button must never lead to a refusal. Pure.
 */
import { fold, shorten } from '../kernel/text.ts';
import type { Answer } from './answer.ts';
import type { Passage } from './corpus.ts';
import type { Index } from './retrieval.ts';
import { labelOf } from './shapes.ts';
import { titleOf, underHeading } from './shown.ts';

/** Characters of a heading on a button; longer ones are cut there. */
const LONGEST = 50;

/** A heading as a button names it. */
export function topicOf(heading: string): string {
  return shorten(heading.split(' | ')[0] ?? heading, LONGEST);
}

/** What is typed when a heading's button is pressed. */
export function askFor(topic: string): string {
  return `Tell me about ${topic}`;
}

/** What stands below the heading that is named whole, in the document that stands first, or at the point with that label. */
export function answerForHeading(typed: string, index: Index): Answer | undefined {
  const name = /^\s*tell me about\s+(.+?)\s*$/i.exec(typed)?.[1];
  if (!name) return undefined;
  const wanted = fold(name);
  const { headings, points } = namesIn(index);
  const named = [...(headings.get(wanted) ?? [])].sort(
    (a, b) => (index.standing.get(b.doc) ?? 0) - (index.standing.get(a.doc) ?? 0),
  );
  for (const heading of named) {
    const statements = underHeading({ concepts: [] }, index, heading);
    if (statements.some(({ passage }) => passage.id !== heading.id))
      return { outcome: 'answer', statements, related: [] };
  }
  const point = points.get(wanted);
  return point && { outcome: 'answer', statements: [{ text: point.text, passage: point }], related: [] };
}

/** Headings of the same document that have words below them: those that follow the passage, then those before it. */
export function headingsNear(passage: Passage, index: Index): readonly string[] {
  const own = new Set(passage.path);
  const filled = filledHeadings(index, passage.doc).filter(({ title }) => !own.has(title));
  const after = filled.filter(({ order }) => order > passage.order);
  const before = filled.filter(({ order }) => order < passage.order).reverse();
  return [...after, ...before].slice(0, MOST_NEAR).map(({ title }) => title);
}

const MOST_NEAR = 6;

type Filled = { readonly title: string; readonly order: number };
const filledOf = new WeakMap<Index['entries'], Map<string, readonly Filled[]>>();

/** Found once an index. */
function filledHeadings(index: Index, doc: string): readonly Filled[] {
  const known = filledOf.get(index.entries) ?? new Map<string, readonly Filled[]>();
  filledOf.set(index.entries, known);
  const before = known.get(doc);
  if (before) return before;
  const passages = index.ofDoc.get(doc) ?? [];
  const under = new Set(
    passages.flatMap(({ kind, path }) =>
      ['paragraph', 'item', 'list'].includes(kind) ? (path.at(-1) ?? []) : [],
    ),
  );
  const filled = passages.flatMap(({ kind, text, order }) => {
    const title = text.split('\n').at(-1) ?? text;
    return kind === 'heading' && under.has(title) ? [{ title, order }] : [];
  });
  known.set(doc, filled);
  return filled;
}

/** Headings by every name they go by, in reading order, and the first point with each label. */
type Names = {
  readonly headings: ReadonlyMap<string, readonly Passage[]>;
  readonly points: ReadonlyMap<string, Passage>;
};
const namesFound = new WeakMap<Index['entries'], Names>();

/** Found once an index. */
function namesIn(index: Index): Names {
  const known = namesFound.get(index.entries);
  if (known) return known;
  const headings = new Map<string, Passage[]>();
  const points = new Map<string, Passage>();
  for (const passage of index.passages) {
    if (passage.kind === 'item') {
      const label = fold(labelOf(passage.text) ?? '');
      if (!points.has(label)) points.set(label, passage);
    } else if (passage.kind === 'heading') {
      for (const name of new Set(namesOf(passage)))
        headings.set(name, [...(headings.get(name) ?? []), passage]);
    }
  }
  const found = { headings, points };
  namesFound.set(index.entries, found);
  return found;
}

function namesOf(heading: Passage): string[] {
  const last = heading.text.split('\n').at(-1) ?? heading.text;
  return [last, titleOf(heading), topicOf(last), topicOf(titleOf(heading))].map(fold);
}
