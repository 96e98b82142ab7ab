/**
 * A service that reads replies in channels, with Aisha's check-in asked in Harbour Primary's channel and its thread known to
 * the stand-in Graph. Flows write replies there as people do; what comes of them arrives in chats.
 */
import { sql } from 'kysely';
import { must } from '../../src/kernel/guards.ts';
import type { Thread } from '../../src/sandbox/graph-rehearsal.ts';
import type { Speaker } from '../../src/sandbox/inbound.ts';
import {
  buttonOf,
  type SampleTrust,
  type ServiceOptions,
  type TestService,
  until,
  useService,
  wordsOf,
} from './service.ts';

const PUBLIC_ORIGIN = 'https://waymark.tideway.example';
export const NOTIFICATION_URL = `${PUBLIC_ORIGIN}/api/graph/notifications`;

export type ChannelStage = {
  readonly service: TestService;
  readonly thread: Thread;
  /** Someone's reply in the thread; its id. */
  reply(name: string, words: string, how?: Parameters<TestService['graph']['teams']['reply']>[3]): string;
  /** Drafts that stand in someone's chat. */
  drafts(name: string): Record<string, unknown>[];
  /** Looks after every channel now, as a minute of the service does. */
  look(at?: string): Promise<void>;
  /** Waits until every notice has been worked through and every card sent. */
  settled(): Promise<void>;
  outcomes(): Promise<string[]>;
  watch(): Promise<{
    readonly state: string;
    readonly trouble: string | null;
    readonly subscription_id: string | null;
    readonly delta_link: string | null;
  }>;
};

const ASKED_AT = '2026-11-23T08:00:00Z';

export function askInChannel(trust: SampleTrust): void {
  for (const milestone of trust.milestones)
    if (milestone.id === 'harbour-greet-first') milestone.ask_in = 'channel';
}

/** One staged service for a suite. Call inside `describe`. */
export function useChannels(options: ServiceOptions = {}): () => ChannelStage {
  const service = useService({
    documents: false,
    ...options,
    trust: (trust) => {
      askInChannel(trust);
      options.trust?.(trust);
    },
    environment: { CHANNELS: 'on', NOTIFICATION_URL, ...options.environment },
  });
  let stage: ChannelStage | undefined;
  before(async function () {
    this.timeout(40_000);
    stage = await stageChannel(service());
  });
  return () => must(stage, 'a stage');
}

/** `token`: shown with what Teams sends, where the service asks for one. */
export async function stageChannel(service: TestService, token?: string): Promise<ChannelStage> {
  const { teams, graph, instance, command, quiet, store } = service;
  const inChannel = (name: string): Speaker => service.channel(name, 'Harbour Primary');
  graph.teams.reach(PUBLIC_ORIGIN, `http://127.0.0.1:${instance.port}`);
  const shown = token === undefined ? {} : { token };
  await teams.install(inChannel('Jo Bennett'), shown);
  for (const name of ['Aisha Rahman', 'Jo Bennett', 'Tom Ellery'])
    await teams.install(service.chat(name), shown);
  await command('tick', '--at', ASKED_AT);
  await quiet();
  const find = () =>
    teams.arrivals.find(
      ({ activity, conversationId }) =>
        conversationId.startsWith('19:') && wordsOf(activity).includes("Aisha's check-in"),
    );
  await until(() => find() !== undefined, 'a card in the channel', 20_000);
  const posted = must(find(), 'a card in the channel');
  const place = must(inChannel('Aisha Rahman').channel, 'a channel');
  const { teamId, channelId } = place;
  const thread = graph.teams.post(
    { teamId, channelId },
    { id: posted.activityId, words: "Aisha's check-in" },
  );
  graph.teams.keepQuiet();
  const look = async (at = ASKED_AT) => {
    await instance.app.channels?.look(new Date(at), { anyway: true });
    await quiet();
  };
  await look();
  return {
    service,
    thread,
    reply: (name, words, how) => graph.teams.reply(thread, service.chat(name).personId, words, how),
    drafts: (name) =>
      service
        .shownTo(service.chat(name))
        .filter((one) => wordsOf(one).includes('shall this be the check-in')),
    look,
    settled: async () => {
      await until(async () => {
        const { rows } = await sql<{ n: number }>`select count(*)::int as n from channel_notices`.execute(
          store.db,
        );
        return rows[0]?.n === 0;
      }, 'notices to be worked through');
      await quiet();
    },
    outcomes: async () => {
      const rows = await store.db
        .selectFrom('channel_replies')
        .select('outcome')
        .orderBy('message_id')
        .execute();
      return rows.map(({ outcome }) => outcome);
    },
    watch: () =>
      store.db
        .selectFrom('channel_watches')
        .select(['state', 'trouble', 'subscription_id', 'delta_link'])
        .where('channel_id', '=', channelId)
        .executeTakeFirstOrThrow(),
  };
}

/** Presses a button of a draft as its reader, with these fields changed. Returns what is then shown. */
export async function pressDraft(
  service: TestService,
  name: string,
  draft: unknown,
  verb: string,
  inputs: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { data } = buttonOf(draft, verb);
  const { body } = await service.teams.pressButton(service.chat(name), {
    verb,
    data: { ...data, ...valuesOf(draft), ...inputs },
  });
  await service.quiet();
  return JSON.stringify(body);
}

/** What stands in the fields of a card, as a client sends it. */
export function valuesOf(part: unknown): Record<string, string> {
  if (Array.isArray(part)) return Object.assign({}, ...part.map(valuesOf)) as Record<string, string>;
  if (typeof part !== 'object' || part === null) return {};
  const own = part as { type?: string; id?: string; value?: unknown };
  if (own.type?.startsWith('Input.') && own.id) return { [own.id]: String(own.value ?? '') };
  return Object.assign({}, ...Object.values(part).map(valuesOf)) as Record<string, string>;
}
