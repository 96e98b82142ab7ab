/** The liars of `bench:faults`: a Teams that says other than it does, to two instances on a server and to one on the embedded store. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnector } from '../src/delivery/teams.ts';
import { newId } from '../src/kernel/ids.ts';
import { openStore, type Store } from '../src/storage/database.ts';
import { migrate } from '../src/storage/migrate.ts';
import { openPost, type Post } from '../test/support/delivery.ts';
import { LIARS_TIMEOUT, type LiarsResult, sendToLiars } from '../test/support/liars.ts';
import type { Campaign, Context, Part } from './faults-part.ts';
import type { Form } from './report.ts';

const EACH = 1_000;
const SENDS: Readonly<Record<Form, { server: number; embedded: number }>> = {
  quick: { server: 1, embedded: 0 },
  standard: { server: 10, embedded: 1 },
  full: { server: 18, embedded: 2 },
};
const PATIENCE = 300_000;

export const liars: Part<LiarsResult> = {
  name: 'liars',
  campaigns: (form) =>
    (['server', 'embedded'] as const).flatMap((engine) =>
      Array.from(
        { length: SENDS[form][engine] },
        (_, index): Campaign<LiarsResult> => ({
          id: `liars/${engine}/${index}`,
          run: (context) => campaign(engine, index + 1, context),
        }),
      ),
    ),
  sum: (tallies) => {
    if (tallies.length === 0) return { figures: {}, bars: {} };
    const total = (pick: (one: LiarsResult) => number) => tallies.reduce((sum, one) => sum + pick(one), 0);
    const figures = {
      sends: total((one) => one.due),
      truths: total((one) => one.truths),
      delivered: total((one) => one.delivered),
      uncertain: total((one) => one.uncertain),
      uncertainArrived: total((one) => one.uncertainArrived),
      askedAgain: total((one) => one.askedAgain),
      lost: total((one) => one.lost),
      doubled: total((one) => one.doubled),
      falselyDelivered: total((one) => one.falselyDelivered),
    };
    return {
      figures,
      bars: {
        'liars: none doubled, none sent again': figures.doubled + figures.askedAgain === 0,
        'liars: nothing called delivered that is not there': figures.falselyDelivered === 0,
        'liars: nine in ten of those that tell the truth are believed':
          figures.delivered >= 0.9 * figures.truths,
        'liars: what is not delivered is uncertain, and said to be': figures.lost === 0,
      },
    };
  },
  tell: (one) => [
    `${one.due} to liars, ${one.truths} of whom tell the truth: ${one.delivered} delivered, ${one.uncertain} uncertain (${one.uncertainArrived} of them arrived), ${one.lost} lost, ${one.doubled} doubled, ${one.falselyDelivered} falsely delivered`,
  ],
};

async function campaign(engine: 'server' | 'embedded', seed: number, context: Context): Promise<LiarsResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-liars-'));
  const schema = newId('liars');
  const server = engine === 'server' ? { databaseUrl: (await context.cluster()).url } : {};
  const options = { connector: { timeout: LIARS_TIMEOUT } };
  const stores: Store[] = [];
  const posts: Post[] = [];
  try {
    for (let instance = 0; instance < (engine === 'server' ? 2 : 1); instance += 1) {
      const store = await openStore({ ...server, dataDir, schema });
      stores.push(store);
      await migrate(store.db, schema);
      const [first] = posts;
      // The second one has a stand-in of its own, which nothing is sent to: conversations name the first.
      const connector = first && createConnector({ hosts: [first.sandbox.url], timeout: LIARS_TIMEOUT });
      posts.push(await openPost(store, { ...options, ...(connector ? { parts: { connector } } : {}) }));
    }
    const [[store], [post]] = [stores, posts];
    if (!store || !post) throw new Error('no instance');
    const people = Array.from({ length: EACH }, (_, index) => `p${index}`);
    await post.meet(people);
    const deliver = async () => {
      await Promise.all(posts.map(({ delivery }) => delivery.drain(new Date(), PATIENCE)));
    };
    return await sendToLiars(
      { store, sandbox: post.sandbox, delivery: post.delivery, deliver },
      people,
      seed,
    );
  } finally {
    for (const post of posts) await post.close();
    for (const store of stores) await store.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}
