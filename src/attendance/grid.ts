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

export class GridBuilder {
  readonly pupils: GridPupil[] = [];
  readonly contexts: Context[] = [];
  readonly #schools = new Map<string, Map<string, GridPupil>>();
  readonly #numbers = new Map<string, number>();

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
      cells: new Uint8Array(16),
      contexts: new Uint16Array(8),
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
    while (pupil.contexts.length <= day) {
      pupil.cells = grown(pupil.cells, new Uint8Array(pupil.cells.length * 2));
      pupil.contexts = grown(pupil.contexts, new Uint16Array(pupil.contexts.length * 2));
    }
    const place = day * 2 + session;
    if (pupil.cells[place] !== NONE) return 'second-time';
    const before = pupil.contexts[day] ?? 0;
    if (before !== 0 && before !== context) return 'other-groups';
    pupil.cells[place] = kind;
    pupil.contexts[day] = context;
    return 'placed';
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

function grown<Cells extends Uint8Array | Uint16Array>(from: Cells, into: Cells): Cells {
  into.set(from);
  return into;
}
