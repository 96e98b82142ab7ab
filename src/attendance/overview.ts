/**
 * The trust's schools side by side, from releases alone, for leaders: what the gap did in how many schools, and where
 * nothing can be shown. It names schools in the trust's own order and makes no table of best and worst.
 */
import { said } from '../cards/elements.ts';
import { listInWords, numberInWords } from '../kernel/text.ts';
import { gapMove } from './insight.ts';
import type { Release } from './release.ts';

export type SchoolOverview =
  | { readonly schoolUrn: string; readonly name: string; readonly release: Release }
  | {
      readonly schoolUrn: string;
      readonly name: string;
      readonly release?: undefined;
      readonly note: string;
      /** Some of its marks are in and more are missing: no holiday, and no school that sends none. */
      readonly late?: boolean | undefined;
    };

export type TrustOverview = {
  readonly narrowed: readonly string[];
  readonly held: readonly string[];
  readonly widened: readonly string[];
  /** Schools with too few pupils in a group to compare, or without a week to compare with. */
  readonly hidden: readonly string[];
  /** Schools without a card this week, with the reason in words. */
  readonly waiting: readonly { readonly name: string; readonly note: string; readonly late: boolean }[];
};

export function trustOverview(schools: readonly SchoolOverview[]): TrustOverview {
  const shown = schools.flatMap((school) =>
    school.release ? [{ name: school.name, move: gapMove(school.release) }] : [],
  );
  const named = (...moves: readonly (string | null)[]) =>
    shown.filter((school) => moves.includes(school.move)).map((school) => school.name);
  return {
    narrowed: named('narrowed', 'narrowed-others-missed-more', 'both-less'),
    held: named('unchanged', 'within-noise', 'both-more'),
    widened: named('widened', 'both-less-gap-wider'),
    hidden: named(null),
    waiting: schools.flatMap(({ name, ...school }) =>
      school.release ? [] : [{ name, note: school.note, late: school.late === true }],
    ),
  };
}

/** More schools than this are counted instead of named. */
const MOST_NAMED = 3;

/** Plain sentences about the trust's week, disadvantage first; for the overview card and for the leaders' digest. */
export function overviewLines(overview: TrustOverview): string[] {
  const { narrowed, held, widened, hidden, waiting } = overview;
  const parts = [
    phrase(narrowed, 'narrowed in'),
    phrase(held, 'held in'),
    phrase(widened, 'widened in'),
  ].filter((part) => part !== '');
  const lines: string[] = [];
  if (parts.length > 0) lines.push(`Disadvantage first: the gap ${listInWords(parts)}.`);
  if (hidden.length > 0)
    lines.push(
      hidden.length > MOST_NAMED
        ? `${hidden.length} schools have too few pupils to compare, or no week to compare with.`
        : `Too few pupils to compare groups, or no week to compare with: ${listInWords(hidden.map(said))}.`,
    );
  if (waiting.length > MOST_NAMED) lines.push(`${waiting.length} schools have no figures yet.`);
  else for (const { name, note } of waiting) lines.push(`${said(name)}: no figures, ${note}.`);
  return lines.length > 0 ? lines : ['No school has figures for this week.'];
}

function phrase(names: readonly string[], verb: string): string {
  if (names.length === 0) return '';
  return names.length <= 3
    ? `${verb} ${listInWords(names.map(said))}`
    : `${verb} ${numberInWords(names.length)} schools`;
}
