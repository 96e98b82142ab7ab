/**
 * Decides for one school week which of its groups may be shown side by side, and gives their sessions, blurred. The gap
 * between disadvantaged pupils and the others comes first; what may stand beside it is judged against it. Never rounds.
 */
import { absentOf, attendedOf, type Totals } from './engine.ts';
import { groupsOf, type Shown, shownOf } from './figures.ts';
import type { Crossing, GroupWeek } from './fold.ts';
import { totalsOfGroup } from './imports.ts';
import { type ShownGroups, shownGroups } from './shown-groups.ts';
import { type Corner, disclose, isMany, isMixed, mayCross, type Rule } from './suppression.ts';

/** The sessions of a group and of all others, both to be told of exactly. */
export type Pair = { readonly yes: Totals; readonly no: Totals };
export type WhyHidden = 'few' | 'protects' | 'ends' | 'unknown';

export type Showable = {
  readonly all: Shown | null;
  readonly pp: Pair | null;
  readonly ppHidden: WhyHidden | null;
  readonly sen: Pair | null;
  readonly senHidden: WhyHidden | null;
  /** Year groups that may be named, whether or not they have a figure. */
  readonly yearsToName: readonly GroupWeek[];
  readonly groups: ShownGroups;
};

export type Counts = { readonly groups: readonly GroupWeek[]; readonly crossings?: readonly Crossing[] };

export function showable(counts: Counts, rule: Rule): Showable {
  const all = groupsOf(counts.groups, 'all')[0];
  if (!all || !isMany(sizeOf(all), rule))
    return {
      all: null,
      pp: null,
      ppHidden: 'few',
      sen: null,
      senHidden: 'few',
      yearsToName: [],
      groups: { forms: [], years: [] },
    };
  const pp = pairOf(all, groupsOf(counts.groups, 'pp'), ['yes'], rule);
  const sen = pairOf(all, groupsOf(counts.groups, 'sen'), ['E', 'K'], rule);
  // That hardly a session was missed in a group is said too, so it counts as shown.
  const tells = ({ pair, hidden }: typeof pp) => pair !== null || hidden === 'ends';
  const beside = !tells(sen) || !tells(pp) || mayStandBeside(counts.crossings ?? [], rule);
  return {
    all: shownOf(totalsOfGroup(all), rule),
    pp: pp.pair,
    ppHidden: pp.hidden,
    sen: beside ? sen.pair : null,
    senHidden: beside ? sen.hidden : 'protects',
    yearsToName: yearsOf(all, groupsOf(counts.groups, 'year'), rule),
    groups: shownGroups(counts, { pp: tells(pp), sen: beside && tells(sen) }, rule),
  };
}

function sizeOf(group: GroupWeek) {
  return { pupils: group.pupils, possible: attendedOf(group) + absentOf(group) };
}

/** The groups of one kind in two: those named, and the rest. */
function pairOf(
  all: GroupWeek,
  groups: readonly GroupWeek[],
  named: readonly string[],
  rule: Rule,
): { pair: Pair | null; hidden: WhyHidden | null } {
  if (groups.length === 0) return { pair: null, hidden: 'unknown' };
  const side = (id: string, members: readonly GroupWeek[]) => {
    const total = (pick: (group: GroupWeek) => number) =>
      members.reduce((sum, group) => sum + pick(group), 0);
    const possible = total((group) => totalsOfGroup(group).possible);
    return {
      id,
      pupils: total((group) => group.pupils),
      possible,
      totals: { possible, absent: total((group) => totalsOfGroup(group).absent) },
    };
  };
  const yes = side(
    'yes',
    groups.filter((group) => named.includes(group.key)),
  );
  const no = side(
    'no',
    groups.filter((group) => !named.includes(group.key)),
  );
  const { shown } = disclose(
    sizeOf(all),
    [yes, no].filter((one) => one.pupils > 0),
    rule,
  );
  if (shown.length < 2) return { pair: null, hidden: 'few' };
  // The school's figure less one side is the other, and less both the pupils of whom the file says nothing: each must
  // bear being known.
  const left = totalsOfGroup(all);
  const rest = {
    possible: left.possible - yes.totals.possible - no.totals.possible,
    absent: left.absent - yes.totals.absent - no.totals.absent,
  };
  const parts = [yes.totals, no.totals, ...(rest.possible > 0 ? [rest] : [])];
  if (parts.some((part) => !isMixed(part, rule))) return { pair: null, hidden: 'ends' };
  return { pair: { yes: yes.totals, no: no.totals }, hidden: null };
}

/** Without knowing who is in both, nothing may stand beside the gap. */
function mayStandBeside(crossings: readonly Crossing[], rule: Rule): boolean {
  if (crossings.length === 0) return false;
  const known = crossings.every((one) => one.pp !== 'unknown' && one.sen !== 'unknown');
  const corner = (pp: boolean, sen: boolean): Corner => {
    const members = crossings.filter((one) => (one.pp === 'yes') === pp && (one.sen !== 'N') === sen);
    const total = (pick: (one: Crossing) => number) => members.reduce((sum, one) => sum + pick(one), 0);
    return {
      pupils: total((one) => one.pupils),
      possible: total((one) => one.possible),
      attended: total((one) => one.attended),
    };
  };
  return (
    known &&
    mayCross([corner(true, true), corner(true, false), corner(false, true), corner(false, false)], rule)
  );
}

function yearsOf(all: GroupWeek, years: readonly GroupWeek[], rule: Rule): GroupWeek[] {
  const { shown } = disclose(
    sizeOf(all),
    years.map((year) => ({ id: year.key, ...sizeOf(year) })),
    rule,
  );
  return years.filter((year) => shown.includes(year.key));
}
