/**
 * Keeps milestones and the trust's SharePoint list in step: rows that changed become milestones, and what was approved goes back
 * to its row. Each look may be repeated at any time and by any instance: the same again changes nothing here and nothing there. A
 * process that dies leaves what it had not noted to the next look.
 */
import type { SharedList } from '../directory/lists-graph.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import { dateOf } from '../kernel/time.ts';
import { inTransaction } from '../storage/database.ts';
import { applyChanges } from './changes-service.ts';
import { heldAmong } from './held-lines.ts';
import { lastApprovedBefore } from './history-store.ts';
import { WAYMARK } from './lifecycle.ts';
import type { CheckinsResources } from './lines-service.ts';
import {
  closingOf,
  freeCellsOf,
  type ListSetting,
  type RowProblem,
  readRows,
  rowOf,
  type Write,
  withoutHeld,
  writeOf,
} from './list-rows.ts';
import {
  type KeptRow,
  listName,
  readListRows,
  readListState,
  saveListRow,
  saveListState,
} from './list-store.ts';
import { compareMilestones, isCarried, LISTED, MADE_IN_CHAT, type Milestone } from './milestone.ts';
import { lockMilestones, readMilestones } from './milestones-store.ts';
import { onePerson } from './named-people.ts';
import { teamById } from './place.ts';
import { ruleInWords } from './reader-rule.ts';

export type ListResources = Pick<
  CheckinsResources,
  'db' | 'trust' | 'directory' | 'schoolDays' | 'refresher' | 'holdsBack' | 'log'
> & {
  readonly list: SharedList;
  readonly setting: ListSetting;
};

export type ListLook = {
  /** Milestones that changed here, and rows that were written or added there. */
  readonly changed: number;
  readonly written: number;
  readonly problems: readonly RowProblem[];
};

export interface MilestoneList {
  /** Both directions, once. Throws AppError `graph-…` when Graph does not answer; what was done by then stays. */
  look(now: Date): Promise<ListLook>;
  /** What the last look found to mend; undefined before the first. */
  standing(): Promise<{ readonly problems: readonly RowProblem[]; readonly lookedAt: Date } | undefined>;
}

/** After any approval. */
const FAR_OFF = new Date('9999-12-31T00:00:00Z');

export function createMilestoneList(resources: ListResources): MilestoneList {
  const { db, setting } = resources;
  const name = listName(setting);
  return {
    look: async (now) => {
      const taken = await takeRows(resources, name, now);
      const written = await writeBack(resources, now);
      return { ...taken, written };
    },
    standing: () => readListState(db, name),
  };
}

async function takeRows(
  resources: ListResources,
  name: string,
  now: Date,
): Promise<Pick<ListLook, 'changed' | 'problems'>> {
  const { db, trust, directory, schoolDays, list, setting, log, refresher } = resources;
  const before = await readListState(db, name);
  const { changed, link } = await changesSince(resources, before?.link);
  // People join, leave and are renamed too: rows that named nobody are tried again.
  if (!changed && before && before.problems.length === 0) return { changed: 0, problems: [] };
  const rows = await list.rows();
  const staff = (await directory.staff()).filter((person) => person.staff);
  const today = dateOf(now, trust.trust.zone);
  const held = await heldAmong(freeCellsOf(rows, setting), resources.holdsBack);
  const result = await inTransaction(db, async (trx) => {
    await lockMilestones(trx);
    const kept = await readMilestones(trx);
    const read = readRows(rows, setting, {
      trust,
      personFor: (words) => onePerson(staff, words),
      kept,
      today,
      termsOf: schoolDays.termsOf,
    });
    const { plans, problems, ours } = withoutHeld(read, held);
    const named = new Set(plans.map(({ id }) => id));
    const changes = compareMilestones(
      kept.filter(({ id }) => named.has(id)),
      plans,
      today,
    );
    await applyChanges(trx, { changes, by: WAYMARK }, now);
    const present = new Set(rows.map(({ id }) => `${LISTED}${id}`));
    const gone = kept.filter(
      (one) => isCarried(one, today) && one.id.startsWith(LISTED) && !present.has(one.id),
    );
    const all = [...problems, ...gone.map(goneProblem)];
    await saveListState(trx, name, { ...(link ? { link } : {}), problems: all, lookedAt: now });
    return { changed: changes.length, problems: all, ours };
  });
  const linked = await readListRows(db);
  const known = new Set((await readMilestones(db)).map(({ id }) => id));
  for (const [rowId, milestoneId] of result.ours)
    if (known.has(milestoneId) && !linked.has(milestoneId))
      await saveListRow(db, { milestoneId, rowId }, now);
  if (result.changed > 0) refresher.wake();
  log.info('milestone list read', {
    rows: rows.length,
    changed: result.changed,
    problems: result.problems.length,
  });
  return { changed: result.changed, problems: result.problems };
}

/** A row that is gone ends nobody's work by itself: it may have been a slip of the hand. */
function goneProblem({ id, title }: Milestone): RowProblem {
  return {
    row: id.slice(LISTED.length),
    title,
    reason:
      'is no longer in the list; its milestone goes on. Restore the row, or close the milestone on its card',
    gone: true,
  };
}

async function changesSince({ list, log }: ListResources, link: string | undefined) {
  try {
    return await list.changedSince(link);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'graph-state-lost' || link === undefined) throw error;
    log.info('Graph forgot our place in the milestone list; reading all of it again');
    return list.changedSince(undefined);
  }
}

/** Rows that do not say yet how a milestone made in chat stands, or what was approved last. Noted one by one, after Graph has taken each. */
async function writeBack(resources: ListResources, now: Date): Promise<number> {
  const { db, setting, trust } = resources;
  if (!setting.write_back) return 0;
  const milestones = await readMilestones(db);
  const rows = await readListRows(db);
  const approved = new Map((await lastApprovedBefore(db, FAR_OFF)).map((step) => [step.milestoneId, step]));
  const inWords = await wordsFor(resources, milestones);
  let written = 0;
  for (const milestone of milestones) {
    const before = rows.get(milestone.id);
    if (milestone.ended) {
      if (before && (await tellClosed(resources, milestone, before, now))) written += 1;
      continue;
    }
    const plan = milestone.id.startsWith(MADE_IN_CHAT) ? inWords(milestone) : undefined;
    let kept = before ?? rowFor(milestone, plan && (await addRow(resources, milestone, plan, now)));
    if (!kept) continue;
    if (!before && plan) written += 1;
    if (plan && plan.mark !== kept.planMark) {
      kept = { ...kept, planMark: plan.mark };
      if (!(await writeRow(resources, kept, plan, now))) continue;
      written += 1;
    }
    const step = approved.get(milestone.id);
    if (!step?.answer) continue;
    const write = writeOf(setting, { answer: step.answer, date: dateOf(step.at, trust.trust.zone) });
    if (write.mark === kept.mark) continue;
    if (await writeRow(resources, { ...kept, mark: write.mark }, write, now)) written += 1;
  }
  return written;
}

/** Once: a row that somebody has taken away is told nothing more. */
async function tellClosed(
  resources: ListResources,
  { id }: Milestone,
  before: KeptRow,
  now: Date,
): Promise<boolean> {
  const write = closingOf(resources.setting);
  if (!id.startsWith(MADE_IN_CHAT) || !write || write.mark === before.mark) return false;
  const kept = { ...before, mark: write.mark };
  if (await writeRow(resources, kept, write, now)) return true;
  await saveListRow(resources.db, kept, now);
  return false;
}

function rowFor({ id }: Milestone, added: KeptRow | undefined): KeptRow | undefined {
  return id.startsWith(LISTED) ? { milestoneId: id, rowId: id.slice(LISTED.length) } : added;
}

/** How a row says a milestone that was made in chat. */
async function wordsFor(
  { trust, directory, setting }: ListResources,
  milestones: readonly Milestone[],
): Promise<(milestone: Milestone) => Write> {
  const made = milestones.filter(({ id }) => id.startsWith(MADE_IN_CHAT));
  const people = await directory.people(made.flatMap(({ ownerId, reviewer }) => [ownerId, reviewer ?? '']));
  const mails = new Map(people.map(({ id, mail }) => [id, mail]));
  const mailOf = (id: string) => mails.get(id) ?? '';
  return (milestone) =>
    rowOf(setting, milestone, {
      school: trust.schools.find(({ urn }) => urn === milestone.schoolUrn)?.name ?? '',
      team: teamById(trust, milestone.teamId)?.name ?? '',
      owner: mailOf(milestone.ownerId),
      reviewer: ruleInWords(milestone.reviewer, mailOf),
    });
}

/** `kept`: as it is to be noted once the row is written. False when the row is gone. */
async function writeRow(
  { db, list, log }: ListResources,
  kept: KeptRow,
  write: Write,
  now: Date,
): Promise<boolean> {
  try {
    await list.write(kept.rowId, write.fields);
  } catch (error) {
    if (!(error instanceof AppError) || (error.code !== 'graph-not-found' && error.code !== 'graph-refused'))
      throw error;
    log.warn('a row of the milestone list could not be written', {
      row: kept.rowId,
      reason: messageOf(error),
    });
    return false;
  }
  await saveListRow(db, kept, now);
  return true;
}

/**
 * A row for a milestone made in chat, where the trust has a column for its id. The list was read just before: a row that an
 * earlier look had added, and died before it noted it, was found there by that id.
 */
async function addRow(
  { db, list, setting }: ListResources,
  milestone: Milestone,
  plan: Write,
  now: Date,
): Promise<KeptRow | undefined> {
  const { waymark_id: column } = setting.columns;
  if (column === undefined) return undefined;
  const found = (await list.rows()).find(({ fields }) => fields[column] === milestone.id);
  const kept: KeptRow = found
    ? { milestoneId: milestone.id, rowId: found.id }
    : { milestoneId: milestone.id, rowId: await list.add(plan.fields), planMark: plan.mark };
  await saveListRow(db, kept, now);
  return kept;
}
