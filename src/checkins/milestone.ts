/**
 * A milestone: what is promised, by whom, for which strand of the strategy, and how often we ask. Decides what a changed
 * `trust.yaml` changes, and when the next round falls. Knows nothing of how check-ins are answered or stored.
 */
import type { Trust, TrustMilestone } from '../config/trust.ts';
import type { Term } from '../scheduling/calendar.ts';
import type { Direction } from './aim.ts';
import { byWeeks, type Cadence, cadenceRound, NOMINAL_WEEKS } from './cadence.ts';

/** What the trust's file says of a milestone. Dates are ISO dates; `target` and values are in `unit`. */
export type MilestonePlan = {
  readonly id: string;
  readonly title: string;
  readonly strand: string;
  readonly schoolUrn?: string;
  /** A team of the trust's file, in place of a school. */
  readonly teamId?: string;
  readonly ownerId: string;
  /** Who reads its check-ins, by `reader-rule.ts`; absent: the owner's line manager. */
  readonly reviewer?: string;
  readonly measure: string;
  readonly unit: string;
  readonly target: number;
  /** Which way is better; absent: nobody has said. A file that does not say leaves what was said before. */
  readonly direction?: Direction;
  readonly due: string;
  readonly everyWeeks: number;
  /** In school time; absent: every so many weeks. With it, `everyWeeks` is about as often. */
  readonly cadence?: Cadence;
  /** The first round, as the file states it; moving it in the file moves the next round. */
  readonly firstRound: string;
  /** Asked in the school's or the team's channel; absent: in the owner's chat. */
  readonly askIn?: 'channel';
};

/**
 * A milestone as we keep it. `nextRound` is absent after the last round; `ended` once the file no longer names it, or it was
 * closed; `weeklyAsked`: its owner was asked whether weekly is all right, and has not said.
 */
export type Milestone = MilestonePlan & {
  readonly nextRound?: string;
  readonly ended: boolean;
  readonly weeklyAsked?: boolean;
};

export type MilestoneChange =
  | { readonly kind: 'added' | 'changed' | 'moved'; readonly milestone: Milestone }
  | { readonly kind: 'ended'; readonly milestone: Milestone };

export function planOf(written: TrustMilestone): MilestonePlan {
  return {
    id: written.id,
    title: written.title,
    strand: written.strand,
    ...(written.school ? { schoolUrn: written.school } : {}),
    ...(written.team ? { teamId: written.team } : {}),
    ownerId: written.owner,
    ...(written.reviewer ? { reviewer: written.reviewer } : {}),
    measure: written.measure,
    unit: written.unit,
    target: written.target,
    ...(written.direction ? { direction: written.direction } : {}),
    due: written.due,
    ...rhythmOf(written),
    firstRound: written.next_check_in,
    ...(written.ask_in === 'channel' ? { askIn: 'channel' as const } : {}),
  };
}

/** Half-termly, when the file says nothing. */
function rhythmOf({ cadence, every_weeks }: TrustMilestone): Pick<MilestonePlan, 'everyWeeks' | 'cadence'> {
  if (cadence === undefined && every_weeks !== undefined) return { everyWeeks: every_weeks };
  const named = cadence ?? 'half-termly';
  return { everyWeeks: NOMINAL_WEEKS[named], cadence: named };
}

/** Milestones that were agreed on a card, or imported, begin so: the trust's file does not name them, nor end them. */
const AGREED = 'focus-';
export const IMPORTED = 'csv-';
export const MADE_IN_CHAT = 'chat-';
/** Rows of the trust's SharePoint list. */
export const LISTED = 'list-';
const APART = [AGREED, IMPORTED, MADE_IN_CHAT, LISTED];

function isKeptApart({ id }: Pick<MilestonePlan, 'id'>): boolean {
  return APART.some((prefix) => id.startsWith(prefix));
}

export function isAgreed({ id }: Pick<MilestonePlan, 'id'>): boolean {
  return id.startsWith(AGREED);
}

/** A step that was agreed on a card, as a milestone with one check-in on its day. `id` must begin with `focus-`. */
export function agreedMilestone(
  trust: Trust,
  step: Pick<MilestonePlan, 'id' | 'title' | 'ownerId' | 'due'> & { readonly schoolUrn: string },
): Milestone {
  const strands = trust.priorities.flatMap((priority) => priority.strands.map((strand) => strand.id));
  return {
    ...step,
    strand: strands.find((strand) => strand === 'attendance') ?? strands[0] ?? 'attendance',
    measure: 'Steps done',
    unit: 'step',
    target: 1,
    everyWeeks: 1,
    firstRound: step.due,
    nextRound: step.due,
    ended: false,
  };
}

/**
 * What the file changes in what we keep. `moved` is a new owner: their predecessor's unanswered check-in is withdrawn and
 * the new owner is asked on the next day of asking. A milestone that left the file ends; its history stays.
 */
export function compareMilestones(
  kept: readonly Milestone[],
  wanted: readonly MilestonePlan[],
  today: string,
): MilestoneChange[] {
  const before = new Map(kept.map((milestone) => [milestone.id, milestone]));
  const named = new Set(wanted.map((plan) => plan.id));
  const changes: MilestoneChange[] = [];
  for (const given of wanted) {
    const old = before.get(given.id);
    const plan = withWhatWasSaid(given, old);
    if (!old) {
      changes.push({ kind: 'added', milestone: { ...plan, nextRound: plan.firstRound, ended: false } });
    } else if (old.ended || !samePlan(old, plan)) {
      const moved = old.ownerId !== plan.ownerId;
      const round = roundAfterChange(old, plan, moved, today);
      const milestone = { ...plan, ...(round ? { nextRound: round } : {}), ended: false };
      changes.push({ kind: moved ? 'moved' : 'changed', milestone });
    }
  }
  for (const old of kept) {
    if (!old.ended && !named.has(old.id) && !isKeptApart(old))
      changes.push({ kind: 'ended', milestone: { ...old, ended: true } });
  }
  return changes;
}

/**
 * Of what a file does not say, what was said before: which way is better, and, but for the trust's own file, who reads it. What
 * holds by itself is not kept.
 */
function withWhatWasSaid(given: MilestonePlan, old: Milestone | undefined): MilestonePlan {
  const { reviewer: said, ...plan } = given;
  const reviewer = said ?? (isKeptApart(given) ? old?.reviewer : undefined);
  return {
    ...(old?.direction && !given.direction ? { ...plan, direction: old.direction } : plan),
    ...(reviewer === undefined || reviewer === 'line-manager' ? {} : { reviewer }),
  };
}

/** The round after `round` that lies after `today`, the last one on the due date; then none. `terms`: of its school. */
export function roundAfter(
  plan: Pick<MilestonePlan, 'everyWeeks' | 'cadence' | 'due'>,
  round: string,
  today: string,
  terms: readonly Term[] = [],
): string | undefined {
  if (round >= plan.due) return undefined;
  const next = plan.cadence
    ? cadenceRound(plan.cadence, terms, round, today)
    : byWeeks(round, plan.everyWeeks, today);
  if (next <= plan.due) return next;
  return plan.due > today ? plan.due : undefined;
}

/**
 * Whether its rounds count towards how often its owner is asked: not a step that they agreed on a card themselves, nor what is
 * asked every week, which the trust's file chose or its owner agreed to.
 */
export function isPaced({ id, everyWeeks }: Pick<MilestonePlan, 'id' | 'everyWeeks'>): boolean {
  return !isAgreed({ id }) && everyWeeks > 1;
}

/**
 * Whether it counts among those that one person may own: neither a step that they agreed on a card, nor what is closed, nor what is
 * past its due date with its last round asked for.
 */
export function isCarried(
  { id, ended, due, nextRound }: Pick<Milestone, 'id' | 'ended' | 'due' | 'nextRound'>,
  today: string,
): boolean {
  return !ended && !isAgreed({ id }) && (due >= today || nextRound !== undefined);
}

/** Whether a file or a list still names what is carried no more, and says nothing by which it would be asked about again. */
export function isOver(plan: MilestonePlan, kept: readonly Milestone[], today: string): boolean {
  const before = kept.find(({ id }) => id === plan.id);
  if (!before || before.ended || isCarried(before, today)) return false;
  return (['due', 'firstRound', 'ownerId'] as const).every((field) => plan[field] === before[field]);
}

/** The priority that a strand belongs to; undefined only for a strand that has left the file. */
export function priorityOf(trust: Trust, strand: string): Trust['priorities'][number] | undefined {
  return trust.priorities.find((priority) => priority.strands.some((candidate) => candidate.id === strand));
}

function roundAfterChange(
  old: Milestone,
  plan: MilestonePlan,
  moved: boolean,
  today: string,
): string | undefined {
  if (old.firstRound !== plan.firstRound || old.ended) return plan.firstRound;
  const next = old.nextRound ?? (plan.due > old.due ? plan.due : undefined);
  const kept = next !== undefined && next > plan.due ? plan.due : next;
  return moved && (!kept || kept > today) ? today : kept;
}

const PLAN_FIELDS = [
  'title',
  'strand',
  'schoolUrn',
  'teamId',
  'ownerId',
  'reviewer',
  'measure',
  'unit',
  'target',
  'direction',
  'due',
  'everyWeeks',
  'cadence',
  'firstRound',
  'askIn',
] as const satisfies readonly (keyof MilestonePlan)[];

function samePlan(one: MilestonePlan, other: MilestonePlan): boolean {
  return PLAN_FIELDS.every((field) => one[field] === other[field]);
}
