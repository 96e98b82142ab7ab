/**
 * The watch over channels bound to check-ins, Graph and the ledger; undefined where the trust has not chosen it. Which words are
 * no pupil's name is worked out here: English, colleagues' names and the trust's own.
 */

import { asksOfPupil } from '../answers/pupil.ts';
import { recogniseSafety } from '../answers/safety.ts';
import { safetyCard } from '../answers/safety-card.ts';
import { isEnglish } from '../answers/spelling.ts';
import { createTokenJudge } from '../bot/notice-tokens.ts';
import { readCertificates } from '../channels/certificate.ts';
import { type Channels, createChannels } from '../channels/service.ts';
import type { CheckinsResources } from '../checkins/lines-service.ts';
import { isNobody, namesPupil } from '../checkins/pupil-words.ts';
import { createReplies, type Replies } from '../checkins/reply-service.ts';
import type { Settings } from '../config/settings.ts';
import { safeguardingLead, type Trust } from '../config/trust.ts';
import type { Delivery } from '../delivery/service.ts';
import { createChannelReader } from '../directory/channels-graph.ts';
import type { Graph, GraphWriter } from '../directory/graph.ts';
import type { Person } from '../directory/model.ts';
import type { DirectoryService } from '../directory/service.ts';
import { createSubscriptions, type Listening } from '../directory/subscriptions.ts';
import { keyedHash } from '../kernel/ids.ts';
import type { Clock } from '../kernel/time.ts';
import type { Jobs } from '../storage/jobs.ts';
import { sendAlone } from './conversations.ts';

export type ChannelParts = CheckinsResources & {
  readonly settings: Settings;
  readonly graph: Graph & GraphWriter;
  readonly directory: DirectoryService;
  readonly delivery: Delivery;
  readonly jobs: Jobs;
  readonly clock: Clock;
  readonly pseudonymKey: string;
};

export type ChannelWatch = Channels & { readonly replies: Replies };

const WAKE = 'channels.wake';

export function watchChannels(parts: ChannelParts): ChannelWatch | undefined {
  const { settings, db, trust, directory, delivery, jobs, clock, log } = parts;
  if (!settings.channels.on) return undefined;
  const { notificationUrl, certificate, authority } = settings.channels;
  const { bot } = settings;
  const certificates = certificate ? readCertificates(certificate) : [];
  const secretOf = (channelId: string) => keyedHash(parts.pseudonymKey, `channels/${channelId}`);
  const replies = createReplies({
    ...parts,
    postsOf: (keys) => delivery.posts(keys),
    safety: (words, person) => threadSafety(trust, words, person),
    namesPupil: async (words) => {
      const isKnown = await knownWords(trust, directory);
      return namesPupil(words, isKnown) || asksOfPupil(words, isKnown);
    },
    sendAlone: (trx, personId, key, card, now) =>
      sendAlone({ db, trust, delivery }, trx, personId, key, card, now),
  });
  const channels = createChannels({
    db,
    clock,
    log,
    outbox: delivery,
    listener: replies,
    reader: createChannelReader(parts.graph),
    subscriptions: createSubscriptions(parts.graph),
    keeper: trust.operators[0] ?? trust.trust.questions_contact,
    secretOf,
    tenantId: bot?.tenantId,
    certificates,
    listening: (channelId): Listening | undefined => {
      if (!notificationUrl) return undefined;
      const [newest] = certificates;
      // Without a bot's id there is nobody for the tokens to name, so the words are not asked for.
      const sealed = newest && bot ? { certificate: { id: newest.id, der: newest.der } } : {};
      return { url: notificationUrl, clientState: secretOf(channelId), ...sealed };
    },
    judgeTokens: bot
      ? createTokenJudge({ audience: bot.id, tenantId: bot.tenantId, authority, fetchJson, log })
      : async () => 'bad',
    wake: () => jobs.send(WAKE, {}),
  });
  return {
    ...channels,
    replies,
    start: () => {
      void jobs.work(WAKE, () => channels.look(clock.now()));
      channels.start();
    },
  };
}

/** Read as a form is: a check-in tells of children by its nature. Answered as what stands where others read it. */
function threadSafety(trust: Trust, words: string, person: Person) {
  const concern = recogniseSafety(words, 'form');
  if (!concern) return undefined;
  const lead = safeguardingLead(trust, person);
  return safetyCard({
    kind: concern.kind,
    lead,
    trustLead: trust.trust.safeguarding_lead,
    typedInto: 'thread',
  });
}

/** Bodies and things that schools name with a capital. */
const BODIES =
  'ofsted dfe la mat slt senco sendco send camhs ehcp ehcps cpd bromcom sims teams ks ta tas governors waymark october november december january february march april may june july august september monday tuesday wednesday thursday friday saturday sunday easter christmas'.split(
    ' ',
  );

async function knownWords(trust: Trust, directory: DirectoryService): Promise<(word: string) => boolean> {
  const staff = (await directory.staff()).map(({ name }) => name);
  const own = [
    trust.trust.name,
    ...trust.schools.map(({ name }) => name),
    ...trust.priorities.flatMap(({ name, strands }) => [name, ...strands.map((strand) => strand.name)]),
    ...trust.milestones.map(({ title }) => title),
  ];
  const words = new Set(
    [...staff, ...own].flatMap((text) => text.toLowerCase().match(/[\p{L}'-]+/gu) ?? []).concat(BODIES),
  );
  return (word) => words.has(word) || isNobody(word) || isEnglish(word);
}

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
