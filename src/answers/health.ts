/**
 * Tells owners what is wrong with their documents before staff meet it: headings with nothing below, things announced and
 * not listed, initials that nobody explains, dates that have passed, documents that have run out or disagree. Pure.
 */
import { dateWithYear } from '../kernel/time.ts';
import type { DocumentFacts, Passage } from './corpus.ts';
import { disagreements } from './disagree.ts';
import { findInitials } from './initials.ts';
import { CLOSE } from './lexicon.ts';
import { sentencesOf } from './shapes.ts';

export type HealthKind =
  | 'empty-heading'
  | 'not-listed'
  | 'unexplained'
  | 'ran-out'
  | 'date-passed'
  | 'disagreement';

export type HealthFinding = {
  readonly kind: HealthKind;
  /** The document whose owner is told; a disagreement names the other document too. */
  readonly doc: string;
  readonly other?: string;
  /** One sentence for the owner. */
  readonly message: string;
};

/** Initials that everybody in an English school, or everybody, knows. */
const KNOWN = new Set([
  ...CLOSE.flat().filter((phrase) => /^[A-Z]{2,5}$/.test(phrase)),
  ...'UK GB US EU PE RE PSHE IT ICT AM PM TV CD DVD OK ID HR CV FAQ PDF URL CCTV GDPR NHS BBC AD BC PPA INSET NPQ STEM ADHD OFSTED CBE OBE MBE MP DBS VAT II III IV VI VII'.split(
    ' ',
  ),
]);

/** `today`: local date, ISO. Findings in the order of the documents. */
export function healthOf(
  documents: readonly DocumentFacts[],
  passages: readonly Passage[],
  today: string,
): HealthFinding[] {
  const byDoc = Map.groupBy(passages, (passage) => passage.doc);
  const single = documents.flatMap((doc) => {
    const own = byDoc.get(doc.id) ?? [];
    return [
      ...ranOut(doc, today),
      ...emptyHeadings(doc, own),
      ...unexplained(doc, own),
      ...passedDates(doc, own, today),
    ];
  });
  const standing = new Map(
    documents.filter((doc) => doc.kind === 'policy' && isInForce(doc, today)).map((doc) => [doc.id, doc]),
  );
  const pairs = disagreements(passages.filter((passage) => standing.has(passage.doc))).map(
    ({ one, other }): HealthFinding => ({
      kind: 'disagreement',
      doc: one.passage.doc,
      other: other.passage.doc,
      message: `${titleOf(standing, one.passage.doc)} says ${one.figure} and ${titleOf(standing, other.passage.doc)} says ${other.figure}: "${one.sentence}" and "${other.sentence}"`,
    }),
  );
  return [...single, ...pairs];
}

function isInForce(doc: DocumentFacts, today: string): boolean {
  return (!doc.to || doc.to >= today) && (!doc.from || doc.from <= today);
}

function titleOf(documents: ReadonlyMap<string, DocumentFacts>, id: string): string {
  return documents.get(id)?.title ?? id;
}

function ranOut(doc: DocumentFacts, today: string): HealthFinding[] {
  if (!doc.to || doc.to >= today) return [];
  const message = `${doc.title} ran out on ${dateWithYear(doc.to)}: renew it, or take it away.`;
  return [{ kind: 'ran-out', doc: doc.id, message }];
}

function emptyHeadings(doc: DocumentFacts, passages: readonly Passage[]): HealthFinding[] {
  const under = new Set(
    passages.flatMap((passage) => (passage.kind === 'byline' ? [] : passage.path.map((title) => title))),
  );
  const empty = passages
    .filter((passage) => passage.kind === 'heading' && !under.has(passage.text.split('\n').at(-1) ?? ''))
    .map(
      ({ text }): HealthFinding => ({
        kind: 'empty-heading',
        doc: doc.id,
        message: `${doc.title}: nothing stands under the heading "${text.split('\n').at(-1)}".`,
      }),
    );
  const announced = passages
    .filter((passage) => passage.unlisted)
    .map(
      ({ text }): HealthFinding => ({
        kind: 'not-listed',
        doc: doc.id,
        message: `${doc.title}: "${text}" is followed by no list.`,
      }),
    );
  return [...empty, ...announced];
}

function unexplained(doc: DocumentFacts, passages: readonly Passage[]): HealthFinding[] {
  const spoken = passages.filter((passage) => ['paragraph', 'item', 'heading'].includes(passage.kind));
  const explained = findInitials(spoken);
  const used = new Map<string, number>();
  for (const { text } of spoken) {
    // A line in capitals throughout is a heading, not initials.
    if (text === text.toUpperCase()) continue;
    for (const [initials] of text.matchAll(/\b[A-Z]{2,6}\b/g))
      used.set(initials, (used.get(initials) ?? 0) + 1);
  }
  return [...used.keys()]
    .filter((initials) => !KNOWN.has(initials) && !explained.has(initials.toLowerCase()))
    .map((initials) => ({
      kind: 'unexplained',
      doc: doc.id,
      message: `${doc.title} uses ${initials} and never says what it stands for.`,
    }));
}

const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
const DEADLINE = new RegExp(
  `\\b(?:by|until|before|due|from now to) (?:the end of )?(?:(\\d{1,2})(?:st|nd|rd|th)? )?(${MONTHS.join('|')}) (20\\d\\d)\\b`,
  'g',
);

/** Deadlines in a document that is in force but for its own deadlines. */
function passedDates(doc: DocumentFacts, passages: readonly Passage[], today: string): HealthFinding[] {
  if (doc.kind !== 'policy' || !isInForce(doc, today)) return [];
  return passages
    .filter((passage) => passage.kind === 'paragraph' || passage.kind === 'item')
    .flatMap((passage) => sentencesOf(passage.text))
    .flatMap((sentence) =>
      [...sentence.matchAll(DEADLINE)].flatMap(([, day, month = '', year = '']): HealthFinding[] => {
        const number = String(MONTHS.indexOf(month) + 1).padStart(2, '0');
        const date = `${year}-${number}-${(day ?? '31').padStart(2, '0')}`;
        if (date >= today) return [];
        return [
          { kind: 'date-passed', doc: doc.id, message: `${doc.title}: a date has passed in "${sentence}"` },
        ];
      }),
    );
}
