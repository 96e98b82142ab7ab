/**
 * Carries a question to whoever reads it and the answer back. People are read first; then in one transaction: lock, decide from
 * our own row, save, audit, cards out, every other copy brought up to date. What the audit and the log keep names no asker.
 */
import { decide, type Entry, type Permit } from '../access/decide.ts';
import { being, type Holder } from '../access/roles.ts';
import type { CardCommand } from '../cards/envelope.ts';
import { heldLine, heldReply, type NamesPupil } from '../cards/held.ts';
import type { CardReply } from '../cards/reply.ts';
import { safeguardingLead, type Trust } from '../config/trust.ts';
import type { Outbox, Target } from '../delivery/message.ts';
import type { Directory } from '../directory/model.ts';
import { assertNever, isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { keyedHash } from '../kernel/ids.ts';
import { dateOf, dateWithYear } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import {
  answerCard,
  answeredCard,
  clearedCard,
  otherAnsweredCard,
  passedCard,
  questionCard,
} from './ask-cards.ts';
import { channelQuestionCard } from './ask-channel-cards.ts';
import { createPassing } from './ask-passing-service.ts';
import { createAskReaders, type Reach } from './ask-readers-service.ts';
import {
  ANSWER_LIMIT,
  type Ask,
  answered,
  answerKey,
  channelReader,
  keptOf,
  passedOn,
  readerKey,
} from './asks.ts';
import {
  deleteAsk,
  dropAskers,
  listAnsweredWithAsker,
  listAsksOf,
  lockAsk,
  lockAsksBefore,
  readAsk,
  saveAsk,
} from './asks-store.ts';
import { type AskVerb, createNotes, GONE, type Press } from './notes-service.ts';

/** What asks need of delivery, beside the outbox. */
export interface AskOutbox extends Outbox {
  /** Deletes those messages that are settled; returns the keys of which nothing is left. */
  forget(trx: Trx, keys: readonly string[]): Promise<readonly string[]>;
}

export type AsksResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly log: Log;
  readonly directory: Pick<Directory, 'person'>;
  readonly namesPupil: NamesPupil;
  readonly reach?: Reach;
  readonly outbox: AskOutbox;
  /** Makes the marks that tell askers apart. */
  readonly personKey: string;
  /** A note came or went: what is indexed is old. */
  readonly documentsChanged: () => void;
};

export type Asks = ReturnType<typeof createAsks>;

const RUN = 'asks';

type AnswerPress = Press<'answers.answer'>;

export function createAsks(resources: AsksResources) {
  const { db, trust, outbox, log } = resources;
  const readers = createAskReaders(resources);
  const { named, nextAfter } = readers;
  const { questions_contact: contact, zone } = trust.trust;
  const markOf = (personId: string) => keyedHash(resources.personKey, `asker\n${personId}`).slice(0, 24);
  const today = (at: Date) => dateWithYear(dateOf(at, zone));

  async function send(
    trx: Trx,
    key: string,
    target: Target,
    card: Parameters<Outbox['revise']>[2],
    now: Date,
    urgent = true,
  ) {
    await outbox.enqueue(trx, RUN, [{ key, target, card, urgent }], now);
  }

  async function audit(
    trx: Trx,
    at: Date,
    actor: string,
    action: string,
    subject: string,
    detail: Readonly<Record<string, string | number | boolean>> = {},
  ) {
    await writeAudit(trx, { at, actor, action: `answers.${action}`, subject, detail });
  }

  /** The card of a reader as the question stands, read outside any transaction. */
  async function present(ask: Ask, personId: string, typed?: string, notice?: string): Promise<CardReply> {
    if (ask.answer?.by === personId) return { kind: 'card', card: answeredCard(ask, notice) };
    if (ask.answer) return { kind: 'card', card: otherAnsweredCard(ask, await named(ask.answer.by), typed) };
    const asker = ask.named && ask.askerId ? await named(ask.askerId) : undefined;
    if (!ask.readers.includes(personId))
      return { kind: 'card', card: channelQuestionCard({ ask, asker, notice, typed }) };
    const next = ask.readers.includes(contact) ? undefined : await nextAfter(personId);
    return { kind: 'card', card: questionCard({ ask, asker, next, notice, typed }) };
  }

  /** Whether this is theirs to answer: a reader's, or in the channel that it went to, a colleague's other than the asker. */
  async function mayAnswer(
    ask: Ask,
    { entry: { verb, holder }, channelId }: AnswerPress,
  ): Promise<Permit<'answers.answer'> | Refusal> {
    const reader = channelId && channelReader(channelId);
    if (ask.readers.includes(holder.id)) return decide(verb, being(holder, 'question-reader'), {});
    if (!reader || !ask.readers.includes(reader)) return decide(verb, holder, {});
    if (ask.askerId === holder.id) return decide(verb, being(holder, 'asker'), {});
    return (await readers.isMember(holder.id, reader))
      ? decide(verb, being(holder, 'channel-member'), {})
      : refuse(
          'outsiders',
          `I could not see that everyone in this channel is on ${trust.trust.short_name}'s staff. Nothing was sent.`,
        );
  }

  /** Why words may not be sent or published, in a sentence for whoever wrote them. */
  async function heldBack(words: string, personId: string): Promise<string | undefined> {
    if (!(await resources.namesPupil(words))) return undefined;
    return heldLine(safeguardingLead(trust, (await resources.directory.person(personId)) ?? {}));
  }

  async function answer(press: AnswerPress, typed: string): Promise<CardReply> {
    const { id, now } = press;
    const seen = await readAsk(db, id);
    if (!seen) return GONE;
    const permit = await mayAnswer(seen, press);
    if (isRefusal(permit)) return permit;
    const personId = permit.by;
    const text = typed.trim().slice(0, ANSWER_LIMIT);
    if (seen.state === 'open' && !text)
      return present(seen, personId, undefined, 'Please write an answer first. Nothing was sent.');
    const held = seen.state === 'open' ? await heldBack(text, personId) : undefined;
    if (held !== undefined) {
      const again = await present(seen, personId, text, held);
      return again.kind === 'card' ? heldReply(again.card, held) : again;
    }
    const by = await named(personId);
    const outcome = await inTransaction(db, async (trx) => {
      const ask = await lockAsk(trx, id);
      if (ask?.state !== 'open') return { ask, won: false };
      const done = answered(ask, text, personId, now);
      await saveAsk(trx, done);
      for (const reader of ask.readers) {
        const face = reader === personId ? answeredCard(done) : otherAnsweredCard(done, by);
        await outbox.revise(trx, readerKey(id, reader), face, now);
      }
      if (!ask.readers.includes(personId))
        await send(
          trx,
          readerKey(id, personId),
          { kind: 'person', personId },
          answeredCard(done),
          now,
          false,
        );
      const told = ask.askerId && { kind: 'person' as const, personId: ask.askerId };
      if (told) await send(trx, answerKey(id), told, answerCard(done, by, today(now)), now);
      await audit(trx, now, personId, 'answer', id);
      return { ask: done, won: true };
    });
    if (!outcome.ask) return GONE;
    return present(outcome.ask, personId, outcome.won ? undefined : text);
  }

  async function notMine({ id, entry, now }: Press<'answers.not-mine'>): Promise<CardReply> {
    const seen = await readAsk(db, id);
    if (!seen) return GONE;
    const permit = decide(entry.verb, asReader(entry.holder, seen), {});
    if (isRefusal(permit)) return permit;
    const personId = permit.by;
    const next = await nextAfter(personId);
    if (!next)
      return present(seen, personId, undefined, 'There is nobody to pass this to. It stays with you.');
    const asker = seen.named && seen.askerId ? await named(seen.askerId) : undefined;
    const ask = await inTransaction(db, async (trx) => {
      const locked = await lockAsk(trx, id);
      if (locked?.state !== 'open' || locked.readers.includes(contact)) return locked;
      const passed = passedOn(locked, contact);
      await saveAsk(trx, passed);
      await outbox.revise(trx, readerKey(id, personId), passedCard(next), now);
      const target = { kind: 'person', personId: contact } as const;
      await send(trx, readerKey(id, contact), target, questionCard({ ask: passed, asker }), now);
      await audit(trx, now, personId, 'not-mine', id);
      return passed;
    });
    if (!ask) return GONE;
    return ask.state === 'open' ? { kind: 'card', card: passedCard(next) } : present(ask, personId);
  }

  async function show({ id, entry }: Press<'answers.show'>): Promise<CardReply> {
    const ask = await readAsk(db, id);
    if (!ask) return GONE;
    const permit = decide(entry.verb, asReader(entry.holder, ask), {});
    return isRefusal(permit) ? permit : present(ask, permit.by);
  }

  function asReader(holder: Holder, ask: Ask): Holder {
    return being(holder, ask.readers.includes(holder.id) ? 'question-reader' : undefined);
  }

  const passing = createPassing({ db, log, contact, readers, markOf, send, audit });

  const notes = createNotes({
    db,
    zone,
    contact,
    outbox,
    named,
    isStaff: async (personId) => (await readers.staff(personId)) !== undefined,
    present,
    audit,
    documentsChanged: resources.documentsChanged,
    heldBack,
  });

  return {
    markOf,
    offerFor: passing.offerFor,

    /** The buttons of these cards; refuses what is not theirs to press. `channelId`: where it was pressed, when in a channel. */
    act(entry: Entry<AskVerb>, command: CardCommand, now: Date, channelId?: string): Promise<CardReply> {
      const at = { id: command.envelope.id, now, channelId };
      switch (entry.verb) {
        case 'answers.ask':
        case 'answers.ask-anonymous':
          return passing.pass({ ...at, entry });
        case 'answers.ask-alone':
          return passing.offerAlone({ ...at, entry });
        case 'answers.answer':
          return answer({ ...at, entry }, command.inputs.answer ?? '');
        case 'answers.not-mine':
          return notMine({ ...at, entry });
        case 'answers.publish':
          return notes.publish({ ...at, entry });
        case 'answers.confirm-publish':
          return notes.confirm({ ...at, entry }, command);
        case 'answers.withdraw-note':
          return notes.withdrawNote({ ...at, entry });
        case 'answers.show':
          return show({ ...at, entry });
        default:
          return assertNever(entry);
      }
    },

    /** The asker deleted or rewrote the question: readers no longer see it, and no answer is sent. */
    async withdraw(id: string, now: Date): Promise<void> {
      await inTransaction(db, async (trx) => {
        const ask = await lockAsk(trx, id);
        if (ask) await clear(trx, ask, 'withdrawn', now);
      });
    },

    /** A person leaves: what they asked and nobody answered is withdrawn; of what was answered their id goes. */
    async erase(trx: Trx, personId: string, now: Date): Promise<void> {
      const own = (await listAsksOf(trx, personId)).filter((ask) => ask.askerId === personId);
      for (const { id } of own) {
        const ask = await lockAsk(trx, id);
        if (ask?.state === 'open') await clear(trx, ask, 'withdrawn', now);
        else if (ask) await dropAskers(trx, [id]);
      }
    },

    /** What is kept of a person here: questions on their way, and answers that they wrote. */
    async export(personId: string) {
      return (await listAsksOf(db, personId)).map((ask) => keptOf(ask, personId));
    },

    /** Inside a housekeeping run: asks older than an instant go, and askers whose answer has reached them. */
    async forget(
      trx: Trx,
      before: Date,
      now: Date,
    ): Promise<{ readonly asks: number; readonly askers: number }> {
      const old = await lockAsksBefore(trx, before);
      for (const ask of old) await clear(trx, ask, 'days', now);
      const waiting = await listAnsweredWithAsker(trx);
      const reached = new Set(await outbox.forget(trx, waiting.map(answerKey)));
      const done = waiting.filter((id) => reached.has(answerKey(id)));
      await dropAskers(trx, done);
      return { asks: old.length, askers: done.length };
    },
  };

  async function clear(trx: Trx, ask: Ask, why: 'days' | 'withdrawn', now: Date): Promise<void> {
    for (const reader of ask.readers) {
      const published = ask.state === 'published' && ask.answer?.by === reader;
      await outbox.revise(trx, readerKey(ask.id, reader), clearedCard(ask.id, why, published), now);
    }
    await outbox.forget(trx, [answerKey(ask.id)]);
    await deleteAsk(trx, ask.id);
  }
}
