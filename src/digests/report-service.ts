/** Reads what a term report needs and makes its two files. The scope is the caller's, and is looked at again at every step. */
import { z } from 'zod/v4';
import type { Entry } from '../access/decide.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { calendarOf, schoolByUrn, type Trust } from '../config/trust.ts';
import type { Directory } from '../directory/model.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { addDays, dateOf, weekOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { reportScope, reportScopeOf, type Scope, schoolsIn } from './audience.ts';
import type { MilestoneStandings, PublicWording, ReportShelf, TermReleases } from './ports.ts';
import { composeReport, type ReportTerm, type TermReport, textsOf, withoutPupils } from './report.ts';
import { reportAsked, type WantedTerm } from './report-asked.ts';
import { filedCard, reportCard, STORE_VERB } from './report-card.ts';
import { fileReport } from './report-filing-service.ts';

export type ReportResources = {
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'holder'>;
  readonly checkins: Pick<MilestoneStandings, 'summaryAt'>;
  readonly releases: TermReleases;
  readonly wording: PublicWording;
  /** Absent: the trust has named no folder for reports. */
  readonly shelf?: ReportShelf | undefined;
  readonly db: Db;
  readonly log: Log;
};

/** `name`: with its ending; `type`: MIME. */
export type ReportFile = { readonly name: string; readonly type: string; readonly bytes: Buffer };

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export type MadeReport = { readonly report: TermReport; readonly files: readonly ReportFile[] };

export type ReportEntry = Entry<'digests.report' | 'digests.store-report'>;

export type Reports = {
  /** "Term report", and the words of its button; undefined for anything else. For heads and the CEO alone. */
  request(text: string, reader: ReportReader, now: Date): Promise<MessageReply | undefined>;
  /** The buttons `digests.report`, which shows what a report would hold, and `digests.store-report`, which files it. */
  act(entry: ReportEntry, command: CardCommand, reader: ReportReader, now: Date): Promise<CardReply>;
  /** What was offered, made anew for the reader if it is theirs to release; a refusal's words otherwise. */
  release(context: unknown, reader: ReportReader, now: Date): Promise<ReportFile | Refusal>;
  /** For the command line: of the whole trust, or of one school. */
  forOperator(
    wanted: WantedTerm & { readonly school?: string | undefined },
    now: Date,
  ): Promise<MadeReport | Refusal>;
};

export type ReportReader = { readonly personId: string };

const NO_SHELF = 'The trust has not said where reports are kept, so nothing was stored.';
const STORED = /^([1-6]) (\d{4}\/\d{2})$/;
const Offered = z.object({
  kind: z.literal('term-report'),
  term: z.string().regex(/^[1-6]$/),
  year: z.string().regex(/^\d{4}\/\d{2}$/),
  ending: z.enum(['docx', 'xlsx']),
});

export function createReports(resources: ReportResources): Reports {
  const { trust, directory } = resources;

  /** With its files, within what is the reader's to release. */
  async function made(wanted: WantedTerm, reader: ReportReader, now: Date): Promise<TermReport | Refusal> {
    const scope = reportScopeOf(trust, await directory.holder(reader.personId));
    return isRefusal(scope) ? scope : readReport(resources, scope, wanted, now);
  }

  return {
    request: async (text, reader, now) => {
      const asked = reportAsked(text);
      if (!asked) return undefined;
      const report = await made(asked.wanted, reader, now);
      if ('kind' in report) return { kind: 'reply', text: report.message };
      if (asked.kind === 'preview')
        return { kind: 'reply', card: reportCard(report, { shelf: resources.shelf !== undefined }) };
      const files = await reportFiles(report);
      const term = String(report.term.term);
      return {
        kind: 'reply',
        offers: files.map(({ name, bytes }) => ({
          name,
          description: `${report.scopeName}, term ${term} of ${report.term.year}, for governors`,
          bytes: bytes.length,
          context: { kind: 'term-report', term, year: report.term.year, ending: name.slice(-4) },
        })),
      };
    },
    act: async ({ verb }, { envelope: { id } }, reader, now) => {
      const [, term, year] = verb === STORE_VERB ? (STORED.exec(id) ?? []) : [];
      if (verb === STORE_VERB && !term) return refuse('unknown-card', 'I do not know that button.');
      const report = await made({ term: term ? Number(term) : 'newest', year }, reader, now);
      if ('kind' in report) return report;
      const { shelf } = resources;
      if (!term) return { kind: 'card', card: reportCard(report, { shelf: shelf !== undefined }) };
      if (!shelf) return refuse('no-shelf', NO_SHELF);
      const filed = await fileReport({ ...resources, shelf }, await reportFiles(report), reader, now);
      return { kind: 'card', card: filedCard(report, filed) };
    },
    release: async (context, reader, now) => {
      const offered = Offered.safeParse(context);
      if (!offered.success)
        return refuse('unknown-file', 'I do not know that file. Type "term report" for a new one.');
      const { term, year, ending } = offered.data;
      const report = await made({ term: Number(term), year }, reader, now);
      if ('kind' in report) return report;
      const file = (await reportFiles(report)).find(({ name }) => name.endsWith(ending));
      await inTransaction(resources.db, (trx) =>
        writeAudit(trx, {
          at: now,
          actor: reader.personId,
          action: 'digests.report-release',
          subject: file?.name ?? '',
        }),
      );
      return file ?? refuse('unknown-file', 'I do not know that file.');
    },
    forOperator: async ({ school, ...wanted }, now) => {
      const scope = operatorScope(resources.trust, school);
      if ('kind' in scope) return scope;
      const report = await readReport(resources, scope, wanted, now);
      return 'kind' in report ? report : { report, files: await reportFiles(report) };
    },
  };
}

type Span = { readonly from: string; readonly to: string };

/** `year`: `2026/27`; without it the newest such term that has begun. Refuses `unknown-term`. */
export function termOf(
  trust: Trust,
  scope: Scope,
  wanted: WantedTerm,
  now: Date,
): { readonly term: ReportTerm; readonly before: string | undefined } | Refusal {
  const today = dateOf(now, trust.trust.zone);
  const schools = schoolsIn(trust, scope);
  const school = schools[0] ?? trust.schools[0];
  const terms = school ? calendarOf(trust, school).terms : [];
  const begun = terms.filter(({ from }) => from <= today);
  const found =
    wanted.term === 'last'
      ? begun.at(-2)
      : begun.findLast(
          ({ term, from }) =>
            (wanted.term === 'newest' || term === wanted.term) &&
            (!wanted.year || yearOf(from) === wanted.year),
        );
  if (!found)
    return refuse(
      'unknown-term',
      `The calendar has no ${wanted.term === 'last' ? 'last term' : `term ${wanted.term}`}${wanted.year ? ` of ${wanted.year}` : ''} that has begun.`,
    );
  const { term, from, to } = found;
  const before = terms.findLast((other) => other.to < from);
  const weeks = (span: Span) => `${weekOf(span.from)} ${weekOf(span.to)}`;
  const unlike = schools.flatMap((other) => {
    const own = calendarOf(trust, other).terms.find(
      (span) => span.term === term && yearOf(span.from) === yearOf(from),
    );
    return own && weeks(own) !== weeks(found) ? [other.name] : [];
  });
  return {
    term: {
      ...{ term, year: yearOf(from), from, to, asOf: to < today ? to : today },
      ...(before ? { before: { term: before.term, year: yearOf(before.from) } } : {}),
      ...(school && unlike.length > 0 ? { elsewhere: { datesOf: school.name, unlike } } : {}),
    },
    before: before?.to,
  };
}

/** `2026/27`: school years begin in August, so that a term that starts on the 31st belongs to the new one. */
function yearOf(date: string): string {
  const first = Number(date.slice(0, 4)) - (date.slice(5) < '08-01' ? 1 : 0);
  return `${first}/${String((first + 1) % 100).padStart(2, '0')}`;
}

/** The scope of the whole trust, or of one school, for an operator. */
function operatorScope(trust: Trust, schoolUrn: string | undefined): Scope | Refusal {
  if (schoolUrn === undefined) return reportScope('', 'trust');
  const school = schoolByUrn(trust, schoolUrn);
  return school
    ? reportScope('', [school.urn])
    : refuse('unknown-school', `No school of ${trust.trust.name} has the URN ${schoolUrn}.`);
}

async function readReport(
  { trust, checkins, releases, wording }: ReportResources,
  scope: Scope,
  wanted: WantedTerm,
  now: Date,
): Promise<TermReport | Refusal> {
  const found = termOf(trust, scope, wanted, now);
  if ('kind' in found) return found;
  const { term, before } = found;
  const report = composeReport({
    trust,
    scope,
    term,
    publicly: await wording.withoutStaff(),
    now: await checkins.summaryAt(term.asOf, now),
    before: await checkins.summaryAt(before ?? addDays(term.from, -1), now),
    figures: await releases.termFigures({
      from: weekOf(term.from),
      to: weekOf(term.asOf),
      urns: schoolsIn(trust, scope).map(({ urn }) => urn),
    }),
  });
  const held = new Set<string>();
  for (const text of new Set(report.milestones.flatMap(textsOf)))
    if (await wording.tellsOfPupil(text)) held.add(text);
  return withoutPupils(report, (text) => held.has(text));
}

/** The document and the spreadsheet. What writes them is loaded with the first: most instances run for weeks without one. */
export async function reportFiles(report: TermReport): Promise<readonly [ReportFile, ReportFile]> {
  const [{ reportDocument }, { reportSpreadsheet }] = await Promise.all([
    import('./report-docx.ts'),
    import('./report-xlsx.ts'),
  ]);
  const { stem } = report;
  return [
    { name: `${stem}.docx`, type: DOCX, bytes: await reportDocument(report) },
    { name: `${stem}.xlsx`, type: XLSX, bytes: await reportSpreadsheet(report) },
  ];
}
