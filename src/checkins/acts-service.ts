/**
 * Answers a button of a check-in. Reads who is who, then in one transaction: lock, read what was typed, decide, save,
 * audit, new cards out, every copy brought up to date. A refusal changes nothing and shows the present state to those
 * whose check-in it is; a stranger learns nothing of it.
 */
import { said } from '../cards/elements.ts';
import type { CardCommand, Inputs } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import type { Reviewers } from '../directory/hierarchy.ts';
import { refuse } from '../kernel/errors.ts';
import { must } from '../kernel/guards.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction, type Trx } from '../storage/database.ts';
import { type Role, roleOf } from './authority.ts';
import { reasonToRead } from './bulk.ts';
import { cardFor, type Face, type Viewer } from './cards.ts';
import { effectsOf } from './effects.ts';
import { type FormProblem, isProblem, readAnswer, readComment, typedFrom } from './form.ts';
import {
  type Answer,
  type Checkin,
  type Command,
  type CommandKind,
  type Decision,
  decide,
  forbids,
  TAKES,
  WAYMARK,
} from './lifecycle.ts';
import { type CheckinsResources, faceOf, type Lines, loadLines } from './lines-service.ts';
import { settleCards } from './lists-service.ts';
import { readUnchangedBefore, readWaitingOwners } from './lists-store.ts';
import type { Milestone } from './milestone.ts';
import { reminderAfter, workingDayAfter } from './reminders.ts';
import {
  lockCheckin,
  readCheckin,
  readLastApproved,
  readMessages,
  readMilestone,
  saveDecision,
} from './store.ts';

/** The person who pressed, from the signed activity. */
export type Presser = { readonly personId: string; readonly name: string };

const COMMANDS: Readonly<Record<string, CommandKind | 'show' | 'view'>> = {
  'checkins.submit': 'submit',
  'checkins.no-change': 'no-change',
  'checkins.help': 'help',
  'checkins.not-today': 'not-today',
  'checkins.approve': 'approve',
  'checkins.return': 'return',
  'checkins.show': 'show',
  'checkins.view': 'view',
};

const MOVED_ON = 'This had already moved on; nothing was changed. Here is how it stands.';
const KEPT = 'This had moved on. Your words are still here: please check them and send again.';
const NOBODY =
  'I could not find anyone to read this, so nothing was sent. Please ask your school office to check who your line manager is.';

/** One press, with everything that was read for it. */
type Press = {
  readonly kind: CommandKind;
  readonly inputs: Inputs;
  readonly version: number;
  readonly viewer: Role;
  readonly person: Presser;
  readonly lines: Lines;
  readonly reviewers: Reviewers;
  readonly now: Date;
};

export async function answerPress(
  resources: CheckinsResources,
  command: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const kind = COMMANDS[command.envelope.verb];
  if (!kind) return refuse('unknown-card', 'I do not know that button. Please use the newest card.');
  const seen = await readCheckin(resources.db, command.envelope.id);
  if (!seen) return refuse('gone', 'I cannot find that check-in any more. Nothing was changed.');
  const others = seen.decidedBy === undefined ? [] : [seen.decidedBy];
  const concerned = [seen.ownerId, person.personId, ...others];
  const first = await loadLines(resources, concerned, now);
  const reviewers = first.reviewers(seen.ownerId);
  const viewer = roleOf(seen, person.personId, reviewers);
  if (!viewer && kind === 'view' && (await isInChannel(resources, seen.id)))
    return showCheckin(resources, seen, 'other', first);
  if (!viewer) {
    resources.log.warn('check-in press refused', { checkin: seen.id, person: person.personId, verb: kind });
    return refuse('not-yours', 'That check-in is with someone else, so nothing was changed.');
  }
  if (kind === 'show' || kind === 'view') return showCheckin(resources, seen, viewer, first);
  // Reviews of others may stand on the same card, and their owners be named there.
  const beside = await readWaitingOwners(resources.db, reviewers.may);
  const lines = await loadLines(resources, [...concerned, ...beside], now);
  const { inputs, envelope } = command;
  const press = { kind, inputs, version: envelope.version, viewer, person, lines, reviewers, now };
  return inTransaction(resources.db, (trx) => carryOut(resources, trx, envelope.id, press));
}

/** What stands in a channel may be seen by whoever is there; of any other a stranger learns nothing. */
async function isInChannel(resources: CheckinsResources, checkinId: string): Promise<boolean> {
  return (await readMessages(resources.db, [checkinId])).some(({ role }) => role === 'channel');
}

async function showCheckin(
  resources: CheckinsResources,
  checkin: Checkin,
  viewer: Viewer,
  lines: Lines,
): Promise<CardReply> {
  const { db } = resources;
  const milestone = must(await readMilestone(db, checkin.milestoneId), `milestone ${checkin.milestoneId}`);
  const [last] = await readLastApproved(db, [checkin.milestoneId]);
  const awake = { ...checkin, resting: false };
  return { kind: 'card', card: cardFor(viewer, faceOf(lines, awake, milestone, last?.answer)) };
}

async function carryOut(
  resources: CheckinsResources,
  trx: Trx,
  checkinId: string,
  press: Press,
): Promise<CardReply> {
  const { lines, viewer, now, kind } = press;
  const checkin = must(await lockCheckin(trx, checkinId), `check-in ${checkinId}`);
  const milestone = must(await readMilestone(trx, checkin.milestoneId), `milestone ${checkin.milestoneId}`);
  const [lastApproved] = await readLastApproved(trx, [checkin.milestoneId]);
  const last = lastApproved?.id === checkin.id ? undefined : lastApproved?.answer;
  const show = (state: Checkin, extra: Partial<Face> = {}): CardReply => ({
    kind: 'card',
    card: cardFor(viewer, { ...faceOf(lines, state, milestone, last), ...extra }),
  });
  const typed = kind === 'submit' ? { typed: typedFrom(press.inputs) } : {};
  const typedComment = kind === 'return' ? { typedComment: press.inputs.comment ?? '' } : {};
  const awake = { ...checkin, resting: false };

  const actor = {
    kind: 'person',
    personId: press.person.personId,
    mayReview: viewer === 'reviewer',
  } as const;
  const forbidden = forbids(checkin, kind, actor);
  if (forbidden) return forbidden;
  const command = commandOf(resources, press, checkin.ownerId, last);
  if (isProblemCommand(command)) {
    if (!TAKES[checkin.state].includes(kind)) return show(checkin, { notice: MOVED_ON });
    return show(awake, { notice: command.message, ...typed, ...typedComment });
  }
  const decision = decide(checkin, command, actor, now);
  if (decision.kind === 'refusal') {
    resources.log.info('check-in press refused', {
      checkin: checkin.id,
      reason: decision.reason,
      verb: kind,
    });
    if (decision.reason !== 'stale') return show(awake, { notice: decision.message });
    const keeps = TAKES[checkin.state].includes(kind) && (kind === 'submit' || kind === 'return');
    return keeps
      ? show(awake, { notice: KEPT, ...typed, ...typedComment })
      : show(checkin, { notice: MOVED_ON });
  }
  const needsReader = kind === 'submit' || kind === 'no-change' || kind === 'help';
  if (needsReader && !press.reviewers.asked) return show(awake, { notice: NOBODY, ...typed });
  const final = await settled(resources, trx, { decision, milestone, last }, press);
  const face = faceOf(lines, final.next, milestone, last);
  await save(resources, trx, final === decision ? checkin : decision.next, final, face, press);
  if (final !== decision) return show(final.next);
  return show(decision.next, kind === 'help' ? { notice: helpNotice(face) } : {});
}

/**
 * What a decision ends in: itself, or the approval that an unchanged answer needs nobody for, where the trust says so and it
 * would be approved with the rest. Then the answer is written here, with its history, and the approval is the caller's.
 */
async function settled(
  resources: CheckinsResources,
  trx: Trx,
  made: { readonly decision: Decision; readonly milestone: Milestone; readonly last: Answer | undefined },
  { person, now }: Press,
): Promise<Decision> {
  const { decision, milestone, last } = made;
  const { next } = decision;
  if (decision.event !== 'no-change' || !resources.trust.policies.unchanged_approves_itself) return decision;
  const runs = await readUnchangedBefore(trx, [milestone.id]);
  const unchangedBefore = runs.get(milestone.id) ?? 0;
  if (reasonToRead({ checkin: next, milestone, last, unchangedBefore }) !== undefined) return decision;
  const approval = decide(next, { kind: 'approve', version: next.version }, { kind: 'waymark' }, now);
  if (approval.kind === 'refusal') return decision;
  await saveDecision(trx, decision, person.personId, now);
  await writeAudit(trx, {
    at: now,
    actor: person.personId,
    action: 'checkins.no-change',
    subject: next.id,
    detail: { version: next.version, to: next.state },
  });
  return approval;
}

/** Writes a decision with all that follows from it: history, cards, audit. Inside the transaction that locked the row. */
export async function save(
  resources: CheckinsResources,
  trx: Trx,
  before: Checkin,
  decision: Decision,
  face: Face,
  press: Pick<Press, 'lines' | 'now' | 'person' | 'reviewers'>,
): Promise<void> {
  const { next, event } = decision;
  const { lines, now, reviewers } = press;
  const actor = next.state === 'approved' && next.decidedBy === WAYMARK ? WAYMARK : press.person.personId;
  await saveDecision(trx, decision, actor, now);
  const copies = await readMessages(trx, [next.id]);
  const changed = { copies, reviewers, ...effectsOf(before, decision, face, reviewers, copies) };
  const drafts = (await settleCards(resources, trx, lines, changed, now)).map(({ draft }) => draft);
  if (drafts.length > 0)
    await resources.outbox.enqueue(trx, `checkin/${next.id}/${next.version}`, drafts, now);
  await writeAudit(trx, {
    at: now,
    actor,
    action: `checkins.${event}`,
    subject: next.id,
    detail: { version: next.version, from: before.state, to: next.state },
  });
}

function commandOf(
  resources: CheckinsResources,
  press: Press,
  ownerId: string,
  last: Checkin['answer'],
): Command | FormProblem {
  const { version, inputs, lines, kind } = press;
  const rhythm = resources.trust.people.find((note) => note.id === ownerId);
  switch (kind) {
    case 'submit': {
      const answer = readAnswer(typedFrom(inputs));
      return isProblem(answer) ? answer : { kind, version, answer };
    }
    case 'return': {
      const comment = readComment(inputs);
      return isProblem(comment)
        ? comment
        : { kind, version, comment, askOn: reminderAfter(rhythm, lines.today) };
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

function helpNotice(face: Face): string {
  return `${said(face.names.reviewer)} gets a message now that you would like a word. Nothing else was sent.`;
}
