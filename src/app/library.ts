/** The trust's document library as the answers slice reads it, when `trust.yaml` names one, and who may open what in it. */
import type { Access } from '../answers/access.ts';
import type { DocumentLibrary } from '../answers/ingest-service.ts';
import type { LibraryColumns } from '../answers/library-columns.ts';
import type { Trust } from '../config/trust.ts';
import { createLibrary, type Library, readersFromTrust } from '../directory/documents.ts';
import type { Graph } from '../directory/graph.ts';
import type { Directory } from '../directory/model.ts';
import { createLibraryAccess } from '../directory/readers-service.ts';
import { AppError } from '../kernel/errors.ts';
import { fold } from '../kernel/text.ts';
import type { Log } from '../telemetry/log.ts';

export type LibraryPorts = {
  readonly library: DocumentLibrary;
  readonly mayOpen: NonNullable<Access['mayOpen']>;
};

export function libraryOf(
  trust: Trust,
  graph: Graph,
  log: Log,
  directory: Pick<Directory, 'staff'>,
): LibraryPorts | undefined {
  const { library: named } = trust;
  if (!named) return undefined;
  const { columns } = named;
  const staff = {
    staffGroup: trust.trust.staff_group,
    siteGroups: named.staff_groups,
    organisationLinks: named.organisation_links,
  };
  const library = createLibrary({ graph, drive: named.drive, readers: readersFromTrust(trust), staff });
  const access = createLibraryAccess({ library, graph, log });
  return {
    library: {
      drive: named.drive,
      changes: (link) => changesSince(library, link, log),
      read: async (id) => Buffer.from(await library.download(id)),
      openToNobody: (items) => (named.permissions === 'library' ? access.openToNobody(items) : []),
      ownerOf: async (mail) => {
        const people = await directory.staff();
        return people.find((person) => fold(person.mail) === fold(mail))?.id;
      },
      ...(columns ? { columns: (ids) => columnsOf(library, columns, ids) } : {}),
    },
    mayOpen:
      named.permissions === 'library'
        ? (reader, items, now, asked) => access.mayOpen(reader, items, now, asked)
        : async (_reader, items) => new Set(items),
  };
}

/** The columns that the trust names, by what they stand for. */
async function columnsOf(
  library: Library,
  names: NonNullable<NonNullable<Trust['library']>['columns']>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LibraryColumns>> {
  const wanted = Object.values(names).filter((name) => name !== undefined);
  const found =
    ids.length > 0 ? await library.columnsOf(ids, wanted) : new Map<string, Record<string, string>>();
  return new Map(
    [...found].map(([id, values]) => [
      id,
      Object.fromEntries(Object.entries(names).map(([use, name]) => [use, values[name ?? '']])),
    ]),
  );
}

/** What changed; everything, when there is no link or Graph no longer knows it. */
async function changesSince(library: Library, link: string | undefined, log: Log) {
  try {
    const changes = await library.listChanges(link);
    if (link === undefined || !changes.folders) return changesOf(changes, link === undefined);
    return changesOf(await library.listChanges(), true);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'graph-state-lost' || link === undefined) throw error;
    log.info('Graph forgot our place in the library; listing all of it again');
    return changesOf(await library.listChanges(), true);
  }
}

function changesOf({ items, deltaLink }: Awaited<ReturnType<Library['listChanges']>>, whole: boolean) {
  return {
    whole,
    link: deltaLink,
    removed: items.filter((item) => item.removed).map((item) => item.id),
    files: items
      .filter((item) => !item.removed)
      .map((item) => ({ id: item.id, name: item.name, version: item.etag, url: item.webUrl })),
  };
}
