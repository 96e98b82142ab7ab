/**
 * What a question is about: its words after the frame is set aside, each with the other wordings that the lexicon, the
 * documents' own initials and the spelling repair allow. Knows no passage.
 */
import { neighboursOf } from './closeness.ts';
import { CHAT, CLOSE, FRAME, LIGHT, NEAR } from './lexicon.ts';
import { CLOSE_EVERY_DAY, NEAR_EVERY_DAY } from './lexicon-everyday.ts';
import { CLOSE_AT_SCHOOL, NEAR_AT_SCHOOL } from './lexicon-school.ts';
import { isEnglish, maybeMeant, mend, type Vocabulary } from './spelling.ts';
import { stemOf, type Term, termsOf } from './words.ts';

/** One wording of a concept: its stems in order, and how much a match is worth (1 as typed, .8 close, .5 near). */
export type Form = {
  readonly stems: readonly string[];
  readonly value: number;
  /** The words may stand anywhere in the text, not only side by side. */
  readonly loose?: true;
};

export type Concept = {
  /** As typed, after repair. */
  readonly word: string;
  readonly forms: readonly Form[];
  /** Typed with a capital inside the sentence, or within quotation marks: a name that must be met. */
  readonly named: boolean;
  /** The lexicon knows it: a word of the field. */
  readonly known: boolean;
  /** Below 1 for what is only carried over from the question before. */
  readonly share?: number;
};

type Row = {
  readonly stems: readonly string[];
  readonly group: number;
  readonly value: number;
  readonly exact?: string;
  readonly ofField: boolean;
};

/** A phrase whose words stand apart in one text. */
const APART = 0.6;

const EVERY_DAY: ReadonlySet<readonly string[]> = new Set([...CLOSE_EVERY_DAY, ...NEAR_EVERY_DAY]);
const GROUPS = [
  ...[...CLOSE, ...CLOSE_AT_SCHOOL, ...CLOSE_EVERY_DAY].map((phrases) => ({ phrases, value: 0.9 })),
  ...[...NEAR, ...NEAR_AT_SCHOOL, ...NEAR_EVERY_DAY].map((phrases) => ({ phrases, value: 0.55 })),
];
const ROWS: readonly Row[] = GROUPS.flatMap(({ phrases, value }, group) =>
  phrases.map((phrase) => ({
    stems: termsOf(phrase).map((term) => term.stem),
    group,
    value,
    ofField: !EVERY_DAY.has(phrases),
    ...(/^[A-Z]{2}$/.test(phrase) ? { exact: phrase } : {}),
  })),
);
const IN_GROUP = Map.groupBy(ROWS, (row) => row.group);
const BY_FIRST = new Map<string, Row[]>();
for (const row of ROWS) {
  const first = row.stems[0] ?? '';
  BY_FIRST.set(first, [...(BY_FIRST.get(first) ?? []), row]);
}

const FIELD_WORDS: ReadonlySet<string> = new Set(
  GROUPS.flatMap(({ phrases }) => phrases.flatMap((phrase) => termsOf(phrase).map((term) => term.word))),
);

/** A phrase of talk: "send in", "on my own". */
export function isEveryDay(phrase: string): boolean {
  return TALK.has(phrase);
}
const TALK: ReadonlySet<string> = new Set(
  [...EVERY_DAY].flatMap((phrases) =>
    phrases.map((phrase) =>
      termsOf(phrase)
        .map((term) => term.word)
        .join(' '),
    ),
  ),
);

/** A word of the lexicon: `headteacher` is in few dictionaries, and is nobody's name. */
export function isFieldWord(word: string): boolean {
  return FIELD_WORDS.has(word);
}

/** Chat spellings written out. Punctuation and capitals stay. */
export function writeOut(text: string): string {
  const shouted = text === text.toUpperCase();
  return text
    .replace(/[\u{1f000}-\u{1faff}\u2600-\u27bf]/gu, ' ')
    .replace(/[\p{L}\p{N}'’]+/gu, (word) => {
      // A capital letter on its own is a name or a code, not a chat spelling.
      const isCode = word.length === 1 && word === word.toUpperCase() && !shouted;
      return isCode ? word : (CHAT[word.toLowerCase().replace(/['’]/g, '')] ?? word);
    })
    .replace(/\b(?:planning|going|trying|hoping|meaning|looking|able|supposed) to\b/gi, 'to')
    .replace(/(?<=\p{L} )4(?= (?:me|u|you|us|the|my|our|a|an|this|that|him|her|them)\b|\s*[?.!]*$)/giu, 'for')
    .replace(/(?<=\p{L} )2(?= (?:me|u|you|us|the|my|our|him|her|them)\b)/giu, 'to')
    .replace(/\bmembers? of (?:the )?(?:staff|team)\b/gi, 'staff')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The question's terms with misspelled ones mended towards the documents' vocabulary. */
export function mendedTerms(text: string, vocabulary: Vocabulary): Term[] {
  // A short name written with a capital is more likely somebody's than a slip.
  const names = new Set(
    [...text.matchAll(/(?<=[\p{Ll},] )\p{Lu}\p{Ll}+/gu)].map(([name]) => name.toLowerCase()),
  );
  return termsOf(text).map((term) => {
    if (FRAME.has(term.word) || BY_FIRST.has(term.stem)) return term;
    const isName = term.word.length <= 6 && names.has(term.word);
    const mended = isName ? undefined : mend(term.word, vocabulary);
    return mended ? { word: mended, stem: stemOf(mended) } : term;
  });
}

/** Concepts in the order typed. `initials`: what initials stand for in these documents (folded phrase by folded initials). */
export function conceptsOf(
  text: string,
  terms: readonly Term[],
  initials: ReadonlyMap<string, readonly string[]>,
  vocabulary: Vocabulary,
  setAside: ReadonlySet<string>,
): Concept[] {
  const capitals = new Set(
    [...text.matchAll(/(?<=[\p{L}\p{N},'’"”)] [“‘"'(]?)\p{Lu}[\p{L}'’-]+/gu)].map((match) =>
      stemOf(match[0].toLowerCase().replace(/’/g, "'")),
    ),
  );
  const joined = new Set(
    [...text.matchAll(/(\p{L}+)-(\p{L}+)/gu)].map(([, a = '', b = '']) => `${a} ${b}`.toLowerCase()),
  );
  const concepts: Concept[] = [];
  for (let index = 0; index < terms.length; ) {
    const rows = rowsAt(text, terms, index);
    // "Keep-up" is a name even where "keep" and "up" are everyday words.
    const pair = joined.has(`${terms[index]?.word} ${terms[index + 1]?.word}`) && isLightPair(terms, index);
    const numbered = isNumbered(terms, index);
    const length = Math.max(pair || numbered ? 2 : 1, ...rows.map((row) => row.stems.length));
    const own = terms.slice(index, index + length);
    const first = own[0];
    index += length;
    if (!first || (length === 1 && (isFrame(first.word) || setAside.has(first.stem)))) continue;
    const forms: Form[] = [{ stems: own.map((term) => term.stem), value: 1 }];
    // "Travel claim": travel is paid for, and claimed for, in one breath.
    const content = own.filter((term) => !FRAME.has(term.word) && term.word.length > 2);
    if (content.length > 1 && !numbered)
      forms.push({ stems: content.map((term) => term.stem), value: APART, loose: true });
    for (const row of rows.filter((candidate) => candidate.stems.length === length)) {
      forms.push(
        ...(IN_GROUP.get(row.group) ?? [])
          .filter((other) => isOf(other.stems, vocabulary))
          .map((other) => ({ stems: other.stems, value: row.value })),
      );
    }
    for (const phrase of initials.get(first.word) ?? [])
      forms.push({ stems: termsOf(phrase).map((term) => term.stem), value: 0.9 });
    if (length === 1 && !LIGHT.has(first.word))
      for (const { stem, value } of neighboursOf(first.stem, (other) => vocabulary.stems.has(other)))
        forms.push({ stems: [stem], value });
    const meant = length === 1 ? maybeMeant(first.word, vocabulary) : undefined;
    if (meant) forms.push({ stems: [stemOf(meant)], value: 0.9 });
    // "Grades 9 to 12" hold grade 10.
    if (numbered && RANGED.has(first.word)) forms.push({ stems: [first.stem], value: 0.7 });
    concepts.push({
      word: own.map((term) => term.word).join(' '),
      forms: strongest(forms),
      named:
        numbered ||
        own.some((term) => capitals.has(term.stem)) ||
        !own.every((term) => isEnglish(term.word) || /\d/.test(term.word) || term.word.length < 4),
      known: rows.some((row) => row.ofField),
    });
  }
  return merged(concepts);
}

/** "We've", "they're" frame a question as "we" and "they" do. */
function isFrame(word: string): boolean {
  return (
    FRAME.has(word) ||
    /^(?:i|you|we|they|he|she|it|there|that|who|what|\p{L}+n)'(?:m|re|ve|ll|d|s|t)$/u.test(word)
  );
}

/** A wording of the lexicon is looked for where the documents have all its words, and one at least that is no frame. */
function isOf(stems: readonly string[], vocabulary: Vocabulary): boolean {
  return stems.every((stem) => vocabulary.stems.has(stem)) && !stems.every((stem) => FRAME.has(stem));
}

/** "Year 6", "term 1", "grade 10": the number names one of a kind and says nothing on its own. */
function isNumbered(terms: readonly Term[], index: number): boolean {
  return NUMBERED.has(terms[index]?.word ?? '') && /^\d{1,2}$/.test(terms[index + 1]?.stem ?? '');
}
const RANGED: ReadonlySet<string> = new Set(['grade', 'level', 'tier', 'band']);
const NUMBERED: ReadonlySet<string> = new Set([
  ...RANGED,
  ...['year', 'term', 'stage', 'phase', 'appendix', 'section', 'week', 'day'],
]);

function isLightPair(terms: readonly Term[], index: number): boolean {
  return terms
    .slice(index, index + 2)
    .every(({ word }) => FRAME.has(word) || LIGHT.has(word) || word.length <= 2);
}

function rowsAt(text: string, terms: readonly Term[], index: number): Row[] {
  const matching = (BY_FIRST.get(terms[index]?.stem ?? '') ?? []).filter(
    (row) =>
      row.stems.every((stem, offset) => terms[index + offset]?.stem === stem) &&
      (!row.exact || new RegExp(`\\b${row.exact}s?\\b`).test(text)),
  );
  const longest = Math.max(0, ...matching.map((row) => row.stems.length));
  return matching.filter((row) => row.stems.length === longest);
}

function strongest(forms: readonly Form[]): Form[] {
  const best = new Map<string, Form>();
  for (const form of forms) {
    const key = `${form.stems.join(' ')}${form.loose ? ' ~' : ''}`;
    if (form.stems.length > 0 && form.stems[0] && (best.get(key)?.value ?? 0) < form.value)
      best.set(key, form);
  }
  return [...best.values()];
}

/** The same concept typed twice counts once. */
function merged(concepts: readonly Concept[]): Concept[] {
  const seen = new Set<string>();
  return concepts.filter((concept) => {
    const key = concept.forms[0]?.stems.join(' ') ?? '';
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
