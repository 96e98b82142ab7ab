/** Puts malformed files among good ones, reads the folder as the service does, and says what was named and what is answered. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stopwatch } from '../../src/kernel/time.ts';
import type { Db } from '../../src/storage/database.ts';
import { answersOn } from './answers.ts';
import { malformedFiles } from './malformed.ts';

const GOOD = [
  [
    'good-first.md',
    '# Clubs\n\n## Chess\nChess club meets in the library on Tuesdays.\n',
    'Where does the chess club meet?',
    'library',
  ],
  [
    'good-last.html',
    '<h1>Travel</h1><h2>Bicycles</h2><p>Colleagues keep bicycles behind the gymnasium.</p>',
    'Where do colleagues keep bicycles?',
    'gymnasium',
  ],
] as const;

export type MalformedReport = {
  readonly files: number;
  /** Files that were left out without a word, or read as if nothing were wrong. */
  readonly unnamed: readonly string[];
  readonly reasons: Readonly<Record<string, number>>;
  readonly answered: number;
  readonly questions: number;
  readonly seconds: number;
  readonly peakMegabytes: number;
};

export async function runMalformed(db: Db, count: number, seed?: number): Promise<MalformedReport> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-malformed-'));
  try {
    const bad = await writeMalformed(folder, count, seed);
    for (const [file, text] of GOOD) await writeFile(join(folder, file), text);
    const files = [GOOD[0][0], ...bad.map(({ file }) => file), GOOD[1][0]];
    const answers = answersOn(
      db,
      files.map((file) => ({ file, owner: 'ceo', kind: 'policy' })),
    );
    const now = new Date('2026-11-23T07:30:00Z');
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 50);
    const elapsed = stopwatch();
    const report = await answers.ingest(folder, now);
    const seconds = elapsed() / 1_000;
    clearInterval(watch);
    const named = new Set(report.problems.map((problem) => problem.message.split(' ')[0]));
    const reasons: Record<string, number> = {};
    for (const problem of report.problems) reasons[problem.reason] = (reasons[problem.reason] ?? 0) + 1;
    let answered = 0;
    for (const [, , question, expected] of GOOD) {
      const asker = { personId: 'p', conversationId: 'c', audience: { kind: 'personal' } as const };
      if ((await answers.ask(question, asker, now)).text?.includes(expected)) answered += 1;
    }
    return {
      files: bad.length,
      unnamed: bad.filter(({ file }) => !named.has(file)).map(({ file }) => file),
      reasons,
      answered,
      questions: GOOD.length,
      seconds,
      peakMegabytes: Math.round(peak / 1_048_576),
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Their names only: what the files hold is not to be counted as memory that reading them takes. */
async function writeMalformed(folder: string, count: number, seed: number | undefined) {
  const names: { readonly file: string }[] = [];
  for (const { file, bytes } of await malformedFiles(count, seed)) {
    await writeFile(join(folder, file), bytes);
    names.push({ file });
  }
  return names;
}
