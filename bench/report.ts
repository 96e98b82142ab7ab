/**
 * How a bench of attendance is asked and answers: its forms, `--help` and `--json`; each bar with held or not held; and one
 * JSON line last, which ends with the verdict. With `--json` that line is all of the output, and the rest goes to the error
 * stream.
 */
import { mkdir, writeFile } from 'node:fs/promises';

export type Form = 'quick' | 'standard' | 'full';

export type BenchResult = {
  readonly seeds: Readonly<Record<string, number | string>>;
  readonly figures: Readonly<Record<string, unknown>>;
  readonly bars: Readonly<Record<string, boolean>>;
};

export type Bench = {
  readonly form: Form;
  say(line: string): void;
  /** Also kept in `.bench/NAME.json`. A bar that is not held makes the exit code 1. */
  finish(result: BenchResult): Promise<void>;
};

const WORDS = ['--quick', '--full', '--json', '--help'];

/** For a bench with words of its own: prints how it is called when `--help` is among them, and says whether it did. */
export function helpAsked(argv: readonly string[], usage: string): boolean {
  if (!argv.includes('--help')) return false;
  process.stdout.write(`${usage.trim()}\n`);
  return true;
}

/** Undefined when there is nothing to measure: help was asked for, or the words are not known (exit code 2). */
export function beginBench(name: string, help: string, argv: readonly string[]): Bench | undefined {
  const usage = `npm run bench:${name} [-- --quick | --full] [--json]\n${help}\n`;
  const strange = argv.filter((word) => !WORDS.includes(word));
  if (strange.length > 0 || (argv.includes('--quick') && argv.includes('--full'))) {
    process.stderr.write(`Not understood: ${(strange.length > 0 ? strange : argv).join(' ')}\n${usage}`);
    process.exitCode = 2;
    return undefined;
  }
  if (helpAsked(argv, usage)) return undefined;
  const form = argv.includes('--full') ? 'full' : argv.includes('--quick') ? 'quick' : 'standard';
  const people = argv.includes('--json') ? process.stderr : process.stdout;
  const say = (line: string) => void people.write(`${line}\n`);
  return {
    form,
    say,
    finish: async ({ seeds, figures, bars }) => {
      const missed = Object.entries(bars).filter(([, held]) => !held);
      const pass = missed.length === 0;
      say(`seeds: ${JSON.stringify(seeds)}`);
      for (const [bar, held] of Object.entries(bars)) say(`${held ? 'held    ' : 'NOT HELD'}  ${bar}`);
      const verdict = pass ? 'held' : 'not held';
      const line = JSON.stringify({ bench: name, form, seeds, figures, bars, pass, verdict });
      await mkdir('.bench', { recursive: true });
      await writeFile(`.bench/${name}.json`, `${line}\n`);
      process.stdout.write(`${line}\n`);
      if (!pass) process.exitCode = 1;
    },
  };
}
