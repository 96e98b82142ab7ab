/**
 * The measured claims of safety: all planted-document, message and model attacks, each against the real build and against one
 * with its defence left out; then all malformed files among good ones. `--quick`: a share. Store: TEST_DATABASE_URL or embedded.
 */
import { stopwatch } from '../src/kernel/time.ts';
import { harmsOf } from '../test/support/attacked.ts';
import { ATTACKS, makeAttacks } from '../test/support/attacks.ts';
import { runMalformed } from '../test/support/malformed-campaign.ts';
import { openTestStore } from '../test/support/store.ts';
import { helpAsked } from './report.ts';

const USAGE = `npm run bench:attacks [-- --quick]
Planted documents, messages and model replies against the real build, and malformed files among good ones. --quick: a share.
On PostgreSQL with TEST_DATABASE_URL, else on PGlite.
`;

export async function run(argv: readonly string[]): Promise<void> {
  if (helpAsked(argv, USAGE)) return;
  const quick = argv.includes('--quick');
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const elapsed = stopwatch();
  const succeeded: string[] = [];
  const idle: string[] = [];
  const attacks = makeAttacks(quick ? 36 : 150);
  for (const attack of attacks) {
    const name = `${attack.number} ${attack.family}`;
    const harms = await harmsOf(attack);
    if (harms.length > 0) succeeded.push(`${name}: ${harms.join(', ')}`);
    if ((await harmsOf(attack, attack.against)).length === 0) idle.push(name);
  }
  say(`${attacks.length} attacks in ${Object.keys(ATTACKS).length} families: ${succeeded.length} succeeded`);
  say(`${attacks.length - idle.length} succeeded with their one defence left out`);
  for (const line of [...succeeded, ...idle.map((name) => `${name}: harmless even without its defence`)])
    say(line);
  const attackSeconds = elapsed() / 1_000;

  const store = await openTestStore();
  const malformed = await runMalformed(store.db, quick ? 48 : 500);
  await store.drop();
  say(
    `${malformed.files} malformed files: ${malformed.unnamed.length} unnamed, ${malformed.answered} of ${malformed.questions} questions answered from the rest, ${malformed.seconds.toFixed(1)} s, at most ${malformed.peakMegabytes} MB`,
  );
  for (const file of malformed.unnamed) say(`${file}: not named`);
  const passed =
    succeeded.length === 0 &&
    idle.length === 0 &&
    malformed.unnamed.length === 0 &&
    malformed.answered === malformed.questions;
  say(
    JSON.stringify({
      attacks: attacks.length,
      families: Object.keys(ATTACKS).length,
      succeeded: succeeded.length,
      harmlessWithoutDefence: idle.length,
      attackSeconds: Math.round(attackSeconds * 10) / 10,
      malformed: {
        ...malformed,
        unnamed: malformed.unnamed.length,
        seconds: Math.round(malformed.seconds * 10) / 10,
      },
      passed,
    }),
  );
  if (!passed) process.exitCode = 1;
}
