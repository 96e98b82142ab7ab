/**
 * Keeps a person's week within its allowance: what goes beyond is held back in the transaction that plans it, named on one card
 * later, and sent by a press. Nothing of it is lost: the ledger keeps each message, and says which card names it.
 */
import { decide, type Entry } from '../access/decide.ts';
import { being } from '../access/roles.ts';
import type { Card } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { MAX_CARD_BYTES } from '../cards/size.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import { allot } from './allowance.ts';
import { distinct, gatheredCard, withWaiting } from './gathering-card.ts';
import {
  cardsNaming,
  countHad,
  endWait,
  facesOf,
  goAlone,
  type Held,
  holdBack,
  knownKeys,
  lockAllowances,
  markOpened,
  namedIn,
  nameIn,
  readHeld,
  waitingFor,
  whoWaits,
} from './gathering-store.ts';
import type { Draft, Revision } from './message.ts';
import { takeUp } from './resends-store.ts';
import type { Delivery } from './service.ts';

/** Begins the key of a card that gathers what waited. */
const GATHERED = 'gathered/';
const HELD_BACK = 'merged: enough messages this week; it comes with what waited';

export type GatheringParts = {
  readonly db: Db;
  readonly delivery: Pick<Delivery, 'release' | 'reviseAll'>;
  /** Messages that can wait, for one person in a week. */
  readonly allowance: number;
  /** Ids of the runs whose messages count, in the week of an instant. */
  readonly runsOfWeek: (now: Date) => readonly string[];
  /** When what waits is gathered next. */
  readonly nextGathering: (now: Date) => Date | undefined;
  /** Who gets a digest later this week, which then names what waits for them. */
  readonly awaitDigest: (now: Date) => Promise<ReadonlySet<string>>;
};

export type Gathering = ReturnType<typeof createGathering>;

export function createGathering(parts: GatheringParts) {
  const { db, delivery, allowance } = parts;

  /** Of a run's messages, which go; the others are written down as withheld. In the run's transaction, before they are enqueued. */
  async function withinAllowance(
    trx: Trx,
    runId: string,
    drafts: readonly Draft[],
    now: Date,
  ): Promise<readonly Draft[]> {
    const people = drafts.flatMap(({ target }) => (target.kind === 'person' ? target.personId : []));
    if (people.length === 0) return drafts;
    await lockAllowances(trx);
    // A message that is known already stays what it was, whatever this week came to.
    const known = await knownKeys(
      trx,
      drafts.map(({ key }) => key),
    );
    const had = await countHad(trx, [...new Set(people)], parts.runsOfWeek(now));
    const { later } = allot(
      drafts.filter(({ key }) => !known.has(key)),
      had,
      allowance,
      parts.nextGathering(now),
    );
    await holdBack(
      trx,
      later.flatMap(({ key, target }) =>
        target.kind === 'person' ? { key, personId: target.personId, runId } : [],
      ),
      now,
    );
    const held = new Set(later.map(({ key }) => key));
    return drafts.map((draft) => (held.has(draft.key) ? { ...draft, withheld: HELD_BACK } : draft));
  }

  /** The cards of a run that everybody gets anyway also name what waits for each; where there is no room, it waits on. */
  async function alongside(trx: Trx, drafts: readonly Draft[]): Promise<readonly Draft[]> {
    const waiting = Map.groupBy(
      await waitingFor(
        trx,
        drafts.flatMap(({ target, withheld }) =>
          target.kind === 'person' && withheld === undefined ? target.personId : [],
        ),
      ),
      ({ personId }) => personId,
    );
    const known = await knownKeys(
      trx,
      drafts.map(({ key }) => key),
    );
    const dressed: Draft[] = [];
    for (const draft of drafts) {
      const items = draft.target.kind === 'person' ? waiting.get(draft.target.personId) : undefined;
      const card = items && withWaiting(draft.card, distinct(items));
      const fits = card && Buffer.byteLength(JSON.stringify(card.content)) <= MAX_CARD_BYTES;
      if (!items || !card || !fits || known.has(draft.key)) {
        dressed.push(draft);
        continue;
      }
      await nameIn(
        trx,
        items.map(({ key }) => key),
        draft.key,
      );
      waiting.delete(items[0]?.personId ?? '');
      dressed.push({ ...draft, card });
    }
    return dressed;
  }

  /** One card for everybody for whom something waits and no digest comes this week. */
  async function plan(date: string, now: Date): Promise<(trx: Trx) => Promise<readonly Draft[]>> {
    const [waiting, readers] = [await whoWaits(db), await parts.awaitDigest(now)];
    const people = [...waiting].filter((personId) => !readers.has(personId));
    return async (trx) => {
      await lockAllowances(trx);
      const drafts: Draft[] = [];
      const byPerson = Map.groupBy(await waitingFor(trx, people), ({ personId }) => personId);
      for (const [personId, items] of byPerson) {
        const [only, ...others] = distinct(items);
        // A card that names one thing would be one more than the thing itself.
        if (only && others.length === 0) {
          for (const { key } of items)
            if (key !== only.key) await endWait(trx, key, `merged into ${only.key}`, now);
          await goAlone(trx, only.key);
          // By the run that plans it, so that quiet hours and pauses hold for it as for any other.
          drafts.push(...(await takeUp(trx, only, now, `waited until ${date} and went by itself`)));
          continue;
        }
        const key = `${GATHERED}${date}/${personId}`;
        await nameIn(
          trx,
          items.map((item) => item.key),
          key,
        );
        drafts.push({ key, target: { kind: 'person', personId }, card: gatheredCard(distinct(items)) });
      }
      return drafts;
    };
  }

  /** Sends a message that waited, for the person it waited for; the card that names it says so from then on. */
  async function act(
    entry: Entry<'messages.open'>,
    { envelope }: CardCommand,
    now: Date,
  ): Promise<CardReply> {
    return inTransaction(db, async (trx): Promise<CardReply> => {
      const held = await readHeld(trx, envelope.id);
      const recipient = held?.personId === entry.holder.id ? 'recipient' : undefined;
      const permit = decide('messages.open', being(entry.holder, recipient), {});
      if (isRefusal(permit)) return permit;
      if (!held?.intoKey) return refuse('message-gone', 'That message is no longer kept.');
      if (!held.opened) {
        await markOpened(trx, envelope.id, now);
        await delivery.release(trx, { ...held, urgent: true }, now);
      }
      const [face] = await redrawn(trx, [held.intoKey]);
      if (!face) return { kind: 'text', text: 'It is below, in our chat.' };
      await delivery.reviseAll(trx, [face], now);
      return { kind: 'card', card: face.card };
    });
  }

  return { withinAllowance, alongside, plan, act };
}

/** New faces of messages with what their cards also name, for those that name anything. */
export async function dressed(trx: Trx, revisions: readonly Revision[]): Promise<readonly Revision[]> {
  const named = await namedIn(
    trx,
    revisions.map(({ key }) => key),
  );
  if (named.size === 0) return revisions;
  return revisions.map((revision) => {
    const items = named.get(revision.key);
    return items ? { key: revision.key, card: faceOf(revision.key, revision.card, items) } : revision;
  });
}

/** After messages that waited got new faces: the cards that name them, brought up to date. */
export async function redrawnFor(trx: Trx, keys: readonly string[]): Promise<readonly Revision[]> {
  return redrawn(trx, await cardsNaming(trx, keys));
}

async function redrawn(trx: Trx, intoKeys: readonly string[]): Promise<readonly Revision[]> {
  const named = await namedIn(trx, intoKeys);
  const faces = await facesOf(trx, intoKeys);
  return intoKeys.flatMap((key): Revision[] => {
    const [items, card] = [named.get(key), faces.get(key)];
    return items && card ? [{ key, card: faceOf(key, card, items) }] : [];
  });
}

function faceOf(key: string, card: Card, items: readonly Held[]): Card {
  const things = distinct(items);
  return key.startsWith(GATHERED) ? gatheredCard(things) : withWaiting(card, things);
}
