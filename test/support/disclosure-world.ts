/**
 * Random schools over six weeks, pupil by pupil, for the attack on what is shown: who joins, who leaves, whose register is
 * corrected after the release. Only tests know pupils like this; the releases are made by the real code from their counts.
 */
import { correctionOf } from '../../src/attendance/corrections.ts';
import type { Crossing, GroupType, GroupWeek } from '../../src/attendance/fold.ts';
import { totalsOfGroup } from '../../src/attendance/imports.ts';
import { reasonsDueIn } from '../../src/attendance/reasons-due.ts';
import { type Release, releaseWeek, type WeekCounts } from '../../src/attendance/release.ts';
import type { PublishedWeek } from '../../src/attendance/to-date.ts';
import { type Seeded, seeded } from '../../src/kernel/seeded.ts';

/** Sessions of one pupil in one week, by day: two numbers a day, possible and attended. */
export type PupilWeek = { readonly possible: readonly number[]; readonly attended: readonly number[] };

export type Pupil = {
  readonly year: string;
  readonly form: string;
  readonly pp: 'yes' | 'no' | 'unknown';
  readonly sen: 'N' | 'K' | 'E';
  /** By week number; undefined when not on roll. `after`: as corrected, where that differs. */
  readonly weeks: readonly (PupilWeek | undefined)[];
  readonly after: readonly (PupilWeek | 'gone' | undefined)[];
};

export type World = {
  readonly pupils: readonly Pupil[];
  /** Sessions that each week held. */
  readonly sessions: readonly number[];
  readonly threshold: number;
  /** Absent sessions of each week whose reason is not known yet. */
  readonly awaited: readonly number[];
  readonly releases: readonly Release[];
};

export const WEEKS = 6;
const NAMES = ['2026-W40', '2026-W41', '2026-W42', '2026-W45', '2026-W46', '2026-W47'];
/** Known to everybody: the school's calendar. */
export const CALENDAR = {
  terms: [
    { term: 1, from: '2026-09-03', to: '2026-10-16' },
    { term: 2, from: '2026-11-02', to: '2026-12-18' },
  ],
  inset: ['2026-11-13'],
  bank_holidays: [],
  closures: [],
};

export function makeWorld(seed: number): World {
  const random = seeded(seed);
  const size = sizeOf(random);
  const years = random.pick(['1', '12', '123', 'R123456', '789', '78912', 'NR12345']).split('');
  const forms = random.pick([1, 1, 2, 3]);
  const pp = random.pick([0.02, 0.1, 0.2, 0.35, 0.6, 0.95]);
  const sen = random.pick([0.02, 0.1, 0.2, 0.4]);
  // In some schools the two groups are nearly the same pupils: the hardest to show side by side.
  const alike = random.chance(0.15);
  const unsaid = random.chance(0.1) ? 0.03 : 0;
  const sessions = Array.from({ length: WEEKS }, () => random.pick([10, 10, 10, 8, 6]));
  const moves = random.pick([0.01, 0.03, 0.1]);
  const away = random.pick([0.02, 0.05, 0.08, 0.15]);
  const pupils = Array.from({ length: size }, (_, index): Pupil => {
    const disadvantaged = random.chance(pp);
    const supported = alike ? disadvantaged !== random.chance(0.05) : random.chance(sen);
    const year = years[Math.floor((index * years.length) / size)] ?? '1';
    const spread = random.pick([0, 0, 0.3, 1, 1, 2, 6]) * away;
    const part = random.chance(0.03);
    const from = random.chance(moves) ? random.whole(0, WEEKS * 5 - 1) : -1;
    const to = random.chance(moves) ? random.whole(0, WEEKS * 5 - 1) : WEEKS * 5;
    const weeks = sessions.map((held, week) =>
      pupilWeek(
        random,
        held / 2,
        hardlyAnybody(seed, week) ? 1 - away / 50 : spread,
        part,
        from - week * 5,
        to - week * 5,
      ),
    );
    return {
      year,
      form: `${year}${'ABC'[random.whole(0, forms - 1)] ?? 'A'}`,
      pp: random.chance(unsaid) ? 'unknown' : disadvantaged ? 'yes' : 'no',
      sen: supported ? random.pick(['K', 'K', 'E']) : 'N',
      weeks,
      after: weeks.map(() => undefined),
    };
  });
  const corrected = pupils.map((pupil) => ({ ...pupil, after: [...pupil.after] }));
  sessions.forEach((_, week) => {
    correct(random, corrected, week);
  });
  const awaited = awaitedOf(seed, corrected);
  // One school in eight sends totals.
  const releases = releasesOf(corrected, sessions, awaited, seed % 8 === 5);
  return { pupils: corrected, sessions, threshold: 10, awaited, releases };
}

/** Of a school's absences none, some or all wait for a reason; drawn beside the rest, so that schools stay as they were. */
function awaitedOf(seed: number, pupils: readonly Pupil[]): number[] {
  const random = seeded(seed * 7919);
  const share = random.pick([0, 0.1, 0.5, 1]);
  return NAMES.map((_, week) => {
    const own = pupils.flatMap((pupil) => weekOfPupil(pupil, week, 1) ?? []);
    const absent = sum(own.map(({ possible, attended }) => sum(possible) - sum(attended)));
    return random.chance(0.2) ? absent : Math.floor(absent * share);
  });
}

/** In one school of sixteen there is a week to which hardly anybody comes: a flood, say, before its marks are put right. */
function hardlyAnybody(seed: number, week: number): boolean {
  return seed % 16 === 9 && week === 2;
}

function sizeOf(random: Seeded): number {
  const small = random.next();
  if (small < 0.5) return random.whole(8, 59);
  return small < 0.9 ? random.whole(60, 249) : random.whole(250, 900);
}

function pupilWeek(
  random: Seeded,
  days: number,
  away: number,
  part: boolean,
  from: number,
  to: number,
): PupilWeek | undefined {
  const possible: number[] = [];
  const attended: number[] = [];
  for (let day = 0; day < days; day += 1) {
    const held = day < from || day > to ? 0 : part ? 1 : 2;
    const gone = random.chance(away);
    const late = random.chance(away / 4);
    possible.push(held);
    attended.push(gone ? 0 : late && held === 2 ? 1 : held);
  }
  return possible.some((held) => held > 0) ? { possible, attended } : undefined;
}

/** After the release: a few marks put right, a whole class found to have been on a visit, a pupil taken off or added. */
function correct(
  random: Seeded,
  pupils: { weeks: readonly (PupilWeek | undefined)[]; after: Pupil['after'][number][] }[],
  week: number,
): void {
  const kind = random.next();
  if (kind < 0.25) return;
  const few = kind < 0.7;
  const many = few ? random.whole(1, 4) : Math.floor(pupils.length * 0.15);
  for (let each = 0; each < many; each += 1) {
    const pupil = pupils[random.whole(0, pupils.length - 1)];
    const stood = pupil?.weeks[week];
    if (!pupil || !stood) continue;
    const how = random.next();
    if (few && how < 0.15) pupil.after[week] = 'gone';
    else if (how < 0.5) pupil.after[week] = { ...stood, attended: stood.possible };
    else
      pupil.after[week] = {
        ...stood,
        attended: stood.attended.map((attended, day) =>
          random.chance(0.3) ? (stood.possible[day] ?? 0) : attended,
        ),
      };
  }
}

/** A pupil's week in the first version, or as corrected since. */
export function weekOfPupil(pupil: Pupil, week: number, version: 1 | 2): PupilWeek | undefined {
  const after = version === 2 ? pupil.after[week] : undefined;
  if (after === 'gone') return undefined;
  return after ?? pupil.weeks[week];
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}

/** The counts that a file of these pupils would be folded to. */
export function countsOf(pupils: readonly Pupil[], week: number, version: 1 | 2): WeekCounts {
  const groups = new Map<string, { -readonly [Key in keyof GroupWeek]: GroupWeek[Key] }>();
  const crossings = new Map<string, { -readonly [Key in keyof Crossing]: Crossing[Key] }>();
  const add = (type: GroupType, key: string, possible: number, attended: number) => {
    if (key === 'unknown' || possible === 0) return;
    const group = groups.get(`${type} ${key}`) ?? empty(type, key);
    group.pupils += 1;
    group.present += attended;
    group.authorised += possible - attended;
    groups.set(`${type} ${key}`, group);
  };
  for (const pupil of pupils) {
    const own = weekOfPupil(pupil, week, version);
    if (!own) continue;
    const [possible, attended] = [sum(own.possible), sum(own.attended)];
    add('all', 'all', possible, attended);
    add('pp', pupil.pp, possible, attended);
    add('sen', pupil.sen, possible, attended);
    add('year', pupil.year, possible, attended);
    add('reg', pupil.form, possible, attended);
    own.possible.forEach((held, day) => {
      add('day', String(day + 1), held, own.attended[day] ?? 0);
    });
    const { year, form, pp, sen } = pupil;
    const key = [year, form, pp, sen].join();
    const crossing = crossings.get(key) ?? { year, form, pp, sen, pupils: 0, possible: 0, attended: 0 };
    crossing.pupils += 1;
    crossing.possible += possible;
    crossing.attended += attended;
    crossings.set(key, crossing);
  }
  return {
    groups: [...groups.values()],
    crossings: [...crossings.values()],
    receivedAt: new Date('2026-11-20T18:00:00Z'),
  };
}

function empty(type: GroupType, key: string) {
  const none = { present: 0, approved: 0, authorised: 0, unauthorised: 0, unexplained: 0 };
  const rest = { lateBefore: 0, lateAfter: 0, notPossible: 0, notCollected: 0, missing: 0 };
  return { type, key, pupils: 0, ...none, ...rest };
}

/** `totals`: the school sends its own sums, without rows of days and without what groups have in common. */
function releasesOf(
  pupils: readonly Pupil[],
  sessions: readonly number[],
  awaited: readonly number[],
  totals: boolean,
): Release[] {
  const releases: Release[] = [];
  const published: PublishedWeek[] = [];
  for (let week = 0; week < WEEKS; week += 1) {
    const folded = countsOf(pupils, week, 1);
    const groups = folded.groups.map((group) =>
      group.type === 'all' ? { ...group, unexplained: awaited[week] ?? 0 } : group,
    );
    const made = { ...folded, groups };
    const counts = totals
      ? { groups: made.groups.filter(({ type }) => type !== 'day'), receivedAt: made.receivedAt }
      : made;
    const before = releases.at(-1);
    const release = releaseWeek({
      schoolUrn: '900001',
      schoolName: 'Harbour Primary',
      phase: 'primary',
      week: NAMES[week] ?? '',
      threshold: 10,
      counts,
      calendarDays: (sessions[week] ?? 0) / 2,
      reasonsDue: reasonsDueIn(CALENDAR, NAMES[week] ?? ''),
      before: before && { release: before, adjacent: true },
      published: [...published],
      corrections: published.flatMap(({ release: then, counts: made }, earlier) => {
        const [all, now] = [made, countsOf(pupils, earlier, 2)].map((one) =>
          one.groups.find((group) => group.type === 'all'),
        );
        const rule = { threshold: 10, sessions: then.schoolDays * 2 };
        const found = all && now && correctionOf(totalsOfGroup(all), totalsOfGroup(now), rule);
        return found ? [{ week: then.week, moved: found.moved }] : [];
      }),
    });
    releases.push(release);
    published.push({ release, counts });
  }
  return releases;
}
