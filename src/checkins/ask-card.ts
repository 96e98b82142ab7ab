/**
 * The owner's card: the question, last time's answer, two taps for "no change", the form behind "Update". The same card
 * asks again after a return and shows a bad field's sentence with everything typed still there. Pure; decides no rule.
 */
import {
  type Action,
  actionSet,
  button,
  type Card,
  card,
  choiceInput,
  container,
  type Element,
  hidden,
  line,
  more,
  said,
  textInput,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { aimInWords } from './aim.ts';
import {
  BLOCKER_LIMIT,
  EVIDENCE_LIMIT,
  NO_UNBLOCKER,
  NOTE_LIMIT,
  type Typed,
  typedAgain,
  UNBLOCKER_LIMIT,
} from './form.ts';
import type { Answer, Checkin } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import type { Concerned } from './unblockers.ts';
import { whoSeesLine } from './who-sees.ts';
import { answerInWords, possessive, quoted, titleOf } from './words.ts';

/** Given names, as a card speaks to people. */
export type Names = {
  readonly owner: string;
  readonly reviewer: string;
  /** Who else sees what is approved of this milestone, in words. */
  readonly beside?: string;
};

/** What every card of a check-in is drawn from. */
export type CheckinView = {
  readonly checkin: Checkin;
  readonly milestone: Milestone;
  readonly names: Names;
  /** The last approved answer, from an earlier round. */
  readonly last?: Answer | undefined;
  /** A sentence above everything: what to mend, or what has happened since. */
  readonly notice?: string | undefined;
};

export type AskView = CheckinView & {
  /** What the person had typed; opens the form. */
  readonly typed?: Typed | undefined;
  /** The reader has begun an answer, which is kept; what is in it is shown to them alone, when they ask for it. */
  readonly begun?: boolean | undefined;
  /** Shown to a colleague who answers in the owner's place. */
  readonly inPlace?: boolean | undefined;
  /** Who may be chosen to take away what is in the way. */
  readonly concerned?: readonly Concerned[] | undefined;
};

const FORM = 'update';

export function askCard(view: AskView): Card {
  const { checkin, milestone, names, last } = view;
  const returned = checkin.state === 'returned';
  const unfinished = view.begun === true && view.typed === undefined;
  const fold = view.typed === undefined && (returned || last !== undefined);
  const greeting = view.inPlace
    ? `${possessive(names.owner)} check-in, about 20 seconds.`
    : returned
      ? `${said(names.owner)}, ${said(names.reviewer)} has sent your check-in back with a comment.`
      : `Hello ${said(names.owner)}. Check-in, about 20 seconds.`;
  return card({
    summary: returned
      ? 'A check-in came back with a comment.'
      : 'A check-in is ready for you: about 20 seconds.',
    body: [
      ...(view.notice ? [line(view.notice, { colour: 'Accent' })] : []),
      title(greeting),
      line(titleOf(milestone)),
      ...(view.inPlace
        ? [line(`${said(names.owner)} has asked you to answer in their place, and sees what you send.`)]
        : []),
      ...(checkin.helpAskedAt && !view.notice && !view.inPlace
        ? [line(`You asked ${said(names.reviewer)} for a word. Nothing else was sent.`, { subtle: true })]
        : []),
      ...(returned ? [line(quoted(checkin.comment ?? '', 160))] : lastTime(milestone, last)),
      whoSeesLine('asked', names),
      ...(unfinished
        ? [line('You have begun an answer, and it is kept for you alone.')]
        : [fold ? hidden(FORM, formOf(view, 'Send update')) : container(formOf(view, undefined))]),
    ],
    actions: actionsOf(view, fold),
  });
}

/**
 * The form, and below it its own button when it stands behind "Update". Choices are lists to open: renderers give radio
 * buttons of the same id in two cards of a chat one group, so that choosing in one would clear the other.
 */
export function formOf(view: AskView, send: string | undefined): Element[] {
  const { checkin, milestone } = view;
  const before = checkin.answer ?? view.last;
  const typed = view.typed ?? (before ? typedAgain(before) : undefined);
  const { concerned = [] } = view;
  return [
    choiceInput('status', {
      label: 'How is it going?',
      choices: [
        ['on-track', 'On track'],
        ['at-risk', 'At risk'],
        ['off-track', 'Off track'],
      ],
      required: 'Please choose how it is going.',
      ...(typed?.status ? { value: typed.status } : {}),
    }),
    choiceInput('confidence', {
      label: 'How sure are you of reaching it?',
      choices: [
        ['high', 'Confident'],
        ['medium', 'Fairly confident'],
        ['low', 'Not confident yet'],
      ],
      required: 'Please choose how sure you are.',
      ...(typed?.confidence ? { value: typed.confidence } : {}),
    }),
    valueInput(milestone, typed?.value),
    textInput('note', {
      label: 'What changed, in a line or two?',
      multiline: true,
      limit: NOTE_LIMIT,
      ...(typed?.note ? { value: typed.note } : {}),
    }),
    textInput('blocker', {
      label: 'Is anything in the way?',
      limit: BLOCKER_LIMIT,
      ...(typed?.blocker ? { value: typed.blocker } : {}),
    }),
    ...unblockerInputs(concerned, typed, before),
    textInput('evidence', {
      label: 'Link to evidence, if there is any',
      placeholder: 'https://',
      limit: EVIDENCE_LIMIT,
      style: 'Url',
      ...(typed?.evidence ? { value: typed.evidence } : {}),
    }),
    ...(send ? [actionSet([sendButton(checkin, send), keepButton(checkin)])] : []),
  ];
}

/** Who was chosen before and can be no longer stands there in words, so that nothing is lost. */
function unblockerInputs(
  concerned: readonly Concerned[],
  typed: Pick<Typed, 'unblocker' | 'unblockerId'> | undefined,
  before: Answer | undefined,
): Element[] {
  const chosen = concerned.some(({ id }) => id === typed?.unblockerId) ? typed?.unblockerId : undefined;
  const former = typed?.unblockerId && chosen === undefined ? before?.unblocker : undefined;
  const written = typed?.unblocker || former;
  return [
    ...(concerned.length === 0
      ? []
      : [
          choiceInput('unblockerId', {
            label: 'Who could take that away?',
            choices: [
              ...concerned.map(({ id, name }) => [id, name] as const),
              [NO_UNBLOCKER, 'Nobody yet, or somebody else'],
            ],
            ...(chosen === undefined ? {} : { value: chosen }),
          }),
        ]),
    textInput('unblocker', {
      label: concerned.length === 0 ? 'Who could take that away?' : 'Or somebody else, such as the council',
      limit: UNBLOCKER_LIMIT,
      ...(written ? { value: written } : {}),
    }),
  ];
}

function valueInput(milestone: Milestone, typed: string | undefined): Element {
  const label = `${milestone.measure} (aim: ${aimInWords(milestone)})`;
  const value = typed ? { value: typed } : {};
  if (milestone.direction === 'yes-no')
    return choiceInput('value', {
      label,
      choices: [
        ['0', 'Not done yet'],
        ['1', 'Done'],
      ],
      ...value,
    });
  return textInput('value', { label, placeholder: 'A number, or leave empty', limit: 20, ...value });
}

function lastTime(milestone: Milestone, last: Answer | undefined): Element[] {
  if (!last) {
    return [line(`This is its first check-in. The aim: ${aimInWords(milestone)}.`)];
  }
  const words = last.note ? `. ${quoted(last.note, 120)}` : '.';
  return [line(`Last time: ${lowerFirst(answerInWords(last, milestone))}${words}`)];
}

function actionsOf(view: AskView, fold: boolean): Action[] {
  const { checkin } = view;
  const press = (label: string, verb: string, primary = false) =>
    button(label, envelope(verb, checkin.id, checkin.version), { primary, withoutInputs: true });
  const unfinished = view.begun === true && view.typed === undefined;
  const unchanged = checkin.state === 'open' && view.last && view.typed === undefined;
  return [
    ...(unfinished ? [press('Go on with it', 'checkins.show', true)] : []),
    ...(unchanged ? [press('No change', 'checkins.no-change', !unfinished)] : []),
    ...(unfinished
      ? []
      : fold
        ? [more('Update', FORM)]
        : [sendButton(checkin, 'Send update'), keepButton(checkin)]),
    ...(checkin.helpAskedAt || view.inPlace ? [] : [press('I need help', 'checkins.help')]),
    ...(view.inPlace ? [] : [press('Not today', 'checkins.not-today')]),
  ];
}

function sendButton(checkin: Checkin, label: string): Action {
  return button(label, envelope('checkins.submit', checkin.id, checkin.version), { primary: true });
}

export const SAVE_FOR_LATER = 'checkins.save-for-later';

/** Teams tells nobody what is typed until a button is pressed: this one keeps it. */
function keepButton(checkin: Checkin): Action {
  return button('Save for later', envelope(SAVE_FOR_LATER, checkin.id, checkin.version));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
