/**
 * "What does this mean for me?": the parts of the documents that say for whom they are ("If you are a tutor …", "guidance for
 * tutors") and that name the asker's role, as the directory gives it. Without such a part the answer is that there is none.
 */
import { type Answer, notSaid } from './answer.ts';
import { conceptsOf, mendedTerms } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { statementsFrom } from './extract.ts';
import { isMet } from './match.ts';
import type { Index } from './retrieval.ts';

const FOR_ME =
  /\b(?:mean|means|matter|matters|ask|asks|expect|expects|say|says) (?:(?:of|for|to) )?(?:me|my (?:role|job|work))\b|\bwhat (?:does|do|is|are) (?:this|that|it|they|the (?:strategy|plan|priorities)) (?:mean )?(?:for|to) (?:me|my)\b|\bin my (?:role|job)\b|\bwhat should i do (?:in|as)\b|\b(?:i am|i'm|im|as) an? [\w -]{2,40}[:,] *(?:where|what|how) (?:do|should|can) i\b/i;
/** The role may be said instead of looked up: "I'm a TA: where do I start?" */
const SAID_ROLE = /\b(?:i am|i'm|im|as) an? ([\p{L}][\p{L} -]{1,40}?)(?=[:,.?]|$)/iu;
/** Headings and titles that say for whom a part is. */
const ADDRESSED =
  /^(?:if|when|where) you\b|^for\b|\b(?:guidance|explained|guide|advice|notes?|what this means) for\b/i;

/** What people of a role do, where a part is addressed by that: "If you teach". */
const DOING: readonly (readonly [RegExp, string])[] = [
  [/\b(?:teacher|lecturer|ect|nqt)\b(?<!head ?teacher)/i, 'teach'],
  [/\b(?:head|headteacher|principal|leader|lead|director|chief|deputy|manager)\b/i, 'lead'],
  [/\btutor\b/i, 'tutor'],
  [/\b(?:office|administrator|receptionist|secretary|clerk)\b/i, 'office'],
  [/\b(?:cook|chef|kitchen|catering|midday)\b/i, 'kitchen'],
  [/\b(?:caretaker|site|premises|cleaner|estates)\b/i, 'site'],
];

export function asksForMe(typed: string): boolean {
  return FOR_ME.test(typed);
}

/** `jobTitle`: as the directory has it; empty when it has none. Parts in force come first; at most `MOST` are shown. */
export function answerForRole(typed: string, jobTitle: string, index: Index): Answer {
  const called = SAID_ROLE.exec(typed)?.[1] ?? jobTitle;
  const role = `${called} ${DOING.filter(([who]) => who.test(called))
    .map(([, does]) => does)
    .join(' ')}`;
  const concepts = conceptsOf(
    role,
    mendedTerms(role, index.vocabulary),
    index.initials,
    index.vocabulary,
    new Set(),
  );
  const heads = concepts.filter(
    (concept) => concept.known || DOING.some(([, does]) => does === concept.word),
  );
  if (heads.length === 0) return notSaid([], 'not-for-role');
  const isAssistant = /\bassistants?\b|\b(?:TA|LSA)s?\b/i.test(called);
  const names = (title: string) => {
    // Teaching assistants are not meant by "teach".
    const own = isAssistant ? title : title.replace(/\bteaching assistants?\b/gi, '');
    return ADDRESSED.test(title) && heads.some((concept) => isMet(concept, own, SAME_ROLE));
  };
  const parts = index.passages.filter(
    (passage) =>
      (passage.kind === 'paragraph' || passage.kind === 'list') &&
      (index.standing.get(passage.doc) ?? 0) >= 0 &&
      names(passage.path.at(-1) ?? ''),
  );
  const guides = index.passages.filter(
    (passage) =>
      passage.opens === true &&
      !/^(?:By|From|Owner|Written)\b.*\d{4}/.test(passage.text) &&
      (index.standing.get(passage.doc) ?? 0) >= 0 &&
      names(index.docs.get(passage.doc)?.title ?? '') &&
      !parts.some((part) => part.doc === passage.doc),
  );
  const shown = [...parts, ...firstOfEach(guides)].slice(0, MOST);
  if (shown.length === 0) return notSaid([], 'not-for-role');
  return {
    outcome: 'answer',
    statements: shown.flatMap((passage) => statementsFrom(index, passage, heads)),
    related: guides.filter((passage) => !shown.includes(passage)).slice(0, 1),
  };
}

const SAME_ROLE = 0.85;
const MOST = 3;

function firstOfEach(passages: readonly Passage[]): Passage[] {
  const seen = new Set<string>();
  return passages.filter(({ doc }) => !seen.has(doc) && seen.add(doc));
}
