/** How pupils are told apart once a file has been read: keyed hashes of their numbers, and nothing else of them. */
import { keyedHash } from '../kernel/ids.ts';
import type { GridPupil } from './grid.ts';
import type { Pseudonyms } from './grid-weeks.ts';
import { isOfAge } from './pupil-rows.ts';

/** Hashes of 24 hexadecimal characters, made once for a pupil of a file. */
export function pseudonymsOf(key: string): Pseudonyms {
  const pupils = new Map<GridPupil, string>();
  const upns = new Map<GridPupil, string>();
  const made = (known: Map<GridPupil, string>, pupil: GridPupil, text: () => string) => {
    const before = known.get(pupil);
    if (before !== undefined) return before;
    const hash = keyedHash(key, text()).slice(0, 24);
    known.set(pupil, hash);
    return hash;
  };
  return {
    pupil: (pupil) => made(pupils, pupil, () => `pupil ${pupil.schoolUrn} ${pupil.id}`),
    upn: (pupil) => made(upns, pupil, () => `upn ${pupil.upn}`),
    compulsory: isOfAge,
  };
}
