/**
 * How a milestone's figure and status moved over its approved check-ins, as a card: a line where charts are shown, and all of it
 * in words. Two points are no trend. Nothing here says when anybody answered: a point is a round. Pure.
 */
import { lineChart } from '../cards/charts.ts';
import { button, type Card, card, type Element, line, title } from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { capital, numberInWords } from '../kernel/text.ts';
import { dateInWords, dateWithYear } from '../kernel/time.ts';
import { isReached, moveOf, valueInWords } from './aim.ts';
import type { Answer } from './lifecycle.ts';
import type { Milestone } from './milestone.ts';
import { VERBS, whoSeesMilestone } from './milestone-card.ts';
import { STATUS_WORDS, titleOf } from './words.ts';

/** An approved check-in; `round` is the date of its round. */
export type Point = { readonly round: string; readonly answer: Answer };

/** Fewer say nothing of a direction. */
const FEWEST = 3;
/** As far as a card's line can be read. */
const SHOWN = 12;
const STATUSES_SHOWN = 4;

export function trendCard(view: {
  readonly milestone: Milestone;
  /** Oldest first. */
  readonly points: readonly Point[];
  readonly owner: string;
  readonly reader: string;
}): Card {
  const { milestone, points } = view;
  const shown = points.slice(-SHOWN);
  const figures = shown.flatMap(({ round, answer }) =>
    answer.value === undefined ? [] : [{ round, value: answer.value }],
  );
  const drawn = figures.length >= FEWEST && milestone.direction !== 'yes-no';
  const words = trendInWords(milestone, figures);
  return card({
    summary: 'The trend of a milestone.',
    body: [
      title(`Trend: ${titleOf(milestone)}`),
      ...(drawn ? [chart(milestone, figures, words)] : []),
      line(words),
      ...statusLine(shown),
      whoSeesMilestone(view.owner, view.reader),
    ],
    actions: [button('See the milestone', envelope(VERBS.show, milestone.id), { withoutInputs: true })],
  });
}

type Figure = { readonly round: string; readonly value: number };

/** In words, from approved figures in order. */
export function trendInWords(milestone: Milestone, figures: readonly Figure[]): string {
  const last = figures.at(-1);
  if (!last) return 'No figure has been approved yet, so there is no trend.';
  const now = `${valueInWords(last.value, milestone)} on ${dateInWords(last.round)}`;
  if (figures.length < FEWEST)
    return `${capital(now)}. ${capital(numberInWords(figures.length))} approved ${figures.length === 1 ? 'figure makes' : 'figures make'} no trend; from three on it is shown.`;
  const first = figures[0] ?? last;
  const since = `Since ${dateWithYear(first.round)}, over ${numberInWords(figures.length)} approved check-ins`;
  const reached = isReached(milestone, last.value) ? ' The aim is reached.' : '';
  return `${since}: ${movesInWords(milestone, figures)}. Then ${valueInWords(first.value, milestone)}, now ${valueInWords(last.value, milestone)}.${reached}`;
}

function movesInWords(milestone: Milestone, figures: readonly Figure[]): string {
  const moves = figures
    .slice(1)
    .map(({ value }, index) => moveOf(milestone, figures[index]?.value ?? value, value));
  const closer = moves.includes('closer');
  const further = moves.includes('further');
  if (!closer && !further) return 'the same each time';
  if (closer && further) {
    const [first, last] = [figures[0]?.value ?? 0, figures.at(-1)?.value ?? 0];
    const whole = moveOf(milestone, first, last);
    return whole === 'same'
      ? 'up and down, and back where it was'
      : `both ways, and ${whole === 'closer' ? 'closer to the aim' : 'further from the aim'} on the whole`;
  }
  const each = moves.includes('same') ? '' : ' each time';
  return closer ? `closer to the aim${each}` : `further from the aim${each}`;
}

function chart(milestone: Milestone, figures: readonly Figure[], words: string): Element {
  const at = figures.map(({ round, value }) => [short(round), value] as const);
  const aim = figures.map(({ round }) => [short(round), milestone.target] as const);
  return lineChart({ title: milestone.measure, unit: milestone.unit, words }, [
    { name: 'Approved figure', values: at },
    { name: milestone.direction === 'lower' ? 'Aim: at most' : 'Aim', values: aim },
  ]);
}

/** `7 December`: labels under a line are narrow. */
function short(round: string): string {
  return dateInWords(round).replace(/^\w+ /, '');
}

function statusLine(points: readonly Point[]): Element[] {
  if (points.length === 0) return [];
  const statuses = points
    .slice(-STATUSES_SHOWN)
    .map(({ answer }) => STATUS_WORDS[answer.status].toLowerCase());
  return [
    line(statuses.length === 1 ? `Status: ${statuses[0]}.` : `Status, oldest first: ${statuses.join(', ')}.`),
  ];
}
