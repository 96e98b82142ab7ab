/** Waymark's sample documents, read from their files and dated as `samples/trust.yaml` has them: what all staff may open. */
import type { DocumentFacts } from '../../src/answers/corpus.ts';
import { indexFolder } from '../../src/answers/folder.ts';
import { buildIndex, type Index } from '../../src/answers/retrieval.ts';
import { loadTrust } from '../../src/config/load.ts';

export async function sampleIndex(): Promise<Index> {
  const { index } = await indexFolder('samples/documents');
  const trust = await loadTrust('samples/trust.yaml');
  const docs: DocumentFacts[] = trust.documents
    .filter((doc) => !doc.group)
    .map(({ file, title, kind, from, to }) => ({ id: file, title: title ?? file, kind, from, to }));
  const ids = new Set(docs.map((doc) => doc.id));
  return buildIndex(
    docs,
    index.passages.filter((passage) => ids.has(passage.doc)),
  );
}
