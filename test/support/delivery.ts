/** A delivery service on a suite's store, with the stand-in connector; and people to send to. */

import type { Card } from '../../src/cards/elements.ts';
import { card, line, title } from '../../src/cards/elements.ts';
import { DEFAULT_LIMITS, type Limits } from '../../src/delivery/pacing.ts';
import { createDelivery, type Delivery, type DeliveryParts } from '../../src/delivery/service.ts';
import { type ConnectorOptions, createConnector } from '../../src/delivery/teams.ts';
import type { Tuning } from '../../src/delivery/window-sender.ts';
import { systemClock } from '../../src/kernel/time.ts';
import {
  type SandboxConnector,
  type SandboxOptions,
  startSandboxConnector,
} from '../../src/sandbox/connector.ts';
import type { Store } from '../../src/storage/database.ts';
import { type Jobs, startJobs } from '../../src/storage/jobs.ts';
import { silentLog } from '../../src/telemetry/log.ts';

/** No cap for the tenant: most tests are about something else. */
export const UNCAPPED: Limits = { conversation: DEFAULT_LIMITS.conversation };

export type Post = {
  readonly delivery: Delivery;
  readonly jobs: Jobs;
  readonly sandbox: SandboxConnector;
  /** A conversation for each of these people. */
  meet(personIds: readonly string[]): Promise<void>;
  close(): Promise<void>;
};

export async function openPost(
  store: Store,
  options: {
    readonly limits?: Limits;
    readonly tuning?: Partial<Tuning>;
    readonly sandbox?: SandboxOptions;
    readonly connector?: Partial<ConnectorOptions>;
    readonly parts?: Partial<DeliveryParts>;
  } = {},
): Promise<Post> {
  const sandbox = await startSandboxConnector(options.sandbox);
  const connector = createConnector({ hosts: [sandbox.url], timeout: 10_000, ...options.connector });
  const jobs = await startJobs(store, silentLog);
  const delivery = createDelivery({
    db: store.db,
    jobs,
    connector,
    clock: systemClock(),
    log: silentLog,
    limits: options.limits ?? UNCAPPED,
    mayPost: async () => true,
    ...(options.tuning ? { tuning: options.tuning } : {}),
    ...options.parts,
  });
  return {
    delivery,
    jobs,
    sandbox,
    meet: async (personIds) => {
      for (const personId of personIds) await delivery.rememberConversation(contactOf(personId, sandbox.url));
    },
    close: async () => {
      await delivery.stop();
      await jobs.stop();
      connector.close();
      await sandbox.close();
    },
  };
}

export function contactOf(personId: string, serviceUrl: string) {
  return {
    target: { kind: 'person', personId },
    conversationId: `a:chat-${personId}`,
    serviceUrl,
    botId: '28:bot',
    tenantId: 'tenant',
  } as const;
}

export function sampleCard(text: string): Card {
  return card({ summary: 'A message from Waymark', body: [title('Waymark'), line(text)] });
}
