/**
 * Approves all that a manager's card offered at once. Each check-in is judged and written by itself, by the row as it is
 * now: one that has moved on or is worth a read is left, and said by name.
 */

import { may } from '../access/decide.ts';
import { being } from '../access/roles.ts';
import { said } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { isRefusal } from '../kernel/errors.ts';
import { numberInWords } from '../kernel/text.ts';
import { MOST_TURNS, restless, saveJudged } from './acts-service.ts';
import { roleOf } from './authority.ts';
import { readItems, reasonToRead } from './bulk.ts';
import { readDossier, readDossiers } from './dossiers-store.ts';
import { type Checkin, decide, WAYMARK } from './lifecycle.ts';
import { aroundOf, type CheckinsResources, type Lines, loadLines } from './lines-service.ts';
import { readsNow, waitersOf } from './lists-service.ts';
import { readMilestones } from './milestones-store.ts';
import { changeOf, type Presser } from './press.ts';
import { type ReviewList, reviewListCard } from './review-list-card.ts';
import { readLive } from './store.ts';
import { titleOf } from './words.ts';

export type Item = { readonly id: string; readonly version: number };

/**
 * `name`: whose and which, in words. `already`: this person has approved it before, with the same press or another. Of a check-in
 * that is not theirs, a stranger learns nothing.
 */
export type ApprovalOutcome =
  | { readonly kind: 'approved' | 'already'; readonly owner: string }
  | { readonly kind: 'not-yours' }
  | { readonly kind: 'moved-on'; readonly name: string; readonly how: string }
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
  const having = (kind: ApprovalOutcome['kind']) =>
    outcomes.filter((outcome) => outcome.kind === kind).length;
  const counts = { approved: having('approved'), already: having('already'), left: failures.length };
  resources.log.info('check-ins approved together', counts);
  const notice = approvedInWords(counts);
  return {
    kind: 'card',
    card: reviewListCard({ ...(await waitingFor(resources, person, now)), notice, failures }),
  };
}

/** What this press did, and what one before it had done. */
function approvedInWords(counts: {
  readonly approved: number;
  readonly already: number;
  readonly left: number;
}): string {
  const { approved, already, left } = counts;
  const rest = left > 0 ? `, left ${numberInWords(left)}` : '';
  const before =
    already > 0 ? `You had approved ${already === 1 ? 'it' : numberInWords(already)} before` : undefined;
  if (approved === 0) return before ? `${before}${rest}. Nothing more was changed.` : 'None was approved.';
  return `Approved ${numberInWords(approved)}${rest}.${before ? ` ${before}.` : ''}`;
}

function failureOf(outcome: ApprovalOutcome): string | undefined {
  switch (outcome.kind) {
    case 'approved':
    case 'already':
      return undefined;
    case 'not-yours':
      return 'One of them is with someone else now, so it was left.';
    case 'moved-on':
      return `${outcome.name}: ${outcome.how}, so it was left.`;
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

/** The words "my approvals". */
export async function answerApprovals(
  resources: CheckinsResources,
  person: Presser,
  now: Date,
): Promise<MessageReply> {
  const list = await waitingFor(resources, person, now);
  if (list.waiting.length === 0) return { kind: 'reply', text: 'No check-in waits for you to read.' };
  return { kind: 'reply', card: reviewListCard(list) };
}

/** All that this person may read now, sent to them yet or not. */
async function waitingFor(
  resources: CheckinsResources,
  { personId }: Presser,
  now: Date,
): Promise<Pick<ReviewList, 'reader' | 'waiting'>> {
  const live = (await readLive(resources.db)).filter((checkin) => checkin.state === 'submitted');
  const milestones = new Map((await readMilestones(resources.db)).map((one) => [one.id, one]));
  const about = live.flatMap(({ milestoneId }) => milestones.get(milestoneId) ?? []);
  const owners = live.map(({ ownerId }) => ownerId);
  const lines = await loadLines(resources, [personId, ...owners, ...aroundOf(resources.trust, about)], now);
  const dossiers = await readDossiers(
    resources.db,
    live
      .filter((checkin) => {
        const milestone = milestones.get(checkin.milestoneId);
        return milestone !== undefined && readsNow(lines, checkin, milestone, personId);
      })
      .map(({ id }) => id),
  );
  return { reader: lines.givenName(personId), waiting: waitersOf(lines, personId, dossiers) };
}

/** Everyone whom a failure may have to name. */
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
  const people = named.flatMap(({ checkin: { ownerId, decidedBy } }) =>
    decidedBy === undefined || decidedBy === WAYMARK ? [ownerId] : [ownerId, decidedBy],
  );
  const around = aroundOf(
    resources.trust,
    named.map(({ milestone }) => milestone),
  );
  return loadLines(resources, [person.personId, ...people, ...around], now);
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
    if (!dossier) return { kind: 'not-yours' };
    const { checkin, milestone } = dossier;
    const owner = lines.givenName(checkin.ownerId);
    if (checkin.state === 'approved' && checkin.decidedBy === person.personId)
      return { kind: 'already', owner };
    const reviewers = lines.readersOf(checkin, milestone);
    const presser = { id: person.personId, standings: [] };
    const told = being(presser, roleOf(checkin, person.personId, reviewers));
    if (!may('checkins.approve', told, {})) return { kind: 'not-yours' };
    const name = `${said(owner)}, ${titleOf(milestone)}`;
    const actor = { kind: 'person', personId: person.personId, mayReview: true } as const;
    const decision = decide(checkin, { kind: 'approve', version }, actor, now);
    if (isRefusal(decision)) return { kind: 'moved-on', name, how: movedInWords(checkin, lines) };
    const why = reasonToRead(dossier);
    if (why) return { kind: 'read-first', name, why };
    const viewer = 'reviewer' as const;
    const judged = changeOf(dossier, decision, { lines, now, person, unchangedApproves, viewer });
    if (judged.kind !== 'change' || (await saveJudged(resources, judged))) return { kind: 'approved', owner };
  }
  throw restless(id);
}

/** What has become of a check-in since the card, for whoever may read it. */
function movedInWords({ state, decidedBy, ownerId }: Checkin, lines: Lines): string {
  const who = decidedBy === undefined || decidedBy === WAYMARK ? 'someone' : said(lines.givenName(decidedBy));
  switch (state) {
    case 'approved':
      return `${who} had approved it`;
    case 'returned':
      return `${who} had returned it`;
    case 'submitted':
      return `${said(lines.givenName(ownerId))} had sent it again`;
    default:
      return 'it is no longer needed';
  }
}
