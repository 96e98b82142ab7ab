/**
 * Attendance as lines of text for the command line: a receipt, a refusal, a week's figures, worked cases. Says nothing
 * that a release or a receipt does not hold.
 */
import { count } from '../kernel/text.ts';
import type { CaseResult } from './cases.ts';
import type { ImportReceipt, ImportRefusal } from './imports.ts';
import { yearName } from './insight.ts';
import type { WeekFigures } from './week-service.ts';

export function receiptLines(receipt: ImportReceipt): string[] {
  const states = (['new', 'corrected', 'unchanged'] as const)
    .map((state) => ({ state, weeks: receipt.weeks.filter((one) => one.state === state) }))
    .filter(({ weeks }) => weeks.length > 0)
    .map(({ state, weeks }) => `${count(weeks.length, 'school week')} ${state}`);
  return [
    `Imported ${count(receipt.rows, 'mark')}: ${states.join(', ')}.`,
    ...receipt.weeks
      .filter((one) => one.state !== 'unchanged')
      .map((one) => {
        const moved = one.moved === null ? '' : `, attendance moved by ${one.moved}`;
        return `  ${one.schoolUrn} ${one.week}: ${one.state}, ${count(one.pupils, 'pupil')}, ${one.complete}% of marks are in${moved}`;
      }),
    ...receipt.notes,
  ];
}

/** `file:line column: reason`, as editors understand it. */
export function refusalLines(refusal: ImportRefusal, file: string): string[] {
  return [
    refusal.message,
    ...refusal.problems.map(({ line, column, reason }) => {
      const at = line > 0 ? `${file}:${line}` : file;
      return `  ${at} ${column ? `${column}: ` : ''}${reason}`;
    }),
    ...(refusal.more > 0 ? [`  and ${refusal.more} more`] : []),
  ];
}

export function figuresLines(figures: readonly WeekFigures[]): string[] {
  return figures.flatMap((one) => {
    const head = `${one.name} (${one.schoolUrn}), ${one.week}`;
    if (!one.release) return [`${head}: no figures, ${one.note}.`];
    const { school, gap, gapHidden, before, lastYear, schoolDays, standOutDay, standOutYear } = one.release;
    const seen = one.state === 'published' ? 'as published' : 'as it would be published now';
    const compared = [
      before?.school ? `week before ${before.school.attendance}%` : '',
      lastYear ? `same week last year ${lastYear.attendance}%` : '',
    ].filter((part) => part !== '');
    const groups = gap
      ? `days missed for every 10 pupils: ${gap.disadvantaged} by those experiencing disadvantage, ${gap.others} by others`
      : gapHidden === 'few'
        ? 'too few pupils in a group to compare'
        : 'the file does not say who experiences disadvantage';
    const standsOut = [standOutDay ?? '', standOutYear ? yearName(standOutYear) : ''].filter(
      (part) => part !== '',
    );
    return [
      `${head}, ${count(schoolDays, 'school day')}, ${one.complete}% of marks are in, ${seen}:`,
      `  attendance ${school?.attendance ?? '–'}%${compared.length > 0 ? ` (${compared.join(', ')})` : ''}`,
      `  ${groups}${before?.gap ? ` (week before ${before.gap.disadvantaged} and ${before.gap.others})` : ''}`,
      ...(standsOut.length > 0 ? [`  stands out: ${standsOut.join(', ')}`] : []),
    ];
  });
}

export function caseLines(results: readonly CaseResult[]): string[] {
  const failed = results.filter((result) => !result.pass);
  return [
    ...failed.flatMap((result) => [
      `${result.id} (${result.kind}) failed`,
      `  expected ${JSON.stringify(result.expected)}`,
      `  actual   ${JSON.stringify(result.actual)}`,
    ]),
    `${results.length - failed.length} of ${count(results.length, 'case')} passed.`,
  ];
}
