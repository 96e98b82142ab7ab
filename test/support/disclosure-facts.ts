/**
 * What an onlooker knows of attended sessions who sees everything shown of a school, at its sharpest: each figure is taken
 * as the whole number of sessions behind it, not as it was rounded. A defence can be left out, to see the attack succeed.
 */
import { totalsOfGroup } from '../../src/attendance/imports.ts';
import { standingOut } from '../../src/attendance/noise.ts';
import type { Release } from '../../src/attendance/release.ts';
import type { ReleaseBody } from '../../src/attendance/release-shape.ts';
import { blurEnds, isMany, leastSessions } from '../../src/attendance/suppression.ts';
import { countsOf, type Pupil, sum, type World, weekOfPupil } from './disclosure-world.ts';

export const DEFENCES = [
  'size',
  'remainder',
  'ends',
  'crossing',
  'overlap',
  'corrected',
  'moved',
  'to-date',
  'awaited',
] as const;
export type Defence = (typeof DEFENCES)[number];

/** How pupils are told apart by the figures: the parts of a pupil's description that any fact speaks of. */
export type Trait = 'year' | 'form' | 'pp' | 'sen';

/** Attended sessions of the members, in one version of a week, or what the second version has more: between two numbers. */
export type Fact = {
  readonly version: 1 | 2 | 'moved';
  readonly traits: readonly Trait[];
  readonly member: (pupil: Pupil) => boolean;
  readonly low: number;
  readonly high: number;
};

/**
 * How the attack takes each part of a release, which is all that any surface is made of: as a fact; as known beforehand (the
 * calendar, who is on roll); as said before in an earlier release; as worked out from other parts. A part that is added to a
 * release does not compile until it is decided here.
 */
export const TAKEN = {
  schoolUrn: 'known',
  schoolName: 'known',
  phase: 'known',
  week: 'known',
  monday: 'known',
  schoolDays: 'known',
  counted: 'known',
  shut: 'known',
  pupils: 'known',
  threshold: 'known',
  sessions: 'known',
  receivedAt: 'known',
  asOf: 'known',
  // Marks that are missing are no session to anybody, and possible sessions are known.
  complete: 'known',
  partial: 'known',
  school: 'fact',
  gap: 'fact',
  gapHidden: 'fact',
  send: 'fact',
  // Why it is hidden is said nowhere: the same words for each cause.
  sendHidden: 'fact',
  years: 'fact',
  forms: 'fact',
  reasonsAwaited: 'fact',
  // The calendar's alone, and there whenever `reasonsAwaited` is.
  reasonsDue: 'known',
  before: 'said before',
  lastYear: 'said before',
  lastYearGap: 'said before',
  toDate: 'worked out',
  benchmarks: 'known',
  corrections: 'fact',
  // Within a week no day is told apart; see docs/decisions/releases.md.
  standOutDay: 'known',
  standOutYear: 'fact',
} as const satisfies Readonly<Record<keyof ReleaseBody, 'fact' | 'known' | 'said before' | 'worked out'>>;

type Members = Pick<Fact, 'traits' | 'member'>;

const ALL: Members = { traits: [], member: () => true };
const supported: Members = { traits: ['sen'], member: (pupil) => pupil.sen !== 'N' };
const unsupported: Members = { traits: ['sen'], member: (pupil) => pupil.sen === 'N' };
const disadvantaged = (pp: string): Members => ({ traits: ['pp'], member: (pupil) => pupil.pp === pp });
const inForm = (form: string): Members => ({ traits: ['form'], member: (pupil) => pupil.form === form });
const inYear = (year: string): Members => ({ traits: ['year'], member: (pupil) => pupil.year === year });

export function factsOf(world: World, week: number, without?: Defence): Fact[] {
  const release = world.releases[week];
  const sessions = world.sessions[week] ?? 10;
  if (!release) return [];
  const rule = { threshold: without === 'size' ? 1 : world.threshold, sessions };
  const fact = (members: Members, version: 1 | 2 = 1): Fact => {
    const totals = totalsIn(world, week, version, members);
    const attended = totals.possible - totals.absent;
    // Whoever knows the rule knows that a bound is said only short of it.
    const edge = leastSessions(rule) - 1;
    const { bound } = without === 'ends' ? { bound: 'exact' } : blurEnds(totals, rule);
    if (bound === 'at-least')
      return { ...members, version, low: totals.possible - edge, high: totals.possible };
    if (bound === 'at-most') return { ...members, version, low: 0, high: edge };
    return { ...members, version, low: attended, high: attended };
  };
  const shown = [...shownIn(release).map((members) => fact(members)), ...namedIn(world, week, release)];
  const told = keptBackIn(release)
    .map((members) => fact(members))
    .filter(({ low, high }) => low < high);
  shown.push(...told, ...awaitedIn(world, week, release, without === 'awaited'));
  const has = (members: Members) => totalsIn(world, week, 1, members).possible > 0;
  const pairs = [disadvantaged('yes'), disadvantaged('no'), supported, unsupported];
  switch (without) {
    case 'size':
      return [...shown, ...[ALL, ...pairs].filter(has).map((members) => fact(members))];
    case 'remainder':
      return [
        ...shown,
        ...[ALL, ...pairs]
          .filter((members) => isMany(sizeIn(world, week, members), rule))
          .map((members) => fact(members)),
      ];
    case 'crossing':
      return release.gap && release.sendHidden === 'protects'
        ? [...shown, fact(supported), fact(unsupported)]
        : shown;
    case 'overlap': {
      const forms = [...new Set(world.pupils.map((pupil) => pupil.form))].map(inForm);
      const many = forms.filter((members) => isMany(sizeIn(world, week, members), rule));
      return many.length === forms.length ? [...shown, ...many.map((members) => fact(members))] : shown;
    }
    case 'corrected':
      return release.school ? [...shown, ...shownIn(release).map((members) => fact(members, 2))] : shown;
    case 'to-date':
      // The total to date with hidden weeks in it, less the total of the Monday before.
      return release.school && !release.gap
        ? [...shown, fact(disadvantaged('yes')), fact(disadvantaged('no'))]
        : shown;
    default:
      return [...shown, ...movedIn(world, week, without === 'moved')];
  }
}

/** The groups that have a figure in a release, wherever in it: every audience reads no more. */
function shownIn(release: Release): Members[] {
  return [
    ...(release.school ? [ALL] : []),
    ...(release.gap ? [disadvantaged('yes'), disadvantaged('no')] : []),
    ...(release.send ? [supported, unsupported] : []),
    ...release.years.map(({ key }) => inYear(key)),
    ...release.forms.map(({ key }) => inForm(key)),
  ];
}

/** Groups of which is said that they are hidden because hardly a session was missed, or attended: that is a bound too. */
function keptBackIn(release: Release): Members[] {
  return [
    ...(release.gapHidden === 'ends' ? [disadvantaged('yes'), disadvantaged('no')] : []),
    ...(release.sendHidden === 'ends' ? [supported, unsupported] : []),
  ];
}

/** A year group that is named as standing out missed at least the least with which it would have been. */
function namedIn(world: World, week: number, release: Release): Fact[] {
  const { standOutYear } = release;
  if (standOutYear === null) return [];
  const years = [...new Set(world.pupils.map((pupil) => pupil.year))].map((key) => ({
    key,
    totals: totalsIn(world, week, 1, inYear(key)),
  }));
  const own = years.findIndex(({ key }) => key === standOutYear);
  const totals = years[own]?.totals;
  const rest = years.filter(({ key }) => key !== standOutYear).map((year) => year.totals);
  if (!totals) return [];
  const others = rest.reduce((all, one) => ({
    possible: all.possible + one.possible,
    absent: all.absent + one.absent,
  }));
  // The school's absences are known; those of the others are what the year group leaves of them.
  const stands = (absent: number) =>
    standingOut(
      [
        { possible: totals.possible, absent },
        { possible: others.possible, absent: others.absent + totals.absent - absent },
      ],
      false,
    ) === 0;
  let least = totals.absent;
  while (least > 0 && stands(least - 1)) least -= 1;
  return [{ ...inYear(standOutYear), version: 1, low: 0, high: totals.possible - least }];
}

/** So many absences wait for a reason, so there were at least so many. */
function awaitedIn(world: World, week: number, release: Release, always: boolean): Fact[] {
  const awaited = always ? (world.awaited[week] ?? 0) : (release.reasonsAwaited ?? 0);
  return awaited >= 10 && release.school
    ? [{ ...ALL, version: 1, low: 0, high: totalsIn(world, week, 1, ALL).possible - awaited }]
    : [];
}

function movedIn(world: World, week: number, always: boolean): Fact[] {
  const told = world.releases.some((release) =>
    release.corrections.some(
      (one) => one.week === world.releases[week]?.week && (always || one.moved !== null),
    ),
  );
  if (!told) return [];
  const moved = attendedIn(totalsIn(world, week, 2, ALL)) - attendedIn(totalsIn(world, week, 1, ALL));
  return [{ ...ALL, version: 'moved', low: moved, high: moved }];
}

function attendedIn(totals: { possible: number; absent: number }): number {
  return totals.possible - totals.absent;
}

function totalsIn(world: World, week: number, version: 1 | 2, { member }: Members) {
  const weeks = world.pupils.filter(member).flatMap((pupil) => weekOfPupil(pupil, week, version) ?? []);
  const possible = sum(weeks.map((own) => sum(own.possible)));
  return { possible, absent: possible - sum(weeks.map((own) => sum(own.attended))) };
}

function sizeIn(world: World, week: number, { member }: Members) {
  const all = countsOf(world.pupils.filter(member), week, 1).groups.find((group) => group.type === 'all');
  return { pupils: all?.pupils ?? 0, possible: all ? totalsOfGroup(all).possible : 0 };
}
