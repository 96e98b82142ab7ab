/**
 * Digests for the rest of Waymark: the cards of a slot, one on request, the buttons. Scope comes from the trust's file for
 * the signed-in person, at building and at every opening; a card passed on opens only what its new reader may see.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import type { Directory } from '../directory/model.ts';
import { refuse } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { dateOf, daysBetween } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { audienceOf, covers, scopeOf } from './audience.ts';
import { digestCard } from './card.ts';
import { composeDigest, type Digest, isEmpty } from './compose.ts';
import type { AttendanceFigures, HeadNudges, MilestoneStandings } from './ports.ts';
import { standingReply, topicAsked } from './standing.ts';
import { insertDigest, readLastDigests, readRhythms, saveRhythm } from './store.ts';

export type DigestsResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'people'>;
  readonly checkins: MilestoneStandings;
  readonly attendance: AttendanceFigures;
  /** Absent: heads' digests carry no attendance card. */
  readonly nudges?: HeadNudges | undefined;
  readonly log: Log;
};

type Reader = { readonly personId: string; readonly name: string };

/** `write` must run in the transaction that enqueues `drafts`. */
export type DigestPlan = { readonly drafts: readonly Draft[]; write(trx: Trx): Promise<void> };

export type Digests = {
  /** The digests of a slot, for example `digest/2026-W48`. Call it before opening a transaction. */
  plan(at: { readonly slot: string; readonly now: Date }): Promise<DigestPlan>;
  /** The chat word "digest": as of now, for this person's scope. */
  onDemand(reader: Reader, now: Date): Promise<MessageReply>;
  /** "How are we doing on disadvantage first?", for readers with a scope of their own; undefined for anything else. */
  standing(question: string, reader: Reader, now: Date): Promise<MessageReply | undefined>;
  /** Answers `digests.refresh`, `digests.fewer`, `digests.weekly`. Never inside a transaction. */
  act(command: CardCommand, reader: Reader, now: Date): Promise<CardReply>;
  /** The digest that a person was last sent up to and including a date, as it stood; undefined when there was none. */
  asOf(personId: string, date: string): Promise<Digest | undefined>;
};

/** Read on Monday or Tuesday, or not at all. */
const DIGEST_LIVES_MS = 48 * 3_600_000;
/** A fortnight less two days, so that a digest that a holiday moved does not push out the next one. */
const FORTNIGHT_DAYS = 12;

export function createDigests(resources: DigestsResources): Digests {
  return {
    plan: (at) => planSlot(resources, at),
    onDemand: (reader, now) => answerWord(resources, reader, now),
    standing: (question, reader, now) => answerStanding(resources, question, reader, now),
    act: (command, reader, now) => answerButton(resources, command, reader, now),
    asOf: async (personId, date) => (await readLastDigests(resources.db, [personId], date)).get(personId),
  };
}

async function planSlot(
  resources: DigestsResources,
  at: { readonly slot: string; readonly now: Date },
): Promise<DigestPlan> {
  const { db, trust, directory, log } = resources;
  const { slot, now } = at;
  const date = dateOf(now, trust.trust.zone);
  const audience = audienceOf(trust);
  const ids = audience.map((recipient) => recipient.personId);
  const people = new Map((await directory.people(ids)).map((person) => [person.id, person]));
  const rhythms = await readRhythms(db, ids);
  const last = await readLastDigests(db, ids, date);
  const facts = await readFacts(resources, now);
  const rows: { id: string; slot: string; digest: Digest }[] = [];
  const drafts: Draft[] = [];
  for (const { personId, scope } of audience) {
    const person = people.get(personId);
    const everyWeeks = rhythms.get(personId) ?? 1;
    const before = last.get(personId);
    if (!person?.staff) continue;
    if (everyWeeks === 2 && before && daysBetween(before.date, date) < FORTNIGHT_DAYS) continue;
    const reader = { personId, givenName: person.givenName || person.name };
    const nudge = await resources.nudges?.headNudge(personId, now);
    const digest = composeDigest({ trust, reader, scope, date, ...facts, nudge, last: before });
    if (isEmpty(digest)) continue;
    rows.push({ id: contentId(['digest', slot, personId]), slot, digest });
    drafts.push({
      key: `${slot}/${personId}`,
      target: { kind: 'person', personId },
      card: digestCard(digest, { everyWeeks }),
      expiresAt: new Date(now.getTime() + DIGEST_LIVES_MS),
    });
  }
  log.info('digests planned', { slot, digests: drafts.length });
  return {
    drafts,
    write: async (trx) => {
      for (const row of rows) await insertDigest(trx, row, now);
    },
  };
}

async function readFacts(resources: DigestsResources, now: Date) {
  return {
    attendance: await resources.attendance.attendanceSummary(now),
    checkins: await resources.checkins.summary(now),
  };
}

/** One digest as of now. Someone without a scope of their own gets what waits for them, and nothing else. */
async function buildNow(
  resources: DigestsResources,
  reader: Reader,
  now: Date,
): Promise<{ readonly digest: Digest; readonly everyWeeks: 1 | 2 | undefined }> {
  const { db, trust, directory } = resources;
  const date = dateOf(now, trust.trust.zone);
  const [person] = await directory.people([reader.personId]);
  const last = await readLastDigests(db, [reader.personId], date);
  const rhythms = await readRhythms(db, [reader.personId]);
  const digest = composeDigest({
    trust,
    reader: { personId: reader.personId, givenName: person?.givenName || reader.name },
    scope: scopeOf(trust, reader.personId),
    date,
    ...(await readFacts(resources, now)),
    nudge: await resources.nudges?.headNudge(reader.personId, now),
    last: last.get(reader.personId),
  });
  const unasked = audienceOf(trust).some((recipient) => recipient.personId === reader.personId);
  return { digest, everyWeeks: unasked ? (rhythms.get(reader.personId) ?? 1) : undefined };
}

const NOTHING =
  'Nothing waits for you to read. Digests of milestones and attendance go to heads and trust leaders.';

async function answerWord(resources: DigestsResources, reader: Reader, now: Date): Promise<MessageReply> {
  const { digest, everyWeeks } = await buildNow(resources, reader, now);
  if (isEmpty(digest)) return { kind: 'reply', text: NOTHING };
  return { kind: 'reply', card: digestCard(digest, { everyWeeks }) };
}

async function answerStanding(
  resources: DigestsResources,
  question: string,
  reader: Reader,
  now: Date,
): Promise<MessageReply | undefined> {
  const { trust } = resources;
  const topic = topicAsked(trust, question);
  const scope = scopeOf(trust, reader.personId);
  if (!topic || (scope.kind === 'schools' && scope.urns.length === 0)) return undefined;
  const { attendance, checkins } = await readFacts(resources, now);
  const schools = attendance?.schools.filter((school) => covers(scope, school.urn)) ?? [];
  return standingReply({
    topic,
    standings: checkins.standings.filter(
      (standing) =>
        topic.strands.includes(standing.milestone.strand) && covers(scope, standing.milestone.schoolUrn),
    ),
    attendance: attendance && schools.length > 0 ? { ...attendance, schools } : undefined,
  });
}

async function answerButton(
  resources: DigestsResources,
  command: CardCommand,
  reader: Reader,
  now: Date,
): Promise<CardReply> {
  const { verb } = command.envelope;
  if (verb !== 'digests.refresh' && verb !== 'digests.fewer' && verb !== 'digests.weekly') {
    return refuse('unknown-card', 'I do not know that button. Please use the newest card.');
  }
  const { digest, everyWeeks } = await buildNow(resources, reader, now);
  if (isEmpty(digest)) return refuse('no-digest', NOTHING);
  if (verb === 'digests.refresh' || everyWeeks === undefined)
    return { kind: 'card', card: digestCard(digest, { everyWeeks }) };
  const wanted = verb === 'digests.fewer' ? 2 : 1;
  await inTransaction(resources.db, async (trx) => {
    await saveRhythm(trx, reader.personId, wanted, now);
    await writeAudit(trx, {
      at: now,
      actor: reader.personId,
      action: verb,
      subject: reader.personId,
      detail: { everyWeeks: wanted },
    });
  });
  const notice = wanted === 2 ? 'Every second week from now on.' : 'Every week again, from the next one on.';
  return { kind: 'card', card: digestCard(digest, { everyWeeks: wanted, notice }) };
}
