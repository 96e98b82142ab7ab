/**
 * By which words a person is found in what is kept, and what stands in their place afterwards. A wrong word here would be taken
 * out of everybody's rows for good, so what could mean something else is sought narrowly. Pure.
 */
import { isEnglish } from '../answers/spelling.ts';
import { neutralise } from '../kernel/neutral.ts';

/** What stands where a name stood, and where a given name did. */
const FORMER = 'a former colleague';

/** The directory's ids are GUIDs; a name, or an empty word, would be found in the rows of others. */
const ID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

/** Days and months that the word list lacks. */
const CALENDAR = /^(?:mon|tues|wednes|thurs|fri|satur|sun)day$|^(?:april|june|august)$/i;

/** What is known of whom a row may name. */
export type Known = {
  readonly name: string;
  readonly givenName: string;
  readonly mail: string;
  /** How many others have the same name, and the same given name. */
  readonly namesakes: number;
  readonly sharers: number;
};

export type Word = {
  readonly word: string;
  readonly instead: string;
  /** In this letter case only. */
  readonly exact?: boolean;
  /** Says by itself that a row is about the person; else it goes only where a word that does stands too. */
  readonly leads: boolean;
  /** Tables that it is left in. */
  readonly except?: readonly string[];
};

export function isPersonId(id: string): boolean {
  return ID.test(id);
}

/** An ordinary word of English, such as the given names Will, May and Grace. */
export function isOrdinary(word: string): boolean {
  return isEnglish(word.toLowerCase()) || CALENDAR.test(word);
}

/** Words that name the person and nobody else: `nobody` stands for the id afterwards. */
export function namingWords(id: string, nobody: string, known: Known | undefined): readonly Word[] {
  const [name, mail] = [known?.namesakes === 0 ? known.name.trim() : '', known?.mail.trim() ?? ''];
  return [
    { word: id, instead: nobody, leads: true },
    ...asWritten(mail).map((word) => ({ word, instead: FORMER, leads: true })),
    ...asWritten(name).map((word) => ({ word, instead: FORMER, leads: !isOrdinary(name) })),
  ];
}

/** A word as it stands in rows: as it is, as cards write it (`\\[`, `(at)`), and each of them within JSON. */
function asWritten(word: string): readonly string[] {
  const shown = word ? [word, neutralise(word)] : [];
  return [...new Set(shown.flatMap((one) => [one, JSON.stringify(one).slice(1, -1)]))];
}

/**
 * Their given name, by which cards call people; nothing when colleagues share it, since it does not say who is meant. An
 * ordinary word is taken out only where they are named otherwise too. `documents`: the trust's own words, where it may be anybody's.
 */
export function givenWord(known: Known | undefined, documents: readonly string[]): readonly Word[] {
  const word = known?.sharers === 0 ? known.givenName.trim() : '';
  return word ? [{ word, instead: FORMER, exact: true, leads: !isOrdinary(word), except: documents }] : [];
}

/** As it is said: "Rahman, Aisha" and "Aisha Rahman" are both called Aisha. */
export function givenNameIn(name: string): string {
  const [before = '', after] = name.split(',');
  return (after ?? before).trim().split(/\s+/)[0] ?? '';
}
