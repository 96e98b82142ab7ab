/**
 * Reads a request's body up to a limit. What comes after the limit is thrown away unread, so that a large body costs no
 * memory; whether that is a refusal is the reader's decision.
 */
import type { IncomingMessage } from 'node:http';

/**
 * The first `limit + 1` bytes at most: a result longer than `limit` means that the body is too large. Rejects when the
 * connection ends early.
 */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    const room = limit + 1 - size;
    if (room > 0) parts.push(part.subarray(0, room));
    size += part.length;
  }
  return Buffer.concat(parts);
}
