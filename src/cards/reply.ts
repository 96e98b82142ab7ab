/** What a use case answers a person with, before any vendor's format. The bot folder turns it into an activity. */
import type { Refusal } from '../kernel/errors.ts';
import type { Card } from './elements.ts';

/** A numbered source under an answer. Limits (Teams citation entities): name ≤ 80, abstract ≤ 160 characters, at most 20. */
export type Citation = {
  readonly position: number;
  readonly name: string;
  readonly abstract: string;
  readonly url?: string;
};

/** `bytes`: its size. `context` comes back with the reader's answer, and is believed no more than a card's data. */
export type FileOffer = {
  readonly name: string;
  readonly description: string;
  readonly bytes: number;
  readonly context: Readonly<Record<string, string>>;
};

/** Where Teams named a place for a file, by its own words. */
export type FilePlace = {
  readonly uploadUrl: string;
  readonly contentUrl: string;
  readonly name: string;
  readonly uniqueId: string;
  readonly fileType: string;
};
export type SavedFile = Omit<FilePlace, 'uploadUrl'>;

/** The answer to a card action: the new face of the card for the person who pressed, or one sentence. */
export type CardReply =
  /**
   * `unkept`: shown to the one who pressed and written down nowhere, not even for a repeat of the press; a sentence stands
   * in its place then, where it is given.
   */
  | { readonly kind: 'card'; readonly card: Card; readonly unkept?: true | string }
  | { readonly kind: 'text'; readonly text: string }
  | Refusal;

/** The answer to a message. `feedback` shows Helpful / Not helpful; `byModel` shows the AI label. */
export type MessageReply = {
  readonly kind: 'reply';
  readonly text?: string;
  readonly card?: Card;
  readonly citations?: readonly Citation[];
  readonly suggestions?: readonly string[];
  readonly feedback?: boolean;
  readonly byModel?: boolean;
  /** Files that Teams asks the reader's leave to save, in their own chat alone. */
  readonly offers?: readonly FileOffer[];
  /** A file that was saved with leave. */
  readonly saved?: SavedFile;
  /** What the use case keeps of this reply, so that feedback on it and a deletion of its question find it. */
  readonly ref?: string;
};
