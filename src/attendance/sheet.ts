/**
 * A school's week as it is kept: for each pupil, under a pseudonym, what each session counted as and which groups it counts
 * in. No name, no number, no code. With it a part of a week can be joined to what is held, a correction counted, and
 * absence added up over a year. Pure: what is new and what is held to one sheet, and a sheet to bytes and back.
 */
import type { Context } from './grid.ts';
import { KINDS, MISSING, NONE } from './kinds.ts';

/** `pupil` and `upn` are keyed hashes, 24 hexadecimal characters; `upn` is empty when the file had none. */
export type SheetRow = {
  readonly pupil: string;
  readonly upn: string;
  /** Of compulsory school age in that week. */
  readonly compulsory: 'yes' | 'no' | 'unknown';
  /** Ten places in `KINDS`, Monday morning first. */
  readonly cells: readonly number[];
  /** For each of the five days the place of its context, from 1; 0 for a day without a row. */
  readonly contexts: readonly number[];
};

export type Sheet = { readonly contexts: readonly Context[]; readonly rows: readonly SheetRow[] };

export const SESSIONS = 10;
const DAYS = 5;
const HASH_BYTES = 12;
const ROW_BYTES = HASH_BYTES * 2 + 1 + SESSIONS + DAYS * 2;
const AGES = ['unknown', 'yes', 'no'] as const;

export type Merged = {
  readonly sheet: Sheet;
  /** Sessions that were held otherwise before. */
  readonly changed: number;
  /** Of those, marks that are blank now. */
  readonly takenBack: number;
  /** Pupils held before who are not in the file; their marks stay. */
  readonly kept: number;
};

/** What the file says holds; what it does not speak of stays as it was. The same file again changes nothing. */
export function mergeSheets(held: Sheet, fresh: Sheet): Merged {
  const contexts = [...held.contexts];
  const places = new Map(contexts.map((context, index) => [keyOf(context), index + 1]));
  const placeOf = (context: Context) => {
    const known = places.get(keyOf(context));
    if (known) return known;
    contexts.push(context);
    places.set(keyOf(context), contexts.length);
    return contexts.length;
  };
  const renumbered = fresh.contexts.map(placeOf);
  const byPupil = new Map(held.rows.map((row) => [row.pupil, row]));
  const byUpn = new Map(held.rows.filter((row) => row.upn !== '').map((row) => [row.upn, row]));
  const left = new Set(held.rows);
  let changed = 0;
  let takenBack = 0;
  const rows = fresh.rows.map((row): SheetRow => {
    const same = byPupil.get(row.pupil);
    // A school that changes its system gives its pupils new numbers; the national one stays.
    const before = same && left.has(same) ? same : row.upn === '' ? undefined : byUpn.get(row.upn);
    const own = row.contexts.map((place) => renumbered[place - 1] ?? 0);
    if (!before || !left.delete(before)) return { ...row, contexts: own };
    const cells = before.cells.map((cell, place) => {
      const now = row.cells[place] ?? NONE;
      if (now === NONE) return cell;
      if (cell !== NONE && cell !== now) changed += 1;
      if (cell > MISSING && now === MISSING) takenBack += 1;
      return now;
    });
    return {
      pupil: row.pupil,
      upn: row.upn || before.upn,
      compulsory: row.compulsory === 'unknown' ? before.compulsory : row.compulsory,
      cells,
      contexts: before.contexts.map((place, day) => own[day] || place),
    };
  });
  return {
    sheet: inOrder({ contexts, rows: [...rows, ...left] }),
    changed,
    takenBack,
    kept: left.size,
  };
}

/** Fewer pupils are like any other few. */
const ENOUGH_TO_TELL = 10;

/**
 * Whether two sheets of a week may be the same pupils under other numbers: nobody in common, and the same groups with nearly
 * as many in each. Joined, each of them would count twice, and a group of six would pass for twelve.
 */
export function mayBeRenumbered(held: Sheet, fresh: Sheet, { kept }: Pick<Merged, 'kept'>): boolean {
  if (kept < held.rows.length || Math.min(held.rows.length, fresh.rows.length) < ENOUGH_TO_TELL) return false;
  const [before, now] = [held, fresh].map(sizes);
  const keys = new Set([...(before?.keys() ?? []), ...(now?.keys() ?? [])]);
  const apart = [...keys].reduce(
    (sum, key) => sum + Math.abs((before?.get(key) ?? 0) - (now?.get(key) ?? 0)),
    0,
  );
  return apart * 10 <= fresh.rows.length;
}

/** How many pupils each combination of groups has. */
function sizes({ contexts, rows }: Sheet): Map<string, number> {
  const found = new Map<string, number>();
  for (const row of rows) {
    const context = contexts[(row.contexts.find((place) => place > 0) ?? 0) - 1];
    const key = context ? keyOf(context) : '';
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

/** The same marks always give the same sheet: pupils by pseudonym, contexts by name, and none that nobody is in. */
export function inOrder({ contexts, rows }: Sheet): Sheet {
  const used = new Uint8Array(contexts.length + 1);
  for (const row of rows) for (const place of row.contexts) used[place] = 1;
  const sorted = contexts
    .flatMap((context, index) =>
      used[index + 1] ? [{ context, place: index + 1, key: keyOf(context) }] : [],
    )
    .sort((left, right) => (left.key < right.key ? -1 : 1));
  const places = new Uint16Array(contexts.length + 1);
  sorted.forEach(({ place }, index) => {
    places[place] = index + 1;
  });
  return {
    contexts: sorted.map(({ context }) => context),
    rows: rows
      .map((row) => ({ ...row, contexts: row.contexts.map((place) => places[place] ?? 0) }))
      .sort((left, right) => (left.pupil < right.pupil ? -1 : 1)),
  };
}

function keyOf({ year, pp, sen, reg }: Context): string {
  return JSON.stringify([year, pp, sen, reg]);
}

/** Sessions with a mark of any kind. */
export function marksIn(sheet: Sheet): number {
  let marks = 0;
  for (const { cells } of sheet.rows) for (const cell of cells) if (cell > MISSING) marks += 1;
  return marks;
}

/** Days (0 Monday) on which anybody has a row. */
export function daysIn(sheet: Sheet): number[] {
  return [0, 1, 2, 3, 4].filter((day) =>
    sheet.rows.some(({ cells }) => cells[day * 2] !== NONE || cells[day * 2 + 1] !== NONE),
  );
}

export function encodeSheet(sheet: Sheet): Buffer {
  const head = Buffer.from(JSON.stringify(sheet.contexts));
  const bytes = Buffer.alloc(4 + head.length + sheet.rows.length * ROW_BYTES);
  bytes.writeUInt32LE(head.length, 0);
  head.copy(bytes, 4);
  let at = 4 + head.length;
  for (const row of sheet.rows) {
    bytes.write(row.pupil, at, HASH_BYTES, 'hex');
    if (row.upn !== '') bytes.write(row.upn, at + HASH_BYTES, HASH_BYTES, 'hex');
    bytes[at + HASH_BYTES * 2] = AGES.indexOf(row.compulsory);
    bytes.set(row.cells, at + HASH_BYTES * 2 + 1);
    const days = at + HASH_BYTES * 2 + 1 + SESSIONS;
    for (let day = 0; day < DAYS; day += 1) bytes.writeUInt16LE(row.contexts[day] ?? 0, days + day * 2);
    at += ROW_BYTES;
  }
  return bytes;
}

/** Throws RangeError for bytes that `encodeSheet` did not write. */
export function decodeSheet(stored: Uint8Array): Sheet {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength);
  const length = bytes.readUInt32LE(0);
  const contexts = JSON.parse(bytes.toString('utf8', 4, 4 + length)) as Context[];
  const rows: SheetRow[] = [];
  for (let at = 4 + length; at < bytes.length; at += ROW_BYTES) {
    const upn = bytes.toString('hex', at + HASH_BYTES, at + HASH_BYTES * 2);
    const cells = Array.from(bytes.subarray(at + HASH_BYTES * 2 + 1, at + HASH_BYTES * 2 + 1 + SESSIONS));
    if (cells.some((cell) => cell >= KINDS.length)) throw new RangeError('a sheet holds a cell of no kind');
    const days = at + HASH_BYTES * 2 + 1 + SESSIONS;
    rows.push({
      pupil: bytes.toString('hex', at, at + HASH_BYTES),
      upn: /^0+$/.test(upn) ? '' : upn,
      compulsory: AGES[bytes[at + HASH_BYTES * 2] ?? 0] ?? 'unknown',
      cells,
      contexts: Array.from({ length: DAYS }, (_, day) => bytes.readUInt16LE(days + day * 2)),
    });
  }
  return { contexts, rows };
}
