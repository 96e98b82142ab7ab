/** Commands about attendance: marks in, the week's figures, the worked cases, and a nudge before it is sent. */
import { createReadStream, existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { runCases } from '../attendance/cases.ts';
import { problemList } from '../attendance/problem-list.ts';
import type { Audience } from '../attendance/service.ts';
import { AppError, isRefusal, type Refusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { mondayOf } from '../kernel/time.ts';
import { type Command, DONE, REFUSED, textOption, USAGE } from './command.ts';
import { type Io, print } from './io.ts';

function refused(io: Io, json: boolean, refusal: Refusal): number {
  print(io, json, { error: refusal.reason, message: refusal.message }, [refusal.message]);
  return REFUSED;
}

const MOST_SHOWN = 20;

export const IMPORT: Command<'attendance import'> = {
  name: 'attendance import',
  usage: 'FILE [--school URN] [--check] [--replace] [--problems FILE]',
  summary:
    'Reads a marks file into weekly tallies; keeps no name or number of a pupil. A bad line refuses the whole file, with every problem named. --check saves nothing; --problems writes the list as a CSV',
  words: [1, 1],
  options: {
    school: { type: 'string' },
    replace: { type: 'boolean' },
    check: { type: 'boolean' },
    problems: { type: 'string' },
  },
  run: async (context) => {
    const { io, json, words, options } = context;
    const file = resolve(io.cwd, words[0] ?? '');
    if (!existsSync(file)) {
      throw new AppError('no-file', `There is no file ${file}.`, {
        remedy: 'Check the path; nothing was changed.',
      });
    }
    const { attendance, clock } = await context.app();
    const receipt = await attendance.importMarks(createReadStream(file, { highWaterMark: 1 << 16 }), {
      schoolUrn: textOption(context, 'school') || undefined,
      replace: options.replace === true,
      check: options.check === true,
      name: basename(file),
      now: clock.now(),
      by: context.permit.by,
    });
    if (isRefusal(receipt)) {
      const list = textOption(context, 'problems');
      if (list) await writeFile(resolve(io.cwd, list), problemList(receipt.problems, receipt.more));
      const shown = receipt.problems.slice(0, MOST_SHOWN);
      const lines = shown.map(
        ({ line, column, reason }) =>
          `  ${line > 0 ? `line ${line}` : 'file'}${column ? `, ${column}` : ''}: ${reason}`,
      );
      const more = receipt.problems.length - shown.length + receipt.more;
      print(
        io,
        json,
        { error: receipt.reason, message: receipt.message, problems: receipt.problems, more: receipt.more },
        [
          receipt.message,
          ...lines,
          ...(more > 0 ? [`  and ${more} more`] : []),
          'Nothing was changed. Mend the file and run the command again.',
        ],
      );
      return REFUSED;
    }
    print(io, json, receipt, [
      ...receipt.weeks.map(
        (week) =>
          `  ${week.schoolUrn} ${week.week}: ${week.state}, ${week.pupils} pupils, ${week.complete}% of marks in${week.moved ? `, moved by ${week.moved}` : ''}`,
      ),
      ...receipt.notes,
      receipt.saved
        ? `${count(receipt.rows, 'row')} read. Next: npm run -s cli -- attendance week --week ${receipt.weeks.at(-1)?.week ?? '2026-W47'}`
        : `${count(receipt.rows, 'row')} read. The file can be imported; nothing was saved. Import it without --check.`,
    ]);
    return DONE;
  },
};

export const WEEK: Command<'attendance week'> = {
  name: 'attendance week',
  usage: '--week 2026-W47 [--school URN]',
  summary: "A week's figures as cards would show them; small groups are hidden here too",
  options: { week: { type: 'string' }, school: { type: 'string' } },
  run: async (context) => {
    const { io, json } = context;
    const week = textOption(context, 'week');
    if (!week) {
      io.err('Say which week: --week 2026-W47');
      return USAGE;
    }
    mondayOf(week);
    const { attendance, clock } = await context.app();
    const figures = await attendance.weekFigures({
      week,
      schoolUrn: textOption(context, 'school') || undefined,
      now: clock.now(),
      preview: true,
    });
    if (isRefusal(figures)) return refused(io, json, figures);
    const lines = figures.map(({ name, release, note, state }) => {
      if (!release) return `${name}: ${note ?? 'no figures'}`;
      const gap = release.gap
        ? `disadvantaged ${release.gap.disadvantaged}, others ${release.gap.others} days missed for every 10 pupils`
        : 'gap not shown: too few pupils';
      return `${name}: ${release.school?.attendance ?? '–'}% attended; ${gap}${state === 'preview' ? ' (not published yet)' : ''}`;
    });
    print(io, json, { week, schools: figures }, [
      ...lines,
      `See a card: npm run -s cli -- nudge preview --week ${week} --audience head --school ${figures[0]?.schoolUrn ?? 'URN'}`,
    ]);
    return DONE;
  },
};

export const CASES: Command<'attendance cases'> = {
  name: 'attendance cases',
  usage: 'FILE',
  summary: 'Runs worked attendance cases through the engine and compares',
  words: [1, 1],
  standalone: () => true,
  run: async ({ io, json, words }) => {
    const file = resolve(io.cwd, words[0] ?? '');
    const results = runCases(await readCases(file), readerBeside(file, await benchmarksOf(file)));
    if (json) for (const result of results) io.out(JSON.stringify(result));
    else {
      for (const result of results.filter(({ pass }) => !pass)) {
        io.out(
          `${result.id} (${result.kind}) fails\n  expected ${JSON.stringify(result.expected)}\n  actual   ${JSON.stringify(result.actual)}`,
        );
      }
      io.out(`${results.filter(({ pass }) => pass).length} of ${count(results.length, 'case')} pass.`);
    }
    return results.every(({ pass }) => pass) ? DONE : REFUSED;
  },
};

async function readCases(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new AppError('cases-file', `${file} cannot be read as worked cases.`, {
      remedy: 'Give a JSON file with a list "cases".',
      cause,
    });
  }
}

/** The texts of the files that cases name, by their path as written there. */
async function benchmarksOf(file: string): Promise<Map<string, string>> {
  const named = [...(await readFile(file, 'utf8')).matchAll(/"file"\s*:\s*"([^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  const texts = new Map<string, string>();
  for (const path of new Set(named)) {
    const beside = resolve(dirname(file), path);
    if (existsSync(beside)) texts.set(path, await readFile(beside, 'utf8'));
  }
  return texts;
}

function readerBeside(
  _file: string,
  texts: ReadonlyMap<string, string>,
): (path: string) => string | undefined {
  return (path) => texts.get(path);
}

const AUDIENCES: readonly string[] = ['tutor', 'head', 'trust', 'channel'];

export const PREVIEW: Command<'nudge preview'> = {
  name: 'nudge preview',
  usage: '--week 2026-W47 --audience tutor|head|trust|channel [--school URN]',
  summary: 'Shows a nudge without sending it',
  options: { week: { type: 'string' }, audience: { type: 'string' }, school: { type: 'string' } },
  run: async (context) => {
    const { io, json } = context;
    const week = textOption(context, 'week');
    const audience = textOption(context, 'audience');
    if (!week || !AUDIENCES.includes(audience)) {
      io.err('Say which week and for whom: --week 2026-W47 --audience head --school 900001');
      return USAGE;
    }
    mondayOf(week);
    const { attendance, clock } = await context.app();
    const preview = await attendance.previewNudge({
      week,
      audience: audience as Audience,
      schoolUrn: textOption(context, 'school') || undefined,
      now: clock.now(),
    });
    if (isRefusal(preview)) return refused(io, json, preview);
    print(io, json, preview.content, [preview.text, '', 'Not sent.']);
    return DONE;
  },
};
