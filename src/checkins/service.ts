/**
 * Check-ins for the rest of Waymark: milestones as the trust's file has them, the day's asks, the buttons, and where the
 * milestones stand. Who may do what comes from our own rows and the directory, never from a card.
 */

import { type Entry, mayAnywhere } from '../access/decide.ts';
import type { CardVerbOf } from '../access/policy.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { Trust } from '../config/trust.ts';
import type { LostMessage } from '../delivery/editing-service.ts';
import { assertNever, type Refusal } from '../kernel/errors.ts';
import { addDays, localInstant } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import type { Trx } from '../storage/database.ts';
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
import type { DraftVerb } from './draft-card.ts';
import {
  answerState,
  type ExportResources,
  type MilestoneFile,
  offerExport,
  releaseExport,
} from './export-service.ts';
import { heldInTrustFile, type ImportReceipt, importMilestones, syncMilestones } from './file-service.ts';
import type { HeldCell } from './held-lines.ts';
import { lastApprovedBefore, milestonesBefore } from './history-store.ts';
import { answerLate, overdueOn, peopleOf } from './late-service.ts';
import { aroundOf, type CheckinsResources, loadLines } from './lines-service.ts';
import { replaceLost } from './lost-service.ts';
import { agreedMilestone, type Milestone } from './milestone.ts';
import { VERBS } from './milestone-card.ts';
import { changeMilestone, closeMilestone, createMilestone, editForm, openForm } from './milestone-service.ts';
import { answerSight, findMilestone, listMilestones, maySee } from './milestone-sight-service.ts';
import { milestoneRequest } from './milestone-words.ts';
import { readMilestone, readMilestones, saveMilestone } from './milestones-store.ts';
import { answerMine } from './mine-service.ts';
import type { Presser } from './press.ts';
import { createRefresher, type Refresher } from './refresh-service.ts';
import { type ReportRow, reportCsv, reportRows } from './report.ts';
import { SAVE_SETTINGS } from './settings-card.ts';
import { answerSettings, saveSettings } from './settings-service.ts';
import { anyOver, endSteps } from './steps-service.ts';
import { readLive } from './store.ts';
import { type CheckinSummary, summarise, summaryOf } from './summary.ts';
import { answerWeekly } from './weekly-service.ts';

/** Buttons of check-ins and milestones; those of a draft made of a reply are its own. */
export type CheckinEntry = Entry<Exclude<CardVerbOf<'checkins'>, DraftVerb>>;

export type Checkins = {
  /** Draws cards anew after changes: by itself once started, or at once. */
  readonly cards: Refresher;
  /** Brings the milestones up to date with `trust.yaml`, once at start; gives how many changed. */
  syncMilestones(now: Date): Promise<number>;
  /** Those of `trust.yaml` that are not taken because of their words, by their number there. */
  heldInFile(): Promise<readonly HeldCell<number>[]>;
  /**
   * The asks of a school day. Call it before opening a transaction; then, in one transaction, `write` and enqueue what it
   * gives. Planning the same day again gives what is still to do.
   */
  planAsks(day: AskDay): Promise<AskPlan>;
  /** Answers `checkins.*` verbs: submit, no-change, help, not-today, approve, return, approve-all, show, view. Never inside a transaction. */
  act(entry: CheckinEntry, command: CardCommand, person: Presser, now: Date): Promise<CardReply>;
  summary(now: Date): Promise<CheckinSummary>;
  /** The same as it stood at the end of a past local date, by who manages whom today. */
  summaryAt(date: string, now: Date): Promise<CheckinSummary>;
  /** Opens a step that was agreed on a card, in the caller's transaction; its owner is asked on its day. */
  agree(trx: Trx, step: AgreedStep, by: string, now: Date): Promise<void>;
  /** What this person looks after: whether they read somebody's check-ins, and whether they make milestones. */
  roles(person: Presser, now: Date): Promise<{ readonly reads: boolean; readonly makes: boolean }>;
  /** Puts a new card in the place of each that Teams no longer finds, once; of other messages than ours it does nothing. */
  replaceLost(lost: readonly LostMessage[], now: Date): Promise<void>;
  /** "Who is late?", for whoever asks it in a chat of their own. */
  late(person: Presser, now: Date): Promise<MessageReply>;
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

export type MilestoneReport = { readonly rows: readonly ReportRow[]; readonly csv: string };

/** `id` begins with `focus-`; `due` is a local date. */
export type AgreedStep = Parameters<typeof agreedMilestone>[1];

export function createCheckins(parts: Omit<CheckinsResources, 'refresher'>): Checkins {
  const refresher = createRefresher(parts);
  const resources = { ...parts, refresher };
  return {
    cards: refresher,
    syncMilestones: (now) => syncMilestones(resources, now),
    heldInFile: () => heldInTrustFile(resources.trust, resources.holdsBack),
    planAsks: (day) => planWithEnds(resources, day),
    act: (entry, command, person, now) => {
      switch (entry.verb) {
        case SAVE_SETTINGS:
          return saveSettings(resources, command, person, now);
        case 'checkins.approve-all':
          return approveAll(resources, command, person, now);
        case VERBS.form:
        case VERBS.create:
        case VERBS.edit:
        case VERBS.save:
        case VERBS.closing:
        case VERBS.close:
        case VERBS.weekly:
        case VERBS.notWeekly:
        case VERBS.show:
        case VERBS.trend:
          return actOnMilestone(resources, entry, command, person, now);
        default:
          return answerPress(resources, entry, command, person, now);
      }
    },
    request: (text, person, now) => answerRequest(resources, text, person, now),
    releaseExport: (context, person, now) => releaseExport(exporting(resources), context, person, now),
    settings: (person, now) => answerSettings(resources, person, now),
    summary: (now) => readSummary(resources, now),
    summaryAt: (date, now) => readSummaryAt(resources, date, now),
    roles: async (person, now) => ({
      reads: (await peopleOf(resources, person, now)).length > 0,
      makes: mayAnywhere('say:new-milestone', await parts.directory.holder(person.personId)),
    }),
    replaceLost: (lost, now) => replaceLost(resources, lost, now),
    late: (person, now) => answerLate(resources, person, now),
    mine: (person, now) => answerMine(resources, person, now),
    worthReading: (ids) => worthReading(resources, ids),
    approve: (item, person, now) => approveSingly(resources, item, person, now),
    approvals: (person, now) => answerApprovals(resources, person, now),
    importMilestones: (text, by, now) => importMilestones(resources, text, by, now),
    report: (asOf) => report(resources, asOf),
    agree: (trx, step, by, now) => agree(resources.trust, trx, step, by, now),
  };
}

/** The asks of a day, and before them the end of steps that are over. */
async function planWithEnds(resources: CheckinsResources, day: AskDay): Promise<AskPlan> {
  const ends = day.later !== true && (await anyOver(resources.db, day.date));
  const plan = await planDay(resources, day);
  if (!ends) return plan;
  return {
    write: async (trx) => {
      const ended = await endSteps(trx, day.date, day.now);
      resources.log.info('agreed steps ended', { ended });
      return plan.write(trx);
    },
  };
}

function exporting(resources: CheckinsResources): ExportResources {
  return { ...resources, rowsAt: async (date) => (await report(resources, date)).rows };
}

type MilestoneVerb = Extract<CardVerbOf<'checkins'>, `checkins.milestone-${string}`>;

async function actOnMilestone(
  resources: CheckinsResources,
  entry: Entry<MilestoneVerb>,
  command: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  switch (entry.verb) {
    case VERBS.form:
      return openForm(resources, VERBS.form, person);
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
      return assertNever(entry);
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
    const reply = await openForm(resources, 'say:new-milestone', person);
    return reply.kind === 'card'
      ? { kind: 'reply', card: reply.card }
      : { kind: 'reply', text: reply.kind === 'text' ? reply.text : reply.message };
  }
  if (request.kind === 'export') return offerExport(exporting(resources), request.day, person, now);
  if (request.kind === 'state') {
    const seeing = { maySee: (some: readonly Milestone[]) => maySee(resources, some, person, now) };
    return answerState({ ...exporting(resources), ...seeing }, request.day, person, now);
  }
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

async function report(resources: CheckinsResources, asOf: string): Promise<MilestoneReport> {
  const { db, trust, directory } = resources;
  const instant = localInstant(addDays(asOf, 1), '00:00', trust.trust.zone);
  const [milestones, approvals] = await Promise.all([
    milestonesBefore(db, instant),
    lastApprovedBefore(db, instant),
  ]);
  const people = await directory.people([...new Set(milestones.map(({ ownerId }) => ownerId))]);
  const names = new Map(people.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? 'A colleague who has left';
  const rows = reportRows({ trust, milestones, approvals, nameOf });
  return { rows, csv: reportCsv(rows) };
}

/** After any approval. */
const FAR_OFF = new Date('9999-12-31T00:00:00Z');

async function readSummary(resources: CheckinsResources, now: Date): Promise<CheckinSummary> {
  const { db, trust } = resources;
  const [milestones, live, approved] = await Promise.all([
    readMilestones(db),
    readLive(db),
    lastApprovedBefore(db, FAR_OFF),
  ]);
  const owners = [...live.map(({ ownerId }) => ownerId), ...aroundOf(trust, milestones)];
  const lines = await loadLines(resources, owners, now);
  return summarise({
    trust,
    milestones,
    live,
    approved,
    ownerName: lines.givenName,
    managerOf: (ownerId) => lines.managers(ownerId).asked?.personId,
    readerOf: (ownerId, milestone) => lines.readers(ownerId, milestone).asked?.personId,
    isOverdue: await overdueOn(resources, lines.today),
  });
}

async function readSummaryAt(resources: CheckinsResources, date: string, now: Date): Promise<CheckinSummary> {
  const { rows } = await report(resources, date);
  const lines = await loadLines(
    resources,
    aroundOf(
      resources.trust,
      rows.map(({ milestone }) => milestone),
    ),
    now,
  );
  return summaryOf(resources.trust, rows, {
    ownerName: lines.givenName,
    managerOf: (ownerId) => lines.managers(ownerId).asked?.personId,
    readerOf: (ownerId, milestone) => lines.readers(ownerId, milestone).asked?.personId,
  });
}
