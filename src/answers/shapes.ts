/** Shapes of words that the answers turn on: numbers, names, dates, initials, sentences. Knows no document and no question. */

const NUMBER_WORDS = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
  'thirteen',
  'fourteen',
  'fifteen',
  'sixteen',
  'seventeen',
  'eighteen',
  'nineteen',
  'twenty',
];

/** The value of `six`, `6`, `1,500`; undefined for anything else. */
export function numberOf(token: string): number | undefined {
  const index = NUMBER_WORDS.indexOf(token.toLowerCase());
  if (index >= 0) return index;
  const digits = token.replace(/[,£%]/g, '');
  return /^\d+(?:\.\d+)?$/.test(digits) ? Number(digits) : undefined;
}

const GROUP =
  'areas|priorities|functions|ideas|steps|principles|values|themes|aims|goals|pillars|strands|stages|commitments|questions|reasons|actions|points|parts|elements|habits|promises|rules|objectives|ambitions|drivers|strategies|standards|behaviours|outcomes|phases|things';
const ANNOUNCED = new RegExp(
  `\\b(two|three|four|five|six|seven|eight|nine|ten|[2-9]|1\\d)\\b(?: (?!and\\b)[‘'“"]?[\\p{L}-]+){0,2} [‘'“"]?(?:${GROUP})\\b`,
  'iu',
);

/** How many members a sentence announces: 6 for "these six areas". */
export function countAnnounced(text: string): number | undefined {
  const found = ANNOUNCED.exec(text);
  return found?.[1] ? numberOf(found[1]) : undefined;
}

const NAME = "\\p{Lu}[\\p{L}'’.-]+(?: (?:(?:de|van|von|al|bin) )?\\p{Lu}[\\p{L}'’.-]*){1,3}";
const NAME_ONLY = new RegExp(`^(?:By )?${NAME}(?: and ${NAME})*$`, 'u');

export function isNameShaped(text: string): boolean {
  return NAME_ONLY.test(text);
}

/** The person or book in brackets, or after the closing quotation mark, of a quotation. */
export function attributionOf(text: string): string | undefined {
  const found = /[”"’'.…]\s*\(([^()]{3,80})\)\s*\.?$/u.exec(text) ?? /\(([^()]{3,80})\)\s*\.?$/u.exec(text);
  const bracketed = found?.[1];
  if (bracketed && /\p{Lu}/u.test(bracketed) && /[“"‘]|adapted/u.test(text)) return bracketed;
  return /[”"]\s*(?:[–—-]\s*)?(\p{Lu}[^“”"]{3,80})$/u.exec(text)?.[1];
}

const MONTHS = 'January|February|March|April|May|June|July|August|September|October|November|December';
const DATE =
  /\b(?:\w+th|first|second|third|last|end|start|beginning) (?:(?:school |working )?day )?of (?:the|each|every|that|next) (?:following )?(?:month|term|week|year|half)\b|\b(?:19|20)\d\d\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|\b(?:autumn|spring|summer|winter)\b|\bterm \d\b|\b\d{1,2}(?:st|nd|rd|th)\b|\b(?:half[- ]term|daily|weekly|monthly|termly|annually|yearly|every (?:day|week|month|term|year|half))\b|\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:(?:school|working|calendar|academic) )?(?:days?|weeks?|months?|hours?|years?)\b/i;
/** By its capital letter, since a policy says "may" in every other sentence. */
const MONTH = new RegExp(`\\b(?:${MONTHS})\\b`);
export function hasDate(text: string): boolean {
  return MONTH.test(text) || DATE.test(text);
}

const PERIOD = '(?:minute|hour|day|night|week|fortnight|month|half-term|term|year|lesson|session)s?';
const COUNT =
  '(?:\\d[\\d,.]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|sixty|ninety)';
const LENGTH = new RegExp(`\\b${COUNT}[ -](?:[a-z]+ )?${PERIOD}\\b`, 'i');
const OFTEN = new RegExp(
  `(?<!\\b(?:minutes?|hours?|days?|sessions?) )\\b(?:each|every|once|twice|per|times an?|a) (?:[a-z]+ )?${PERIOD}\\b|\\bevery (?:${MONTHS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|autumn|spring|summer|winter)\\b|\\bevery ${COUNT} ${PERIOD}|\\b${COUNT} (?:times|${PERIOD}) (?:an?|per|each) ${PERIOD}|\\b(?:daily|weekly|fortnightly|monthly|termly|half-termly|annually|annual|yearly|twice|always|never|frequently)\\b|\\bonce\\b(?! (?:you|we|they|he|she|it|i|a|an|the|your|our|their|this|that|these|all|\\p{L}+(?:ed|en)\\b))`,
  'iu',
);

/** A stretch of time: `three months`, `a 30-minute talk`. */
export function hasLength(text: string): boolean {
  return LENGTH.test(text);
}

/** How many times in a stretch: `every two years`, `weekly`. */
export function hasFrequency(text: string): boolean {
  return OFTEN.test(text);
}

/** Somewhere one can go: an address, a place's name after a preposition, or a kind of place. */
export function hasPlace(text: string): boolean {
  return ADDRESS.test(text) || IN_PLACE.test(text);
}
const ADDRESS =
  /\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b\p{Lu}\p{L}+ (?:Road|Street|Lane|Avenue|Drive|Close|Way|Square)\b/u;
const IN_PLACE =
  /\b(?:in|at|near|of|from|to|on|outside|via|through|into) (?:the )?\p{Lu}[\p{L}'’-]+|\b(?:in|at|to|on|into|inside|outside|near|under|behind|beside) (?:the|your|our|a|an|each|every|that|their) \p{Ll}+/u;

/** A rate: `94%`, `10 in every 100`, `one in ten`. */
export function hasShare(text: string): boolean {
  return /\d ?%|\bper ?cent\b|\b\w+ (?:in|of|out of) (?:every )?(?:\d+|ten|twenty|hundred)\b/i.test(text);
}

/** An address or a number by which somebody or something is reached. */
export function hasContact(text: string): boolean {
  return /\S@\S+\.\S|\bhttps?:\/\/|\bwww\.|(?:\+?\d[\d ()-]{7,}\d)|\bext(?:ension|\.)? ?\d/i.test(text);
}

/** Somebody by what they do: `the head`, `your line manager`. */
export function namesRole(text: string): boolean {
  return ROLE.test(text);
}
const ROLE =
  /\b(?:head|headteacher|head teacher|principal|manager|lead|leader|co-?ordinator|director|officer|governors?|trustees?|chair|SENDCo|SENCO|DSL|LADO|deput(?:y|ies)|tutor|office|team|caretaker|nurse|buddy|mentor|police|council|executive)\b/i;

export function hasTimeOfDay(text: string): boolean {
  return /\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:am|pm)\b|\bmidday|\bnoon\b|\b(?:at|by|from|until) (?:[01]\d|2[0-3])[0-5]\d\b(?<!\b20[2-5]\d)/i.test(
    text,
  );
}

export function hasMoney(text: string): boolean {
  return /£\s?\d|\b\d[\d,.]* ?(?:pounds|pence|p a mile|p per)\b/i.test(text);
}

export function hasFigure(text: string): boolean {
  return /\d/.test(text);
}

const PERSON = new RegExp(`\\b(?:(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame) \\p{Lu}[\\p{L}'’-]+|${NAME})`, 'gu');

/** What is capitalised because it is a body or a paper. */
const ORGANISATION =
  /\b(?:School|Trust|Policy|Polic(?:y|ies)|Primary|Academy|Council|Committee|Department|Act|Code|Board|Centre|College|Services?|Foundation|Federation|Report|Conference|Programme|Initiative|Form|Plan|Project|Association|Society|University|Hub|Statement|Document|Book|Register|System|Portal)\b/;

/** A person's name, as far as shape and a word list can tell: capitalised words of which one at least is no English word. */
export function namesPerson(text: string, isWord: (word: string) => boolean): boolean {
  return (text.match(PERSON) ?? []).some(
    (name) =>
      !ORGANISATION.test(name) &&
      (/^(?:Mr|Mrs|Ms|Miss|Dr|Sir|Dame) /.test(name) || name.split(' ').some((word) => !isWord(word))),
  );
}

/** A product or a firm by its name: a capital within the sentence on a word that is none, or on what is used or bought. */
export function namesThing(text: string, question: string, isWord: (word: string) => boolean): boolean {
  const asked = question.toLowerCase();
  const names = [...text.matchAll(/(?<![\p{L}’'-])\p{Lu}[\p{L}’'-]*\p{Ll}[\p{L}]*/gu)].filter(
    ([name]) => !asked.includes(name.toLowerCase()),
  );
  return names.some(
    ({ 0: name, index }) =>
      (!isWord(name) && !MONTH_OR_DAY.test(name)) ||
      /\b(?:us(?:e|es|ing)|via|through|called|named) $/i.test(text.slice(0, index)),
  );
}
const MONTH_OR_DAY = new RegExp(`^(?:${MONTHS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)s?$`);

/** Sentences, verbatim. Abbreviations and initials do not end one. */
export function sentencesOf(text: string): readonly string[] {
  const known = cutBefore.get(text);
  if (known) return known;
  const sentences = text
    .split(
      /\n+|(?<=[.!?…]["”’')]*)(?<!\b(?:e\.g|i\.e|etc|Mr|Mrs|Ms|Dr|St|no|p|al|\p{Lu})\.)\s+(?=["“‘'(]*[\p{Lu}\p{N}“‘…])/u,
    )
    .map((sentence) => sentence.trim())
    .filter(Boolean);
  if (cutBefore.size >= MOST_CUT) cutBefore.clear();
  cutBefore.set(text, sentences);
  return sentences;
}

/** Passages are cut again for every question that finds them. */
const cutBefore = new Map<string, readonly string[]>();
const MOST_CUT = 10_000;

/** `Closing gaps` of `Closing gaps | …` and of `Closing gaps: …`; undefined for a sentence. */
export function labelOf(item: string): string | undefined {
  const label = /^(.{3,60}?)(?: \| |: |; |$)/.exec(item)?.[1];
  return label && label.split(' ').length <= 8 && !label.endsWith('.') ? label : undefined;
}
