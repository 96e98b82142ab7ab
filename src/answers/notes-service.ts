/**
 * Makes a note of an answer, after a second look, and takes it back. A note carries its writer's name and its dates, stands for
 * a year, and reaches nobody who may not open the documents beside which its question was asked.
 */
import { decide, type Entry } from '../access/decide.ts';
import type { CardVerbOf } from '../access/policy.ts';
import { being, type Holder } from '../access/roles.ts';
import type { CardCommand } from '../cards/envelope.ts';
import { heldReply, joined } from '../cards/held.ts';
import type { CardReply } from '../cards/reply.ts';
import type { Outbox } from '../delivery/message.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { addDays, dateOf, dateWithYear } from '../kernel/time.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import { answeredCard, clearedCard, type Named, previewCard } from './ask-cards.ts';
import {
  ANSWER_LIMIT,
  type Ask,
  mayPublish,
  NOTE_DAYS,
  NOTE_QUESTION_LIMIT,
  noteBlocks,
  noteId,
  readerKey,
  shownFirst,
} from './asks.ts';
import { lockAsk, readAsk, saveAsk } from './asks-store.ts';
import { cutPassages, type DocumentFacts } from './corpus.ts';
import { deleteDocument, readDocumentFacts, writeDocument } from './store.ts';

/** Verbs of questions that were passed on; a passage's is not among them. */
export type AskVerb = Exclude<CardVerbOf<'answers'>, 'answers.read'>;

export type Press<V extends AskVerb = AskVerb> = {
  readonly id: string;
  readonly entry: Entry<V>;
  readonly now: Date;
  /** Where it was pressed, when in a channel. */
  readonly channelId?: string | undefined;
};

export type NoteParts = {
  readonly db: Db;
  readonly zone: string;
  /** Takes back the notes of those who have left. */
  readonly contact: string;
  readonly outbox: Outbox;
  readonly named: (personId: string) => Promise<Named>;
  readonly isStaff: (personId: string) => Promise<boolean>;
  /** The card of a question as it stands, for somebody whom it concerns. */
  readonly present: (ask: Ask, personId: string, typed?: string, notice?: string) => Promise<CardReply>;
  readonly audit: (trx: Trx, now: Date, actor: string, action: string, subject: string) => Promise<void>;
  readonly documentsChanged: () => void;
  /** Why the words may not be published, in a sentence for whoever wrote them. */
  readonly heldBack: (words: string, personId: string) => Promise<string | undefined>;
};

export const GONE: Refusal = refuse('gone', 'That question is no longer kept. Nothing was sent.');
type Typed = { readonly question: string; readonly answer: string };

export function createNotes({
  db,
  zone,
  contact,
  outbox,
  named,
  isStaff,
  present,
  audit,
  documentsChanged,
  heldBack,
}: NoteParts) {
  const datesAt = (now: Date) => {
    const from = dateOf(now, zone);
    return { from, to: addDays(from, NOTE_DAYS) };
  };

  /** Shows the note as it would be; nothing changes. */
  async function publish({ id, entry, now }: Press<'answers.publish'>): Promise<CardReply> {
    const ask = await readAsk(db, id);
    if (!ask) return GONE;
    const permit = decide(entry.verb, asAuthor(entry.holder, ask), {});
    if (isRefusal(permit)) return permit;
    const personId = permit.by;
    if (ask.state === 'published') return present(ask, personId);
    return preview(ask, personId, now, shownFirst(ask));
  }

  async function preview(
    ask: Ask,
    personId: string,
    now: Date,
    typed: Typed,
    notice?: string,
  ): Promise<CardReply> {
    const { from, to } = datesAt(now);
    const dates = { from: dateWithYear(from), to: dateWithYear(to) };
    return { kind: 'card', card: previewCard(ask, await named(personId), dates, typed, notice) };
  }

  async function confirm(
    { id, entry, now }: Press<'answers.confirm-publish'>,
    command: CardCommand,
  ): Promise<CardReply> {
    const seen = await readAsk(db, id);
    if (!seen) return GONE;
    const permit = decide(entry.verb, asAuthor(entry.holder, seen), {});
    if (isRefusal(permit)) return permit;
    const personId = permit.by;
    if (seen.state === 'published') return present(seen, personId);
    const typed = {
      question: (command.inputs.question ?? '').replace(/\s+/g, ' ').trim().slice(0, NOTE_QUESTION_LIMIT),
      answer: (command.inputs.answer ?? '').trim().slice(0, ANSWER_LIMIT),
    };
    if (!typed.question || !typed.answer)
      return preview(seen, personId, now, typed, 'Please fill in both fields. Nothing is published yet.');
    if (command.envelope.version !== seen.version)
      return preview(seen, personId, now, typed, 'This had moved on. Please look once more.');
    const held = await heldBack(joined([typed.question, typed.answer]), personId);
    if (held !== undefined) {
      const again = await preview(seen, personId, now, typed, held);
      return again.kind === 'card' ? heldReply(again.card, held) : again;
    }
    const { facts, passages } = noteOf(seen, typed, await named(personId), personId, datesAt(now));
    const ask = await inTransaction(db, async (trx) => {
      const locked = await lockAsk(trx, id);
      if (locked?.state !== 'answered' || locked.version !== seen.version) return locked;
      const next: Ask = { ...locked, state: 'published', version: locked.version + 1 };
      await saveAsk(trx, next);
      const hash = contentId([typed.question, typed.answer, JSON.stringify(facts)], 32);
      await writeDocument(trx, { facts, hash, source: 'note' }, passages, now);
      await outbox.revise(trx, readerKey(id, personId), answeredCard(next), now);
      await audit(trx, now, personId, 'publish-note', id);
      return next;
    });
    documentsChanged();
    return ask ? present(ask, personId) : GONE;
  }

  /** The note's owner decides by the note itself, so it also works once the question is forgotten. */
  async function withdrawNote({ id, entry, now }: Press<'answers.withdraw-note'>): Promise<CardReply> {
    const { holder } = entry;
    const personId = holder.id;
    const note = await readDocumentFacts(db, noteId(id));
    const seen = await readAsk(db, id);
    const standsIn = note?.owner !== undefined && personId === contact && !(await isStaff(note.owner));
    const wrote = note ? note.owner === personId : seen !== undefined && mayPublish(seen, personId);
    const told = being(holder, wrote ? 'answer-author' : undefined, standsIn ? 'stand-in' : undefined);
    const permit = decide(entry.verb, told, {});
    if (isRefusal(permit)) return note ? permit : GONE;
    const owner = note?.owner ?? personId;
    const ask = await inTransaction(db, async (trx) => {
      const locked = await lockAsk(trx, id);
      await deleteDocument(trx, noteId(id));
      const next =
        locked?.state === 'published'
          ? { ...locked, state: 'answered' as const, version: locked.version + 1 }
          : locked;
      if (next && next !== locked) await saveAsk(trx, next);
      const face = next ? answeredCard(next) : clearedCard(id, 'days', false);
      await outbox.revise(trx, readerKey(id, owner), face, now);
      if (note) await audit(trx, now, personId, 'withdraw-note', id);
      return next;
    });
    documentsChanged();
    if (standsIn) return { kind: 'text', text: 'The note is withdrawn; nobody gets it any more.' };
    if (ask) return present(ask, personId, undefined, 'The note is withdrawn; nobody gets it any more.');
    return { kind: 'card', card: clearedCard(id, 'days', false) };
  }

  return { publish, confirm, withdrawNote };
}

/** The same person, as the author where the answer is theirs. */
function asAuthor(holder: Holder, ask: Ask): Holder {
  return being(holder, mayPublish(ask, holder.id) ? 'answer-author' : undefined);
}

/** The note as a document of its own, with its passages. */
function noteOf(
  ask: Ask,
  typed: Typed,
  author: Named,
  owner: string,
  dates: { readonly from: string; readonly to: string },
) {
  const facts: DocumentFacts = {
    id: noteId(ask.id),
    title: typed.question,
    kind: 'note',
    owner,
    ...dates,
    ...(ask.within.length > 0 ? { within: ask.within } : {}),
  };
  const passages = cutPassages(facts, noteBlocks(typed.question, typed.answer)).map((passage) => ({
    ...passage,
    author: author.name,
    date: dateWithYear(dates.from),
  }));
  return { facts, passages };
}
