/** The stand-in Graph for a suite, on the sample tenant, with the real client connected to it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectGraph, type Graph, type GraphWriter, loopbackCredential } from '../../src/directory/graph.ts';
import { type SandboxGraph, startSandboxGraph } from '../../src/sandbox/graph.ts';

export type TestGraph = {
  readonly sandbox: SandboxGraph;
  readonly graph: Graph & GraphWriter;
  readonly documents: string;
};

/** A fresh stand-in before each test. Call inside `describe`. */
export function useGraph(options: { readonly pageSize?: number } = {}): () => TestGraph {
  let current: TestGraph | undefined;
  beforeEach(async () => {
    const documents = await mkdtemp(join(tmpdir(), 'waymark-documents-'));
    const sandbox = await startSandboxGraph({
      tenantFile: 'samples/tenant.yaml',
      documentsDir: documents,
      ...options,
    });
    const graph = connectGraph({ url: sandbox.url, credential: loopbackCredential(), timeoutSeconds: 5 });
    current = { sandbox, graph, documents };
  });
  afterEach(async () => {
    await current?.sandbox.close();
    if (current) await rm(current.documents, { recursive: true });
  });
  return () => {
    if (!current) throw new Error('useGraph() is for use inside tests');
    return current;
  };
}
