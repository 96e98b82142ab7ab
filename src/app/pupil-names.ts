/**
 * Whether words typed anywhere in a check-in look as if they named a pupil. Which words are no pupil's name is worked out here:
 * English, colleagues' names and the trust's own.
 */
import { asksOfPupil } from '../answers/pupil.ts';
import { recogniseSafety } from '../answers/safety.ts';
import { isEnglish } from '../answers/spelling.ts';
import type { HoldsBack, NamesPupil } from '../cards/held.ts';
import {
  type Colleagues,
  colleaguesOf,
  NO_COLLEAGUES,
  withoutFullNames,
} from '../checkins/colleague-words.ts';
import { holdsGivenName, isNobody, namesPupil } from '../checkins/pupil-words.ts';
import type { Trust } from '../config/trust.ts';
import type { Directory } from '../directory/model.ts';

export function pupilNames(trust: Trust, directory: Pick<Directory, 'staff'>): NamesPupil {
  return async (words, concerned = []) => {
    if (words.trim() === '') return false;
    // Most notes name nobody, whoever works here: only for those that might, colleagues are looked up.
    if (!holdsGivenName(words) && !looksNamed(words, isOrdinary)) return false;
    const staff = (await directory.staff()).map(({ name }) => name);
    return looksNamed(words, knownWords(trust, staff), colleaguesOf(staff, concerned));
  };
}

/** What forms are held to, for words that come from a file or a list. */
export function holdingBack(names: NamesPupil): HoldsBack {
  return async (words) => {
    if (recogniseSafety(words, 'form')) return 'safety';
    return (await names(words)) ? 'pupil' : undefined;
  };
}

function looksNamed(
  words: string,
  isKnown: (word: string) => boolean,
  colleagues: Colleagues = NO_COLLEAGUES,
): boolean {
  return namesPupil(words, isKnown, colleagues) || asksOfPupil(withoutFullNames(words, colleagues), isKnown);
}

const isOrdinary = (word: string) => isNobody(word) || isEnglish(word);

/** Bodies and things that schools name with a capital. */
const BODIES =
  'ofsted dfe la mat slt senco sendco send camhs ehcp ehcps cpd bromcom sims teams ks ta tas governors waymark october november december january february march april may june july august september monday tuesday wednesday thursday friday saturday sunday easter christmas'.split(
    ' ',
  );

function knownWords(trust: Trust, staff: readonly string[]): (word: string) => boolean {
  const words = new Set([...wordsOf(staff), ...ownWords(trust), ...BODIES]);
  return (word) => words.has(word) || isNobody(word) || isEnglish(word);
}

/** Words of the names of the trust, its schools and teams, its priorities and their strands; in lower case. */
export function ownWords(trust: Trust): string[] {
  return wordsOf([
    trust.trust.name,
    trust.trust.short_name,
    ...trust.schools.map(({ name }) => name),
    ...trust.teams.map(({ name }) => name),
    ...trust.priorities.flatMap(({ name, strands }) => [name, ...strands.map((strand) => strand.name)]),
  ]);
}

function wordsOf(texts: readonly string[]): string[] {
  return texts.flatMap((text) => text.toLowerCase().match(/[\p{L}'-]+/gu) ?? []);
}
