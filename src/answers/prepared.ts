/**
 * What of a passage does not change with the question: its sentences, its label, its headings and its own words, as they are
 * compared. Made once for each passage. Knows no question and no index.
 */
import { fold } from '../kernel/text.ts';
import type { Passage } from './corpus.ts';
import { documentText, type Text } from './match.ts';
import { sentencesOf } from './shapes.ts';
import { stemsOf } from './words.ts';

export type Prepared = {
  readonly text: Text;
  /** What it is found by: its text, or what leads into a list. */
  readonly own: Text;
  /** The heading above it, and what leads into its list. */
  readonly near: Text;
  readonly sentences: readonly Text[];
  /** The same with its label. */
  readonly heading: Text;
  readonly folded: string;
  /** What it may be called, as padded stems: two words at least. */
  readonly names: readonly string[];
  /** Its words with all headings above it and its author. */
  readonly context: Text;
};

const made = new WeakMap<Passage, Prepared>();

export function prepared(passage: Passage): Prepared {
  const known = made.get(passage);
  if (known) return known;
  const label = labelOf(passage);
  const last = passage.path.at(-1) ?? '';
  const above = passage.lead ? `${last} ${passage.lead}` : last;
  const text = documentText(passage.text);
  const own = passage.kind === 'list' ? documentText(ownWords(passage)) : text;
  const sentences = passage.kind === 'list' ? [] : sentencesOf(passage.text);
  const fresh: Prepared = {
    text,
    own,
    near: sharedText(above),
    sentences: sentences.length > 1 ? sentences.map(documentText) : [own],
    heading: sharedText(`${label} ${above}`),
    folded: fold(`${last} ${passage.text}`),
    names: namesOf(label, passage.kind === 'heading' ? passage.text : last),
    context: documentText(
      `${passage.text} ${passage.path.join(' ')} ${passage.lead ?? ''} ${passage.author ?? ''}`,
    ),
  };
  made.set(passage, fresh);
  return fresh;
}

const shared = new Map<string, Text>();
const MOST_SHARED = 2_000;

/** A document's text that many passages have: a title, a heading. */
export function sharedText(text: string): Text {
  const known = shared.get(text);
  if (known) return known;
  const fresh = documentText(text);
  if (shared.size >= MOST_SHARED) shared.clear();
  shared.set(text, fresh);
  return fresh;
}

/** A list is found by what leads into it; its members are passages of their own. */
function ownWords(passage: Passage): string {
  if (passage.kind !== 'list') return passage.text;
  const lead = passage.text.split('\n')[0] ?? '';
  const hasLead = !passage.items?.some((item) => lead.endsWith(item));
  return `${passage.path.at(-1) ?? ''}\n${hasLead ? lead : ''}`;
}

function namesOf(label: string, heading: string): string[] {
  return [label, heading, heading.split(/ \| |: /)[0] ?? '']
    .map((name) => stemsOf(name))
    .filter((stems) => stems.filter((stem) => stem.length > 2).length >= 2)
    .map((stems) => ` ${stems.join(' ')} `);
}

/** What a point is called: `Induction` of `Induction | investing in …`. */
function labelOf(passage: Passage): string {
  return /^(?:\S+ )?([^|:.]{3,80}?) ?[|:–—] /.exec(passage.text)?.[1] ?? '';
}
