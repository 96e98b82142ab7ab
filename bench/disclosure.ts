/**
 * The measured claim of suppression: random schools over six weeks, everything shown taken at its sharpest, and a linear
 * program for every small group that can be named. `--quick`: 300 schools, `--full`: 20,000. Then the same attack with each defence left out.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { stopwatch } from '../src/kernel/time.ts';
import { attack } from '../test/support/disclosure-attack.ts';
import { DEFENCES, type Defence } from '../test/support/disclosure-facts.ts';
import { makeWorld } from '../test/support/disclosure-world.ts';
import { openHighs } from '../test/support/highs.ts';

const FORMS = { quick: 300, standard: 2_000, full: 20_000 } as const;
/** Without a defence some of so many schools must be found out, or the attack proves nothing. */
const WEAKENED = 150;
/** The solver's memory only grows; a new one is taken every so many schools. */
const RENEW = 500;

export async function run(argv: readonly string[]): Promise<void> {
  const form = argv.includes('--full') ? 'full' : argv.includes('--quick') ? 'quick' : 'standard';
  const schools = FORMS[form];
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const elapsed = stopwatch();
  const whole = await campaign(schools, undefined, say);
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

async function campaign(schools: number, without: Defence | undefined, say: (line: string) => void) {
  let [groups, programs, recovered] = [0, 0, 0];
  let highs = await openHighs();
  for (let seed = 1; seed <= schools; seed += 1) {
    if (seed % RENEW === 0) highs = await openHighs();
    const found = attack(makeWorld(seed), seed, highs, without);
    groups += found.groups;
    programs += found.programs;
    recovered += found.recovered.length;
    for (const one of found.recovered.slice(0, 5))
      say(
        `school ${seed}, week ${one.week + 1}: ${one.group} (${one.pupils} pupils, ${one.possible} sessions) within ${one.width.toFixed(2)}`,
      );
  }
  return { groups, programs, recovered };
}
