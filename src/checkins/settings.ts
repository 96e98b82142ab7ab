/**
 * What a person may choose about their own check-ins: a pause, reminders, days and hours, and a colleague in their place.
 * Nobody asks why. Pure: reads what was chosen on the card and says the first thing to mend; the service keeps the choices, and
 * `reminders.ts` and the hierarchy heed them.
 */
import type { Inputs } from '../cards/envelope.ts';
import { addDays, dateInWords, dateWithYear, daysBetween, isDate } from '../kernel/time.ts';
import { EVERY_WEEKDAY, type Hours, type Rhythm } from './reminders.ts';

/** A colleague who acts in this person's place, on these days, both included. */
export type Delegation = { readonly delegate: string; readonly from: string; readonly to: string };

/** `pausedUntil`: the first day on which they are asked again. What is absent follows the trust's file. */
export type Choices = Pick<Rhythm, 'pausedUntil' | 'unreminded' | 'works' | 'hours'> & {
  readonly delegation?: Delegation | undefined;
};

/** `message`: one sentence for the person. */
export type Mend = { readonly kind: 'mend'; readonly message: string };

/** What the choices are judged by. `find`: the ids of the staff whose address or full name these words are. */
export type ChoiceFacts = {
  readonly today: string;
  readonly personId: string;
  /** ISO weekdays by the trust's file; absent: Monday to Friday. */
  readonly works?: readonly number[] | undefined;
  readonly find: (words: string) => readonly string[];
  /** Whoever reads this person's check-ins today: nobody answers and approves the same one. */
  readonly readers: readonly string[];
};

/** The value, the words and the days from today of each choice; any other value changes nothing. */
export const PAUSES: readonly (readonly [value: string, says: string, days: number])[] = [
  ['none', 'No pause', 0],
  ['week', 'For a week', 7],
  ['fortnight', 'For two weeks', 14],
  ['month', 'For four weeks', 28],
];

/** The hours that can be chosen as first and as last; between any of the one and a later one of the other lies a look. */
export const FIRST_HOURS = ['09:00', '10:00', '12:00', '14:00'] as const;
export const LAST_HOURS = ['12:00', '14:00', '16:00'] as const;
/** Colons have no place in a choice's value. */
export const hourValue = (time: string): string => time.replace(':', '-');

const LONGEST_DELEGATION = 366;

/** The choices that the card's fields make; what is not on the card changes nothing. */
export function choicesFrom(inputs: Inputs, before: Choices, facts: ChoiceFacts): Choices | Mend {
  const works = worksFrom(inputs, before, facts.works);
  if (isMend(works)) return works;
  const hours = hoursFrom(inputs, before.hours);
  if (isMend(hours)) return hours;
  const delegation = delegationFrom(inputs, before.delegation, facts);
  if (isMend(delegation)) return delegation;
  const pausedUntil = pauseFrom(inputs, before, facts.today);
  const unreminded =
    inputs.reminders === 'none' || (inputs.reminders !== 'two' && before.unreminded === true);
  return {
    ...(pausedUntil === undefined ? {} : { pausedUntil }),
    ...(unreminded ? { unreminded: true as const } : {}),
    ...(works ? { works } : {}),
    ...(hours ? { hours } : {}),
    ...(delegation ? { delegation } : {}),
  };
}

export function isMend(choice: object | undefined): choice is Mend {
  return choice !== undefined && 'kind' in choice && choice.kind === 'mend';
}

/** What holds of the trust's file and of a person's own choices together; their own come first. */
export function rhythmOf(note: Rhythm | undefined, choices: Choices | undefined): Rhythm {
  const { delegation: _, ...own } = choices ?? {};
  return { works: note?.works, leave: note?.leave, ...own };
}

/** The colleague who acts for a person on a date by the person's own choice. */
export function actsFor({ delegation }: Choices, date: string): string | undefined {
  return delegation && delegation.from <= date && date <= delegation.to ? delegation.delegate : undefined;
}

export function stillPaused({ pausedUntil }: Choices, today: string): string | undefined {
  return pausedUntil !== undefined && pausedUntil > today ? pausedUntil : undefined;
}

function pauseFrom(inputs: Inputs, before: Choices, today: string): string | undefined {
  const pause = PAUSES.find(([value]) => value === inputs.pause);
  if (!pause) return stillPaused(before, today);
  return pause[2] === 0 ? undefined : addDays(today, pause[2]);
}

/** Undefined where they are the trust's file's own: then a later word there counts. */
function worksFrom(
  { days }: Inputs,
  before: Choices,
  byFile: readonly number[] = EVERY_WEEKDAY,
): readonly number[] | undefined | Mend {
  if (days === undefined) return before.works;
  const works = EVERY_WEEKDAY.filter((day) => days.split(',').includes(String(day)));
  if (works.length === 0)
    return mend('Please leave at least one working day, or choose a pause instead. Nothing was saved.');
  return works.join() === byFile.join() ? undefined : works;
}

function hoursFrom(inputs: Inputs, before: Hours | undefined): Hours | undefined | Mend {
  const first = hourFrom(inputs['first-hour'], FIRST_HOURS, before?.from);
  const last = hourFrom(inputs['last-hour'], LAST_HOURS, before?.to);
  if (first !== undefined && last !== undefined && first >= last)
    return mend(`Please choose a last hour that is after ${first}. Nothing was saved.`);
  if (first === undefined && last === undefined) return undefined;
  return { ...(first ? { from: first } : {}), ...(last ? { to: last } : {}) };
}

function hourFrom(
  value: string | undefined,
  known: readonly string[],
  before: string | undefined,
): string | undefined {
  if (value === 'any') return undefined;
  return known.find((time) => hourValue(time) === value) ?? before;
}

function delegationFrom(
  inputs: Inputs,
  before: Delegation | undefined,
  facts: ChoiceFacts,
): Delegation | undefined | Mend {
  const kept = before && before.to >= facts.today ? before : undefined;
  const words = inputs.delegate?.trim();
  if (words === undefined) return kept;
  if (words === '') return undefined;
  const [delegate, another] = facts.find(words);
  if (delegate === undefined)
    return mend('I found no colleague by that name. Please give their full name or their work address.');
  if (another !== undefined)
    return mend('More than one colleague has that name. Please give their work address instead.');
  if (delegate === facts.personId) return mend('That is you. Please name a colleague, or leave it empty.');
  if (facts.readers.includes(delegate))
    return mend(
      'They read your check-ins, and nobody answers and approves the same one. Please name somebody else.',
    );
  const from = (inputs['delegate-from'] ?? '').trim();
  const to = (inputs['delegate-to'] ?? '').trim();
  if (!isDate(from) || !isDate(to))
    return mend('Please choose the first and the last day on which they act for you.');
  if (to < from) return mend('The last day is before the first. Please change one of the two.');
  if (to < facts.today)
    return mend(`The last day, ${dateInWords(to)}, has passed. Please choose a later one.`);
  if (daysBetween(facts.today, from) > LONGEST_DELEGATION)
    return mend(`That begins on ${dateWithYear(from)}, more than a year from now. Please check the year.`);
  if (daysBetween(from, to) > LONGEST_DELEGATION)
    return mend('That is more than a year. Please choose an earlier last day.');
  return { delegate, from, to };
}

function mend(message: string): Mend {
  return { kind: 'mend', message };
}
