/**
 * What each person spoke of last in a conversation, for "and last week?". In memory alone and for some hours: who asked for
 * which school's figures is stored nowhere, and after a start the school is simply named again.
 */
import type { Thread } from './asking-again.ts';

const HOURS = 8;
const MOST = 5_000;

export function createThreads() {
  const kept = new Map<string, { readonly thread: Thread; readonly at: number }>();
  const keyOf = (personId: string, conversationId: string) => `${personId}\n${conversationId}`;
  return {
    read(personId: string, conversationId: string, now: Date): Thread | undefined {
      const found = kept.get(keyOf(personId, conversationId));
      return found && now.getTime() - found.at < HOURS * 3_600_000 ? found.thread : undefined;
    },
    /** Undefined: they speak of something else now. */
    keep(personId: string, conversationId: string, thread: Thread | undefined, now: Date): void {
      const key = keyOf(personId, conversationId);
      kept.delete(key);
      if (!thread) return;
      kept.set(key, { thread, at: now.getTime() });
      const [oldest] = kept.keys();
      if (kept.size > MOST && oldest !== undefined) kept.delete(oldest);
    },
  };
}
