/**
 * A card that Teams no longer finds cannot be brought up to date: a new one takes its place, with a line that says so, and is
 * the living copy from then on. Once for each card, however often its loss is told; of a card in a channel nothing is sent,
 * since whoever took it away there meant to.
 */
import { type Card, type Element, line } from '../cards/elements.ts';
import type { LostMessage } from '../delivery/editing-service.ts';
import type { Draft } from '../delivery/message.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction } from '../storage/database.ts';
import { WAYMARK } from './lifecycle.ts';
import type { CheckinsResources } from './lines-service.ts';
import { addMessages, readMessagesOf } from './store.ts';

/** What the key of a replacement ends with; it is replaced by nothing, or a chat that loses all would be filled. */
const AGAIN = '/again';

export async function replaceLost(
  { db, outbox, log }: Pick<CheckinsResources, 'db' | 'outbox' | 'log'>,
  lost: readonly LostMessage[],
  now: Date,
): Promise<void> {
  for (const { key, personId, card } of lost) {
    const messages = key.endsWith(AGAIN) ? [] : await readMessagesOf(db, key);
    const [first] = messages;
    if (!first || first.role === 'channel') continue;
    const draft: Draft = {
      key: `${key}${AGAIN}`,
      target: { kind: 'person', personId },
      card: withNote(card),
      urgent: true,
    };
    const sent = await inTransaction(db, async (trx) => {
      const added = await outbox.enqueue(trx, `checkin/${first.checkinId}`, [draft], now);
      if (added === 0) return false;
      await addMessages(
        trx,
        messages.map((message) => ({ ...message, key: draft.key })),
        now,
      );
      await writeAudit(trx, {
        at: now,
        actor: WAYMARK,
        action: 'checkins.replace-card',
        subject: first.checkinId,
      });
      return true;
    });
    if (sent) log.info('a lost card was replaced', { key });
  }
}

function withNote(card: Card): Card {
  const note = line('Teams has lost this card further up, so here it is again, as things stand.', {
    colour: 'Accent',
  });
  const body = [note, ...(card.content.body as readonly Element[])];
  return { ...card, content: { ...card.content, body } };
}
