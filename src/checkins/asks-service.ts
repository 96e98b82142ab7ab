/**
 * Plans a day of asking and writes it. Planning reads rows and people outside any transaction; `write` puts the rows of
 * the plan into the run's own transaction, beside its deliveries. A repeat of a day writes and sends nothing twice: a
 * round's id and a message's key follow from what they are for.
 */
import { schoolByUrn } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import { contentId } from '../kernel/ids.ts';
import { addDays, dateOf, localInstant, timeOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import type { Trx } from '../storage/database.ts';
import { cardFor } from './cards.ts';
import { readBegun } from './drafts-store.ts';
import { rerouted, type Sending } from './effects.ts';
import { planEscalations, writeEscalation } from './escalation-service.ts';
import { type Answer, type Checkin, decide, WAYMARK } from './lifecycle.ts';
import { type CheckinsResources, faceOf, type Lines, loadLines } from './lines-service.ts';
import { placeSendings } from './lists-service.ts';
import { isPaced, type Milestone, roundAfter } from './milestone.ts';
import { announceAsks, readMilestones, saveNextRound } from './milestones-store.ts';
import { type Ask, chooseAsks, isHour, type Rhythm, reminderAfter } from './reminders.ts';
import { actsFor, rhythmOf } from './settings.ts';
import { readChoices } from './settings-store.ts';
import {
  addMessages,
  type CheckinMessage,
  insertCheckin,
  lockCheckin,
  lockCheckins,
  noteRefreshes,
  readAskedSince,
  readLastApproved,
  readLive,
  readMessages,
  readOpened,
  saveAsk,
  saveChanges,
} from './store.ts';

/**
 * `write` gives what the same transaction must enqueue: what was planned, less the check-ins that have been answered, read
 * or opened by another run since.
 */
export type AskPlan = { write(trx: Trx): Promise<readonly Draft[]> };

/** `later`: a look of the same day for those whose hours had not come, or had passed, at the first. */
export type AskDay = { readonly date: string; readonly now: Date; readonly later?: boolean };

const NOTHING: AskPlan = { write: async () => [] };

/** An ask that nobody has seen after three days is not worth showing; its reminder will be. */
const ASK_LIVES_MS = 72 * 3_600_000;

type PlannedAsk = { readonly ask: Ask; readonly checkin: Checkin; readonly sending: Sending };

export async function planDay(resources: CheckinsResources, day: AskDay): Promise<AskPlan> {
  const { db, trust, schoolDays, log } = resources;
  const { later = false } = day;
  const choices = await readChoices(db);
  if (later && ![...choices.values()].some(({ hours }) => hours)) return NOTHING;
  const milestones = await readMilestones(db);
  const live = await readLive(db);
  const approved = await readLastApproved(db);
  const copies = await readMessages(
    db,
    live.map((checkin) => checkin.id),
  );
  const owners = [
    ...milestones.map((milestone) => milestone.ownerId),
    ...live.map((checkin) => checkin.ownerId),
  ];
  const lines = await loadLines(resources, owners, day.now);
  const last = new Map(approved.map((checkin) => [checkin.milestoneId, checkin.answer]));
  const paced = new Set(milestones.filter(isPaced).map(({ id }) => id));
  const since = localInstant(addDays(day.date, -trust.policies.days_between_asks), '00:00', trust.trust.zone);
  const lastAsked = new Map(
    (await readOpened(db, since))
      .filter(({ milestoneId }) => paced.has(milestoneId))
      .map(({ ownerId, at }) => [ownerId, dateOf(at, trust.trust.zone)]),
  );
  const rhythms = new Map(trust.people.map((note) => [note.id, rhythmOf(note, choices.get(note.id))]));
  const rhythmFor = (id: string): Rhythm => rhythms.get(id) ?? rhythmOf(undefined, choices.get(id));
  const time = timeOf(day.now, trust.trust.zone);
  const asks = chooseAsks({
    date: day.date,
    milestones,
    live: new Map(live.map((checkin) => [checkin.milestoneId, checkin])),
    rhythmOf: rhythmFor,
    standInOf: (ownerId) => {
      const named = actsFor(choices.get(ownerId) ?? {}, day.date);
      return named !== undefined && lines.standIns(ownerId).includes(named) ? named : undefined;
    },
    isHourOf: (personId) => isHour(rhythmFor(personId), time, later),
    ...(later
      ? { askedToday: await readAskedSince(db, localInstant(day.date, '00:00', trust.trust.zone)) }
      : {}),
    isStaff: (personId) => lines.person(personId)?.staff === true,
    isSchoolDay: (schoolUrn) => schoolDays.isSchoolDay(schoolUrn, day.date),
    lastAskedOf: (personId) => lastAsked.get(personId),
    apart: trust.policies.days_between_asks,
  });
  const begun = await readBegun(db);
  const planned = asks.map((ask) =>
    planAsk(resources, lines, ask, last.get(ask.milestone.id), {
      now: day.now,
      begun: begun(ask.milestone.id, ask.to),
      askOn: reminderAfter(rhythmFor(ask.to), day.date),
    }),
  );
  const reviews = later ? [] : planReviews(lines, { milestones, live, copies, last });
  const escalations = later ? [] : planEscalations(resources, lines, { milestones, live, last });
  log.info('check-ins planned', { date: day.date, asks: planned.length, reviews: reviews.length });
  return {
    write: async (trx) => {
      const drafts: Draft[] = [];
      await announceAsks(trx);
      // All of them before any card: others take a check-in first and its reader's cards after.
      await lockCheckins(trx, [
        ...planned.flatMap(({ ask }) => (ask.kind === 'first' && ask.replaces ? [ask.replaces.id] : [])),
        ...reviews.map(({ checkin }) => checkin.id),
        ...escalations.map(({ checkin }) => checkin.id),
      ]);
      for (const plan of planned)
        if (await writeAsk(resources, trx, plan, day)) drafts.push(plan.sending.draft);
      for (const { checkin, sending } of reviews) {
        const present = await lockCheckin(trx, checkin.id);
        if (present?.state !== 'submitted' || present.version !== checkin.version) continue;
        drafts.push(...(await placeSendings(trx, checkin.id, [sending], day.now)));
        await noteRefreshes(trx, [checkin.id]);
      }
      for (const one of escalations) drafts.push(...(await writeEscalation(trx, one, day.now)));
      return drafts;
    },
  };
}

function planAsk(
  resources: CheckinsResources,
  lines: Lines,
  ask: Ask,
  last: Answer | undefined,
  { now, askOn, begun }: { readonly now: Date; readonly askOn: string; readonly begun: boolean },
): PlannedAsk {
  const { milestone } = ask;
  const checkin: Checkin =
    ask.kind === 'again'
      ? { ...ask.checkin, asked: ask.checkin.asked + 1, askOn, resting: false }
      : {
          id: contentId(['checkin', milestone.id, ask.round, milestone.ownerId]),
          milestoneId: milestone.id,
          round: ask.round,
          ownerId: milestone.ownerId,
          state: 'open',
          version: 1,
          unchanged: false,
          asked: 1,
          askOn,
          resting: false,
        };
  const suffix = ask.kind === 'again' ? `/${checkin.version}.${checkin.asked}` : '';
  const key = `checkin/${checkin.id}/ask${suffix}`;
  const face = { ...faceOf(lines, checkin, milestone, last), begun };
  const expiresAt = new Date(now.getTime() + ASK_LIVES_MS);
  const school = ask.kind === 'first' && milestone.askIn === 'channel' && schoolOf(resources, milestone);
  if (school) {
    const target = { kind: 'channel', teamId: school.team, channelId: school.channel } as const;
    const draft: Draft = { key, target, card: cardFor('other', face), expiresAt };
    return { ask, checkin, sending: { draft, copy: { key, personId: school.channel, role: 'channel' } } };
  }
  const role = ask.to === checkin.ownerId ? 'owner' : 'stand-in';
  const target = { kind: 'person', personId: ask.to } as const;
  const draft: Draft = { key, target, card: cardFor(role, face), expiresAt };
  return { ask, checkin, sending: { draft, copy: { key, personId: ask.to, role } } };
}

function schoolOf({ trust }: CheckinsResources, { schoolUrn }: Milestone) {
  return schoolUrn === undefined ? undefined : schoolByUrn(trust, schoolUrn);
}

function planReviews(
  lines: Lines,
  rows: {
    readonly milestones: readonly Milestone[];
    readonly live: readonly Checkin[];
    readonly copies: readonly CheckinMessage[];
    readonly last: ReadonlyMap<string, Answer | undefined>;
  },
): { readonly checkin: Checkin; readonly sending: Sending }[] {
  return rows.live.flatMap((checkin) => {
    const milestone = rows.milestones.find((candidate) => candidate.id === checkin.milestoneId);
    if (!milestone) return [];
    const face = faceOf(lines, checkin, milestone, rows.last.get(milestone.id));
    const own = rows.copies.filter((copy) => copy.checkinId === checkin.id);
    const sending = rerouted(checkin, face, lines.reviewers(checkin.ownerId), own);
    return sending ? [{ checkin, sending }] : [];
  });
}

/** False when the check-in has moved on since it was planned: then nothing was written. */
async function writeAsk(
  { schoolDays }: Pick<CheckinsResources, 'schoolDays'>,
  trx: Trx,
  plan: PlannedAsk,
  day: { readonly date: string; readonly now: Date },
): Promise<boolean> {
  const { ask, checkin, sending } = plan;
  if (ask.kind === 'again') {
    const { asked, askOn = day.date } = checkin;
    if (!(await saveAsk(trx, checkin, { asked, askOn }))) return false;
  } else {
    if (ask.replaces) await withdraw(trx, ask.replaces.id, day.now);
    if (!(await insertCheckin(trx, checkin, day.now))) return false;
    const terms = schoolDays.termsOf(ask.milestone.schoolUrn);
    await saveNextRound(trx, ask.milestone.id, roundAfter(ask.milestone, ask.round, day.date, terms));
  }
  await addCopy(trx, checkin, sending, day.now);
  await writeAudit(trx, {
    at: day.now,
    actor: 'waymark',
    action: 'checkins.ask',
    subject: checkin.id,
    detail: { asked: checkin.asked },
  });
  return true;
}

/** Ends a check-in whose milestone or owner has moved on; every copy of its card is drawn anew. */
export async function withdraw(trx: Trx, checkinId: string, now: Date): Promise<void> {
  const locked = await lockCheckin(trx, checkinId);
  if (!locked) return;
  const decision = decide(locked, { kind: 'withdraw', version: locked.version }, { kind: 'waymark' }, now);
  if (decision.kind === 'refusal') return;
  await saveChanges(trx, [
    {
      before: locked,
      steps: [{ decision, actor: WAYMARK }],
      audits: [{ at: now, actor: WAYMARK, action: 'checkins.withdraw', subject: checkinId }],
      at: now,
    },
  ]);
}

async function addCopy(trx: Trx, checkin: Checkin, sending: Sending, now: Date): Promise<void> {
  if (sending.copy) await addMessages(trx, [{ ...sending.copy, checkinId: checkin.id }], now);
}
