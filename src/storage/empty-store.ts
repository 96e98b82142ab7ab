/**
 * Makes an empty embedded store as an image to be laid into its folder. Made in memory, because `initdb` writes thousands
 * of small pieces and takes twice as long in a folder.
 */
import { PGlite } from '@electric-sql/pglite';

/** An archive of PGlite's folder, about 40 MB; it holds no schema of ours yet. */
export type StoreImage = Blob;

export async function makeEmptyStore(): Promise<StoreImage> {
  const pglite = await PGlite.create();
  try {
    return await pglite.dumpDataDir('none');
  } finally {
    await pglite.close();
  }
}
