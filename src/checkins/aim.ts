/**
 * What a milestone's figure aims for and which way is better: up, down, up by a date, or done. Decides what counts as closer
 * or further, and how aim and figure are said. Pure; knows nothing of who reports or approves.
 */
import { type SafeText, said } from '../cards/elements.ts';
import { dateWithYear } from '../kernel/time.ts';

/** `by-date`: as `higher`, with the due date said. `yes-no`: 1 is done, 0 not yet; there is no unit. */
export type Direction = 'higher' | 'lower' | 'by-date' | 'yes-no';

/** As the card, the file and the list name them. */
export const DIRECTIONS: readonly (readonly [direction: Direction, says: string])[] = [
  ['higher', 'Higher is better'],
  ['lower', 'Lower is better'],
  ['by-date', 'Reach it by the due date'],
  ['yes-no', 'Done, or not yet'],
];

/** `direction` absent: nobody has said, which counts as `higher`. */
export type Aim = {
  readonly target: number;
  readonly unit: string;
  readonly due?: string;
  readonly direction?: Direction;
};

export type Move = 'closer' | 'same' | 'further';

/** How the figure moved since last time. What is past the aim and slips back counts as further: it costs a look. */
export function moveOf({ direction }: Pick<Aim, 'direction'>, before: number, now: number): Move {
  if (now === before) return 'same';
  return now > before === (direction !== 'lower') ? 'closer' : 'further';
}

export function isReached({ direction, target }: Pick<Aim, 'direction' | 'target'>, value: number): boolean {
  if (direction === 'yes-no') return value >= 1;
  return direction === 'lower' ? value <= target : value >= target;
}

/** `150 families`, `at most 5 days`, `150 families by 18 December 2026`, `done`. */
export function aimInWords(aim: Aim): SafeText {
  return said(aimAsText(aim));
}

/** The same for files, where nothing is escaped. */
export function aimAsText({ target, unit, due, direction }: Aim): string {
  if (direction === 'yes-no') return due ? `done by ${dateWithYear(due)}` : 'done';
  const figure = withUnit(target, unit);
  if (direction === 'lower') return `at most ${figure}`;
  return direction === 'by-date' && due ? `${figure} by ${dateWithYear(due)}` : figure;
}

/** `96 of 150 families`, `62% (aim: 80%)`, `12 days (aim: at most 5)`, `done`, `not done yet`. */
export function valueInWords(value: number, aim: Aim): SafeText {
  return said(valueAsText(value, aim));
}

/** The same for files, where nothing is escaped. */
export function valueAsText(value: number, { target, unit, direction }: Aim): string {
  if (direction === 'yes-no') return value >= 1 ? 'done' : 'not done yet';
  const limit = direction === 'lower' ? 'at most ' : '';
  if (isPercent(unit)) return `${numbered(value)}% (aim: ${limit}${numbered(target)}%)`;
  if (direction !== 'lower' && Number.isInteger(value) && value <= target)
    return `${numbered(value)} of ${numbered(target)} ${unit}`;
  return `${numbered(value)} ${unit} (aim: ${limit}${numbered(target)})`;
}

function withUnit(figure: number, unit: string): string {
  return isPercent(unit) ? `${numbered(figure)}%` : `${numbered(figure)} ${unit}`;
}

function isPercent(unit: string): boolean {
  return /^(%|per ?cent\b)/i.test(unit);
}

function numbered(figure: number): string {
  return figure.toLocaleString('en-GB');
}
