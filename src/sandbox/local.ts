/** What the two halves of the local run share, and nothing that takes long to load. */

/** Where a local run keeps its data unless told otherwise. */
export const DEFAULT_DATA = '.data';

/** A local run as its steps see it: where to say what happens, what to close at the end, and whether that has come. */
export type Local = {
  readonly say: (text: string) => void;
  readonly onClose: (close: () => Promise<void>) => void;
  stopping: boolean;
};
