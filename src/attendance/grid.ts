/**
 * The pupils of one file with what each session counted as, in memory for as long as an import lasts. Knows neither columns
 * nor files: what is put here has been read and checked.
 */
import type { CompulsorySpan } from './age.ts';
import { MISSING, NONE } from './kinds.ts';

/** What is said of a pupil on a day: the groups that a session counts in. `unknown` when the file has no such column. */
export type Context = {
  readonly year: string;
  readonly pp: string;
  readonly sen: string;
  /** The tutor group; empty for none. */
  readonly reg: string;
};

export type Named = { readonly surname: string; readonly forename: string };

export type GridPupil = {
  readonly schoolUrn: string;
  readonly id: string;
  upn: string;
  /** As written, and when the file has been read as an ISO date. */
  born: string;
  /** Made from `born` when it is first asked for. */
  span: CompulsorySpan | undefined;
  compulsory: 'yes' | 'no' | 'unknown';
  named: Named | undefined;
  /** Two cells a day by day number, each a place in `KINDS`. */
  cells: Uint8Array;
  /** The number of the context by day, from 1; 0 on a day without a row. */
  contexts: Uint16Array;
};

export type MarksGrid = {
  readonly pupils: readonly GridPupil[];
  /** The date of each day number. */
  readonly dates: readonly string[];
  readonly contexts: readonly Context[];
};

export type Placing = 'placed' | 'second-time' | 'other-groups';

/** Two bytes of context and a cell for each half of the day. */
const DAY_BYTES = 4;
const FEWEST_DAYS = 5;
const BLOCK = 1 << 18;
const NO_CELLS = new Uint8Array();
const NO_CONTEXTS = new Uint16Array();

export class GridBuilder {
  readonly pupils: GridPupil[] = [];
  readonly contexts: Context[] = [];
  readonly #schools = new Map<string, Map<string, GridPupil>>();
  readonly #numbers = new Map<string, number>();
  /** Cells of all pupils, one block after another: an array of its own for each costs more than what it holds. */
  #block = new ArrayBuffer(0);
  #used = 0;
  /** Days for which any pupil has had room so far; the next one will most likely need as many. */
  #days = 0;

  /** The pupil of that number in that school, made on first sight. */
  pupil(schoolUrn: string, id: string): GridPupil {
    let ofSchool = this.#schools.get(schoolUrn);
    if (!ofSchool) {
      ofSchool = new Map();
      this.#schools.set(schoolUrn, ofSchool);
    }
    const known = ofSchool.get(id);
    if (known) return known;
    const pupil: GridPupil = {
      schoolUrn,
      id,
      upn: '',
      born: '',
      span: undefined,
      compulsory: 'unknown',
      named: undefined,
      cells: NO_CELLS,
      contexts: NO_CONTEXTS,
    };
    ofSchool.set(id, pupil);
    this.pupils.push(pupil);
    return pupil;
  }

  context(context: Context): number {
    const key = `${context.year}\n${context.pp}\n${context.sen}\n${context.reg}`;
    const known = this.#numbers.get(key);
    if (known) return known;
    this.contexts.push(context);
    this.#numbers.set(key, this.contexts.length);
    return this.contexts.length;
  }

  place(pupil: GridPupil, day: number, session: number, kind: number, context: number): Placing {
    this.#days = Math.max(this.#days, day + 1);
    if (pupil.contexts.length <= day) this.#makeRoom(pupil);
    const place = day * 2 + session;
    if (pupil.cells[place] !== NONE) return 'second-time';
    const before = pupil.contexts[day] ?? 0;
    if (before !== 0 && before !== context) return 'other-groups';
    pupil.cells[place] = kind;
    pupil.contexts[day] = context;
    return 'placed';
  }

  /** For the days of the file so far, and for twice as many as before when it goes on day by day. */
  #makeRoom(pupil: GridPupil): void {
    const days = Math.max(this.#days, pupil.contexts.length * 2, FEWEST_DAYS);
    const bytes = days * DAY_BYTES;
    if (this.#used + bytes > this.#block.byteLength) {
      this.#block = new ArrayBuffer(Math.max(BLOCK, bytes));
      this.#used = 0;
    }
    const contexts = new Uint16Array(this.#block, this.#used, days);
    const cells = new Uint8Array(this.#block, this.#used + days * 2, days * 2);
    this.#used += bytes;
    contexts.set(pupil.contexts);
    cells.set(pupil.cells);
    pupil.contexts = contexts;
    pupil.cells = cells;
  }

  /** A week-wide file has a cell for each day, also for one on which the school was shut: a day all blank is no day. */
  dropBlankDays(days: number): void {
    for (const ofSchool of this.#schools.values()) {
      const pupils = [...ofSchool.values()];
      for (let day = 0; day < days; day += 1) {
        const marked = pupils.some(
          ({ cells }) => (cells[day * 2] ?? 0) > MISSING || (cells[day * 2 + 1] ?? 0) > MISSING,
        );
        if (marked) continue;
        for (const { cells, contexts } of pupils)
          if (day < contexts.length) {
            cells.fill(NONE, day * 2, day * 2 + 2);
            contexts[day] = 0;
          }
      }
    }
  }
}
