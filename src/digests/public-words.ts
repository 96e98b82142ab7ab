/**
 * Somebody's words as they may stand in public: whoever works here and is named in them becomes "a colleague". Full names go, names
 * after a title, and single names that are nothing else: a word of English, or of the trust's own names, is let stand. Pure.
 */
import { readable } from '../kernel/text.ts';

export type Named = { readonly name: string; readonly givenName: string };

/** A regular expression's own signs. */
const SIGNS = /[.*+?^${}()|[\]\\]/g;
const TITLED =
  /(?<!\p{L})(?:Mr|Mrs|Ms|Miss|Mx|Dr|Sir|Dame|Prof(?:essor)?|Rev(?:erend)?)\.? (\p{L}[\p{L}'’-]*)/gu;
const WORD = /(?<![\p{L}\p{N}])\p{Lu}[\p{L}'’-]*\p{L}(?!\p{L})/gu;
/** Given names that are months too: a date is no name. */
const MONTHS = new Set(['april', 'may', 'june', 'july', 'august']);

/** `isWord`: of a word in lower case, that it is English or one of the trust's own. */
export function publicWords(
  staff: readonly Named[],
  isWord: (word: string) => boolean,
): (text: string) => string {
  const full = staff.map(({ name }) => name.trim()).filter((name) => /\s/.test(name));
  const given = new Set(staff.map(({ givenName }) => folded(givenName)));
  const parts = new Set(full.flatMap((name) => name.split(/\s+/).map(folded)));
  const isName = (word: string) => parts.has(word) || given.has(word);
  return (text) => {
    const plain = readable(text);
    const low = folded(plain);
    const named = full
      .filter((name) => low.includes(folded(name)))
      .toSorted((one, other) => other.length - one.length);
    const withoutFull = named.reduce(
      (words, name) => words.replace(inWords(name), (_found, at: number) => colleagueAt(words, at)),
      plain,
    );
    return withoutFull
      .replace(TITLED, (found, name: string, at: number, whole: string) =>
        isName(bare(name)) ? `${colleagueAt(whole, at)}${ending(name)}` : found,
      )
      .replace(WORD, (found, at: number, whole: string) => {
        const word = bare(found);
        const alone = isWord(word)
          ? given.has(word) &&
            !MONTHS.has(word) &&
            !beginsSentence(whole, at) &&
            !isPartOfName(whole, at, found)
          : isName(word);
        return alone ? `${colleagueAt(whole, at)}${ending(found)}` : found;
      });
  };
}

function inWords(name: string): RegExp {
  const exact = name
    .split(/\s+/)
    .map((part) => part.replace(SIGNS, '\\$&').replace(/['’]/g, "['’]"))
    .join('\\s+');
  return new RegExp(`(?<!\\p{L})${exact}(?!\\p{L})`, 'giu');
}

/** As somebody without the accents on their keyboard writes it. */
function folded(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
}

/** Without the `'s` of whose it is. */
function bare(word: string): string {
  return folded(word).replace(/'s$/, '');
}

function ending(word: string): string {
  return /['’]s$/i.exec(word)?.[0] ?? '';
}

function beginsSentence(text: string, at: number): boolean {
  return /(?:^|[.!?:;\n]["'“‘)]*)\s*$/.test(text.slice(0, at));
}

/** "Great Grace Academy": beside another capital it is the name of something. */
function isPartOfName(text: string, at: number, found: string): boolean {
  return (
    /\p{Lu}[\p{L}'’-]*\s+$/u.test(text.slice(0, at)) || /^\s+\p{Lu}/u.test(text.slice(at + found.length))
  );
}

function colleagueAt(text: string, at: number): string {
  return beginsSentence(text, at) ? 'A colleague' : 'a colleague';
}

/**
 * What the address of a link tells, a text for its host and for each part of its path, query and fragment: decoded, with spaces where
 * `-`, `_`, `.` and capitals part words; a part in small letters again with capitals, as names are written. `url`: an https address.
 */
export function linkWords(url: string): readonly string[] {
  const { hostname, pathname, search, hash } = new URL(url);
  const parts = decoded(`${pathname}/${search}/${hash}`).split(/[/?&=#:;,]+/);
  const words = parts.map((part) => spaced(part.replace(ENDING, ''))).filter(Boolean);
  return [spaced(hostname), ...words, ...words.map(capitals).filter((text) => !words.includes(text))];
}

/** Somebody's own OneDrive, which bears their name, or an address of mail. */
export function isOwnLink(url: string): boolean {
  const { hostname, pathname, search, hash } = new URL(url);
  return (
    /-my\.sharepoint\./i.test(hostname) ||
    (/\.sharepoint\./i.test(hostname) && /\/personal\//i.test(decoded(`${pathname}${search}${hash}`))) ||
    /@\p{L}/u.test(decoded(`${pathname}${search}${hash}`))
  );
}

const ENDING = /\.(?:docx?|xlsx?|pptx?|pdf|csv|txt|html?|aspx|jpe?g|png|heic|mp4)$/i;
/** Digits among letters: an id, which tells of nobody. */
const ID = /^(?=\S*\p{L}\S*\d\S*\p{L})\S{16,}$/u;
/** Deeper than links are encoded. */
const DECODINGS = 3;

function decoded(text: string): string {
  let plain = text.replaceAll('+', ' ');
  for (let time = 0; time < DECODINGS; time += 1)
    plain = plain.replace(/(?:%[0-9a-f]{2})+/gi, (found) =>
      Buffer.from(found.replaceAll('%', ''), 'hex').toString(),
    );
  return plain;
}

function spaced(part: string): string {
  return readable(
    part
      .split(/[^\p{L}\p{M}\p{N}'’]+/u)
      .filter((word) => !ID.test(word))
      .map((word) =>
        word.replace(/(\p{Ll})(?=\p{Lu})/gu, '$1 ').replace(/(\p{L})(?=\d)|(\d)(?=\p{Lu}\p{Ll})/gu, '$1$2 '),
      )
      .join(' '),
  ).trim();
}

function capitals(text: string): string {
  return text.replace(/(?<![\p{L}\p{N}'’])\p{Ll}(?=\p{L}{2})/gu, (letter) => letter.toUpperCase());
}
