/**
 * Asks an owner whether every week is all right, and keeps what they say: of the milestone as it stood on their card. Only the owner
 * is ever asked.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { refuse } from '../kernel/errors.ts';
import { inTransaction } from '../storage/database.ts';
import { applyChanges } from './changes-service.ts';
import { aroundOf, loadLines } from './lines-service.ts';
import type { Milestone } from './milestone.ts';
import { ownedCard, VERBS } from './milestone-card.ts';
import { planFrom } from './milestone-form.ts';
import { type MilestoneResources, ownedKey, readerName } from './milestone-service.ts';
import { lockMilestones, type MilestoneStep, readMilestone, readSteps } from './milestones-store.ts';
import type { Presser } from './press.ts';

export async function answerWeekly(
  resources: MilestoneResources,
  { envelope }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const { db, outbox, schoolDays } = resources;
  const agrees = envelope.verb === VERBS.weekly;
  const milestone = await readMilestone(db, envelope.id);
  if (!milestone || milestone.ownerId !== person.personId)
    return refuse('not-yours', 'That question is its owner’s to answer. Nothing was changed.');
  const steps = await readSteps(db, milestone.id, STEPS_BACK);
  const asked = askedAt(steps, envelope.version, person.personId);
  const asker = asked?.by ?? person.personId;
  const lines = await loadLines(
    resources,
    [person.personId, asker, ...aroundOf(resources.trust, [milestone])],
    now,
  );
  const faceOf = (shown: Milestone, settled: string, version = envelope.version) =>
    ownedCard({
      milestone: shown,
      version,
      by: asked ? lines.givenName(asker) : 'A colleague',
      owner: lines.givenName(person.personId),
      reader: readerName(lines, shown),
      settled,
    });
  const done = await inTransaction(db, async (trx) => {
    await lockMilestones(trx);
    const present = await readMilestone(trx, milestone.id);
    if (!present?.weeklyAsked || present.ended || present.ownerId !== person.personId) return undefined;
    const [newest] = await readSteps(trx, milestone.id, 1);
    // What is agreed to is what stood on the card.
    if (newest && newest.seq !== envelope.version) return faceOf(present, LOOK_AGAIN, newest.seq);
    const { weeklyAsked: _asked, ...rest } = present;
    const terms = schoolDays.termsOf(present.schoolUrn);
    const kept = agrees ? weeklyFrom(rest, lines.today, terms) : rest;
    await applyChanges(trx, { changes: [{ kind: 'changed', milestone: kept }], by: person.personId }, now);
    const face = faceOf(kept, agrees ? WEEKLY_NOW : STAYS);
    if (asked) await outbox.revise(trx, ownedKey(milestone.id, asked.seq), face, now);
    return face;
  });
  if (done) return { kind: 'card', card: done };
  const present = (await readMilestone(db, milestone.id)) ?? milestone;
  return { kind: 'card', card: faceOf(present, 'This is settled already. Nothing was changed.') };
}

const WEEKLY_NOW = 'Thank you. It is every week from now on.';
const LOOK_AGAIN = 'It was changed meanwhile. Here is how it stands now; please choose again.';
const STAYS = 'It stays as it is. Nobody asks why.';
/** How many changes ago an owner may have been asked. */
const STEPS_BACK = 20;

/** The change whose card asked this owner, from a change that it still stood open at. */
function askedAt(steps: readonly MilestoneStep[], version: number, ownerId: string) {
  const from = steps.findIndex(({ seq }) => seq === version);
  const before = from < 0 ? [] : steps.slice(from);
  const isOpen = ({ milestone: then }: MilestoneStep) =>
    then.ownerId === ownerId && then.weeklyAsked === true;
  const end = before.findIndex((step) => !isOpen(step));
  return end < 0 ? before.at(-1) : before[end - 1];
}

function weeklyFrom(
  milestone: Milestone,
  today: string,
  terms: Parameters<typeof planFrom>[1]['terms'],
): Milestone {
  const { cadence: _before, nextRound: _round, ...rest } = milestone;
  const words = {
    ...rest,
    owner: '',
    reviewer: '',
    reader: '',
    direction: rest.direction ?? 'higher',
    cadence: 'weekly',
  } as const;
  const plan = planFrom(words, {
    id: rest.id,
    ownerId: rest.ownerId,
    reviewer: rest.reviewer,
    weeklyAgreed: true,
    today,
    terms,
  });
  const { askIn } = milestone;
  return { ...plan, ...(askIn ? { askIn } : {}), nextRound: plan.firstRound, ended: false };
}
