/**
 * Digests for the rest of Waymark: the cards of a slot, one on request, the buttons. Scope comes from the trust's file for
 * the signed-in person, at building and at every opening; a card passed on opens only what its new reader may see.
 */
import type { Card } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { calendarOf, type Trust } from '../config/trust.ts';
import type { Draft } from '../delivery/message.ts';
import { refuse } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { dateOf, daysBetween } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction, type Trx } from '../storage/database.ts';
import { ACT_VERBS, actOnLine, type LineOutcome } from './acts-service.ts';
import { lastTermEnd, requestIn } from './asked.ts';
import { audienceOf, covers, coversSchool, leads, reportScopeOf, type Scope, scopeOf } from './audience.ts';
import {
  buildNow,
  buildPast,
  type DigestsResources,
  type Facts,
  givenNamesOfOne,
  mailsOf,
  type Reader,
  readerOf,
  readFacts,
  weeksFor,
} from './build-service.ts';
import { digestCard, type EveryWeeks } from './card.ts';
import { changesCard } from './changes.ts';
import { composeDigest, type Digest, isEmpty, saysTheSame } from './compose.ts';
import { standingReply, topicAsked } from './standing.ts';
import { insertDigest, readLastDigests, readRhythms, saveRhythm } from './store.ts';
import { whyCard } from './why.ts';

/** `write` must run in the transaction that enqueues `drafts`. */
export type DigestPlan = { readonly drafts: readonly Draft[]; write(trx: Trx): Promise<void> };

export type Digests = {
  /** The digests of a slot, for example `digest/2026-W48`. Call it before opening a transaction. */
  plan(at: { readonly slot: string; readonly now: Date }): Promise<DigestPlan>;
  /** Who gets the digest of a slot's date unasked, sent already or due: what else would be sent to them belongs on top of it. */
  readersOn(date: string, now: Date): Promise<ReadonlySet<string>>;
  /** The chat word "digest": as of now, for this person's scope. */
  onDemand(reader: Reader, now: Date): Promise<MessageReply>;
  /** A digest of a past day, or what has changed since one; undefined for words that ask for neither. */
  request(text: string, reader: Reader, now: Date): Promise<MessageReply | undefined>;
  /** "How are we doing on disadvantage first?", for whoever leads or manages somebody; undefined for anything else. */
  standing(question: string, reader: Reader, now: Date): Promise<MessageReply | undefined>;
  /**
   * Answers `digests.refresh`, `digests.compare`, `digests.why`, `digests.fewer`, `digests.weekly`, `digests.approve`,
   * `digests.open`, `digests.offer-help`. Never inside a transaction.
   */
  act(command: CardCommand, reader: Reader, now: Date): Promise<CardReply>;
};

/** Read on Monday or Tuesday, or not at all. */
const DIGEST_LIVES_MS = 48 * 3_600_000;
/** A digest that a holiday moved must not push out the next one. */
const DAYS_OF_GRACE = 2;

export function createDigests(resources: DigestsResources): Digests {
  return {
    plan: (at) => planSlot(resources, at),
    readersOn: (date, now) => readersOn(resources, date, now),
    onDemand: (reader, now) => answerWord(resources, reader, now),
    request: (text, reader, now) => answerRequest(resources, text, reader, now),
    standing: (question, reader, now) => answerStanding(resources, question, reader, now),
    act: (command, reader, now) => answerButton(resources, command, reader, now),
  };
}

async function planSlot(
  resources: DigestsResources,
  at: { readonly slot: string; readonly now: Date },
): Promise<DigestPlan> {
  const { db, trust, directory, log } = resources;
  const { slot, now } = at;
  const date = dateOf(now, trust.trust.zone);
  const facts = await readFacts(resources, now, { scope: 'everybody' });
  const audience = audienceOf(trust, facts.checkins.standings);
  const ids = audience.map(({ personId }) => personId);
  const people = new Map((await directory.people(ids)).map((person) => [person.id, person]));
  const staff = await directory.staff();
  const [alone, mailOf] = [givenNamesOfOne(staff), mailsOf(staff)];
  const rhythms = await readRhythms(db, ids);
  const last = await readLastDigests(db, ids, date);
  const rows: { id: string; slot: string; digest: Digest }[] = [];
  const drafts: Draft[] = [];
  let silent = 0;
  const due = audience.filter(({ personId }) => {
    if (!people.get(personId)?.staff) return false;
    return isDue(last.get(personId), rhythms.get(personId) ?? 1, date);
  });
  for (const { scope, nudge, weeks } of await ownFiguresOf(resources, due, facts, now)) {
    const { personId } = scope;
    const person = people.get(personId);
    const everyWeeks = rhythms.get(personId) ?? 1;
    const before = last.get(personId);
    if (!person) continue;
    const reader = readerOf(person, alone);
    const digest = composeDigest({
      trust,
      reader,
      scope,
      date,
      ...facts,
      weeks,
      nudge,
      mailOf,
      last: before,
    });
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
      card: digestCard(digest, {
        everyWeeks,
        unchangedSince,
        reports: reportScopeOf(trust, personId) !== undefined,
      }),
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

/** Somebody who asked for fewer gets the next one when it is time. */
function isDue(before: Digest | undefined, everyWeeks: EveryWeeks, date: string): boolean {
  return !before || everyWeeks === 1 || daysBetween(before.date, date) >= everyWeeks * 7 - DAYS_OF_GRACE;
}

/** Who has the digest of a slot's date: who was sent it, or, on the day itself and before, whoever it is due for. */
async function readersOn(resources: DigestsResources, date: string, now: Date): Promise<ReadonlySet<string>> {
  const { db, trust, checkins } = resources;
  const { standings } = await checkins.summary(now);
  const ids = audienceOf(trust, standings).map(({ personId }) => personId);
  const last = await readLastDigests(db, ids, date);
  const rhythms = await readRhythms(db, ids);
  const over = date < dateOf(now, trust.trust.zone);
  return new Set(
    ids.filter((id) => {
      const before = last.get(id);
      if (before?.date === date) return true;
      return !over && isDue(before, rhythms.get(id) ?? 1, date);
    }),
  );
}
/** What is read for each reader alone; for some at a time, so that the store is asked for all of those at once. */
async function ownFiguresOf(resources: DigestsResources, scopes: readonly Scope[], facts: Facts, now: Date) {
  const found = [];
  for (let from = 0; from < scopes.length; from += READERS_AT_ONCE)
    found.push(
      ...(await Promise.all(
        scopes.slice(from, from + READERS_AT_ONCE).map(async (scope) => {
          const [nudge, weeks] = await Promise.all([
            resources.nudges?.ownNudge(scope.personId, now),
            weeksFor(resources, scope, facts),
          ]);
          return { scope, nudge, weeks };
        }),
      )),
    );
  return found;
}

const READERS_AT_ONCE = 16;

const NOTHING =
  'Nothing waits for you to read. Digests go to trust leaders, heads, those who lead a priority, and line managers of milestone owners.';

async function answerWord(resources: DigestsResources, reader: Reader, now: Date): Promise<MessageReply> {
  const { digest, everyWeeks } = await buildNow(resources, reader, now);
  if (isEmpty(digest)) return { kind: 'reply', text: NOTHING };
  return { kind: 'reply', card: digestCard(digest, { everyWeeks, reports: reportsOf(resources, reader) }) };
}

async function answerRequest(
  resources: DigestsResources,
  text: string,
  reader: Reader,
  now: Date,
): Promise<MessageReply | undefined> {
  const { trust } = resources;
  const today = dateOf(now, trust.trust.zone);
  const scope = scopeOf(trust, reader.personId);
  const terms = termsOf(trust, scope);
  const request = requestIn(text, { today, terms, name: trust.trust.short_name });
  if (!request) return undefined;
  if (request.kind === 'no-day') return leads(scope) ? { kind: 'reply', text: NO_DAY } : undefined;
  if (request.kind === 'now') {
    const { digest, everyWeeks } = await buildNow(resources, reader, now);
    return isEmpty(digest)
      ? undefined
      : { kind: 'reply', card: digestCard(digest, { everyWeeks, reports: reportsOf(resources, reader) }) };
  }
  if (request.kind === 'since') {
    const card = await changesSince(resources, reader, request, now);
    return card && { kind: 'reply', card };
  }
  const { digest } = await buildPast(resources, reader, request.date, now);
  if (!isEmpty(digest)) return { kind: 'reply', card: digestCard(digest, { past: true }) };
  return leads(scope) ? { kind: 'reply', text: NOTHING_THEN } : undefined;
}

/** Undefined for somebody who has nothing to compare. */
async function changesSince(
  resources: DigestsResources,
  reader: Reader,
  { since, name }: { readonly since: string; readonly name: string },
  now: Date,
): Promise<Card | undefined> {
  const { digest: before } = await buildPast(resources, reader, since, now);
  const { digest, checkins } = await buildNow(resources, reader, now, before);
  if (isEmpty(digest)) return undefined;
  const titles = new Map(checkins.standings.map(({ milestone }) => [milestone.id, milestone.title]));
  return changesCard({ before, now: digest, name, titles });
}

async function compareTerms(resources: DigestsResources, reader: Reader, now: Date): Promise<CardReply> {
  const { trust } = resources;
  const today = dateOf(now, trust.trust.zone);
  const since = lastTermEnd(termsOf(trust, scopeOf(trust, reader.personId)), today);
  if (!since) return refuse('no-term', 'I know of no term before this one.');
  const card = await changesSince(resources, reader, { since, name: 'last term' }, now);
  return card ? { kind: 'card', card } : refuse('no-digest', NOTHING);
}

function reportsOf({ trust }: DigestsResources, { personId }: Reader): boolean {
  return reportScopeOf(trust, personId) !== undefined;
}

/** Of the reader's first school; for others of the trust's first. */
function termsOf(trust: Trust, scope: Scope) {
  const school = trust.schools.find(({ urn }) => scope.urns.includes(urn)) ?? trust.schools[0];
  return school ? calendarOf(trust, school).terms : [];
}

const NO_DAY = 'Which day do you mean? A past one, please, such as 9 November or 2026-11-09.';
const NOTHING_THEN = 'Nothing of yours was kept by that day.';

async function answerStanding(
  resources: DigestsResources,
  question: string,
  reader: Reader,
  now: Date,
): Promise<MessageReply | undefined> {
  const { trust } = resources;
  const topic = topicAsked(trust, question);
  if (!topic) return undefined;
  const scope = scopeOf(trust, reader.personId);
  const checkins = await resources.checkins.summary(now);
  // A line manager has a scope too: their own people, whatever they lead.
  if (!leads(scope) && !checkins.standings.some((standing) => covers(scope, standing))) return undefined;
  const attendance = await resources.attendance.attendanceSummary(now);
  const schools =
    attendance?.schools.filter(({ urn, week }) => week === undefined && coversSchool(scope, urn)) ?? [];
  return standingReply({
    topic,
    standings: checkins.standings.filter(
      (standing) => topic.strands.includes(standing.milestone.strand) && covers(scope, standing),
    ),
    attendance:
      attendance && schools.length > 0
        ? { ...attendance, schools, trust: scope.trust || scope.attendance ? attendance.trust : undefined }
        : undefined,
  });
}

const VERBS = [
  ...ACT_VERBS,
  'digests.refresh',
  'digests.compare',
  'digests.why',
  'digests.fewer',
  'digests.weekly',
] as const;
const LESS_OFTEN: Readonly<Record<EveryWeeks, EveryWeeks>> = { 1: 2, 2: 4, 4: 4 };
const NOTICES: Readonly<Record<EveryWeeks, string>> = {
  1: 'Every week again, from the next one on.',
  2: 'Every second week from now on.',
  4: 'Every fourth week from now on.',
};

/** What came of it, above the digest as it is now. */
async function afterAct(
  resources: DigestsResources,
  outcome: LineOutcome,
  reader: Reader,
  now: Date,
): Promise<CardReply> {
  if (outcome.kind === 'reply') return outcome.reply;
  const { digest, everyWeeks } = await buildNow(resources, reader, now);
  if (isEmpty(digest)) return { kind: 'text', text: outcome.notice };
  const { notice } = outcome;
  return {
    kind: 'card',
    card: digestCard(digest, { everyWeeks, notice, reports: reportsOf(resources, reader) }),
  };
}

async function answerButton(
  resources: DigestsResources,
  command: CardCommand,
  reader: Reader,
  now: Date,
): Promise<CardReply> {
  const verb = VERBS.find((known) => known === command.envelope.verb);
  if (!verb) return refuse('unknown-card', 'I do not know that button. Please use the newest card.');
  if (verb === 'digests.compare') return compareTerms(resources, reader, now);
  const act = ACT_VERBS.find((known) => known === verb);
  if (act) return afterAct(resources, await actOnLine(resources, act, command, reader, now), reader, now);
  const { digest, scope, people, everyWeeks } = await buildNow(resources, reader, now);
  if (isEmpty(digest)) return refuse('no-digest', NOTHING);
  if (verb === 'digests.why')
    return { kind: 'card', card: whyCard(resources.trust, scope, { people, everyWeeks }) };
  if (verb === 'digests.refresh' || everyWeeks === undefined)
    return { kind: 'card', card: digestCard(digest, { everyWeeks, reports: reportsOf(resources, reader) }) };
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
  return {
    kind: 'card',
    card: digestCard(digest, {
      everyWeeks: wanted,
      notice: NOTICES[wanted],
      reports: reportsOf(resources, reader),
    }),
  };
}
