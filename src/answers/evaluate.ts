/** The question set: reads its lines, answers them with the same turns that people get, and makes lines to score. Pure. */
import { z } from 'zod/v4';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import type { Conversation } from './follow-up.ts';
import type { Index } from './retrieval.ts';
import { citedPassages, type Turn, takeTurn } from './turn.ts';

const Item = z.object({ id: z.string(), question: z.string(), history: z.array(z.string()).optional() });
export type QuestionItem = z.infer<typeof Item>;

/** A line of the predictions file, as the scorer reads it. */
export type Prediction = {
  readonly id: string;
  readonly outcome: 'answer' | 'refusal' | 'clarify' | 'chat';
  readonly answer: string;
  readonly items?: readonly string[];
  readonly citations: readonly { readonly doc: string; readonly heading: string; readonly text: string }[];
  readonly latency_ms: number;
};

/** One JSON object a line. Refuses a line that is none, by its number. */
export function readQuestionLines(text: string): readonly QuestionItem[] | Refusal {
  const items: QuestionItem[] = [];
  for (const [number, line] of text.split('\n').entries()) {
    if (!line.trim()) continue;
    const item = readLine(line);
    if (isRefusal(item))
      return refuse('bad-question', `Line ${number + 1} of the questions is not a question: ${item.message}`);
    items.push(item);
  }
  return items;
}

function readLine(line: string): QuestionItem | Refusal {
  try {
    const parsed = Item.safeParse(JSON.parse(line));
    return parsed.success ? parsed.data : refuse('bad-question', 'it needs an id and a question.');
  } catch {
    return refuse('bad-question', 'it is not JSON.');
  }
}

/** Asks the history first, in one conversation, then the question. `elapsed` is a running stopwatch in milliseconds. */
export function predict(
  item: QuestionItem,
  index: Index,
  chat: (turn: Turn) => string,
  elapsed: () => number,
): Prediction {
  let conversation: Conversation | undefined;
  for (const earlier of item.history ?? []) {
    const turn = takeTurn(earlier, conversation, index);
    if (turn.kind === 'answer') conversation = turn.next;
  }
  const from = elapsed();
  const turn = takeTurn(item.question, conversation, index);
  const words = chat(turn);
  const latency_ms = Math.round((elapsed() - from) * 1000) / 1000;
  if (turn.kind === 'talk')
    return {
      id: item.id,
      outcome: turn.talk === 'pupil' ? 'refusal' : 'chat',
      answer: words,
      citations: [],
      latency_ms,
    };
  const { answer } = turn;
  if (answer.outcome !== 'answer') {
    return { id: item.id, outcome: answer.outcome, answer: words, citations: [], latency_ms };
  }
  const items = answer.statements.filter((statement) => statement.item).map((statement) => statement.text);
  return {
    id: item.id,
    outcome: 'answer',
    answer: answer.statements
      .map((statement) => (statement.item ? `• ${statement.text}` : statement.text))
      .join('\n'),
    ...(items.length > 0 ? { items } : {}),
    citations: citedPassages(answer).map((passage) => ({
      doc: passage.doc.slice(0, 3),
      heading: passage.path.join(' › '),
      text: passage.text,
    })),
    latency_ms,
  };
}
