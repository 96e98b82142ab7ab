/** Commands about time: the local run's movable clock, and running what is due as of an instant. */
import { isRefusal } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import { parseInstant } from '../kernel/time.ts';
import type { RunRecord } from '../scheduling/store.ts';
import { type Command, DONE, REFUSED, textOption } from './command.ts';
import { print } from './io.ts';

export const CLOCK: Command<'clock'> = {
  name: 'clock',
  usage: '[WHEN]',
  summary:
    'Shows what time Waymark believes it is; moves it on in a local run (2026-11-23T07:31, local time)',
  words: [0, 1],
  run: async ({ app, words, io, json }) => {
    const { clock, trust } = await app();
    const [when] = words;
    const refused = when ? await clock.moveTo(parseInstant(when, trust.trust.zone)) : undefined;
    if (isRefusal(refused)) {
      print(io, json, { error: refused.reason, message: refused.message }, [refused.message]);
      return REFUSED;
    }
    if (when) (await app()).wake();
    const now = clock.now();
    const lines = [
      `It is ${inWords(now, trust.trust.zone)}.`,
      ...(when ? ['What is due by then is being sent; see: npm run -s cli -- deliveries report'] : []),
    ];
    print(io, json, { now: now.toISOString() }, lines);
    return DONE;
  },
};

export const TICK: Command<'tick'> = {
  name: 'tick',
  usage: '--at 2026-11-23T07:30:00Z [--no-send]',
  summary:
    'Runs what is due as of an instant, sends it, and ends; --no-send leaves the sending to running instances',
  options: { at: { type: 'string' }, 'no-send': { type: 'boolean' } },
  run: async (context) => {
    const { app, io, json, options } = context;
    const { trust, clock, tick } = await app();
    const at = textOption(context, 'at');
    const runs = await tick(at ? parseInstant(at, trust.trust.zone) : clock.now(), {
      send: options['no-send'] !== true,
    });
    const lines = runs.map((run) => `${run.runId}: ${run.state}${describe(run)}`);
    print(io, json, { runs }, [
      ...(lines.length > 0 ? lines : ['Nothing was due.']),
      `${count(runs.length, 'run')}. What reached whom: npm run -s cli -- deliveries report`,
    ]);
    return runs.some((run) => run.state === 'failed') ? REFUSED : DONE;
  },
};

function describe(run: RunRecord): string {
  const words = run.reason ?? run.note;
  const sent = run.deliveries === undefined ? '' : `, ${count(run.deliveries, 'message')}`;
  return `${sent}${words ? ` (${words})` : ''}`;
}

function inWords(instant: Date, zone: string): string {
  return instant.toLocaleString('en-GB', { timeZone: zone, dateStyle: 'full', timeStyle: 'short' });
}
