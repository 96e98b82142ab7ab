/**
 * Who should be asked on which day and at which hour, worked out a second time: days are whole numbers since 1970, calendars
 * are sets of them, and a person's state is walked forward day by day. It imports nothing of the service, so that both can only
 * be wrong together by chance. It is told what people did; it says what must then be sent.
 */

/** Days since 1 January 1970. */
export type Day = number;

export function dayNumber(date: string): Day {
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return Math.round(Date.UTC(year, month - 1, day) / 86_400_000);
}

export function dateText(day: Day): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** 1 is Monday: day 0 was a Thursday. */
export function weekdayNumber(day: Day): number {
  return ((day + 3) % 7) + 1;
}

export type OracleTerm = { readonly from: Day; readonly to: Day };
/** `shut`: its own days without pupils. Staff are at work; a rule of school days is not for that school. */
export type OracleSchool = {
  readonly terms: readonly OracleTerm[];
  readonly holidays: ReadonlySet<Day>;
  readonly shut?: ReadonlySet<Day>;
};

export type OracleMilestone = {
  readonly id: string;
  readonly owner: string;
  readonly school: OracleSchool;
  readonly first: Day;
  readonly due: Day;
  readonly cadence: 'half-termly' | 'weekly';
  /** Where it is asked for the first time; absent: in the chat of whoever is asked. Reminders always come to the chat. */
  readonly channel?: string;
};

/** `hours`: minutes of the day, from and to. */
export type OraclePerson = {
  readonly works?: readonly number[];
  readonly leave?: readonly [Day, Day];
  readonly pausedUntil?: Day;
  readonly unreminded?: boolean;
  readonly hours?: readonly [number, number];
  readonly standIn?: { readonly id: string; readonly from: Day; readonly to: Day };
};

/** What must be sent: to whom, for which milestone, a first ask or one more. */
export type Expected = {
  readonly to: string;
  /** Where that is no chat of theirs. */
  readonly channel?: string;
  /** An earlier round of it stood open or had been sent back, and nothing had come. */
  readonly unanswered?: true;
  readonly milestone: string;
  readonly kind: 'first' | 'again';
};

/** `wished`: its owner said "not today" since it was last asked for, and was told the next day of theirs. */
type Live = { round: Day; state: 'open' | 'sent' | 'returned'; asked: number; next: Day; wished: boolean };
type Track = { round: Day | undefined; live: Live | undefined };

const FORTNIGHT = 14;
const MOST = 3;

export function createOracle(milestones: readonly OracleMilestone[], people: Map<string, OraclePerson>) {
  const tracks = new Map<string, Track>(
    milestones.map(({ id, first }) => [id, { round: first, live: undefined }]),
  );
  const byId = new Map(milestones.map((milestone) => [milestone.id, milestone]));
  const lastFirst = new Map<string, Day>();
  const asked = { day: -1, who: new Set<string>() };
  const person = (id: string): OraclePerson => people.get(id) ?? {};
  const track = (id: string): Track => {
    const found = tracks.get(id);
    if (!found) throw new Error(`the oracle knows no milestone ${id}`);
    return found;
  };

  function atWork(id: string, day: Day): boolean {
    const { works = [1, 2, 3, 4, 5], leave, pausedUntil } = person(id);
    if (!works.includes(weekdayNumber(day))) return false;
    if (leave && day >= leave[0] && day <= leave[1]) return false;
    return pausedUntil === undefined || day >= pausedUntil;
  }

  function workday(id: string, day: Day, count: number): Day {
    let at = day;
    for (let left = count, steps = 0; left > 0 && steps < 400; steps += 1) {
      at += 1;
      if (atWork(id, at)) left -= 1;
    }
    return at;
  }

  function touched(day: Day): Set<string> {
    if (asked.day !== day) {
      asked.day = day;
      asked.who = new Set();
    }
    return asked.who;
  }

  /** `minute`: of the local day; `main`: the trust's own hour, the others are for those who chose theirs. */
  function expect(day: Day, minute: number, main: boolean): Expected[] {
    const best = new Map<string, Expected & { readonly round: Day; readonly id: string }>();
    const before = touched(day);
    for (const { id, owner, school, cadence, channel } of milestones) {
      const state = track(id);
      const { round, live } = state;
      const come = round !== undefined && round <= day;
      if (!come && (!live || live.state === 'sent' || live.next > day)) continue;
      if (live?.state === 'sent') continue;
      const { standIn, pausedUntil, unreminded } = person(owner);
      const to = standIn && standIn.from <= day && day <= standIn.to ? standIn.id : owner;
      if (pausedUntil !== undefined && day < pausedUntil) continue;
      if (!atWork(to, day) || !isTerm(school, day) || school.shut?.has(day)) continue;
      const { hours } = person(to);
      if (hours ? minute < hours[0] || minute >= hours[1] : !main) continue;
      if (!main && before.has(to)) continue;
      const most = (unreminded || person(to).unreminded) && !live?.wished ? 1 : MOST;
      const kind = come ? 'first' : 'again';
      if (kind === 'again' && (live?.asked ?? most) >= most) continue;
      const last = cadence === 'weekly' ? undefined : latest(lastFirst.get(owner), lastFirst.get(to));
      if (kind === 'first' && last !== undefined && day - last < FORTNIGHT) continue;
      const at = kind === 'first' ? (round ?? day) : (live?.round ?? day);
      const other = best.get(to);
      if (!other || at < other.round || (at === other.round && id < other.id))
        best.set(to, {
          to,
          milestone: id,
          kind,
          round: at,
          id,
          ...(channel && kind === 'first' ? { channel } : {}),
          ...(kind === 'first' && live ? { unanswered: true } : {}),
        });
    }
    for (const { to, milestone, kind, channel } of best.values()) send(day, to, milestone, kind, channel);
    return [...best.values()].map(({ round: _, id: __, ...expected }) => expected);
  }

  function send(day: Day, to: string, id: string, kind: Expected['kind'], channel?: string): void {
    const state = track(id);
    const milestone = byId.get(id);
    const next = workday(to, day, 3);
    // A later look leaves alone whose own chat was written to.
    if (channel === undefined) touched(day).add(to);
    if (kind === 'again' && state.live) {
      state.live.asked += 1;
      state.live.next = next;
      state.live.wished = false;
    } else if (milestone) {
      const round = state.round ?? day;
      state.live = { round, state: 'open', asked: 1, next, wished: false };
      state.round = roundAfter(milestone, round, day);
      if (milestone.cadence !== 'weekly') for (const id of [milestone.owner, to]) lastFirst.set(id, day);
    }
  }

  return {
    expect,
    atWork,
    /** The answer is with its reader. */
    answered: (id: string) => {
      const { live } = track(id);
      if (live) Object.assign(live, { state: 'sent', wished: false });
    },
    /** Approved, by whoever. */
    settled: (id: string) => {
      track(id).live = undefined;
    },
    /** `writer`: who had sent it. While they stand in it goes back to them, on their days. */
    returned: (id: string, day: Day, writer?: string) => {
      const { live } = track(id);
      const owner = byId.get(id)?.owner ?? '';
      const { standIn } = person(owner);
      const stands = standIn && standIn.id === writer && standIn.from <= day && day <= standIn.to;
      const to = stands ? standIn.id : owner;
      if (live) Object.assign(live, { state: 'returned', asked: 1, next: workday(to, day, 3) });
      touched(day).add(to);
    },
    putOff: (id: string, day: Day) => {
      const { live } = track(id);
      if (live) Object.assign(live, { next: workday(byId.get(id)?.owner ?? '', day, 1), wished: true });
    },
    choose: (id: string, choice: OraclePerson) => people.set(id, { ...person(id), ...choice }),
  };
}

/** Staff are at work: a weekday of a term that is no holiday. Days without pupils count. */
export function isTerm({ terms, holidays }: OracleSchool, day: Day): boolean {
  return (
    weekdayNumber(day) <= 5 && !holidays.has(day) && terms.some(({ from, to }) => from <= day && day <= to)
  );
}

const latest = (one: Day | undefined, other: Day | undefined): Day | undefined =>
  one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);

const monday = (day: Day): Day => day - weekdayNumber(day) + 1;

/** Half-termly: the Monday of the last week but one of a term. Weekly: the first day of each week that a term touches. */
function roundAfter(milestone: OracleMilestone, round: Day, today: Day): Day | undefined {
  const { due, school, cadence } = milestone;
  if (round >= due) return undefined;
  const terms = [...school.terms].sort((one, other) => one.from - other.from);
  const found =
    cadence === 'half-termly'
      ? terms
          .map(({ from, to }) => Math.max(from, monday(to) - 7))
          .find((day) => day > today && day >= round + FORTNIGHT)
      : terms
          .flatMap(({ from, to }) => {
            const days: Day[] = [];
            for (let week = monday(from); week <= to; week += 7) days.push(Math.max(week, from));
            return days;
          })
          .find((day) => day > today && monday(day) > round);
  const weeks = cadence === 'half-termly' ? 49 : 7;
  let next = found;
  for (let day = round + weeks; next === undefined; day += weeks) if (day > today) next = day;
  if (next <= due) return next;
  return due > today ? due : undefined;
}
