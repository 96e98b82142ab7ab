/**
 * Words from outside (documents, notes, names, a model) made harmless before they are shown: nothing in them can become a
 * link, a mention, a tag, a heading, one of our citation numbers or text that runs backwards. Addresses stay readable,
 * spelled out. Knows nothing of where the words go, only whether Markdown is read there.
 */

/** Shows nothing and changes how the rest is shown: controls, zero-width, bidirectional marks, tag characters, blank letters. */
const INVISIBLE = /\p{Cf}|[\u115f\u1160\u3164\uffa0\u2800]|[\ufe00-\ufe0e]|(?![\n\t])\p{Cc}/gu;
/** Letters with a pile of accents spill over their neighbours. */
const PILED = /(\p{M}{3})\p{M}+/gu;

/** The text as a reader sees it. Line feeds stay. */
export function visible(text: string): string {
  return text
    .replace(/\r\n?|[\u2028\u2029\u0085]/g, '\n')
    .replace(INVISIBLE, '')
    .replace(PILED, '$1');
}

/** Letters of other alphabets that look like a Latin one, each with it. */
const ALIKE = new Map(
  (
    'аa ɑa αa вb ьb сc ϲc ԁd еe ҽe εe ɡg һh հh нh іi ιi ɩi ӏl јj κk кk ⅼl мm пn ոn οo оo օo ρp рp ԛq գq гr ѕs тt τt υu սu ' +
    'ѵv νv ԝw ѡw хx χx уy γy ỿy ᴢz ΑA АA ΒB ВB СC ϹC ΕE ЕE ΗH НH ΙI ІI ӀI ЈJ ΚK КK ΜM МM ΝN ΟO ОO ΡP РP ЅS ΤT ТT ԜW ΧX ХX ΥY ҮY ΖZ'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, -1), pair.slice(-1)] as const),
);
/** A word that mixes Latin letters with others: nobody's language writes so. */
const MIXED =
  /(?=[\p{L}\p{M}]*\p{Script=Latin})(?=[\p{L}\p{M}]*[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}])[\p{L}\p{M}]+/gu;

/** The text with letters that only pass for Latin ones made Latin, in words that are Latin otherwise. For reading, not for showing. */
export function lookalikes(text: string): string {
  return text.replace(MIXED, (word) => [...word].map((letter) => ALIKE.get(letter) ?? letter).join(''));
}

/** Tags that some client may carry out. A placeholder such as `<name of school>` is none. */
const TAG =
  /<[/!]?(?:at|a|abbr|attachment|audio|b|base|blockquote|body|br|button|code|div|em|embed|font|form|h[1-6]|head|hr|html|i|iframe|img|input|li|link|marquee|meta|object|ol|p|pre|s|script|span|strong|style|svg|table|tbody|td|th|tr|u|ul|video)\b[^<>]{0,2000}>/gi;
const COMMENT = /<!--|-->/g;

const SCHEME =
  /(?<![\p{L}\p{N}])(?:https?|ftps?|mailto|tel|sms|javascript|vbscript|data|file|blob|skype|sip|im|msteams|ms-[a-z]{2,20}):\/*(?=\S)/giu;
const LABEL = '[\\p{L}\\p{N}](?:[\\p{L}\\p{N}-]{0,62})';
/** Endings that clients make links of even without a scheme. */
const ENDING =
  'com|org|net|uk|io|co|edu|gov|info|biz|app|dev|eu|ai|me|us|ru|cn|de|fr|nl|ly|gl|to|tv|xyz|top|online|site|store|shop|live|link|click|page|cloud|zip|mov|example|test|local|localhost|int|mil|sch';
const HOST = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:${LABEL}\\.){1,8}(?:(?:${ENDING})(?![\\p{L}\\p{N}])|xn--[a-z0-9-]{1,59}|[\\p{L}]{2,24}(?=[/?#:][^\\s]))`,
  'giu',
);

/** Tags dropped, addresses spelled out so that no client links them: `www (dot) gov (dot) uk/x`, `office (at) …`. */
function withoutAddresses(text: string): string {
  let clean = text;
  for (let round = 0; round < MOST_NESTED; round += 1) {
    const before = clean;
    clean = clean.replace(COMMENT, '').replace(TAG, '').replace(SCHEME, '');
    if (clean === before) break;
  }
  return clean
    .replace(/:?\/{2,}/g, ' ')
    .replace(/\](?=[([])/g, '] ')
    .replace(/\\{2,}/g, '\\')
    .replace(/([\p{L}\p{N}._-])@(?=[\p{L}\p{N}])/gu, '$1 (at) ')
    .replace(/www\.(?=\S)/gi, 'www (dot) ')
    .replace(HOST, (host) => host.replaceAll('.', ' (dot) '))
    .replaceAll('{', '(')
    .replaceAll('}', ')');
}

/** Dropping a tag may join two halves of another; more layers than this are no accident, and what is left is escaped. */
const MOST_NESTED = 8;

/** For places that show text as it is (titles of citations, buttons): one line, no tag, no address. */
export function plain(text: string): string {
  return withoutAddresses(visible(text))
    .replace(/</g, '‹')
    .replace(/>/g, '›')
    .replace(/\[(\d{1,3})\]/g, '($1)')
    .replace(/\s+/g, ' ')
    .trim();
}

/** For places that read Markdown: as `plain`, lines kept, with every character escaped that means something there. */
export function neutralise(text: string): string {
  return (
    withoutAddresses(visible(text))
      .replace(/\[(\d{1,3})\]/g, '($1)')
      .replace(/[ \t]+/g, ' ')
      .replace(/^ /gm, '')
      // One is enough under a line of words to make it a heading.
      .replace(/^[-=_*+ \t]+$/gm, '')
      .replace(/[\\`*_[\]<>#|~]|&(?=#?\w{1,32};)/g, (character) => `\\${character}`)
  );
}

/** Both, for what makes replies: handed in, so that what they hold can be seen to fail without them. */
export type Neutral = { readonly marked: (text: string) => string; readonly plain: (text: string) => string };
export const NEUTRAL: Neutral = { marked: neutralise, plain };
