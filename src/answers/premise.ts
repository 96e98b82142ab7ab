/**
 * A number in the question that the documents contradict: "five priorities" where six are announced, "2035" where they say
 * 2030. The answer is what they say, with a note; a premise that nothing contradicts is left alone.
 */
import type { Answer } from './answer.ts';
import { sizeOf } from './bonus.ts';
import type { Concept } from './concepts.ts';
import type { Passage } from './corpus.ts';
import { statementsFrom } from './extract.ts';
import { countThings } from './kinds.ts';
import type { Question } from './question.ts';
import { type Hit, type Index, rank } from './retrieval.ts';
import { countAnnounced, numberOf } from './shapes.ts';
import { shownFrom } from './shown.ts';
import { stemOf, termsOf } from './words.ts';

/** A number in the question that the documents contradict: "five priorities" where six are announced; "2035" where they say 2030. */
export function correctPremise(question: Question, index: Index): Answer | undefined {
  if (question.kind !== 'why' && question.kind !== 'other') return undefined;
  const rest = question.concepts.filter((concept) => numberOf(concept.word) === undefined);
  if (rest.length === 0) return undefined;
  for (const asked of question.numbers) {
    if (asked >= 1900 && asked < 2200) {
      if (index.frequency.has(String(asked))) continue;
      const hit = rank(index, rest).find(
        ({ passage, coverage }) =>
          coverage >= 0.35 && passage.kind !== 'section' && /\b20\d\d\b/.test(passage.text),
      );
      if (hit)
        return {
          outcome: 'answer',
          statements: statementsFrom(index, hit.passage, rest, (sentence) => /\b20\d\d\b/.test(sentence)),
          related: [],
          note: `The documents don't mention ${asked}. They say:`,
        };
    } else {
      if (question.kind !== 'why' && !/^(?:and |so )?(?:do|does|are|is|have|has|did)\b/i.test(question.text))
        continue;
      const correction = correctCount(question, rest, asked, index);
      if (correction) return correction;
    }
  }
  return undefined;
}

/** How many there are of what the question counts wrongly: as announced, as listed, or as a sentence says. */
function correctCount(
  question: Question,
  rest: readonly Concept[],
  asked: number,
  index: Index,
): Answer | undefined {
  const inForce = (hit: Hit) => (index.standing.get(hit.passage.doc) ?? 0) >= 0;
  const hit = rank(index, rest).find((other) => inForce(other) && announcedBy(other.passage) !== undefined);
  const size = hit && announcedBy(hit.passage);
  if (hit && size && hit.own >= 0.4) {
    if (size === asked) return undefined;
    const lead = { text: hit.passage.text.split('\n')[0] ?? '', passage: hit.passage };
    const shown = shownFrom(question, index, hit.passage);
    return {
      outcome: 'answer',
      statements: shown.some((statement) => statement.text === lead.text) ? shown : [lead, ...shown],
      related: [],
      note: `The documents say ${size}, not ${asked}.`,
    };
  }
  const noun = COUNTED.exec(question.text)?.[1];
  if (!noun) return undefined;
  const counted: Question = {
    ...question,
    kind: 'how-many',
    concepts: rest,
    target: [stemOf(noun.toLowerCase())],
  };
  const answer = countThings(counted, index);
  if (answer?.outcome !== 'answer') return undefined;
  const said = answer.statements.flatMap(({ text }) =>
    termsOf(text).flatMap((term) => numberOf(term.word) ?? []),
  );
  return said.includes(asked)
    ? undefined
    : { ...answer, note: `The documents don't say ${asked}. They say:` };
}

const COUNTED = /\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (\p{L}+s)\b/iu;

/** Members that a passage announces and shows: tied headings, or a list whose lead says their number. */
function announcedBy(passage: Passage): number | undefined {
  if (passage.members) return passage.members.length;
  const size = sizeOf(passage);
  const lead = passage.text.split('\n')[0] ?? '';
  return passage.kind === 'list' && size !== undefined && countAnnounced(lead) === size ? size : undefined;
}
