/** Milestones from a file, and where they stand or stood, as text, JSON or a file for a spreadsheet. */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { rowInWords } from '../app/milestone-list.ts';
import { aimAsText, valueAsText } from '../checkins/aim.ts';
import { reportXlsx } from '../checkins/export-service.ts';
import { AppError } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { dateOf, isDate } from '../kernel/time.ts';
import { type Command, DONE, REFUSED, textOption, USAGE } from './command.ts';
import { print } from './io.ts';

const MOST_SHOWN = 20;

export const MILESTONES_IMPORT: Command<'milestones import'> = {
  name: 'milestones import',
  usage: 'FILE',
  summary: 'Reads milestones from a CSV file; a bad line refuses the whole file, with every problem named',
  words: [1, 1],
  run: async ({ app, io, json, words, permit }) => {
    const file = resolve(io.cwd, words[0] ?? '');
    const text = await readFile(file, 'utf8').catch((cause: unknown) => {
      throw new AppError('no-file', `${file} cannot be read.`, {
        remedy: 'Check the path; nothing was changed.',
        cause,
      });
    });
    const { checkins, clock } = await app();
    const receipt = await checkins.importMilestones(text, permit.by, clock.now());
    if (receipt.kind === 'problems') {
      const { problems } = receipt;
      const lines = problems
        .slice(0, MOST_SHOWN)
        .map(({ line, column, reason }) => `  line ${line}${column ? `, ${column}` : ''}: ${reason}`);
      const message = `${file} has ${count(problems.length, 'problem')}.`;
      print(io, json, { error: 'problems', message, problems }, [
        message,
        ...lines,
        ...(problems.length > MOST_SHOWN ? [`  and ${problems.length - MOST_SHOWN} more`] : []),
        'Nothing was changed. Mend the file and run the command again.',
      ]);
      return REFUSED;
    }
    print(io, json, receipt, [
      `${count(receipt.read, 'milestone')} read: ${receipt.added} new, ${receipt.changed} changed, ${receipt.read - receipt.added - receipt.changed} as they were.`,
      'Milestones that the file no longer names were left as they are.',
    ]);
    return DONE;
  },
};

export const MILESTONES_LIST: Command<'milestones list'> = {
  name: 'milestones list',
  usage: '',
  summary:
    'Reads the SharePoint list of milestones now, writes back what was approved, and names rows to mend',
  run: async ({ app, io, json }) => {
    const { milestoneList, clock } = await app();
    if (!milestoneList) {
      const message = 'trust.yaml names no SharePoint list of milestones (milestone_list).';
      print(io, json, { error: 'no-list', message }, [message]);
      return REFUSED;
    }
    const look = await milestoneList.look(clock.now());
    const { changed, written, problems } = look;
    print(io, json, look, [
      `${count(changed, 'milestone')} changed here, ${count(written, 'row')} written there.`,
      ...problems.slice(0, MOST_SHOWN).map((problem) => `  ${rowInWords(problem)}`),
      ...(problems.length > MOST_SHOWN ? [`  and ${problems.length - MOST_SHOWN} more`] : []),
      ...(problems.length > 0 ? ['Mend the rows in SharePoint; the others are taken.'] : []),
    ]);
    return problems.length > 0 ? REFUSED : DONE;
  },
};

export const MILESTONES_REPORT: Command<'milestones report'> = {
  name: 'milestones report',
  usage: '[--as-of 2026-11-23] [--csv FILE] [--xlsx FILE]',
  summary: 'Where each milestone stands, or stood at the end of a past day',
  options: { 'as-of': { type: 'string' }, csv: { type: 'string' }, xlsx: { type: 'string' } },
  run: async (context) => {
    const { io, json } = context;
    const { checkins, clock, trust } = await context.app();
    const asOf = textOption(context, 'as-of') || dateOf(clock.now(), trust.trust.zone);
    if (!isDate(asOf)) {
      io.err(`"${asOf}" is not a date; give one such as --as-of 2026-11-23`);
      return USAGE;
    }
    if (asOf > dateOf(clock.now(), trust.trust.zone)) {
      io.err(`${asOf} is still to come; give today or a past day such as --as-of 2026-11-23`);
      return USAGE;
    }
    const { rows, csv } = await checkins.report(asOf);
    const file = textOption(context, 'csv');
    if (file) await writeFile(resolve(io.cwd, file), csv);
    const book = textOption(context, 'xlsx');
    if (book) await writeFile(resolve(io.cwd, book), await reportXlsx(rows));
    const written = [file, book].filter(Boolean).join(' and ');
    print(io, json, { asOf, milestones: rows }, [
      ...rows.map(
        ({ milestone, owner, standing, answer }) =>
          `${milestone.id}: ${answer ? `${answer.status}, ${answer.value === undefined ? `no figure (aim: ${aimAsText(milestone)})` : valueAsText(answer.value, milestone)}` : 'no answer'}; ${standing}; ${owner}`,
      ),
      `${count(rows.length, 'milestone')} at the end of ${asOf}${written ? `, written to ${written}` : ''}.`,
    ]);
    return DONE;
  },
};
