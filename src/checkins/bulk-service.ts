/**
 * Approves all that a manager's card offered at once. Each check-in is judged and written by itself, by the row as it is
 * now: one that has moved on or is worth a read is left, and said by name.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { isRefusal } from '../kernel/errors.ts';
import { numberInWords } from '../kernel/text.ts';
import { MOST_TURNS, restless, saveJudged } from './acts-service.ts';
import { roleOf } from './authority.ts';
import { readItems, reasonToRead } from './bulk.ts';
import { readDossier, readDossiers, readWaitingFor } from './dossiers-store.ts';
import { decide } from './lifecycle.ts';
import { type CheckinsResources, type Lines, loadLines } from './lines-service.ts';
import { waitersOf } from './lists-service.ts';
import { changeOf, type Presser } from './press.ts';
import { reviewListCard } from './review-list-card.ts';
import { readLive } from './store.ts';
import { titleOf } from './words.ts';

export type Item = { readonly id: string; readonly version: number };

/** `name`: whose and which, in words. Of a check-in that is not theirs, a stranger learns nothing. */
export type ApprovalOutcome =
  | { readonly kind: 'approved'; readonly owner: string }
  | { readonly kind: 'not-yours' }
  | { readonly kind: 'moved-on'; readonly name: string }
  | { readonly kind: 'read-first'; readonly name: string; readonly why: string };

export async function approveAll(
  resources: CheckinsResources,
  command: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const items = readItems(command.inputs);
  const lines = await linesFor(resources, person, items, now);
  const outcomes = await Promise.all(items.map((item) => approveOne(resources, lines, item, person, now)));
  const failures = outcomes.flatMap((outcome) => failureOf(outcome) ?? []);
  const approved = outcomes.length - failures.length;
  resources.log.info('check-ins approved together', { approved, left: failures.length });
  const waiting = waitersOf(lines, person.personId, await readWaitingFor(resources.db, person.personId));
  const notice =
    approved === 0
      ? 'None was approved.'
      : `Approved ${numberInWords(approved)}${failures.length > 0 ? `, left ${numberInWords(failures.length)}` : ''}.`;
  const reader = lines.givenName(person.personId);
  return { kind: 'card', card: reviewListCard({ reader, waiting, notice, failures }) };
}

function failureOf(outcome: ApprovalOutcome): string | undefined {
  switch (outcome.kind) {
    case 'approved':
      return undefined;
    case 'not-yours':
      return 'One of them is with someone else now, so it was left.';
    case 'moved-on':
      return `${outcome.name}: it had moved on, so it was left.`;
    case 'read-first':
      return `${outcome.name}: worth a read first (${outcome.why}).`;
  }
}

/** One of those that wait, for a card of another capability; by the same rules as all at once. */
export async function approveSingly(
  resources: CheckinsResources,
  item: Item,
  person: Presser,
  now: Date,
): Promise<ApprovalOutcome> {
  const lines = await linesFor(resources, person, [item], now);
  const outcome = await approveOne(resources, lines, item, person, now);
  if (outcome.kind === 'not-yours')
    resources.log.warn('check-in press refused', {
      checkin: item.id,
      person: person.personId,
      verb: 'approve',
    });
  return outcome;
}

/** Of these check-ins, which are worth a read, and why; the others can be approved as they stand. */
export async function worthReading(
  { db }: CheckinsResources,
  checkinIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const dossiers = await readDossiers(db, checkinIds);
  return new Map(
    dossiers.flatMap((dossier) => {
      const why = reasonToRead(dossier);
      return why === undefined ? [] : [[dossier.checkin.id, why] as const];
    }),
  );
}

/** The words "my approvals": all that this person may read now, sent to them yet or not. */
export async function answerApprovals(
  resources: CheckinsResources,
  person: Presser,
  now: Date,
): Promise<MessageReply> {
  const live = (await readLive(resources.db)).filter((checkin) => checkin.state === 'submitted');
  const lines = await loadLines(resources, [person.personId, ...live.map((checkin) => checkin.ownerId)], now);
  const asked = live.filter(
    ({ ownerId, escalation }) =>
      lines.reviewers(ownerId).asked?.personId === person.personId || escalation?.to === person.personId,
  );
  const dossiers = await readDossiers(
    resources.db,
    asked.map(({ id }) => id),
  );
  const waiting = waitersOf(lines, person.personId, dossiers);
  if (waiting.length === 0) return { kind: 'reply', text: 'No check-in waits for you to read.' };
  return { kind: 'reply', card: reviewListCard({ reader: lines.givenName(person.personId), waiting }) };
}

/** Everyone whom a failure or the card may have to name. */
async function linesFor(
  resources: CheckinsResources,
  person: Presser,
  items: readonly Item[],
  now: Date,
): Promise<Lines> {
  const named = await readDossiers(
    resources.db,
    items.map(({ id }) => id),
  );
  const waiting = await readWaitingFor(resources.db, person.personId);
  const owners = [...named, ...waiting].map(({ checkin }) => checkin.ownerId);
  return loadLines(resources, [person.personId, ...owners], now);
}

async function approveOne(
  resources: CheckinsResources,
  lines: Lines,
  { id, version }: Item,
  person: Presser,
  now: Date,
): Promise<ApprovalOutcome> {
  const unchangedApproves = resources.trust.policies.unchanged_approves_itself;
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const dossier = await readDossier(resources.db, id);
    const reviewers = dossier && lines.reviewers(dossier.checkin.ownerId);
    if (!dossier || !reviewers || roleOf(dossier.checkin, person.personId, reviewers) !== 'reviewer')
      return { kind: 'not-yours' };
    const { checkin, milestone } = dossier;
    const owner = lines.givenName(checkin.ownerId);
    const name = `${owner}, ${titleOf(milestone)}`;
    const actor = { kind: 'person', personId: person.personId, mayReview: true } as const;
    const decision = decide(checkin, { kind: 'approve', version }, actor, now);
    if (isRefusal(decision)) return { kind: 'moved-on', name };
    const why = reasonToRead(dossier);
    if (why) return { kind: 'read-first', name, why };
    const viewer = 'reviewer' as const;
    const judged = changeOf(dossier, decision, { lines, now, person, reviewers, unchangedApproves, viewer });
    if (judged.kind !== 'change' || (await saveJudged(resources, judged))) return { kind: 'approved', owner };
  }
  throw restless(id);
}
