/** A term report's figures as a spreadsheet: a sheet a subject, in the words of the document. Pure. */
import { type SheetParts, spreadsheet, type Value } from '../cards/spreadsheet.ts';
import { shorten, togetherInWords } from '../kernel/text.ts';
import type { ReportWeek } from './ports.ts';
import type { TermReport } from './report.ts';
import {
  attendedInWords,
  datesInWords,
  gapInWords,
  notesOf,
  periodInWords,
  sendInWords,
  statusInWords,
  titleInWords,
  trendInWords,
} from './report-words.ts';

export async function reportSpreadsheet(report: TermReport): Promise<Buffer> {
  const sheets = [
    sheet(
      'Read me',
      'What this is, three questions that governors may ask, and what each word and figure means.',
      ['Subject', 'What it means'],
      [28, 90],
      [
        ['Report', `${titleInWords(report)}, for governors: ${datesInWords(report)}`],
        ...report.questions.map((text, index) => [`Question ${index + 1}`, text]),
        ...notesOf(report),
      ],
    ),
    sheet(
      'Priorities',
      'A row for each priority: its milestones by status, and how many moved since last term.',
      [
        'Priority',
        'On track',
        'At risk',
        'Off track',
        'No approved check-in',
        'With a status last term too',
        'Moved up',
        'Moved down',
      ],
      [40, 12, 12, 12, 22, 28, 12, 12],
      report.priorities.map(({ name, statuses, moved, compared }) => [
        name,
        statuses.onTrack,
        statuses.atRisk,
        statuses.offTrack,
        statuses.notYet,
        compared,
        moved.better,
        moved.worse,
      ]),
    ),
    sheet(
      'Milestones',
      'A row for each milestone, those that need help first.',
      [
        'Milestone',
        'Priority',
        'School',
        'Status',
        'Trend',
        'Figure',
        'Due',
        'Newest approved words',
        'Evidence',
      ],
      [50, 26, 22, 20, 22, 28, 12, 60, 50],
      report.milestones.map((milestone) => [
        milestone.title,
        milestone.priority,
        milestone.school,
        statusInWords(milestone.status),
        trendInWords(milestone),
        milestone.figure,
        milestone.due,
        milestone.words,
        milestone.evidence && {
          text: `Evidence for ${shorten(milestone.title, 40)}`,
          url: milestone.evidence,
        },
      ]),
    ),
    sheet(
      'Attendance by school',
      'A row for each school: its newest published week of the term, and the school year so far.',
      [
        'School',
        'Week of',
        'Sessions attended',
        'Days missed for every ten pupils: disadvantage, others',
        'Needs, others',
        'School year so far (%)',
        'Weeks in that',
      ],
      [28, 12, 24, 44, 32, 22, 14],
      report.schools.map(({ name, latest, toDate }) => [
        name,
        latest?.monday,
        attendedInWords(latest),
        gapInWords(latest),
        sendInWords(latest),
        toDate && `${toDate.attendance}${toDate.bound}`,
        toDate?.weeks,
      ]),
    ),
    sheet(
      'Week by week',
      'A row for each published week of each school, oldest first, and of the schools together that published it.',
      ['School', 'Week of', 'Sessions attended', 'Disadvantage, others', 'Needs, others'],
      [28, 12, 24, 32, 32],
      [
        ...report.schools.flatMap(({ name, weeks }) => weeks.map((week) => weekRow(name, week))),
        ...report.trustWeeks.map((week) => weekRow(togetherInWords(week), week).slice(0, 4)),
      ],
    ),
    sheet(
      'Benchmarks',
      'A row for each published figure that a school’s can be compared with.',
      ['School', 'Area', 'Period', 'Attendance (%)', 'Source'],
      [28, 28, 28, 16, 60],
      benchmarkRows(report),
    ),
  ];
  return spreadsheet(titleInWords(report), sheets);
}

function benchmarkRows({ schools }: TermReport): Value[][] {
  const rows = schools.flatMap(({ name, benchmarks }) =>
    benchmarks.map(({ area, period, attendance, source }) => [
      name,
      area,
      periodInWords(period),
      attendance,
      source,
    ]),
  );
  return rows.length > 0 ? rows : [['None was published for these weeks.']];
}

function weekRow(name: string, week: ReportWeek): Value[] {
  return [name, week.monday, attendedInWords(week), gapInWords(week), sendInWords(week)];
}

function sheet(
  name: string,
  description: string,
  header: readonly string[],
  widths: readonly number[],
  rows: SheetParts['rows'],
): SheetParts {
  return { name, description, header, widths, rows };
}
