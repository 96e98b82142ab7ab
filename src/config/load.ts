/** Reads `trust.yaml` from disk and reports every problem with the line it stands on. Nothing starts on a broken file. */
import { readFile } from 'node:fs/promises';
import { LineCounter, parseDocument } from 'yaml';
import { AppError, messageOf } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { type Trust, TrustFile, type TrustProblem } from './trust.ts';
import { crossCheck } from './trust-checks.ts';
import { inWords, type ShapeProblem, shapeProblems } from './trust-words.ts';

/** A check that config cannot make itself, because its rules belong to a capability. */
export type TrustCheck = (trust: Trust) => TrustProblem[];

/** Throws AppError `trust-file` whose message lists all problems as `file:line path message`. */
export async function loadTrust(file: string, checks: readonly TrustCheck[] = []): Promise<Trust> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new AppError('trust-file', `${file} cannot be read: ${messageOf(cause)}`, {
      remedy: 'Set TRUST_FILE to the trust.yaml of your trust, for example TRUST_FILE=trust/trust.yaml.',
      cause,
    });
  }
  const result = parseTrust(text, file, checks);
  if (Array.isArray(result)) {
    throw new AppError(
      'trust-file',
      `${file} has ${count(result.length, 'problem')}:\n  ${result.join('\n  ')}`,
      {
        remedy:
          'Mend these lines and start again: some problems show only once these are mended. Nothing was changed.',
      },
    );
  }
  return result;
}

/** The trust, or its problems as lines of text. */
export function parseTrust(text: string, file: string, checks: readonly TrustCheck[] = []): Trust | string[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0) {
    return document.errors.map(
      (error) => `${file}:${error.linePos?.[0].line ?? '?'} ${error.message.split('\n')[0]}`,
    );
  }
  const lineOf = (path: readonly (string | number)[]): number | undefined => {
    for (let length = path.length; length > 0; length -= 1) {
      const node = document.getIn(path.slice(0, length), true) as
        | { range?: [number, number, number] }
        | undefined;
      if (node?.range) return lines.linePos(node.range[0]).line;
    }
    return undefined;
  };
  const say = (problem: ShapeProblem) => {
    const where = problem.path
      .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
      .join('')
      .replace(/^\./, '');
    return `${file}:${lineOf(problem.at ?? problem.path) ?? '?'} ${where} ${problem.message}`;
  };
  const parsed = TrustFile.safeParse(document.toJS(), { error: inWords });
  if (!parsed.success) return parsed.error.issues.flatMap(shapeProblems).map(say);
  const problems = [crossCheck, ...checks].flatMap((check) => check(parsed.data));
  return problems.length > 0 ? problems.map(say) : parsed.data;
}
