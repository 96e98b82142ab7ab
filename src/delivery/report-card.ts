/** What a run came to, for operators: the counts that add up, names by reason, how far it is, and sending again. Pure. */
import {
  actionSet,
  bullets,
  button,
  type Card,
  card,
  choiceInput,
  hidden,
  line,
  more,
  said,
  textInput,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { count, listInWords } from '../kernel/text.ts';
import { CHANGE_LENGTH } from './changed-card.ts';
import {
  byReason,
  type DeliveryReport,
  type DeliveryTotals,
  isResendable,
  type ReportItem,
  recalledOf,
  uncertainPercent,
  unshownOf,
} from './report.ts';

export type ReportView = {
  readonly report: DeliveryReport;
  /** The run in words. */
  readonly name: string;
  readonly nameOf: (recipient: string) => string;
  /** Other runs to look at: the id as a choice carries it, and words. */
  readonly others: readonly (readonly [choice: string, words: string])[];
  /** Runs of late that sent nothing, by reason: the newest in words, and how many more there are of it. */
  readonly skipped: readonly Skipped[];
  /** What was just done, in a sentence. */
  readonly done?: string;
};

export type Skipped = { readonly name: string; readonly more: number; readonly reason: string };

/** Names on one line; the rest are counted, and the command line has all of them. */
const MOST_NAMES = 8;
/** Reasons, and uncertain messages with a button of their own. */
const MOST_REASONS = 6;
const MOST_UNCERTAIN = 3;
const MOST_SKIPPED = 3;

/** Ids of runs hold signs that a choice's value does not. */
export function runChoice(runId: string): string {
  return runId.replaceAll('.', '---').replaceAll('/', '--');
}

export function runOfChoice(choice: string): string {
  return choice.replaceAll('---', '.').replaceAll('--', '/');
}

export function reportCard(view: ReportView): Card {
  const { report, name, nameOf, others, skipped, done } = view;
  const run = report.run ?? '';
  const missed = report.items.filter(isResendable);
  const uncertain = report.items.filter(({ state }) => state === 'uncertain');
  const open = uncertain.filter((item) => !item.again);
  return card({
    summary: `${name}: ${report.delivered} of ${report.due} delivered`,
    body: [
      title(`What reached whom: ${said(name)}`),
      ...(done ? [line(said(done))] : []),
      line(progress(report)),
      ...(report.due > 0 ? [line(counts(report))] : []),
      ...(recalledOf(report) > 0 ? [line(`${count(recalledOf(report), 'card')} of it taken back.`)] : []),
      ...unshownOf(report).map((words) => line(said(words))),
      ...(uncertain.length > 0
        ? [
            line(
              `${count(uncertain.length, 'message')} may or may not have arrived (${uncertainPercent(report).toFixed(1)} in 100 of those that left). ${whatToDo(open.length)}`,
            ),
          ]
        : []),
      ...skipped
        .slice(0, MOST_SKIPPED)
        .map(({ name: run, more: others, reason }) =>
          line(
            `Skipped: ${said(run)}${others > 0 ? ` and ${count(others, 'more run')}` : ''} (${said(reason)})`,
            { subtle: true },
          ),
        ),
      hidden('who', [
        ...byReason(report)
          .slice(0, MOST_REASONS)
          .flatMap(({ state, reason, items }) => [
            line(`**${WORDS[state]}** (${items.length}): ${said(reason)}`),
            bullets([names(items, nameOf)]),
          ]),
        ...(open.length > 0 ? [actionSet(open.slice(0, MOST_UNCERTAIN).map(again(run, nameOf)))] : []),
      ]),
      ...(others.length + report.delivered > 0
        ? [
            hidden('others', [
              ...(report.delivered > 0
                ? [actionSet([button('Change or take back', envelope('operations.change', run), BARE)])]
                : []),
              ...(others.length > 0
                ? [
                    choiceInput('run', { label: 'Another run', choices: others }),
                    actionSet([button('Show', envelope('operations.report', 'chosen'))]),
                  ]
                : []),
            ]),
          ]
        : []),
    ],
    // Never redrawn by itself: a choice that somebody has opened would be gone.
    actions: [
      ...(missed.length > 0
        ? [button(`Resend to ${missed.length} who missed it`, envelope('operations.resend', run), BARE)]
        : []),
      ...(report.pending > 0 ? [button('Look again', envelope('operations.report', run), BARE)] : []),
      ...(byReason(report).length > 0 ? [more('Who and why', 'who')] : []),
      ...(others.length + report.delivered > 0 ? [more('More', 'others')] : []),
    ],
  });
}

/** Asks what is to become of all that a run delivered. `delivered`: how many have it. */
export function changeCard(run: string, name: string, delivered: number, done?: string): Card {
  return card({
    summary: `${name}: change or take back`,
    body: [
      title(`Change what was sent: ${said(name)}`),
      ...(done ? [line(said(done), { colour: 'Accent' })] : []),
      line(`${count(delivered, 'card')} of it ${delivered === 1 ? 'is' : 'are'} with readers.`),
      textInput('words', {
        label: 'What readers should know',
        placeholder: 'The figures for Friday were wrong. A new card follows.',
        multiline: true,
        limit: CHANGE_LENGTH,
      }),
    ],
    actions: [
      button('Put this on each card', envelope('operations.note', run), { primary: true }),
      button('Take each card back', envelope('operations.recall', run)),
      button('Leave it', envelope('operations.report', run), BARE),
    ],
  });
}

/** `open`: how many in doubt were not sent again yet. */
function whatToDo(open: number): string {
  if (open === 0) return 'Sent again by hand.';
  return `Ask first; then send ${open === 1 ? 'it' : 'one'} again under "Who and why".`;
}

/** A tap of its own for each message that may have arrived. */
function again(run: string, nameOf: (recipient: string) => string) {
  return ({ id, recipient }: ReportItem) =>
    button(`Resend to ${nameOf(recipient)}`, envelope('operations.resend-one', `${id} ${run}`), BARE);
}

const BARE = { withoutInputs: true } as const;

const WORDS: Readonly<Record<ReportItem['state'], string>> = {
  delivered: 'Delivered',
  blocked: 'Blocked by them',
  gone: 'Gone',
  refused: 'Refused',
  unreachable: 'Unreachable',
  cancelled: 'Cancelled',
  uncertain: 'Uncertain',
  expired: 'Expired',
  due: 'Still to be sent',
  claimed: 'Still to be sent',
  sending: 'Still to be sent',
};

/** Every state that holds any; they add up to what was due. */
function counts(report: DeliveryTotals): string {
  const states = [
    'delivered',
    'blocked',
    'gone',
    'refused',
    'unreachable',
    'cancelled',
    'uncertain',
    'expired',
  ] as const;
  const each = [
    ...states.map((state) => [WORDS[state], report[state]] as const),
    [WORDS.due, report.pending] as const,
  ];
  const shown = each
    .filter(([, number]) => number > 0)
    .map(([words, number]) => `${number} ${words.toLowerCase()}`);
  return `${shown.join(', ')}: ${report.due} in all.`;
}

/** `1,050 of 1,500 are settled; 450 are still to be sent.` */
export function progress({ due, pending }: DeliveryTotals): string {
  const number = (value: number) => value.toLocaleString('en-GB');
  if (due === 0) return 'There was nothing to send.';
  if (pending === 0) return `All ${number(due)} are settled.`;
  return `${number(due - pending)} of ${number(due)} are settled; ${number(pending)} are still to be sent.`;
}

function names(items: readonly ReportItem[], nameOf: (recipient: string) => string): string {
  const shown = items.slice(0, MOST_NAMES).map(({ recipient }) => said(nameOf(recipient)));
  const rest = items.length - shown.length;
  return listInWords(rest > 0 ? [...shown, `${rest} more`] : shown);
}
