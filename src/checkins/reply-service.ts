/**
 * Hears replies in the threads of check-ins and makes drafts of them: a card in the author's own chat, prefilled, sent by
 * nobody but them. What names a pupil or may concern somebody's safety is held back, its words kept nowhere. A draft that is
 * sent goes the way of every answer: judged, saved, audited.
 */
import { decide, type Entry, may } from '../access/decide.ts';
import { being, type ToldRole } from '../access/roles.ts';
import type { Card } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import { heldLine, heldReply } from '../cards/held.ts';
import type { CardReply } from '../cards/reply.ts';
import type { Heard, Listener, Reply } from '../channels/ports.ts';
import { safeguardingLead, type Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { must } from '../kernel/guards.ts';
import { inTransaction, type Trx } from '../storage/database.ts';
import { MOST_TURNS, restless, saveJudged } from './acts-service.ts';
import { type Answerer, answererOf } from './answerers.ts';
import { readDossier } from './dossiers-store.ts';
import {
  DROP_DRAFT,
  type DraftVerb,
  type DraftView,
  draftCard,
  draftKey,
  droppedCard,
  movedOnCard,
  pupilNamedCard,
  readDraftKey,
  type SEND_DRAFT,
  sentForCard,
  sentStaysCard,
  takenBackCard,
} from './draft-card.ts';
import { isProblem, readAnswer, saysTheSame, type Typed, typedFrom } from './form.ts';
import { freeWords, namesConcerned } from './held-words.ts';
import { hasSent } from './history-store.ts';
import { type Answer, type Checkin, decide as decideOn, TAKES } from './lifecycle.ts';
import { aroundOf, type CheckinsResources, faceOf, type Lines, loadLines } from './lines-service.ts';
import type { Milestone } from './milestone.ts';
import { readMilestone, readMilestones } from './milestones-store.ts';
import { channelOf } from './place.ts';
import { changeOf, type Presser } from './press.ts';
import { readReply } from './reply-words.ts';
import { addMessages, noteRefreshes, readCheckin, readLastApproved, readMessagesOf } from './store.ts';
import { readPostedAsks } from './threads-store.ts';

export type ReplyResources = Omit<CheckinsResources, 'directory'> & {
  readonly directory: Pick<Directory, 'people' | 'staff' | 'holder' | 'membersOf'>;
  /** Where cards of these keys stand: the message that each became. */
  readonly postsOf: (
    keys: readonly string[],
  ) => Promise<
    ReadonlyMap<string, { readonly teamId: string; readonly channelId: string; readonly activityId: string }>
  >;
  /** Whether a message of this key was ever made. */
  readonly knows: (key: string) => Promise<boolean>;
  /** The fixed card for words that may concern somebody's safety. */
  readonly safety: (words: string, person: Person) => Card | undefined;
  /** Sends a card to a person's own chat, of which nothing is kept that says who got it. */
  readonly sendAlone: (trx: Trx, personId: string, key: string, card: Card, now: Date) => Promise<void>;
};

/** What the policy calls those who may answer in a channel. */
const TOLD_BY: Readonly<Record<Answerer, ToldRole>> = {
  owner: 'owner',
  'stand-in': 'stand-in',
  member: 'channel-member',
};

export interface Replies extends Listener {
  /** Answers `checkins.send-draft` and `checkins.drop-draft`. Never inside a transaction. */
  act(entry: Entry<DraftVerb>, command: CardCommand, person: Presser, now: Date): Promise<CardReply>;
}

export function createReplies(resources: ReplyResources): Replies {
  const { db, trust } = resources;
  return {
    places: async () => {
      const milestones = await readMilestones(db);
      const channels = milestones.flatMap((milestone) =>
        milestone.askIn === 'channel' && !milestone.ended ? (channelOf(trust, milestone) ?? []) : [],
      );
      return [...new Map(channels.map((channel) => [channel.channelId, channel])).values()];
    },
    threads: async () => {
      const asks = await readPostedAsks(db);
      const posts = await resources.postsOf(asks.map(({ key }) => key));
      return asks.flatMap(({ key, checkinId }) => {
        const post = posts.get(key);
        return post
          ? [{ teamId: post.teamId, channelId: post.channelId, rootId: post.activityId, subject: checkinId }]
          : [];
      });
    },
    hear: (reply, now) => hear(resources, reply, now),
    act: (entry, command, person, now) => answerDraft(resources, entry, command, person, now),
  };
}

/** Nothing comes of it, and nothing says whose it was. */
function nothing(outcome: string): Heard {
  return { outcome, write: async () => undefined };
}

async function hear(resources: ReplyResources, reply: Reply, now: Date): Promise<Heard> {
  const { thread, authorId, words } = reply;
  const checkin = await readCheckin(resources.db, thread.subject);
  if (!checkin) return nothing('gone');
  const key = draftKey({ checkinId: checkin.id, authorId, messageId: reply.messageId });
  if (reply.deleted)
    return { ...nothing('taken-back'), write: (trx) => endDraft(resources, trx, key, takenBackCard(), now) };
  const { milestone, last, lines } = await readAround(resources, checkin, authorId, now);
  const author = lines.person(authorId);
  // A pupil, a guest, a leaver: their words are nobody's business here.
  if (!author?.staff) return nothing('not-staff');
  // Whoever of the staff writes of a worry there is shown the way, whether the check-in is theirs or not.
  const held = resources.safety(words, author);
  if (held) return holding(resources, key, authorId, held, now);
  const role = await roleIn(resources, thread.teamId, { checkin, milestone, lines }, authorId);
  const told = being({ id: authorId, standings: [] }, role && TOLD_BY[role]);
  if (!may('reply:check-in', told, {})) return nothing('not-theirs');
  if (await resources.namesPupil(words, namesConcerned(lines, { checkin, milestone }, authorId))) {
    const lead = safeguardingLead(resources.trust, author);
    return holding(resources, key, authorId, pupilNamedCard(lead), now);
  }
  const typed = readReply(words, { unit: milestone.unit, target: milestone.target, last });
  if (!typed || !TAKES[checkin.state].includes('submit')) return nothing('no-answer');
  const view = viewOf(key, { checkin, milestone, last, lines }, authorId, typed);
  const draft: Draft = {
    key,
    target: { kind: 'person', personId: authorId },
    card: draftCard(view),
    urgent: true,
  };
  return {
    outcome: 'draft',
    personId: authorId,
    write: async (trx) => {
      const added = await resources.outbox.enqueue(trx, `replies/${checkin.id}`, [draft], now);
      // The author has written it anew: the same card shows the new words.
      if (added === 0) await resources.outbox.revise(trx, key, draft.card, now);
    },
  };
}

/** An earlier draft of the same reply goes; the card that says why leaves no trace of who got it. */
function holding(resources: ReplyResources, key: string, personId: string, card: Card, now: Date): Heard {
  return {
    outcome: 'held',
    write: async (trx) => {
      await endDraft(resources, trx, key, droppedCard(), now);
      await resources.sendAlone(trx, personId, `${key}/${now.toISOString()}`, card, now);
    },
  };
}

/** The draft's card gives way to one that says so; of what its author has sent, that it stays. */
async function endDraft(
  { outbox }: ReplyResources,
  trx: Trx,
  key: string,
  ended: Card,
  now: Date,
): Promise<void> {
  const { checkinId, authorId } = must(readDraftKey(key), 'the key of a draft');
  const sent = await hasSent(trx, checkinId, authorId);
  await outbox.revise(trx, key, sent ? sentStaysCard() : ended, now);
}

type Around = { readonly checkin: Checkin; readonly milestone: Milestone; readonly lines: Lines };

async function readAround(resources: ReplyResources, checkin: Checkin, personId: string, now: Date) {
  const { db } = resources;
  const milestone = must(await readMilestone(db, checkin.milestoneId), `milestone ${checkin.milestoneId}`);
  const [approved] = await readLastApproved(db, [checkin.milestoneId]);
  const last = approved?.id === checkin.id ? undefined : approved?.answer;
  const lines = await loadLines(
    resources,
    [checkin.ownerId, personId, ...decidersOf(checkin), ...aroundOf(resources.trust, [milestone])],
    now,
  );
  return { milestone, last, lines };
}

function decidersOf({ decidedBy }: Checkin): string[] {
  return decidedBy === undefined ? [] : [decidedBy];
}

/** Asked of Graph at the time: members and owners of the team decide who may check in there. */
async function roleIn(
  { directory, trust }: ReplyResources,
  teamId: string,
  { checkin, milestone, lines }: Around,
  personId: string,
): Promise<Answerer | undefined> {
  return answererOf(
    {
      ownerId: checkin.ownerId,
      reviewers: lines.readers(checkin.ownerId, milestone),
      escalatedTo: checkin.state === 'submitted' ? checkin.escalation?.to : undefined,
      standIns: lines.standIns(checkin.ownerId, milestone),
      answeredBy: answeredBy(trust, milestone.id),
      members: (await directory.membersOf(teamId)).ids,
    },
    personId,
  );
}

function answeredBy(trust: Trust, milestoneId: string): 'owner' | 'team' {
  return trust.milestones.find(({ id }) => id === milestoneId)?.answered_by ?? 'owner';
}

function viewOf(
  key: string,
  { checkin, milestone, last, lines }: Around & { readonly last: Answer | undefined },
  personId: string,
  typed: Typed,
): DraftView {
  const { names, concerned } = faceOf(lines, checkin, milestone, last);
  const own = personId === checkin.ownerId;
  return { key, checkin, milestone, names, concerned, last, typed, author: lines.givenName(personId), own };
}

const KEPT = 'This had moved on. Your words are still here: please check them and send again.';
const NOBODY =
  'I could not find anyone to read this, so nothing was sent. Please ask your school office to check who the line manager is.';

async function answerDraft(
  resources: ReplyResources,
  entry: Entry<DraftVerb>,
  command: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const key = command.envelope.id;
  const name = readDraftKey(key);
  // Nobody sends or drops what was made of another's words, whatever they are to the check-in.
  const author = being(entry.holder, name?.authorId === entry.holder.id ? 'draft-author' : undefined);
  const own = decide(DROP_DRAFT, author, {});
  if (!name || isRefusal(own)) {
    resources.log.warn('check-in draft refused', { draft: key, person: person.personId });
    return isRefusal(own) ? own : refuse('gone', 'I do not know that draft. Nothing was changed.');
  }
  if (!(await resources.knows(key))) return refuse('gone', 'I do not know that draft. Nothing was changed.');
  if (entry.verb === DROP_DRAFT) {
    return dropDraft(resources, key, command.envelope.version, now);
  }
  for (let turn = 0; turn < MOST_TURNS; turn += 1) {
    const reply = await tryDraft(resources, entry, command, name.checkinId, person, now);
    if (reply) return reply;
  }
  throw restless(command.envelope.id);
}

/**
 * The card of a draft that was sent shows its check-in, also again after its author wrote it anew; any other is done with.
 * `version`: of the check-in as the pressed card had it. One that has changed since was drawn again by its change.
 */
async function dropDraft(
  { db, outbox, refresher }: ReplyResources,
  key: string,
  version: number,
  now: Date,
): Promise<CardReply> {
  const { checkinId, authorId } = must(readDraftKey(key), 'the key of a draft');
  const ended = (await hasSent(db, checkinId, authorId)) ? sentStaysCard() : droppedCard();
  await inTransaction(db, async (trx) => {
    if ((await readMessagesOf(trx, key)).length === 0) await outbox.revise(trx, key, ended, now);
    else if ((await readCheckin(trx, checkinId))?.version === version) await noteRefreshes(trx, [checkinId]);
  });
  refresher.wake();
  return { kind: 'card', card: ended };
}

/** Undefined when somebody else changed the check-in meanwhile. */
async function tryDraft(
  resources: ReplyResources,
  { verb, holder }: Entry<typeof SEND_DRAFT>,
  command: CardCommand,
  checkinId: string,
  person: Presser,
  now: Date,
): Promise<CardReply | undefined> {
  const { trust, log } = resources;
  const dossier = await readDossier(resources.db, checkinId);
  if (!dossier) return refuse('gone', 'I cannot find that check-in any more. Nothing was changed.');
  const { checkin, milestone, last } = dossier;
  const lines = await loadLines(
    resources,
    [checkin.ownerId, person.personId, ...decidersOf(checkin), ...aroundOf(trust, [milestone])],
    now,
  );
  const reviewers = lines.readers(checkin.ownerId, milestone);
  const channel = channelOf(trust, milestone);
  const around = { checkin, milestone, lines };
  const role = channel && (await roleIn(resources, channel.teamId, around, person.personId));
  const permit = decide(verb, being(holder, role && TOLD_BY[role]), {});
  if (isRefusal(permit)) {
    log.warn('check-in draft refused', { checkin: checkin.id, person: person.personId });
    return permit;
  }
  const typed = typedFrom(command.inputs);
  const key = command.envelope.id;
  const view = viewOf(key, { ...around, last }, person.personId, typed);
  const again = (notice: string): CardReply => ({ kind: 'card', card: draftCard({ ...view, notice }) });
  if (!TAKES[checkin.state].includes('submit')) return { kind: 'card', card: movedOnCard() };
  const concerned = namesConcerned(lines, around, person.personId);
  if (await resources.namesPupil(freeWords('submit', command.inputs), concerned)) {
    const sentence = heldLine(safeguardingLead(trust, lines.person(person.personId) ?? {}));
    return heldReply(draftCard({ ...view, notice: sentence }), sentence);
  }
  const answer = readAnswer(typed, milestone, view.concerned);
  if (isProblem(answer)) return again(answer.message);
  if (!reviewers.asked) return again(NOBODY);
  const actor = { kind: 'person', personId: person.personId, mayReview: false, mayAnswer: true } as const;
  const { version } = command.envelope;
  const same = last !== undefined && saysTheSame(answer, last);
  const decision = decideOn(checkin, { kind: 'submit', version, answer, same }, actor, now);
  if (decision.kind === 'refusal') return decision.reason === 'stale' ? again(KEPT) : decision;
  const judged = changeOf(dossier, decision, {
    lines,
    now,
    person,
    unchangedApproves: false,
    viewer: 'owner',
  });
  if (judged.kind !== 'change') return judged.reply;
  if (!(await saveJudged(resources, judged))) return undefined;
  if (role !== 'owner') {
    const sent = sentForCard(view);
    await inTransaction(resources.db, (trx) => resources.outbox.revise(trx, key, sent, now));
    return { kind: 'card', card: sent };
  }
  // From now on the owner's shows what becomes of the check-in; before, nothing was to be drawn over their words.
  await inTransaction(resources.db, async (trx) => {
    const copy = { key, checkinId: checkin.id, personId: person.personId, role } as const;
    await addMessages(trx, [copy], now);
    await noteRefreshes(trx, [checkin.id]);
  });
  resources.refresher.wake();
  return judged.reply;
}
