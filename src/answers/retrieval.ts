/**
 * Finds passages. MiniSearch (BM25+) brings candidates; they are then ranked by how much of the question each one covers:
 * rare words weigh more, headings lend their words to what stands below them. An index holds exactly the documents given to
 * it, so a reader's index cannot know what the reader may not open.
 */
import MiniSearch from 'minisearch';
import { fold } from '../kernel/text.ts';
import { isSeldomNoun } from './closeness.ts';
import { type Concept, type Form, isEveryDay } from './concepts.ts';
import type { DocumentFacts, Passage } from './corpus.ts';
import { findInitials } from './initials.ts';
import { FRAME, LIGHT } from './lexicon.ts';
import { comparable, MEETS, type Text } from './match.ts';
import { coveredWith, type Likeness, scoreOfLikeness } from './meaning.ts';
import { prepared, sharedText } from './prepared.ts';
import { createVocabulary, type Vocabulary } from './spelling.ts';
import type { Period } from './standing.ts';
import { bestIn, type Wanted, wantedBy } from './wanted.ts';
import { stemOf, termsOf } from './words.ts';

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
  /** How like its passages are to the question at hand, where a model of meaning is configured. */
  readonly likeness?: Likeness;
  /** The time that the question asks for, when it is not now; `uncovered`: documents have dates, and none was in force then. */
  readonly asked?: { readonly period: Period; readonly uncovered: boolean };
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
    const { own, near } = prepared(passage);
    const far = sharedText(
      [doc?.title ?? '', ...passage.path.slice(0, -1), passage.author ?? '', passage.date ?? ''].join(' '),
    );
    entries.set(passage.id, { passage, own, near, far });
    if (!UNITS.has(passage.kind)) continue;
    units += 1;
    for (const stem of new Set([...own.stems, ...near.stems]))
      frequency.set(stem, (frequency.get(stem) ?? 0) + 1);
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
  const manner = typed === 0 && close === 0 && isManner(concept) ? MANNER : 1;
  const factor = light ? 0.35 : (concept.named ? 1.2 : vague) * manner;
  return (rarity(found) / rarity(0)) * factor * (concept.share ?? 1);
}

/** A word the documents lack that says what is done to the topic: another one may well be used for the same. */
const MANNER = 0.5;
export function isManner(concept: Concept): boolean {
  const [only, more] = concept.forms[0]?.stems ?? [];
  if (concept.named || concept.known || only === undefined) return false;
  return more === undefined ? isSeldomNoun(only) : isEveryDay(concept.word);
}

/** Neither the word nor one that means the same stands anywhere in the documents. */
export function isUnknown(index: Index, concept: Concept): boolean {
  return !concept.forms.some(
    (form) => form.value >= 0.85 && form.stems.every((stem) => (index.frequency.get(stem) ?? 0) > 0),
  );
}

/** Share of the concepts' weight met by plain text. */
export function coverageOf(index: Index, concepts: readonly Concept[], text: string): number {
  return coverageBy(index, concepts, comparable(text));
}

/** The same for a text that is prepared. */
export function coverageBy(index: Index, concepts: readonly Concept[], text: Text): number {
  const { wanted, weights } = weighedIn(index, concepts);
  return share(weights, bestIn(wanted, text));
}

/** Share of the weight that is met; what stands in the heading counts a little less than what is said. */
function share(weights: readonly number[], best: readonly number[], heading?: readonly number[]): number {
  let met = 0;
  let total = 0;
  for (let place = 0; place < weights.length; place += 1) {
    const weight = weights[place] ?? 0;
    total += weight;
    met += weight * Math.max(best[place] ?? 0, heading ? (heading[place] ?? 0) * UNDER : 0);
  }
  return total > 0 ? met / total : 0;
}
const UNDER = 0.85;

/** What ranking needs to know of a question's concepts, found once for all that is asked of it. */
type Weighed = {
  readonly engine: MiniSearch;
  readonly weights: readonly number[];
  readonly wanted: Wanted;
  /** Ids of passages that share anything with the concepts, with the engine's score, best first. */
  found?: readonly { readonly id: string; readonly score: number }[];
  readonly pairs: readonly Pair[];
  readonly views: Map<string, View>;
  /** How headings meet the concepts: by firm wordings, and by any. */
  readonly headings: readonly [Map<Text, readonly number[]>, Map<Text, readonly number[]>];
};
const weighed = new WeakMap<readonly Concept[], Weighed>();

function weighedIn(index: Index, concepts: readonly Concept[]): Weighed {
  const known = weighed.get(concepts);
  if (known?.engine === index.engine) return known;
  const made: Weighed = {
    engine: index.engine,
    weights: concepts.map((concept) => weightOf(index, concept)),
    wanted: wantedBy(concepts),
    pairs: pairsOf(concepts),
    views: new Map(),
    headings: [new Map(), new Map()],
  };
  weighed.set(concepts, made);
  return made;
}

/** The concepts' weights, as `weightOf` gives each. */
export function weightsIn(index: Index, concepts: readonly Concept[]): readonly number[] {
  return weighedIn(index, concepts).weights;
}

const CANDIDATES = 60;

/** A sentence that covers the question alone is worth more than a page that covers it here and there. */
const SENTENCE = 0.25;

/** How a passage meets the concepts, whatever its shape deserves: shares of their weight. */
type View = {
  readonly all: number;
  readonly own: number;
  readonly sentence: number;
  readonly fit: number;
};

function viewOf(entry: Entry, concepts: readonly Concept[], known: Weighed): View {
  const { wanted, weights, headings } = known;
  const { passage } = entry;
  const { sentences, heading, folded } = prepared(passage);
  // Headings are shared by all that stands below them.
  const above = (text: Text, least: number, place: 0 | 1) => {
    const known = headings[place].get(text) ?? bestIn(wanted, text, least);
    headings[place].set(text, known);
    return known;
  };
  // Of one sentence all is said by what is found in it.
  const only = sentences.length === 1 && sentences[0] === entry.own ? bestIn(wanted, entry.own) : undefined;
  const said = only?.map((value) => (value >= MEETS ? value : 0)) ?? bestIn(wanted, entry.own, MEETS);
  const [near, far] = [above(entry.near, MEETS, 0), above(entry.far, MEETS, 0)];
  let total = 0;
  let all = 0;
  let own = 0;
  for (let place = 0; place < weights.length; place += 1) {
    const weight = weights[place] ?? 0;
    const best = said[place] ?? 0;
    total += weight;
    all += Math.max(best, (near[place] ?? 0) * 0.85, (far[place] ?? 0) * 0.5) * weight;
    own += best * weight;
  }
  const headed = above(heading, 0, 1);
  let sentence = only ? share(weights, only, headed) : 0;
  if (!only)
    for (const text of sentences) sentence = Math.max(sentence, share(weights, bestIn(wanted, text), headed));
  // A short question names a topic: the passage that is called so is its answer, one that mentions it in passing is not.
  const name = share(weights, headed);
  const asTyped = concepts.filter((concept) => folded.includes(concept.word)).length / concepts.length;
  const fit =
    0.7 * sentence +
    (concepts.length <= 2 ? 1 : 0.3) * name +
    0.4 * asTyped +
    0.5 * together(known.pairs, prepared(passage).text);
  return { all: all / total, own: own / total, sentence, fit };
}

/** Whether a text says the passage's heading or label word for word: two words at least, so that `SEND` alone is no name. */
export function isNamedIn(text: string, passage: Passage): boolean {
  const { names } = prepared(passage);
  if (names.length === 0) return false;
  const { padded } = comparable(text);
  return names.some((name) => padded.includes(name));
}

/** The question's neighbouring words, as they would stand side by side. */
type Pair = { readonly stems: readonly string[]; readonly padded: string };

function pairsOf(concepts: readonly Concept[]): Pair[] {
  return concepts.slice(1).map((concept, place) => {
    const stems = [...(concepts[place]?.forms[0]?.stems ?? []), ...(concept.forms[0]?.stems ?? [])];
    return { stems, padded: ` ${stems.join(' ')} ` };
  });
}

/** Share of them that stand side by side in a text as well. */
function together(pairs: readonly Pair[], text: Text): number {
  if (pairs.length === 0) return 0;
  let met = 0;
  for (const { stems, padded } of pairs)
    if (stems.every((stem) => text.stems.has(stem)) && text.padded.includes(padded)) met += 1;
  return met / pairs.length;
}

/** What each view of a passage adds to its score; the measure moves little with these. */
const SCORE = { coverage: 0.4, own: 0.2, sentence: 0.3, engine: 0.25 };

/** Passages that share anything with the concepts, best first. `bonus` adds to a passage's score what its shape deserves; `only`: the answer must be of a kind that others cannot hold. */
export function rank(
  index: Index,
  concepts: readonly Concept[],
  bonus: (passage: Passage) => number = () => 0,
  only: (passage: Passage) => boolean = () => true,
): Hit[] {
  const known = weighedIn(index, concepts);
  if (known.weights.reduce((sum, weight) => sum + weight, 0) === 0) return [];
  known.found ??= search(index, concepts, known.weights);
  let top: number | undefined;
  const hits: Hit[] = [];
  for (const { id, score } of withAlike(index, known.found)) {
    const entry = index.entries.get(id);
    if (!entry || !only(entry.passage)) continue;
    top ??= score || undefined;
    const { passage } = entry;
    const view = known.views.get(id) ?? viewOf(entry, concepts, known);
    known.views.set(id, view);
    const { all, own, sentence, fit } = view;
    const coverage = coveredWith(index, id, Math.max(all, sentence));
    const rated =
      SCORE.coverage * coverage +
      SCORE.own * own +
      SCORE.sentence * sentence +
      SCORE.engine * (score / (top ?? 1)) +
      SENTENCE * fit +
      bonus(passage) +
      scoreOfLikeness(index, id) +
      (index.standing.get(passage.doc) ?? 0);
    hits.push({ passage, coverage, own, firm: coveredWith(index, id, all), score: rated });
    if (hits.length === CANDIDATES) break;
  }
  return hits.sort((a, b) => b.score - a.score || a.passage.order - b.passage.order);
}

/** What the engine found, led by what is like the question and shares no word with it. */
function withAlike(index: Index, found: NonNullable<Weighed['found']>): NonNullable<Weighed['found']> {
  if (!index.likeness) return found;
  const ids = new Set(found.map(({ id }) => id));
  return [
    ...[...index.likeness.keys()].filter((id) => !ids.has(id)).map((id) => ({ id, score: 0 })),
    ...found,
  ];
}

/** Every passage that the engine finds by any wording. */
function search(index: Index, concepts: readonly Concept[], weights: readonly number[]) {
  const boosts = boostsOf(index, concepts, weights);
  return index.engine
    .search([...boosts.keys()].join(' '), {
      boost: { near: 1.2, far: 0.4 },
      boostTerm: (term) => boosts.get(term) ?? 0,
    })
    .map(({ id, score }) => ({ id: String(id), score }));
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
