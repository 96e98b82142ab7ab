/**
 * Fetches a file that somebody attached, in pieces as they come. The address stands in the activity, so it is one that a sender
 * could have made up: only listed hosts are asked, over https, without a token, and no redirect is followed.
 */
import { isAllowedService } from '../delivery/address.ts';
import { AppError } from '../kernel/errors.ts';

/** Milliseconds for the whole of it. */
const TIMEOUT = 120_000;

/** `size` as the place says; `close`: nothing of it will be read. */
export type AttachedBytes = {
  readonly size: number | undefined;
  readonly pieces: AsyncIterable<Uint8Array>;
  readonly close: () => Promise<void>;
};

/** `hosts`: FILE_HOSTS. Throws AppError `file-not-fetched`. */
export async function openAttached(url: string, hosts: readonly string[]): Promise<AttachedBytes> {
  if (!isAllowedService(url, hosts)) throw unfetched('its address is not one where Teams keeps files');
  const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) }).catch(
    (cause: unknown) => {
      throw unfetched('the place where Teams keeps it did not answer', cause);
    },
  );
  if (!answer.ok || !answer.body) throw unfetched(`the place where Teams keeps it answered ${answer.status}`);
  const length = Number(answer.headers.get('content-length') ?? Number.NaN);
  const { body } = answer;
  return {
    size: Number.isFinite(length) ? length : undefined,
    pieces: piecesOf(body),
    close: () => body.cancel(),
  };
}

async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw unfetched('it broke off on its way', cause);
  }
}

function unfetched(why: string, cause?: unknown): AppError {
  return new AppError('file-not-fetched', `The attached file could not be fetched: ${why}.`, {
    remedy: 'Nothing was saved. Attach it again; in another cloud, check FILE_HOSTS.',
    cause,
  });
}
