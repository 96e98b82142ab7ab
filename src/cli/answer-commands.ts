/** Commands about answers: one question, a question set, and reading documents. */
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Audience } from '../answers/access.ts';
import { answerQuestionSet } from '../answers/folder.ts';
import { AppError } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { type Command, type CommandContext, DONE, REFUSED, textOption, USAGE } from './command.ts';
import { print } from './io.ts';

export const ASK: Command<'ask'> = {
  name: 'ask',
  usage: '"QUESTION" [--as PERSON-ID]  |  --questions F.jsonl --docs DIR --out P.jsonl',
  summary:
    'Answers a question from what all staff may read, or as one of them would get it; or a question set on documents of its own',
  words: [0, 1],
  options: {
    as: { type: 'string' },
    questions: { type: 'string' },
    docs: { type: 'string' },
    out: { type: 'string' },
  },
  standalone: (options) => options.questions !== undefined,
  run: (context) => (context.options.questions === undefined ? askOne(context) : askSet(context)),
};

async function askOne(context: CommandContext): Promise<number> {
  const { words, io, json } = context;
  const [question] = words;
  if (!question) {
    io.err('Say what to ask: npm run -s cli -- ask "What are our priorities?"');
    return USAGE;
  }
  const { answers, trust, clock, directory, prepare, safety } = await context.app();
  const as = textOption(context, 'as');
  const personId = as || trust.trust.questions_contact;
  if (!(await directory.person(personId))) await prepare(clock.now());
  const person = await directory.person(personId);
  if (!person?.staff) {
    throw new AppError('not-staff', `${personId} is not a member of staff.`, {
      remedy: 'Give --as the object id of someone in the staff group.',
    });
  }
  // As in a chat: what may concern somebody's safety is neither searched nor kept.
  const concern = safety(question, person, 'chat');
  if (concern) {
    print(io, json, { safety: concern.text }, [concern.text]);
    return DONE;
  }
  const audience: Audience = as ? { kind: 'personal' } : { kind: 'staff' };
  const reply = await answers.ask(
    question,
    { personId, conversationId: 'command-line', audience },
    clock.now(),
  );
  // A trial is nobody's question: it must not count among what staff asked in vain.
  if (reply.ref) await answers.withdraw(reply.ref, clock.now());
  const sources = (reply.citations ?? []).map((citation) => `[${citation.position}] ${citation.name}`);
  print(
    io,
    json,
    {
      question,
      text: reply.text ?? reply.card?.text ?? '',
      citations: reply.citations ?? [],
      suggestions: reply.suggestions ?? [],
    },
    [reply.text ?? reply.card?.text ?? '', ...(reply.text?.includes(sources[0] ?? '\u0000') ? [] : sources)],
  );
  return DONE;
}

async function askSet(context: CommandContext): Promise<number> {
  const { io, json } = context;
  const [questions, docs, out] = ['questions', 'docs', 'out'].map((name) => textOption(context, name));
  if (!questions || !docs || !out) {
    io.err('A question set needs all three: --questions F.jsonl --docs DIR --out P.jsonl');
    return USAGE;
  }
  const at = (path: string) => resolve(io.cwd, path);
  const { answered, problems } = await answerQuestionSet({
    questionsFile: at(questions),
    docsDir: at(docs),
    outFile: at(out),
  });
  print(io, json, { answered, problems, out }, [
    ...problems.map((problem) => problem.message),
    `${count(answered, 'question')} answered. Predictions are in ${out}.`,
  ]);
  return problems.length > 0 ? REFUSED : DONE;
}

export const INGEST: Command<'ingest'> = {
  name: 'ingest',
  usage: 'DIR',
  summary: 'Reads the documents that trust.yaml lists from a folder; unchanged ones are skipped',
  words: [1, 1],
  run: async ({ app, words, io, json }) => {
    const folder = resolve(io.cwd, words[0] ?? '.');
    // A mistyped folder must not read as one from which every document has gone.
    await readdir(folder);
    const { answers, clock } = await app();
    const report = await answers.ingest(folder, clock.now());
    print(io, json, report, [
      ...report.problems.map((problem) => problem.message),
      ...report.health.map((finding) => `To mend: ${finding.message}`),
      `${count(report.read.length, 'document')} read, ${report.unchanged.length} unchanged, ${report.removed.length} gone.`,
      report.problems.length > 0
        ? 'The others are answered from. Mend these and run the command again.'
        : 'Try: npm run -s cli -- ask "What are our priorities?"',
    ]);
    return report.problems.length > 0 ? REFUSED : DONE;
  },
};
