/** The thread of `startGraphAside`: the stand-in Graph, its address told to the parent; it ends with the thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../kernel/errors.ts';
import { type SandboxGraphOptions, startSandboxGraph } from './graph.ts';
import type { GraphNews } from './graph-aside.ts';

const tell = (news: GraphNews) => parentPort?.postMessage(news);

try {
  const { url, tenant } = await startSandboxGraph(workerData as SandboxGraphOptions);
  tell({ kind: 'serving', url, tenant });
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  const { code, message, remedy } = error;
  tell({ kind: 'refused', code, message, remedy });
}
