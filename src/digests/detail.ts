/** A part of what stands behind "See more": its heading and its items, or nothing. Pure. */
import { type Action, actionSet, bullets, type Element, line } from '../cards/elements.ts';
import { numberInWords } from '../kernel/text.ts';

const MOST_BULLETS = 12;
/** More in one set fold away, or are refused. */
const MOST_ACTIONS = 5;

/** Items over `most` are counted. */
export function section(heading: string, items: readonly string[], most = MOST_BULLETS): Element[] {
  if (items.length === 0) return [];
  const over = items.length - most;
  const rest = over > 0 ? [`and ${numberInWords(over)} more`] : [];
  return [line(`**${heading}**`), bullets([...items.slice(0, most), ...rest])];
}

/** `94 in every 100`, `97 or more in every 100`. */
export function inEvery100(attendedIn100: number, bound: string | undefined): string {
  return `${attendedIn100}${bound ?? ''} in every 100`;
}

export function actionSets(actions: readonly Action[]): Element[] {
  const starts = actions.flatMap((_action, index) => (index % MOST_ACTIONS === 0 ? [index] : []));
  return starts.map((start) => actionSet(actions.slice(start, start + MOST_ACTIONS)));
}
