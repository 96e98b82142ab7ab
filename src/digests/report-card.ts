/** A term report before it is released, for the head or CEO who will answer for it, and once it is stored. Pure. */
import {
  type Action,
  button,
  type Card,
  card,
  isSafeLink,
  line,
  link,
  said,
  say,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { ONLY_YOU, whoSees } from '../cards/who-sees.ts';
import { capital, countWords, numberInWords } from '../kernel/text.ts';
import type { ReportFiling } from './ports.ts';
import type { TermReport } from './report.ts';
import { missingIn, priorityInWords } from './report-words.ts';

export const STORE_VERB = 'digests.store-report';

/** What the button types, and `reportAsked` reads. */
export function releaseWords({ term }: Pick<TermReport, 'term'>): string {
  return `Make the term report for term ${term.term} of ${term.year}`;
}

const ROOM = 60;
const MOST_PRIORITIES = 2;
const MOST_MISSING = 2;

/** `shelf`: the trust has a folder for reports. */
export function reportCard(report: TermReport, { shelf = false }: { readonly shelf?: boolean } = {}): Card {
  const { scopeName: name, term, milestones, schools, questions, priorities } = report;
  const [question = ''] = questions;
  const lines = [
    ...missingIn(report)
      .slice(0, MOST_MISSING)
      .map(({ says }) => said(says)),
    ...priorities
      .slice(0, MOST_PRIORITIES)
      .map((priority) => `${said(priority.name)}: ${priorityInWords(priority).status}.`),
    `A question in it: ${said(question)}`,
  ];
  let words = 0;
  const shown = lines.filter((text) => {
    words += countWords(text);
    return words <= ROOM;
  });
  return card({
    summary: `The report for term ${term.term} can be looked at`,
    body: [
      title(`${said(name)}: term ${term.term}, ${term.year}, for governors`),
      line(
        capital(
          `${howMany(milestones.length, 'milestone')} and ${howMany(schools.length, 'school')}, on two pages and a spreadsheet.`,
        ),
      ),
      ...shown.map((text) => line(text)),
      line(
        shelf
          ? 'Nothing has been sent yet. Read both files first; then put them where governors find them.'
          : 'Nothing has been sent yet. Read both files before you pass them on.',
        { subtle: true },
      ),
      whoSees(ONLY_YOU),
    ],
    actions: [
      say('Make the two files', releaseWords(report)),
      ...(shelf ? [storeButton('Put them in the library', report)] : []),
      say('Back to my digest', 'digest'),
      ...(term.before
        ? [
            say(
              `Term ${term.before.term} instead`,
              `Term report for term ${term.before.term} of ${term.before.year}`,
            ),
          ]
        : []),
    ],
  });
}

function howMany(number: number, thing: string): string {
  return `${number === 0 ? 'no' : numberInWords(number)} ${thing}${number === 1 ? '' : 's'}`;
}

function storeButton(label: string, { term }: Pick<TermReport, 'term'>): Action {
  return button(label, envelope(STORE_VERB, `${term.term} ${term.year}`), { withoutInputs: true });
}

type NotFiled = Extract<ReportFiling, { kind: 'not-filed' }>['why'];

/** Why, and what to do. */
const WHY_NOT: Readonly<Record<NotFiled, string>> = {
  'no-folder':
    'The folder for reports is not where the trust’s settings say. Please tell whoever looks after Waymark.',
  denied: 'I may not write in the folder for reports. Please tell whoever looks after Waymark.',
  edited:
    'Somebody has changed the one there by hand, so I left it. Rename or move theirs, then press again.',
  locked: 'Somebody has it open. Press again once they have closed it.',
  busy: 'The library did not answer in time. Press again in a few minutes; nothing is stored twice.',
};

/** The files in their order: the document, then the figures. */
export function filedCard(
  report: TermReport,
  filed: readonly { readonly name: string; readonly filing: ReportFiling }[],
): Card {
  const { scopeName: name, term } = report;
  const missed = filed.flatMap(({ name: file, filing }) =>
    filing.kind === 'not-filed' ? [{ file, why: filing.why }] : [],
  );
  const reasons = [...new Set(missed.map(({ why }) => why))];
  const again = filed.some(({ filing }) => filing.kind === 'filed' && filing.again);
  const links = filed.flatMap(({ name: file, filing }) =>
    filing.kind === 'filed' && isSafeLink(filing.url)
      ? [link(file.endsWith('.xlsx') ? 'Open the figures' : 'Open the report', filing.url)]
      : [],
  );
  const whole = missed.length === 0;
  const state = whole ? 'stored' : missed.length === filed.length ? 'not stored' : 'half stored';
  return card({
    summary: `The report for term ${term.term} is ${state}.`,
    body: [
      title(`${said(name)}: the report for term ${term.term} is ${state}`),
      ...(missed.length > 0 && missed.length < filed.length
        ? [line(`Not there yet: ${missed.map(({ file }) => said(file)).join(', ')}.`)]
        : []),
      ...reasons.map((why) => line(WHY_NOT[why])),
      ...(whole
        ? [line('Both files are in the trust’s library. Whoever may open that folder can read them.')]
        : []),
      ...(again
        ? [line('They took the place of the ones stored before; the library keeps those as older versions.')]
        : []),
      whoSees(ONLY_YOU),
    ],
    actions: [
      ...links,
      ...(whole ? [] : [storeButton('Try again', report), say('Make the two files', releaseWords(report))]),
      ...(links.length < 2 || whole ? [say('Back to my digest', 'digest')] : []),
    ].slice(0, 4),
  });
}
