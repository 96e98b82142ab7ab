/**
 * Digests for the rest of Waymark: the cards of a slot, one on request, the buttons. Scope comes from the trust's file for
 * the signed-in person, at building and at every opening; a card passed on opens only what its new reader may see.
 */
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { CheckinSummary } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { refuse } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { dateOf, daysBetween } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { audienceOf, covers, coversSchool, leads, type Scope, schoolsIn, scopeOf } from './audience.ts';
import { digestCard, type EveryWeeks } from './card.ts';
import { composeDigest, type Digest, isEmpty, placeOf, saysTheSame } from './compose.ts';
import type {
  AttendanceFigures,
  AttendanceSummary,
  HeadNudges,
  Matters,
  MilestoneStandings,
  OpenMatters,
} from './ports.ts';
import { standingReply, topicAsked } from './standing.ts';
import { insertDigest, readLastDigests, readRhythms, saveRhythm } from './store.ts';
import { whyCard } from './why.ts';

export type DigestsResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'people' | 'staff'>;
  readonly checkins: MilestoneStandings;
  readonly attendance: AttendanceFigures;
  /** Absent: heads' digests carry no attendance card. */
  readonly nudges?: HeadNudges | undefined;
  /** Absent: digests say nothing of what documents leave open. */
  readonly matters?: Matters | undefined;
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
  /** Answers `digests.refresh`, `digests.why`, `digests.fewer`, `digests.weekly`. Never inside a transaction. */
  act(command: CardCommand, reader: Reader, now: Date): Promise<CardReply>;
  /** The digest that a person was last sent up to and including a date, as it stood; undefined when there was none. */
  asOf(personId: string, date: string): Promise<Digest | undefined>;
};

/** Read on Monday or Tuesday, or not at all. */
const DIGEST_LIVES_MS = 48 * 3_600_000;
/** A digest that a holiday moved must not push out the next one. */
const DAYS_OF_GRACE = 2;

type Facts = {
  readonly attendance: AttendanceSummary | undefined;
  readonly checkins: CheckinSummary;
  readonly matters: OpenMatters | undefined;
};

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
  const facts = await readFacts(resources, now, { attendance: true, themes: true });
  const audience = audienceOf(trust, facts.checkins.standings);
  const ids = audience.map(({ personId }) => personId);
  const people = new Map((await directory.people(ids)).map((person) => [person.id, person]));
  const alone = givenNamesOfOne(await directory.staff());
  const rhythms = await readRhythms(db, ids);
  const last = await readLastDigests(db, ids, date);
  const rows: { id: string; slot: string; digest: Digest }[] = [];
  const drafts: Draft[] = [];
  let silent = 0;
  for (const scope of audience) {
    const { personId } = scope;
    const person = people.get(personId);
    const everyWeeks = rhythms.get(personId) ?? 1;
    const before = last.get(personId);
    if (!person?.staff) continue;
    if (before && everyWeeks > 1 && daysBetween(before.date, date) < everyWeeks * 7 - DAYS_OF_GRACE) continue;
    const nudge = scope.urns.length > 0 ? await resources.nudges?.headNudge(personId, now) : undefined;
    const reader = readerOf(person, alone);
    const weeks = await weeksFor(resources, scope, facts);
    const digest = composeDigest({ trust, reader, scope, date, ...facts, weeks, nudge, last: before });
    if (isEmpty(digest)) continue;
    rows.push({ id: contentId(['digest', slot, personId]), slot, digest });
    const unchangedSince = before && saysTheSame(digest, before) ? before.date : undefined;
    if (unchangedSince && trust.policies.digest_unchanged === 'silent') {
      silent += 1;
      continue;
    }
    drafts.push({
      key: `${slot}/${personId}`,
      target: { kind: 'person', personId },
      card: digestCard(digest, { everyWeeks, unchangedSince }),
      expiresAt: new Date(now.getTime() + DIGEST_LIVES_MS),
    });
  }
  log.info('digests planned', { slot, digests: drafts.length, silent });
  return {
    drafts,
    write: async (trx) => {
      for (const row of rows) await insertDigest(trx, row, now);
    },
  };
}

/** What nobody who reads it may be shown is not looked for. */
async function readFacts(
  { attendance, checkins, matters }: DigestsResources,
  now: Date,
  wanted: { readonly attendance: boolean; readonly themes: boolean },
): Promise<Facts> {
  return {
    attendance: wanted.attendance ? await attendance.attendanceSummary(now) : undefined,
    checkins: await checkins.summary(now),
    matters: await matters?.openMatters(now, wanted),
  };
}

async function weeksFor({ attendance, trust }: DigestsResources, scope: Scope, facts: Facts) {
  const place = placeOf(trust, scope);
  if (!place || !facts.attendance) return undefined;
  const { week } = facts.attendance;
  return attendance.gapWeeks?.(place.kind === 'school' ? { week, schoolUrn: place.urn } : { week });
}

/** Given names that one member of staff alone has. */
function givenNamesOfOne(staff: readonly Person[]): ReadonlySet<string> {
  const bearers = Map.groupBy(staff, ({ givenName }) => givenName);
  return new Set([...bearers].filter(([, those]) => those.length === 1).map(([name]) => name));
}

function readerOf(person: Person, alone: ReadonlySet<string>) {
  return {
    personId: person.id,
    givenName: person.givenName || person.name,
    names: [person.name, ...(alone.has(person.givenName) ? [person.givenName] : [])],
  };
}

type Built = {
  readonly digest: Digest;
  readonly scope: Scope;
  /** Owners of milestones whom this reader manages. */
  readonly people: number;
  readonly everyWeeks: EveryWeeks | undefined;
};

/** One digest as of now. Someone without a scope of their own gets what waits for them, and nothing else. */
async function buildNow(resources: DigestsResources, reader: Reader, now: Date): Promise<Built> {
  const { db, trust, directory } = resources;
  const date = dateOf(now, trust.trust.zone);
  const scope = scopeOf(trust, reader.personId);
  const staff = await directory.staff();
  const person = staff.find(({ id }) => id === reader.personId);
  const last = await readLastDigests(db, [reader.personId], date);
  const rhythms = await readRhythms(db, [reader.personId]);
  const facts = await readFacts(resources, now, {
    attendance: schoolsIn(trust, scope).length > 0,
    themes: scope.trust,
  });
  const digest = composeDigest({
    trust,
    reader: person
      ? readerOf(person, givenNamesOfOne(staff))
      : { personId: reader.personId, givenName: reader.name },
    scope,
    date,
    ...facts,
    weeks: await weeksFor(resources, scope, facts),
    nudge: scope.urns.length > 0 ? await resources.nudges?.headNudge(reader.personId, now) : undefined,
    last: last.get(reader.personId),
  });
  const own = facts.checkins.standings.filter(({ managerId }) => managerId === reader.personId);
  const unasked = leads(scope) || own.length > 0;
  return {
    digest,
    scope,
    people: new Set(own.map(({ milestone }) => milestone.ownerId)).size,
    everyWeeks: unasked ? (rhythms.get(reader.personId) ?? 1) : undefined,
  };
}

const NOTHING =
  'Nothing waits for you to read. Digests go to trust leaders, heads, those who lead a priority, and line managers of milestone owners.';

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
  if (!topic || !leads(scope)) return undefined;
  const attendance = await resources.attendance.attendanceSummary(now);
  const checkins = await resources.checkins.summary(now);
  const schools =
    attendance?.schools.filter(({ urn, week }) => week === undefined && coversSchool(scope, urn)) ?? [];
  return standingReply({
    topic,
    standings: checkins.standings.filter(
      (standing) => topic.strands.includes(standing.milestone.strand) && covers(scope, standing),
    ),
    attendance: attendance && schools.length > 0 ? { ...attendance, schools } : undefined,
  });
}

const VERBS = ['digests.refresh', 'digests.why', 'digests.fewer', 'digests.weekly'] as const;
const LESS_OFTEN: Readonly<Record<EveryWeeks, EveryWeeks>> = { 1: 2, 2: 4, 4: 4 };
const NOTICES: Readonly<Record<EveryWeeks, string>> = {
  1: 'Every week again, from the next one on.',
  2: 'Every second week from now on.',
  4: 'Every fourth week from now on.',
};

async function answerButton(
  resources: DigestsResources,
  command: CardCommand,
  reader: Reader,
  now: Date,
): Promise<CardReply> {
  const verb = VERBS.find((known) => known === command.envelope.verb);
  if (!verb) return refuse('unknown-card', 'I do not know that button. Please use the newest card.');
  const { digest, scope, people, everyWeeks } = await buildNow(resources, reader, now);
  if (isEmpty(digest)) return refuse('no-digest', NOTHING);
  if (verb === 'digests.why')
    return { kind: 'card', card: whyCard(resources.trust, scope, { people, everyWeeks }) };
  if (verb === 'digests.refresh' || everyWeeks === undefined)
    return { kind: 'card', card: digestCard(digest, { everyWeeks }) };
  const wanted = verb === 'digests.fewer' ? LESS_OFTEN[everyWeeks] : 1;
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
  return { kind: 'card', card: digestCard(digest, { everyWeeks: wanted, notice: NOTICES[wanted] }) };
}
