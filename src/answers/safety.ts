/**
 * Recognises, before anything is searched, a message that may concern a child's safety, a colleague's conduct or the
 * sender's own distress. It prefers catching: a worry answered with a card costs a moment, a missed one may cost a child.
 * A message is caught for what it tells (harm, somebody, in particular), not for single words: questions about policy,
 * training and teaching go through. Knows no document and keeps nothing; the caller must not keep, log or pass on the text.
 */
import { LANGUAGES } from './safety-languages.ts';
import { isAboutColleague, isDespair, isFirstPerson } from './safety-people.ts';
import { foldMessage, readMessage } from './safety-text.ts';
import {
  AFFECT,
  ASKS,
  ASKS_LATER,
  CHILD,
  FAMILY_MEMBER,
  IDIOM,
  ORDINARY,
  PARTICULAR,
  POLICY,
  PRONOUN,
  REPORT,
  SIGN,
  SUPPOSED,
  saysHarm,
  TELLING,
  TELLS_AND_ASKS,
  TOLD_OF,
  TOLD_OF_STAFF,
  WATCHED_STAFF,
  WORRY_FOR,
} from './safety-words.ts';

export type SafetyConcern = { readonly kind: 'child' | 'colleague' | 'self' };

/** Whether `text` (as typed, any language) may concern somebody's safety; undefined for ordinary questions. */
export function recogniseSafety(text: string): SafetyConcern | undefined {
  const folded = foldMessage(text);
  const read = readMessage(text).replace(IDIOM, ' ');
  const kind = english(read, text) ?? otherLanguage(folded, read);
  return kind ? { kind } : undefined;
}

function english(read: string, typed: string): SafetyConcern['kind'] | undefined {
  if (isDespair(read)) return 'self';
  const general = isGeneral(read, typed);
  if (isAboutColleague(read, general)) return 'colleague';
  if (general) return undefined;
  if (REPORT.test(read)) return 'child';
  const close = CHILD.test(read) || PRONOUN.test(read) || namesSomeone(typed);
  const harm = saysHarm(read);
  if (WATCHED_STAFF.test(read) && (close || harm)) return 'colleague';
  const aside = ASKS.test(read) || ORDINARY.test(read);
  if (harm && (close || FAMILY_MEMBER.test(read) || !aside)) return 'child';
  if (WORRY_FOR.test(read)) return 'child';
  if (close && isParticular(read, typed) && SIGN.test(read)) return 'child';
  const asks = asksSomething(read, typed);
  if (!asks && tellsOfChild(read, typed)) return TOLD_OF_STAFF.test(read) && !harm ? 'colleague' : 'child';
  if (asks && ORDINARY.test(read)) return undefined;
  if (TOLD_OF_STAFF.test(read) && !ORDINARY.test(read)) return 'colleague';
  if (read.split(' ').length >= 5 && (TOLD_OF.test(read) || namesSomeone(typed))) return 'child';
  return isFirstPerson(read) && AFFECT.test(read) && !ORDINARY.test(read) ? 'self' : undefined;
}

/** A question about what the documents say, or about children in general: nobody in particular, nothing that happened. */
function isGeneral(read: string, typed: string): boolean {
  const asks = asksSomething(read, typed);
  if (asks && SUPPOSED.test(read) && !HAPPENED.test(read) && !namesSomeone(typed)) return true;
  if (isParticular(read, typed)) return false;
  return asks ? !TELLS_AND_ASKS.test(read) : POLICY.test(read);
}

function asksSomething(read: string, typed: string): boolean {
  return ASKS.test(read) || ASKS_LATER.test(typed);
}

/** A statement of five words or more, with a verb, about a pupil: staff tell an assistant little else of that kind. */
function tellsOfChild(read: string, typed: string): boolean {
  if (read.split(' ').length < 5 || !TELLING.test(read)) return false;
  return ORDINARY.test(read)
    ? TOLD_OF.test(read)
    : CHILD.test(read) || /(?<!\p{L})(?:he|she|him|her|his)(?!\p{L})/u.test(read) || namesSomeone(typed);
}

/** Even after `if` or `when`: it has happened, or it is one of the sender's own pupils. */
const HAPPENED =
  /(?<!\p{L})(?:just|today|tonight|last night|this morning|again|one of my|one of mine|i think|has told me|told me)(?!\p{L})/u;
function isParticular(read: string, typed: string): boolean {
  return PARTICULAR.test(read) || namesSomeone(typed);
}

/** A given name in use: `Jayden in Year 5`, `Ella says`, `about Kai`. Days, months and places of the question do not count. */
function namesSomeone(typed: string): boolean {
  return /\b(?!(?:Who|What|Which|When|Where|Why|How|She|They|There|That|This|Mum|Dad) )[A-Z][a-z]{2,}(?: in (?:Y|Year |year |y)?\d|(?:'s|\u2019s)? (?:says|said|told|has been|keeps|came|dad|mum|stepdad|mother|father|uncle|parents))\b/.test(
    typed,
  );
}

function otherLanguage(folded: string, read: string): SafetyConcern['kind'] | undefined {
  for (const language of LANGUAGES) {
    if (language.despair.test(folded)) return 'self';
  }
  for (const language of LANGUAGES) {
    if (language.policy.test(folded)) continue;
    const child = language.child.test(folded);
    const asks = /[?؟]/.test(folded) || language.asks.test(folded);
    const telling = !asks && language.pupil.test(folded);
    if (language.staff.test(folded) && (language.harm.test(folded) || telling)) return 'colleague';
    if (language.harm.test(folded) && (child || language.pupil.test(folded) || CHILD.test(read)))
      return 'child';
    if (telling || (language.worry.test(folded) && child)) return 'child';
  }
  return undefined;
}
