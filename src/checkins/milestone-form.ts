/**
 * Reads the form of a milestone: gives what is to be kept, or one sentence about the first thing to mend; what was typed is
 * kept so that the card can show it again. Who a name means, and who may, is decided elsewhere. Pure.
 */
import type { Inputs } from '../cards/envelope.ts';
import type { Trust } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';
import { addDays, isDate } from '../kernel/time.ts';
import type { Term } from '../scheduling/calendar.ts';
import { DIRECTIONS, type Direction } from './aim.ts';
import { byWeeks, type Cadence, cadenceRound, NOMINAL_WEEKS } from './cadence.ts';
import type { FormProblem } from './form.ts';
import type { MilestonePlan } from './milestone.ts';
import { placeFrom, placeKey } from './place.ts';
import { LINE_MANAGER, RULES } from './reader-rule.ts';

/** What a person says of a milestone, wherever they say it: in a form, or in a row of the trust's list. */
export const FIELDS = [
  'title',
  'strand',
  'school',
  'owner',
  'reviewer',
  'reader',
  'measure',
  'unit',
  'target',
  'direction',
  'due',
  'cadence',
] as const;

/** What stands in the form's fields, as text. */
export type TypedMilestone = Readonly<Record<(typeof FIELDS)[number], string>>;

/** A milestone as the form gives it: without its id, its rounds, and without whose it is. */
export type MilestoneWords = {
  readonly title: string;
  readonly strand: string;
  readonly schoolUrn?: string;
  readonly teamId?: string;
  /** A name or an address, as typed. */
  readonly owner: string;
  /** A rule, or `NAMED` with who is meant in `reader`. */
  readonly reviewer: string;
  readonly reader: string;
  readonly measure: string;
  readonly unit: string;
  readonly target: number;
  readonly direction: Direction;
  readonly due: string;
  readonly cadence: Cadence | typeof AS_NOW;
};

/** The rhythm of so many weeks that a file gave: the form can keep it, and gives it to no other. */
export const AS_NOW = 'as-now';

export const LIMITS = { title: 120, owner: 120, reader: 120, measure: 120, unit: 40, target: 20 } as const;
export const CADENCES: readonly (readonly [cadence: Cadence, says: string])[] = [
  ['half-termly', 'Each half-term'],
  ['fortnightly', 'Every two weeks'],
  ['term-end', 'At the end of each term'],
  ['weekly', 'Every week, if the owner agrees'],
];
/** A colleague by name, in the form's choice of who reads it. */
export const NAMED = 'named';
/** Longer than any field allows; keeps a forged one from filling the card that shows it again. */
const KEPT = 200;
const LARGEST = 1_000_000_000;
/** Further off, it is a year that was mistyped. Days. */
const FURTHEST = 5 * 366;

export function typedMilestone(inputs: Inputs): TypedMilestone {
  const read = (name: string) => (inputs[name] ?? '').replace(/\s+/g, ' ').trim().slice(0, KEPT);
  return Object.fromEntries(FIELDS.map((name) => [name, read(name)])) as TypedMilestone;
}

/** The form's fields as a milestone fills them; `owner` and `reader`: full names. */
export function typedFromPlan(
  plan: MilestonePlan,
  { owner, reader }: { readonly owner: string; readonly reader: string },
): TypedMilestone {
  const { reviewer = LINE_MANAGER } = plan;
  const isRule = RULES.some(([rule]) => rule === reviewer);
  return {
    title: plan.title,
    strand: plan.strand,
    school: placeKey(plan),
    owner,
    reviewer: isRule ? reviewer : NAMED,
    reader: isRule ? '' : reader,
    measure: plan.measure,
    unit: plan.unit,
    target: String(plan.target),
    direction: plan.direction ?? 'higher',
    due: plan.due,
    cadence: plan.cadence ?? AS_NOW,
  };
}

export function readMilestone(
  typed: TypedMilestone,
  {
    trust,
    today,
    before,
  }: { readonly trust: Trust; readonly today: string; readonly before?: MilestonePlan | undefined },
): MilestoneWords | FormProblem {
  const { title, strand, school, owner, measure, due, reader } = typed;
  const reviewer = typed.reviewer || LINE_MANAGER;
  const direction = DIRECTIONS.find(([known]) => known === typed.direction)?.[0];
  const cadence =
    typed.cadence === AS_NOW && before && !before.cadence
      ? AS_NOW
      : CADENCES.find(([known]) => known === typed.cadence)?.[0];
  const yesNo = direction === 'yes-no';
  const target = yesNo ? 1 : numberFrom(typed.target);
  const unit = yesNo ? 'done' : typed.unit;
  const strands = trust.priorities.flatMap((priority) => priority.strands.map(({ id }) => id));
  const place = placeFrom(trust, school);
  const over = (['title', 'owner', 'reader', 'measure', 'unit'] as const).find(
    (name) => typed[name].length > LIMITS[name],
  );
  if (title === '') return problem('Please say in a line what is to be reached.');
  if (over) return problem(`Please keep the ${NAMES[over]} to ${LIMITS[over]} characters.`);
  if (!strands.includes(strand)) return problem('Please choose the priority that it belongs to.');
  if (!place) return problem('Please choose a school or a team.');
  if (owner === '') return problem('Please name the colleague who reports on it.');
  if (reviewer !== NAMED && !RULES.some(([rule]) => rule === reviewer))
    return problem('Please choose who reads its check-ins.');
  if (reviewer === NAMED && reader === '')
    return problem('Please name the colleague who reads its check-ins.');
  if (reviewer !== NAMED && reader !== '')
    return problem('You named a colleague to read it: please choose "a colleague", or leave the name out.');
  if (measure === '')
    return problem('Please say what is counted, such as "Families who have met the tutor".');
  if (!direction) return problem('Please choose which way is better.');
  if (target === undefined) return problem('Please give the target as a number, such as 150.');
  if (Math.abs(target) > LARGEST) return problem('That target is too large. Please check it.');
  if (unit === '') return problem('Please say what the figure counts, such as "families" or "%".');
  if (!isDate(due)) return problem('Please choose the day by which it is due.');
  if (due <= today) return problem('Please choose a due date that is still to come.');
  if (due > addDays(today, FURTHEST))
    return problem('That due date is more than five years off. Please check it.');
  if (!cadence) return problem('Please choose how often it is asked about.');
  return {
    title,
    strand,
    ...place,
    owner,
    reviewer,
    reader,
    measure,
    unit,
    target,
    direction,
    due,
    cadence,
  };
}

const NAMES = { title: 'title', owner: 'name', reader: 'name', measure: 'measure', unit: 'unit' } as const;

/**
 * The plan of a form. Weekly is only kept once its owner has agreed; until then it runs half-termly. `before`: what is
 * changed; its rounds stay where neither rhythm nor due date moves.
 */
export function planFrom(
  words: MilestoneWords,
  given: {
    readonly id: string;
    readonly ownerId: string;
    /** As it is to be kept; absent: the owner's line manager. */
    readonly reviewer?: string | undefined;
    readonly weeklyAgreed: boolean;
    readonly before?: MilestonePlan | undefined;
    readonly today: string;
    readonly terms: readonly Term[];
  },
): MilestonePlan {
  const { id, ownerId, before, today, terms } = given;
  const { owner: _words, reviewer: _rule, reader: _name, cadence: chosen, ...plan } = words;
  const whole = {
    ...plan,
    id,
    ownerId,
    ...(given.reviewer === undefined ? {} : { reviewer: given.reviewer }),
  };
  const channel = before?.askIn && (words.schoolUrn || words.teamId) ? { askIn: before.askIn } : {};
  if (chosen === AS_NOW) {
    const { everyWeeks, firstRound: first } = must(before, 'a milestone with a rhythm');
    const next = first >= today ? first : byWeeks(first, everyWeeks, today);
    const moved = next < words.due ? next : words.due;
    return { ...whole, everyWeeks, firstRound: before?.due === words.due ? first : moved, ...channel };
  }
  const cadence = chosen === 'weekly' && !given.weeklyAgreed ? 'half-termly' : chosen;
  const kept = before && before.cadence === cadence && before.due === words.due;
  return {
    ...whole,
    cadence,
    everyWeeks: NOMINAL_WEEKS[cadence],
    firstRound: kept ? before.firstRound : firstRound(cadence, words.due, today, terms),
    ...channel,
  };
}

/** The first round after today, at the latest the due date. */
export function firstRound(cadence: Cadence, due: string, today: string, terms: readonly Term[]): string {
  const round = cadenceRound(cadence, terms, today, today);
  return round < due ? round : due;
}

function numberFrom(text: string): number | undefined {
  const plain = text.replace(/[\s,]|%$/g, '');
  return /^-?\d{1,15}(\.\d{1,6})?$/.test(plain) ? Number(plain) : undefined;
}

function problem(message: string): FormProblem {
  return { kind: 'problem', message };
}
