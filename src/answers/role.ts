/**
 * "What does this mean for me?": the parts of the documents that say for whom they are ("If you are a tutor …", "guidance for
 * tutors") and that name the asker's role, as the directory gives it. Without such a part the answer is that there is none.
 */
import { type Answer, notSaid, type Statement } from './answer.ts';
import { conceptsOf, mendedTerms } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { statementsFrom } from './extract.ts';
import type { Conversation } from './follow-up.ts';
import { isMet } from './match.ts';
import { readQuestion } from './question.ts';
import { coverageOf, type Index, rank } from './retrieval.ts';

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

/**
 * `jobTitle`: as the directory has it; empty when it has none. Of what is addressed to the role, the parts on what was asked about
 * (or spoken of `before`: "this"); where there are none, that is said. At most `MOST` are shown.
 */
export function answerForRole(
  typed: string,
  jobTitle: string,
  index: Index,
  before: Conversation | undefined = undefined,
): Answer {
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
  const inForce = ({ doc }: Passage) => (index.standing.get(doc) ?? 0) >= 0;
  const parts = index.passages.filter(
    (passage) =>
      (passage.kind === 'paragraph' || passage.kind === 'list') &&
      !IMPRINT.test(passage.text) &&
      inForce(passage) &&
      names(passage.path.at(-1) ?? ''),
  );
  const guides = index.passages.filter(
    (passage) =>
      (passage.kind === 'paragraph' || passage.kind === 'list') &&
      !IMPRINT.test(passage.text) &&
      inForce(passage) &&
      names(index.docs.get(passage.doc)?.title ?? ''),
  );
  const opening = firstOfEach(
    guides.filter(({ doc, opens }) => opens === true && !parts.some((part) => part.doc === doc)),
  );
  const general = [...parts, ...opening];
  const addressed = [...new Set([...parts, ...guides])];
  const topic = TOPIC.exec(typed)?.[1] ?? '';
  const isSaid = topic !== '' && !POINTS.test(topic);
  const found = isSaid
    ? ofTopic(topic, addressed, general, index)
    : ofTopic(before?.topic ?? '', addressed, general, index, before);
  const shown = (found.length > 0 ? found : isSaid ? [] : general).slice(0, MOST);
  if (shown.length === 0) {
    const near = isSaid ? rank(index, readQuestion(topic, index).concepts).slice(0, 2) : [];
    return notSaid(
      near.map(({ passage }) => passage),
      'not-for-role',
    );
  }
  const strayed = !isSaid && before !== undefined && found.length === 0;
  return {
    outcome: 'answer',
    statements: once(shown.flatMap((passage) => statementsFrom(index, passage, heads))),
    related: opening.filter((passage) => !shown.includes(passage)).slice(0, 1),
    ...(strayed
      ? { note: 'No part on that is addressed to your role. To your role the documents say:' }
      : {}),
  };
}

/** What is asked about: "What does *catch-up* mean for me?". */
const TOPIC =
  /\bwhat (?:does|do|would|will|is|are) (.+?) (?:(?:means?|matters?|asks?|expects?|says?) )?(?:of|for|to) (?:me|my)\b/i;
/** Says nothing of itself. */
const POINTS = /^(?:all )?(?:this|that|it|they|these|those|them)(?: all)?$/i;
/** Who made a document, and until when it holds: nobody's task. */
const IMPRINT = /^(?:By|From|Owner|Written)\b.*\d{4}|^In force\b/;
/** The share of a topic that a part must speak of. */
const ON_TOPIC = 0.6;

/** Those of the parts that are on a topic: all of a document that is named by it, or what speaks of it, best first. */
function ofTopic(
  topic: string,
  addressed: readonly Passage[],
  general: readonly Passage[],
  index: Index,
  before?: Conversation,
): Passage[] {
  const { concepts } = readQuestion(topic, index);
  if (concepts.length === 0) return [];
  const titleOf = (doc: string) => index.docs.get(doc)?.title ?? '';
  const named = general.filter(({ doc }) => coverageOf(index, concepts, titleOf(doc)) >= SAME_ROLE);
  const speaking = addressed
    .map((passage) => ({
      passage,
      share: coverageOf(index, concepts, [...passage.path, passage.text].join(' ')),
    }))
    .filter(({ share }) => share >= ON_TOPIC)
    .sort((one, other) => other.share - one.share)
    .map(({ passage }) => passage);
  if (named.length > 0) return named;
  if (speaking.length > 0) return speaking;
  const spoken = new Set(before?.passages.flatMap((id) => index.entries.get(id)?.passage.doc ?? []));
  return general.filter(({ doc }) => spoken.has(doc));
}

/** The line that leads into a list stands in the text before it too. */
function once(statements: readonly Statement[]): Statement[] {
  return [...new Map(statements.map((statement) => [statement.text, statement])).values()];
}

const SAME_ROLE = 0.85;
const MOST = 3;

function firstOfEach(passages: readonly Passage[]): Passage[] {
  const seen = new Set<string>();
  return passages.filter(({ doc }) => !seen.has(doc) && seen.add(doc));
}
