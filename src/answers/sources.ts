/**
 * A question may say whose words it wants: "according to the handbook, …", "in the essay on nets, …", "what does the policy
 * say about …". Those words name a document and are no part of the topic: they are taken off, and the works that they name are
 * preferred. A source that no document goes by is left where it stands.
 */
import { type Concept, conceptsOf, mendedTerms } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { coverageOf, type Index } from './retrieval.ts';

const TYPE =
  'essay|article|polic(?:y|ies)|strategy|handbook|plan|guidance|guide|note|blog|blog post|paper|piece|journal|leaflet|reading';
const NAMED = `((?:[\\p{L}\\p{N}'’-]+ ){0,5}(?:${TYPE}))`;
const NOT = '(?:,? (?:and )?not (?:in )?(?:the |our )?[\\p{L} ]+?)?';

/** Each with the source first or last; the rest is the question. */
const SHAPES: readonly (readonly [RegExp, 'first' | 'last'])[] = [
  [/^according to (?:the |our )?([^,?]{3,60}),\s*(.{4,})$/iu, 'first'],
  [/^(.{4,}?),? according to (?:the |our )?([^,?]{3,60})\??$/iu, 'last'],
  [
    new RegExp(
      `^(?:in|from) (?:the|our) ${NAMED}${NOT},? (?=(?:what|who|when|where|why|how|which)\\b)(.{4,})$`,
      'iu',
    ),
    'first',
  ],
  [new RegExp(`^(.{4,}?) (?:in|from) (?:the|our) ${NAMED}${NOT}\\??$`, 'iu'), 'last'],
  [
    new RegExp(
      `^what (?:does|do|did) (?:the|our) ${NAMED} (?:say|want|ask|think|tell us)(?: about| on| for| of)? (.{4,})$`,
      'iu',
    ),
    'first',
  ],
];

export type Sourced = { readonly rest: string; readonly works: ReadonlySet<string> };

/** The question without its source, and the works that the source names (keys of `workOf`). */
export function readSource(text: string, index: Index): Sourced | undefined {
  for (const [shape, side] of SHAPES) {
    const [, one = '', two = ''] = shape.exec(text) ?? [];
    const [source, rest] = side === 'first' ? [one, two] : [two, one];
    if (!source || !rest) continue;
    const works = worksCalled(source, index);
    if (works.size > 0) return { rest, works };
  }
  return undefined;
}

/** A document may hold several works; each stands under its own first heading. */
export function workOf(passage: Passage): string {
  return `${passage.doc}\n${passage.path[0] ?? passage.text}`;
}

const TYPES = new RegExp(`^(?:${TYPE})$`, 'i');
const ENOUGH = 0.6;

function worksCalled(source: string, index: Index): Set<string> {
  const type = source.split(' ').findLast((word) => TYPES.test(word));
  const concepts: Concept[] = conceptsOf(
    source,
    mendedTerms(source, index.vocabulary),
    index.initials,
    index.vocabulary,
    new Set(),
  );
  const topic = concepts.filter((concept) => concept.word !== type?.toLowerCase());
  const called = new Set<string>();
  for (const [work, name] of worksIn(index)) {
    const fits =
      topic.length > 0
        ? coverageOf(index, topic, name) >= ENOUGH
        : type !== undefined && coverageOf(index, concepts, name.split('\n')[0] ?? '') >= ENOUGH;
    if (fits) called.add(work);
  }
  // What every work is called tells none of them apart.
  return called.size < worksIn(index).size ? called : new Set();
}

/** What the work that a passage stands in may be called, with how it opens. */
export function nameOfWork(index: Index, passage: Passage): string {
  return worksIn(index).get(workOf(passage)) ?? '';
}

const named = new WeakMap<Index['entries'], ReadonlyMap<string, string>>();
const OPENING = 2;

/** Each work by what it may be called: its titles first, then who wrote it and how it opens. */
function worksIn(index: Index): ReadonlyMap<string, string> {
  const known = named.get(index.entries);
  if (known) return known;
  const works = new Map<string, string[]>();
  for (const passage of index.passages) {
    const work = workOf(passage);
    const doc = index.docs.get(passage.doc);
    const words = works.get(work) ?? [
      `${doc?.title ?? ''} ${passage.path[0] ?? passage.text} ${doc?.kind ?? ''}`,
      `${passage.author ?? ''} ${passage.date ?? ''}`,
    ];
    if (passage.kind === 'paragraph' && words.length < 2 + OPENING) words.push(passage.text.slice(0, 300));
    works.set(work, words);
  }
  const made = new Map([...works].map(([work, words]) => [work, words.join('\n')]));
  named.set(index.entries, made);
  return made;
}
