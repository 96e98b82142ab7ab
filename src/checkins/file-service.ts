/**
 * Milestones from files: the trust's own, brought up to date at each start, and a CSV file that somebody gives. What in them
 * looks as if it named a pupil is not taken: of a CSV file nothing is then, as with any problem; of the trust's file, which
 * must not keep the service from starting, the others are, and the doctor names the one to mend.
 */
import type { HoldsBack } from '../cards/held.ts';
import type { Trust } from '../config/trust.ts';
import { dateOf } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import { applyChanges } from './changes-service.ts';
import { cellsOfPlans, type HeldCell, heldAmong } from './held-lines.ts';
import { freeCellsIn, type ImportRead, readMilestoneFile, withHeld } from './import.ts';
import { WAYMARK } from './lifecycle.ts';
import type { CheckinsResources } from './lines-service.ts';
import { compareMilestones, isCarried, isOver, planOf } from './milestone.ts';
import { lockMilestones, readMilestones } from './milestones-store.ts';
import { onePerson } from './named-people.ts';

export type ImportReceipt =
  | {
      readonly kind: 'imported';
      readonly read: number;
      readonly added: number;
      readonly changed: number;
    }
  | Extract<ImportRead, { readonly kind: 'problems' }>;

/** Gives how many changed. One that is held back stays as it was before, and is not begun where it is new. */
export async function syncMilestones(resources: CheckinsResources, now: Date): Promise<number> {
  const { db, trust, log } = resources;
  const held = await heldInTrustFile(trust, resources.holdsBack);
  for (const { place, column, why } of held)
    log.warn("a milestone of the trust's file was held back", { milestone: place, column, why });
  const places = new Set(held.map(({ place }) => place));
  const all = trust.milestones.map(planOf);
  const wanted = all.filter((_plan, index) => !places.has(index + 1));
  const left = new Set(all.flatMap(({ id }, index) => (places.has(index + 1) ? [id] : [])));
  const today = dateOf(now, trust.trust.zone);
  return inTransaction(db, async (trx) => {
    await lockMilestones(trx);
    const kept = (await readMilestones(trx)).filter(({ id }) => !left.has(id));
    const changes = compareMilestones(kept, wanted, today);
    await applyChanges(trx, { changes, by: WAYMARK }, now);
    if (changes.length > 0) log.info('milestones changed', { changes: changes.length });
    return changes.length;
  });
}

/** By the milestone's number in the file, from one. */
export function heldInTrustFile(trust: Trust, holdsBack: HoldsBack): Promise<HeldCell<number>[]> {
  return heldAmong(cellsOfPlans(trust.milestones.map(planOf)), holdsBack);
}

export async function importMilestones(
  resources: CheckinsResources,
  text: string,
  by: string,
  now: Date,
): Promise<ImportReceipt> {
  const { db, trust, directory } = resources;
  const staff = (await directory.staff()).filter((person) => person.staff);
  const today = dateOf(now, trust.trust.zone);
  const known = await readMilestones(db);
  const current = known.filter((milestone) => isCarried(milestone, today));
  const found = readMilestoneFile(text, {
    trust,
    personFor: (words) => onePerson(staff, words),
    othersOf: (personId, ids) =>
      current.filter((milestone) => milestone.ownerId === personId && !ids.has(milestone.id)).length,
    isOver: (plan) => isOver(plan, known, today),
  });
  const read = withHeld(found, await heldAmong(freeCellsIn(text), resources.holdsBack));
  if (read.kind === 'problems') return read;
  const named = new Set(read.plans.map(({ id }) => id));
  return inTransaction(db, async (trx) => {
    await lockMilestones(trx);
    const kept = (await readMilestones(trx)).filter(({ id }) => named.has(id));
    const changes = compareMilestones(kept, read.plans, today);
    await applyChanges(trx, { changes, by }, now);
    const added = changes.filter(({ kind }) => kind === 'added').length;
    return { kind: 'imported', read: read.plans.length, added, changed: changes.length - added };
  });
}
