/**
 * Which face a check-in shows to whom: the owner's question or outcome, the reviewer's review or outcome. Every copy of a
 * card, and the answer to every press, comes from here, so all of them show the present state. Pure.
 */
import {
  button,
  type Card,
  card,
  type Element,
  hidden,
  line,
  more,
  said,
  textInput,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { ONLY_YOU, whoSees } from '../cards/who-sees.ts';
import { dateInWords } from '../kernel/time.ts';
import { type AskView, askCard, formOf } from './ask-card.ts';
import { COMMENT_LIMIT } from './form.ts';
import { type Checkin, type CheckinState, WAYMARK } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import { isAskedAgain } from './reminders.ts';
import { type ReviewView, reviewCard } from './review-card.ts';
import { type Seen, whoSeesLine } from './who-sees.ts';
import { answerInWords, possessive, quoted, STATUS_LOOKS, titleOf } from './words.ts';

/** All that a card of a check-in may need, whoever sees it and in whichever state. */
export type Face = Omit<AskView, 'inPlace'> &
  ReviewView & {
    /** The given name of whoever approved or returned it. */
    readonly decider?: string | undefined;
    /** An answer to the reader's question that could not be taken, shown again. */
    readonly typedReply?: string | undefined;
  };

export type Viewer = 'owner' | 'reviewer' | 'stand-in' | 'former' | 'other';

/** `former`: someone who was sent a card that is now with another; sees that and no more. */
export function cardFor(viewer: Viewer, face: Face): Card {
  if (viewer === 'former') return formerCard(face);
  if (viewer === 'other') return channelCard(face);
  if (viewer === 'stand-in') return standInCard(face);
  return viewer === 'owner' ? ownerCard(face) : reviewerCard(face);
}

function ownerCard(face: Face): Card {
  const { checkin, names } = face;
  switch (checkin.state) {
    case 'open':
    case 'returned':
      return checkin.resting ? laterCard(face) : askCard(face);
    case 'submitted':
      return sentCard(face);
    case 'approved':
      return outcome(face, {
        summary: checkin.decidedBy === WAYMARK ? 'Your check-in is done.' : 'Your check-in was approved.',
        heading:
          checkin.decidedBy === WAYMARK
            ? `Thank you, ${said(names.owner)}. Nothing has changed, so nobody needs to approve this.`
            : `Thank you, ${said(names.owner)}. ${said(face.decider ?? names.reviewer)} has approved this.`,
        close: 'Nothing more to do until the next round.',
      });
    case 'withdrawn':
      return withdrawn(face);
  }
}

function reviewerCard(face: Face): Card {
  const { checkin, names } = face;
  const owner = said(names.owner);
  const who = face.decider ? said(face.decider) : 'the reviewer';
  if (checkin.state === 'submitted' && checkin.answer) return reviewCard(face, checkin.answer);
  switch (checkin.state) {
    case 'approved':
      return outcome(face, {
        summary: `The check-in from ${owner} is approved.`,
        heading:
          checkin.decidedBy === WAYMARK
            ? `${owner} says nothing has changed, so this needs no approval.`
            : `Approved by ${who}. ${owner} can see it.`,
        close: 'Leaders now see it with the other milestones.',
      });
    case 'returned':
      return outcome(face, {
        summary: `The check-in from ${owner} was returned.`,
        heading: `Returned by ${who}, with a comment for ${owner}.`,
        close: `You will get a new card when ${owner} sends it again.`,
        comment: true,
      });
    case 'withdrawn':
      return withdrawn(face);
    default:
      return outcome(face, {
        summary: `The check-in is with ${owner}.`,
        heading: `This check-in is with ${owner}.`,
        close: 'Nothing for you to do yet.',
      });
  }
}

/** Sent, and still the owner's to better until it is read. */
function sentCard(face: Face): Card {
  const { checkin, milestone, names } = face;
  const open = face.typed !== undefined;
  const form = formOf({ ...face, last: undefined }, 'Send again');
  const waits = checkin.question !== undefined && checkin.reply === undefined;
  return card({
    summary: waits ? 'There is a question about your check-in.' : 'Your check-in is on its way to be read.',
    body: [
      ...notice(face),
      title(
        waits
          ? `${said(names.owner)}, ${said(names.reviewer)} asks before reading on.`
          : `Thank you, ${said(names.owner)}. Sent to ${said(names.reviewer)}.`,
      ),
      ...answered(checkin, milestone),
      ...(waits ? [line(quoted(checkin.question ?? '', 160)), replyField(face.typedReply)] : []),
      ...(checkin.reply === undefined ? [] : [line(`You answered: ${quoted(checkin.reply, 110)}`)]),
      line(`You can change it until ${said(names.reviewer)} has read it.`, { subtle: true }),
      whoSeesLine('sent', names, face.alsoWith),
      open ? { type: 'Container', items: form } : hidden('update', form),
    ],
    actions: [
      ...(waits
        ? [button('Send answer', envelope('checkins.reply', checkin.id, checkin.version), { primary: true })]
        : []),
      ...(open ? [] : [more('Change it', 'update')]),
    ],
  });
}

function replyField(typed: string | undefined): Element {
  return textInput('reply', {
    label: 'Your answer',
    multiline: true,
    limit: COMMENT_LIMIT,
    ...(typed ? { value: typed } : {}),
  });
}

function laterCard(face: Face): Card {
  const { checkin, milestone, names } = face;
  // Put off by themself, so the same for those who want no reminders.
  const again = isAskedAgain(checkin, true) && checkin.askOn;
  return card({
    summary: 'Your check-in can wait.',
    body: [
      ...notice(face),
      title(`No hurry, ${said(names.owner)}.`),
      line(titleOf(milestone)),
      line(again ? `I'll ask again on ${dateInWords(again)}.` : "I won't ask again; it stays here for you."),
      whoSeesLine('bare', names),
    ],
    actions: [
      button('Answer now', envelope('checkins.show', checkin.id, checkin.version), { withoutInputs: true }),
    ],
  });
}

/** After "Save for later": nothing of it is on the card, which may lie open on a desk. */
export function keptCard(
  milestone: Milestone,
  checkin: Pick<Checkin, 'id' | 'version'>,
  until: string,
): Card {
  return card({
    summary: 'Saved for later.',
    body: [
      title('Saved for later. Nothing was sent.'),
      line(titleOf(milestone)),
      whoSees(`${ONLY_YOU} It is kept until you send it, or until ${dateInWords(until)}.`),
    ],
    actions: [
      button('Go on with it', envelope('checkins.show', checkin.id, checkin.version), {
        withoutInputs: true,
        primary: true,
      }),
    ],
  });
}

const CHANNEL_WORDS: Readonly<Record<CheckinState, (owner: string, reviewer: string) => string>> = {
  open: (owner, reviewer) => `${owner} answers this one; ${reviewer} reads it.`,
  returned: (owner, reviewer) => `${owner} answers this one; ${reviewer} reads it.`,
  submitted: (owner, reviewer) => `${owner} has answered. ${reviewer} reads it next.`,
  approved: () => 'Answered and read.',
  withdrawn: () => 'This check-in is no longer needed.',
};

/**
 * What a channel sees, and everyone in it whose check-in it is not: that it is open or answered, nothing of what was said. As
 * it is shown, each reader's client asks for their own view; the button is for clients that do not.
 */
function channelCard(face: Face): Card {
  const { checkin, milestone, names } = face;
  const view = envelope('checkins.view', checkin.id, checkin.version);
  const done = checkin.state === 'approved' || checkin.state === 'withdrawn';
  return card({
    summary: `${possessive(names.owner)} check-in is here.`,
    body: [
      title(`${possessive(names.owner)} check-in`),
      line(titleOf(milestone)),
      line(CHANNEL_WORDS[checkin.state](said(names.owner), said(names.reviewer)), { subtle: true }),
      whoSeesLine('channel', names),
    ],
    actions: done ? [] : [button('Answer or read', view, { withoutInputs: true })],
    refresh: view,
  });
}

/** For a colleague who answers in the owner's place. Once it is answered, the rest is the owner's. */
function standInCard(face: Face): Card {
  const { checkin, names } = face;
  const owner = said(names.owner);
  if (checkin.state === 'open' || checkin.state === 'returned') return askCard({ ...face, inPlace: true });
  if (checkin.state === 'withdrawn') return withdrawn(face);
  return card({
    summary: `The check-in for ${owner} is answered.`,
    body: [
      ...notice(face),
      title(`Thank you. ${possessive(names.owner)} check-in is answered.`),
      line(titleOf(face.milestone)),
      line(`${owner} sees what was sent, and can change it until it is read.`, { subtle: true }),
      whoSeesLine('sent', names, face.alsoWith),
    ],
  });
}

function formerCard(face: Face): Card {
  return card({
    summary: 'A check-in no longer waits for you.',
    body: [
      title(`${possessive(face.names.owner)} check-in no longer waits for you.`),
      line(titleOf(face.milestone)),
      line('It is with somebody else now. Nothing for you to do.'),
      whoSeesLine('former', face.names),
    ],
  });
}

function withdrawn(face: Face): Card {
  return outcome(face, {
    summary: 'A check-in is no longer needed.',
    heading: 'This check-in is no longer needed.',
    close: 'A newer round has begun, or the milestone has changed. Nothing for you to do.',
  });
}

function outcome(
  face: Face,
  words: {
    readonly summary: string;
    readonly heading: string;
    readonly close: string;
    readonly comment?: boolean;
  },
): Card {
  const { checkin, milestone } = face;
  return card({
    summary: words.summary,
    body: [
      ...notice(face),
      title(words.heading),
      ...answered(checkin, milestone),
      ...(words.comment && checkin.comment ? [line(`Comment: ${quoted(checkin.comment, 100)}`)] : []),
      line(words.close, { subtle: true }),
      whoSeesLine(SEEN[checkin.state], face.names, face.alsoWith),
    ],
  });
}

/** What an outcome's card holds of the check-in. */
const SEEN: Readonly<Record<CheckinState, Seen>> = {
  open: 'bare',
  submitted: 'sent',
  returned: 'returned',
  approved: 'approved',
  withdrawn: 'bare',
};

function answered(checkin: Checkin, milestone: Milestone): Element[] {
  const { answer } = checkin;
  return [
    line(titleOf(milestone)),
    ...(answer ? [line(`${answerInWords(answer, milestone)}.`, STATUS_LOOKS[answer.status])] : []),
  ];
}

function notice(face: Face): Element[] {
  return face.notice ? [line(face.notice, { colour: 'Accent' })] : [];
}
