/**
 * The words "my work": what this person has to answer, for themself or for a colleague, and what they may read today, as a
 * manager, in a manager's place, or because it has waited long. Nobody else's.
 */
import type { MessageReply } from '../cards/reply.ts';
import { dateInWords } from '../kernel/time.ts';
import { aroundOf, type CheckinsResources, type Lines, loadLines } from './lines-service.ts';
import { readsNow } from './lists-service.ts';
import type { Milestone } from './milestone.ts';
import { readMilestones } from './milestones-store.ts';
import { mineCard, type ToRead, type Work } from './mine-card.ts';
import type { Presser } from './press.ts';
import { readLive } from './store.ts';
import { titleOf } from './words.ts';

export async function answerMine(
  resources: CheckinsResources,
  { personId }: Presser,
  now: Date,
): Promise<MessageReply> {
  const { db } = resources;
  const milestones = await readMilestones(db);
  const live = await readLive(db);
  const lines = await loadLines(
    resources,
    [personId, ...live.map(({ ownerId }) => ownerId), ...aroundOf(resources.trust, milestones)],
    now,
  );
  const byId = new Map(milestones.map((milestone) => [milestone.id, milestone]));
  const work = live.flatMap((checkin): Work[] => {
    const milestone = byId.get(checkin.milestoneId);
    return milestone ? [{ checkin, milestone, owner: lines.givenName(checkin.ownerId) }] : [];
  });
  const found = mineCard({
    own: work.filter(({ checkin }) => checkin.ownerId === personId),
    inPlace: work.filter(({ checkin, milestone }) =>
      lines.standIns(checkin.ownerId, milestone).includes(personId),
    ),
    toRead: work
      .filter(
        ({ checkin, milestone }) =>
          checkin.state === 'submitted' && readsNow(lines, checkin, milestone, personId),
      )
      .map((one): ToRead => ({ ...one, ...whyTheirs(lines, one, personId) })),
  });
  if (found) return { kind: 'reply', card: found };
  const own = milestones.filter(({ ended, ownerId }) => !ended && ownerId === personId);
  return { kind: 'reply', text: `No check-in is waiting for you. ${nextInWords(own, lines.today)}` };
}

function whyTheirs(
  lines: Lines,
  { checkin, milestone }: Pick<Work, 'checkin' | 'milestone'>,
  personId: string,
): Pick<ToRead, 'insteadOf' | 'hasWaited'> {
  const { asked } = lines.readersOf(checkin, milestone);
  if (asked?.personId !== personId) return { hasWaited: true };
  return asked.insteadOf === undefined ? {} : { insteadOf: lines.givenName(asked.insteadOf) };
}

function nextInWords(own: readonly Milestone[], today: string): string {
  const [next] = own
    .flatMap((milestone) =>
      milestone.nextRound !== undefined && milestone.nextRound > today
        ? [{ milestone, round: milestone.nextRound }]
        : [],
    )
    .toSorted((one, other) => one.round.localeCompare(other.round));
  return next
    ? `The next is about "${titleOf(next.milestone)}", from ${dateInWords(next.round)}; I will bring it then.`
    : 'I will bring the next one when it is due.';
}
