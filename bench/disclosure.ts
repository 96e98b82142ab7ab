/**
 * The measured claim of suppression: random schools over six weeks, everything shown taken at its sharpest, and a linear
 * program for every small group that can be named. Then the same attack with each defence left out, which must find some. The
 * schools are cut into pieces, one on each processor at a time; a long campaign keeps what is done and goes on from there.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { contentId } from '../src/kernel/ids.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { DEFENCES } from '../test/support/disclosure-facts.ts';
import type { Shard, Tally } from './disclosure-shard.ts';
import { beginBench } from './report.ts';

const FORMS = { quick: 300, standard: 2_000, full: 20_000 } as const;
/** Without a defence some of so many schools must be found out, or the attack proves nothing. */
const WEAKENED = 150;
const PIECE = 250;

export async function run(argv: readonly string[]): Promise<void> {
  const bench = beginBench(
    'disclosure',
    `Random schools, seeds 1 to N, attacked by linear programs: --quick ${FORMS.quick}, standard ${FORMS.standard}, --full ${FORMS.full} schools.
--full goes on where it was cut short (.bench/disclosure-progress.json), as long as nothing that decides it has changed.`,
    argv,
  );
  if (!bench) return;
  const { form, say } = bench;
  const schools = FORMS[form];
  const elapsed = stopwatch();
  const pieces = Array.from({ length: Math.ceil(schools / PIECE) }, (_, index): Shard => {
    const from = index * PIECE + 1;
    return { from, schools: Math.min(PIECE, schools + 1 - from) };
  });
  const whole = total(await campaign(pieces, say, form === 'full'));
  for (const line of whole.found) say(line);
  say(
    `${whole.schools} schools over six weeks, ${whole.groups} groups of 1 to 9 pupils, ${whole.programs} of them by linear program: ${whole.recovered} recovered`,
  );
  const weakened = await campaign(
    DEFENCES.map((without) => ({ from: 1, schools: WEAKENED, without })),
    () => undefined,
    false,
  );
  const without = Object.fromEntries(
    DEFENCES.map((defence, place) => [defence, weakened[place]?.recovered ?? 0]),
  );
  for (const [defence, recovered] of Object.entries(without))
    say(`without the defence "${defence}": ${recovered} groups recovered in ${WEAKENED} schools`);
  const { groups, programs, recovered } = whole;
  await bench.finish({
    seeds: { schools: `1 to ${schools}` },
    figures: { schools, groups, programs, recovered, without, seconds: Math.round(elapsed() / 1000) },
    bars: {
      'no group of 1 to 9 pupils recovered': whole.schools === schools && recovered === 0,
      'each defence, when left out, lets some be recovered': Object.values(without).every(
        (found) => found > 0,
      ),
    },
  });
}

function total(tallies: readonly Tally[]): Tally {
  const sum = (pick: (tally: Tally) => number) => tallies.reduce((all, tally) => all + pick(tally), 0);
  return {
    schools: sum((tally) => tally.schools),
    groups: sum((tally) => tally.groups),
    programs: sum((tally) => tally.programs),
    recovered: sum((tally) => tally.recovered),
    found: tallies.flatMap((tally) => tally.found).slice(0, 20),
  };
}

/** The tallies of the pieces, in their order; as many at a time as there are processors. */
async function campaign(
  pieces: readonly Shard[],
  say: (line: string) => void,
  resumable: boolean,
): Promise<Tally[]> {
  const code = await codeNow();
  const done = resumable ? await tallied(code) : new Map<number, Tally>();
  if (resumable && done.size > 0) say(`going on: ${done.size} of ${pieces.length} pieces are done`);
  const found = pieces.map(({ from }) => (resumable ? done.get(from) : undefined));
  const left = pieces.entries();
  const lane = async () => {
    for (const [place, piece] of left) {
      if (found[place]) continue;
      const tally = await inThread(piece);
      found[place] = tally;
      done.set(piece.from, tally);
      say(`schools ${piece.from} to ${piece.from + piece.schools - 1}: ${tally.recovered} recovered`);
      if (resumable) await keep(code, done);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return found.flatMap((tally) => tally ?? []);
}

function inThread(piece: Shard): Promise<Tally> {
  const worker = new Worker(new URL('./disclosure-shard.ts', import.meta.url), { workerData: piece });
  return new Promise((resolve, reject) => {
    worker.on('message', resolve);
    worker.on('error', reject);
    worker.on('exit', (code) => reject(new Error(`a piece ended with ${code} before it had counted`)));
  });
}

const PROGRESS = '.bench/disclosure-progress.json';

async function tallied(code: string): Promise<Map<number, Tally>> {
  if (!existsSync(PROGRESS)) return new Map();
  const kept = JSON.parse(await readFile(PROGRESS, 'utf8')) as { code: string; pieces?: [number, Tally][] };
  return new Map(kept.code === code ? kept.pieces : []);
}

async function keep(code: string, done: ReadonlyMap<number, Tally>): Promise<void> {
  await mkdir('.bench', { recursive: true });
  await writeFile(PROGRESS, JSON.stringify({ code, pieces: [...done] }));
}

/** What decides the outcome: the files that decide what is shown, and the attack. */
async function codeNow(): Promise<string> {
  const names = [
    'showable',
    'shown-groups',
    'overlap',
    'suppression',
    'release',
    'corrections',
    'to-date',
    'noise',
    'figures',
    'open-days',
    'reasons-due',
  ];
  const files = [
    'bench/disclosure-shard.ts',
    ...names.map((name) => `src/attendance/${name}.ts`),
    ...['attack', 'facts', 'world'].map((name) => `test/support/disclosure-${name}.ts`),
  ];
  return contentId([String(PIECE), ...(await Promise.all(files.map((file) => readFile(file, 'utf8'))))]);
}
