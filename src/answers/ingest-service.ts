/**
 * Takes documents in: those of a folder, and those of the library that changed since the last look. Unchanged ones are left
 * alone, removed ones leave, each that cannot be read is named with its problem and the others are still read.
 */
import type { Trust } from '../config/trust.ts';
import { AppError, isRefusal, messageOf, type Refusal, refuse } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { dateOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { cutPassages, type DocumentFacts } from './corpus.ts';
import { listFiles, readBytes, titleFrom } from './folder.ts';
import { type HealthFinding, healthOf } from './health.ts';
import { type LibraryColumns, readColumns } from './library-columns.ts';
import { type LibraryItemKept, readLibraryKept, saveLibraryKept } from './library-store.ts';
import type { Reader } from './readers/bounded.ts';
import { isReadable } from './readers/formats.ts';
import type { AnswersStore, Source } from './store.ts';

/** Documents of a SharePoint library, as the directory reads them. */
export interface DocumentLibrary {
  /** Graph's id of the drive. */
  readonly drive: string;
  /** What changed since `link`; without one, or when the link is too old, everything (`whole`). */
  changes(link: string | undefined): Promise<LibraryChanges>;
  read(id: string): Promise<Buffer>;
  /** What the library's columns say of these files; absent where the trust has named no columns. */
  columns?(ids: readonly string[]): Promise<ReadonlyMap<string, LibraryColumns>>;
  /** The member of staff with a mail address. */
  ownerOf(mail: string): Promise<string | undefined>;
  /** Those of these items of which the library has told nobody who may open them, once it was asked. */
  openToNobody?(items: readonly string[]): readonly string[];
}
export type LibraryChanges = {
  readonly files: readonly LibraryFile[];
  /** Ids of files that are gone. */
  readonly removed: readonly string[];
  readonly whole: boolean;
  /** Where to ask from next time. */
  readonly link: string;
};
export type LibraryFile = {
  readonly id: string;
  readonly name: string;
  /** Changes with the content. */
  readonly version: string;
  readonly url: string;
};

export type IngestReport = {
  readonly read: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
  /** One sentence a file that could not be read, or that nobody listed; and one for the library, `library-unread` or, where nobody answered, `library-away`. */
  readonly problems: readonly Refusal[];
  /** Listed documents that could not be read, for their owners. */
  readonly unread: readonly Unread[];
  readonly passages: number;
  /** What owners should mend in documents that were read. */
  readonly health: readonly HealthFinding[];
};

/** `message`: one sentence that names the file. */
export type Unread = { readonly owner: string | undefined; readonly title: string; readonly message: string };

export type IngestResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly log: Log;
  readonly store: AnswersStore;
  readonly readFile: Reader;
  readonly library?: DocumentLibrary;
};

/** Raised when readers or passages change, so that unchanged files are read again. */
const READER_VERSION = '4';
/** Documents of the library are known by their path in it, as trust.yaml lists them, so that a moved file is a new document. */
const LIBRARY_ID = 'library:';

type Facts = Omit<DocumentFacts, 'title'> & { readonly title?: string };
/** One document to take: `fetch` is called only when its hash is new. */
type Candidate = {
  readonly facts: Facts;
  readonly file: string;
  readonly source: Source;
  readonly hash: string;
  readonly fetch: () => Promise<Buffer>;
};

/** One look at all documents. */
type Round = {
  readonly resources: IngestResources;
  readonly now: Date;
  /** Hashes of what is stored, by document. */
  readonly before: ReadonlyMap<string, string>;
  /** Documents that stay. */
  readonly present: Set<string>;
  readonly read: string[];
  readonly unchanged: string[];
  readonly removed: string[];
  readonly problems: Refusal[];
  readonly unread: Unread[];
  passages: number;
};

export async function ingestDocuments(
  resources: IngestResources,
  folder: string,
  now: Date,
): Promise<IngestReport> {
  const { store, trust, log } = resources;
  const stored = (await store.documents()).filter((document) => document.source !== 'note');
  const round: Round = {
    resources,
    now,
    before: new Map(stored.map((document) => [document.facts.id, document.hash])),
    present: new Set(),
    read: [],
    unchanged: [],
    removed: [],
    problems: [],
    unread: [],
    passages: 0,
  };
  const library = await takeLibrary(round);
  for (const entry of trust.documents) {
    if (library.names.has(entry.file)) continue;
    const found = await readBytes(folder, entry.file);
    if (isRefusal(found)) {
      // Where the library could not be asked it may be there: no owner is told to look for a file that is where it should be.
      const mayBeElsewhere = !library.asked && found.reason !== 'too-large';
      // A document leaves when its file does. A folder that has vanished, or a file that cannot be opened, takes none with it.
      if (found.reason !== 'missing') round.present.add(entry.file);
      if (mayBeElsewhere) continue;
      if (found.reason === 'missing') {
        round.problems.push(found);
        round.unread.push({ owner: entry.owner, title: entry.title ?? entry.file, message: found.message });
      } else leaveOut(round, factsOf(entry), found);
      continue;
    }
    const { bytes } = found;
    const facts = factsOf(entry);
    const hash = hashOf(facts, bytes.toString('latin1'));
    await take(round, { facts, file: entry.file, source: 'folder', hash, fetch: async () => bytes });
  }
  round.problems.push(...(await unlisted(folder, trust)));
  for (const id of round.before.keys()) {
    if (round.present.has(id)) continue;
    await store.removeDocument(id);
    round.removed.push(id);
  }
  const { read, unchanged, removed, problems, unread, passages } = round;
  log.info('documents read', {
    read: read.length,
    unchanged: unchanged.length,
    removed: removed.length,
    problems: problems.length,
  });
  const documents = (await store.documents()).map((document) => document.facts);
  const health = healthOf(documents, await store.passages(), dateOf(now, trust.trust.zone));
  return { read, unchanged, removed, problems, unread, passages, health };
}

function hashOf(facts: Facts, content: string): string {
  return contentId([READER_VERSION, JSON.stringify(facts), content], 32);
}

/** Reads and stores a document when its hash is new. Gives why it cannot be read, when it cannot. */
async function take(round: Round, candidate: Candidate): Promise<Refusal | undefined> {
  const { facts, file, source, hash, fetch } = candidate;
  const { before, present } = round;
  present.add(facts.id);
  if (before.get(facts.id) === hash) {
    round.unchanged.push(file);
    return undefined;
  }
  const blocks = await round.resources.readFile(file, await fetch());
  if (isRefusal(blocks)) return leaveOut(round, facts, blocks);
  const document: DocumentFacts = { ...facts, title: facts.title ?? titleFrom(file, blocks) };
  const passages = cutPassages(document, blocks);
  await round.resources.store.replaceDocument({ facts: document, hash, source }, passages, round.now);
  round.read.push(file);
  round.passages += passages.length;
  return undefined;
}

/** A version that cannot be read does not take the readable one with it. */
function leaveOut(round: Round, { id, owner, title }: Facts, problem: Refusal): Refusal {
  round.unread.push({ owner, title: title ?? id, message: problem.message });
  if (round.before.has(id)) {
    const message = `${problem.message} The last copy that could be read stands.`;
    round.problems.push(refuse(problem.reason, message));
  } else {
    round.problems.push(problem);
    round.present.delete(id);
  }
  return problem;
}

/**
 * Takes what the library lists and trust.yaml names; its documents stand before files of the same name in the folder. Gives
 * the names of those that it holds. When the library cannot be read, the last copy of its documents stands, and the next
 * look asks for the same changes again; `asked` is false then.
 */
async function takeLibrary(
  round: Round,
): Promise<{ readonly names: ReadonlySet<string>; readonly asked: boolean }> {
  const { library, db } = round.resources;
  if (!library) return { names: new Set(), asked: true };
  const kept = await readLibraryKept(db, library.drive);
  try {
    const told = await library.changes(kept.link);
    // What is gone and was never listed was a folder: nobody tells of the files that went with it.
    const unknown = !told.whole && told.removed.some((id) => !kept.items.has(id));
    const changes = unknown ? await library.changes(undefined) : told;
    const names = new Set<string>();
    const items: LibraryItemKept[] = [];
    const present = itemsAfter(kept.items, changes);
    const changed = new Set(changes.files.map(({ id }) => id));
    // Those never asked about, too: the trust may have named its columns only now.
    const unasked = present.filter(({ id, columns }) => changed.has(id) || columns === undefined);
    const fresh = (await library.columns?.(unasked.map(({ id }) => id))) ?? new Map<string, LibraryColumns>();
    for (const listed of present) {
      const columns = library.columns ? (fresh.get(listed.id) ?? listed.columns) : undefined;
      const { columns: _, ...plain } = listed;
      const taken = await takeItem(round, library, columns ? { ...plain, columns } : plain);
      if (taken.held) names.add(listed.name);
      items.push(taken.item);
    }
    await saveLibraryKept(db, library.drive, items, changes.link, round.now);
    return { names, asked: true };
  } catch (error) {
    const reason = `The document library could not be read (${messageOf(error)}); the last copy of its documents stands.`;
    const isAway = error instanceof AppError && error.code === 'graph-unreachable';
    round.problems.push(refuse(isAway ? 'library-away' : 'library-unread', reason));
    const stands = [...round.before.keys()].filter((id) => id.startsWith(LIBRARY_ID));
    for (const id of stands) round.present.add(id);
    return { names: new Set(stands.map((id) => id.slice(LIBRARY_ID.length))), asked: false };
  }
}

/** The files of the library as they are now, by name. */
function itemsAfter(
  before: ReadonlyMap<string, LibraryItemKept>,
  changes: LibraryChanges,
): LibraryItemKept[] {
  const listed = new Map(changes.files.map((file) => [file.id, file]));
  const items = new Map<string, LibraryItemKept>(changes.whole ? [] : before);
  for (const id of changes.removed) items.delete(id);
  for (const [id, file] of listed) {
    const { problem, columns } = before.get(id) ?? {};
    items.set(id, { ...file, ...(columns ? { columns } : {}), ...(problem ? { problem } : {}) });
  }
  return [...items.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function takeItem(
  round: Round,
  library: DocumentLibrary,
  item: LibraryItemKept,
): Promise<{ readonly item: LibraryItemKept; readonly held: boolean }> {
  const { problem: known, ...plain } = item;
  const about = await aboutItem(round, library, item);
  if (!about) return { item: plain, held: false };
  const facts = { ...about, id: `${LIBRARY_ID}${item.name}`, url: item.url, item: item.id };
  const hash = hashOf(facts, item.version);
  if (known?.hash === hash) {
    round.present.add(facts.id);
    leaveOut(round, facts, known.refusal);
    return { item, held: true };
  }
  const fetch = () => library.read(item.id);
  const refusal = await take(round, { facts, file: item.name, source: 'library', hash, fetch });
  return { item: refusal ? { ...plain, problem: { hash, refusal } } : plain, held: true };
}

/** Whose words a file's are, by trust.yaml, else by the library's columns; undefined and named when neither says. */
async function aboutItem(
  round: Round,
  library: DocumentLibrary,
  { name, columns }: LibraryItemKept,
): Promise<Omit<Facts, 'id'> | undefined> {
  const { trust } = round.resources;
  const entry = trust.documents.find((listed) => listed.file === name);
  if (entry) return factsOf(entry);
  if (!isReadable(name) && columns) return undefined;
  if (!columns?.kind) {
    const where = library.columns ? 'its columns and trust.yaml do not say whose words it holds' : UNLISTED;
    round.problems.push(refuse('unlisted', `${name} in the library was left out: ${where}.`));
    return undefined;
  }
  const { questions_contact: contact, zone } = trust.trust;
  const ownerOf = (mail: string) => library.ownerOf(mail);
  const read = await readColumns(name, columns, { ownerOf, contact, zone });
  round.problems.push(...read.problems);
  return read.facts;
}

const UNLISTED = 'trust.yaml does not list it under documents';

function factsOf(entry: Trust['documents'][number]): Facts {
  const { file, title, owner, kind, from, to, group } = entry;
  return {
    id: file,
    kind,
    owner,
    ...(title ? { title } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
    ...(group ? { group } : {}),
  };
}

/** Files in the folder that trust.yaml says nothing of: nobody has said whose words they are, so they are not used. */
async function unlisted(folder: string, trust: Trust): Promise<Refusal[]> {
  const listed = new Set(trust.documents.map((entry) => entry.file));
  const files = await listFiles(folder).catch((error: NodeJS.ErrnoException) => {
    // A trust whose documents are all in the library needs no folder.
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return files
    .filter((file) => isReadable(file) && !listed.has(file))
    .map((file) => refuse('unlisted', `${file} was left out: trust.yaml does not list it under documents.`));
}
