/**
 * Two colleagues answer one question in the channel for questions at once, each through an instance of their own: on PostgreSQL
 * two processes, on the embedded store one. Counts what must never be: two answers, none, a loser who is not shown the
 * winner's words beside their own, an asker who is told something else, or twice.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { channelReader } from '../../src/answers/asks.ts';
import { insertAsk } from '../../src/answers/asks-store.ts';
import { envelope } from '../../src/cards/envelope.ts';
import { inTransaction } from '../../src/storage/database.ts';
import { startSecondProcess } from './second-process.ts';
import { type SampleTrust, startService } from './service.ts';

const PLACE = {
  team: '00000000-0000-4000-8002-000000000100',
  channel: '19:leaders-general@thread.tacv2',
  name: 'Ask Tideway',
};
const TOGETHER = 4;

export type ChannelRaces = {
  readonly races: number;
  readonly processes: number;
  readonly oneAnswer: number;
  readonly otherShown: number;
  readonly told: number;
  /** How often the first process had the answer that stood. */
  readonly firstWon: number;
};

export async function raceInChannel(databaseUrl: string | undefined, races: number): Promise<ChannelRaces> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-ask-races-'));
  const trustFile = join(folder, 'trust.yaml');
  const trust = parse(await readFile('samples/trust.yaml', 'utf8')) as SampleTrust;
  delete trust.library;
  Object.assign(trust.trust, { questions_channel: PLACE });
  await writeFile(trustFile, stringify({ ...trust, documents: [] }));
  // Two people press more often than two people could.
  const fast = { SENDER_LIMIT: '100000' };
  const first = await startService({ documents: false, environment: { TRUST_FILE: trustFile, ...fast } });
  const second = databaseUrl ? await startSecondProcess(first, databaseUrl, trustFile, fast) : undefined;
  const { db } = first.store;
  const asker = first.chat('Aisha Rahman').personId;
  const there = (name: string) => first.channel(name, 'Tideway leaders');
  const counts = { oneAnswer: 0, otherShown: 0, told: 0, firstWon: 0 };
  const now = first.instance.clock.now();
  const race = async (number: number) => {
    const id = `question_race${number}`;
    await inTransaction(db, (trx) =>
      insertAsk(trx, {
        id,
        askedAt: now,
        askerId: asker,
        named: false,
        question: `How much is racing ${number}?`,
        within: [],
        readers: [channelReader(PLACE.channel)],
        state: 'open',
        version: 1,
      }),
    );
    const press = async (door: 'first' | 'second', name: string) => {
      const data = { ...envelope('answers.answer', id, 1), answer: `${door} words ${number}` };
      const teams = door === 'second' && second ? second.teams : first.teams;
      const { body } = await teams.pressButton(there(name), { verb: 'answers.answer', data });
      return JSON.stringify(body);
    };
    const both = [() => press('first', 'Helen Marsh'), () => press('second', 'Jo Bennett')];
    const order = number % 2 === 0 ? both : [...both].reverse();
    const shown = await Promise.all(order.map((one) => one()));
    const [one = '', other = ''] = number % 2 === 0 ? shown : [...shown].reverse();
    const won = [one, other].filter((words) => words.includes('Thank you'));
    const [winner, loser, lost] = one.includes('Thank you')
      ? (['first', 'second', other] as const)
      : (['second', 'first', one] as const);
    const row = await db.selectFrom('answer_asks').selectAll().where('id', '=', id).executeTakeFirst();
    if (won.length === 1 && row?.answer === `${winner} words ${number}`) counts.oneAnswer += 1;
    if (lost.includes(`${winner} words ${number}`) && lost.includes(`${loser} words ${number}`))
      counts.otherShown += 1;
    if (winner === 'first') counts.firstWon += 1;
    const told = await db
      .selectFrom('deliveries')
      .selectAll()
      .where('key', '=', `ask-answer/${id}`)
      .execute();
    const words = JSON.stringify(told[0]?.card ?? '');
    if (told.length === 1 && words.includes(`${winner} words ${number}`) && !words.includes(`${loser} words`))
      counts.told += 1;
  };
  try {
    for (let from = 0; from < races; from += TOGETHER)
      await Promise.all(
        Array.from({ length: Math.min(TOGETHER, races - from) }, (_, index) => race(from + index)),
      );
    return { races, processes: second ? 2 : 1, ...counts };
  } finally {
    await second?.close();
    await first.close();
    await rm(folder, { recursive: true, force: true });
  }
}
