/**
 * Finds passages. MiniSearch (BM25+) brings candidates; they are then ranked by how much of the question each one covers:
 * rare words weigh more, headings lend their words to what stands below them. An index holds exactly the documents given to
 * it, so a reader's index cannot know what the reader may not open.
 */
import MiniSearch from 'minisearch';
import { fold } from '../kernel/text.ts';
import type { Concept, Form } from './concepts.ts';
import type { DocumentFacts, Passage } from './corpus.ts';
import { findInitials } from './initials.ts';
import { FRAME, LIGHT } from './lexicon.ts';
import { comparable, MEETS, meets, type Text, textOf } from './match.ts';
import { sentencesOf } from './shapes.ts';
import { createVocabulary, type Vocabulary } from './spelling.ts';
import { stemOf, stemsOf, termsOf } from './words.ts';

type Entry = {
  readonly passage: Passage;
  readonly own: Text;
  readonly near: Text;
  readonly far: Text;
};

export type Index = {
  readonly docs: ReadonlyMap<string, DocumentFacts>;
  readonly passages: readonly Passage[];
  /** Each document's passages in reading order. */
  readonly ofDoc: ReadonlyMap<string, readonly Passage[]>;
  readonly vocabulary: Vocabulary;
  /** Folded initials to the phrases they stand for, best first. */
  readonly initials: ReadonlyMap<string, readonly string[]>;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly engine: MiniSearch;
  readonly frequency: ReadonlyMap<string, number>;
  readonly units: number;
  /** What a document's standing adds to its passages' scores: current policy first, what has run out last. */
  readonly standing: ReadonlyMap<string, number>;
};

export type Hit = {
  readonly passage: Passage;
  /** Share of the question's weight that the passage with its headings covers, 0 to 1. */
  readonly coverage: number;
  /** The same for its own words alone. */
  readonly own: number;
  /** Coverage by words that mean the same, without those that only keep the same company. */
  readonly firm: number;
  score: number;
};

const UNITS: ReadonlySet<Passage['kind']> = new Set(['paragraph', 'item', 'heading', 'byline']);

export function buildIndex(docs: readonly DocumentFacts[], passages: readonly Passage[]): Index {
  const byId = new Map(docs.map((doc) => [doc.id, doc]));
  const engine = new MiniSearch({
    fields: ['own', 'near', 'far'],
    tokenize: (text) => text.split(' ').filter(Boolean),
    processTerm: (term) => term,
  });
  const entries = new Map<string, Entry>();
  const counts = new Map<string, number>();
  const frequency = new Map<string, number>();
  let units = 0;
  for (const passage of passages) {
    const doc = byId.get(passage.doc);
    const own = stemsOf(ownWords(passage));
    const near = stemsOf(passage.path.at(-1) ?? '');
    const far = stemsOf(
      [doc?.title ?? '', ...passage.path.slice(0, -1), passage.author ?? '', passage.date ?? ''].join(' '),
    );
    entries.set(passage.id, { passage, own: textOf(own), near: textOf(near), far: textOf(far) });
    if (!UNITS.has(passage.kind)) continue;
    units += 1;
    for (const stem of new Set([...own, ...near])) frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
    for (const { word } of termsOf(passage.text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  engine.addAll(
    [...entries]
      .filter(([, entry]) => entry.passage.kind !== 'section')
      .map(([id, entry]) => ({ id, own: entry.own.padded, near: entry.near.padded, far: entry.far.padded })),
  );
  return {
    docs: byId,
    passages,
    ofDoc: Map.groupBy(passages, (passage) => passage.doc),
    vocabulary: createVocabulary(counts),
    initials: findInitials(passages.filter((passage) => UNITS.has(passage.kind))),
    entries,
    engine,
    frequency,
    units,
    standing: new Map(),
  };
}

/** What has run out is shown only where nothing in force says as much. */
const NOT_IN_FORCE = -0.35;
const PAST_ASKED = 0.2;

/** The index as it stands on a local date (ISO): policy in force is preferred, expired and outside words stand back. `past`: the question asks for what was. */
export function withStanding(index: Index, today: string, past = false): Index {
  const standing = new Map<string, number>();
  for (const doc of index.docs.values()) {
    const inForce = (!doc.to || doc.to >= today) && (!doc.from || doc.from <= today);
    const kind = { policy: 0.04, note: 0.02, essay: 0, outside: -0.1 }[doc.kind];
    standing.set(doc.id, kind + (inForce ? 0 : past ? PAST_ASKED : NOT_IN_FORCE));
  }
  return { ...index, standing };
}

/** A list is found by what leads into it; its members are passages of their own. */
function ownWords(passage: Passage): string {
  if (passage.kind !== 'list') return passage.text;
  const lead = passage.text.split('\n')[0] ?? '';
  const hasLead = !passage.items?.some((item) => lead.endsWith(item));
  return `${passage.path.at(-1) ?? ''}\n${hasLead ? lead : ''}`;
}

/** How much a concept tells: rare words most, words the documents do not have as much as the rarest. */
export function weightOf(index: Index, concept: Concept): number {
  const rarity = (count: number) => Math.log(1 + (index.units - count + 0.5) / (count + 0.5));
  const counts = concept.forms.map((form) => ({
    value: form.value,
    count: Math.min(...form.stems.map((stem) => index.frequency.get(stem) ?? 0)),
  }));
  const typed = counts[0]?.count ?? 0;
  const close = Math.max(0, ...counts.filter((form) => form.value >= 0.85).map((form) => form.count));
  const near = Math.max(0, ...counts.map((form) => form.count));
  const found = typed || close || near;
  // Words that only point the same way are a weak sign, met or not.
  const vague = found > 0 && typed === 0 && close === 0 ? 0.6 : 1;
  const light = LIGHT.has(concept.word);
  const factor = light ? 0.35 : concept.named ? 1.2 : vague;
  return (rarity(found) / rarity(0)) * factor * (concept.share ?? 1);
}

/** Neither the word nor one that means the same stands anywhere in the documents. */
export function isUnknown(index: Index, concept: Concept): boolean {
  return !concept.forms.some(
    (form) => form.value >= 0.85 && form.stems.every((stem) => (index.frequency.get(stem) ?? 0) > 0),
  );
}

/** How far a concept is met in an entry: as typed in its own words 1, under such a heading .85, in the title .5. */
function metIn(concept: Concept, entry: Entry): { all: number; own: number } {
  let own = 0;
  let all = 0;
  for (const form of concept.forms) {
    if (form.value <= own || form.value < MEETS) continue;
    if (meets(entry.own, form)) own = form.value;
    else if (meets(entry.near, form)) all = Math.max(all, form.value * 0.85);
    else if (meets(entry.far, form)) all = Math.max(all, form.value * 0.5);
  }
  return { own, all: Math.max(own, all) };
}

/** Share of the concepts' weight met by plain text. */
export function coverageOf(index: Index, concepts: readonly Concept[], text: string): number {
  return covered(concepts, weightsOf(index, concepts), comparable(text));
}

/** The same for prepared texts; what stands in the heading counts a little less than what is said. */
function covered(
  concepts: readonly Concept[],
  weights: readonly number[],
  text: Text,
  heading?: Text,
): number {
  let met = 0;
  let total = 0;
  for (const [place, concept] of concepts.entries()) {
    const weight = weights[place] ?? 0;
    let value = 0;
    for (const form of concept.forms) {
      if (form.value <= value) continue;
      if (meets(text, form)) value = form.value;
      else if (heading && form.value * UNDER > value && meets(heading, form)) value = form.value * UNDER;
    }
    total += weight;
    met += weight * value;
  }
  return total > 0 ? met / total : 0;
}
const UNDER = 0.85;

const weighed = new WeakMap<
  readonly Concept[],
  { readonly frequency: Index['frequency']; readonly weights: readonly number[] }
>();

function weightsOf(index: Index, concepts: readonly Concept[]): readonly number[] {
  const known = weighed.get(concepts);
  if (known?.frequency === index.frequency) return known.weights;
  const weights = concepts.map((concept) => weightOf(index, concept));
  weighed.set(concepts, { frequency: index.frequency, weights });
  return weights;
}

const CANDIDATES = 60;

/** What of a passage does not change with the question: its sentences, its label and its headings, prepared. */
type Prepared = {
  readonly sentences: readonly Text[];
  readonly heading: Text;
  readonly called: Text;
  readonly folded: string;
  readonly names: readonly string[];
};
const prepared = new WeakMap<Passage, Prepared>();

function prepare(passage: Passage): Prepared {
  const known = prepared.get(passage);
  if (known) return known;
  const label = labelOf(passage);
  const last = passage.path.at(-1) ?? '';
  const sentences = passage.kind === 'list' ? [ownWords(passage)] : sentencesOf(passage.text);
  const made = {
    sentences: sentences.map((sentence) => textOf(stemsOf(sentence))),
    heading: textOf(stemsOf(`${label} ${last}`)),
    called: textOf(stemsOf(`${label} ${last}`)),
    folded: fold(`${last} ${passage.text}`),
    names: namesOf(label, passage.kind === 'heading' ? passage.text : last),
  };
  prepared.set(passage, made);
  return made;
}

/** A sentence that covers the question alone is worth more than a page that covers it here and there. */
const SENTENCE = 0.25;

function sentenceCoverage(
  concepts: readonly Concept[],
  weights: readonly number[],
  passage: Passage,
): number {
  const { sentences, heading } = prepare(passage);
  let best = 0;
  for (const sentence of sentences) best = Math.max(best, covered(concepts, weights, sentence, heading));
  return best;
}

function fitOf(
  concepts: readonly Concept[],
  weights: readonly number[],
  passage: Passage,
  best: number,
): number {
  const { called, folded } = prepare(passage);
  const name = covered(concepts, weights, called);
  // A short question names a topic: the passage that is called so is its answer, one that mentions it in passing is not.
  const asTyped = concepts.filter((concept) => folded.includes(concept.word)).length / concepts.length;
  return (
    0.7 * best + (concepts.length <= 2 ? 1 : 0.3) * name + 0.4 * asTyped + 0.5 * together(concepts, passage)
  );
}

/** Whether a text says the passage's heading or label word for word: two words at least, so that `SEND` alone is no name. */
export function isNamedIn(text: string, passage: Passage): boolean {
  const { names } = prepare(passage);
  if (names.length === 0) return false;
  const { padded } = comparable(text);
  return names.some((name) => padded.includes(name));
}

function namesOf(label: string, heading: string): string[] {
  return [label, heading, heading.split(/ \| |: /)[0] ?? '']
    .map((name) => stemsOf(name))
    .filter((stems) => stems.filter((stem) => stem.length > 2).length >= 2)
    .map((stems) => ` ${stems.join(' ')} `);
}

/** Share of the question's neighbouring words that stand side by side in the passage as well. */
function together(concepts: readonly Concept[], passage: Passage): number {
  if (concepts.length < 2) return 0;
  const { padded } = comparable(passage.text);
  let met = 0;
  for (let place = 1; place < concepts.length; place += 1) {
    const pair = [
      ...(concepts[place - 1]?.forms[0]?.stems ?? []),
      ...(concepts[place]?.forms[0]?.stems ?? []),
    ];
    if (padded.includes(` ${pair.join(' ')} `)) met += 1;
  }
  return met / (concepts.length - 1);
}

/** What a point is called: `Induction` of `Induction | investing in …`. */
export function labelOf(passage: Passage): string {
  return /^(?:\S+ )?([^|:.]{3,80}?) ?[|:–—] /.exec(passage.text)?.[1] ?? '';
}

/** What each view of a passage adds to its score; the measure moves little with these. */
const SCORE = { coverage: 0.4, own: 0.2, sentence: 0.3, engine: 0.25 };

/** Passages that share anything with the concepts, best first. `bonus` adds to a passage's score what its shape deserves; `only`: the answer must be of a kind that others cannot hold. */
export function rank(
  index: Index,
  concepts: readonly Concept[],
  bonus: (passage: Passage) => number = () => 0,
  only?: (passage: Passage) => boolean,
): Hit[] {
  const weights = weightsOf(index, concepts);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total === 0) return [];
  const boosts = boostsOf(index, concepts, weights);
  const found = index.engine
    .search([...boosts.keys()].join(' '), {
      boost: { near: 1.2, far: 0.4 },
      boostTerm: (term) => boosts.get(term) ?? 0,
      ...(only
        ? {
            filter: ({ id }: { id: unknown }) => {
              const passage = index.entries.get(String(id))?.passage;
              return passage !== undefined && only(passage);
            },
          }
        : {}),
    })
    .slice(0, CANDIDATES);
  const top = found[0]?.score ?? 1;
  const hits: Hit[] = [];
  for (const result of found) {
    const entry = index.entries.get(String(result.id));
    if (!entry) continue;
    const { passage } = entry;
    let all = 0;
    let own = 0;
    concepts.forEach((concept, place) => {
      const met = metIn(concept, entry);
      all += met.all * (weights[place] ?? 0);
      own += met.own * (weights[place] ?? 0);
    });
    const sentence = sentenceCoverage(concepts, weights, passage);
    const coverage = Math.max(all / total, sentence);
    const score =
      SCORE.coverage * coverage +
      SCORE.own * (own / total) +
      SCORE.sentence * sentence +
      SCORE.engine * (result.score / top) +
      SENTENCE * fitOf(concepts, weights, passage, sentence) +
      bonus(passage) +
      (index.standing.get(passage.doc) ?? 0);
    hits.push({ passage, coverage, own: own / total, firm: all / total, score });
  }
  return hits.sort((a, b) => b.score - a.score || a.passage.order - b.passage.order);
}

/** Of "why we exist" only "exist" finds anything. */
const CLOSE_FORM = 0.85;
const FRAME_STEMS: ReadonlySet<string> = new Set([...FRAME].map(stemOf));

/** In a large library a hint that is as common as this (share of the passages) brings much and tells nothing. */
const COMMON = { share: 0.04, least: 100 };

function boostsOf(
  index: Index,
  concepts: readonly Concept[],
  weights: readonly number[],
): Map<string, number> {
  const boosts = new Map<string, number>();
  const most = Math.max(COMMON.least, COMMON.share * index.units);
  concepts.forEach((concept, place) => {
    for (const form of concept.forms as readonly Form[]) {
      for (const stem of form.stems) {
        if (form.value < CLOSE_FORM && form.stems.length > 1 && FRAME_STEMS.has(stem)) continue;
        if (form.value < MEETS && (index.frequency.get(stem) ?? 0) > most) continue;
        const other = form.value < 1 ? 0.7 : 1;
        const boost = (other * form.value * (weights[place] ?? 0)) / form.stems.length;
        boosts.set(stem, Math.max(boosts.get(stem) ?? 0, boost));
      }
    }
  });
  return boosts;
}

/** Whether a folded text stands in a passage word for word. */
export function holds(passage: Passage, text: string): boolean {
  return fold(passage.text).includes(fold(text));
}
