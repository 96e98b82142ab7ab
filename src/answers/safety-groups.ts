/**
 * Whether words speak of a whole group and of nobody in it, as aims and measures do: "every family has met the tutor", "pupils
 * travelling on their own". A child, a deed, a feeling or a day in them, and they do not. Pure.
 */

const GROUP =
  '(?:pupils|children|students|learners|girls|boys|young people|families|parents|carers|readers|starters|leavers)';
const QUANTIFIED =
  /^\W*(?:(?:nearly|almost|at least|up to) )?(?:\d+ ?%? (?:of )?)?(?:every|each|all|both|more|fewer|most|no)(?!\p{L})/iu;
/** Without an article, which would point at some: "pupils who …", "looked-after pupils have …". */
const PLURAL = new RegExp(
  `^\\W*(?!(?:the|these|those|some|two|three|four|several|many|our|my|a few)\\s)(?:[\\p{L}-]+ ){0,2}${GROUP}(?!\\p{L})`,
  'iu',
);
const SOMEBODY =
  /(?<!\p{L})(?:he|she|him|his|hers?|himself|herself|i|i'm|i've|me|my|mine|he's|she's|mr|mrs|ms|miss|sir|uncle|stepdad|stepmum|boyfriend|girlfriend|stranger|strangers|today|yesterday|tonight|again|last night|this morning|(?:a|an|the|this|that|one|another|two|three|some|older) (?:\p{L}+ )?(?:child|pupil|student|boys?|girls?|lads?|lass|kids?|m[ae]n|wom[ae]n|adults?|teachers?|brothers?|sisters?|mum|dad))(?!\p{L})/iu;
/** That an adult was told is an aim of safeguarding itself. */
const TO_AN_ADULT = /(?<!\p{L})an? (?:trusted |safe |named |known )?adult(?!\p{L})/giu;
/** What a recogniser's lists say of words that are more than an aim. */
const MORE: ReadonlySet<string> = new Set(
  ['affect', 'sign', 'worry-for', 'told-of-staff', 'report', 'harm'].map((name) => `l:${name}`),
);

/** `features`: of the same words. */
export function speaksOfAll(text: string, features: readonly string[]): boolean {
  if (features.some((feature) => MORE.has(feature))) return false;
  return (QUANTIFIED.test(text) || PLURAL.test(text)) && !SOMEBODY.test(text.replace(TO_AN_ADULT, ' '));
}
