/**
 * What the safety recogniser's rules make of a message: which rule finds a worry in it, if any, and of what kind. A message
 * is found for what it tells (harm, somebody, in particular), not for single words. The rules read the commoner wordings
 * and prefer catching; `safety-score.ts` weighs their finding with everything else. Knows no document, keeps nothing.
 */
import { LANGUAGES } from './safety-languages.ts';
import { isAboutColleague, isDespair, isFirstPerson } from './safety-people.ts';
import { createMender, foldMessage, readMessage } from './safety-text.ts';
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

export type Kind = 'child' | 'colleague' | 'self';
/** `why` names the rule, so that each can be trusted as far as it deserves. */
export type Finding = { readonly kind: Kind; readonly why: string };

export type Reading = {
  /** The first rule that finds a worry. */
  readonly finding: Finding | undefined;
  /** It asks about what is laid down, or about a case that has not happened: nobody in particular is meant. */
  readonly general: boolean;
};

/** What the rules make of `text` (as typed, any language). */
export function readByRules(text: string, mendOne = createMender()): Reading {
  const read = readMessage(text, mendOne).replace(IDIOM, ' ');
  return {
    finding: english(read, text) ?? otherLanguage(foldMessage(text), read),
    general: asksSomething(read, text) && isGeneral(read, text),
  };
}

function english(read: string, typed: string): Finding | undefined {
  if (isDespair(read)) return { kind: 'self', why: 'despair' };
  const general = isGeneral(read, typed);
  if (isAboutColleague(read, general)) return { kind: 'colleague', why: 'conduct' };
  if (general) return undefined;
  if (REPORT.test(read)) return { kind: 'child', why: 'report' };
  const close = CHILD.test(read) || PRONOUN.test(read) || namesSomeone(typed);
  const harm = saysHarm(read);
  if (WATCHED_STAFF.test(read) && (close || harm)) return { kind: 'colleague', why: 'watched' };
  const aside = ASKS.test(read) || ORDINARY.test(read);
  if (harm && close) return { kind: 'child', why: aside ? 'harm-aside' : 'harm' };
  if (harm && (FAMILY_MEMBER.test(read) || !aside)) return { kind: 'child', why: 'harm-alone' };
  if (WORRY_FOR.test(read)) return { kind: 'child', why: 'worry' };
  if (close && isParticular(read, typed) && SIGN.test(read)) return { kind: 'child', why: 'sign' };
  const asks = asksSomething(read, typed);
  if (!asks && tellsOfChild(read, typed))
    return { kind: TOLD_OF_STAFF.test(read) && !harm ? 'colleague' : 'child', why: 'tells' };
  if (asks && ORDINARY.test(read)) return undefined;
  if (TOLD_OF_STAFF.test(read) && !ORDINARY.test(read)) return { kind: 'colleague', why: 'told-of-staff' };
  if (read.split(' ').length >= 5 && (TOLD_OF.test(read) || namesSomeone(typed)))
    return { kind: 'child', why: 'told-of' };
  return isFirstPerson(read) && AFFECT.test(read) && !ORDINARY.test(read)
    ? { kind: 'self', why: 'affect' }
    : undefined;
}

/** Somebody who does not answer: it is happening, though no child is pointed at. */
const UNREACHED =
  /(?<!\p{L})(?:(?:i|we|still|^) (?:can not|could not|have not been able to)|(?:nobody|no one) (?:can|could)) (?:get (?:hold|through|an answer)|reach|contact|raise|track down)(?!\p{L})|(?<!\p{L})not (?:answering|picking up|replying|responding|returning)(?!\p{L})/u;

/** A question about what the documents say, or about children in general: nobody in particular, nothing that happened. */
function isGeneral(read: string, typed: string): boolean {
  const asks = asksSomething(read, typed);
  if (asks && SUPPOSED.test(read) && !HAPPENED.test(read) && !namesSomeone(typed)) return true;
  if (isParticular(read, typed) || (asks && UNREACHED.test(read))) return false;
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

function otherLanguage(folded: string, read: string): Finding | undefined {
  for (const language of LANGUAGES) {
    if (language.despair.test(folded)) return { kind: 'self', why: 'language-despair' };
  }
  for (const language of LANGUAGES) {
    if (language.policy.test(folded)) continue;
    const child = language.child.test(folded);
    const asks = /[?؟]/.test(folded) || language.asks.test(folded);
    const telling = !asks && language.pupil.test(folded);
    const harm = language.harm.test(folded);
    if (language.staff.test(folded) && (harm || telling))
      return { kind: 'colleague', why: harm ? 'language-conduct' : 'language-staff' };
    if (harm && (child || language.pupil.test(folded) || CHILD.test(read)))
      return { kind: 'child', why: 'language-harm' };
    if (language.worry.test(folded) && child) return { kind: 'child', why: 'language-worry' };
    if (telling) return { kind: 'child', why: 'language-tells' };
  }
  return undefined;
}
