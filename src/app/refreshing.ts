/** Reads people and documents anew, and remembers what there is to say of the documents, for whoever looks them over. */
import type { Answers } from '../answers/service.ts';
import type { DirectoryService, SyncReport } from '../directory/service.ts';
import type { DocumentsReport } from './doctor.ts';

export type Refreshing = {
  /** A part that fails keeps its last copy and says so. */
  refresh(now: Date): Promise<{ readonly people: SyncReport; readonly problems: readonly string[] }>;
  /** Of the last refresh; refreshes when there has been none. */
  documents(now: Date): Promise<DocumentsReport>;
};

export function createRefreshing(
  directory: DirectoryService,
  answers: Pick<Answers, 'ingest'>,
  contentDir: string,
): Refreshing {
  let documents: DocumentsReport | undefined;

  async function refresh(now: Date) {
    const people = await directory.sync(now);
    const { problems, health } = await answers.ingest(contentDir, now);
    const library = problems.find(({ reason }) => reason.startsWith('library-'));
    documents = {
      problems: problems.filter((problem) => problem !== library).map((problem) => problem.message),
      ...(library ? { library: { says: library.message, away: library.reason === 'library-away' } } : {}),
      remarks: health.map((finding) => finding.message),
    };
    return { people, problems: problems.map((problem) => problem.message) };
  }

  return {
    refresh,
    documents: async (now) => {
      if (!documents) await refresh(now);
      return documents ?? { problems: [], remarks: [] };
    },
  };
}
