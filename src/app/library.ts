/** The trust's document library as the answers slice reads it, when `trust.yaml` names one. */
import type { DocumentLibrary, LibraryFile } from '../answers/service.ts';
import type { Trust } from '../config/trust.ts';
import { createLibrary, readersFromTrust } from '../directory/documents.ts';
import type { Graph } from '../directory/graph.ts';

export function libraryOf(trust: Trust, graph: Graph): DocumentLibrary | undefined {
  if (!trust.library) return undefined;
  const library = createLibrary({ graph, drive: trust.library.drive, readers: readersFromTrust(trust) });
  return {
    list: async () => {
      const { items } = await library.listChanges();
      return items
        .filter((item) => !item.removed)
        .map(
          (item): LibraryFile => ({
            id: item.id,
            name: item.name,
            version: item.etag,
            url: item.webUrl,
            ...(item.group ? { group: item.group } : {}),
          }),
        );
    },
    read: async (id) => Buffer.from(await library.download(id)),
  };
}
