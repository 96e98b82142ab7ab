/**
 * What strangers cost: junk of every family against the whole service in production, a process of its own on PostgreSQL with a
 * local issuer. Every one must be refused with an empty body, leave no memory behind, and a good turn must work before and after.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { Agent } from 'node:http';
import { must } from '../src/kernel/guards.ts';
import { newId } from '../src/kernel/ids.ts';
import { type Seeded, seeded } from '../src/kernel/seeded.ts';
import { sleep, stopwatch } from '../src/kernel/time.ts';
import { FAULTS, type Issuer } from '../src/sandbox/issuer.ts';
import { post, startProduction, TENANT } from '../test/support/production.ts';
import { BOT_ID } from '../test/support/service.ts';
import { helpAsked } from './report.ts';

const SIZES = { quick: { junk: 10_000, warm: 3_000 }, full: { junk: 100_000, warm: 20_000 } } as const;
const SEED = 20261123;
const CONNECTIONS = 20;
/** Growth of the process that is allowed, from `platform.md`'s bar. Megabytes. */
const ALLOWED = 20;
/** The engine gives memory back when it has been idle for a while: looked at until it has not fallen for so long. Milliseconds. */
const SETTLED = 20_000;
const LONGEST_REST = 90_000;

const USAGE =
  'npm run bench:gate [-- --quick | --full]   junk against the gate; default --quick. Needs PostgreSQL.';

export async function run(argv: readonly string[]): Promise<void> {
  if (helpAsked(argv, USAGE)) return;
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const form = argv.includes('--full') ? 'full' : 'quick';
  const sizes = SIZES[form];
  const production = await startProduction();
  const { service, issuer, connector, goodTurn } = production;
  const botUrl = `${production.origin}/api/messages`;
  const resident = async () => {
    const status = await readFile(`/proc/${service.pid}/status`, 'utf8');
    return Number(must(/VmRSS:\s+(\d+) kB/.exec(status)?.[1], 'the memory of the process')) / 1024;
  };
  const memory = async () => {
    let least = await resident();
    const all = stopwatch();
    for (let since = stopwatch(); since() < SETTLED && all() < LONGEST_REST; await sleep(1_000)) {
      const now = await resident();
      if (now < least - 1) since = stopwatch();
      least = Math.min(least, now);
    }
    return least;
  };
  try {
    const worked = await goodTurn();
    const junk = await makeJunk(issuer, connector.url);
    await flood(botUrl, junk, sizes.warm, 1);
    const before = await memory();
    const arrived = connector.arrivals.length;
    const elapsed = stopwatch();
    const statuses = await flood(botUrl, junk, sizes.junk, 2);
    const seconds = elapsed() / 1000;
    const after = await memory();
    const ran = connector.arrivals.length - arrived;
    const works = await goodTurn();
    const known = ['400', '401', '403', '413', '429'];
    const wrong = Object.entries(statuses).filter(([status]) => !known.includes(status));
    const figures = {
      requests: sizes.junk,
      perSecond: Math.round(sizes.junk / seconds),
      statuses,
      megabytesBefore: Math.round(before),
      megabytesAfter: Math.round(after),
      grown: Math.round((after - before) * 10) / 10,
      turnsRun: ran,
    };
    const bars = {
      'every one refused, with an empty body': wrong.length === 0,
      'no turn run': ran === 0,
      [`memory grown by at most ${ALLOWED} MB`]: after - before <= ALLOWED,
      'a good turn works before and after': worked && works,
    };
    say(`${sizes.junk} junk requests at ${figures.perSecond}/s: ${JSON.stringify(statuses)}`);
    say(
      `memory ${figures.megabytesBefore} MB before and ${figures.megabytesAfter} MB after; turns run: ${ran}`,
    );
    const pass = Object.values(bars).every(Boolean);
    const line = JSON.stringify({ bench: 'gate', form, figures, bars, pass });
    await mkdir('.bench', { recursive: true });
    await writeFile('.bench/gate.json', `${line}\n`);
    say(line);
    process.exitCode = pass ? 0 : 1;
  } finally {
    await production.close();
  }
}

type Junk = { readonly headers: Readonly<Record<string, string>>; readonly body: string };

/** Makers of one request each, by family: without, with a broken and with a forged token, and with a good one and a bad body. */
async function makeJunk(issuer: Issuer, serviceUrl: string): Promise<((random: Seeded) => Junk)[]> {
  const json = { 'content-type': 'application/json' };
  const activity = (over: object) =>
    JSON.stringify({
      type: 'message',
      id: newId('junk'),
      text: 'let me in',
      serviceUrl,
      channelId: 'msteams',
      from: { id: newId('29:junk') },
      recipient: { id: BOT_ID },
      conversation: { id: newId('a:junk'), tenantId: TENANT, conversationType: 'personal' },
      ...over,
    });
  const bearer = (token: string) => ({ ...json, authorization: `Bearer ${token}` });
  const good = bearer(await issuer.mint(serviceUrl));
  const forged = await Promise.all(FAULTS.map((fault) => issuer.mint(serviceUrl, fault)));
  const letters = (random: Seeded, length: number) =>
    Array.from({ length }, () => random.pick(['a', 'B', '7', '-', '_', 'é', '{', '"'])).join('');
  return [
    () => ({ headers: json, body: activity({}) }),
    (random) => ({
      headers: { ...json, authorization: `Basic ${random.whole(1, 1e9)}` },
      body: activity({}),
    }),
    (random) => ({
      headers: bearer(`${random.whole(1, 1e9)}.${random.whole(1, 1e9)}.x`),
      body: activity({}),
    }),
    ...forged
      // Four minutes past its end is within what clocks may differ by in the SDK, not here; each is refused by the gate.
      .map((token) => () => ({ headers: bearer(token), body: activity({}) })),
    (random) => ({ headers: bearer(tampered(good.authorization, random)), body: activity({}) }),
    (random) => ({ headers: good, body: letters(random, random.whole(0, 200)) }),
    () => ({ headers: good, body: `${'['.repeat(5_000)}${']'.repeat(5_000)}` }),
    () => ({ headers: good, body: activity({ serviceUrl: 'https://elsewhere.example/' }) }),
    () => ({ headers: good, body: activity({ channelId: 'emulator' }) }),
    () => ({ headers: good, body: activity({ conversation: { id: 'a:x', tenantId: newId('tenant') } }) }),
    (random) => ({
      headers: json,
      body: activity({ text: 'x'.repeat(random.chance(0.1) ? 300_000 : 1_000) }),
    }),
  ];
}

function tampered(authorization: string, random: Seeded): string {
  const token = authorization.slice('Bearer '.length);
  const at = random.whole(token.indexOf('.') + 1, token.lastIndexOf('.') - 1);
  return `${token.slice(0, at)}${token[at] === 'A' ? 'B' : 'A'}${token.slice(at + 1)}`;
}

/** How often each status came; a refusal with words in it counts as `words`. */
async function flood(
  url: string,
  junk: readonly ((random: Seeded) => Junk)[],
  count: number,
  round: number,
): Promise<Record<string, number>> {
  const random = seeded(SEED + round);
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const statuses: Record<string, number> = {};
  let next = 0;
  const lane = async () => {
    while (next < count) {
      const { headers, body } = must(junk[next % junk.length], 'a family')(random);
      next += 1;
      // Strangers come from everywhere: each from an address that was never met.
      const address = `${random.whole(1, 223)}.${random.whole(0, 255)}.${random.whole(0, 255)}.${random.whole(1, 254)}`;
      const { status, words } = await post(url, agent, { ...headers, 'x-forwarded-for': address }, body);
      const kind = status === 0 ? 'cut off' : words === '' ? String(status) : 'words';
      statuses[kind] = (statuses[kind] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  agent.destroy();
  return statuses;
}
