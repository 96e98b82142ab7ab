/**
 * Whether words typed anywhere in a check-in look as if they named a pupil. Which words are no pupil's name is worked out here:
 * English, colleagues' names and the trust's own.
 */
import { asksOfPupil } from '../answers/pupil.ts';
import { isEnglish } from '../answers/spelling.ts';
import { isNobody, namesPupil } from '../checkins/pupil-words.ts';
import type { Trust } from '../config/trust.ts';
import type { Directory } from '../directory/model.ts';

export function pupilNames(
  trust: Trust,
  directory: Pick<Directory, 'staff'>,
): (words: string) => Promise<boolean> {
  return async (words) => {
    if (words.trim() === '') return false;
    // Most notes name nobody, whoever works here: only for those that might, colleagues are looked up.
    if (!looksNamed(words, isOrdinary)) return false;
    return looksNamed(words, await knownWords(trust, directory));
  };
}

function looksNamed(words: string, isKnown: (word: string) => boolean): boolean {
  return namesPupil(words, isKnown) || asksOfPupil(words, isKnown);
}

const isOrdinary = (word: string) => isNobody(word) || isEnglish(word);

/** Bodies and things that schools name with a capital. */
const BODIES =
  'ofsted dfe la mat slt senco sendco send camhs ehcp ehcps cpd bromcom sims teams ks ta tas governors waymark october november december january february march april may june july august september monday tuesday wednesday thursday friday saturday sunday easter christmas'.split(
    ' ',
  );

async function knownWords(
  trust: Trust,
  directory: Pick<Directory, 'staff'>,
): Promise<(word: string) => boolean> {
  const staff = (await directory.staff()).map(({ name }) => name);
  const own = [
    trust.trust.name,
    ...trust.schools.map(({ name }) => name),
    ...trust.priorities.flatMap(({ name, strands }) => [name, ...strands.map((strand) => strand.name)]),
    ...trust.milestones.map(({ title }) => title),
  ];
  const words = new Set(
    [...staff, ...own].flatMap((text) => text.toLowerCase().match(/[\p{L}'-]+/gu) ?? []).concat(BODIES),
  );
  return (word) => words.has(word) || isNobody(word) || isEnglish(word);
}
