/** A term report before it is released: what stands in it, for the head or CEO who will answer for it. Pure. */
import { type Card, card, line, said, say, title } from '../cards/elements.ts';
import { countWords, numberInWords } from '../kernel/text.ts';
import type { TermReport } from './report.ts';
import { priorityInWords } from './report-words.ts';

/** What the button types, and `wantedTermIn` reads. */
export function releaseWords({ term }: Pick<TermReport, 'term'>): string {
  return `Make the term report for term ${term.term} of ${term.year}`;
}

const ROOM = 60;

export function reportCard(report: TermReport): Card {
  const { scopeName: name, term, milestones, schools, questions, priorities } = report;
  const [question = ''] = questions;
  const lines = [
    ...priorities
      .slice(0, 2)
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
        `${numberInWords(milestones.length)} ${milestones.length === 1 ? 'milestone' : 'milestones'} and ${numberInWords(schools.length)} ${schools.length === 1 ? 'school' : 'schools'}, on two pages and a spreadsheet.`.replace(
          /^./,
          (first) => first.toUpperCase(),
        ),
      ),
      ...shown.map((text) => line(text)),
      line('Nothing has been sent yet. Read both files before you pass them on.', { subtle: true }),
    ],
    actions: [say('Make the two files', releaseWords(report)), say('Back to my digest', 'digest')],
  });
}
