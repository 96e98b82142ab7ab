/**
 * Changing what a run delivered, for operators at the command line and in their own chats: a word put on each of its cards, or all
 * of them taken back. Here, because it joins the ledger, the audit and what forms are held to.
 */
import type { HoldsBack } from '../cards/held.ts';
import { CHANGE_LENGTH, takenBackCard, withNote } from '../delivery/changed-card.ts';
import type { Delivery } from '../delivery/service.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Hand } from './pausing.ts';

export type RunChangeHand = Hand<
  'operations.recall' | 'operations.note' | 'cli:deliveries recall' | 'cli:deliveries edit'
>;

const TAKEN_BACK = 'recalled: an operator took the run back';

export type RunChanges = ReturnType<typeof createRunChanges>;

export function createRunChanges(parts: {
  readonly db: Db;
  readonly delivery: Pick<Delivery, 'recallRun' | 'changeRun'>;
  readonly holdsBack: HoldsBack;
}) {
  const { db, delivery } = parts;

  /** What readers would see goes by the same rules as every form. */
  async function unfit(words: string): Promise<Refusal | undefined> {
    if (words.length > CHANGE_LENGTH)
      return refuse('too-long', `Please say it in ${CHANGE_LENGTH} characters: it stands on a card.`);
    const held = await parts.holdsBack(words);
    if (held === 'pupil')
      return refuse('names-pupil', 'That looks as if it names a pupil. Please say it without the name.');
    return held
      ? refuse('safety', 'That may be about somebody’s safety. Please speak to a safeguarding lead instead.')
      : undefined;
  }

  /** Each card of the run begins with these words, until it is brought up to date by what it is about. */
  async function note(run: string, words: string, { permit, now }: RunChangeHand): Promise<string | Refusal> {
    if (words.trim() === '') return refuse('nothing-said', 'Write first what readers should know.');
    const refused = await unfit(words.trim());
    if (refused) return refused;
    const changed = await inTransaction(db, async (trx) => {
      const cards = await delivery.changeRun(trx, run, (card) => withNote(card, words));
      if (cards > 0)
        await writeAudit(trx, { at: now, actor: permit.by, action: 'operations.note', subject: run });
      return cards;
    });
    return changed === 0
      ? refuse('nothing-there', 'Nothing of that run is with anybody, so nothing was changed.')
      : `${count(changed, 'card')} of it now ${changed === 1 ? 'begins' : 'begin'} with those words.`;
  }

  /** Each card of the run says from now on that it was taken back, and why where that was said. */
  async function recall(run: string, why: string, { permit, now }: RunChangeHand): Promise<string | Refusal> {
    const refused = await unfit(why.trim());
    if (refused) return refused;
    const { delivered, withdrawn } = await inTransaction(db, async (trx) => {
      const done = await delivery.recallRun(trx, run, takenBackCard(why), TAKEN_BACK);
      if (done.delivered + done.withdrawn > 0)
        await writeAudit(trx, {
          at: now,
          actor: permit.by,
          action: 'operations.recall',
          subject: run,
          detail: done,
        });
      return done;
    });
    if (delivered + withdrawn === 0)
      return refuse('nothing-there', 'Nothing of that run is with anybody, or it was taken back before.');
    const waited = withdrawn > 0 ? ` ${count(withdrawn, 'message')} that waited will not be sent.` : '';
    return `${count(delivered, 'card')} of it ${delivered === 1 ? 'says' : 'say'} now that it was taken back.${waited}`;
  }

  return { note, recall };
}
