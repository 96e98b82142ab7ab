/**
 * Recognises a question about one pupil's records, however it is typed: such records are in the trust's information system
 * and are never looked up here. Told by the frame ("…'s attendance", "has … been in school") and by words that are names.
 */
import { fold } from '../kernel/text.ts';

const RECORD =
  "attendance|attendence|absences?|lateness|marks?|grades?|behaviour|sanctions?|detentions?|exclusions?|suspensions?|timetable|registers?|progress|address|reading age|test (?:scores?|results?)|results?|scores?|(?:home |phone |contact )(?:number|details|address)|mum|dad|parents?'?|family";
/** What else is kept of a pupil; too many of these are asked of a school as well, so they need a name of two words. */
const DETAIL =
  'plp|plps|ehcp?|iep|send|sen|(?:learning |care |support )?plan|support|pupil premium|fsm|free (?:school )?meals|asthma\\w*|allerg\\w*|medica\\w*|diagnos\\w*|adhd|autis\\w*|dyslexi\\w*|eal|looked after|in care|intervention|tutor|teacher|key worker|class|form|set|house|siblings?|brothers?|sisters?|birthday|date of birth|age';
const PLACE = '(?:(?:in|from|of) )?(?:(?:year|yr|y|class|form) ?\\d+[a-z]?|\\d{1,2}[a-z]|reception|nursery)';
const WORD = "[a-z][a-z'-]*[a-z]";

/** Each gives a name of two words, or of one that must then be no word of English. */
const FRAMES: readonly RegExp[] = [
  new RegExp(`\\b(${WORD}) (${WORD}?)(?:'s|s'|s) (?:[a-z]+ )?(?:${RECORD})\\b`, 'g'),
  new RegExp(`\\b(${WORD}?)'s (?:current |recent |latest |overall )?(?:${RECORD})\\b`, 'g'),
  new RegExp(
    `\\b(?:${RECORD}) (?:record |data |figures? )?(?:of|for) (?:pupil |student )?(${WORD}) (${WORD})\\b`,
    'g',
  ),
  new RegExp(
    `\\b(?:has|was|is|did|does|how is|how's|why is|why was) (${WORD}) (${WORD}) (?:been |in |at |so )*(?:absent|late|away|off|school|here|today|excluded|suspended|attend\\w*|doing|missed|missing|getting on)\\b`,
    'g',
  ),
  new RegExp(
    `\\b(?:has|was|is|did|does|do|can|should|will) (${WORD}) (${WORD}) (?:${PLACE} )?(?:[a-z]+ ){0,4}?(?:${DETAIL})\\b`,
    'g',
  ),
  new RegExp(`\\b(${WORD}) (${WORD}?)(?:'s|s'|s) (?:[a-z]+ )?(?:${DETAIL})\\b`, 'g'),
  new RegExp(
    `\\b(?:year|class|form|set|house|group|school|old) (?:is|was) (${WORD}) (${WORD})(?: in)?(?= *$|[?.,])`,
    'g',
  ),
  new RegExp(`\\b(${WORD}) (${WORD}) ${PLACE}(?![a-z])`, 'g'),
  new RegExp(`\\b(?:pupil|student|child) (?:called |named )(${WORD})(?: (${WORD}))?`, 'g'),
  new RegExp(`\\b(${WORD}) (${WORD}) (?:${RECORD})\\b`, 'g'),
];

/** Never a name: what stands before "…'s attendance" when no pupil is meant. */
const NO_NAME = new Set(
  "ceo cfo coo dsl senco sendco ta tas slt hr it the our my your their his her its this that these those last next each every all any some no what which who whose how when where why is are was were be been has have did do does a an of for to in on at by with from and or pupil pupils child children student students boy boys girl girls class year years week weeks month term today yesterday school schools trust academy primary secondary staff teacher teachers colleague colleagues team group key stage phase cohort reception nursery nation national england ofsted dfe government family families community home whole good poor low high overall average better improve improving check see show find get tell give know it's that's what's who's there's let's head heads governor governors leader leaders manager everyone somebody someone person people does is send pp mat ks".split(
    ' ',
  ),
);

/** First names that are words of English as well. */
const GIVEN = new Set(
  'tyler kyle jayden callum connor mohammed ethan evie freya finley harvey lewis liam logan kai kian megan millie mia niamh owen reece riley rhys ryan theo toby zac zara grace lily rose ruby poppy daisy ivy violet hope faith joy jack frank max bill rob dean grant chase hunter mason taylor jordan amber pearl iris olive holly hazel heather jasmine willow robin jay carol penny sandy victor harry tom ben sam dan joe charlie lucy emma anna jake luke adam ryan aaron noah leo alfie oscar archie ella mia ava amelia isla sophie chloe'.split(
    ' ',
  ),
);

/** "Lesson-by-lesson", "keep-up": words joined that are words apart; "Lily-Rose" is a name. */
function isCompound(word: string, isKnown: (part: string) => boolean): boolean {
  const parts = word.split('-');
  return parts.length > 1 && parts.every((part) => part.length > 1 && isKnown(part) && !GIVEN.has(part));
}

/** `isWord`: a word of English or of the documents, so no name. */
export function asksOfPupil(typed: string, isWord: (word: string) => boolean): boolean {
  const text = fold(typed).normalize('NFD').replace(/\p{M}/gu, '');
  const isKnown = (word: string) => NO_NAME.has(word) || isWord(word) || isWord(word.replace(/s$/, ''));
  const strange = (word: string) => word.length > 2 && !isKnown(word) && !isCompound(word, isKnown);
  return FRAMES.some((frame, place) =>
    [...text.matchAll(frame)].some(([, first = '', last]) => {
      if (last === undefined) return strange(first);
      if (NO_NAME.has(first) || NO_NAME.has(last)) return false;
      // Without a frame of its own, two words before "attendance" are a name only when both are strange.
      if (place === FRAMES.length - 1) return strange(first) && strange(last);
      return (
        strange(first) || (GIVEN.has(first) && !NO_NAME.has(last)) || (strange(last) && GIVEN.has(first))
      );
    }),
  );
}
