/**
 * The life of a check-in: open → submitted → approved or returned → submitted …, or withdrawn. Decides what a command
 * makes of a state, or refuses it as a value. Overdue is no state: `reminders.ts` derives it. Refuses to know cards, rows
 * and how it was found out who may review.
 */
import { decide as judge } from '../access/decide.ts';
import { being } from '../access/roles.ts';
import { assertNever, isRefusal, type Refusal, refuse } from '../kernel/errors.ts';

export type Status = 'on-track' | 'at-risk' | 'off-track';
export type Confidence = 'high' | 'medium' | 'low';

/** What an owner says of a milestone. `value` is in the milestone's unit; texts may be empty; `evidence` is an https link. */
export type Answer = {
  readonly status: Status;
  readonly confidence: Confidence;
  readonly value?: number;
  readonly note: string;
  readonly blocker: string;
  readonly evidence: string;
  /** Who could take that away: a colleague's full name, with their id where they were chosen, or words. */
  readonly unblocker?: string;
  readonly unblockerId?: string;
};

export type CheckinState = 'open' | 'submitted' | 'approved' | 'returned' | 'withdrawn';

/** One round of one milestone. `version` grows by one with every change that a person or Waymark makes to it. */
export type Checkin = {
  readonly id: string;
  readonly milestoneId: string;
  readonly round: string;
  readonly ownerId: string;
  readonly state: CheckinState;
  readonly version: number;
  readonly answer?: Answer;
  /** Who wrote it: the owner, or whoever sent it in their place. They never decide on it. */
  readonly answeredBy?: string;
  /** The answer is last time's, sent with "No change". */
  readonly unchanged: boolean;
  readonly submittedAt?: Date;
  readonly helpAskedAt?: Date;
  /** How often the owner was asked, and the day before which they are not asked again. */
  readonly asked: number;
  readonly askOn?: string;
  /** Put off with "Not today": the card rests until the day it is asked again. */
  readonly resting: boolean;
  readonly comment?: string;
  /** What the reader asked before deciding, and what the owner answered. */
  readonly question?: string;
  readonly reply?: string;
  readonly decidedBy?: string;
  readonly decidedAt?: Date;
  /** While it waits to be read: which reader was told that it waits long, and who can read it too by now. */
  readonly escalation?: Escalated;
};

/** `from`: the day from which the next manager can read it too, as `told` was told. `to`: that manager, since then. */
export type Escalated = { readonly told: string; readonly from: string; readonly to?: string };

/** Stands where a person's id does, in what was decided without one. */
export const WAYMARK = 'waymark';

/** A person with what they may do here, or Waymark itself. */
export type Actor =
  | {
      readonly kind: 'person';
      readonly personId: string;
      readonly mayReview: boolean;
      /** In the owner's place, where the milestone or the trust lets them; never together with `mayReview`. */
      readonly mayAnswer?: boolean;
    }
  | { readonly kind: 'waymark' };

type Versioned = { readonly version: number };
export type Command =
  /** `same`: it says what was approved last, word for word, and so is no change whatever was pressed. */
  | ({ readonly kind: 'submit'; readonly answer: Answer; readonly same?: boolean } & Versioned)
  | ({ readonly kind: 'no-change'; readonly last?: Answer | undefined } & Versioned)
  | ({ readonly kind: 'help' } & Versioned)
  | ({ readonly kind: 'not-today'; readonly askOn: string } & Versioned)
  | ({ readonly kind: 'approve' } & Versioned)
  | ({ readonly kind: 'return'; readonly comment: string; readonly askOn: string } & Versioned)
  | ({ readonly kind: 'question'; readonly question: string } & Versioned)
  | ({ readonly kind: 'reply'; readonly reply: string } & Versioned)
  | ({ readonly kind: 'withdraw' } & Versioned);

export type CommandKind = Command['kind'];
export type Decision = { readonly kind: 'decision'; readonly next: Checkin; readonly event: CommandKind };

/** Which commands a state takes. A submitted one may be sent again: its words can be bettered until they are reviewed. */
export const TAKES: Readonly<Record<CheckinState, readonly CommandKind[]>> = {
  open: ['submit', 'no-change', 'help', 'not-today', 'withdraw'],
  submitted: ['submit', 'approve', 'return', 'question', 'reply', 'withdraw'],
  returned: ['submit', 'help', 'not-today', 'withdraw'],
  approved: [],
  withdrawn: [],
};

/**
 * Refusals: `not-yours` (a stranger), `own-check-in` (nobody approves their own), `stale` (the version is not the present
 * one, or the state no longer takes it), `nothing-before` (no change on a first check-in), `help-known` (asked before),
 * `nothing-asked` (an answer to no question).
 * Authority is judged before anything of the state is told.
 */
export function decide(checkin: Checkin, command: Command, actor: Actor, now: Date): Decision | Refusal {
  const forbidden = forbids(checkin, command.kind, actor);
  if (forbidden) return forbidden;
  if (command.version !== checkin.version || !TAKES[checkin.state].includes(command.kind)) {
    return refuse('stale', 'This check-in has moved on since that card. Nothing was changed.');
  }
  return apply(checkin, command, actor, now);
}

function apply(checkin: Checkin, command: Command, actor: Actor, now: Date): Decision | Refusal {
  const base = { ...checkin, version: checkin.version + 1 };
  const decided = { decidedBy: actor.kind === 'person' ? actor.personId : WAYMARK, decidedAt: now };
  const become = (next: Checkin): Decision => ({ kind: 'decision', next, event: command.kind });
  switch (command.kind) {
    case 'submit':
      return become(submitted(base, command.answer, command.same === true, actor, now));
    case 'no-change':
      return command.last
        ? become(submitted(base, command.last, true, actor, now))
        : refuse('nothing-before', 'This is the first check-in, so there is nothing to leave unchanged yet.');
    case 'help':
      return checkin.helpAskedAt
        ? refuse('help-known', 'Your request for help is already on its way. Nothing more was sent.')
        : become({ ...base, helpAskedAt: now });
    case 'not-today':
      return become({ ...base, askOn: command.askOn, resting: true });
    case 'approve':
      return become({ ...base, state: 'approved', ...decided });
    case 'return':
      return become({
        ...base,
        state: 'returned',
        comment: command.comment,
        asked: 1,
        askOn: command.askOn,
        resting: false,
        ...decided,
      });
    case 'question': {
      const { reply: _reply, ...rest } = base;
      return become({ ...rest, question: command.question });
    }
    case 'reply':
      return checkin.question === undefined
        ? refuse('nothing-asked', 'Nobody has asked anything about this check-in. Nothing was sent.')
        : become({ ...base, reply: command.reply });
    case 'withdraw':
      return become({ ...base, state: 'withdrawn' });
    default:
      return assertNever(command);
  }
}

/** A new answer waits for a review, so what the last review said or asked of the old one goes. */
function submitted(base: Checkin, answer: Answer, unchanged: boolean, actor: Actor, now: Date): Checkin {
  const {
    comment: _comment,
    decidedBy: _by,
    decidedAt: _at,
    askOn: _askOn,
    question: _question,
    reply: _reply,
    ...rest
  } = base;
  const answeredBy = actor.kind === 'person' ? actor.personId : WAYMARK;
  return { ...rest, state: 'submitted', answer, answeredBy, unchanged, submittedAt: now, resting: false };
}

/** Who wrote the answer that waits to be read, and so never reads it; undefined where none waits. */
export function writerOf({ state, answeredBy }: Pick<Checkin, 'state' | 'answeredBy'>): string | undefined {
  return state === 'submitted' ? answeredBy : undefined;
}

/** Why this actor may never give this command here, whatever its state; undefined when they may. */
export function forbids(checkin: Checkin, kind: CommandKind, actor: Actor): Refusal | undefined {
  const notYours = refuse('not-yours', 'That check-in is with someone else, so nothing was changed.');
  if (actor.kind === 'waymark') {
    const may = kind === 'withdraw' || (kind === 'approve' && checkin.unchanged);
    return may ? undefined : notYours;
  }
  if (kind === 'withdraw') return notYours;
  const { personId, mayAnswer } = actor;
  const mayReview = actor.mayReview && personId !== writerOf(checkin);
  const told = being(
    { id: personId, standings: [] },
    personId === checkin.ownerId ? 'owner' : undefined,
    mayReview ? 'reviewer' : undefined,
    mayAnswer && !actor.mayReview ? 'stand-in' : undefined,
  );
  const permit = judge(`checkins.${kind}`, told, {});
  return isRefusal(permit) ? permit : undefined;
}
