/** How pupils are told apart once a file has been read: keyed hashes of their numbers, and nothing else of them. */
import { keyedHash } from '../kernel/ids.ts';
import type { Pseudonyms } from './fold.ts';
import { isOfAge } from './pupil-rows.ts';

/** A number becomes a hash of 24 hexadecimal characters here and is known by nothing else afterwards. */
export function pseudonymsOf(key: string): Pseudonyms {
  const known = new Map<string, string>();
  const hash = (text: string) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const made = keyedHash(key, text).slice(0, 24);
    known.set(text, made);
    return made;
  };
  return {
    pupil: (schoolUrn, id) => hash(`pupil ${schoolUrn} ${id}`),
    upn: (upn) => hash(`upn ${upn}`),
    compulsory: isOfAge,
  };
}
