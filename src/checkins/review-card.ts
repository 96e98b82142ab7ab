/**
 * The reviewer's cards: what the owner said, with Approve and Return; and a request for help, which asks for nothing but a
 * word. Pure; that this reader may review was decided elsewhere.
 */
import {
  type Action,
  actionSet,
  button,
  type Card,
  card,
  type Element,
  hidden,
  line,
  link,
  more,
  own,
  said,
  textInput,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { shorten } from '../kernel/text.ts';
import { dateInWords } from '../kernel/time.ts';
import { valueInWords } from './aim.ts';
import type { CheckinView, Names } from './ask-card.ts';
import { COMMENT_LIMIT } from './form.ts';
import type { Answer, Checkin } from './lifecycle.ts';
import { whoSeesLine } from './who-sees.ts';
import { answerInWords, possessive, quoted, STATUS_LOOKS, titleOf } from './words.ts';

export type ReviewView = CheckinView & {
  /** The given name of the next manager, once an answer that waits long is with them too. */
  readonly alsoWith?: string | undefined;
  /** A comment that could not be taken, shown again. */
  readonly typedComment?: string | undefined;
};

const COMMENT = 'comment-form';
const REST = 'all-words';
const NOTE_SHOWN = 100;
const MOST_EXTRAS = 5;
const BLOCKER_SHOWN = 50;
const UNBLOCKER_SHOWN = 30;

export function reviewCard(view: ReviewView, answer: Answer): Card {
  const { checkin, milestone, names, last } = view;
  const open = view.typedComment !== undefined;
  // A question and its answer take the place of the note, which then stands behind "Read it all".
  const talked = checkin.question !== undefined;
  const words = [answer.note, checkin.question ?? '', checkin.reply ?? ''];
  const moved = last?.value !== undefined && !checkin.unchanged && last.value !== answer.value;
  // With so much on the card there is no room for more; who sees it, and who could unblock, then stand with the rest.
  const extras = [
    view.notice,
    waitsLong(view).length,
    moved || checkin.unchanged,
    answer.note,
    answer.blocker,
    answer.evidence,
  ];
  const crowded = extras.filter(Boolean).length >= MOST_EXTRAS;
  const cut =
    crowded ||
    (talked && answer.note !== '') ||
    words.some(({ length }) => length > NOTE_SHOWN) ||
    answer.blocker.length > BLOCKER_SHOWN ||
    (answer.unblocker ?? '').length > UNBLOCKER_SHOWN;
  return card({
    summary: `A check-in from ${said(names.owner)} is ready for you to read.`,
    body: [
      ...(view.notice ? [line(view.notice, { colour: 'Accent' })] : []),
      title(`${possessive(names.owner)} check-in, about a minute.`),
      line(titleOf(milestone)),
      ...waitsLong(view),
      line(`${answerInWords(answer, milestone)}.`, STATUS_LOOKS[answer.status]),
      ...(moved && !talked
        ? [line(`Last time: ${valueInWords(last.value, milestone)}.`, { subtle: true })]
        : []),
      ...(checkin.unchanged && !talked
        ? [line(`${said(names.owner)} says nothing has changed since last time.`, { subtle: true })]
        : []),
      ...(answer.note && !talked ? [line(quoted(answer.note, NOTE_SHOWN))] : []),
      ...(answer.blocker
        ? [line(`In the way: ${quoted(answer.blocker, BLOCKER_SHOWN)}${crowded ? '' : unblockerIn(answer)}`)]
        : []),
      ...(talked ? asked(checkin, names) : []),
      ...(answer.evidence && !talked
        ? [line(`Evidence on ${hostOf(answer.evidence)}.`, { subtle: true })]
        : []),
      cut
        ? hidden(REST, [...allWords(answer, checkin), whoSeesLine('sent', names, view.alsoWith)])
        : whoSeesLine('sent', names, view.alsoWith),
      commentForm(view, open),
    ],
    actions: reviewActions(view, answer, { cut, open }),
  });
}

/** Said to those alone who read it: first that it will go to the next manager too, then that it is there. */
function waitsLong({ checkin: { escalation }, names, alsoWith }: ReviewView): Element[] {
  if (!escalation) return [];
  const owner = said(names.owner);
  return [
    line(
      escalation.to === undefined
        ? `This has waited for some time. From ${dateInWords(escalation.from)} the next manager can read it too, so that ${owner} has an answer.`
        : `This has waited for some time, so it is with ${said(names.reviewer)} and with ${said(alsoWith ?? 'the next manager')}. Whoever reads it first settles it.`,
      { subtle: true },
    ),
  ];
}

/** A colleague would like a word. Nothing to approve, nothing counted. */
export function helpCard(view: ReviewView): Card {
  const { milestone, names } = view;
  return card({
    summary: `${said(names.owner)} would like your help with a milestone.`,
    body: [
      title(`${said(names.owner)} would like your help.`),
      line(titleOf(milestone)),
      line(`There is nothing to approve. A short chat with ${said(names.owner)} is all that is asked.`),
      whoSeesLine('help', names),
    ],
  });
}

function reviewActions(
  view: ReviewView,
  answer: Answer,
  face: { readonly cut: boolean; readonly open: boolean },
): Action[] {
  const { checkin } = view;
  return [
    button('Approve', envelope('checkins.approve', checkin.id, checkin.version), {
      primary: true,
      withoutInputs: true,
    }),
    ...(face.open ? [] : [more('Return or ask', COMMENT)]),
    ...(answer.evidence ? [link('Evidence', answer.evidence)] : []),
    ...(face.cut ? [more('Read it all', REST)] : []),
  ];
}

function commentForm(view: ReviewView, open: boolean): Element {
  const field = textInput('comment', {
    label: `What would you like ${view.names.owner} to change, or to tell you?`,
    multiline: true,
    limit: COMMENT_LIMIT,
    required: 'Please say in a few words what you would like.',
    ...(view.typedComment ? { value: view.typedComment } : {}),
  });
  const { id, version } = view.checkin;
  const send = actionSet([
    button('Return it', envelope('checkins.return', id, version)),
    button('Only ask', envelope('checkins.question', id, version)),
  ]);
  return open ? { type: 'Container', items: [field, send] } : hidden(COMMENT, [field, send]);
}

function asked({ question = '', reply }: Checkin, names: Names): Element[] {
  return [
    line(`Asked: ${quoted(question, NOTE_SHOWN)}`),
    reply === undefined
      ? line(`${said(names.owner)} has not answered yet.`, { subtle: true })
      : line(`${said(names.owner)}: ${quoted(reply, NOTE_SHOWN)}`),
  ];
}

function allWords(answer: Answer, { question, reply }: Checkin): Element[] {
  return [
    ...(answer.note ? [line(said(answer.note))] : []),
    ...(answer.blocker ? [line(`In the way: ${said(answer.blocker)}${unblockerIn(answer)}`)] : []),
    ...(question ? [line(`Asked: ${said(question)}`)] : []),
    ...(reply ? [line(`Answered: ${said(reply)}`)] : []),
  ];
}

/** Who could take it away, as its owner sees it: after what is in the way. */
function unblockerIn({ unblocker, unblockerId }: Answer): string {
  if (!unblocker) return '';
  const who =
    unblockerId === undefined
      ? quoted(unblocker, UNBLOCKER_SHOWN)
      : said(shorten(unblocker, UNBLOCKER_SHOWN));
  return own(`. Could take it away: ${who}`);
}

/** Where a link leads, so that a reader sees it before pressing. */
function hostOf(evidence: string): string {
  return own(URL.canParse(evidence) ? shorten(new URL(evidence).hostname, 60) : 'another site');
}
