/**
 * The asker's side of a question that the documents leave open: to whom it is offered, and its way out once they have pressed.
 * Whoever the card named reads it, or the asker is asked again. What the audit keeps names no asker.
 */
import { decide } from '../access/decide.ts';
import { being } from '../access/roles.ts';
import type { Card } from '../cards/elements.ts';
import type { CardReply } from '../cards/reply.ts';
import type { Target } from '../delivery/message.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { type Named, offerCard, questionCard, sentCard } from './ask-cards.ts';
import { channelOfferCard, channelQuestionCard } from './ask-channel-cards.ts';
import type { AskReaders, Nearest } from './ask-readers-service.ts';
import { type Ask, isChannel, readerKey } from './asks.ts';
import { insertAsk, readAsk } from './asks-store.ts';
import { GONE, type Press } from './notes-service.ts';
import type { ReplySetting } from './reply.ts';
import { recogniseSafety } from './safety.ts';
import { type KeptQuestion, readOwners, readQuestionKept, saveReader } from './store.ts';

export type PassingParts = {
  readonly db: Db;
  readonly log: Log;
  /** Takes what nobody else does. */
  readonly contact: string;
  readonly readers: AskReaders;
  /** Tells askers apart without saying who they are. */
  readonly markOf: (personId: string) => string;
  readonly send: (trx: Trx, key: string, target: Target, card: Card, now: Date) => Promise<void>;
  readonly audit: (
    trx: Trx,
    at: Date,
    actor: string,
    action: string,
    subject: string,
    detail?: Readonly<Record<string, string | number | boolean>>,
  ) => Promise<void>;
};

type PassingPress = Press<'answers.ask' | 'answers.ask-anonymous' | 'answers.ask-alone'>;

const NOBODY = refuse('nobody', 'There is nobody to pass this to just now. Nothing was sent.');

/** Who would read a question: the card that offers it to them, and the card that they get. */
type Recipient = {
  readonly id: string;
  /** As the asker is told of them. */
  readonly name: string;
  readonly target: Target;
  readonly offer: Card;
  readonly ask: (ask: Ask, asker: Named | undefined) => Card;
};

const inWords = (channel: string) => `The channel "${channel}"`;

export function createPassing({ db, log, contact, readers, markOf, send, audit }: PassingParts) {
  const { named, nextAfter } = readers;

  /** Whoever the card names, if they can still be asked; otherwise a person who can, to be offered anew. */
  async function recipientOf(
    kept: KeptQuestion,
    readerId: string,
    { id, entry: { holder } }: PassingPress,
  ): Promise<Recipient | undefined> {
    const topic = kept.topic ?? undefined;
    const personId = holder.id;
    if (isChannel(readerId)) {
      const channel = await readers.channelOf(kept.within, personId);
      if (channel?.id === readerId) {
        return {
          id: readerId,
          name: inWords(channel.name),
          target: channel.target,
          offer: channelOfferCard({ questionId: id, channel: channel.name, topic, headings: [] }),
          ask: (ask, asker) => channelQuestionCard({ ask, asker }),
        };
      }
    }
    const owners = isChannel(readerId) ? await readOwners(db, kept.passages) : [readerId];
    const reader = await readers.readerOf(owners, personId);
    if (!reader) return undefined;
    const next = await nextAfter(reader.id);
    return {
      id: reader.id,
      name: reader.person.name,
      target: { kind: 'person', personId: reader.id },
      offer: offerCard({ questionId: id, reader: reader.person, next, topic, headings: [] }),
      ask: (ask, asker) => questionCard({ ask, asker, next }),
    };
  }

  /** The question behind an offer, for the one who asked it and nobody else. */
  async function offered({
    id,
    entry: { verb, holder },
  }: PassingPress): Promise<(KeptQuestion & { readerId: string }) | Refusal> {
    const kept = await readQuestionKept(db, id);
    if (!kept) return refuse('gone', 'That question is no longer kept. Please ask it again.');
    const asked = kept.mark === markOf(holder.id);
    const permit = decide(verb, being(holder, asked ? 'asker' : undefined), {});
    if (isRefusal(permit)) return permit;
    const { readerId } = kept;
    if (
      kept.outcome !== 'refusal' ||
      readerId === null ||
      recogniseSafety(`${kept.topic ?? ''}\n${kept.question}`)
    )
      return refuse('not-offered', 'That cannot be passed on from here. Nothing was sent.');
    return { ...kept, readerId };
  }

  /** The channel was offered, and one person shall read it instead: a new offer, which names them. Nothing is sent. */
  async function offerAlone(press: PassingPress): Promise<CardReply> {
    const kept = await offered(press);
    if (isRefusal(kept)) return kept;
    const before = await readAsk(db, press.id);
    if (before) return sentAgain(before);
    const [owner] = isChannel(kept.readerId) ? await readOwners(db, kept.passages) : [kept.readerId];
    const to = await recipientOf(kept, owner ?? contact, press);
    return to ? offerAnew(press.id, to) : NOBODY;
  }

  async function offerAnew(id: string, to: Recipient): Promise<CardReply> {
    await saveReader(db, id, to.id);
    return { kind: 'card', card: to.offer };
  }

  async function pass(press: PassingPress): Promise<CardReply> {
    const { id, entry, now } = press;
    const personId = entry.holder.id;
    const withName = entry.verb === 'answers.ask';
    const kept = await offered(press);
    if (isRefusal(kept)) return kept;
    const before = await readAsk(db, id);
    if (before) return sentAgain(before);
    const to = await recipientOf(kept, kept.readerId, press);
    if (!to) return NOBODY;
    // Whom the card named has left, or the channel no longer does: the asker chooses again, knowing who it would be.
    if (to.id !== kept.readerId) return offerAnew(id, to);
    const ask: Ask = {
      id,
      askedAt: kept.askedAt,
      askerId: personId,
      named: withName,
      question: kept.question,
      within: kept.within,
      ...(kept.topic ? { topic: kept.topic } : {}),
      readers: [to.id],
      state: 'open',
      version: 1,
    };
    const asker = withName ? await named(personId) : undefined;
    const isNew = await inTransaction(db, async (trx) => {
      if (!(await insertAsk(trx, ask))) return false;
      await send(trx, readerKey(id, to.id), to.target, to.ask(ask, asker), now);
      await audit(trx, now, 'waymark', 'pass-on', id, { named: withName });
      return true;
    });
    if (!isNew) return sentAgain(await readAsk(db, id));
    log.info('question passed on', { id });
    return { kind: 'card', card: sentCard(to.name, withName, false) };
  }

  async function sentAgain(ask: Ask | undefined): Promise<CardReply> {
    if (!ask) return GONE;
    const who = ask.readers.some(isChannel)
      ? inWords(readers.channelName)
      : (await named(ask.readers.at(-1) ?? '')).name;
    return { kind: 'card', card: sentCard(who, ask.named, true) };
  }

  /**
   * To whom a refusal may be passed on, for the card below it: the channel for questions, else a person. Whom no message
   * reaches is only named.
   */
  async function offerFor(
    questionId: string,
    nearest: Nearest,
    askerId: string,
    topic: string | undefined,
  ): Promise<{ readonly readerId?: string } & Pick<ReplySetting, 'offer' | 'looksAfter'>> {
    const channel = await readers.channelOf(nearest.within, askerId);
    const reader = await readers.readerOf(nearest.owners, askerId);
    if (channel) {
      const offer = { questionId, channel: channel.name, instead: reader?.person, topic };
      return { readerId: channel.id, offer };
    }
    if (!reader) return { looksAfter: (await readers.ownerOf(nearest.owners, askerId))?.name };
    const owns = reader.id !== contact || nearest.owners.includes(reader.id);
    const next = await nextAfter(reader.id);
    return { readerId: reader.id, offer: { questionId, reader: reader.person, next, owns, topic } };
  }

  return { offerFor, offerAlone, pass };
}
