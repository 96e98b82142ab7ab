/**
 * Which tutor groups, or else year groups, of a school week may have a figure. They part the school, so what is hidden of
 * them is known as a sum and must bear that; and they cross the other comparisons, which `overlap.ts` judges.
 */
import type { Totals } from './engine.ts';
import { groupsOf } from './figures.ts';
import type { Crossing, GroupWeek } from './fold.ts';
import { totalsOfGroup } from './imports.ts';
import { mayShowGroups } from './overlap.ts';
import { isMany, isMixed, type Rule } from './suppression.ts';

export type ShownGroups = {
  readonly forms: readonly { readonly key: string; readonly totals: Totals }[];
  readonly years: readonly { readonly key: string; readonly totals: Totals }[];
};

type Beside = { readonly pp: boolean; readonly sen: boolean };
type Counts = { readonly groups: readonly GroupWeek[]; readonly crossings?: readonly Crossing[] };

/** Year groups follow from tutor groups where all of theirs are shown; where no tutor group is, they are tried alone. */
export function shownGroups(counts: Counts, beside: Beside, rule: Rule): ShownGroups {
  const all = groupsOf(counts.groups, 'all')[0];
  const crossings = counts.crossings ?? [];
  if (!all || crossings.length === 0) return { forms: [], years: [] };
  const years = groupsOf(counts.groups, 'year');
  const forms = parted(all, groupsOf(counts.groups, 'reg'), crossings, (one) => one.form, beside, rule);
  const listed = (groups: readonly GroupWeek[]) =>
    groups.map((group) => ({ key: group.key, totals: totalsOfGroup(group) }));
  if (forms.length === 0)
    return { forms: [], years: listed(parted(all, years, crossings, (one) => one.year, beside, rule)) };
  const named = new Set(forms.map((form) => form.key));
  const yearsOf = Map.groupBy(crossings, (one) => one.form);
  const whole = years.filter((year) =>
    crossings
      .filter((one) => one.year === year.key)
      .every(
        (one) =>
          named.has(one.form) && (yearsOf.get(one.form) ?? []).every(({ year: its }) => its === year.key),
      ),
  );
  return { forms: listed(forms), years: listed(whole) };
}

function parted(
  all: GroupWeek,
  groups: readonly GroupWeek[],
  crossings: readonly Crossing[],
  keyOf: (crossing: Crossing) => string,
  beside: Beside,
  rule: Rule,
): readonly GroupWeek[] {
  if (groups.length < 2) return [];
  const size = (group: GroupWeek) => ({ pupils: group.pupils, possible: totalsOfGroup(group).possible });
  // The smallest goes next, so that as many as may stay are shown.
  const shown = groups
    .filter((group) => isMany(size(group), rule) && isMixed(totalsOfGroup(group), rule))
    .toSorted((left, right) => right.pupils - left.pupils);
  while (shown.length > 0 && !bears(leftOver(all, shown), rule)) shown.pop();
  const keys = new Set(shown.map((group) => group.key));
  const groupOf = (crossing: Crossing) => (keys.has(keyOf(crossing)) ? keyOf(crossing) : '');
  return shown.length > 0 && mayShowGroups(crossings, groupOf, beside, rule)
    ? groups.filter((group) => keys.has(group.key))
    : [];
}

function leftOver(all: GroupWeek, shown: readonly GroupWeek[]) {
  const [total, ...parts] = [all, ...shown].map(totalsOfGroup);
  const rest = (pick: 'possible' | 'absent') =>
    (total?.[pick] ?? 0) - parts.reduce((sum, part) => sum + part[pick], 0);
  const pupils = all.pupils - shown.reduce((sum, group) => sum + group.pupils, 0);
  return { pupils, possible: rest('possible'), absent: rest('absent') };
}

/** What is left over may be nobody; else it must be as many, and as mixed, as any group that is shown. */
function bears(rest: { pupils: number; possible: number; absent: number }, rule: Rule): boolean {
  return (rest.pupils <= 0 && rest.possible === 0) || (isMany(rest, rule) && isMixed(rest, rule));
}
