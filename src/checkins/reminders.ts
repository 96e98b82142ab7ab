/**
 * Whom to ask today: milestones whose round has come and check-ins still without an answer, on a day the owner works. One
 * ask a person a day, new rounds as far apart as the trust says, two reminders at most, silence for those who have answered.
 * Being overdue is derived here, from dates alone. Knows no rows, cards or clock.
 */
import { addDays, dateOf, daysBetween, weekdayOf } from '../kernel/time.ts';
import type { Checkin } from './lifecycle.ts';
import { isPaced, type Milestone } from './milestone.ts';

/** Local times, such as `10:00`; before `from` and from `to` on nothing is sent. Absent: no bound. */
export type Hours = { readonly from?: string; readonly to?: string };

/** What is known of an owner's week. `works`: ISO weekdays, Monday to Friday when not given; `leave`: both days included. */
export type Rhythm = {
  readonly works?: readonly number[] | undefined;
  readonly leave?: { readonly from: string; readonly to: string } | undefined;
  /** Chosen by themself: not asked before this day, and asked once only. */
  readonly pausedUntil?: string | undefined;
  readonly unreminded?: true | undefined;
  readonly hours?: Hours | undefined;
};

/** `to`: who is asked, the owner or the colleague who acts in their place. */
export type Ask =
  | {
      readonly kind: 'first';
      readonly to: string;
      readonly milestone: Milestone;
      readonly round: string;
      readonly replaces?: Checkin;
    }
  | {
      readonly kind: 'again';
      readonly to: string;
      readonly milestone: Milestone;
      readonly round: string;
      readonly checkin: Checkin;
    };

/** The first ask and two reminders. */
const MOST_ASKS = 3;
/** Working days of the owner between an ask and its reminder. */
const REMIND_AFTER = 3;
/** Whole working days of the owner without an answer, after which a check-in is overdue: a fortnight at the least. */
const OVERDUE_AFTER = 10;
export const EVERY_WEEKDAY: readonly number[] = [1, 2, 3, 4, 5];

/**
 * Whether an hour is one of theirs. The day's first look is for all whose hours take it in; the later ones are for those
 * alone who chose hours, so that nobody else waits for an unusual hour.
 */
export function isHour({ hours }: Rhythm, time: string, later: boolean): boolean {
  if (!hours) return !later;
  return (hours.from ?? '00:00') <= time && time < (hours.to ?? '24:00');
}

function isPaused(rhythm: Rhythm | undefined, date: string): boolean {
  return rhythm?.pausedUntil !== undefined && date < rhythm.pausedUntil;
}

export function isWorking(rhythm: Rhythm | undefined, date: string): boolean {
  if (!(rhythm?.works ?? EVERY_WEEKDAY).includes(weekdayOf(date))) return false;
  if (isPaused(rhythm, date)) return false;
  const leave = rhythm?.leave;
  return !(leave && leave.from <= date && date <= leave.to);
}

/** The day `count` working days after `date`; leave of more than a year ends the search. */
export function workingDayAfter(rhythm: Rhythm | undefined, date: string, count = 1): string {
  let day = date;
  let left = count;
  for (let step = 0; step < 400 && left > 0; step += 1) {
    day = addDays(day, 1);
    if (isWorking(rhythm, day)) left -= 1;
  }
  return day;
}

export function reminderAfter(rhythm: Rhythm | undefined, date: string): string {
  return workingDayAfter(rhythm, date, REMIND_AFTER);
}

/**
 * Whether a check-in that waits is asked for once more. `unreminded`: its owner, or who answers for them, wants no reminders;
 * a day that they named themself with "Not today" is none, and is kept.
 */
export function isAskedAgain(
  { asked, resting }: Pick<Checkin, 'asked' | 'resting'>,
  unreminded: boolean,
): boolean {
  return asked < MOST_ASKS && (resting || !unreminded);
}

/** A check-in, and when its round was first asked for. */
export type Opened = Checkin & { readonly openedAt: Date };

/**
 * Whether ten of the owner's own working days have gone by since they were first asked, or since it came back to them; that a
 * new round took the place of an unanswered one changes nothing of it. The days of holidays, leave and a pause are not theirs;
 * whoever was never asked is not late. `today`: a local date of `zone`. Told to nobody but the owner's line manager.
 */
export function isOverdue(
  checkin: Pick<Opened, 'state' | 'asked' | 'openedAt' | 'decidedAt'>,
  facts: {
    readonly today: string;
    readonly zone: string;
    readonly rhythm: Rhythm | undefined;
    readonly isSchoolDay: (date: string) => boolean;
    /** The first of the asks before this round's that nothing came of either. */
    readonly silentSince?: Date | undefined;
  },
): boolean {
  const { state, asked, openedAt, decidedAt } = checkin;
  if ((state !== 'open' && state !== 'returned') || asked === 0) return false;
  const from = facts.silentSince ?? openedAt;
  const since = dateOf((state === 'returned' ? decidedAt : undefined) ?? from, facts.zone);
  let passed = 0;
  for (let day = addDays(since, 1); day < facts.today && passed < OVERDUE_AFTER; day = addDays(day, 1))
    if (facts.isSchoolDay(day) && isWorking(facts.rhythm, day)) passed += 1;
  return passed >= OVERDUE_AFTER;
}

/**
 * The asks of one day, the longest-waiting first for each person. `live` is the check-in of a milestone that is open,
 * submitted or returned. While the manager still has the last one, the next round waits: nobody reports on a report.
 */
export function chooseAsks(facts: {
  readonly date: string;
  readonly milestones: readonly Milestone[];
  readonly live: ReadonlyMap<string, Checkin>;
  readonly rhythmOf: (personId: string) => Rhythm | undefined;
  readonly isStaff: (personId: string) => boolean;
  readonly isSchoolDay: (schoolUrn: string | undefined) => boolean;
  /** Who acts for an owner today, of those who may and are there; absent: the owner is asked. */
  readonly standInOf?: (milestone: Milestone) => string | undefined;
  /** Whether the hour is one of theirs; without it any is. */
  readonly isHourOf?: (personId: string) => boolean;
  /** Who has been asked today already. */
  readonly askedToday?: ReadonlySet<string>;
  /** When this person was last asked for the first time after a milestone that is paced, theirs or a colleague's. */
  readonly lastAskedOf?: (personId: string) => string | undefined;
  /** Days that lie between two first asks of one person at least. */
  readonly apart?: number;
}): Ask[] {
  const asks: Ask[] = [];
  for (const milestone of facts.milestones) {
    if (milestone.ended || !facts.isStaff(milestone.ownerId)) continue;
    if (!facts.isSchoolDay(milestone.schoolUrn)) continue;
    const own = facts.rhythmOf(milestone.ownerId);
    const standIn = facts.standInOf?.(milestone);
    const to = standIn ?? milestone.ownerId;
    const rhythm = standIn === undefined ? own : facts.rhythmOf(standIn);
    // A pause is the owner's own word, whoever acts for them; days and leave are those of who would be asked.
    if (isPaused(own, facts.date) || !isWorking(rhythm, facts.date)) continue;
    if (facts.isHourOf?.(to) === false) continue;
    const unreminded = own?.unreminded === true || rhythm?.unreminded === true;
    const ask = askFor(milestone, facts.live.get(milestone.id), facts.date, unreminded);
    if (ask && !(ask.kind === 'first' && isTooSoon(facts, milestone, to))) asks.push({ ...ask, to });
  }
  asks.sort(
    (one, other) =>
      one.round.localeCompare(other.round) || one.milestone.id.localeCompare(other.milestone.id),
  );
  const asked = new Set(facts.askedToday);
  return asks.filter(({ to }) => {
    if (asked.has(to)) return false;
    asked.add(to);
    return true;
  });
}

type Found = Ask extends infer One ? (One extends Ask ? Omit<One, 'to'> : never) : never;

/** Held back for a while, never dropped: the round stays, and is asked for once the time has passed. */
function isTooSoon(
  { date, lastAskedOf, apart = 1 }: Pick<Parameters<typeof chooseAsks>[0], 'date' | 'lastAskedOf' | 'apart'>,
  milestone: Milestone,
  to: string,
): boolean {
  if (!isPaced(milestone)) return false;
  return [milestone.ownerId, to].some((personId) => {
    const last = lastAskedOf?.(personId);
    return last !== undefined && daysBetween(last, date) < apart;
  });
}

function askFor(
  milestone: Milestone,
  live: Checkin | undefined,
  date: string,
  unreminded: boolean,
): Found | undefined {
  const round = milestone.nextRound;
  const come = round !== undefined && round <= date;
  if (!live) return come ? { kind: 'first', milestone, round } : undefined;
  if (live.state !== 'open' && live.state !== 'returned') return undefined;
  if (come) return { kind: 'first', milestone, round, replaces: live };
  const again = live.askOn !== undefined && live.askOn <= date && isAskedAgain(live, unreminded);
  return again ? { kind: 'again', milestone, round: live.round, checkin: live } : undefined;
}
