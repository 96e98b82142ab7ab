/** The term report for governors, as two files in a folder. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { missingInWords } from '../digests/report-words.ts';
import { isRefusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { type Command, DONE, REFUSED, textOption, USAGE } from './command.ts';
import { print } from './io.ts';

export const REPORT_TERM: Command<'report term'> = {
  name: 'report term',
  usage: '--term 2 --out FOLDER [--year 2026/27] [--school URN]',
  summary:
    'A term for governors: two pages as DOCX, the figures as XLSX; nothing in them that may not be public',
  options: {
    term: { type: 'string' },
    out: { type: 'string' },
    year: { type: 'string' },
    school: { type: 'string' },
  },
  run: async (context) => {
    const { io, json } = context;
    const term = Number(textOption(context, 'term'));
    const out = textOption(context, 'out');
    const year = textOption(context, 'year') || undefined;
    if (!Number.isInteger(term) || term < 1 || term > 6 || !out || (year && !/^\d{4}\/\d{2}$/.test(year))) {
      io.err('Give a term from 1 to 6 and a folder, for example: report term --term 2 --out reports');
      return USAGE;
    }
    const { reports, clock } = await context.app();
    const school = textOption(context, 'school') || undefined;
    const made = await reports.forOperator({ term, year, school }, clock.now());
    if (isRefusal(made)) {
      print(io, json, { error: made.reason, message: made.message }, [made.message]);
      return REFUSED;
    }
    const folder = resolve(io.cwd, out);
    await mkdir(folder, { recursive: true });
    const { report, files } = made;
    for (const { name, bytes } of files) await writeFile(join(folder, name), bytes);
    const written = files.map(({ name, bytes }) => ({ name, bytes: bytes.length }));
    const missing = missingInWords(report);
    print(io, json, { term: report.term, files: written, missing }, [
      ...written.map(({ name, bytes }) => `${join(folder, name)} (${Math.ceil(bytes / 1000)} KB)`),
      `Term ${report.term.term} of ${report.term.year}: ${count(report.milestones.length, 'milestone')}, ${count(report.schools.length, 'school')}, as of ${report.term.asOf}. Read it before you send it on.`,
      ...missing,
    ]);
    return DONE;
  },
};
