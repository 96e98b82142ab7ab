/**
 * Tells owners what is wrong with their documents: one card an owner, a new one only when something new was found; what was
 * mended leaves the card that named it. Who has left is stood in for by the contact; nobody is shown what they may not open.
 */
import type { Trust } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory } from '../directory/model.ts';
import { contentId } from '../kernel/ids.ts';
import { dateWithYear } from '../kernel/time.ts';
import type { Trx } from '../storage/database.ts';
import { type Access, openDocuments } from './access.ts';
import type { DocumentFacts } from './corpus.ts';
import type { HealthFinding, HealthKind } from './health.ts';
import { healthCard, healthDoneCard, type Told } from './health-card.ts';
import { listTold, lockTold, saveTold } from './health-store.ts';
import type { Unread } from './ingest-service.ts';

export type HealthResources = {
  readonly trust: Trust;
  readonly access: Access;
  readonly directory: Pick<Directory, 'person'>;
  readonly outbox: Outbox;
};

export type HealthPlan = {
  readonly owners: number;
  readonly findings: number;
  /** Inside the run's transaction: what was told, and the cards that are new. */
  readonly write: (trx: Trx) => Promise<readonly Draft[]>;
};

/** How outside reading is written is not for its owner here to mend, and a colleague's note is short on purpose. */
const OF_OTHERS: ReadonlySet<HealthKind> = new Set(['ran-out']);

const healthKey = (owner: string, round: number) => `document-health/${owner}/${round}`;

/** `docs`: all that are stored; `unread`: what the last look could not read. */
export async function planHealth(
  resources: HealthResources,
  docs: readonly DocumentFacts[],
  findings: readonly HealthFinding[],
  unread: readonly Unread[],
  now: Date,
): Promise<HealthPlan> {
  const byOwner = await toldByOwner(resources, docs, findings, unread, now);
  return {
    owners: byOwner.size,
    findings: [...byOwner.values()].reduce((sum, told) => sum + told.length, 0),
    write: async (trx) => {
      const drafts: Draft[] = [];
      for (const owner of new Set([...byOwner.keys(), ...(await listTold(trx))]))
        drafts.push(...(await tell(trx, resources.outbox, owner, byOwner.get(owner) ?? [], now)));
      return drafts;
    },
  };
}

async function tell(
  trx: Trx,
  outbox: Outbox,
  owner: string,
  found: readonly Told[],
  now: Date,
): Promise<Draft[]> {
  const known = await lockTold(trx, owner);
  const hashes = found.map(({ text }) => contentId([text]));
  const isNew = hashes.some((hash) => !known.findings.includes(hash));
  const isSame = !isNew && hashes.length === known.findings.length;
  if (isSame) return [];
  const round = known.round + (isNew ? 1 : 0);
  await saveTold(trx, owner, { findings: hashes, round }, now);
  const before = known.findings.length > 0 ? healthKey(owner, known.round) : undefined;
  if (!isNew) {
    if (before)
      await outbox.revise(trx, before, found.length > 0 ? healthCard(found) : healthDoneCard('mended'), now);
    return [];
  }
  if (before) await outbox.revise(trx, before, healthDoneCard('newer'), now);
  return [
    { key: healthKey(owner, round), target: { kind: 'person', personId: owner }, card: healthCard(found) },
  ];
}

/** What each reader is told, in the documents' order. */
async function toldByOwner(
  { trust, access, directory }: HealthResources,
  docs: readonly DocumentFacts[],
  findings: readonly HealthFinding[],
  unread: readonly Unread[],
  now: Date,
): Promise<Map<string, Told[]>> {
  const byId = new Map(docs.map((doc) => [doc.id, doc]));
  const openTo = new Map<string, ReadonlySet<string>>();
  const opens = async (personId: string, doc: DocumentFacts) => {
    const open =
      openTo.get(personId) ??
      new Set((await openDocuments(docs, personId, { kind: 'personal' }, access, now)).map(({ id }) => id));
    openTo.set(personId, open);
    return open.has(doc.id);
  };
  const readers = new Map<string, string | undefined>();
  const readerFor = async (owner: string | undefined) => {
    for (const id of [owner, trust.trust.questions_contact]) {
      if (!id) continue;
      if (!readers.has(id)) readers.set(id, (await directory.person(id))?.staff ? id : undefined);
      if (readers.get(id)) return id;
    }
    return undefined;
  };
  const told = new Map<string, Told[]>();
  const add = (owner: string, one: Told) => {
    const own = told.get(owner) ?? [];
    if (!own.some(({ text }) => text === one.text)) told.set(owner, [...own, one]);
  };
  for (const { owner, message, title } of unread) {
    const reader = await readerFor(owner);
    // Whoever stands in for an owner learns that something could not be read, and its name is in the trust's file.
    if (reader) add(reader, { text: message, doc: title });
  }
  for (const { kind, doc: id, other: otherId, message } of findings) {
    const [doc, other] = [byId.get(id), otherId ? byId.get(otherId) : undefined];
    if (!doc || (otherId && !other)) continue;
    if (['outside', 'note'].includes(doc.kind) && !OF_OTHERS.has(kind)) continue;
    const text = doc.kind === 'note' ? retiredNote(doc) : message;
    for (const about of other ? [doc, other] : [doc]) {
      const reader = await readerFor(about.owner);
      if (!reader) continue;
      const mayRead = async (one: DocumentFacts) => one.owner === reader || (await opens(reader, one));
      if (!(await mayRead(doc)) || (other && !(await mayRead(other)))) continue;
      add(reader, { text, doc: about.title, url: about.url });
    }
  }
  for (const doc of docs) {
    const left = doc.kind === 'note' && doc.owner !== undefined && !(await staffOnly(directory, doc.owner));
    const reader = left ? await readerFor(doc.owner) : undefined;
    if (!reader || !(await opens(reader, doc))) continue;
    const text = `The writer of the note "${doc.title}" has left. It stands until you withdraw it, or its year is over.`;
    add(reader, { text, doc: doc.title, note: doc.id.replace(/^note:/, '') });
  }
  return told;
}

async function staffOnly(directory: HealthResources['directory'], id: string): Promise<boolean> {
  return (await directory.person(id))?.staff === true;
}

function retiredNote({ title, to }: DocumentFacts): string {
  return `Your note "${title}" stood until ${dateWithYear(to ?? '')}: colleagues no longer get it.`;
}
