/** Readers of one cell that remember what they have read: a file says the same few things millions of times. */
import { isCell, keptCell, type Row } from './lines.ts';

/** Beyond this a column is not one of few values, and remembering it would only cost memory. */
const MOST_REMEMBERED = 5_000;

/** What the cell says, or undefined when it says nothing that may stand there. */
export type CellReader<Value> = (row: Row, place: number) => Value | undefined;

export function remembering<Value>(read: (text: string) => Value | undefined): CellReader<Value> {
  const known = new Map<string, Value | undefined>();
  let lastText: string | undefined;
  let last: Value | undefined;
  return (row, place) => {
    if (lastText !== undefined && isCell(row, place, lastText)) return last;
    const text = keptCell(row, place);
    if (!known.has(text)) {
      if (known.size >= MOST_REMEMBERED) known.clear();
      known.set(text, read(text));
    }
    lastText = text;
    last = known.get(text);
    return last;
  };
}

/** `AM` is 0 and `PM` is 1, in capitals or not; undefined for anything else. */
export function readHalf(row: Row, place: number): 0 | 1 | undefined {
  const start = row.starts[place] ?? 0;
  if ((row.ends[place] ?? 0) - start !== 2) return undefined;
  // 32 is what small letters have more than capitals.
  if ((row.text.charCodeAt(start + 1) & ~32) !== LETTER_M) return undefined;
  const first = row.text.charCodeAt(start) & ~32;
  if (first === LETTER_A) return 0;
  return first === LETTER_P ? 1 : undefined;
}

const LETTER_A = 65;
const LETTER_M = 77;
const LETTER_P = 80;

/** Whole minutes under 1000, or nothing. */
export function isMinutes(row: Row, place: number): boolean {
  const start = row.starts[place] ?? 0;
  const end = row.ends[place] ?? 0;
  if (end - start > 3) return false;
  for (let at = start; at < end; at += 1) {
    const code = row.text.charCodeAt(at);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

/**
 * Whether some columns say what they said in an earlier row: where they stand side by side they are compared in one go. A
 * file has hundreds of rows about a pupil in a line, and only a few cells of each are news. Cells before the place `lead` are
 * known to be the same where the row says so.
 */
export function sameSpans(places: readonly number[], lead: number) {
  const spans: { readonly first: number; last: number }[] = [];
  for (const place of [...new Set(places)].toSorted((left, right) => left - right)) {
    const span = spans.at(-1);
    if (span && span.last === place - 1) span.last = place;
    else spans.push({ first: place, last: place });
  }
  const texts: string[] = [];
  return {
    isSame: (row: Row): boolean => {
      if (texts.length === 0) return false;
      for (let index = 0; index < spans.length; index += 1) {
        const { first = 0, last = 0 } = spans[index] ?? {};
        if (row.sameLead && last < lead) continue;
        const text = texts[index] ?? '';
        const start = row.starts[first] ?? 0;
        if ((row.ends[last] ?? 0) - start !== text.length || !row.text.startsWith(text, start)) return false;
      }
      return true;
    },
    keep: (row: Row): void => {
      spans.forEach(({ first, last }, index) => {
        texts[index] = row.text.slice(row.starts[first], row.ends[last]);
      });
    },
    forget: (): void => {
      texts.length = 0;
    },
  };
}
