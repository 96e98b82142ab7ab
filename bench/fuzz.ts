/**
 * Rubbish from those who have got a good token: spoilt bodies, activities of strangers, presses of staff on cards that never were,
 * and notices, against the whole service in production. Nothing may crash, answer 5xx, fault within, call an address that was
 * planted, or make a file; strangers get the one fixed line at most.
 */
import { runFuzz } from '../test/support/fuzz-campaign.ts';
import { beginBench } from './report.ts';

const SIZES = { quick: 2_000, standard: 10_000, full: 50_000 } as const;
const SEED = 20261122;
/** Of what went wrong, how many are printed. */
const SHOWN = 20;

export async function run(argv: readonly string[]): Promise<void> {
  const bench = beginBench(
    'fuzz',
    'Rubbish with a good token against the service in production. Needs PostgreSQL.',
    argv,
  );
  if (!bench) return;
  const requests = SIZES[bench.form];
  const result = await runFuzz(requests, SEED, (done) => {
    if (done % 5_000 === 0) bench.say(`  ${done} of ${requests}`);
  });
  const { wrong, faults, toStrangers, ...figures } = result;
  for (const line of [...wrong, ...faults].slice(0, SHOWN)) bench.say(`  ${line}`);
  await bench.finish({
    seeds: { requests: SEED },
    figures: { requests, ...figures, wrong: wrong.length, faults: faults.length },
    bars: {
      'every one answered, none with 5xx, refusals without words': wrong.length === 0,
      'no fault within': faults.length === 0,
      'no planted address called': result.called === 0,
      'no file made': result.filesMade === 0,
      'strangers got one fixed line at most': toStrangers.length <= 1 && !toStrangers.includes('a card'),
      'a good turn works before and after': result.works,
    },
  });
}
