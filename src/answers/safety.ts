/**
 * Recognises, before anything is searched, a message that may concern a child's safety, a colleague's conduct or the
 * sender's own distress. It prefers catching: a worry answered with a card costs a moment, a missed one may cost a child.
 * Rules find the wordings we thought of; a small model trained on the committed phrases weighs that finding with all else,
 * so that it also lifts wordings no rule has and lets ordinary ones through that a rule mistook. Knows no document and
 * keeps nothing; the caller must not keep, log or pass on the text.
 */
import { featuresOf, GENERAL } from './safety-features.ts';
import { speaksOfAll } from './safety-groups.ts';
import type { Kind } from './safety-rules.ts';
import { kindOf, scoreConcern, THRESHOLD } from './safety-score.ts';
import { createMender, stretchesOf } from './safety-text.ts';

export type SafetyConcern = { readonly kind: Kind };

/**
 * Whether `text` (as typed, any language) may concern somebody's safety; undefined for ordinary words. A worry beside a
 * question, or in the middle of much else, is one as it is alone: each sentence is read by itself too.
 */
export function recogniseSafety(
  text: string,
  typedInto: 'chat' | 'form' = 'chat',
): SafetyConcern | undefined {
  const mendOne = createMender();
  const { sentences, clauses } = stretchesOf(text);
  const readings: readonly (readonly [part: string, more: number])[] = [
    [text, 0],
    ...(sentences.length > 1 ? sentences.map((part) => [part, SENTENCE_MARGIN[typedInto]] as const) : []),
    ...clauses.map((part) => [part, CLAUSE_MARGIN] as const),
  ];
  for (const [part, more] of readings) {
    const concern = recogniseIn(featuresOf(part, mendOne), part, typedInto, part === text ? undefined : more);
    if (concern) return concern;
  }
  return undefined;
}

/** How much surer a sentence or a clause must make it alone. Chosen on ordinary questions joined in threes. */
const SENTENCE_MARGIN = { chat: 0, form: 1 };
const CLAUSE_MARGIN = 1;

/** `partOf`: what it is asked more of, when the rest of the message stands around it. */
function recogniseIn(
  features: readonly string[],
  text: string,
  typedInto: 'chat' | 'form',
  partOf: number | undefined,
): SafetyConcern | undefined {
  const general = features.includes(GENERAL);
  const tells = features.some((feature) => TELLING.has(feature));
  const grave = !general && features.some((feature) => GRAVE.has(feature));
  const place = typedInto === 'form' ? formMargin(text, features, tells) : general ? MARGIN : 0;
  // "A boy in my class is new. Which form do I use?": the question says what the telling is for.
  const part = partOf === undefined ? 0 : partOf + (tells ? FORM_MARGIN : 0);
  const needed = THRESHOLD + (grave ? 0 : place + part);
  const plain = features.includes(DISCLOSED) && !features.includes(GENERAL);
  if (!plain && (isBareWord(text, features) || scoreConcern(features) < needed)) return undefined;
  return { kind: kindByRule(features) ?? kindOf(features) };
}

function formMargin(text: string, features: readonly string[], tells: boolean): number {
  if (speaksOfAll(text, features)) return ALL_MARGIN;
  return tells ? FORM_MARGIN : MARGIN;
}

function kindByRule(features: readonly string[]): Kind | undefined {
  return SURE.find(([why]) => features.includes(`rule:${why}`))?.[1];
}

/** One word that no rule knows ("nothing", "review"), or a mere when, tells of nobody, whatever company it kept in the phrases. */
function isBareWord(text: string, features: readonly string[]): boolean {
  return (
    features.includes('rule:none') &&
    (text.trim().split(/\s+/).length < 2 || SAYS_NOTHING.test(text) || MERELY_WHEN.test(text))
  );
}

/** That there is nothing to tell. */
const SAYS_NOTHING =
  /^\W*(?:no|none|nothing|not much)(?: (?:to (?:report|add|say|share)|yet|new|news|else|more|changed?|changes|really|so far|for now|thanks|this (?:time|week|term)))*\W*$/i;

/** "And the year before that?", after an answer of figures: no person, no deed, no feeling. */
const MERELY_WHEN =
  /^\W*(?:(?:and|so|what about|how about) )?(?:for |in )?(?:the |this |last |previous )?(?:school |academic )?(?:year|term|month|week)(?: before)?(?: that| last)?\W*$/i;

/** A child disclosed something: no score may talk that away. */
const DISCLOSED = 'rule:report';

/** How much surer it must be of a message that reads like a question about policy, or about a case that has not happened. */
const MARGIN = 1;

/**
 * A check-in's note tells of children by its nature ("pupils said the corridor feels safer"), so there a telling alone is
 * no sign; harm, despair or conduct that a rule names still is. The same holds of a part of a longer message.
 */
const FORM_MARGIN = 3;
/** What is said of all of a group in a form is mostly an aim or its measure. */
const ALL_MARGIN = 5;
const TELLING: ReadonlySet<string> = new Set(['rule:tells', 'rule:none']);

/** Rules that name harm, despair or conduct outright, wherever that is typed and whatever else is. */
const GRAVE: ReadonlySet<string> = new Set(
  [
    'harm',
    'harm-alone',
    'conduct',
    'despair',
    'report',
    'language-harm',
    'language-conduct',
    'language-despair',
  ].map((why) => `rule:${why}`),
);

/** Rules that name the kind better than the model does. */
const SURE: readonly (readonly [why: string, kind: Kind])[] = [
  ['despair', 'self'],
  ['language-despair', 'self'],
  ['language-conduct', 'colleague'],
];
