/**
 * Writes a file to the place that Teams named for it, in one piece: reports are small. The address stands in the activity, so a
 * sender could have made it up: only listed hosts over https are written to, without a token, and no redirect is followed.
 */
import { isAllowedService } from '../delivery/address.ts';
import { AppError, type Refusal, refuse } from '../kernel/errors.ts';

/** Milliseconds. */
const TIMEOUT = 60_000;

/** Teams' place for a file lasts for some minutes and takes one: pressed later or again, it answers with one of these. */
const OVER = new Set([400, 401, 403, 404, 409, 410, 412, 416]);
const OFFER_OVER = refuse(
  'offer-over',
  'Nothing was saved: that offer is over. Ask for the file again, and save it within a few minutes.',
);

/**
 * `hosts`: FILE_HOSTS. Refuses `offer-over`. Throws AppError `file-not-saved`. Teams: PUT with `Content-Range`, files up to 60 MB in
 * one.
 */
export async function uploadFile(
  url: string,
  bytes: Uint8Array,
  hosts: readonly string[],
): Promise<Refusal | undefined> {
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
  if (OVER.has(answer.status)) return OFFER_OVER;
  if (!answer.ok) throw unsaved(`the place where Teams keeps it answered ${answer.status}`);
  return undefined;
}

function unsaved(why: string, cause?: unknown): AppError {
  return new AppError('file-not-saved', `The file could not be saved: ${why}.`, {
    remedy: 'Ask for it again; in another cloud, check FILE_HOSTS.',
    cause,
  });
}
