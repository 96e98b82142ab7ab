import { strict as assert } from 'node:assert';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { sql } from 'kysely';
import { z } from 'zod/v4';
import { useGraph } from '../../test/support/graph.ts';
import { useStore } from '../../test/support/store.ts';
import { createChannelReader } from '../directory/channels-graph.ts';
import { createSubscriptions } from '../directory/subscriptions.ts';
import { keyedHash } from '../kernel/ids.ts';
import { systemClock } from '../kernel/time.ts';
import { teamNamed } from '../sandbox/tenant.ts';
import { silentLog } from '../telemetry/log.ts';
import type { Reply } from './ports.ts';
import { type Channels, createChannels } from './service.ts';

const Shown = z.object({ id: z.string(), body: z.object({ content: z.string() }) });

/** What may happen to a channel and to those who watch it, in any order. */
const STEPS = [
  'reply',
  'reply',
  'reply elsewhere',
  'edit',
  'react',
  'tell',
  'tell twice',
  'tell backwards',
  'tell nobody',
  'forge',
  'look',
  'two looks',
  'forget the delta',
  'empty pages',
  'slow down',
  'take consent away',
  'give consent',
  'remove subscriptions',
  'lose subscriptions',
] as const;
type Step = (typeof STEPS)[number];

describe('the watch over channels', function () {
  this.timeout(120_000);
  const store = useStore();
  const graph = useGraph({ pageSize: 3 });
  let server: Server;
  let channels: Channels;
  let address: string;
  let round = 0;
  beforeEach(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      const token = url.searchParams.get('validationToken');
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        if (token !== null) {
          response.writeHead(200, { 'content-type': 'text/plain' });
          response.end(token);
          return;
        }
        channels.receive(JSON.parse(Buffer.concat(parts).toString('utf8'))).then(
          () => {
            response.writeHead(202);
            response.end();
          },
          (error: unknown) => response.destroy(error as Error),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/graph/notifications`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('hands on every edition of every reply in an open thread once, whatever happens, and nothing else', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...STEPS), { minLength: 5, maxLength: 25 }),
        async (steps) => {
          await runs(steps);
        },
      ),
      { seed: 20261123, numRuns: 25 },
    );
  });

  async function runs(steps: readonly Step[]): Promise<void> {
    const { db } = store();
    const { sandbox } = graph();
    const { teams } = sandbox;
    for (const table of ['channel_watches', 'channel_notices', 'channel_replies'] as const)
      await db.deleteFrom(table).execute();
    teams.subscriptions.clear();
    teams.keepQuiet();
    const team = teamNamed(sandbox.tenant, 'Harbour Primary');
    const place = { teamId: team.id, channelId: team.channels[0]?.id ?? '' };
    teams.allow(team.id);
    round += 1;
    const thread = teams.post(place, { id: `root-${round}`, words: 'ours' });
    const elsewhere = teams.post(place, {
      id: `other-${round}`,
      from: sandbox.tenant.people[0]?.id ?? '',
      words: 'not ours',
    });
    teams.keepQuiet();
    const heard: Reply[] = [];
    let clock = Date.parse('2026-11-23T09:00:00Z');
    const now = () => new Date(clock);
    channels = createChannels({
      db,
      log: silentLog,
      clock: systemClock(),
      listener: {
        places: async () => [place],
        threads: async () => [{ ...thread, subject: 'c1' }],
        hear: async (reply) => ({
          outcome: 'heard',
          write: async () => {
            heard.push(reply);
          },
        }),
      },
      reader: createChannelReader(graph().graph),
      subscriptions: createSubscriptions(graph().graph),
      listening: (channelId) => ({ url: address, clientState: keyedHash('k', channelId) }),
      outbox: { enqueue: async () => 0, revise: async () => undefined },
      keeper: async () => 'keeper',
      secretOf: (channelId) => keyedHash('k', channelId),
      tenantId: sandbox.tenant.id,
      certificates: [],
      judgeTokens: async () => 'bad',
      wake: async () => undefined,
    });
    const author = sandbox.tenant.people[0]?.id ?? '';
    let written = 0;
    let last: string | undefined;
    const look = () => {
      clock += 6 * 60_000;
      return channels.look(now(), { anyway: true });
    };
    const say = (where: typeof thread): string => {
      written += 1;
      return teams.reply(where, author, `words ${written}`);
    };
    const acts: Readonly<Record<Step, () => unknown>> = {
      reply: () => {
        last = say(thread);
      },
      'reply elsewhere': () => say(elsewhere),
      edit: () => {
        if (last === undefined) return;
        written += 1;
        clock += 1_000;
        teams.edit(last, `words ${written}`, now().toISOString());
      },
      react: () => last && teams.react(last, now().toISOString()),
      tell: () => teams.tell(),
      'tell twice': () => teams.tell({ twice: true }),
      'tell backwards': () => teams.tell({ reversed: true }),
      'tell nobody': () => teams.keepQuiet(),
      forge: () => teams.tell({ clientState: 'guessed' }),
      look,
      'two looks': () => Promise.all([look(), look()]),
      'forget the delta': () => sandbox.forgetDeltas(),
      'empty pages': () => teams.emptyPages(2),
      'slow down': () => sandbox.throttle(1, { retryAfter: 0 }),
      'take consent away': () => teams.deny(team.id),
      'give consent': () => teams.allow(team.id),
      'remove subscriptions': () => teams.tellLifecycle('subscriptionRemoved'),
      'lose subscriptions': () => teams.subscriptions.clear(),
    };
    await look();
    for (const step of steps) await acts[step]();
    teams.allow(team.id);
    await sql`update channel_notices set not_before = clock_timestamp()`.execute(db);
    await look();
    clock += 61 * 60_000;
    await look();
    const editions = heard.map(({ messageId, words }) => `${messageId} ${words}`);
    assert.equal(new Set(editions).size, editions.length, `twice: ${editions.join(', ')}`);
    const present = await graph().graph.list(
      `/teams/${place.teamId}/channels/${place.channelId}/messages/${thread.rootId}/replies?$top=50`,
      Shown,
    );
    for (const { id, body } of present.items)
      assert.ok(editions.includes(`${id} ${body.content}`), `${body.content} was lost`);
    const ours = new Set(present.items.map(({ id }) => id));
    assert.ok(
      heard.every(({ messageId }) => ours.has(messageId)),
      'something of another thread was handed on',
    );
    assert.deepEqual(await db.selectFrom('channel_notices').selectAll().execute(), []);
  }
});
