/**
 * Makes a hurried message readable to the safety recogniser: folds letters, writes contractions and text-speak out, and
 * mends misspelt words towards the recogniser's own. Knows nothing of what the message means, and keeps none of it.
 */
import { lookalikes, visible } from '../kernel/neutral.ts';
import { fold } from '../kernel/text.ts';
import { createVocabulary, isEnglish, mend } from './spelling.ts';

/** Words written out, apostrophes already gone. */
const WRITTEN_OUT: Readonly<Record<string, string>> = {
  im: 'i am',
  ive: 'i have',
  id: 'i would',
  hes: 'he is',
  shes: 'she is',
  theyre: 'they are',
  theyr: 'they are',
  weve: 'we have',
  theyve: 'they have',
  theres: 'there is',
  its: 'it is',
  whos: 'who is',
  whats: 'what is',
  wheres: 'where is',
  isnt: 'is not',
  arent: 'are not',
  wasnt: 'was not',
  dont: 'do not',
  dnt: 'do not',
  doesnt: 'does not',
  didnt: 'did not',
  cant: 'can not',
  cannot: 'can not',
  cnt: 'can not',
  couldnt: 'could not',
  wont: 'will not',
  wouldnt: 'would not',
  hasnt: 'has not',
  havent: 'have not',
  havnt: 'have not',
  wanna: 'want to',
  gonna: 'going to',
  gotta: 'got to',
  u: 'you',
  r: 'are',
  ur: 'your',
  n: 'and',
  '&': 'and',
  y: 'why',
  w: 'with',
  wiv: 'with',
  wid: 'with',
  wot: 'what',
  wat: 'what',
  wen: 'when',
  sed: 'said',
  sez: 'says',
  agen: 'again',
  agn: 'again',
  rite: 'right',
  nite: 'night',
  tonite: 'tonight',
  tmrw: 'tomorrow',
  tmr: 'tomorrow',
  sum1: 'someone',
  some1: 'someone',
  any1: 'anyone',
  every1: 'everyone',
  no1: 'no one',
  sumthing: 'something',
  smth: 'something',
  sum: 'some',
  hu: 'who',
  tuch: 'touch',
  tuches: 'touches',
  tuched: 'touched',
  txt: 'text',
  txts: 'texts',
  txting: 'texting',
  txtd: 'texted',
  msg: 'message',
  msgs: 'messages',
  msging: 'messaging',
  msgd: 'messaged',
  dm: 'message',
  dms: 'messages',
  pls: 'please',
  plz: 'please',
  idk: 'i do not know',
  tbh: '',
  omg: '',
  bf: 'boyfriend',
  kys: 'kill yourself',
  kms: 'kill myself',
  mommy: 'mummy',
  tho: 'though',
  coz: 'because',
  cuz: 'because',
  bc: 'because',
  evry: 'every',
  thru: 'through',
  gurl: 'girl',
  gurls: 'girls',
};
const FIGURES: readonly (readonly [RegExp, string])[] = [
  [/\b2(?=day|nite|night|moro|morrow)/g, 'to'],
  [/\bin2\b/g, 'into'],
  [/\bb4\b/g, 'before'],
  [/\b4ever\b/g, 'forever'],
  [
    /\b(?<!year |y|yr |yr|grade |class )2(?= (?:go|tell|do|say|me|him|her|them|get|be|see|die|hurt|kill|speak|come|us|my|the))\b/g,
    'to',
  ],
  [/\bod'?(?:ed|d)\b/g, 'overdosed'],
  [/\bself[- ]?harm/g, 'self harm'],
  [/\b(?:y|yr|year) ?(\d{1,2})s?\b/g, 'year $1'],
  [/\bstep[- ](?=dad|mum|father|mother|brother|sister)/g, 'step'],
  [/\bbin (?=\p{L}+(?:ed|en|ing|in)\b|hit\b|hurt\b|cut\b)/gu, 'been '],
];
const ARABIC: readonly (readonly [RegExp, string])[] = [
  [/[\u064b-\u0652\u0640]/g, ''],
  [/[أإآ]/g, 'ا'],
  [/ى/g, 'ي'],
  [/ة/g, 'ه'],
];

/** Words that a misspelling is mended towards: what these messages turn on, in English. */
const TARGETS =
  'abuse abused abusing abuses afraid alone assault assaulted bathroom beaten beating beats bleeding boyfriend breakdown bruise bruised bruises bruising bullied bullying burned burning burnt child children collapsed colleague concern concerned coping crying cutting daughter depressed disclosed disclosure drinking drugs drunk everyday everything fainted father forced frightened groomed grooming harassed harassing harming hitting hopeless hungry hurting hurts inappropriate inappropriately kicked kicking killed killing knife mother naked neglect neglected nudes overdose paracetamol parent pregnant punched punching pupil pupils raped relationship report safeguarding scared scratching screaming self-harm sexual sexually sister slapped smacked stabbed stabbing starving stepdad stepfather strangled student students suicidal suicide sleeping teacher terrified threatened threatening touched touches touching uncle upset urine violent weapon worried worthless'.split(
    ' ',
  );
const VOCABULARY = createVocabulary(new Map(TARGETS.map((word) => [word, 1])));

/** No message is read further than this; what is typed into Waymark is cut far below it. */
const MOST_CHARACTERS = 8_000;
const SENTENCE_END = /(?<=[.!?…;。！？؟])\s+|\n+|\s+[-–—]+\s+/u;
/** Where people in a hurry go on without a full stop. */
const CLAUSE_END = /,?\s+(?=(?:and|but|also|plus|btw|cos|because|so|then)\s)/i;
/** What is shorter says too little by itself, and in a sentence that is shorter no clause is lost. */
const CLAUSE = 4;
const RUN_ON = 9;

/**
 * What of a message is read by itself: all of it, each of its sentences, and each clause of a sentence, for the more is
 * said beside a worry, the less it weighs in the whole. `clauses`: where people write like that.
 */
export function stretchesOf(text: string): {
  readonly sentences: readonly string[];
  readonly clauses: readonly string[];
} {
  const sentences = text
    .slice(0, MOST_CHARACTERS)
    .split(SENTENCE_END)
    .filter((sentence) => /\p{L}/u.test(sentence));
  const clauses = sentences
    .filter((sentence) => sentence.split(/\s+/).length >= RUN_ON)
    .map((sentence) => sentence.split(CLAUSE_END))
    .filter((parts) => parts.length > 1)
    .flat()
    .filter((clause) => clause.split(/\s+/).length >= CLAUSE);
  return { sentences, clauses };
}

/** The message in lower case, without accents or apostrophes; other languages are read in this form. */
export function foldMessage(text: string): string {
  let read = fold(lookalikes(visible(text.slice(0, MOST_CHARACTERS))))
    .replace(/ł/g, 'l')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/(?<=\p{L})[*_]{1,2}(?=\p{L}{2})/gu, '')
    .replace(/\bw\//g, 'with ');
  for (const [pattern, into] of [...ARABIC, ...FIGURES]) read = read.replace(pattern, into);
  return read
    .replace(/'/g, '')
    .replace(/[^\p{L}\p{M}\p{N}\s.?&]/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** A folded message with its English written out and mended. Sentence ends stay as `.` and `?`. */
export function readMessage(text: string, mendOne: (word: string) => string = mendWord): string {
  return foldMessage(text)
    .replace(/[\p{L}\p{N}&]+/gu, mendOne)
    .replace(/\s+/g, ' ')
    .trim();
}

/** `mendWord` for one message, which mends a word only once: the search for the nearest word takes the most time. */
export function createMender(): (word: string) => string {
  const mended = new Map<string, string>();
  return (word) => {
    const known = mended.get(word) ?? mendWord(word);
    mended.set(word, known);
    return known;
  };
}

/** One folded word, written out and mended; a word of another language may come back changed. */
function mendWord(word: string): string {
  const written = WRITTEN_OUT[word];
  if (written !== undefined) return written;
  if (isEnglish(word)) return word;
  const squeezed = word.replace(/(\p{L})\1{2,}/gu, '$1');
  if (squeezed !== word && isEnglish(squeezed)) return squeezed;
  if (word.endsWith('in') && isEnglish(`${word}g`)) return `${word}g`;
  return mend(word, VOCABULARY) ?? word;
}
