/**
 * Writes changed milestones, whoever changed them: each with its history and its audit. A check-in that a change overtakes is
 * withdrawn on every card; of one that goes on, the cards are drawn anew.
 */
import { writeAudit } from '../storage/audit.ts';
import type { Trx } from '../storage/database.ts';
import { withdrawAll } from './asks-service.ts';
import type { MilestoneChange } from './milestone.ts';
import { saveMilestone } from './milestones-store.ts';
import { lockCheckins, noteRefreshes, readLive } from './store.ts';

/** The caller holds the milestones (`lockMilestones`). */
export async function applyChanges(
  trx: Trx,
  { changes, by }: { readonly changes: readonly MilestoneChange[]; readonly by: string },
  now: Date,
): Promise<void> {
  if (changes.length === 0) return;
  const changed = new Set(changes.map(({ milestone }) => milestone.id));
  const waiting = (await readLive(trx)).filter(({ milestoneId }) => changed.has(milestoneId));
  await lockCheckins(
    trx,
    waiting.map(({ id }) => id),
  );
  const going: string[] = [];
  for (const change of changes) {
    const { milestone, kind } = change;
    await saveMilestone(trx, change, by, now);
    await writeAudit(trx, {
      at: now,
      actor: by,
      action: 'checkins.milestone',
      subject: milestone.id,
      detail: { change: kind },
    });
    const open = waiting.find((checkin) => checkin.milestoneId === milestone.id);
    if (!open) continue;
    if (kind === 'ended' || (kind === 'moved' && open.state !== 'submitted'))
      await withdrawAll(trx, [open.id], now);
    else going.push(open.id);
  }
  await noteRefreshes(trx, going);
}
