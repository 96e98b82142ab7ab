/**
 * Digests for the rest of Waymark: the cards of a slot, one on request, the buttons. Scope comes from the trust's file for
 * the signed-in person, at building and at every opening; a card passed on opens only what its new reader may see.
 */
import { decide, type Entry, mayAnywhere } from '../access/decide.ts';
import type { CardVerbOf } from '../access/policy.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import type { Draft } from '../delivery/message.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { dateOf, daysBetween } from '../kernel/time.ts';
import { type DayOf, isDayOf } from '../scheduling/by-school.ts';
import { writeAudit } from '../storage/audit.ts';
import { inTransaction, type Trx } from '../storage/database.ts';
import { actOnLine, type LineOutcome } from './acts-service.ts';
import {
  answerRequest,
  answerStanding,
  answerWord,
  cardNow,
  compareTerms,
  NOTHING,
} from './asked-service.ts';
import { audienceOf, type Scope } from './audience.ts';
import {
  buildNow,
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
import { composeDigest, type Digest, isEmpty, saysTheSame } from './compose.ts';
import { insertDigest, readLastDigests, readRhythms, saveRhythm } from './store.ts';
import { whyCard } from './why.ts';

/** `write` must run in the transaction that enqueues `drafts`. */
export type DigestPlan = { readonly drafts: readonly Draft[]; write(trx: Trx): Promise<void> };

/** A digest's buttons; those of a term report are its own. */
export type DigestEntry = Entry<Exclude<CardVerbOf<'digests'>, 'digests.report' | 'digests.store-report'>>;

export type Digests = {
  /** The digests of a slot, for example `digest/2026-W48`. Call it before opening a transaction. */
  plan(at: DigestSlot): Promise<DigestPlan>;
  /** Who gets the digest of a slot's date unasked, sent already or due: what else would be sent to them belongs on top of it. */
  readersOn(date: string, now: Date, dayOf?: DayOf): Promise<ReadonlySet<string>>;
  /** The chat word "digest": as of now, for this person's scope. */
  onDemand(reader: Reader, now: Date): Promise<MessageReply>;
  /** A digest of a past day, what has changed since one, why it comes; undefined for words that ask for none of it. */
  request(text: string, reader: Reader, now: Date): Promise<MessageReply | undefined>;
  /** "How are we doing on disadvantage first?", or were on a past day, for whoever leads or manages somebody; else undefined. */
  standing(question: string, reader: Reader, now: Date): Promise<MessageReply | undefined>;
  /**
   * Answers `digests.refresh`, `digests.compare`, `digests.why`, `digests.fewer`, `digests.weekly`, `digests.approve`,
   * `digests.open`, `digests.offer-help`. Never inside a transaction.
   */
  act(entry: DigestEntry, command: CardCommand, reader: Reader, now: Date): Promise<CardReply>;
};

/** `dayOf`: whose day it is; absent: everybody's. */
type DigestSlot = { readonly slot: string; readonly now: Date; readonly dayOf?: DayOf | undefined };

/** Read on Monday or Tuesday, or not at all. */
const DIGEST_LIVES_MS = 48 * 3_600_000;
/** A digest that a holiday moved must not push out the next one. */
const DAYS_OF_GRACE = 2;

export function createDigests(resources: DigestsResources): Digests {
  return {
    plan: (at) => planSlot(resources, at),
    readersOn: (date, now, dayOf) => readersOn(resources, date, now, dayOf),
    onDemand: (reader, now) => answerWord(resources, reader, now),
    request: (text, reader, now) => answerRequest(resources, text, reader, now),
    standing: (question, reader, now) => answerStanding(resources, question, reader, now),
    act: (entry, command, reader, now) => answerButton(resources, entry, command, reader, now),
  };
}

async function planSlot(resources: DigestsResources, at: DigestSlot): Promise<DigestPlan> {
  const { db, trust, directory, log } = resources;
  const { slot, now } = at;
  const date = dateOf(now, trust.trust.zone);
  const facts = await readFacts(resources, now, { scope: 'everybody' });
  const appointments = await directory.appointments();
  const audience = audienceOf(appointments, facts.checkins.standings);
  const ids = audience.map(({ personId }) => personId);
  const people = new Map((await directory.people(ids)).map((person) => [person.id, person]));
  const staff = await directory.staff();
  const [alone, mailOf] = [givenNamesOfOne(staff), mailsOf(staff)];
  const rhythms = await readRhythms(db, ids);
  const last = await readLastDigests(db, ids, date);
  const rows: { id: string; slot: string; digest: Digest }[] = [];
  const drafts: Draft[] = [];
  let silent = 0;
  const due = audience.filter((scope) => {
    const { personId } = scope;
    const person = people.get(personId);
    if (!person?.staff || !isTheirDay(scope, person.schoolUrn, at.dayOf)) return false;
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
        reports: mayAnywhere('say:term-report', scope.holder),
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

/**
 * Whether a digest's day is a reader's: of whoever sees the matters of several schools, the trust's, so that nobody has two in a week;
 * of a head, their school's; of other line managers, that of the school they work in.
 */
function isTheirDay(scope: Scope, ownSchool: string | undefined, dayOf: DayOf | undefined): boolean {
  const { trust, attendance, strands, teams, urns } = scope;
  const across = trust || attendance || strands.length + teams.length > 0 || urns.length > 1;
  return isDayOf(dayOf, across ? undefined : (urns[0] ?? ownSchool));
}

/** Who has the digest of a slot's date: who was sent it, or, on the day itself and before, whoever it is due for. */
async function readersOn(
  resources: DigestsResources,
  date: string,
  now: Date,
  dayOf?: DayOf,
): Promise<ReadonlySet<string>> {
  const { db, trust, checkins, directory } = resources;
  const { standings } = await checkins.summary(now);
  const scopes = audienceOf(await directory.appointments(), standings);
  const everybody = scopes.map(({ personId }) => personId);
  const schools = new Map((await directory.people(everybody)).map(({ id, schoolUrn }) => [id, schoolUrn]));
  const ids = scopes
    .filter((scope) => isTheirDay(scope, schools.get(scope.personId), dayOf))
    .map(({ personId }) => personId);
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
  const built = await buildNow(resources, reader, now);
  if (isEmpty(built.digest)) return { kind: 'text', text: outcome.notice };
  return { kind: 'card', card: await cardNow(resources, reader, built, outcome.notice) };
}

async function answerButton(
  resources: DigestsResources,
  entry: DigestEntry,
  command: CardCommand,
  reader: Reader,
  now: Date,
): Promise<CardReply> {
  switch (entry.verb) {
    case 'digests.approve':
    case 'digests.open':
    case 'digests.offer-help':
      return afterAct(resources, await actOnLine(resources, entry, command, reader, now), reader, now);
    case 'digests.compare':
      return compareTerms(resources, reader, now);
    default:
      return showOwn(resources, entry, reader, now);
  }
}

/** Their digest as it is now, or how often it comes. */
async function showOwn(
  resources: DigestsResources,
  { verb, holder }: Entry<'digests.refresh' | 'digests.why' | 'digests.fewer' | 'digests.weekly'>,
  reader: Reader,
  now: Date,
): Promise<CardReply> {
  const permit = decide(verb, holder, {});
  if (isRefusal(permit)) return permit;
  const built = await buildNow(resources, reader, now);
  const { digest, scope, everyWeeks } = built;
  if (isEmpty(digest)) return refuse('no-digest', NOTHING);
  if (verb === 'digests.why') return { kind: 'card', card: whyCard(resources.trust, scope, built) };
  if (verb === 'digests.refresh' || everyWeeks === undefined)
    return { kind: 'card', card: await cardNow(resources, reader, built) };
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
  const card = await cardNow(resources, reader, { digest, everyWeeks: wanted }, NOTICES[wanted]);
  return { kind: 'card', card };
}
