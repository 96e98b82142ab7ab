/**
 * Whether somebody's words look as if they named a pupil. Pure; which words are known (English, the trust's own, colleagues'
 * names) is given. It prefers catching: a draft held back costs a moment, a name in a leader's digest cannot be taken back.
 */

/** `isKnown`: of a word in lower case, that it is no pupil's name. */
export function namesPupil(text: string, isKnown: (word: string) => boolean): boolean {
  const strange = (word: string | undefined) =>
    word !== undefined && word.length > 1 && !isKnown(word.toLowerCase().replace(/['\u2019]s$/, ''));
  return FRAMES.some((frame) =>
    [...text.matchAll(frame)].some(([, first, second]) => {
      if (first === undefined) return true;
      return second === undefined ? strange(first) : strange(first) && strange(second);
    }),
  );
}

const NAME = "\\p{Lu}[\\p{Ll}'\u2019-]+";
const YEAR = '(?:Year|year|Yr|yr|Y|y|Class|class|Form|form|Reception|reception|Nursery|nursery)\\s?\\d*\\b';

/** Without a name in it a frame is enough by itself; with one it must be strange, with two both. */
const FRAMES: readonly RegExp[] = [
  new RegExp(
    `\\b(?:[Pp]upil|[Ss]tudent|[Cc]hild|[Bb]oy|[Gg]irl|[Ll]ad|[Kk]id)\\s+(?:called\\s+|named\\s+)?(${NAME})`,
    'gu',
  ),
  // Initials and a class: "JB in Year 4".
  new RegExp(`\\b\\p{Lu}\\.?\\s?\\p{Lu}\\.?\\s+(?:in|from|of)\\s+${YEAR}`, 'gu'),
  new RegExp(`(?<![\\p{L}])(${NAME})(?:\\s+${NAME})?\\s+(?:in|from|of)\\s+${YEAR}`, 'gu'),
  new RegExp(`(?<![\\p{L}])(${NAME})\\s+(${NAME})(?![\\p{L}])`, 'gu'),
  new RegExp(
    `(?<![\\p{L}])(${NAME})\\s+(?:is|isn't|isn\u2019t|was|wasn't|has|hasn't|hasn\u2019t|still|keeps|refuses|won't|won\u2019t|came|attends?|attended|missed|misses|absent|late|now|and)\\b`,
    'gu',
  ),
  new RegExp(
    `(?<![\\p{L}])(${NAME})['\u2019]s\\s+(?:\\p{Ll}+\\s+)?(?:attendance|behaviour|progress|mum|mother|dad|father|parents?|family|carers?|home|plan|absences?|support|EHCP)`,
    'gu',
  ),
];
