/** The bot bound to the capabilities: who is asked what when somebody types or presses. */
import { mayAnywhere } from '../access/decide.ts';
import type { Holder } from '../access/roles.ts';
import type { Audience } from '../answers/access.ts';
import { recogniseSafety } from '../answers/safety.ts';
import { safetyCard } from '../answers/safety-card.ts';
import type { Answers } from '../answers/service.ts';
import { recogniseTalk } from '../answers/smalltalk.ts';
import { HOW_TO_CHECK } from '../attendance/check-service.ts';
import type { Attendance } from '../attendance/service.ts';
import { openAttached } from '../bot/attached-service.ts';
import type { Conversation } from '../bot/inbound.ts';
import type { UseCases } from '../bot/routes.ts';
import { type Bot, createBot } from '../bot/service.ts';
import { uploadFile } from '../bot/upload-service.ts';
import type { MessageReply } from '../cards/reply.ts';
import { DROP_DRAFT, SEND_DRAFT } from '../checkins/draft-card.ts';
import { asksWhoIsLate, NOBODY_IS_MEASURED } from '../checkins/late-words.ts';
import type { Replies } from '../checkins/reply-service.ts';
import type { Checkins } from '../checkins/service.ts';
import { safeguardingLead, type Trust } from '../config/trust.ts';
import type { Gathering } from '../delivery/gathering-service.ts';
import type { Delivery } from '../delivery/service.ts';
import { STORE_VERB } from '../digests/report-card.ts';
import type { Reports } from '../digests/report-service.ts';
import type { Digests } from '../digests/service.ts';
import type { DirectoryService } from '../directory/service.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { meet, part, postAlone, postLater } from './conversations.ts';
import { helpReply } from './help.ts';
import { DOCTOR_WORDS, type Operations, PAUSE_WORDS, REPORT_WORDS } from './operations.ts';
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
  readonly gathering: Gathering;
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
    meet: (_entry, conversation, actor, installed, now) => meet(parts, conversation, actor, installed, now),
    part: (_entry, conversation, personId) => part(parts, conversation, personId),
    postLater: (personId, key, reply, now, settle) => postLater(parts, personId, key, reply, now, settle),
    postAlone: (personId, key, card, now) => postAlone(parts, personId, key, card, now),
    feedback: async (_entry, ref, helpful, reason) => {
      const kept = recogniseSafety(reason) ? '' : reason;
      await answers.feedback(ref, helpful ? 'like' : 'dislike', kept);
    },
    withdraw: (_entry, ref) => answers.withdraw(ref, clock.now()),
  });
}

/** What people type for the same two things; folded, without the full stop. */
const DIGEST_WORDS = ['digest', 'my digest', 'the digest'];
const APPROVAL_WORDS = ['my approvals', 'my reviews', 'approvals', 'reviews'];
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
  gathering,
}: Capabilities): UseCases {
  const { trust } = resources;
  const helpFor = async (person: Reader, holder: Holder, now: Date) =>
    helpReply(trust.trust.short_name, {
      ...(await checkins.roles(reader(person), now)),
      reports: mayAnywhere('say:term-report', holder),
      operates: mayAnywhere('word:pauses', holder),
    });
  // Where others read along nobody is named, whoever asks.
  const late = async (place: Conversation['kind'], person: Reader, now: Date): Promise<MessageReply> =>
    place === 'personal' ? checkins.late(reader(person), now) : { kind: 'reply', text: NOBODY_IS_MEASURED };
  return {
    trustName: trust.trust.short_name,
    people: directory.people,
    membersOf: directory.membersOf,
    chatMembers,
    safety: safetyOf(trust),
    checkFile: (entry, file, now) =>
      attendance.checkFile(
        entry,
        {
          name: file.name,
          open: () => openAttached(file.url, resources.settings.fileHosts),
        },
        now,
      ),
    saveFile: async (_entry, context, place, person, now) => {
      const file =
        (await checkins.releaseExport(context, reader(person), now)) ??
        (await reports.release(context, reader(person), now));
      if (isRefusal(file)) return { kind: 'reply', text: file.message };
      const over = await uploadFile(place.uploadUrl, file.bytes, resources.settings.fileHosts);
      if (over) return { kind: 'reply', text: over.message };
      return {
        kind: 'reply',
        text: `Saved: ${file.name}. It is yours to read and to pass on.`,
        saved: place,
      };
    },
    // Figures come before documents; the question is narrow, so that a question of policy still reaches them.
    ask: async ({ holder }, { text, person, conversationId, readers, place, channelId }, now) =>
      (place === 'personal' && recogniseTalk(text) === 'help'
        ? await helpFor(person, holder, now)
        : undefined) ??
      (asksWhoIsLate(text) ? await late(place, person, now) : undefined) ??
      (place === 'personal'
        ? ((await reports.request(text, reader(person), now)) ??
          (await checkins.request(text, reader(person), now)) ??
          (await digests.standing(text, reader(person), now)) ??
          (await digests.request(text, reader(person), now)))
        : undefined) ??
      (await attendance.ask(text, person, { place, ids: readers, channelId, conversationId }, now)) ??
      answers.ask(text, { personId: person.id, conversationId, audience: audienceIn(place, readers) }, now),
    words: {
      'word:how-to-check': {
        said: ['check my file'],
        answer: async () => ({ kind: 'reply', text: HOW_TO_CHECK }),
      },
      'word:digest': {
        said: DIGEST_WORDS,
        answer: (_entry, person, now) => digests.onDemand(reader(person), now),
      },
      'word:approvals': {
        said: APPROVAL_WORDS,
        answer: (_entry, person, now) => checkins.approvals(reader(person), now),
      },
      'word:settings': {
        said: SETTINGS_WORDS,
        answer: (_entry, person, now) => checkins.settings(reader(person), now),
      },
      'word:check-ins': {
        said: CHECKIN_WORDS,
        answer: (_entry, person, now) => checkins.mine(reader(person), now),
      },
      'word:pauses': {
        said: PAUSE_WORDS,
        answer: (entry, _person, now) => operations.pauses(entry, now),
      },
      'word:deliveries': {
        said: REPORT_WORDS,
        answer: (entry, _person, now) => operations.report(entry, now),
      },
      'word:doctor': {
        said: DOCTOR_WORDS,
        answer: (entry, _person, now) => operations.doctor(entry, now),
      },
    },
    acts: {
      answers: (entry, command, _person, conversation, now) =>
        answers.act(entry, command, audienceOf(conversation), now, conversation.channelId),
      attendance: (entry, command, person, conversation, now) =>
        attendance.act(entry, command, person, now, { conversationId: conversation.id }),
      checkins: async (entry, command, person, _conversation, now) => {
        if (entry.verb !== SEND_DRAFT && entry.verb !== DROP_DRAFT)
          return checkins.act(entry, command, reader(person), now);
        return replies ? replies.act(entry, command, reader(person), now) : NO_REPLIES;
      },
      operations: (entry, command, _person, _conversation, now) => operations.act(entry, command, now),
      messages: (entry, command, _person, _conversation, now) => gathering.act(entry, command, now),
      digests: (entry, command, person, _conversation, now) =>
        entry.verb === 'digests.report' || entry.verb === STORE_VERB
          ? reports.act(entry, command, reader(person), now)
          : digests.act(entry, command, reader(person), now),
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

const NO_REPLIES = refuse(
  'unknown-card',
  'Replies in channels are not read here any more. Nothing was sent.',
);

type Reader = { readonly id: string; readonly name: string };

function reader(person: Reader) {
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
