/**
 * Recognises, before anything is searched, a message that may concern a child's safety, a colleague's conduct or the
 * sender's own distress. It prefers catching: a worry answered with a card costs a moment, a missed one may cost a child.
 * Rules find the wordings we thought of; a small model trained on the committed phrases weighs that finding with all else,
 * so that it also lifts wordings no rule has and lets ordinary ones through that a rule mistook. Knows no document and
 * keeps nothing; the caller must not keep, log or pass on the text.
 */
import { featuresOf, GENERAL } from './safety-features.ts';
import type { Kind } from './safety-rules.ts';
import { kindOf, scoreConcern, THRESHOLD } from './safety-score.ts';

export type SafetyConcern = { readonly kind: Kind };

/** Whether `text` (as typed, any language) may concern somebody's safety; undefined for ordinary words. */
export function recogniseSafety(
  text: string,
  typedInto: 'chat' | 'form' = 'chat',
): SafetyConcern | undefined {
  const features = featuresOf(text);
  const needed =
    THRESHOLD + (typedInto === 'form' ? formMargin(features) : features.includes(GENERAL) ? MARGIN : 0);
  const plain = features.includes(DISCLOSED) && !features.includes(GENERAL);
  if (!plain && (isBareWord(text, features) || scoreConcern(features) < needed)) return undefined;
  return { kind: kindByRule(features) ?? kindOf(features) };
}

function kindByRule(features: readonly string[]): Kind | undefined {
  return SURE.find(([why]) => features.includes(`rule:${why}`))?.[1];
}

/** One word that no rule knows ("nothing", "review") tells of nobody, whatever company it kept in the phrases. */
function isBareWord(text: string, features: readonly string[]): boolean {
  return features.includes('rule:none') && text.trim().split(/\s+/).length < 2;
}

/** A child disclosed something: no score may talk that away. */
const DISCLOSED = 'rule:report';

/** How much surer it must be of a message that reads like a question about policy, or about a case that has not happened. */
const MARGIN = 1;

/**
 * A check-in's note tells of children by its nature ("pupils said the corridor feels safer"), so there a telling alone is
 * no sign; harm, despair or conduct that a rule names still is.
 */
function formMargin(features: readonly string[]): number {
  return features.some((feature) => TELLING.has(feature)) ? FORM_MARGIN : MARGIN;
}

const TELLING: ReadonlySet<string> = new Set(['rule:tells', 'rule:none']);
const FORM_MARGIN = 3;

/** Rules that name the kind better than the model does. */
const SURE: readonly (readonly [why: string, kind: Kind])[] = [
  ['despair', 'self'],
  ['language-despair', 'self'],
  ['language-conduct', 'colleague'],
];
