/**
 * The fault campaigns of delivery, judged by the stand-in connector's own record: instances killed at every point of a message's
 * path and at drawn instants; the database restarted, cut off and full in mid-run. Every campaign is seeded; what is done is kept, and a bench that was stopped goes on from there.
 */
import { existsSync, globSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { contentId } from '../src/kernel/ids.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { type Cluster, openCluster } from '../test/support/cluster.ts';
import { kills } from './faults-kills.ts';
import { liars } from './faults-liars.ts';
import { mixed } from './faults-mixed.ts';
import { outages } from './faults-outages.ts';
import type { Context, Part } from './faults-part.ts';
import { beginBench } from './report.ts';

const HELP = `Instances are killed, their database goes away, and what the stand-in connector saw is held against the ledger.
--only kills|outages|mixed|liars: that part alone. --shard i/n runs each n-th campaign, beginning with the i-th. A bench that was stopped goes on after its last finished campaign
(.bench/faults-*.json), as long as nothing that decides it has changed. It makes a PostgreSQL cluster of its own.`;

/** What decides the outcome: a campaign that was measured with other code is measured again. */
const DECIDES = [
  'src/{delivery,scheduling,storage}/**/*.ts',
  'bench/faults*.ts',
  'test/support/{cluster,delivery,everybody,kill-*,liars,mixed*,outage*,process,second-process,service,small-disk,taps,wire}.ts',
];

type Results = Record<string, unknown>;

export async function run(argv: readonly string[]): Promise<void> {
  const { shard, only, rest } = choiceOf(argv);
  const bench = beginBench('faults', HELP, rest);
  if (!bench) return;
  const { form, say } = bench;
  const elapsed = stopwatch();
  const name = [form, only ?? 'all', shard.place, 'of', shard.of].join('-');
  const progress = await openProgress(`.bench/faults-${name}.json`, say);
  let opening: Promise<Cluster> | undefined;
  const context: Context = {
    say,
    cluster: () => {
      opening ??= openCluster();
      return opening;
    },
  };
  const figures: Record<string, number | string> = {
    parts: only ?? 'all',
    shard: `${shard.place} of ${shard.of}`,
  };
  const bars: Record<string, boolean> = {};
  try {
    await measure(kills);
    await measure(outages);
    await measure(mixed);
    await measure(liars);
  } finally {
    await (await opening)?.close();
  }
  await progress.forget();
  await bench.finish({
    seeds: { campaigns: 'by setting and place' },
    figures: { ...figures, seconds: Math.round(elapsed() / 1000) },
    bars,
  });

  async function measure<Tally>(part: Part<Tally>): Promise<void> {
    if (only !== undefined && part.name !== only) return;
    const own = part.campaigns(form).filter((_, index) => index % shard.of === shard.place - 1);
    const tallies: Tally[] = [];
    for (const campaign of own) {
      const tally = (progress.done[campaign.id] as Tally | undefined) ?? (await campaign.run(context));
      if (!(campaign.id in progress.done)) for (const line of part.tell(tally)) say(line);
      await progress.keep(campaign.id, tally);
      tallies.push(tally);
    }
    const summed = part.sum(tallies);
    for (const [key, value] of Object.entries(summed.figures)) figures[`${part.name}.${key}`] = value;
    Object.assign(bars, summed.bars);
  }
}

/** `--shard 2/4`: which of how many; `--only kills`: one part. What is not understood is left for the bench to refuse. */
function choiceOf(argv: readonly string[]) {
  const [part, afterPart] = taken(argv, '--only', /^(kills|outages|mixed|liars)$/);
  const [piece, rest] = taken(afterPart, '--shard', /^([1-9]\d?)\/([1-9]\d?)$/);
  return { only: part?.[1], shard: { place: Number(piece?.[1] ?? 1), of: Number(piece?.[2] ?? 1) }, rest };
}

/** What stands after a word, and the words without both. */
function taken(argv: readonly string[], word: string, shape: RegExp) {
  const at = argv.indexOf(word);
  const found = at < 0 ? null : shape.exec(argv[at + 1] ?? '');
  return [found, found ? argv.toSpliced(at, 2) : argv] as const;
}

async function openProgress(file: string, say: (line: string) => void) {
  const paths = DECIDES.flatMap((pattern) => globSync(pattern)).sort();
  const code = contentId(await Promise.all(paths.map((path) => readFile(path, 'utf8'))));
  const kept = existsSync(file)
    ? (JSON.parse(await readFile(file, 'utf8')) as { code: string; done: Results })
    : undefined;
  const done: Results = kept?.code === code ? kept.done : {};
  const count = Object.keys(done).length;
  if (count > 0) say(`going on: ${count} campaigns are done`);
  return {
    done,
    keep: async (id: string, result: unknown) => {
      done[id] = result;
      await mkdir('.bench', { recursive: true });
      await writeFile(file, JSON.stringify({ code, done }));
    },
    forget: () => rm(file, { force: true }),
  };
}
