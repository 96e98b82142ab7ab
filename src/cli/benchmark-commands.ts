/** The command that reads the DfE's published files: checks them through our engine, or keeps them to compare with. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readPublished } from '../attendance/dfe.ts';
import { AppError, isRefusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { isDate } from '../kernel/time.ts';
import { type Command, DONE, REFUSED, textOption, USAGE } from './command.ts';
import { print } from './io.ts';

const MOST_SHOWN = 20;

export const BENCHMARKS: Command<'attendance benchmarks'> = {
  name: 'attendance benchmarks',
  usage: 'FILE (--check | --published 2026-07-23)',
  summary:
    'Reads a published DfE attendance file to compare with; --check holds every row to our engine and keeps nothing',
  words: [1, 1],
  options: { check: { type: 'boolean' }, published: { type: 'string' } },
  standalone: (options) => options.check === true,
  run: async (context) => {
    const { io, json, words, options } = context;
    const file = resolve(io.cwd, words[0] ?? '');
    if (!existsSync(file))
      throw new AppError('no-file', `There is no file ${file}.`, {
        remedy: 'Check the path; nothing was changed.',
      });
    const text = await readFile(file, 'utf8');
    const shown = (problems: readonly { readonly line: number; readonly reason: string }[]) => [
      ...problems.slice(0, MOST_SHOWN).map(({ line, reason }) => `  line ${line}: ${reason}`),
      ...(problems.length > MOST_SHOWN ? [`  and ${problems.length - MOST_SHOWN} more`] : []),
    ];
    if (options.check === true) {
      const read = readPublished(text);
      if (read.kind === 'not-known') {
        print(io, json, { error: 'not-known', message: read.reason }, [
          `${file} is not known: ${read.reason}.`,
        ]);
        return REFUSED;
      }
      const { rows, hidden, problems } = read;
      print(io, json, { rows: rows.length, hidden, problems }, [
        ...shown(problems),
        `${count(rows.length, 'row')} held to our engine, ${problems.length} contradict it; ${hidden} hidden by the DfE.`,
      ]);
      return problems.length === 0 ? DONE : REFUSED;
    }
    const published = textOption(context, 'published');
    if (!isDate(published)) {
      io.err('Say when the file was published: --published 2026-07-23. Cards show that date.');
      return USAGE;
    }
    const { attendance, clock } = await context.app();
    const receipt = await attendance.importBenchmarks(text, {
      published,
      now: clock.now(),
      by: context.permit.by,
    });
    if (isRefusal(receipt)) {
      print(io, json, { error: receipt.reason, message: receipt.message, problems: receipt.problems }, [
        receipt.message,
        ...shown(receipt.problems),
      ]);
      return REFUSED;
    }
    print(io, json, receipt, [
      `${count(receipt.rows, 'figure')} kept, of ${receipt.periods[0]} to ${receipt.periods.at(-1)}; ${receipt.hidden} hidden by the DfE.`,
    ]);
    return DONE;
  },
};
