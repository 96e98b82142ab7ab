/**
 * The receipt that a school's data contact gets for a marks file: the week, the pupils, how complete it is, what to put
 * right. One for a school's week, kept up to date as files come. It shows nothing that stood in a cell of the file.
 */
import { bullets, type Card, card, line, own, said, title } from '../cards/elements.ts';
import { schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import { must } from '../kernel/guards.ts';
import { contentId } from '../kernel/ids.ts';
import { count, listInWords } from '../kernel/text.ts';
import { dateInWords, mondayOf } from '../kernel/time.ts';
import type { ImportReceipt, ImportRefusal, WeekReceipt } from './imports.ts';
import type { MarksProblem } from './problems.ts';

type Sent = {
  readonly now: Date;
  readonly schoolUrn?: string | undefined;
  readonly name?: string | undefined;
  readonly source?: string | undefined;
};

const HOUR = 3_600_000;
/** A receipt that could not be delivered for so long says nothing that the next one does not. */
const USEFUL_HOURS = 5 * 24;
const MOST_PROBLEMS = 4;
const WEEKDAYS = ['', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'];

/**
 * One for each school of the file that something came for: a file that changed nothing is not worth a message. Of a file that
 * was only checked every school hears.
 */
export function receiptDrafts(trust: Trust, receipt: ImportReceipt, sent: Sent): Draft[] {
  return [...Map.groupBy(receipt.weeks, ({ schoolUrn }) => schoolUrn)].flatMap(([urn, weeks]) => {
    const school = schoolByUrn(trust, urn);
    const told = receipt.saved ? weeks.filter(({ state }) => state !== 'unchanged') : weeks;
    const latest = told.at(-1);
    if (!school || !latest) return [];
    return [
      {
        key: receipt.saved
          ? `marks-receipt/${urn}/${latest.week}`
          : `marks-check/${urn}/${contentId([JSON.stringify(told), JSON.stringify(receipt.notes)])}`,
        target: { kind: 'person', personId: school.data_contact },
        card: receiptCard(school, told, receipt),
        expiresAt: new Date(sent.now.getTime() + USEFUL_HOURS * HOUR),
      },
    ];
  });
}

export function receiptCard(
  school: TrustSchool,
  weeks: readonly WeekReceipt[],
  { saved, notes }: Pick<ImportReceipt, 'saved' | 'notes'>,
  source?: Sent['source'],
): Card {
  const latest = must(weeks.at(-1), 'a week');
  const monday = dateInWords(mondayOf(latest.week)).replace('Monday ', '');
  const what = `${said(school.name)}: marks ${saved ? 'received' : 'checked'}, week of ${monday}`;
  const fixes = toFix(latest);
  const earlier = weeks.length - 1;
  return card({
    summary: what,
    body: [
      title(what),
      line(
        `${saved ? '' : 'The file can be read. '}${count(latest.pupils, 'pupil')}. ${completeInWords(latest)}${saved ? movedInWords(latest) : ''}`,
      ),
      ...(earlier > 0 ? [line(`${count(earlier, 'earlier week')} came with it.`)] : []),
      ...(fixes.length > 0
        ? [line('To put right in your system, then send the week again:'), bullets(fixes)]
        : []),
      ...notes.filter((note) => NOTED.test(note)).map((note) => line(said(note), { subtle: true })),
      line(keptInWords(school, saved), { subtle: true }),
      ...(source === 'chat' ? [line(own(DELETE_IT))] : []),
    ],
  });
}

/** What is attached in Teams goes into its sender's OneDrive, and stays there. */
const DELETE_IT = 'Teams keeps what you attached among your files: please delete it there now.';

function keptInWords(school: TrustSchool, saved: boolean): string {
  if (!saved) return 'This was a check only: nothing was saved.';
  return school.pupils === 'on'
    ? 'Names are kept for two weeks, locked, for those who may open them. The rest of the file is gone.'
    : 'No name or number of a pupil was kept.';
}

/** What is the sender's to know; how weeks were joined stands in the figures already. */
const NOTED = /^(Not needed|There is no|There are no rows|Old code|X is for|Groups not needed)/;

function completeInWords({ complete, missing, counted }: WeekReceipt): string {
  if (missing === 0 && counted === 'totals') return 'Your system’s own totals, taken as they are.';
  if (missing === 0) return 'Every mark is in.';
  return `${complete.replace(/\.0$/, '')} in every 100 marks are in.`;
}

function movedInWords({ state, moved, changed }: WeekReceipt): string {
  if (state !== 'corrected') return '';
  const sessions = changed > 0 ? `${count(changed, 'session')} changed; the` : 'The';
  return moved === '0.0' || moved === null
    ? ` ${sessions} school’s figure stays as it was.`
    : ` ${sessions} school’s figure moved by ${moved.replace('-', '')}.`;
}

function toFix({ missing, missingDays, unexplained }: WeekReceipt): string[] {
  const days = listInWords(missingDays.map((day) => WEEKDAYS[day] ?? ''));
  return [
    ...(missing > 0 ? [`${count(missing, 'session')} without a mark${days ? ` (${days})` : ''}`] : []),
    ...(unexplained > 0
      ? [`${count(unexplained, 'session')} still N: the reason is due within five school days`]
      : []),
  ];
}

/** Nothing was taken. The school's data contact hears of it; of a file of no one school an operator does. */
export function refusalDraft(
  { trust, keeper }: { readonly trust: Trust; readonly keeper: string },
  refusal: ImportRefusal,
  sent: Sent,
): Draft {
  const school = sent.schoolUrn === undefined ? undefined : schoolByUrn(trust, sent.schoolUrn);
  const personId = school?.data_contact ?? keeper;
  return {
    key: `marks-problems/${contentId([school?.urn ?? '', sent.name ?? '', JSON.stringify(refusal.problems)])}`,
    target: { kind: 'person', personId },
    card: refusalCard(school?.name ?? trust.trust.short_name, refusal, sent.source ?? 'command-line'),
    expiresAt: new Date(sent.now.getTime() + USEFUL_HOURS * HOUR),
  };
}

export function refusalCard(
  who: string,
  refusal: Pick<ImportRefusal, 'problems' | 'more'>,
  source: string,
): Card {
  const total = refusal.problems.length + refusal.more;
  const shown = refusal.problems.slice(0, MOST_PROBLEMS);
  const left = total - shown.length;
  return card({
    summary: `${said(who)}: a marks file needs mending`,
    body: [
      title(`${said(who)}: a marks file needs mending`),
      line(
        source === 'chat'
          ? `I have only looked at it, and nothing was saved. ${count(total, 'problem')}:`
          : `Nothing of it was taken, so last week’s figures stand. ${count(total, 'problem')}:`,
      ),
      bullets(shown.map((problem) => said(problemLine(problem)))),
      ...(left > 0
        ? [
            line(
              source === 'folder'
                ? `${left} more are listed beside the file, in the folder problems.`
                : `And ${left} more.`,
            ),
          ]
        : []),
      line('Mend it in your system, export it again and send it the same way.'),
      ...(source === 'chat' ? [line(own(DELETE_IT))] : []),
    ],
  });
}

/** Where and what, without the words of the cell: a shifted column could put a name there. */
function problemLine({ line: at, column, reason }: MarksProblem): string {
  const where = [at > 0 ? `line ${at}` : '', column].filter((part) => part !== '').join(', ');
  const what = reason.replace(/"[^"]*"/g, 'what stands there');
  return where ? `${where}: ${what}` : what;
}
