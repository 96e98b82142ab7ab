/**
 * A term report as a Word document: headings that a screen reader can list, tables whose first row is their header on every
 * page, links with words, no picture that would need telling. Short enough for two pages; the rest is in the spreadsheet.
 */
import {
  BorderStyle,
  Document,
  ExternalHyperlink,
  HeadingLevel,
  Packer,
  Paragraph,
  Table,
  TableCell,
  TableRow,
  TextRun,
  WidthType,
} from 'docx';
import { count, shorten } from '../kernel/text.ts';
import { dateWithYear } from '../kernel/time.ts';
import type { ReportMilestone, ReportSchool, TermReport } from './report.ts';
import {
  attendedInWords,
  gapInWords,
  missingInWords,
  NO_WEEK,
  notesOf,
  priorityInWords,
  sendInWords,
  statusInWords,
  termInWords,
  trendInWords,
} from './report-words.ts';

/** What needs help first; the spreadsheet has all of them. */
const MOST_MILESTONES = 8;
const MOST_WORDS = 110;
const HALF_POINTS = 18;
const MARGIN = 850;

export async function reportDocument(report: TermReport): Promise<Buffer> {
  const title = `${report.scopeName}: ${termInWords(report)}`;
  const document = new Document({
    title,
    description: 'A term report for governors',
    creator: 'Waymark',
    // Without these lines the library writes its own name and the hour.
    lastModifiedBy: 'Waymark',
    styles: {
      default: {
        document: { run: { font: 'Arial', size: HALF_POINTS, language: { value: 'en-GB' } } },
        title: { run: { size: 32, bold: true } },
        heading1: {
          run: { size: 24, bold: true, color: '1F3864' },
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
    table(['Priority', 'Milestones by status', 'Since last term'], rows, [30, 45, 25]),
  ];
}

function milestones(report: TermReport): (Paragraph | Table)[] {
  const shown = report.milestones.slice(0, MOST_MILESTONES);
  if (shown.length === 0) return [];
  const over = report.milestones.length - shown.length;
  return [
    heading('Milestones: what needs help first'),
    table(['Milestone', 'Status and trend', 'Newest approved words'], shown.map(milestoneRow), [34, 20, 46]),
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
  const columns: readonly Column[] = [
    ['School', 24, ({ name }) => name],
    ['Sessions attended', 16, ({ latest }) => attendedInWords(latest)],
    ['Days missed: disadvantage, others', 18, ({ latest }) => gapInWords(latest)],
    ['Days missed: needs, others', 14, ({ latest }) => sendInWords(latest)],
    ['School year so far', 12, ({ toDate }) => (toDate ? `${toDate.attendance}%${toDate.bound}` : '')],
    [
      'Benchmark',
      16,
      ({ benchmarks: [first] }) => (first ? `${first.attendance}% (${first.area}, ${first.period})` : ''),
    ],
  ];
  // What is known of no school takes no column.
  const known = columns.filter(([, , of], index) =>
    index < 3 ? true : report.schools.some((school) => !['', 'not known', NO_WEEK].includes(of(school))),
  );
  const latest = report.trustWeeks.at(-1);
  const together = {
    urn: '',
    name: 'All schools together',
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
    table(
      known.map(([name]) => name),
      rows,
      known.map(([, width]) => width),
    ),
  ];
}

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

function table(
  header: readonly string[],
  rows: readonly (readonly (string | Paragraph)[])[],
  widths: readonly number[],
): Table {
  const cell = (content: string | Paragraph, index: number, bold = false) =>
    new TableCell({
      width: { size: widths[index] ?? 10, type: WidthType.PERCENTAGE },
      margins: { left: 60, right: 60, top: 20, bottom: 20 },
      ...(bold ? { shading: { fill: 'DDE6F2' } } : {}),
      children: [
        typeof content === 'string'
          ? new Paragraph({ children: [new TextRun({ text: content, bold })] })
          : content,
      ],
    });
  const line = { style: BorderStyle.SINGLE, size: 4, color: '8A8886' };
  return new Table({
    width: { size: 100, type: WidthType.PERCENTAGE },
    borders: {
      top: line,
      bottom: line,
      left: line,
      right: line,
      insideHorizontal: line,
      insideVertical: line,
    },
    rows: [
      new TableRow({
        tableHeader: true,
        cantSplit: true,
        children: header.map((text, index) => cell(text, index, true)),
      }),
      ...rows.map(
        (row) =>
          new TableRow({ cantSplit: true, children: row.map((content, index) => cell(content, index)) }),
      ),
    ],
  });
}
