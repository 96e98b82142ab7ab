/**
 * Reads rows about pupils, long or week-wide, into the grid. It checks every cell that a figure needs; who the pupils are
 * is held only to tell them apart.
 */
import { compulsorySpan, isCompulsory } from './age.ts';
import { type CellReader, isMinutes, readHalf, remembering, sameSpans } from './cell-readers.ts';
import { HALF_DAYS, type Header, readRegGroup, readSen, readYearGroup, readYesNo } from './columns.ts';
import { dateReader } from './date-column.ts';
import { GridBuilder, type GridPupil } from './grid.ts';
import { MISSING, NONE, readKind, ruleAt } from './kinds.ts';
import { isLegacyUse, type LegacyUse, legacyNotes } from './legacy.ts';
import { cellOf, isCell, keptCell, type Row } from './lines.ts';
import type { MarksOptions, RowReader } from './marks.ts';
import { type Problems, quote } from './problems.ts';
import { isUpn } from './upn.ts';

export function createPupilRows(header: Header, options: MarksOptions, problems: Problems): RowReader {
  const { at } = header;
  const wide = header.layout === 'wide';
  const dateColumn = wide ? 'week_commencing' : 'date';
  const grid = new GridBuilder();
  const dates = dateReader({ column: dateColumn, daysEach: wide ? 5 : 1, options, problems });
  const owners = new Map<string, GridPupil>();
  const legacy: LegacyUse[] = [];
  /** Marks of X, for pupils who are of compulsory school age. */
  const excused: { readonly pupil: GridPupil; readonly day: number }[] = [];
  const halfDays = HALF_DAYS.map((name) => at[name]);
  const changing = [...CHANGING, ...HALF_DAYS].map((name) => at[name]).filter((place) => place >= 0);
  const lead = Math.min(...changing);
  const spans = sameSpans(
    ABOUT_PUPIL.map((name) => at[name]).filter((place) => place >= 0),
    lead,
  );
  let last: GridPupil | undefined;
  let pupil: GridPupil | undefined;
  let context: number | undefined;

  const school = remembering((text) => (options.schools.has(text) ? text : undefined));
  const blank = options.blankMeansNo ? 'no' : undefined;
  const year = column('year_group', readYearGroup, 'unknown');
  const reg = column('reg_group', readRegGroup, '');
  const pp = column('pp', (text) => (text === '' ? blank : readYesNo(text)), 'unknown');
  const sen = column('sen', (text) => (text === '' && blank ? 'N' : readSen(text)), 'unknown');
  const age = column('compulsory_age', readYesNo, 'unknown');

  function column(
    name: 'year_group' | 'reg_group' | 'pp' | 'sen' | 'compulsory_age',
    read: (text: string) => string | undefined,
    absent: string,
  ): CellReader<string> {
    return at[name] < 0 ? () => absent : remembering(read);
  }

  function readRow(row: Row): void {
    const before = problems.count;
    if (!row.plain || !spans.isSame(row)) {
      const urn = schoolOf(row);
      pupil = urn === undefined ? undefined : pupilOf(row, urn);
      context = contextOf(row);
      if (row.plain && problems.count === before) spans.keep(row);
      else spans.forget();
    }
    const day = dates.take(row, at[dateColumn]);
    const half = wide ? 0 : readHalf(row, at.session);
    if (half === undefined) problems.report(row.line, 'session', 'must be AM or PM');
    if (at.minutes_late >= 0 && !isMinutes(row, at.minutes_late))
      problems.report(row.line, 'minutes_late', 'must be whole minutes or empty');
    const usable = pupil && context !== undefined && half !== undefined && problems.count === before;
    if (wide)
      for (const [place, cell] of halfDays.entries())
        mark(
          row,
          cell,
          HALF_DAYS[place] ?? '',
          usable ? pupil : undefined,
          day + (place >> 1),
          place & 1,
          context ?? 0,
        );
    else mark(row, at.mark, 'mark', usable ? pupil : undefined, day, half ?? 0, context ?? 0);
  }

  /** Checks the mark, and places it when all else in the row is sound. */
  function mark(
    row: Row,
    cell: number,
    name: string,
    pupil: GridPupil | undefined,
    day: number,
    half: number,
    context: number,
  ): void {
    const start = row.starts[cell] ?? 0;
    const end = row.ends[cell] ?? 0;
    const kind = readKind(row.text, start, end);
    if (kind === NONE) {
      problems.report(row.line, name, `${quote(cellOf(row, cell))} is not an attendance code`);
      return;
    }
    if (!pupil) return;
    const placing = grid.place(pupil, day, half, kind, context);
    if (placing === 'second-time')
      problems.report(row.line, wide ? dateColumn : 'session', 'gives this pupil’s session a second time');
    else if (placing === 'other-groups')
      problems.report(row.line, '', 'puts this pupil in other groups than the other half of the day');
    if (kind === MISSING || end - start > 1) return;
    const rule = isLegacyUse(row.text.charCodeAt(start)) ? ruleAt(row.text, start, end) : undefined;
    if (rule?.to !== undefined) legacy.push({ rule, day });
    else if (rule && (at.dob >= 0 || at.compulsory_age >= 0)) excused.push({ pupil, day });
  }

  function schoolOf(row: Row): string | undefined {
    if (at.school_urn < 0) return options.schoolUrn;
    const urn = school(row, at.school_urn);
    if (urn === undefined)
      problems.report(
        row.line,
        'school_urn',
        `${quote(cellOf(row, at.school_urn))} is not one of the trust’s schools`,
      );
    else if (options.schoolUrn !== undefined && urn !== options.schoolUrn)
      problems.report(
        row.line,
        'school_urn',
        `is not ${options.schoolUrn}, the school this file was sent for`,
      );
    return urn;
  }

  function pupilOf(row: Row, urn: string): GridPupil | undefined {
    const place = at.pupil_id;
    if (row.starts[place] === row.ends[place]) {
      problems.report(row.line, 'pupil_id', 'is empty');
      return undefined;
    }
    if (last?.schoolUrn !== urn || !isCell(row, place, last.id)) {
      const id = keptCell(row, place);
      if (id.length > LONGEST_ID) {
        problems.report(row.line, 'pupil_id', 'is longer than any pupil’s number');
        return undefined;
      }
      last = grid.pupil(urn, id);
    }
    checkUpn(row, last);
    if (at.dob >= 0) checkBirth(row, last);
    if (options.named?.has(urn) && !last.named)
      last.named = { surname: nameIn(row, at.surname), forename: nameIn(row, at.forename) };
    return last;
  }

  /** The same pupil keeps one number, and no other pupil of the school has it; a wrong check letter is a slip. */
  function checkUpn(row: Row, pupil: GridPupil): void {
    const place = at.upn;
    if (place < 0 || row.starts[place] === row.ends[place]) return;
    if (pupil.upn !== '') {
      if (!isCell(row, place, pupil.upn))
        problems.report(row.line, 'upn', 'is not the one given for this pupil further up');
      return;
    }
    const upn = keptCell(row, place);
    pupil.upn = upn;
    if (!isUpn(upn)) problems.report(row.line, 'upn', 'has a wrong check letter or shape');
    const key = `${pupil.schoolUrn} ${upn}`;
    if (owners.has(key)) problems.report(row.line, 'upn', 'is another pupil’s further up');
    owners.set(key, pupil);
  }

  function checkBirth(row: Row, pupil: GridPupil): void {
    if (row.starts[at.dob] === row.ends[at.dob]) return;
    if (pupil.born === '') {
      pupil.born = keptCell(row, at.dob);
      dates.birth(pupil.born, row.line);
    } else if (!isCell(row, at.dob, pupil.born))
      problems.report(row.line, 'dob', 'is not the one given for this pupil further up');
  }

  let lastKey: readonly (string | undefined)[] = [];
  let lastContext = 0;

  function contextOf(row: Row): number | undefined {
    const said = [
      year(row, at.year_group),
      pp(row, at.pp),
      sen(row, at.sen),
      reg(row, at.reg_group),
    ] as const;
    const compulsory = age(row, at.compulsory_age);
    if (compulsory === undefined) problems.report(row.line, 'compulsory_age', 'must be Y or N');
    else if (last && compulsory !== 'unknown') last.compulsory = compulsory === 'yes' ? 'yes' : 'no';
    if (said.every((part, index) => part === lastKey[index])) return lastContext;
    const [ofYear, disadvantaged, support, group] = said;
    if (ofYear === undefined)
      problems.report(row.line, 'year_group', `${quote(cellOf(row, at.year_group))} is not a year group`);
    if (disadvantaged === undefined) problems.report(row.line, 'pp', 'must be Y or N');
    if (support === undefined) problems.report(row.line, 'sen', 'must be N, K or E');
    if (group === undefined)
      problems.report(
        row.line,
        'reg_group',
        `${quote(cellOf(row, at.reg_group))} is not the name of a tutor group`,
      );
    if (ofYear === undefined || disadvantaged === undefined || support === undefined || group === undefined)
      return undefined;
    lastKey = said;
    lastContext = grid.context({ year: ofYear, pp: disadvantaged, sen: support, reg: group });
    return lastContext;
  }

  return {
    lead,
    row: readRow,
    finish: () => {
      if (grid.contexts.length > MOST_CONTEXTS)
        problems.report(0, '', 'the pupils are in more combinations of groups than any trust has');
      if (namesPupils(grid))
        problems.report(
          1,
          'reg_group',
          'has nearly a group for each pupil, so it may hold their names; put the tutor group here, or leave the column out',
        );
      if (wide) grid.dropBlankDays(dates.days());
      const found = dates.finish((day) =>
        grid.pupils.some(
          ({ cells }) => (cells[day * 2] ?? 0) > MISSING || (cells[day * 2 + 1] ?? 0) > MISSING,
        ),
      );
      for (const pupil of grid.pupils) pupil.born = found.births.get(pupil.born) ?? '';
      const notes = [
        ...(at.pp < 0 ? ['There is no column pp, so the gap cannot be worked out.'] : []),
        ...legacyNotes(legacy, found.dates),
        ...excusedNote(excused.filter(({ pupil, day }) => isOfAge(pupil, found.dates[day] ?? '')).length),
      ];
      return {
        kind: 'marks',
        grid: { pupils: grid.pupils, contexts: grid.contexts, dates: found.dates },
        notes,
      };
    },
  };
}

/** Fewer pupils may each be of another group: a file of a few corrections. */
const ENOUGH_TO_TELL = 10;

/** A group's name is kept as it is written, so a column that tells pupils apart must not pass for tutor groups. */
function namesPupils({ pupils, contexts }: GridBuilder): boolean {
  const groups = new Set(contexts.map(({ reg }) => reg));
  groups.delete('');
  return pupils.length >= ENOUGH_TO_TELL && groups.size * 2 > pupils.length;
}

/** Columns that say something new in every row. */
const CHANGING = ['date', 'session', 'mark', 'minutes_late', 'week_commencing'] as const;
/** Columns that say the same in every row of a pupil, as a rule. */
const ABOUT_PUPIL = [
  'school_urn',
  'pupil_id',
  'upn',
  'surname',
  'forename',
  'year_group',
  'reg_group',
  'pp',
  'sen',
  'dob',
  'compulsory_age',
] as const;
const LONGEST_ID = 64;
/** Numbers of contexts are kept in sixteen bits. */
const MOST_CONTEXTS = 65_000;

function nameIn(row: Row, place: number): string {
  return place < 0 ? '' : keptCell(row, place).slice(0, 60);
}

/** Whether the pupil is of compulsory school age on a date, as far as the file says. */
export function isOfAge(pupil: GridPupil, date: string): boolean {
  if (pupil.born === '') return pupil.compulsory === 'yes';
  pupil.span ??= compulsorySpan(pupil.born);
  return isCompulsory(pupil.span, date);
}

function excusedNote(marks: number): string[] {
  return marks === 0
    ? []
    : [
        `X is for children who are not of compulsory school age; ${marks} ${marks === 1 ? 'mark is' : 'marks are'} of pupils who are. Look at them in your system.`,
      ];
}
