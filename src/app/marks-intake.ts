/**
 * Where marks files come from by themselves: a folder on disk and a folder of a SharePoint library, looked at while the
 * service runs. Each version of a file in the library is imported once, known by its `eTag`. What a file holds is the
 * attendance slice's.
 */
import { createMarksFolder, type Dropped, type FolderLook } from '../attendance/folder.ts';
import type { MarksSource } from '../attendance/import-service.ts';
import { isTaken, keepCursor, keepTaken, readCursor } from '../attendance/intake-store.ts';
import type { Attendance } from '../attendance/service.ts';
import type { Trust } from '../config/trust.ts';
import { createLibrary, type Library } from '../directory/documents.ts';
import type { Graph } from '../directory/graph.ts';
import { AppError, messageOf } from '../kernel/errors.ts';
import type { Clock } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';

export type IntakeParts = {
  readonly marksDir: string | undefined;
  readonly db: Db;
  readonly trust: Trust;
  readonly attendance: Pick<Attendance, 'importMarks'>;
  readonly graph: Graph;
  readonly clock: Clock;
  readonly log: Log;
  /** A larger file of the library is refused, to its data contact's ears. Bytes. */
  readonly mostBytes?: number;
};

export interface MarksIntake {
  /** Takes what has come, once; for a command. */
  look(): Promise<FolderLook>;
  start(): void;
  /** Finishes the file in hand. */
  stop(): Promise<void>;
}

const FOLDER_EVERY = 15_000;
const LIBRARY_EVERY = 5 * 60_000;
/** Twice the marks of a trust of 11,000 pupils for a year. */
const MOST_BYTES = 512_000_000;

export function createIntake(parts: IntakeParts): MarksIntake {
  const { marksDir, db, trust, attendance, graph, clock, log, mostBytes = MOST_BYTES } = parts;
  const named = trust.imports.library;
  const folder = marksDir
    ? createMarksFolder({ dir: marksDir, log, take: (source, file) => take(source, file, 'folder') })
    : undefined;
  const library =
    named &&
    createLibrary({
      graph,
      drive: named.drive,
      readers: { groupOf: async () => undefined },
      staff: { staffGroup: trust.trust.staff_group, siteGroups: [], organisationLinks: false },
    });
  let timers: NodeJS.Timeout[] = [];
  let working: Promise<unknown> = Promise.resolve();

  function take(source: MarksSource, file: Dropped, from: 'folder' | 'library', size?: number) {
    const { name, schoolUrn, check } = file;
    return attendance.importMarks(source, {
      now: clock.now(),
      by: 'waymark',
      source: from,
      name,
      schoolUrn,
      check,
      tell: true,
      ...(from === 'library' ? { size, mostBytes } : {}),
    });
  }

  async function lookInLibrary(): Promise<FolderLook> {
    const counts = { imported: 0, refused: 0, checked: 0 };
    if (!library || !named) return counts;
    const source = `library/${named.drive}/${named.folder}`;
    const changes = await changesSince(library, await readCursor(db, source), log);
    const prefix = named.folder === '' ? '' : `${named.folder.replace(/^\/+|\/+$/g, '')}/`;
    for (const item of changes.items) {
      if (item.removed || !item.name.startsWith(prefix)) continue;
      const file = droppedAs(item.name.slice(prefix.length));
      if (!file || (await isTaken(db, source, item.id, item.etag))) continue;
      const result = await take(library.stream(item.id), file, 'library', item.size);
      const outcome = result.kind === 'refusal' ? 'refused' : file.check ? 'checked' : 'imported';
      await keepTaken(db, { source, item: item.id, version: item.etag, taken_at: clock.now(), outcome });
      counts[outcome] += 1;
    }
    // Last, so that a file which could not be read now is listed again.
    await keepCursor(db, source, changes.deltaLink);
    return counts;
  }

  /** One at a time; a place that cannot be reached now is looked at again. */
  function inTurn(what: string, work: () => Promise<unknown>): void {
    working = working.then(work).then(
      () => undefined,
      (error: unknown) => log.error('marks could not be fetched', { what, reason: messageOf(error) }),
    );
  }

  return {
    look: async () => {
      await working;
      const none = { imported: 0, refused: 0, checked: 0 };
      const disk = folder ? await folder.lookTwice() : none;
      const shared = await lookInLibrary().catch((error: unknown) => {
        log.error('marks could not be fetched', { what: 'library', reason: messageOf(error) });
        return none;
      });
      return {
        imported: disk.imported + shared.imported,
        refused: disk.refused + shared.refused,
        checked: disk.checked + shared.checked,
      };
    },
    start: () => {
      if (folder) timers.push(setInterval(() => inTurn('folder', folder.look), FOLDER_EVERY));
      if (!library) return;
      inTurn('library', lookInLibrary);
      timers.push(setInterval(() => inTurn('library', lookInLibrary), LIBRARY_EVERY));
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      timers = [];
      await working;
    },
  };
}

/** A path below the folder: a school's own folder, `check`, and the file. Undefined for anything deeper. */
function droppedAs(path: string): Dropped | undefined {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  const schoolUrn = /^\d{6}$/.test(parts[0] ?? '') ? parts.shift() : undefined;
  const check = parts[0] === 'check' && parts.shift() !== undefined;
  return parts.length === 0 && /\.(csv|txt|xlsx?|tsv)$/i.test(name) ? { name, schoolUrn, check } : undefined;
}

async function changesSince(library: Library, link: string | undefined, log: Log) {
  try {
    const changes = await library.listChanges(link);
    return link !== undefined && changes.folders ? await library.listChanges() : changes;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'graph-state-lost' || link === undefined) throw error;
    log.info('Graph forgot our place in the marks folder; listing all of it again');
    return library.listChanges();
  }
}
