/** What is wrong with a file: each problem with its line and column, the first of them kept and the rest counted. */

/** `line` counts from 1, the header; 0 is the file as a whole. */
export type MarksProblem = { readonly line: number; readonly column: string; readonly reason: string };

/** Enough to mend a file by. */
const PROBLEMS_KEPT = 500;

export class Problems {
  readonly #kept: MarksProblem[] = [];
  /** How many there are. A plain number, since it is looked at for every row. */
  count = 0;

  report(line: number, column: string, reason: string): void {
    this.count += 1;
    if (this.#kept.length < PROBLEMS_KEPT) this.#kept.push({ line, column, reason });
  }

  get more(): number {
    return this.count - this.#kept.length;
  }

  inOrder(): MarksProblem[] {
    return this.#kept.toSorted((left, right) => left.line - right.line);
  }
}

/** Words of the file in a message: short, and without anything that could act in a card, a terminal or a spreadsheet. */
export function quote(text: string): string {
  const plain = text.replace(/[^\p{L}\p{N} .,:/\\#?-]/gu, '?');
  return `"${plain.length > 12 ? `${plain.slice(0, 12)}…` : plain}"`;
}
