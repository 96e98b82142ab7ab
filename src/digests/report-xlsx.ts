/**
 * A term report's figures as a spreadsheet: a sheet a subject, each with one header row that stays in view. Every cell is a text
 * or a number; none is a formula, whatever somebody wrote.
 */
import { type SheetParts, spreadsheet, type Value } from '../cards/spreadsheet.ts';
import type { ReportWeek } from './ports.ts';
import type { TermReport } from './report.ts';
import {
  attendedInWords,
  gapInWords,
  notesOf,
  sendInWords,
  statusInWords,
  termInWords,
  trendInWords,
} from './report-words.ts';

export async function reportSpreadsheet(report: TermReport): Promise<Buffer> {
  const sheets = [
    sheet(
      'Read me',
      ['Subject', 'What it means'],
      [28, 90],
      [
        ['Report', `${report.scopeName}: ${termInWords(report)}`],
        ...report.questions.map((text, index) => [`Question ${index + 1}`, text]),
        ...notesOf(report),
      ],
    ),
    sheet(
      'Priorities',
      ['Priority', 'On track', 'At risk', 'Off track', 'No approved check-in', 'Moved up', 'Moved down'],
      [40, 12, 12, 12, 22, 12, 12],
      report.priorities.map(({ name, statuses, moved }) => [
        name,
        statuses.onTrack,
        statuses.atRisk,
        statuses.offTrack,
        statuses.notYet,
        moved.better,
        moved.worse,
      ]),
    ),
    sheet(
      'Milestones',
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
      [50, 26, 22, 20, 22, 28, 12, 60, 40],
      report.milestones.map((milestone) => [
        milestone.title,
        milestone.priority,
        milestone.school,
        statusInWords(milestone.status),
        trendInWords(milestone),
        milestone.figure,
        milestone.due,
        milestone.words,
        milestone.evidence,
      ]),
    ),
    sheet(
      'Attendance by school',
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
      ['School', 'Week of', 'Sessions attended', 'Disadvantage, others', 'Needs, others'],
      [28, 12, 24, 32, 32],
      [
        ...report.schools.flatMap(({ name, weeks }) => weeks.map((week) => weekRow(name, week))),
        ...report.trustWeeks.map((week) => weekRow('All schools together', week).slice(0, 4)),
      ],
    ),
    sheet(
      'Benchmarks',
      ['School', 'Area', 'Period', 'Attendance (%)', 'Source'],
      [28, 28, 14, 16, 60],
      report.schools.flatMap(({ name, benchmarks }) =>
        benchmarks.map(({ area, period, attendance, source }) => [name, area, period, attendance, source]),
      ),
    ),
  ];
  return spreadsheet(sheets);
}

function weekRow(name: string, week: ReportWeek): Value[] {
  return [name, week.monday, attendedInWords(week), gapInWords(week), sendInWords(week)];
}

function sheet(
  name: string,
  header: readonly string[],
  widths: readonly number[],
  rows: SheetParts['rows'],
): SheetParts {
  return { name, header, widths, rows };
}
