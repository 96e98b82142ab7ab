/**
 * The trust's week: its schools' shown sessions added up, in all and by phase, and frozen with them. It adds nothing that
 * a school's release hides, so the trust's figure less all schools but one is that school's own figure and no more.
 */
import { z } from 'zod/v4';
import { mondayOf } from '../kernel/time.ts';
import { pool } from './engine.ts';
import { figureOf, gapOf, poolShown, type Shown } from './figures.ts';
import type { Release } from './release.ts';
import { Figure, Gap } from './release-shape.ts';
import type { Pair } from './showable.ts';

const RELEASED = Symbol('trust release');

const Part = z.object({ schools: z.int().min(1), figure: Figure.nullable(), gap: Gap.nullable() });
const Body = z.object({
  week: z.string(),
  monday: z.string(),
  /** Days of the longest school's week: what the gap's days are of. */
  schoolDays: z.int().min(0).max(5),
  /** Schools in these figures, of all the trust's. */
  schools: z.int().min(0),
  of: z.int().min(1),
  all: Part.nullable(),
  phases: z.array(Part.extend({ phase: z.enum(['primary', 'secondary', 'special']) })),
});

export type TrustRelease = Readonly<z.infer<typeof Body>> & { readonly [RELEASED]: true };

/** A school's release with the sessions that its figures were made of, after blurring. */
export type SchoolShare = {
  readonly release: Release;
  readonly all: Shown | null;
  readonly pp: Pair | null;
};

export function releaseTrust(week: string, of: number, shares: readonly SchoolShare[]): TrustRelease {
  const shown = shares.filter((share) => share.all !== null && share.release.school !== null);
  const schoolDays = Math.max(0, ...shown.map((share) => share.release.schoolDays));
  const phases = (['primary', 'secondary', 'special'] as const).flatMap((phase) => {
    const part = partOf(
      shown.filter((share) => share.release.phase === phase),
      schoolDays,
    );
    return part ? [{ phase, ...part }] : [];
  });
  return {
    [RELEASED]: true,
    week,
    monday: mondayOf(week),
    schoolDays,
    schools: shown.length,
    of,
    all: partOf(shown, schoolDays),
    phases,
  };
}

/** Throws ZodError when the row was not written by `releaseTrust`. */
export function reopenTrustRelease(body: unknown): TrustRelease {
  return { ...Body.parse(body), [RELEASED]: true };
}

function partOf(shares: readonly SchoolShare[], schoolDays: number): z.infer<typeof Part> | null {
  if (shares.length === 0) return null;
  const all = poolShown(shares.flatMap((share) => (share.all ? [share.all] : [])));
  const pairs = shares.flatMap((share) => (share.pp ? [share.pp] : []));
  const side = (pick: 'yes' | 'no') => pool(pairs.map((pair) => pair[pick]));
  return {
    schools: shares.length,
    figure: (all && figureOf(all)) ?? null,
    gap: pairs.length > 0 ? gapOf(side('yes'), side('no'), schoolDays) : null,
  };
}
