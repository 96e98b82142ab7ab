/**
 * Finds where two documents give different figures for the same thing: a time, a sum, a share or a length of time, in two
 * sentences that otherwise say the same. Knows no topic; which document is right is for its owner to say.
 */
import { said } from '../cards/elements.ts';
import type { Answer } from './answer.ts';
import type { Passage } from './corpus.ts';
import { FRAME, LIGHT } from './lexicon.ts';
import type { Index } from './retrieval.ts';
import { sentencesOf } from './shapes.ts';
import { termsOf } from './words.ts';

export type Claim = { readonly passage: Passage; readonly sentence: string; readonly figure: string };
export type Disagreement = { readonly one: Claim; readonly other: Claim };

/** Kinds of figure, each with its shape; only figures of one kind can disagree. */
const FIGURES: readonly (readonly [string, RegExp])[] = [
  ['time', /\b\d{1,2}[:.]\d\d(?: ?[ap]m)?\b|\b\d{1,2} ?[ap]m\b/gi],
  ['money', /£\s?\d[\d,.]*\d|£\d|\b\d+p\b/g],
  ['share', /\b\d+(?:\.\d+)? ?%|\b\d+ (?:in|out of) (?:every )?\d+\b/g],
  [
    'length',
    /\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|twelve) (?:(?:school|working|calendar) )?(?:minutes?|hours?|days?|weeks?|months?|years?)\b/gi,
  ],
];

/** Two sentences are about the same thing when they share this many words, and this share of the shorter one's. */
const SHARED = 4;
const SHARE = 0.5;
/** Words as common as this join everything with everything. */
const MOST_SENTENCES = 60;

/** Disagreements among the documents of an index that speak for the trust and are in force, by passage. Found once an index. */
function disagreementsIn(index: Index): ReadonlyMap<string, readonly Disagreement[]> {
  const known = foundIn.get(index.entries);
  if (known) return known;
  const speaking = index.passages.filter(
    ({ doc }) => index.docs.get(doc)?.kind === 'policy' && (index.standing.get(doc) ?? 0) >= 0,
  );
  const found = disagreements(speaking);
  const byPassage = Map.groupBy(
    found.flatMap((pair) => [pair, { one: pair.other, other: pair.one }]),
    ({ one }) => one.passage.id,
  );
  foundIn.set(index.entries, byPassage);
  return byPassage;
}

const foundIn = new WeakMap<Index['entries'], ReadonlyMap<string, readonly Disagreement[]>>();

/** An answer whose figure another document contradicts shows the other's sentence too, and says that they differ. */
export function withDisagreements(answer: Answer, index: Index): Answer {
  if (answer.outcome !== 'answer') return answer;
  const shown = plain(answer.statements.map((statement) => statement.text).join(' '));
  const cited = [...answer.statements.map((statement) => statement.passage), ...answer.related];
  // The contradicted sentence itself, or one beside it in the answer that gives the same figure.
  const pairs = cited.flatMap(
    (passage) =>
      disagreementsIn(index)
        .get(passage.id)
        ?.filter(({ one }) => shown.includes(plain(one.figure))) ?? [],
  );
  const [pair] = pairs;
  if (!pair) return answer;
  // One sentence may contradict several.
  const byText = new Map(pairs.map(({ other }) => [other.sentence, other.passage]));
  const others = [...byText]
    .map(([text, passage]) => ({ text, passage }))
    .filter(({ text }) => !answer.statements.some((statement) => statement.text.includes(text)));
  const titles = [pair.one, pair.other].map(
    ({ passage }) => index.docs.get(passage.doc)?.title ?? passage.doc,
  );
  const note = `Our documents differ here: ${said(titles[0] ?? '')} says ${pair.one.figure}, ${said(titles[1] ?? '')} says ${pair.other.figure}.`;
  return {
    ...answer,
    statements: [...answer.statements, ...others],
    note: answer.note ? `${answer.note} ${note}` : note,
  };
}

type Candidate = Claim & { readonly kind: string; readonly words: ReadonlySet<string> };

/** Pairs from different documents, each passage pair once. `passages`: of documents in force that speak for the trust. */
export function disagreements(passages: readonly Passage[]): Disagreement[] {
  const candidates = passages
    .filter((passage) => passage.kind === 'paragraph' || passage.kind === 'item')
    .flatMap(claimsOf);
  const byWord = Map.groupBy(
    candidates.flatMap((claim, at) => [...claim.words].map((word) => ({ key: `${claim.kind} ${word}`, at }))),
    ({ key }) => key,
  );
  const shared = new Map<string, number>();
  for (const places of byWord.values()) {
    if (places.length > MOST_SENTENCES) continue;
    for (const { at: first } of places)
      for (const { at: second } of places)
        if (first < second && candidates[first]?.passage.doc !== candidates[second]?.passage.doc)
          shared.set(`${first} ${second}`, (shared.get(`${first} ${second}`) ?? 0) + 1);
  }
  const found: Disagreement[] = [];
  for (const [pair, count] of shared) {
    const [one, other] = pair.split(' ').map((at) => candidates[Number(at)]);
    if (!one || !other || count < SHARED) continue;
    const shorter = Math.min(one.words.size, other.words.size);
    if (count / shorter >= SHARE && plain(one.figure) !== plain(other.figure)) found.push({ one, other });
  }
  return found;
}

function claimsOf(passage: Passage): Candidate[] {
  return sentencesOf(passage.text).flatMap((sentence) =>
    FIGURES.flatMap(([kind, shape]) => {
      const figures = sentence.match(shape) ?? [];
      const [figure] = figures;
      // A sentence with several figures of a kind says several things.
      if (!figure || figures.length > 1) return [];
      const words = new Set(
        termsOf(sentence.replace(figure, ' '))
          .filter(({ word }) => word.length > 2 && !/\d/.test(word) && !FRAME.has(word) && !LIGHT.has(word))
          .map(({ stem }) => stem),
      );
      return [{ passage, sentence, figure, kind, words }];
    }),
  );
}

/** `09:30 AM` and `9.30am` are one figure. */
function plain(figure: string): string {
  return figure
    .toLowerCase()
    .replaceAll(' ', '')
    .replace(/(\d)\.(\d\d)/g, '$1:$2')
    .replace(/^0/, '')
    .replace(/(?::00)?am$|s$/, '');
}
