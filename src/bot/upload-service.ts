/**
 * Writes a file to the place that Teams named for it, in one piece: reports are small. The address stands in the activity, so a
 * sender could have made it up: only listed hosts over https are written to, without a token, and no redirect is followed.
 */
import { isAllowedService } from '../delivery/address.ts';
import { AppError } from '../kernel/errors.ts';

/** Milliseconds. */
const TIMEOUT = 60_000;

/** `hosts`: FILE_HOSTS. Throws AppError `file-not-saved`. Teams: PUT with `Content-Range`, files up to 60 MB in one. */
export async function uploadFile(url: string, bytes: Uint8Array, hosts: readonly string[]): Promise<void> {
  if (!isAllowedService(url, hosts)) throw unsaved('its address is not one where Teams keeps files');
  const last = bytes.byteLength - 1;
  const answer = await fetch(url, {
    method: 'PUT',
    body: new Uint8Array(bytes),
    headers: {
      'content-type': 'application/octet-stream',
      'content-range': `bytes 0-${last}/${bytes.byteLength}`,
    },
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
  }).catch((cause: unknown) => {
    throw unsaved('the place where Teams keeps it did not answer', cause);
  });
  await answer.body?.cancel();
  if (!answer.ok) throw unsaved(`the place where Teams keeps it answered ${answer.status}`);
}

function unsaved(why: string, cause?: unknown): AppError {
  return new AppError('file-not-saved', `The file could not be saved: ${why}.`, {
    remedy: 'Ask for it again; in another cloud, check FILE_HOSTS.',
    cause,
  });
}
