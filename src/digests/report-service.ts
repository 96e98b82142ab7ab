/** Reads what a term report needs and makes its two files. The scope is the caller's, and is looked at again at every step. */
import { calendarOf, schoolByUrn, type Trust } from '../config/trust.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { addDays, dateOf, weekOf } from '../kernel/time.ts';
import { type Scope, schoolsIn } from './audience.ts';
import type { MilestoneStandings, TermReleases } from './ports.ts';
import { composeReport, fileStem, type ReportTerm, type TermReport } from './report.ts';
import { reportDocument } from './report-docx.ts';
import { reportSpreadsheet } from './report-xlsx.ts';

export type ReportResources = {
  readonly trust: Trust;
  readonly checkins: Pick<MilestoneStandings, 'summaryAt'>;
  readonly releases: TermReleases;
};

/** `name`: with its ending; `type`: MIME. */
export type ReportFile = { readonly name: string; readonly type: string; readonly bytes: Buffer };

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type MadeReport = { readonly report: TermReport; readonly files: readonly ReportFile[] };

export type Reports = {
  /** For the command line: of the whole trust, or of one school. */
  forOperator(
    wanted: WantedTerm & { readonly school?: string | undefined },
    now: Date,
  ): Promise<MadeReport | Refusal>;
};

export type WantedTerm = { readonly term: number; readonly year?: string | undefined };

export function createReports(resources: ReportResources): Reports {
  return {
    forOperator: async ({ school, ...wanted }, now) => {
      const scope = operatorScope(resources.trust, school);
      if ('kind' in scope) return scope;
      const report = await readReport(resources, scope, wanted, now);
      return 'kind' in report ? report : { report, files: await reportFiles(report) };
    },
  };
}

/** `year`: `2026/27`; without it the newest such term that has begun. Refuses `unknown-term`. */
export function termOf(
  trust: Trust,
  scope: Scope,
  wanted: WantedTerm,
  now: Date,
): { readonly term: ReportTerm; readonly before: string | undefined } | Refusal {
  const today = dateOf(now, trust.trust.zone);
  const school = trust.schools.find(({ urn }) => scope.urns.includes(urn)) ?? trust.schools[0];
  const terms = school ? calendarOf(trust, school).terms : [];
  const found = terms.findLast(
    ({ term, from }) =>
      term === wanted.term && from <= today && (!wanted.year || yearOf(from) === wanted.year),
  );
  if (!found)
    return refuse(
      'unknown-term',
      `The calendar has no term ${wanted.term}${wanted.year ? ` of ${wanted.year}` : ''} that has begun.`,
    );
  const { term, from, to } = found;
  return {
    term: { term, year: yearOf(from), from, to, asOf: to < today ? to : today },
    before: terms.findLast((other) => other.to < from)?.to,
  };
}

/** `2026/27`: school years begin in August, so that a term that starts on the 31st belongs to the new one. */
function yearOf(date: string): string {
  const first = Number(date.slice(0, 4)) - (date.slice(5) < '08-01' ? 1 : 0);
  return `${first}/${String((first + 1) % 100).padStart(2, '0')}`;
}

/** The scope of the whole trust, or of one school, for an operator. */
export function operatorScope(trust: Trust, schoolUrn: string | undefined): Scope | Refusal {
  const none = { personId: '', trust: false, urns: [], strands: [], attendance: false };
  if (schoolUrn === undefined) return { ...none, trust: true };
  const school = schoolByUrn(trust, schoolUrn);
  return school
    ? { ...none, urns: [school.urn] }
    : refuse('unknown-school', `No school of ${trust.trust.name} has the URN ${schoolUrn}.`);
}

export async function readReport(
  { trust, checkins, releases }: ReportResources,
  scope: Scope,
  wanted: WantedTerm,
  now: Date,
): Promise<TermReport | Refusal> {
  const found = termOf(trust, scope, wanted, now);
  if ('kind' in found) return found;
  const { term, before } = found;
  return composeReport({
    trust,
    scope,
    term,
    now: await checkins.summaryAt(term.asOf, now),
    before: await checkins.summaryAt(before ?? addDays(term.from, -1), now),
    figures: await releases.termFigures({
      from: weekOf(term.from),
      to: weekOf(term.asOf),
      urns: schoolsIn(trust, scope).map(({ urn }) => urn),
    }),
  });
}

/** The document and the spreadsheet. */
export async function reportFiles(report: TermReport): Promise<readonly [ReportFile, ReportFile]> {
  const stem = fileStem(report);
  return [
    { name: `${stem}.docx`, type: DOCX, bytes: await reportDocument(report) },
    { name: `${stem}.xlsx`, type: XLSX, bytes: await reportSpreadsheet(report) },
  ];
}
