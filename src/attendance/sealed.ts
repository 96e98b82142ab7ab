/** What is kept about pupils, as it is kept: locked, and bound to the school and week, and for names the tutor group, it belongs to. */
import { type Keyring, open, type Sealed, seal } from '../kernel/keyring.ts';

/** A pupil as the private view shows one: no code, no reason, no kind of support. */
export type PupilRow = {
  /** The pseudonym under which the sheets hold the pupil's sessions. */
  readonly pupil: string;
  readonly surname: string;
  readonly forename: string;
  readonly year: string;
  readonly disadvantaged: boolean;
};

export type WeekPlace = { readonly schoolUrn: string; readonly week: string };
export type GroupPlace = WeekPlace & { readonly regGroup: string };

/** As read: `mark` is null on what was written before keys had marks. */
export type Kept = { readonly mark: string | null; readonly body: Uint8Array };

export function sealRows(keys: Keyring, place: GroupPlace, rows: readonly PupilRow[]): Sealed {
  return seal(keys, namesPlace(place), Buffer.from(JSON.stringify(rows)));
}

/** Throws as the keyring's `open`. */
export function openRows(keys: Keyring, place: GroupPlace, { mark, body }: Kept): PupilRow[] {
  const plain = open(keys, namesPlace(place), { mark: mark ?? keys[0].mark, body });
  return JSON.parse(plain.toString('utf8')) as PupilRow[];
}

export function sealSheet(keys: Keyring, place: WeekPlace, sheet: Uint8Array): Sealed {
  return seal(keys, sheetPlace(place), sheet);
}

/** Sheets were not locked at all before keys had marks. Throws as the keyring's `open`. */
export function openSheet(keys: Keyring, place: WeekPlace, { mark, body }: Kept): Uint8Array {
  return mark === null ? body : open(keys, sheetPlace(place), { mark, body });
}

function namesPlace({ schoolUrn, week, regGroup }: GroupPlace): string[] {
  return [schoolUrn, week, regGroup];
}

function sheetPlace({ schoolUrn, week }: WeekPlace): string[] {
  return [schoolUrn, week];
}
