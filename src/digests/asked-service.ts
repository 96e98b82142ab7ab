/**
 * What people ask of digests in words: their own as it stands or stood, what has changed since a day, why it comes and how often,
 * how a priority is doing. Each answer holds what lies within the asker's reach today, whatever day it tells of.
 */
import { appointed } from '../access/appointments.ts';
import { mayAnywhere } from '../access/decide.ts';
import type { Card } from '../cards/elements.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { calendarOf, type Trust } from '../config/trust.ts';
import { refuse } from '../kernel/errors.ts';
import { dateOf, dateWithYear } from '../kernel/time.ts';
import { lastTermEnd, requestIn } from './asked.ts';
import { covers, coversSchool, leads, type Scope, scopeOf } from './audience.ts';
import {
  attendanceFor,
  type Built,
  buildNow,
  buildPast,
  type DigestsResources,
  eveningOf,
  type Reader,
} from './build-service.ts';
import { digestCard } from './card.ts';
import { changesCard } from './changes.ts';
import { isEmpty } from './compose.ts';
import { standingAsked, standingReply } from './standing.ts';
import { whyCard } from './why.ts';

export const NOTHING =
  'Nothing waits for you to read. Digests go to trust leaders, heads, those who lead a priority, and line managers of milestone owners.';
const NO_DAY = 'Which day do you mean? A past one, please, such as 9 November or 2026-11-09.';

/** A digest as of now. `notice`: about what was just pressed. */
export async function cardNow(
  { directory }: DigestsResources,
  { personId }: Reader,
  { digest, everyWeeks }: Pick<Built, 'digest' | 'everyWeeks'>,
  notice?: string,
): Promise<Card> {
  const reports = mayAnywhere('say:term-report', appointed(await directory.appointments(), personId));
  return digestCard(digest, { everyWeeks, reports, ...(notice ? { notice } : {}) });
}

/** The word "digest". */
export async function answerWord(
  resources: DigestsResources,
  reader: Reader,
  now: Date,
): Promise<MessageReply> {
  const built = await buildNow(resources, reader, now);
  if (isEmpty(built.digest)) return { kind: 'reply', text: NOTHING };
  return { kind: 'reply', card: await cardNow(resources, reader, built) };
}

/** Undefined for words that ask for none of it, and where the asker has nothing of it. */
export async function answerRequest(
  resources: DigestsResources,
  text: string,
  reader: Reader,
  now: Date,
): Promise<MessageReply | undefined> {
  const { trust } = resources;
  const today = dateOf(now, trust.trust.zone);
  const scope = scopeOf(await resources.directory.appointments(), reader.personId);
  const request = requestIn(text, { today, terms: termsOf(trust, scope), names: namesOf(trust, scope) });
  if (!request) return undefined;
  switch (request.kind) {
    case 'no-day':
      return leads(scope) ? { kind: 'reply', text: NO_DAY } : undefined;
    case 'now':
    case 'why': {
      const built = await buildNow(resources, reader, now);
      if (isEmpty(built.digest)) return undefined;
      const card =
        request.kind === 'why' ? whyCard(trust, scope, built) : await cardNow(resources, reader, built);
      return { kind: 'reply', card };
    }
    case 'since': {
      const card = await changesSince(resources, reader, request, now);
      return card && { kind: 'reply', card };
    }
    case 'past': {
      const { digest } = await buildPast(resources, reader, request.date, now);
      if (!isEmpty(digest)) return { kind: 'reply', card: digestCard(digest, { past: true }) };
      const nothing = `Nothing of yours stood in Waymark on ${dateWithYear(request.date)}.`;
      return leads(scope) ? { kind: 'reply', text: nothing } : undefined;
    }
  }
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

export async function compareTerms(
  resources: DigestsResources,
  reader: Reader,
  now: Date,
): Promise<CardReply> {
  const { trust } = resources;
  const today = dateOf(now, trust.trust.zone);
  const scope = scopeOf(await resources.directory.appointments(), reader.personId);
  const since = lastTermEnd(termsOf(trust, scope), today);
  if (!since) return refuse('no-term', 'I know of no term before this one.');
  const card = await changesSince(resources, reader, { since, name: 'last term' }, now);
  return card ? { kind: 'card', card } : refuse('no-digest', NOTHING);
}

/** Of the reader's first school; for others of the trust's first. */
function termsOf(trust: Trust, scope: Scope) {
  const school = trust.schools.find(({ urn }) => scope.urns.includes(urn)) ?? trust.schools[0];
  return school ? calendarOf(trust, school).terms : [];
}

/** What somebody may call that of which their digest is: the trust, or the one school that they head. */
function namesOf(trust: Trust, scope: Scope): string[] {
  const own = trust.schools.filter(({ urn }) => scope.urns.includes(urn)).map(({ name }) => name);
  return [trust.trust.name, trust.trust.short_name, ...(scope.trust || own.length > 1 ? [] : own)];
}

/** "How are we doing on disadvantage first?" */
export async function answerStanding(
  resources: DigestsResources,
  question: string,
  reader: Reader,
  now: Date,
): Promise<MessageReply | undefined> {
  const { trust } = resources;
  const scope = scopeOf(await resources.directory.appointments(), reader.personId);
  const today = dateOf(now, trust.trust.zone);
  const asked = standingAsked(trust, question, { today, terms: termsOf(trust, scope) });
  if (!asked) return undefined;
  const { topic, day } = asked;
  const past = typeof day === 'object' ? day.date : undefined;
  const checkins = await (past === undefined
    ? resources.checkins.summary(now)
    : resources.checkins.summaryAt(past, now));
  // A line manager has a scope too: their own people, whatever they lead.
  if (!leads(scope) && !checkins.standings.some((standing) => covers(scope, standing))) return undefined;
  if (day === 'no-day') return { kind: 'reply', text: NO_DAY };
  const evening = past === undefined ? undefined : eveningOf(trust, past);
  const attendance = await attendanceFor(resources, scope, evening ?? now, evening);
  const schools =
    attendance?.schools.filter(({ urn, week }) => week === undefined && coversSchool(scope, urn)) ?? [];
  return standingReply({
    topic,
    ...(past === undefined ? {} : { day: past }),
    standings: checkins.standings.filter(
      (standing) => topic.strands.includes(standing.milestone.strand) && covers(scope, standing),
    ),
    attendance:
      attendance && schools.length > 0
        ? { ...attendance, schools, trust: scope.trust || scope.attendance ? attendance.trust : undefined }
        : undefined,
  });
}
