/**
 * Acts on a line of a digest: approves or opens what waits, or tells a milestone's owner that its reader can help. Who may is
 * decided when it is pressed, from today's line of management and today's scope; the card only says which thing was meant.
 */
import { decide, type Entry } from '../access/decide.ts';
import { being, type Holder } from '../access/roles.ts';
import { actionSet, button, type Element } from '../cards/elements.ts';
import { type CardCommand, envelope } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { capital } from '../kernel/text.ts';
import { dateOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction } from '../storage/database.ts';
import type { DigestsResources, Reader } from './build-service.ts';
import { helpOfferCard } from './help-card.ts';
import type { Desk } from './ports.ts';

export type ActEntry = Entry<'digests.approve' | 'digests.open' | 'digests.offer-help'>;

/** `notice`: what to say above the digest. */
export type LineOutcome =
  | { readonly kind: 'notice'; readonly notice: string }
  | { readonly kind: 'reply'; readonly reply: CardReply };

const NOT_HERE = refuse('unknown-card', 'I do not know that button. Please use the newest card.');

export async function actOnLine(
  resources: DigestsResources,
  entry: ActEntry,
  { envelope: { id, version } }: CardCommand,
  reader: Reader,
  now: Date,
): Promise<LineOutcome> {
  const { verb } = entry;
  if (verb === 'digests.offer-help') return offerHelp(resources, entry.holder, id, reader, now);
  const { desk } = resources;
  if (!desk) return { kind: 'reply', reply: NOT_HERE };
  if (verb === 'digests.approve') return approve(desk, { id, version }, reader, now);
  return { kind: 'reply', reply: withWayBack(await desk.open({ id, version }, reader, now)) };
}

async function approve(
  desk: Desk,
  item: { readonly id: string; readonly version: number },
  reader: Reader,
  now: Date,
): Promise<LineOutcome> {
  const outcome = await desk.approve(item, reader, now);
  switch (outcome.kind) {
    case 'approved':
      return { kind: 'notice', notice: `Approved. ${outcome.owner} can see it.` };
    case 'already':
      return { kind: 'notice', notice: 'You had approved it before. Nothing more was changed.' };
    case 'moved-on':
      return { kind: 'notice', notice: `${capital(outcome.how)}, so it was left.` };
    case 'read-first':
      return { kind: 'notice', notice: `Worth a read first (${outcome.why}), so it was left.` };
    case 'not-yours':
      return {
        kind: 'reply',
        reply: refuse('not-yours', 'That check-in is with someone else, so nothing was changed.'),
      };
  }
}

function withWayBack(reply: CardReply): CardReply {
  if (reply.kind !== 'card') return reply;
  const { content } = reply.card;
  const back = actionSet([
    button('Back to my digest', envelope('digests.refresh', 'mine'), { withoutInputs: true }),
  ]);
  const body = [...(content.body as readonly Element[]), back];
  return { ...reply, card: { ...reply.card, content: { ...content, body } } };
}

const GONE =
  'Nothing is in the way of that any more, or it is not yours to see. Nothing was sent. Type "digest" for how things stand.';

/** The owner learns who can help. The reader learns of the owner nothing that the digest did not say. */
async function offerHelp(
  { db, trust, checkins, directory, outbox }: DigestsResources,
  holder: Holder,
  milestoneId: string,
  reader: Reader,
  now: Date,
): Promise<LineOutcome> {
  if (!outbox) return { kind: 'reply', reply: NOT_HERE };
  const { standings } = await checkins.summary(now);
  const found = standings.find(({ milestone }) => milestone.id === milestoneId);
  const blocker = found?.answer?.blocker;
  const [helper] = await directory.people([reader.personId]);
  if (!found || !blocker || !helper) return { kind: 'reply', reply: refuse('gone', GONE) };
  const { milestone, managerId, readerId } = found;
  const told = being(
    holder,
    milestone.ownerId === holder.id ? 'owner' : undefined,
    managerId === holder.id || readerId === holder.id ? 'reviewer' : undefined,
  );
  const about = { urn: milestone.schoolUrn, team: milestone.teamId, strand: milestone.strand };
  const permit = decide('digests.offer-help', told, about);
  if (isRefusal(permit)) return { kind: 'reply', reply: permit };
  const date = dateOf(now, trust.trust.zone);
  await inTransaction(db, async (trx) => {
    await writeAudit(trx, {
      at: now,
      actor: reader.personId,
      action: 'digests.offer-help',
      subject: milestoneId,
    });
    const draft = {
      key: `offer/${milestoneId}/${reader.personId}/${date}`,
      target: { kind: 'person', personId: milestone.ownerId } as const,
      card: helpOfferCard({ helper, title: milestone.title, blocker }),
    };
    await outbox.enqueue(trx, `offer/${milestoneId}`, [draft], now);
  });
  return { kind: 'notice', notice: 'Its owner is told that you can help, and how to reach you.' };
}
