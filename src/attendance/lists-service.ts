/**
 * The lists of names that a tutor or a head opens: read for one scope at a time, each reading written to the audit in the same
 * transaction, and kept nowhere. Who may open one is decided by the caller.
 */
import type { TrustSchool } from '../config/trust.ts';
import type { Keyring } from '../kernel/keyring.ts';
import { addDays, mondayOf, weekOf } from '../kernel/time.ts';
import type { Db, Trx } from '../storage/database.ts';
import { crossedIn, type Groups, type Movement, movementsOf, type WeekSheet } from './movement.ts';
import { newlyOverThreshold, PENALTY_WEEKS } from './penalty.ts';
import { readPupilRows, readSheets } from './pupils-store.ts';
import { decodeSheet } from './sheet.ts';
import type { Listed, NamedMovement } from './tutor-card.ts';
import { schoolYearStart } from './week.ts';

/** Whose names, and who reads them for what. */
export type Reading = {
  readonly school: TrustSchool;
  readonly week: string;
  readonly groups: Groups;
  readonly actor: string;
  readonly purpose: string;
};

/** Whether anything in a tutor's groups moved in the week: what a card is sent for. */
export async function hasMoved(
  reader: Db | Trx,
  keys: Keyring,
  school: TrustSchool,
  week: string,
): Promise<(groups: Groups) => boolean> {
  const sheets = await sheetsTo(reader, keys, school, week);
  return (groups) => movements(sheets, week, groups).length > 0;
}

/** In the caller's transaction, which writes the reading down. `over`: who came over ten unauthorised sessions in ten weeks. */
export async function openList(
  trx: Trx,
  keys: Keyring,
  reading: Reading,
  now: Date,
): Promise<Listed & { readonly over: readonly string[] }> {
  const { school, week, groups } = reading;
  const names = await namesIn(trx, keys, reading, now);
  const sheets = await sheetsTo(trx, keys, school, week);
  const own = sheets.at(-1)?.week === week ? sheets : [];
  const over = newlyOverThreshold(await lastSheets(trx, keys, school, week));
  return {
    greet: named(movementsOf(own, groups), names),
    crossed: named(crossedIn(own, groups), names),
    over: over.flatMap((pupil) => names.get(pupil) ?? []),
  };
}

async function sheetsTo(
  reader: Db | Trx,
  keys: Keyring,
  school: TrustSchool,
  week: string,
): Promise<WeekSheet[]> {
  const weeks: string[] = [];
  for (
    let monday = mondayOf(weekOf(schoolYearStart(week)));
    weekOf(monday) <= week;
    monday = addDays(monday, 7)
  )
    weeks.push(weekOf(monday));
  const held = await readSheets(reader, keys, school.urn, weeks);
  return held.map((one) => ({ week: one.week, sheet: decodeSheet(one.body) }));
}

/** Nothing when the week itself came as totals. */
function movements(sheets: readonly WeekSheet[], week: string, groups: Groups): Movement[] {
  return sheets.at(-1)?.week === week ? movementsOf(sheets, groups) : [];
}

async function namesIn(
  trx: Trx,
  keys: Keyring,
  { school, week, groups, actor, purpose }: Reading,
  now: Date,
): Promise<ReadonlyMap<string, string>> {
  const scope = { schoolUrn: school.urn, week, actor, purpose };
  const rows = [];
  for (const regGroup of groups === 'all' ? (['all'] as const) : groups)
    rows.push(...(await readPupilRows(trx, keys, { ...scope, regGroup }, now)));
  return new Map(rows.map((row) => [row.pupil, `${row.forename} ${row.surname}`.trim()]));
}

function named(found: readonly Movement[], names: ReadonlyMap<string, string>): NamedMovement[] {
  return found.flatMap((movement) => {
    const name = names.get(movement.pupil);
    return name ? [{ ...movement, name }] : [];
  });
}

/** School weeks before and with one, over terms and school years; nothing when the week itself came as totals. */
async function lastSheets(trx: Trx, keys: Keyring, school: TrustSchool, week: string): Promise<WeekSheet[]> {
  const weeks = Array.from({ length: PENALTY_WEEKS * 2 }, (_, back) =>
    weekOf(addDays(mondayOf(week), -7 * back)),
  );
  const held = (await readSheets(trx, keys, school.urn, weeks)).slice(-PENALTY_WEEKS);
  return held.at(-1)?.week === week
    ? held.map((one) => ({ week: one.week, sheet: decodeSheet(one.body) }))
    : [];
}
