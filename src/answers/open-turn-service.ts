/**
 * A turn that speaks only of what its readers may open as it is asked. Who may open all documents is known for some minutes;
 * those that an answer is about to speak of are looked at again, and when one has closed the turn is taken without it.
 */
import { type Answer, notSaid } from './answer.ts';
import type { DocumentFacts, Passage } from './corpus.ts';
import { answerFromNote } from './notes.ts';
import type { Index } from './retrieval.ts';
import { citedPassages, type Turn } from './turn.ts';

export type OpenTurn = { readonly turn: Turn; readonly index: Index };

export type OpenTurnPorts = {
  /** The index of what the readers may open, without these documents. */
  readonly indexWithout: (closed: ReadonlySet<string>) => Promise<Index>;
  readonly take: (index: Index) => Turn;
  /** Those of these documents that the readers may open, asked now. */
  readonly stillOpen: (docs: readonly DocumentFacts[]) => Promise<readonly DocumentFacts[]>;
};

/** Each look leaves a document out; after so many nothing is said of any. */
const MOST_LOOKS = 4;

export async function takeOpenTurn(
  question: string,
  { indexWithout, take, stillOpen }: OpenTurnPorts,
): Promise<OpenTurn> {
  const closed = new Set<string>();
  for (let look = 1; ; look += 1) {
    const index = await indexWithout(closed);
    const turn = withNote(take(index), question, index);
    if (turn.kind === 'talk') return { turn, index };
    const spoken = docsOf(passagesOf(turn.answer), index);
    const open = new Set(await stillOpen(spoken));
    if (open.size === spoken.length) return { turn, index };
    if (look === MOST_LOOKS) return { turn: { ...turn, answer: notSaid(), next: undefined }, index };
    for (const doc of spoken) if (!open.has(doc)) closed.add(doc.id);
  }
}

/** Where the documents are refused for, a colleague's note may answer. */
function withNote(turn: Turn, question: string, index: Index): Turn {
  if (turn.kind === 'talk' || turn.answer.outcome !== 'refusal') return turn;
  const { about } = turn;
  const noted =
    answerFromNote(question, index) ?? (about ? answerFromNote(`${about} ${question}`, index) : undefined);
  return noted ? { ...turn, answer: noted } : turn;
}

/** Every passage of which a reply to this says anything: its words, its heading, or that it is near. */
function passagesOf(answer: Answer): readonly Passage[] {
  if (answer.outcome === 'refusal') return answer.nearest;
  return answer.outcome === 'clarify' ? answer.options : citedPassages(answer);
}

/** Their documents, each once, nearest first. */
export function docsOf(passages: readonly Passage[], index: Index): DocumentFacts[] {
  return [...new Set(passages.map((passage) => passage.doc))].flatMap((doc) => index.docs.get(doc) ?? []);
}
