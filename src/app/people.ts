/** The bot bound to the capabilities: who is asked what when somebody types or presses. */
import type { Audience } from '../answers/access.ts';
import { recogniseSafety } from '../answers/safety.ts';
import { safetyCard } from '../answers/safety-card.ts';
import type { Answers } from '../answers/service.ts';
import { HOW_TO_CHECK } from '../attendance/check-service.ts';
import type { Attendance } from '../attendance/service.ts';
import { openAttached } from '../bot/attached-service.ts';
import type { Conversation } from '../bot/inbound.ts';
import type { UseCases } from '../bot/routes.ts';
import { type Bot, createBot } from '../bot/service.ts';
import { uploadFile } from '../bot/upload-service.ts';
import { isDraftVerb, type Replies } from '../checkins/reply-service.ts';
import type { Checkins } from '../checkins/service.ts';
import { safeguardingLead, type Trust } from '../config/trust.ts';
import type { Delivery } from '../delivery/service.ts';
import { STORE_VERB } from '../digests/report-card.ts';
import type { Reports } from '../digests/report-service.ts';
import type { Digests } from '../digests/service.ts';
import type { DirectoryService } from '../directory/service.ts';
import { isRefusal } from '../kernel/errors.ts';
import { meet, part, postAlone, postLater } from './conversations.ts';
import { type Operations, PAUSE_WORDS, REPORT_WORDS } from './operations.ts';
import type { Resources } from './resources.ts';

export type Capabilities = {
  readonly resources: Resources;
  readonly directory: DirectoryService;
  readonly delivery: Delivery;
  readonly chatMembers: UseCases['chatMembers'];
  readonly answers: Answers;
  readonly attendance: Attendance;
  readonly checkins: Checkins;
  /** Undefined where replies in channels are not read. */
  readonly replies: Replies | undefined;
  readonly digests: Digests;
  readonly reports: Reports;
  readonly operations: Operations;
};

export function createTeamsBot(capabilities: Capabilities): Bot {
  const { resources, directory, delivery, answers } = capabilities;
  const { store, trust, clock, log } = resources;
  const parts = { db: store.db, trust, delivery };
  return createBot({
    db: store.db,
    directory,
    cases: useCases(capabilities),
    clock,
    log,
    meet: (conversation, actor, installed, now) => meet(parts, conversation, actor, installed, now),
    part: (conversation, personId) => part(parts, conversation, personId),
    postLater: (personId, key, reply, now, settle) => postLater(parts, personId, key, reply, now, settle),
    postAlone: (personId, key, card, now) => postAlone(parts, personId, key, card, now),
    feedback: async (ref, helpful, reason) => {
      const kept = recogniseSafety(reason) ? '' : reason;
      await answers.feedback(ref, helpful ? 'like' : 'dislike', kept);
    },
    withdraw: (ref) => answers.withdraw(ref, clock.now()),
  });
}

/** What people type for the same two things; folded, without the full stop. */
const DIGEST_WORDS = ['digest', 'my digest', 'the digest'];
const APPROVAL_WORDS = ['my approvals', 'my reviews', 'approvals', 'reviews'];
const REPORT_VERBS = new Set(['digests.report', STORE_VERB]);
const SETTINGS_WORDS = ['my settings', 'settings'];
const CHECKIN_WORDS = [
  'my work',
  'my check-ins',
  'my check-in',
  'check-ins',
  'check-in',
  'check in',
  'my checkins',
];

function useCases({
  resources,
  directory,
  chatMembers,
  answers,
  attendance,
  checkins,
  replies,
  digests,
  reports,
  operations,
}: Capabilities): UseCases {
  const { trust } = resources;
  return {
    trustName: trust.trust.short_name,
    people: directory.people,
    membersOf: directory.membersOf,
    chatMembers,
    safety: safetyOf(trust),
    checkFile: (file, person, now) =>
      attendance.checkFile(
        {
          name: file.name,
          open: () => openAttached(file.url, resources.settings.fileHosts),
        },
        person,
        now,
      ),
    saveFile: async (context, place, person, now) => {
      const file =
        (await checkins.releaseExport(context, reader(person), now)) ??
        (await reports.release(context, reader(person), now));
      if (isRefusal(file)) return { kind: 'reply', text: file.message };
      await uploadFile(place.uploadUrl, file.bytes, resources.settings.fileHosts);
      return {
        kind: 'reply',
        text: `Saved: ${file.name}. It is yours to read and to pass on.`,
        saved: place,
      };
    },
    // Figures come before documents; the question is narrow, so that a question of policy still reaches them.
    ask: async ({ text, person, conversationId, readers, place, channelId }, now) =>
      (place === 'personal'
        ? ((await reports.request(text, reader(person), now)) ??
          (await checkins.request(text, reader(person), now)) ??
          (await digests.request(text, reader(person), now)) ??
          (await digests.standing(text, reader(person), now)))
        : undefined) ??
      (await attendance.ask(text, person, { place, ids: readers, channelId, conversationId }, now)) ??
      answers.ask(text, { personId: person.id, conversationId, audience: audienceIn(place, readers) }, now),
    words: {
      'check my file': async () => ({ kind: 'reply', text: HOW_TO_CHECK }),
      ...Object.fromEntries(
        DIGEST_WORDS.map((word) => [word, (person, now) => digests.onDemand(reader(person), now)] as const),
      ),
      ...Object.fromEntries(
        APPROVAL_WORDS.map(
          (word) => [word, (person, now) => checkins.approvals(reader(person), now)] as const,
        ),
      ),
      ...Object.fromEntries(
        SETTINGS_WORDS.map(
          (word) => [word, (person, now) => checkins.settings(reader(person), now)] as const,
        ),
      ),
      ...Object.fromEntries(PAUSE_WORDS.map((word) => [word, operations.pauses] as const)),
      ...Object.fromEntries(REPORT_WORDS.map((word) => [word, operations.report] as const)),
      ...Object.fromEntries(
        CHECKIN_WORDS.map((word) => [word, (person, now) => checkins.mine(reader(person), now)] as const),
      ),
    },
    acts: {
      answers: (command, person, conversation, now) =>
        answers.act(command, person.id, audienceOf(conversation), now, conversation.channelId),
      attendance: (command, person, conversation, now) =>
        attendance.act(command, person, now, {
          conversationId: conversation.id,
          alone: conversation.kind === 'personal',
        }),
      checkins: (command, person, _conversation, now) =>
        replies && isDraftVerb(command.envelope.verb)
          ? replies.act(command, reader(person), now)
          : checkins.act(command, reader(person), now),
      operations: (command, person, _conversation, now) => operations.act(command, person, now),
      digests: (command, person, _conversation, now) =>
        REPORT_VERBS.has(command.envelope.verb)
          ? reports.act(command, reader(person), now)
          : digests.act(command, reader(person), now),
    },
  };
}

/** The fixed card for words that may concern somebody's safety; it keeps nothing of them. */
export function safetyOf(trust: Trust): UseCases['safety'] {
  return (text, person, typedInto) => {
    const concern = recogniseSafety(text, typedInto);
    const lead = safeguardingLead(trust, person);
    const trustLead = trust.trust.safeguarding_lead;
    return concern && safetyCard({ kind: concern.kind, lead, trustLead, typedInto });
  };
}

function reader(person: { readonly id: string; readonly name: string }) {
  return { personId: person.id, name: person.name };
}

/** Whoever joins a channel later reads all of it, so it gets what all staff may open, whoever is in it now. */
function audienceIn(place: Conversation['kind'], readers: readonly string[]): Audience {
  if (place === 'personal') return { kind: 'personal' };
  return place === 'channel' ? { kind: 'channel' } : { kind: 'members', ids: readers };
}

/** A card in a channel is seen by whoever is there, so its buttons use only what all staff may open. */
function audienceOf(conversation: Conversation): { readonly kind: 'personal' | 'channel' } {
  return { kind: conversation.kind === 'personal' ? 'personal' : 'channel' };
}
