/**
 * Where milestones stand, or stood at the end of a past day, as files for whoever makes milestones: theirs alone, and only what a
 * manager has approved. Made anew, within what is the reader's then, when Teams says where to save it.
 */
import { z } from 'zod/v4';
import { anywhere, may, mayAnywhere } from '../access/decide.ts';
import type { MessageReply } from '../cards/reply.ts';
import { spreadsheet, XLSX } from '../cards/spreadsheet.ts';
import type { Trust } from '../config/trust.ts';
import type { Directory } from '../directory/model.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { dayNamed } from '../kernel/named-days.ts';
import { count } from '../kernel/text.ts';
import { dateOf, dateWithYear, isDate } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Milestone } from './milestone.ts';
import { aboutOf } from './place.ts';
import type { Presser } from './press.ts';
import { COLUMNS, type ReportRow, reportCsv } from './report.ts';
import { stateCard } from './state-card.ts';

export type ExportResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'holder'>;
  /** Where all stood at the end of a local date. */
  readonly rowsAt: (date: string) => Promise<readonly ReportRow[]>;
};

/** `name`: with its ending; `type`: MIME. */
export type MilestoneFile = { readonly name: string; readonly type: string; readonly bytes: Buffer };

const ENDINGS = ['xlsx', 'csv'] as const;
const Offered = z.object({
  kind: z.literal('milestones'),
  asOf: z.string().refine(isDate),
  ending: z.enum(ENDINGS),
});
const NO_DAY = 'Which day do you mean? A past one, please, such as 9 November or 2026-11-09.';
const NOTHING = 'No milestone of yours stood on that day, so there is nothing to export.';

/** `day`: as it was said; absent: today. */
export async function offerExport(
  resources: ExportResources,
  day: string | undefined,
  person: Presser,
  now: Date,
): Promise<MessageReply> {
  const { trust, directory } = resources;
  const refused = anywhere('say:export', await directory.holder(person.personId));
  if (refused) return { kind: 'reply', text: refused.message };
  const today = dateOf(now, trust.trust.zone);
  const asOf = day === undefined ? today : dayNamed(day, today)?.date;
  if (asOf === undefined || asOf > today) return { kind: 'reply', text: NO_DAY };
  const rows = await rowsFor(resources, asOf, person);
  if (rows.length === 0) return { kind: 'reply', text: NOTHING };
  const files = await Promise.all(ENDINGS.map((ending) => fileOf(rows, asOf, ending)));
  return {
    kind: 'reply',
    offers: files.map(({ name, bytes }, index) => ({
      name,
      description: `${count(rows.length, 'milestone')} as they stood on ${dateWithYear(asOf)}; only what was approved`,
      bytes: bytes.length,
      context: { kind: 'milestones', asOf, ending: ENDINGS[index] ?? 'xlsx' },
    })),
  };
}

/** The words "milestones on 1 December": in words what the files hold, of all that is theirs to see. */
export async function answerState(
  resources: ExportResources & {
    readonly maySee: (milestones: readonly Milestone[]) => Promise<ReadonlySet<string>>;
  },
  day: string,
  person: Presser,
  now: Date,
): Promise<MessageReply> {
  const { trust, rowsAt, maySee } = resources;
  const today = dateOf(now, trust.trust.zone);
  const asOf = dayNamed(day, today)?.date;
  if (asOf === undefined || asOf > today) return { kind: 'reply', text: NO_DAY };
  const rows = await rowsAt(asOf);
  const seen = await maySee(rows.map(({ milestone }) => milestone));
  const own = rows.filter(({ milestone }) => seen.has(milestone.id));
  if (own.length === 0) return { kind: 'reply', text: 'No milestone of yours stood on that day.' };
  const mayExport = mayAnywhere('say:export', await resources.directory.holder(person.personId));
  return { kind: 'reply', card: stateCard({ day: asOf, rows: own, mayExport }) };
}

/** Undefined for an offer that was somebody else's to make. */
export async function releaseExport(
  resources: ExportResources,
  context: unknown,
  person: Presser,
  now: Date,
): Promise<MilestoneFile | Refusal | undefined> {
  const offered = Offered.safeParse(context);
  if (!offered.success) return undefined;
  const { trust, db, directory } = resources;
  const { asOf, ending } = offered.data;
  const refused = anywhere('say:export', await directory.holder(person.personId));
  if (refused) return refused;
  if (asOf > dateOf(now, trust.trust.zone)) return refuse('no-export', NO_DAY);
  const rows = await rowsFor(resources, asOf, person);
  if (rows.length === 0) return refuse('no-export', NOTHING);
  const file = await fileOf(rows, asOf, ending);
  await inTransaction(db, (trx) =>
    writeAudit(trx, {
      at: now,
      actor: person.personId,
      action: 'checkins.export',
      subject: file.name,
      detail: { milestones: rows.length, asOf },
    }),
  );
  return file;
}

async function rowsFor(
  { directory, rowsAt }: ExportResources,
  asOf: string,
  person: Presser,
): Promise<ReportRow[]> {
  const holder = await directory.holder(person.personId);
  return (await rowsAt(asOf)).filter(({ milestone }) => may('say:export', holder, aboutOf(milestone)));
}

async function fileOf(
  rows: readonly ReportRow[],
  asOf: string,
  ending: 'csv' | 'xlsx',
): Promise<MilestoneFile> {
  const name = `milestones-${asOf}.${ending}`;
  return ending === 'csv'
    ? { name, type: 'text/csv', bytes: Buffer.from(`\uFEFF${reportCsv(rows)}`, 'utf8') }
    : { name, type: XLSX, bytes: await reportXlsx(rows) };
}

export async function reportXlsx(rows: readonly ReportRow[]): Promise<Buffer> {
  return spreadsheet('Milestones', [
    {
      name: 'Milestones',
      description: 'A row for each milestone: where it stands, with what its owner said.',
      header: COLUMNS.map(([name]) => name),
      widths: COLUMNS.map(([, , width]) => width),
      rows: rows.map((row) => COLUMNS.map(([, of]) => of(row))),
    },
  ]);
}
