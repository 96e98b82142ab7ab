/**
 * Plans a school week's cards: who gets one, who waits, who is told why. Reads first; what it decided is written by the
 * run, in the transaction that holds its deliveries, so that a repeat sends nothing twice.
 */
import { calendarOf, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import type { Directory } from '../directory/model.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import { dateOf, mondayOf, weekOf } from '../kernel/time.ts';
import { type DayOf, isDayOf } from '../scheduling/by-school.ts';
import type { Db, Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { leadersKey, nudgeCard, nudgeKey } from './card.ts';
import { keepCards, type OwnCard, readCards } from './cards-store.ts';
import { SCHOOLS_AT_ONCE } from './imports-store.ts';
import { hasNews, oneThing } from './insight.ts';
import { completenessOf } from './nudge.ts';
import {
  hasMarks,
  lastSentBefore,
  type NudgeWeek,
  readChoices,
  readDeclined,
  readHistory,
  readNudgeWeeks,
  saveNudgeWeeks,
} from './nudge-store.ts';
import { decimal, scale } from './rates.ts';
import { type Release, reopenRelease } from './release.ts';
import { type Attempt, decideSending, firstWorkDay, isSettled, type NudgeWeekState } from './sending.ts';
import { marksMissingCard, waitOverCard } from './side-cards.ts';
import type { TrustCards } from './trust-service.ts';
import type { Tutors } from './tutor-service.ts';
import type { NudgeViews, Planned } from './views-service.ts';
import { schoolWeek } from './week.ts';
import type { SchoolWeeks } from './week-service.ts';

/** `week`: the one that the cards are on. `dayOf`: whose day it is; absent: everybody's. */
export type NudgeAsk = {
  readonly week: string;
  readonly now: Date;
  readonly attempt?: Attempt | undefined;
  readonly dayOf?: DayOf | undefined;
};

export type NudgePlan = {
  readonly drafts: readonly Draft[];
  /** A sentence for each school that gets no card, for the run's note. */
  readonly notes: readonly string[];
  /** Keeps what was decided; in the transaction that enqueues `drafts`. */
  write(trx: Trx): Promise<void>;
};

export type PlanResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'membersOf'>;
  readonly log: Log;
  readonly weeks: SchoolWeeks;
  readonly views: NudgeViews;
  readonly tutors: Pick<Tutors, 'plan'>;
  /** Who gets a digest in the week of `now`, sent already or due; absent: nobody. */
  readonly digestReaders?: DigestReaders | undefined;
  readonly trustCards: Pick<TrustCards, 'plan'>;
  readonly chatCompany?: ChatCompany | undefined;
};

/** Who gets a digest in the week of an instant, sent already or due. */
export type DigestReaders = (now: Date) => Promise<ReadonlySet<string>>;

/** Who is in a group chat now. `absent`: the app is not in it. `mixed`: someone there is not staff. Throws when Teams does not say. */
export type ChatCompany = (chatId: string) => Promise<'absent' | 'staff' | 'mixed'>;

/** Whether a school's leadership chat can be written in now: named, with the app in it and staff alone. */
export async function isReady(
  { chatCompany, log }: Pick<PlanResources, 'chatCompany' | 'log'>,
  school: TrustSchool,
): Promise<boolean> {
  if (!chatCompany || school.leadership_chat === undefined) return false;
  try {
    return (await chatCompany(school.leadership_chat)) === 'staff';
  } catch (cause) {
    log.warn('leadership chat not read', { school: school.urn, error: messageOf(cause) });
    return false;
  }
}

type SchoolPlan = {
  readonly school: TrustSchool;
  readonly row: Omit<NudgeWeek, 'recalled'>;
  readonly drafts: readonly Draft[];
  /** Its tutors are to be told of their groups. */
  readonly toTutors: boolean;
  readonly note?: string;
  readonly fault?: AppError;
};

const HOUR = 3_600_000;
/** Monday's card is of no use once Tuesday's school day is half over. */
const CARD_LIVES = 29 * HOUR;
const CHAT_NOT_READY =
  'the leadership chat has someone who is not staff, or not the app, so the head’s card is in her digest';

export function createPlanner(resources: PlanResources) {
  const { db, trust, directory, log, weeks, views } = resources;
  const { policies } = trust;
  const zone = trust.trust.zone;

  /**
   * How many in the school's team are not staff; a fault when Graph does not say. One team that cannot be read must not
   * cost the other schools their card.
   */
  async function outsidersIn(school: TrustSchool): Promise<number | AppError> {
    try {
      return (await directory.membersOf(school.team)).outsiders;
    } catch (cause) {
      log.warn('team not read', { team: school.team, error: messageOf(cause) });
      return new AppError('team-unread', `The members of ${school.name}’s team could not be read.`, {
        remedy: 'Check that the team named in trust.yaml exists and that Graph answers.',
        cause,
      });
    }
  }

  async function planSchool(
    school: TrustSchool,
    at: { readonly week: string; readonly now: Date; readonly attempt: Attempt },
    earlier: NudgeWeek | undefined,
    before: NudgeWeek | undefined,
  ): Promise<SchoolPlan | undefined> {
    const { week, now, attempt } = at;
    if (isSettled(earlier?.state)) return undefined;
    const calendar = calendarOf(trust, school);
    const taken = await weeks.take(school, week, now);
    const { held } = taken;
    const share = held && completenessOf(held.groups, schoolWeek(calendar, mondayOf(week)).days);
    const complete = share ? decimal(scale(share, 100), 1) : null;
    const sending = decideSending({
      calendar,
      today: dateOf(now, zone),
      attempt,
      earlier: earlier?.state,
      week: taken.decision,
      complete,
      partialPercent: policies.partial_percent,
    });
    if (sending === 'settled') return undefined;
    const settle = (state: NudgeWeekState, more: Partial<SchoolPlan & NudgeWeek> = {}): SchoolPlan => ({
      row: {
        schoolUrn: school.urn,
        week,
        state,
        note: more.note ?? null,
        action: more.action ?? null,
        follows: more.follows ?? null,
        headIn: more.headIn ?? 'digest',
      },
      drafts: more.drafts ?? [],
      school,
      toTutors: more.toTutors ?? false,
      ...(more.note ? { note: `${school.name}: ${more.note}.` } : {}),
      ...(more.fault ? { fault: more.fault } : {}),
    });
    if (sending.kind === 'none') return settle('none', { note: sending.note });
    if (sending.kind === 'hold') {
      const told = sending.state === 'held' && earlier === undefined && (await hasMarks(db, school.urn));
      return settle(sending.state, {
        note: sending.note,
        drafts: told ? [missingDraft(school, week, complete)] : [],
      });
    }
    if (sending.kind === 'drop') {
      const { note } = sending;
      const told = await hasMarks(db, school.urn);
      return settle('dropped', {
        note,
        drafts: told ? [await waitOverDraft(school, week, { sent: false, complete })] : [],
      });
    }
    const part = sending.kind === 'send-partial' ? sending.complete : null;
    // Published whether or not its channel may have it: leaders' digests and answers read the same release.
    const release = school.live
      ? await weeks.publish(school, taken, now, part !== null)
      : (await weeks.previewOf(school, week, now)).release;
    if (!release) return settle('none', { note: 'the week cannot be shown' });
    const outsiders = school.live ? await outsidersIn(school) : 0;
    if (outsiders !== 0)
      return settle(attempt === 'last' ? 'none' : 'waiting', {
        note:
          outsiders instanceof AppError
            ? 'the members of the channel’s team could not be read, so nothing is posted there'
            : 'someone in the channel’s team is not staff, so nothing is posted there',
        ...(outsiders instanceof AppError ? { fault: outsiders } : {}),
      });
    const follows = before && (await isLeftOpen(school, before)) ? before.week : null;
    const [last] = await readHistory(db, school.urn, week, 1);
    // The first card of all is news to its readers, whatever it says.
    const news = !before || hasNews(release, last === undefined ? undefined : reopenRelease(last));
    if (school.live && !follows && part === null && !news)
      return settle('quiet', { note: 'nothing has changed, so no card goes out', toTutors: true });
    const action = oneThing(release, await readDeclined(db, school.urn));
    const planned = { action, follows };
    const card = nudgeCard(await views.view(school, release, 'channel', now, planned));
    if (!school.live)
      return settle('preview', {
        ...planned,
        note: 'not live yet, so only its head gets a preview',
        drafts: [await previewDraft(school, release, now, planned)],
      });
    const draft: Draft = {
      key: nudgeKey(week, school.urn),
      target: { kind: 'channel', teamId: school.team, channelId: school.channel },
      card,
      expiresAt: new Date(now.getTime() + CARD_LIVES),
    };
    const told = part === null ? [] : [await waitOverDraft(school, week, { sent: true, complete: part })];
    const toLeaders = await leadersDrafts(school, release, now, planned);
    const headIn = toLeaders.length > 0 ? 'chat' : 'digest';
    const inDigest = school.leadership_chat !== undefined && headIn === 'digest';
    return settle(part === null ? 'sent' : 'partial', {
      ...planned,
      headIn,
      ...(inDigest ? { note: CHAT_NOT_READY } : {}),
      drafts: [draft, ...toLeaders, ...told],
      toTutors: true,
    });
  }

  /** Nobody has said what became of the earlier card's one thing, and it was not asked after yet. */
  async function isLeftOpen(school: TrustSchool, before: NudgeWeek): Promise<boolean> {
    if (before.action === null || before.follows !== null) return false;
    const choices = await readChoices(db, { schoolUrn: school.urn, week: before.week, scope: '' });
    return !choices.some(
      ({ kind, choice }) => kind === 'focus' || (kind === 'outcome' && choice !== 'not-this-week'),
    );
  }

  async function previewDraft(
    school: TrustSchool,
    release: Release,
    now: Date,
    planned: Planned,
  ): Promise<Draft> {
    const view = await views.view(school, release, 'channel', now, planned);
    return {
      key: `attendance.preview/${release.week}/${school.urn}`,
      target: { kind: 'person', personId: school.head },
      card: nudgeCard({ ...view, preview: true }),
      expiresAt: new Date(now.getTime() + CARD_LIVES),
    };
  }

  /** For the leadership chat, when only staff are in it; otherwise the head finds it on top of her digest. */
  async function leadersDrafts(
    school: TrustSchool,
    release: Release,
    now: Date,
    planned: Planned,
  ): Promise<Draft[]> {
    const chatId = school.leadership_chat;
    if (chatId === undefined || !(await isReady(resources, school))) return [];
    return [
      {
        key: leadersKey(release.week, school.urn),
        target: { kind: 'chat', chatId },
        card: nudgeCard(await views.view(school, release, 'leaders', now, planned)),
        expiresAt: new Date(now.getTime() + CARD_LIVES),
      },
    ];
  }

  function missingDraft(school: TrustSchool, week: string, complete: string | null): Draft {
    return {
      key: `attendance.marks/${week}/${school.urn}`,
      target: { kind: 'person', personId: school.data_contact },
      card: marksMissingCard(school.name, complete, policies.completeness_percent),
    };
  }

  async function waitOverDraft(
    school: TrustSchool,
    week: string,
    result: { readonly sent: boolean; readonly complete: string | null },
  ): Promise<Draft> {
    return {
      key: `attendance.wait/${week}/${school.urn}`,
      target: { kind: 'person', personId: school.head },
      card: waitOverCard(school.name, result, await views.dataContactName(school)),
    };
  }

  /**
   * What moved in a tutor's group is news to the tutor, whatever the whole school did. One school after another: a person has one
   * card a week, of the first school that has one for them, whether now or on a day before. Drafts by school.
   */
  async function tutorsCards(plans: readonly SchoolPlan[], { week, now }: { week: string; now: Date }) {
    const taken = new Set((await readCards(db, 'tutor', week)).map(({ personId }) => personId));
    const inDigest = once(async () => resources.digestReaders?.(now) ?? new Set<string>());
    const drafts = new Map<string, readonly Draft[]>();
    const cards: OwnCard[] = [];
    for (const { school, toTutors } of plans) {
      if (!toTutors) continue;
      const own = await resources.tutors.plan(school, week, now, { taken, inDigest });
      for (const { personId } of own.cards) taken.add(personId);
      drafts.set(school.urn, own.drafts);
      cards.push(...own.cards);
    }
    return { drafts, cards };
  }

  /**
   * On its own calendar's days; in its holidays, which are said in the run's note; and at the trust's last look if its week is still
   * open, for its own may not come: a school that breaks up on Monday has no Tuesday.
   */
  function isTurn(
    school: TrustSchool,
    { now, attempt, dayOf }: NudgeAsk,
    earlier: NudgeWeek | undefined,
  ): boolean {
    if (isDayOf(dayOf, school.urn)) return true;
    if (attempt === 'last' && dayOf?.trust && earlier && !isSettled(earlier.state)) return true;
    return firstWorkDay(calendarOf(trust, school), weekOf(dateOf(now, zone))) === undefined;
  }

  return async function planNudges(at: NudgeAsk): Promise<NudgePlan> {
    const attempt = at.attempt ?? 'first';
    const rows = await readNudgeWeeks(db, at.week);
    const before = await lastSentBefore(db, at.week);
    const plans: SchoolPlan[] = [];
    const schools = trust.schools.filter((school) => isTurn(school, at, rows.get(school.urn)));
    for (let first = 0; first < schools.length; first += SCHOOLS_AT_ONCE) {
      // Together, so that what they ask of the store at one moment goes as one statement; each to its end, whatever another meets.
      const found = await Promise.allSettled(
        schools
          .slice(first, first + SCHOOLS_AT_ONCE)
          .map((school) =>
            planSchool(school, { ...at, attempt }, rows.get(school.urn), before.get(school.urn)),
          ),
      );
      for (const one of found) {
        if (one.status === 'rejected') throw one.reason;
        if (one.value) plans.push(one.value);
      }
    }
    const ofTutors = await tutorsCards(plans, at);
    await weeks.publishTrust(at.week, at.now);
    // Once all schools are in, whoever's day that is; once a week.
    const ofTrust =
      plans.length > 0 ? await resources.trustCards.plan(at.week, at.now) : { drafts: [], cards: [] };
    const drafts = [
      ...plans.flatMap((plan) => [...plan.drafts, ...(ofTutors.drafts.get(plan.school.urn) ?? [])]),
      ...ofTrust.drafts,
    ];
    const fault = plans.find((plan) => plan.fault)?.fault;
    // When Graph answers for no school at all, the run is tried again rather than settled without a card.
    if (fault && !plans.some(({ row }) => row.state === 'sent' || row.state === 'partial')) throw fault;
    const notes = plans.flatMap(({ note }) => (note ? [note] : []));
    log.info('nudges planned', { week: at.week, attempt, cards: drafts.length, without: notes.length });
    return {
      drafts,
      notes,
      write: async (trx) => {
        await saveNudgeWeeks(
          trx,
          plans.map(({ row }) => row),
          at.now,
        );
        await keepCards(trx, [...ofTutors.cards, ...ofTrust.cards], at.now);
      },
    };
  };
}

/** Asked for by the first who needs it, and by nobody where no tutor has a card. */
function once<T>(read: () => Promise<T>): () => Promise<T> {
  let found: Promise<T> | undefined;
  return () => {
    found ??= read();
    return found;
  };
}
