/**
 * Turns a message into the features that the trained part of the safety recogniser weighs: classes of words in their order,
 * stems, what stands together, pieces of words of other languages, and what the rules' word lists say. Pure; keeps nothing.
 */

import { classOfPhrase, classOfWord, splitHan, stemOf } from './safety-classes.ts';
import { readByRules } from './safety-rules.ts';
import { createMender, foldMessage } from './safety-text.ts';
import {
  AFFECT,
  ASKS,
  ASKS_LATER,
  IDIOM,
  ORDINARY,
  PARTICULAR,
  POLICY,
  REPORT,
  SIGN,
  SUPPOSED,
  saysHarm,
  TELLS_AND_ASKS,
  TOLD_OF,
  TOLD_OF_STAFF,
  WORRY_FOR,
} from './safety-words.ts';
import { isEnglish } from './spelling.ts';

/** Stands for a question about policy, or about a case that has not happened. */
export const GENERAL = 'general';

type Token = { readonly word: string; readonly name: string; readonly english: boolean };

/** Rules whose word lists say something of a message, each a feature of its own. */
const LISTS: readonly (readonly [name: string, holds: (read: string) => boolean])[] = [
  ['affect', (read) => AFFECT.test(read)],
  ['ordinary', (read) => ORDINARY.test(read)],
  ['particular', (read) => PARTICULAR.test(read)],
  ['policy', (read) => POLICY.test(read)],
  ['report', (read) => REPORT.test(read)],
  ['sign', (read) => SIGN.test(read)],
  ['supposed', (read) => SUPPOSED.test(read)],
  ['harm', saysHarm],
  ['tells-asks', (read) => TELLS_AND_ASKS.test(read)],
  ['told-of', (read) => TOLD_OF.test(read)],
  ['told-of-staff', (read) => TOLD_OF_STAFF.test(read)],
  ['worry-for', (read) => WORRY_FOR.test(read)],
];
/** Who a message may be about; each is paired with what happens. */
const WHO = new Set([
  'CHILD',
  'FAMILY',
  'PARTNER',
  'STAFF',
  'PRON',
  'THEY',
  'I',
  'MY',
  'NAME',
  'YEAR',
  'SOMEONE',
]);
const FRAME = new Set(['AUX', 'NOT', 'PARTICULARTIME', 'IF', 'QUESTION']);

/** The distinct features of `text`, as typed, in a fixed order. `mendOne` may be shared where many texts are read. */
export function featuresOf(text: string, mendOne = createMender()): readonly string[] {
  const folded = foldMessage(text);
  const names = namesIn(text);
  const mend = (word: string) => (isForeignClass(word) || names.has(word) ? word : mendOne(word));
  const tokens = tokensOf(folded, names, mend);
  const read = tokens.map(({ word }) => word).join(' ');
  const asks = ASKS.test(read) || ASKS_LATER.test(text);
  const features = new Set<string>();
  const stream = ['^', ...tokens.map(({ name }) => name), '$'];
  const stems = tokens.map(({ word }) => stemOf(word));
  addRuns(features, stream, 'n', 3);
  addRuns(features, stems, 's', 2);
  for (const { word, english } of tokens) if (!english) addPieces(features, word);
  const classes = [...new Set(tokens.map(({ name }) => name))].filter((name) => /^[A-Z]+$/.test(name));
  const who = classes.filter((name) => WHO.has(name));
  const what = classes.filter((name) => !WHO.has(name) && !FRAME.has(name));
  const frame = asks ? 'asks' : 'tells';
  for (const one of what) {
    features.add(`p:${one}:${frame}`);
    for (const other of who) features.add(`p:${one}:${other}`);
    for (const other of what) if (one < other) features.add(`p:${one}:${other}`);
  }
  for (const one of who) features.add(`p:${one}:${frame}`);
  if (who.length === 0) features.add('nobody');
  features.add(`frame:${frame}`);
  const { finding, general } = readByRules(text, mend);
  if (general) features.add(GENERAL);
  features.add(`rule:${finding?.why ?? 'none'}`);
  if (finding) features.add(`rule:${finding.kind}`);
  for (const [name, holds] of LISTS) {
    if (!holds(read)) continue;
    features.add(`l:${name}`);
    features.add(`l:${name}:${frame}`);
  }
  features.add(`long:${Math.min(5, Math.floor(Math.log2(tokens.length + 1)))}`);
  if (tokens.length > 1 && tokens.filter(({ english }) => !english).length * 2 > tokens.length)
    features.add('foreign');
  return [...features];
}

/** Runs of one to `longest` neighbours. */
function addRuns(features: Set<string>, stream: readonly string[], prefix: string, longest: number): void {
  for (let at = 0; at < stream.length; at += 1) {
    let run = prefix;
    for (let length = 0; length < longest && at + length < stream.length; length += 1) {
      run += `:${stream[at + length]}`;
      features.add(run);
    }
  }
}

/** Pieces of three and four letters, with the word's ends. */
function addPieces(features: Set<string>, word: string): void {
  const edged = `<${word.slice(0, 24)}>`;
  for (const length of [3, 4])
    for (let at = 0; at + length <= edged.length; at += 1) features.add(`c:${edged.slice(at, at + length)}`);
}

function tokensOf(folded: string, names: ReadonlySet<string>, mendOne: (word: string) => string): Token[] {
  const read = splitHan(folded)
    .replace(/[\p{L}\p{M}\p{N}&]+/gu, mendOne)
    .replace(IDIOM, ' ')
    .replace(/\byear \d{1,2}\p{L}?\b|\b\d{1,2}\p{L}\b/gu, 'year_n')
    .replace(/[.?&]/g, ' ');
  const words = read.split(/\s+/).filter((word) => word.length > 0);
  const tokens: Token[] = [];
  for (let at = 0; at < words.length; ) {
    const phrase = classOfPhrase(words, at);
    const length = phrase?.length ?? 1;
    const word = words.slice(at, at + length).join('_');
    tokens.push({ word, name: phrase?.name ?? nameOf(word, names), english: length > 1 || isKnown(word) });
    at += length;
  }
  return tokens;
}

function isForeignClass(word: string): boolean {
  return !isEnglish(word) && classOfWord(word) !== undefined;
}

function isKnown(word: string): boolean {
  return word === 'year_n' || /^\d/.test(word) || isEnglish(word) || isEnglish(stemOf(word));
}

function nameOf(word: string, names: ReadonlySet<string>): string {
  if (word === 'year_n') return 'YEAR';
  if (/^\p{N}+$/u.test(word)) return '9';
  const name = classOfWord(word);
  if (name) return name;
  return names.has(word) ? 'NAME' : stemOf(word);
}

/** Folded words that are typed like a name inside a sentence, or like initials (`JB`, `K.`). */
function namesIn(text: string): ReadonlySet<string> {
  const names = new Set<string>();
  if (text === text.toUpperCase()) return names;
  for (const [, name] of text.matchAll(
    /(?<![\p{L}\p{N}])(\p{Lu}\p{Ll}{1,14}|\p{Lu}{1,2})(?![\p{L}\p{N}])/gu,
  )) {
    const folded = name?.toLowerCase() ?? '';
    if (name && name !== 'I' && !isEnglish(folded) && !isEnglish(stemOf(folded)))
      names.add(foldMessage(name));
  }
  for (const [word] of text.toLowerCase().matchAll(/\p{L}+/gu)) if (GIVEN.has(word)) names.add(word);
  return names;
}

/** Given names that pupils bear, for messages typed without capitals. Those that are also words are left out. */
const GIVEN = new Set(
  'aaliyah aaron abdi abdul abigail adam aisha alex alexander alfie ali alicia alisha amelia amina amir amira amy andrew anna anya archie arthur asha ava ayaan ayesha bella ben benjamin beth billy blessing bobby brandon caleb callum cameron charlie charlotte chloe chris connor daisy daniel danny darren dave david demi destiny dylan edward eliza elijah ella ellie elliot emily emma esme ethan eva evan evie ewan farah fatima felix finley finn florence freddie freya gabriel george georgia grace hamza hannah harley harriet harris harry harvey hassan hayley henry hollie ibrahim idris imogen imran isaac isabella isla jack jacob jade jaden jake james jamie jasmine jay jayden jenny jess jessica jodie joe joel john jordan joseph josh joshua julia kacper kai kayden kayla kayleigh keira kian kieran kyle lacey lara latisha layla leah lee leo leon lewis lexi liam libby lily logan lola louis luca lucas lucy luke maisie malachi maria marcus mariam martha mason matt matthew maya mia michael millie mo mohamed mohammed molly morgan mustafa naomi nathan niamh nicole noah nora olivia ollie omar oscar owen phoebe rachel rahul rebecca reece rhys riley robert rohan ronnie rosie ruby ryan sam samira samuel sara sarah scott sean sienna simon skye sofia sophia sophie stanley tariq taylor teddy theo thomas tia toby tom tommy tyler tyrone yasmin yusuf zac zainab zak zara zoe zuzanna'.split(
    ' ',
  ),
);
