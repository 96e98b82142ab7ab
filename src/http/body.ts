/**
 * Reads requests' bodies up to a limit each and to one for all that are on their way. What comes after the first limit is thrown
 * away unread, so that a large body costs no memory; whether that is a refusal is the reader's decision. Behind the second the
 * body that began longest ago is broken off: what Teams and Graph send is here within a moment, and a stranger who sends
 * slowly, over however many connections, neither fills the memory nor keeps anybody out.
 */
import type { IncomingMessage } from 'node:http';

/** All bodies on their way at once: 128 of the largest messages, or thousands of ordinary ones. Bytes. */
const ROOM = 32 * 1024 * 1024;
/** What a piece costs besides its bytes: a body may come byte by byte. */
const PIECE = 256;

/**
 * The first `limit + 1` bytes at most: a result longer than `limit` means that the body is too large. Rejects when the
 * connection ends early, or is broken off for want of room.
 */
export type ReadBody = (request: IncomingMessage, limit: number) => Promise<Buffer>;

export function createBodyReader(room: number = ROOM): ReadBody {
  /** How much of each is held, in the order in which they began. */
  const held = new Map<IncomingMessage, number>();
  let all = 0;
  const hold = (request: IncomingMessage, more: number) => {
    held.set(request, (held.get(request) ?? 0) + more);
    all += more;
    for (const oldest of held.keys()) {
      if (all <= room) break;
      release(oldest);
      oldest.destroy();
    }
  };
  const release = (request: IncomingMessage) => {
    all -= held.get(request) ?? 0;
    held.delete(request);
  };
  return async (request, limit) => {
    const parts: Buffer[] = [];
    let size = 0;
    try {
      for await (const chunk of request) {
        const part = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
        const kept = part.subarray(0, Math.max(0, limit + 1 - size));
        size += kept.length;
        if (kept.length > 0) {
          parts.push(kept);
          hold(request, kept.length + PIECE);
        }
      }
    } finally {
      release(request);
    }
    return Buffer.concat(parts);
  };
}
