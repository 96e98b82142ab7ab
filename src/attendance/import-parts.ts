/** What an import works with, and what its sender said of the file. */
import type { Trust } from '../config/trust.ts';
import type { Outbox } from '../delivery/message.ts';
import type { Keyring } from '../kernel/keyring.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';

export type ImportOptions = {
  /** The school the file was sent for; then every row must be of it. */
  readonly schoolUrn?: string | undefined;
  readonly now: Date;
  /** A person's id, or `waymark`. */
  readonly by: string;
  /** The file is the whole truth of its weeks: what it leaves out may go. */
  readonly replace?: boolean | undefined;
  /** Only read and compare: nothing is saved. */
  readonly check?: boolean | undefined;
  /** The sender is not at the keyboard: the data contact is told of a file that was refused, or only checked. */
  readonly tell?: boolean | undefined;
  /** How the file came, for the record. */
  readonly source?: 'command-line' | 'folder' | 'library' | 'chat' | undefined;
  /** Bytes of the file, as the place says that it comes from. */
  readonly size?: number | undefined;
  /** A file of more bytes is refused, before it is read where its size is said, else when so many have come. */
  readonly mostBytes?: number | undefined;
  /** What the sender calls the file, for the receipt. */
  readonly name?: string | undefined;
};

export type ImportParts = {
  readonly db: Db;
  readonly trust: Trust;
  readonly outbox: Outbox;
  readonly log: Log;
  /** Key of pupils' pseudonyms. */
  readonly pseudonymKey: string;
  /** Lock what is kept about pupils. */
  readonly pupilKeys: Keyring;
  /** Who hears of a refused file of no one school; absent: the contact for questions. */
  readonly keeper?: (() => Promise<string>) | undefined;
};
