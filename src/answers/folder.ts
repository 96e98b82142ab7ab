/** Reads a folder of documents, and answers a question set on it alone. The only files of this slice touched on disk. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { AppError, isRefusal, messageOf, type Refusal, refuse } from '../kernel/errors.ts';
import { stopwatch } from '../kernel/time.ts';
import { cutPassages, type DocumentFacts } from './corpus.ts';
import { predict, readQuestionLines } from './evaluate.ts';
import type { Block } from './readers/block.ts';
import { openReader } from './readers/bounded.ts';
import { isReadable, MAX_BYTES } from './readers/formats.ts';
import { rehearse } from './rehearsal.ts';
import { buildIndex, type Index } from './retrieval.ts';

export type FileBytes = { readonly file: string; readonly bytes: Buffer };

/** Files below a folder that look like documents, sorted; others are left out silently only when hidden. */
export async function listFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort();
}

/** A file's bytes, or why it cannot be read. */
export async function readBytes(folder: string, file: string): Promise<FileBytes | Refusal> {
  try {
    if ((await stat(join(folder, file))).size > MAX_BYTES)
      return refuse('too-large', `${file} was left out: it is larger than 30 MB.`);
    return { file, bytes: await readFile(join(folder, file)) };
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT' && (await exists(folder));
    const why = missing ? 'it is not in the folder' : `it cannot be opened (${messageOf(error)})`;
    return refuse(missing ? 'missing' : 'unreadable', `${file} was left out: ${why}.`);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

export function titleFrom(file: string, blocks: readonly Block[]): string {
  return blocks.find((block) => block.kind === 'heading')?.text ?? basename(file).replace(/\.[^.]+$/, '');
}

/** An index over every readable document of a folder, and the problems of the others. Nothing is stored. */
export async function indexFolder(
  folder: string,
): Promise<{ readonly index: Index; readonly problems: readonly Refusal[] }> {
  const problems: Refusal[] = [];
  const readDocument = openReader();
  const docs: DocumentFacts[] = [];
  const passages = [];
  for (const file of await listFiles(folder)) {
    if (!isReadable(file)) continue;
    const read = await readBytes(folder, file);
    const blocks = isRefusal(read) ? read : await readDocument(file, read.bytes);
    if (isRefusal(blocks)) {
      problems.push(blocks);
      continue;
    }
    const doc: DocumentFacts = { id: file, title: titleFrom(file, blocks), kind: 'essay' };
    docs.push(doc);
    passages.push(...cutPassages(doc, blocks));
  }
  return { index: buildIndex(docs, passages), problems };
}

/**
 * Answers every question of a file (JSON lines: id, question, history) on the documents of a folder and writes one JSON line
 * an answer. Touches no store. Throws AppError `questions-file` when the questions cannot be read.
 */
export async function answerQuestionSet(options: {
  readonly questionsFile: string;
  readonly docsDir: string;
  readonly outFile: string;
}): Promise<{ readonly answered: number; readonly problems: readonly Refusal[] }> {
  const items = readQuestionLines(await readFile(options.questionsFile, 'utf8'));
  if (isRefusal(items)) {
    throw new AppError('questions-file', items.message, {
      remedy: 'Give one JSON object a line with id and question.',
    });
  }
  const { index, problems } = await indexFolder(options.docsDir);
  rehearse(index);
  const elapsed = stopwatch();
  const lines = items.map((item) => JSON.stringify(predict(item, index, () => 'x', elapsed)));
  await writeFile(options.outFile, `${lines.join('\n')}\n`);
  return { answered: items.length, problems };
}
