/**
 * Plans a day of asking and writes it. Planning reads rows and people outside any transaction; `write` puts the rows of
 * the plan into the run's own transaction, beside its deliveries. A repeat of a day writes and sends nothing twice: a
 * round's id and a message's key follow from what they are for.
 */
import type { Draft } from '../delivery/message.ts';
import { contentId } from '../kernel/ids.ts';
import { addDays, dateOf, localInstant, timeOf } from '../kernel/time.ts';
import { type DayOf, isDayOf } from '../scheduling/by-school.ts';
import { writeAudits } from '../storage/audit.ts';
import type { Trx } from '../storage/database.ts';
import { readAskedSince, readFirstAsks } from './asked-store.ts';
import { cardFor } from './cards.ts';
import { readBegun } from './drafts-store.ts';
import { rerouted, type Sending } from './effects.ts';
import { planEscalations, writeEscalation } from './escalation-service.ts';
import { type Answer, type Checkin, decide, WAYMARK } from './lifecycle.ts';
import { aroundOf, type CheckinsResources, faceOf, type Lines, loadLines } from './lines-service.ts';
import { placeSendings } from './lists-service.ts';
import { isPaced, type Milestone, roundAfter } from './milestone.ts';
import { announceAsks, readMilestones, saveNextRounds } from './milestones-store.ts';
import { ownerlessCards } from './ownerless.ts';
import { channelOf } from './place.ts';
import { type Ask, chooseAsks, isHour, type Rhythm, reminderAfter } from './reminders.ts';
import { actsFor, rhythmOf } from './settings.ts';
import { readChoices } from './settings-store.ts';
import {
  addMessages,
  type Change,
  type CheckinMessage,
  insertCheckins,
  lockCheckin,
  lockCheckins,
  noteRefreshes,
  readLastApproved,
  readLive,
  readMessages,
  saveAsks,
  saveChanges,
} from './store.ts';

/**
 * `write` gives what the same transaction must enqueue: what was planned, less the check-ins that have been answered, read
 * or opened by another run since.
 */
export type AskPlan = { write(trx: Trx): Promise<readonly Draft[]> };

/** `later`: a look of the same day for those whose hours had not come, or had passed, at the first. */
export type AskDay = {
  readonly date: string;
  readonly now: Date;
  readonly later?: boolean;
  /** Whose day it is; absent: everybody's. */
  readonly dayOf?: DayOf | undefined;
};

const NOTHING: AskPlan = { write: async () => [] };

/** An ask that nobody has seen after three days is not worth showing; its reminder will be. */
const ASK_LIVES_MS = 72 * 3_600_000;

type PlannedAsk = { readonly ask: Ask; readonly checkin: Checkin; readonly sending: Sending };

export async function planDay(resources: CheckinsResources, day: AskDay): Promise<AskPlan> {
  const { db, trust, schoolDays, log } = resources;
  const { later = false } = day;
  const choices = await readChoices(db);
  const choosers = new Set([...choices].flatMap(([id, { hours }]) => (hours ? [id] : [])));
  if (later && choosers.size === 0) return NOTHING;
  const isLooked = ({ ownerId }: { readonly ownerId: string }) =>
    !later || choosers.has(ownerId) || choosers.has(actsFor(choices.get(ownerId) ?? {}, day.date) ?? '');
  const milestones = (await readMilestones(db)).filter(isLooked);
  const live = (await readLive(db)).filter(isLooked);
  const owners = [...aroundOf(trust, milestones), ...live.map((checkin) => checkin.ownerId)];
  const lines = await loadLines(resources, owners, day.now);
  const paced = new Set(milestones.filter(isPaced).map(({ id }) => id));
  const since = localInstant(addDays(day.date, -trust.policies.days_between_asks), '00:00', trust.trust.zone);
  const lastAsked = new Map(
    (paced.size === 0 ? [] : await readFirstAsks(db, since))
      .filter(({ milestoneId }) => paced.has(milestoneId))
      .flatMap(({ people, at }) => people.map((id) => [id, dateOf(at, trust.trust.zone)] as const)),
  );
  const rhythms = new Map(trust.people.map((note) => [note.id, rhythmOf(note, choices.get(note.id))]));
  const rhythmFor = (id: string): Rhythm => rhythms.get(id) ?? rhythmOf(undefined, choices.get(id));
  const time = timeOf(day.now, trust.trust.zone);
  const asks = chooseAsks({
    date: day.date,
    milestones,
    live: new Map(live.map((checkin) => [checkin.milestoneId, checkin])),
    rhythmOf: rhythmFor,
    standInOf: (milestone) => {
      const { ownerId } = milestone;
      const named = actsFor(choices.get(ownerId) ?? {}, day.date);
      return named !== undefined && lines.standIns(ownerId, milestone).includes(named) ? named : undefined;
    },
    isHourOf: (personId) => isHour(rhythmFor(personId), time, later),
    ...(later
      ? { askedToday: await readAskedSince(db, localInstant(day.date, '00:00', trust.trust.zone)) }
      : {}),
    isStaff: (personId) => lines.person(personId)?.staff === true,
    isSchoolDay: (schoolUrn) => schoolDays.isSchoolDay(schoolUrn, day.date) && isDayOf(day.dayOf, schoolUrn),
    lastAskedOf: (personId) => lastAsked.get(personId),
    apart: trust.policies.days_between_asks,
  });
  const schoolOf = new Map(milestones.map(({ id, schoolUrn }) => [id, schoolUrn]));
  const waiting = later
    ? []
    : live.filter(
        ({ state, milestoneId }) => state === 'submitted' && isDayOf(day.dayOf, schoolOf.get(milestoneId)),
      );
  const shown = [
    ...asks.map(({ milestone }) => milestone.id),
    ...waiting.map(({ milestoneId }) => milestoneId),
  ];
  const approved = await readLastApproved(db, shown);
  const last = new Map(approved.map((checkin) => [checkin.milestoneId, checkin.answer]));
  const copies = await readMessages(
    db,
    waiting.map((checkin) => checkin.id),
  );
  const begun = await readBegun(
    db,
    asks.map(({ milestone }) => milestone.id),
  );
  const planned = asks.map((ask) =>
    planAsk(resources, lines, ask, last.get(ask.milestone.id), {
      now: day.now,
      begun: begun(ask.milestone.id, ask.to),
      askOn: reminderAfter(rhythmFor(ask.to), day.date),
    }),
  );
  const reviews = planReviews(lines, { milestones, live: waiting, copies, last });
  const ownerless = later
    ? []
    : ownerlessCards({
        trust,
        milestones,
        today: day.date,
        isStaff: (personId) => lines.person(personId)?.staff === true,
        nameOf: (personId) => lines.person(personId)?.name,
      });
  const escalations = planEscalations(resources, lines, { milestones, live: waiting, last });
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
      for (const { sending } of await writeAsks(resources, trx, planned, day)) drafts.push(sending.draft);
      for (const { checkin, sending } of reviews) {
        const present = await lockCheckin(trx, checkin.id);
        if (present?.state !== 'submitted' || present.version !== checkin.version) continue;
        drafts.push(...(await placeSendings(trx, checkin.id, [sending], day.now)));
        await noteRefreshes(trx, [checkin.id]);
      }
      for (const one of escalations) drafts.push(...(await writeEscalation(trx, one, day.now)));
      return [...drafts, ...ownerless];
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
  const channel =
    ask.kind === 'first' && milestone.askIn === 'channel' && channelOf(resources.trust, milestone);
  if (channel) {
    const target = { kind: 'channel', ...channel } as const;
    const draft: Draft = { key, target, card: cardFor('other', face), expiresAt, lasting: true };
    return { ask, checkin, sending: { draft, copy: { key, personId: channel.channelId, role: 'channel' } } };
  }
  const role = ask.to === checkin.ownerId ? 'owner' : 'stand-in';
  const target = { kind: 'person', personId: ask.to } as const;
  const draft: Draft = { key, target, card: cardFor(role, face), expiresAt, lasting: true };
  return { ask, checkin, sending: { draft, copy: { key, personId: ask.to, role } } };
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
  const milestones = new Map(rows.milestones.map((milestone) => [milestone.id, milestone]));
  const copies = Map.groupBy(rows.copies, ({ checkinId }) => checkinId);
  return rows.live.flatMap((checkin) => {
    const milestone = milestones.get(checkin.milestoneId);
    if (!milestone) return [];
    const face = faceOf(lines, checkin, milestone, rows.last.get(milestone.id));
    const own = copies.get(checkin.id) ?? [];
    const sending = rerouted(checkin, face, lines.readersOf(checkin, milestone), own);
    return sending ? [{ checkin, sending }] : [];
  });
}

/** Gives the plans that were written: not those whose check-in has moved on since. A statement for all of a kind. */
async function writeAsks(
  { schoolDays }: Pick<CheckinsResources, 'schoolDays'>,
  trx: Trx,
  plans: readonly PlannedAsk[],
  day: { readonly date: string; readonly now: Date },
): Promise<readonly PlannedAsk[]> {
  const firsts = plans.filter(({ ask }) => ask.kind === 'first');
  const overtaken = firsts.flatMap(({ ask }) =>
    ask.kind === 'first' && ask.replaces ? [ask.replaces.id] : [],
  );
  await withdrawAll(trx, overtaken, day.now);
  const checkinsOf = (some: readonly PlannedAsk[]) => some.map(({ checkin }) => checkin);
  const opened = await insertCheckins(trx, checkinsOf(firsts), day.now);
  const reminded = await saveAsks(trx, checkinsOf(plans.filter(({ ask }) => ask.kind === 'again')));
  const written = plans.filter(({ ask, checkin }) =>
    (ask.kind === 'first' ? opened : reminded).has(checkin.id),
  );
  await saveNextRounds(
    trx,
    written.flatMap(({ ask: { kind, milestone, round } }) =>
      kind === 'first'
        ? [
            {
              milestoneId: milestone.id,
              next: roundAfter(milestone, round, day.date, schoolDays.termsOf(milestone.schoolUrn)),
            },
          ]
        : [],
    ),
  );
  await addMessages(
    trx,
    written.flatMap(({ checkin, sending: { copy } }) => (copy ? [{ ...copy, checkinId: checkin.id }] : [])),
    day.now,
  );
  await writeAudits(
    trx,
    written.map(({ checkin }) => ({
      at: day.now,
      actor: WAYMARK,
      action: 'checkins.ask',
      subject: checkin.id,
      detail: { asked: checkin.asked },
    })),
  );
  return written;
}

/** Ends check-ins whose milestone or owner has moved on; every copy of their cards is drawn anew. */
export async function withdrawAll(trx: Trx, checkinIds: readonly string[], now: Date): Promise<void> {
  const changes = (await lockCheckins(trx, checkinIds)).flatMap((locked): Change[] => {
    const decision = decide(locked, { kind: 'withdraw', version: locked.version }, { kind: 'waymark' }, now);
    if (decision.kind === 'refusal') return [];
    const audits = [{ at: now, actor: WAYMARK, action: 'checkins.withdraw', subject: locked.id }];
    return [{ before: locked, steps: [{ decision, actor: WAYMARK }], audits, at: now }];
  });
  if (changes.length > 0) await saveChanges(trx, changes);
}
