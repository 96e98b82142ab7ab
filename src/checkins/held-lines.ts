/**
 * Words of milestones that come from a file or a list, held to what forms are held to: no pupil's name, no worry about
 * somebody's safety. Says of each which cell it is, why, and what to do; what stood there is repeated nowhere.
 */
import type { HoldsBack, WhyHeld } from '../cards/held.ts';
import { breath } from '../kernel/time.ts';
import type { MilestonePlan } from './milestone.ts';

const HELD_REASONS: Readonly<Record<WhyHeld, string>> = {
  pupil:
    'looks as if it names a pupil; write a group, a year or a role instead, and a colleague with both names',
  safety:
    'reads like a worry about somebody’s safety; tell the safeguarding lead, not here; if it is none, use other words',
};

/** A cell of somebody's own words; `place` says where it stands: a line, a row's id. */
export type FreeCell<Place> = { readonly place: Place; readonly column: string; readonly words: string };
export type HeldCell<Place> = {
  readonly place: Place;
  readonly column: string;
  readonly why: WhyHeld;
  readonly reason: string;
};

/** The columns of a milestone that hold words; an id is words too, with hyphens between. */
export const FREE_COLUMNS = ['id', 'title', 'measure', 'unit'] as const;

/** Cells looked through before others of this process get their turn. */
const AT_A_STRETCH = 20;

export async function heldAmong<Place>(
  cells: readonly FreeCell<Place>[],
  holdsBack: HoldsBack,
): Promise<HeldCell<Place>[]> {
  const held: HeldCell<Place>[] = [];
  for (const [index, { place, column, words }] of cells.entries()) {
    if (index % AT_A_STRETCH === AT_A_STRETCH - 1) await breath();
    const why = await holdsBack(column === 'id' ? words.replaceAll('-', ' ') : words);
    if (why) held.push({ place, column, why, reason: HELD_REASONS[why] });
  }
  return held;
}

/** Those of the trust's own file; a place is the milestone's number there, from one. */
export function cellsOfPlans(plans: readonly MilestonePlan[]): FreeCell<number>[] {
  return plans.flatMap((plan, index) =>
    FREE_COLUMNS.map((column) => ({ place: index + 1, column, words: plan[column] })),
  );
}
