/**
 * A term report as a Word document: headings that a screen reader can list, tables whose first row is their header on every
 * page, links with words, no picture that would need telling. Short enough for two pages; the rest is in the spreadsheet.
 */
import { Document, ExternalHyperlink, HeadingLevel, Packer, Paragraph, type Table, TextRun } from 'docx';
import { count, shorten, togetherInWords } from '../kernel/text.ts';
import { dateWithYear } from '../kernel/time.ts';
import { table } from './docx-table.ts';
import type { ReportMilestone, ReportSchool, TermReport } from './report.ts';
import {
  attendedInWords,
  datesInWords,
  gapInWords,
  missingInWords,
  NO_WEEK,
  notesOf,
  periodInWords,
  priorityInWords,
  sendInWords,
  statusInWords,
  titleInWords,
  trendInWords,
} from './report-words.ts';

/** What needs help first; the spreadsheet has all of them. */
const MOST_MILESTONES = 8;
const MOST_WORDS = 110;
/**
 * The largest letters with which so many schools, all with long names, eight milestones and six priorities stay on two pages (seen in
 * LibreOffice): half points.
 */
const LETTERS: readonly (readonly [schools: number, halfPoints: number])[] = [
  [5, 22],
  [12, 20],
];
const SMALLEST = 18;
const MARGIN = 850;

export async function reportDocument(report: TermReport): Promise<Buffer> {
  const title = titleInWords(report);
  const size = LETTERS.find(([schools]) => report.schools.length <= schools)?.[1] ?? SMALLEST;
  const document = new Document({
    title,
    description: 'A term report for governors',
    creator: 'Waymark',
    // Without these lines the library writes its own name and the hour.
    lastModifiedBy: 'Waymark',
    styles: {
      default: {
        document: { run: { font: 'Arial', size, language: { value: 'en-GB' } } },
        title: { run: { size: 32, bold: true } },
        heading1: {
          run: { size: size + 6, bold: true, color: '1F3864' },
          // Without a level it looks like a heading, and no screen reader lists it as one.
          paragraph: { spacing: { before: 160, after: 60 }, outlineLevel: 0 },
        },
      },
    },
    sections: [
      {
        properties: {
          page: {
            size: { width: 11_906, height: 16_838 },
            margin: { top: MARGIN, bottom: MARGIN, left: MARGIN, right: MARGIN },
          },
        },
        children: [
          new Paragraph({ text: title, heading: HeadingLevel.TITLE }),
          new Paragraph({ text: `For governors: ${datesInWords(report)}.` }),
          ...missing(report),
          ...questions(report),
          ...priorities(report),
          ...milestones(report),
          ...attendance(report),
          ...notes(report),
        ],
      },
    ],
  });
  return Packer.toBuffer(document);
}

function heading(text: string): Paragraph {
  return new Paragraph({ text, heading: HeadingLevel.HEADING_1, keepNext: true });
}

function missing(report: TermReport): Paragraph[] {
  const words = missingInWords(report);
  if (words.length === 0) return [];
  return [
    heading('What this report does not have'),
    ...words.map((text) => new Paragraph({ text, spacing: { after: 40 } })),
  ];
}

function questions(report: TermReport): Paragraph[] {
  return [
    heading('Three questions governors may ask'),
    ...report.questions.map(
      (text, index) => new Paragraph({ text: `${index + 1}. ${text}`, spacing: { after: 40 } }),
    ),
  ];
}

function priorities(report: TermReport): (Paragraph | Table)[] {
  if (report.priorities.length === 0) return [];
  const rows = report.priorities.map((priority) => {
    const { status, trend } = priorityInWords(priority);
    return [priority.name, status, trend];
  });
  return [
    heading('Priorities'),
    table({
      title: 'Priorities',
      description: 'A row for each priority: its milestones by status, and how many moved since last term.',
      header: ['Priority', 'Milestones by status', 'Since last term'],
      rows,
      widths: [30, 45, 25],
    }),
  ];
}

function milestones(report: TermReport): (Paragraph | Table)[] {
  const shown = report.milestones.slice(0, MOST_MILESTONES);
  if (shown.length === 0) return [];
  const over = report.milestones.length - shown.length;
  return [
    heading('Milestones: what needs help first'),
    table({
      title: 'Milestones that need help first',
      description:
        'A row for each milestone, those off track first: its status and trend, and the newest words that a line manager approved, with a link to evidence where there is one.',
      header: ['Milestone', 'Status and trend', 'Newest approved words'],
      rows: shown.map(milestoneRow),
      widths: [34, 20, 46],
    }),
    ...(over > 0
      ? [
          new Paragraph({
            text: `${count(over, 'more milestone')} in the spreadsheet that goes with this report.`,
          }),
        ]
      : []),
  ];
}

function milestoneRow(milestone: ReportMilestone): (string | Paragraph)[] {
  const { title, school, words, evidence } = milestone;
  const trend = trendInWords(milestone);
  const link = evidence
    ? [
        new TextRun(words ? ' ' : ''),
        new ExternalHyperlink({
          link: evidence,
          children: [new TextRun({ text: `Evidence for ${shorten(title, 40)}`, style: 'Hyperlink' })],
        }),
      ]
    : [];
  return [
    `${shorten(title, 90)} (${school})`,
    `${statusInWords(milestone.status)}${trend ? `, ${trend}` : ''}`,
    new Paragraph({ children: [new TextRun(shorten(words, MOST_WORDS)), ...link] }),
  ];
}

function attendance(report: TermReport): (Paragraph | Table)[] {
  if (report.schools.length === 0) return [];
  // Where all of them are compared with one and the same figure, its name stands once.
  const compared = new Set(
    report.schools.flatMap(({ benchmarks: [first] }) => (first ? [benchmarkName(first)] : [])),
  );
  const same = compared.size === 1 ? [...compared][0] : undefined;
  const columns: readonly Column[] = [
    ['School', 32, ({ name }) => name],
    ['Sessions attended', 17, ({ latest }) => attendedInWords(latest)],
    ['Days missed: disadvantage, others', 16, ({ latest }) => gapInWords(latest)],
    ['Days missed: needs, others', 13, ({ latest }) => sendInWords(latest)],
    ['School year so far', 10, ({ toDate }) => (toDate ? `${toDate.attendance}%${toDate.bound}` : '')],
    [same ?? 'Benchmark', 12, ({ benchmarks: [first] }) => (first ? benchmarkCell(first, same) : '')],
  ];
  // What is known of no school takes no column.
  const known = columns.filter(([, , of], index) =>
    index < 3 ? true : report.schools.some((school) => !['', 'not known', NO_WEEK].includes(of(school))),
  );
  const latest = report.trustWeeks.at(-1);
  const together = {
    urn: '',
    name: latest ? togetherInWords(latest) : '',
    latest,
    weeks: [],
    toDate: undefined,
    benchmarks: [],
  };
  const rows = [
    ...report.schools.map((school) => known.map(([, , of]) => of(school))),
    ...(latest ? [known.map(([, , of], index) => (index < 3 ? of(together) : ''))] : []),
  ];
  const newest = [...report.schools.flatMap(({ latest }) => latest?.monday ?? [])].sort().at(-1);
  return [
    heading(`Attendance${newest ? `, week of ${dateWithYear(newest)}` : ''}`),
    new Paragraph({
      text: 'Days missed are for every ten pupils: those in the group, and others. Where a school published no such week, its newest of the term stands.',
    }),
    table({
      title: 'Attendance by school',
      description: `A row for each school${latest ? ', and last the schools together that published' : ''}: sessions attended, and days missed by groups of pupils. “Kept back” and “not known” are explained below the table.`,
      header: known.map(([name]) => name),
      rows,
      widths: known.map(([, width]) => width),
    }),
  ];
}

function benchmarkCell(benchmark: Benchmark, same: string | undefined): string {
  return `${benchmark.attendance}%${same === undefined ? ` (${benchmarkName(benchmark)})` : ''}`;
}

function benchmarkName({ area, period }: Benchmark): string {
  return `${area}, ${periodInWords(period)}`;
}

type Benchmark = ReportSchool['benchmarks'][number];
type Column = readonly [name: string, width: number, of: (school: ReportSchool) => string];

function notes(report: TermReport): Paragraph[] {
  return [
    heading('How to read this'),
    ...notesOf(report).map(
      ([name, words]) =>
        new Paragraph({
          children: [new TextRun({ text: `${name}. `, bold: true }), new TextRun(words)],
          spacing: { after: 40 },
        }),
    ),
  ];
}
