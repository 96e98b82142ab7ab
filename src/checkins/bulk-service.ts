/**
 * Approves all that a manager's card offered at once. Each check-in is a transaction of its own, judged by the rows as they
 * are now: one that has moved on or is worth a read is left, and said by name.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { isRefusal } from '../kernel/errors.ts';
import { numberInWords } from '../kernel/text.ts';
import { inTransaction } from '../storage/database.ts';
import { type Presser, save } from './acts-service.ts';
import { roleOf } from './authority.ts';
import { readItems, reasonToRead } from './bulk.ts';
import { decide } from './lifecycle.ts';
import { type CheckinsResources, faceOf, type Lines, loadLines } from './lines-service.ts';
import { waitersOf } from './lists-service.ts';
import { readUnchangedBefore, readWaitingFor } from './lists-store.ts';
import { reviewListCard } from './review-list-card.ts';
import {
  lockCheckin,
  readCheckin,
  readLastApproved,
  readLive,
  readMilestone,
  readMilestones,
} from './store.ts';
import { titleOf } from './words.ts';

type Item = { readonly id: string; readonly version: number };

/** Undefined when it was approved; else a sentence. Of a check-in that is not theirs, a stranger learns nothing. */
type Failure = string | undefined;

const NOT_YOURS = 'One of them is with someone else now, so it was left.';

export async function approveAll(
  resources: CheckinsResources,
  command: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const items = readItems(command.inputs);
  const lines = await linesFor(resources, person, items, now);
  const failures: string[] = [];
  let approved = 0;
  for (const item of items) {
    const failure = await approveOne(resources, lines, item, person, now);
    if (failure === undefined) approved += 1;
    else failures.push(failure);
  }
  resources.log.info('check-ins approved together', { approved, left: failures.length });
  const waiting = await waitersOf(
    resources.db,
    lines,
    person.personId,
    await readWaitingFor(resources.db, person.personId),
  );
  const notice =
    approved === 0
      ? 'None was approved.'
      : `Approved ${numberInWords(approved)}${failures.length > 0 ? `, left ${numberInWords(failures.length)}` : ''}.`;
  const reader = lines.givenName(person.personId);
  return { kind: 'card', card: reviewListCard({ reader, waiting, notice, failures }) };
}

/** The words "my approvals": all that this person may read now, sent to them yet or not. */
export async function answerApprovals(
  resources: CheckinsResources,
  person: Presser,
  now: Date,
): Promise<MessageReply> {
  const live = (await readLive(resources.db)).filter((checkin) => checkin.state === 'submitted');
  const lines = await loadLines(resources, [person.personId, ...live.map((checkin) => checkin.ownerId)], now);
  const asked = live.filter((one) => lines.reviewers(one.ownerId).asked?.personId === person.personId);
  const milestones = new Map((await readMilestones(resources.db)).map((one) => [one.id, one]));
  const attached = asked.flatMap((checkin) => {
    const milestone = milestones.get(checkin.milestoneId);
    return milestone ? [{ key: '', checkin, milestone }] : [];
  });
  const waiting = await waitersOf(resources.db, lines, person.personId, attached);
  if (waiting.length === 0) return { kind: 'reply', text: 'No check-in waits for you to read.' };
  return { kind: 'reply', card: reviewListCard({ reader: lines.givenName(person.personId), waiting }) };
}

/** Everyone concerned is read before the first transaction: the embedded store has one connection. */
async function linesFor(
  resources: CheckinsResources,
  person: Presser,
  items: readonly Item[],
  now: Date,
): Promise<Lines> {
  const owners = new Set<string>([person.personId]);
  for (const { id } of items) {
    const checkin = await readCheckin(resources.db, id);
    if (checkin) owners.add(checkin.ownerId);
  }
  for (const { checkin } of await readWaitingFor(resources.db, person.personId)) owners.add(checkin.ownerId);
  return loadLines(resources, [...owners], now);
}

function approveOne(
  resources: CheckinsResources,
  lines: Lines,
  { id, version }: Item,
  person: Presser,
  now: Date,
): Promise<Failure> {
  return inTransaction(resources.db, async (trx) => {
    const checkin = await lockCheckin(trx, id);
    const reviewers = checkin && lines.reviewers(checkin.ownerId);
    if (!checkin || !reviewers || roleOf(checkin, person.personId, reviewers) !== 'reviewer')
      return NOT_YOURS;
    const milestone = await readMilestone(trx, checkin.milestoneId);
    if (!milestone) return NOT_YOURS;
    const [approved] = await readLastApproved(trx, [milestone.id]);
    const last = approved?.id === checkin.id ? undefined : approved?.answer;
    const runs = await readUnchangedBefore(trx, [milestone.id]);
    const name = `${lines.givenName(checkin.ownerId)}, ${titleOf(milestone)}:`;
    const actor = { kind: 'person', personId: person.personId, mayReview: true } as const;
    const decision = decide(checkin, { kind: 'approve', version }, actor, now);
    if (isRefusal(decision)) return `${name} it had moved on, so it was left.`;
    const why = reasonToRead({ checkin, milestone, last, unchangedBefore: runs.get(milestone.id) ?? 0 });
    if (why) return `${name} worth a read first (${why}).`;
    const face = faceOf(lines, decision.next, milestone, last);
    await save(resources, trx, checkin, decision, face, { lines, person, reviewers, now });
    return undefined;
  });
}
