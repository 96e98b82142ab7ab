/**
 * The measured claim of suppression: random schools over six weeks, everything shown taken at its sharpest, and a linear
 * program for every small group that can be named. `--quick`: 300 schools, `--full`: 20,000, resumable. Then the same attack with each defence left out.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { contentId } from '../src/kernel/ids.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { attack } from '../test/support/disclosure-attack.ts';
import { DEFENCES, type Defence } from '../test/support/disclosure-facts.ts';
import { makeWorld } from '../test/support/disclosure-world.ts';
import { openHighs } from '../test/support/highs.ts';

const FORMS = { quick: 300, standard: 2_000, full: 20_000 } as const;
/** Without a defence some of so many schools must be found out, or the attack proves nothing. */
const WEAKENED = 150;
/** The solver's memory only grows; a new one is taken every so many schools. */
const RENEW = 250;

export async function run(argv: readonly string[]): Promise<void> {
  const form = argv.includes('--full') ? 'full' : argv.includes('--quick') ? 'quick' : 'standard';
  const schools = FORMS[form];
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const elapsed = stopwatch();
  const whole = await campaign(schools, undefined, say, form === 'full');
  say(
    `${schools} schools over six weeks, ${whole.groups} groups of 1 to 9 pupils, ${whole.programs} of them by linear program: ${whole.recovered} recovered`,
  );
  const without: Record<string, number> = {};
  for (const defence of DEFENCES) {
    without[defence] = (await campaign(WEAKENED, defence, () => undefined)).recovered;
    say(`without the defence "${defence}": ${without[defence]} groups recovered in ${WEAKENED} schools`);
  }
  const pass = whole.recovered === 0 && Object.values(without).every((number) => number > 0);
  const line = JSON.stringify({
    bench: 'disclosure',
    form,
    figures: {
      schools,
      groups: whole.groups,
      programs: whole.programs,
      recovered: whole.recovered,
      without,
      seconds: Math.round(elapsed() / 1000),
    },
    bars: { recovered: 0 },
    pass,
  });
  await mkdir('.bench', { recursive: true });
  await writeFile('.bench/disclosure.json', `${line}\n`);
  say(line);
  if (!pass) process.exitCode = 1;
}

type Tally = { schools: number; groups: number; programs: number; recovered: number };

const PROGRESS = '.bench/disclosure-progress.json';

/** The whole campaign is long: it goes on where an earlier one was cut short, as long as nothing it holds has changed. */
async function resumed(): Promise<Tally | undefined> {
  if (!existsSync(PROGRESS)) return undefined;
  const { code, ...tally } = JSON.parse(await readFile(PROGRESS, 'utf8')) as Tally & { code: string };
  return code === (await codeNow()) ? tally : undefined;
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
  ];
  const files = [
    ...names.map((name) => `src/attendance/${name}.ts`),
    ...['attack', 'facts', 'world'].map((name) => `test/support/disclosure-${name}.ts`),
  ];
  return contentId(await Promise.all(files.map((file) => readFile(file, 'utf8'))));
}

async function campaign(
  schools: number,
  without: Defence | undefined,
  say: (line: string) => void,
  resume = false,
): Promise<Tally> {
  const tally = (resume && (await resumed())) || { schools: 0, groups: 0, programs: 0, recovered: 0 };
  if (tally.schools > 0) say(`going on after ${tally.schools} schools`);
  let highs = await openHighs();
  while (tally.schools < schools) {
    const seed = tally.schools + 1;
    const found = attack(makeWorld(seed), seed, highs, without);
    tally.schools = seed;
    tally.groups += found.groups;
    tally.programs += found.programs;
    tally.recovered += found.recovered.length;
    for (const one of found.recovered.slice(0, 5))
      say(
        `school ${seed}, week ${one.week + 1}: ${one.group} (${one.pupils} pupils, ${one.possible} sessions) within ${one.width.toFixed(2)}`,
      );
    if (seed % RENEW > 0) continue;
    highs = await openHighs();
    if (!resume) continue;
    await mkdir('.bench', { recursive: true });
    await writeFile(PROGRESS, JSON.stringify({ ...tally, code: await codeNow() }));
  }
  return tally;
}
