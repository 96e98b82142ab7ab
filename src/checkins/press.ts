/**
 * What a press means: the change it makes with the cards that follow from it, or only an answer. Pure: from the check-in as it
 * was read, who pressed, and who may read. A refusal changes nothing and shows the present state to those whose check-in it
 * is. A change may turn out to be too late; then the same press is judged again by what there is now.
 */
import { said } from '../cards/elements.ts';
import type { Inputs } from '../cards/envelope.ts';
import { heldReply } from '../cards/held.ts';
import type { CardReply } from '../cards/reply.ts';
import type { Reviewers } from '../directory/hierarchy.ts';
import { isRefusal } from '../kernel/errors.ts';
import type { Role } from './authority.ts';
import { reasonToRead } from './bulk.ts';
import { cardFor, type Face } from './cards.ts';
import type { Dossier } from './dossiers-store.ts';
import { type Sending, sendingsOf } from './effects.ts';
import {
  type FormProblem,
  isProblem,
  isWorthKeeping,
  readAnswer,
  readComment,
  readQuestion,
  readReplyTo,
  saysTheSame,
  typedFrom,
} from './form.ts';
import {
  type Checkin,
  type Command,
  type CommandKind,
  type Decision,
  decide,
  forbids,
  TAKES,
  WAYMARK,
} from './lifecycle.ts';
import { faceOf, type Lines } from './lines-service.ts';
import { type Rhythm, reminderAfter, workingDayAfter } from './reminders.ts';
import type { Change } from './store.ts';

/** The person who pressed, from the signed activity. */
export type Presser = { readonly personId: string; readonly name: string };

/** One press, with everything that was read for it but the check-in. `rhythm`: of whoever is to answer it next. */
export type Press = {
  readonly kind: CommandKind;
  readonly inputs: Inputs;
  /** Why the words are held back, in a sentence for whoever typed them. */
  readonly held?: string | undefined;
  readonly version: number;
  readonly viewer: Role;
  readonly person: Presser;
  readonly lines: Lines;
  readonly reviewers: Reviewers;
  readonly rhythm: Rhythm | undefined;
  /** Whether the trust lets an unchanged answer approve itself. */
  readonly unchangedApproves: boolean;
  readonly now: Date;
};

/** `refused`: why the lifecycle took no command, for the log. */
export type Judged =
  | { readonly kind: 'answer'; readonly reply: CardReply; readonly refused?: string }
  | {
      readonly kind: 'change';
      readonly change: Change;
      readonly sendings: readonly Sending[];
      readonly reply: CardReply;
    };

const MOVED_ON = 'This had already moved on; nothing was changed. Here is how it stands.';
const LATE =
  'This had already moved on, so nothing was sent. What you wrote is kept for you until the next one.';
const KEPT = 'This had moved on. Your words are still here: please check them and send again.';
const NOBODY =
  'I could not find anyone to read this, so nothing was sent. Please ask your school office to check who your line manager is.';

export function judge(dossier: Dossier, press: Press): Judged {
  const { checkin, milestone, last } = dossier;
  const { kind, viewer, lines, now } = press;
  const show = (state: Checkin, extra: Partial<Face> = {}, refused?: string): Judged => ({
    kind: 'answer',
    reply: cardReply(cardFor(viewer, { ...faceOf(lines, state, milestone, last), ...extra })),
    ...(refused === undefined ? {} : { refused }),
  });
  const typed = kind === 'submit' ? { typed: typedFrom(press.inputs) } : {};
  const typedComment =
    kind === 'return' || kind === 'question' ? { typedComment: press.inputs.comment ?? '' } : {};
  const typedReply = kind === 'reply' ? { typedReply: press.inputs.reply ?? '' } : {};
  const awake = { ...checkin, resting: false };
  const movedOn = typed.typed && isWorthKeeping(typed.typed, checkin.answer) ? LATE : MOVED_ON;

  const actor = {
    kind: 'person',
    personId: press.person.personId,
    mayReview: viewer === 'reviewer',
    mayAnswer: viewer === 'stand-in',
  } as const;
  const forbidden = forbids(checkin, kind, actor);
  if (forbidden) return { kind: 'answer', reply: forbidden };
  if (press.held !== undefined) {
    const now = TAKES[checkin.state].includes(kind) ? awake : checkin;
    const notice = press.held;
    const again = { notice, ...typed, ...typedComment, ...typedReply };
    return {
      kind: 'answer',
      reply: heldReply(cardFor(viewer, { ...faceOf(lines, now, milestone, last), ...again }), notice),
      refused: 'names-pupil',
    };
  }
  const command = commandOf(press, dossier);
  if (isProblemCommand(command)) {
    if (!TAKES[checkin.state].includes(kind)) return show(checkin, { notice: movedOn });
    return show(awake, { notice: command.message, ...typed, ...typedComment, ...typedReply });
  }
  const decision = decide(checkin, command, actor, now);
  if (decision.kind === 'refusal') {
    const { reason } = decision;
    if (reason !== 'stale') return show(awake, { notice: decision.message }, reason);
    const keeps =
      TAKES[checkin.state].includes(kind) && (kind === 'submit' || 'typedComment' in typedComment);
    return keeps
      ? show(awake, { notice: KEPT, ...typed, ...typedComment }, reason)
      : show(checkin, { notice: movedOn }, reason);
  }
  const needsReader = kind === 'submit' || kind === 'no-change' || kind === 'help';
  if (needsReader && !press.reviewers.asked) return show(awake, { notice: NOBODY, ...typed });
  return changeOf(dossier, decision, press);
}

/** The change that a decision makes, with the approval that an unchanged answer needs nobody for. */
export function changeOf(
  dossier: Dossier,
  decision: Decision,
  press: Pick<Press, 'lines' | 'now' | 'person' | 'unchangedApproves' | 'viewer'>,
): Judged {
  const { checkin, milestone, last, copies } = dossier;
  const { lines, now, person, viewer } = press;
  // Of what it says from now on: whoever could not read their own words may read the owner's.
  const reviewers = lines.readersOf(decision.next, milestone);
  const standIns = lines.standIns(checkin.ownerId, milestone);
  const approval = selfApproval(dossier, decision, press);
  const steps = [
    { decision, actor: person.personId },
    ...(approval ? [{ decision: approval, actor: WAYMARK }] : []),
  ];
  const final = approval ?? decision;
  const face = faceOf(lines, final.next, milestone, last);
  const notice = noticeOf(decision, face);
  const extra = notice === undefined ? {} : { notice };
  return {
    kind: 'change',
    change: {
      before: checkin,
      steps,
      audits: steps.map((step, index) => ({
        at: now,
        actor: step.actor,
        action: `checkins.${step.decision.event}`,
        subject: checkin.id,
        detail: {
          version: step.decision.next.version,
          from: (steps[index - 1]?.decision.next ?? checkin).state,
          to: step.decision.next.state,
        },
      })),
      at: now,
    },
    sendings: approval ? [] : sendingsOf(checkin, decision, face, reviewers, copies, standIns),
    reply: cardReply(cardFor(viewer, { ...face, ...extra })),
  };
}

/** Where the trust says so, and the answer would be approved with the rest. */
function selfApproval(
  { milestone, last, unchangedBefore }: Dossier,
  { next, event }: Decision,
  { unchangedApproves, now }: Pick<Press, 'unchangedApproves' | 'now'>,
): Decision | undefined {
  if (event !== 'no-change' || !unchangedApproves) return undefined;
  if (reasonToRead({ checkin: next, milestone, last, unchangedBefore }) !== undefined) return undefined;
  const approval = decide(next, { kind: 'approve', version: next.version }, { kind: 'waymark' }, now);
  return isRefusal(approval) ? undefined : approval;
}

function commandOf(
  press: Press,
  { checkin, last, milestone }: Pick<Dossier, 'checkin' | 'last' | 'milestone'>,
): Command | FormProblem {
  const { version, inputs, lines, kind, rhythm } = press;
  switch (kind) {
    case 'submit': {
      const concerned = lines.concerned(checkin.ownerId, milestone);
      const answer = readAnswer(typedFrom(inputs), milestone, concerned);
      return isProblem(answer)
        ? answer
        : { kind, version, answer, same: last !== undefined && saysTheSame(answer, last) };
    }
    case 'return': {
      const comment = readComment(inputs);
      return isProblem(comment)
        ? comment
        : { kind, version, comment, askOn: reminderAfter(rhythm, lines.today) };
    }
    case 'question': {
      const question = readQuestion(inputs);
      return isProblem(question) ? question : { kind, version, question };
    }
    case 'reply': {
      const reply = readReplyTo(inputs);
      return isProblem(reply) ? reply : { kind, version, reply };
    }
    case 'no-change':
      return { kind, version, last };
    case 'not-today':
      return { kind, version, askOn: workingDayAfter(rhythm, lines.today) };
    default:
      return { kind, version };
  }
}

function isProblemCommand(command: Command | FormProblem): command is FormProblem {
  return command.kind === 'problem';
}

function cardReply(card: ReturnType<typeof cardFor>): CardReply {
  return { kind: 'card', card };
}

/** What the one who pressed is told beside the card's new face. */
function noticeOf({ event }: Decision, { names }: Face): string | undefined {
  switch (event) {
    case 'help':
      return `${said(names.reviewer)} gets a message now that you would like a word. Nothing else was sent.`;
    case 'question':
      return `Your question is with ${said(names.owner)}. Nothing was decided.`;
    default:
      return undefined;
  }
}
