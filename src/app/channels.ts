/** The watch over channels bound to check-ins, Graph and the ledger; undefined where the trust has not chosen it. */

import { recogniseSafety } from '../answers/safety.ts';
import { safetyCard } from '../answers/safety-card.ts';
import { createTokenJudge } from '../bot/notice-tokens.ts';
import { readCertificates } from '../channels/certificate.ts';
import { type Channels, createChannels } from '../channels/service.ts';
import type { CheckinsResources } from '../checkins/lines-service.ts';
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
  /** Who is told when a channel is no longer read. */
  readonly keeper: () => Promise<string>;
};

export type ChannelWatch = Channels & { readonly replies: Replies };

const WAKE = 'channels.wake';

export function watchChannels(parts: ChannelParts): ChannelWatch | undefined {
  const { settings, db, trust, delivery, jobs, clock, log } = parts;
  if (!settings.channels.on) return undefined;
  const { notificationUrl, certificate, authority } = settings.channels;
  const { bot } = settings;
  const certificates = certificate ? readCertificates(certificate) : [];
  const secretOf = (channelId: string) => keyedHash(parts.pseudonymKey, `channels/${channelId}`);
  const replies = createReplies({
    ...parts,
    postsOf: (keys) => delivery.posts(keys),
    knows: (key) => delivery.knows(key),
    safety: (words, person) => threadSafety(trust, words, person),
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
    keeper: parts.keeper,
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

async function fetchJson(url: string): Promise<unknown> {
  const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(5_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.json();
}
