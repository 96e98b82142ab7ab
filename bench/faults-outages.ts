/** The outages of `bench:faults`: the database restarted, crashed, cut off and full, in mid-run, under two instances of the service. */
import { describe, type Outage, type OutageResult, openOutageWorld } from '../test/support/outage.ts';
import type { Campaign, Part } from './faults-part.ts';
import type { Form } from './report.ts';

/** Messages under way when the database goes away, besides everybody's digests: six seconds of sending. */
const MESSAGES = 300;
/** What two instances may have under way together. */
const SEND_WINDOW = 2 * 32;
/** Seconds from the outage's end until messages leave, and until all instances are ready: the longest wait of any part, and a look. */
const RESUMED_WITHIN = 30;

/** Four Mondays at most share a world. */
const SHORT: readonly (readonly Outage[])[] = [
  [
    { kind: 'restart', seconds: 2 },
    { kind: 'silent', seconds: 15, of: 'both' },
  ],
];
const USUAL: readonly (readonly Outage[])[] = [
  [
    { kind: 'restart', seconds: 2 },
    { kind: 'reset', seconds: 30, of: 'both' },
    { kind: 'silent', seconds: 30, of: 'both' },
    { kind: 'full', seconds: 20 },
  ],
];
const WHOLE: readonly (readonly Outage[])[] = [
  ...USUAL,
  [
    { kind: 'crash', seconds: 2 },
    { kind: 'silent', seconds: 30, of: 'one' },
    { kind: 'stalled', seconds: 30, of: 'both' },
    { kind: 'reset', seconds: 30, of: 'one' },
  ],
  [
    // Longer than leases hold: what was under way is uncertain to the others until its poster can say better.
    { kind: 'silent', seconds: 90, of: 'one' },
    { kind: 'reset', seconds: 90, of: 'both' },
    { kind: 'crash', seconds: 20 },
    { kind: 'full', seconds: 60 },
  ],
  [
    { kind: 'stalled', seconds: 30, of: 'one' },
    { kind: 'silent', seconds: 30, of: 'both' },
    { kind: 'restart', seconds: 20 },
    { kind: 'crash', seconds: 2 },
  ],
];
const WORLDS: Readonly<Record<Form, readonly (readonly Outage[])[]>> = {
  quick: SHORT,
  standard: USUAL,
  full: WHOLE,
};

export const outages: Part<readonly OutageResult[]> = {
  name: 'outages',
  campaigns: (form) =>
    WORLDS[form].map(
      (list): Campaign<readonly OutageResult[]> => ({
        id: `outages/${list.map(describe).join(', ')}`,
        run: async () => {
          const world = await openOutageWorld();
          const results: OutageResult[] = [];
          try {
            for (const outage of list) results.push(await world.meet(outage, MESSAGES));
          } finally {
            await world.close();
          }
          return results;
        },
      }),
    ),
  sum: (tallies) => {
    const all = tallies.flat();
    if (all.length === 0) return { figures: {}, bars: {} };
    const total = (pick: (one: OutageResult) => number) => all.reduce((sum, one) => sum + pick(one), 0);
    const most = (pick: (one: OutageResult) => number) => Math.max(...all.map(pick));
    const cuts = all.filter(({ outage }) => /^(reset|silent|stalled)/.test(outage));
    return {
      figures: {
        count: all.length,
        due: total((one) => one.due),
        delivered: total((one) => one.delivered),
        uncertain: total((one) => one.uncertain),
        lost: total((one) => one.lost),
        doubled: total((one) => one.doubled),
        mostSecondsToSending: most((one) => one.sending),
        mostSecondsToReady: most((one) => one.green),
        mostSecondsToPlanned: most((one) => one.planned),
        mostSecondsToSettled: most((one) => one.settled),
      },
      bars: {
        'outages: none lost, none doubled': total((one) => one.lost + one.doubled) === 0,
        'outages: ledger and stand-in agree': all.every(({ disagreements }) => disagreements.length === 0),
        [`outages: each left at most ${SEND_WINDOW} uncertain`]: all.every(
          ({ uncertain }) => uncertain <= SEND_WINDOW,
        ),
        [`outages: sending and ready again by itself within ${RESUMED_WITHIN} s`]: all.every(
          ({ sending, green }) => sending <= RESUMED_WITHIN && green <= RESUMED_WITHIN,
        ),
        'outages: whoever was cut off said that they were not ready': cuts.every(
          ({ outage, red }) => red === (outage.includes('of one') ? 1 : 2),
        ),
      },
    };
  },
  tell: (results) =>
    results.flatMap((one) => [
      `${one.outage}: ${one.due} due, ${one.delivered} delivered, ${one.uncertain} uncertain, ${one.lost} lost, ${one.doubled} doubled; sent again after ${one.sending} s, digest planned after ${one.planned} s, ready after ${one.green} s, settled after ${one.settled} s`,
      ...one.disagreements,
    ]),
};
