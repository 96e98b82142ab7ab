/**
 * Check-ins for the rest of Waymark: milestones as the trust's file has them, the day's asks, the buttons, and where the
 * milestones stand. Who may do what comes from our own rows and the directory, never from a card.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { Trust } from '../config/trust.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { addDays, dateOf, localInstant } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction, type Trx } from '../storage/database.ts';
import { answerPress } from './acts-service.ts';
import { type AskDay, type AskPlan, planDay } from './asks-service.ts';
import {
  type ApprovalOutcome,
  answerApprovals,
  approveAll,
  approveSingly,
  type Item,
  worthReading,
} from './bulk-service.ts';
import { applyChanges } from './changes-service.ts';
import { type ExportResources, type MilestoneFile, offerExport, releaseExport } from './export-service.ts';
import { lastApprovedBefore, milestonesBefore, stepsBefore } from './history-store.ts';
import { type ImportRead, readMilestoneFile } from './import.ts';
import { WAYMARK } from './lifecycle.ts';
import { type CheckinsResources, loadLines } from './lines-service.ts';
import { agreedMilestone, compareMilestones, planOf } from './milestone.ts';
import { VERBS } from './milestone-card.ts';
import {
  answerWeekly,
  changeMilestone,
  closeMilestone,
  createMilestone,
  editForm,
  openForm,
} from './milestone-service.ts';
import { answerSight, findMilestone, listMilestones } from './milestone-sight-service.ts';
import { milestoneRequest } from './milestone-words.ts';
import { lockMilestones, readMilestone, readMilestones, saveMilestone } from './milestones-store.ts';
import { mineCard } from './mine-card.ts';
import { onePerson } from './named-people.ts';
import type { Presser } from './press.ts';
import { createRefresher, type Refresher } from './refresh-service.ts';
import { type ReportRow, reportCsv, reportRows } from './report.ts';
import { SAVE_SETTINGS } from './settings-card.ts';
import { answerSettings, saveSettings } from './settings-service.ts';
import { readLive } from './store.ts';
import { type CheckinSummary, summarise, summaryOf } from './summary.ts';

export type Checkins = {
  /** Draws cards anew after changes: by itself once started, or at once. */
  readonly cards: Refresher;
  /** Brings the milestones up to date with `trust.yaml`, once at start; gives how many changed. */
  syncMilestones(now: Date): Promise<number>;
  /**
   * The asks of a school day. Call it before opening a transaction; then, in one transaction, `write` and enqueue what it
   * gives. Planning the same day again gives what is still to do.
   */
  planAsks(day: AskDay): Promise<AskPlan>;
  /** Answers `checkins.*` verbs: submit, no-change, help, not-today, approve, return, approve-all, show, view. Never inside a transaction. */
  act(command: CardCommand, person: Presser, now: Date): Promise<CardReply>;
  summary(now: Date): Promise<CheckinSummary>;
  /** The same as it stood at the end of a past local date, by who manages whom today. */
  summaryAt(date: string, now: Date): Promise<CheckinSummary>;
  /** Opens a step that was agreed on a card, in the caller's transaction; its owner is asked on its day. */
  agree(trx: Trx, step: AgreedStep, by: string, now: Date): Promise<void>;
  /** The words "my check-ins". */
  mine(person: Presser, now: Date): Promise<MessageReply>;
  /** "New milestone", "milestones", "trend of …"; undefined for any other words. */
  request(text: string, person: Presser, now: Date): Promise<MessageReply | undefined>;
  /** A file that was offered, made anew for the reader; undefined for an offer of somebody else's. */
  releaseExport(context: unknown, person: Presser, now: Date): Promise<MilestoneFile | Refusal | undefined>;
  /** The words "my settings". */
  settings(person: Presser, now: Date): Promise<MessageReply>;
  /** Milestones from a CSV file. Either all of it is taken, or nothing and every problem is named. */
  importMilestones(text: string, by: string, now: Date): Promise<ImportReceipt>;
  /** Where each milestone stood at the end of a local date, and that as CSV. */
  report(asOf: string): Promise<MilestoneReport>;
  /** Which of these waiting check-ins are worth a read, and why in a few words; the others can be approved as they stand. */
  worthReading(checkinIds: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Approves one of them, as the button for all at once would. Never inside a transaction. */
  approve(item: Item, person: Presser, now: Date): Promise<ApprovalOutcome>;
  /** The words "my approvals": what waits for this person to read, with one button for all that can be approved at once. */
  approvals(person: Presser, now: Date): Promise<MessageReply>;
};

export type ImportReceipt =
  | {
      readonly kind: 'imported';
      readonly read: number;
      readonly added: number;
      readonly changed: number;
    }
  | Extract<ImportRead, { readonly kind: 'problems' }>;
export type MilestoneReport = { readonly rows: readonly ReportRow[]; readonly csv: string };

/** `id` begins with `focus-`; `due` is a local date. */
export type AgreedStep = Parameters<typeof agreedMilestone>[1];

export function createCheckins(parts: Omit<CheckinsResources, 'refresher'>): Checkins {
  const refresher = createRefresher(parts);
  const resources = { ...parts, refresher };
  return {
    cards: refresher,
    syncMilestones: (now) => syncMilestones(resources, now),
    planAsks: (day) => planDay(resources, day),
    act: (command, person, now) => {
      const { verb } = command.envelope;
      if (verb === SAVE_SETTINGS) return saveSettings(resources, command, person, now);
      if (verb === 'checkins.approve-all') return approveAll(resources, command, person, now);
      if (verb.startsWith('checkins.milestone-')) return actOnMilestone(resources, command, person, now);
      return answerPress(resources, command, person, now);
    },
    request: (text, person, now) => answerRequest(resources, text, person, now),
    releaseExport: (context, person, now) => releaseExport(exporting(resources), context, person, now),
    settings: (person, now) => answerSettings(resources, person, now),
    summary: (now) => readSummary(resources, now),
    summaryAt: (date, now) => readSummaryAt(resources, date, now),
    mine: (person, now) => answerMine(resources, person, now),
    worthReading: (ids) => worthReading(resources, ids),
    approve: (item, person, now) => approveSingly(resources, item, person, now),
    approvals: (person, now) => answerApprovals(resources, person, now),
    importMilestones: (text, by, now) => importMilestones(resources, text, by, now),
    report: (asOf) => report(resources, asOf),
    agree: (trx, step, by, now) => agree(resources.trust, trx, step, by, now),
  };
}

function exporting(resources: CheckinsResources): ExportResources {
  return { ...resources, rowsAt: async (date) => (await report(resources, date)).rows };
}

async function actOnMilestone(
  resources: CheckinsResources,
  command: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  switch (command.envelope.verb) {
    case VERBS.form:
      return openForm(resources, person);
    case VERBS.create:
      return createMilestone(resources, command, person, now);
    case VERBS.edit:
      return editForm(resources, command, person, now);
    case VERBS.save:
      return changeMilestone(resources, command, person, now);
    case VERBS.closing:
    case VERBS.close:
      return closeMilestone(resources, command, person, now);
    case VERBS.weekly:
    case VERBS.notWeekly:
      return answerWeekly(resources, command, person, now);
    case VERBS.show:
    case VERBS.trend:
      return answerSight(resources, command, person, now);
    default:
      return refuse('unknown-card', 'I do not know that button. Please use the newest card.');
  }
}

async function answerRequest(
  resources: CheckinsResources,
  text: string,
  person: Presser,
  now: Date,
): Promise<MessageReply | undefined> {
  const request = milestoneRequest(text);
  if (!request) return undefined;
  if (request.kind === 'list') return listMilestones(resources, person, now);
  if (request.kind === 'new') {
    const reply = openForm(resources, person);
    return reply.kind === 'card'
      ? { kind: 'reply', card: reply.card }
      : { kind: 'reply', text: reply.kind === 'text' ? reply.text : reply.message };
  }
  if (request.kind === 'export') return offerExport(exporting(resources), request.day, person, now);
  return findMilestone(resources, { words: request.words, trend: request.kind === 'trend' }, person, now);
}

async function agree(trust: Trust, trx: Trx, step: AgreedStep, by: string, now: Date): Promise<void> {
  const milestone = agreedMilestone(trust, step);
  if (await readMilestone(trx, milestone.id)) return;
  await saveMilestone(trx, { kind: 'added', milestone }, by, now);
  await writeAudit(trx, {
    at: now,
    actor: by,
    action: 'checkins.milestone',
    subject: milestone.id,
    detail: { change: 'agreed' },
  });
}

async function syncMilestones(resources: CheckinsResources, now: Date): Promise<number> {
  const { db, trust, log } = resources;
  const wanted = trust.milestones.map(planOf);
  const today = dateOf(now, trust.trust.zone);
  return inTransaction(db, async (trx) => {
    await lockMilestones(trx);
    const changes = compareMilestones(await readMilestones(trx), wanted, today);
    await applyChanges(trx, { changes, by: WAYMARK }, now);
    if (changes.length > 0) log.info('milestones changed', { changes: changes.length });
    return changes.length;
  });
}

async function importMilestones(
  resources: CheckinsResources,
  text: string,
  by: string,
  now: Date,
): Promise<ImportReceipt> {
  const { db, trust, directory } = resources;
  const staff = (await directory.staff()).filter((person) => person.staff);
  const current = (await readMilestones(db)).filter((milestone) => !milestone.ended);
  const read = readMilestoneFile(text, {
    trust,
    personFor: (words) => onePerson(staff, words),
    othersOf: (personId, ids) =>
      current.filter((milestone) => milestone.ownerId === personId && !ids.has(milestone.id)).length,
  });
  if (read.kind === 'problems') return read;
  const named = new Set(read.plans.map(({ id }) => id));
  const today = dateOf(now, trust.trust.zone);
  return inTransaction(db, async (trx) => {
    await lockMilestones(trx);
    const kept = (await readMilestones(trx)).filter(({ id }) => named.has(id));
    const changes = compareMilestones(kept, read.plans, today);
    await applyChanges(trx, { changes, by }, now);
    const added = changes.filter(({ kind }) => kind === 'added').length;
    return { kind: 'imported', read: read.plans.length, added, changed: changes.length - added };
  });
}

async function report(resources: CheckinsResources, asOf: string): Promise<MilestoneReport> {
  const { db, trust, directory } = resources;
  const instant = localInstant(addDays(asOf, 1), '00:00', trust.trust.zone);
  const milestones = await milestonesBefore(db, instant);
  const people = await directory.people([...new Set(milestones.map(({ ownerId }) => ownerId))]);
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const approved = await lastApprovedBefore(db, instant);
  const read = new Set(approved.map(({ milestoneId }) => milestoneId));
  const unread = milestones.filter(({ id }) => !read.has(id)).map(({ id }) => id);
  const steps = [...approved, ...(await stepsBefore(db, instant, unread))];
  const nameOf = (id: string) => names.get(id) ?? 'A colleague who has left';
  const rows = reportRows({ trust, milestones, steps, nameOf });
  return { rows, csv: reportCsv(rows) };
}

/** After any approval. */
const FAR_OFF = new Date('9999-12-31T00:00:00Z');

async function readSummary(resources: CheckinsResources, now: Date): Promise<CheckinSummary> {
  const { db, trust } = resources;
  const milestones = await readMilestones(db);
  const live = await readLive(db);
  const approved = await lastApprovedBefore(db, FAR_OFF);
  const owners = [...milestones, ...live].map(({ ownerId }) => ownerId);
  const lines = await loadLines(resources, owners, now);
  return summarise({
    trust,
    milestones,
    live,
    approved,
    ownerName: lines.givenName,
    reviewerOf: (ownerId) => lines.reviewers(ownerId).asked?.personId,
    today: lines.today,
  });
}

async function readSummaryAt(resources: CheckinsResources, date: string, now: Date): Promise<CheckinSummary> {
  const { rows } = await report(resources, date);
  const lines = await loadLines(
    resources,
    rows.map(({ milestone }) => milestone.ownerId),
    now,
  );
  return summaryOf(resources.trust, rows, {
    ownerName: lines.givenName,
    reviewerOf: (ownerId) => lines.reviewers(ownerId).asked?.personId,
  });
}

async function answerMine(resources: CheckinsResources, person: Presser, now: Date): Promise<MessageReply> {
  const milestones = new Map(
    (await readMilestones(resources.db)).map((milestone) => [milestone.id, milestone]),
  );
  const live = await readLive(resources.db);
  const { waiting } = await readSummary(resources, now);
  const lines = await loadLines(
    resources,
    live.map(({ ownerId }) => ownerId),
    now,
  );
  const found = mineCard({
    own: live.flatMap((checkin) => {
      const milestone = milestones.get(checkin.milestoneId);
      return milestone && checkin.ownerId === person.personId ? [{ checkin, milestone }] : [];
    }),
    inPlace: live.flatMap((checkin) => {
      const milestone = milestones.get(checkin.milestoneId);
      const theirs = milestone && lines.standIns(checkin.ownerId).includes(person.personId);
      return theirs ? [{ checkin, milestone, owner: lines.givenName(checkin.ownerId) }] : [];
    }),
    toRead: waiting.filter((one) => one.reviewerId === person.personId),
  });
  if (found) return { kind: 'reply', card: found };
  return { kind: 'reply', text: 'No check-in is waiting for you. I will bring the next one when it is due.' };
}
