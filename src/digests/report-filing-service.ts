/**
 * Puts a released report's files where the trust keeps them. Who released what is in the audit before anything leaves, and what
 * became of each file after; a file that could not be put there does not take back the other.
 */
import { messageOf } from '../kernel/errors.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import type { ReportFiling, ReportShelf } from './ports.ts';
import type { ReportFile, ReportReader } from './report-service.ts';

export type FiledReport = { readonly name: string; readonly filing: ReportFiling };

export async function fileReport(
  { db, shelf, log }: { readonly db: Db; readonly shelf: ReportShelf; readonly log: Log },
  files: readonly ReportFile[],
  { personId }: ReportReader,
  now: Date,
): Promise<FiledReport[]> {
  await inTransaction(db, async (trx) => {
    for (const { name } of files)
      await writeAudit(trx, {
        at: now,
        actor: personId,
        action: 'digests.report-release',
        subject: name,
        detail: { to: 'library' },
      });
  });
  const filed: FiledReport[] = [];
  // One after the other: the second need not be tried where the first found no folder.
  for (const file of files) {
    const [before] = filed;
    const filing =
      before?.filing.kind === 'not-filed' && before.filing.why !== 'edited' && before.filing.why !== 'locked'
        ? before.filing
        : await put(shelf, file, log);
    filed.push({ name: file.name, filing });
    if (filing.kind === 'filed')
      await writeAudit(db, {
        at: now,
        actor: personId,
        action: 'digests.report-stored',
        subject: file.name,
        detail: { item: filing.id, again: filing.again },
      });
    else log.warn('a report was not stored', { file: file.name, why: filing.why });
  }
  return filed;
}

/** What nobody foresaw is told as "not now", with its cause in the log: the other file may stand there already. */
async function put(shelf: ReportShelf, file: ReportFile, log: Log): Promise<ReportFiling> {
  try {
    return await shelf.put(file);
  } catch (error) {
    log.error('a report could not be stored', { file: file.name, reason: messageOf(error) });
    return { kind: 'not-filed', why: 'busy' };
  }
}
