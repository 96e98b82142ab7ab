/** The kills of `bench:faults`: what is killed where, in campaigns of a few dozen, and what all of them come to. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../src/kernel/ids.ts';
import { type Seeded, seeded } from '../src/kernel/seeded.ts';
import { type CampaignResult, type Plan, runCampaign } from '../test/support/kill-campaign.ts';
import { POINTS } from '../test/support/kill-points.ts';
import type { Campaign, Context, Part } from './faults-part.ts';
import type { Form } from './report.ts';

/** Kills by store and instances; the first hundred or so of a server are one at each point and phase. */
const KILLS: Readonly<Record<Form, { one: number; two: number; embedded: number }>> = {
  quick: { one: 10, two: 10, embedded: 4 },
  standard: { one: 90, two: 90, embedded: 12 },
  full: { one: 260, two: 260, embedded: 60 },
};
/** Kills of one campaign: what is done again when a run of the bench was stopped in the middle. */
const EACH = 30;
/** Two lanes of sixteen: what one instance may have under way. */
const SEND_WINDOW = 32;
/** A run's cards and new faces take so long, in milliseconds: drawn instants fall into it. */
const WORK = 900;
const PHASES = ['before', 'asked', 'answered'] as const;
/** How often an instance passes a point while it sends one run; the others it passes once. */
const PASSES: Readonly<Record<string, number>> = {
  claim: 3,
  'take send slots': 3,
  post: 40,
  'settle and grant': 3,
  'claim edits': 3,
  put: 40,
  'settle edits': 3,
};

type Setting = 'one' | 'two' | 'embedded';
export type KillTally = Omit<CampaignResult, 'reached'> & {
  readonly setting: Setting;
  readonly reached: number;
};

export const kills: Part<KillTally> = {
  name: 'kills',
  campaigns: (form) =>
    (['one', 'two', 'embedded'] as const).flatMap((setting) => campaignsOf(setting, KILLS[form][setting])),
  sum: (tallies) => {
    const figures: Record<string, number> = {};
    const bars: Record<string, boolean> = {};
    for (const [setting, own] of Map.groupBy(tallies, (tally) => tally.setting)) {
      const total = (pick: (tally: KillTally) => number) => own.reduce((sum, tally) => sum + pick(tally), 0);
      const name = { one: 'one instance', two: 'two instances', embedded: 'embedded store' }[setting];
      const counts = {
        kills: total((tally) => tally.kills),
        atPoints: total((tally) => tally.reached),
        due: total((tally) => tally.due),
        delivered: total((tally) => tally.delivered),
        uncertain: total((tally) => tally.uncertain),
        uncertainArrived: total((tally) => tally.uncertainArrived),
        withdrawn: total((tally) => tally.withdrawn),
        lost: total((tally) => tally.lost),
        doubled: total((tally) => tally.doubled),
        mostUncertainOfOneKill: Math.max(0, ...own.map((tally) => tally.mostUncertain)),
      };
      for (const [key, value] of Object.entries(counts)) figures[`${setting}.${key}`] = value;
      bars[`kills, ${name}: none lost, none doubled`] = counts.lost + counts.doubled === 0;
      bars[`kills, ${name}: ledger and stand-in agree`] = own.every(
        (tally) => tally.disagreements.length === 0,
      );
      bars[`kills, ${name}: each kill left at most ${SEND_WINDOW} uncertain, each in the report`] =
        counts.mostUncertainOfOneKill <= SEND_WINDOW;
      bars[`kills, ${name}: every point that was meant was come to`] = own.every(
        (tally) => tally.missed.length === 0,
      );
    }
    return { figures, bars };
  },
  tell: (tally) => [
    `${tally.kills} kills (${tally.setting}): ${tally.due} due, ${tally.delivered} delivered, ${tally.withdrawn} taken back, ${tally.uncertain} uncertain, ${tally.lost} lost, ${tally.doubled} doubled`,
    ...tally.disagreements,
    ...tally.missed.map((point) => `never came to: ${point}`),
  ],
};

function campaignsOf(setting: Setting, count: number): Campaign<KillTally>[] {
  const plans = plansOf(setting, count);
  return Array.from({ length: Math.ceil(count / EACH) }, (_, index) => ({
    id: `kills/${setting}/${count}/${index}`,
    run: (context) => campaign(setting, plans.slice(index * EACH, (index + 1) * EACH), context),
  }));
}

/** Every point in every phase, mixed, as far as they go; then drawn instants. A short form draws some of the points. */
function plansOf(setting: Setting, count: number): Plan[] {
  const random = seeded({ one: 1, two: 2, embedded: 3 }[setting]);
  const phases = PHASES.filter((phase) => setting !== 'embedded' || phase !== 'asked');
  const points = shuffled(
    POINTS.flatMap((point) =>
      phases.map((phase) => ({ point, phase, nth: random.whole(1, PASSES[point] ?? 1) })),
    ),
    random,
  );
  const instants = Array.from({ length: Math.max(0, count - points.length) }, () => ({
    after: random.whole(0, WORK),
    both: setting === 'two' && random.chance(0.3),
  }));
  return shuffled([...points.slice(0, count), ...instants], random);
}

function shuffled<T>(items: readonly T[], random: Seeded): T[] {
  return items
    .map((item) => ({ item, place: random.next() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

/** A campaign, and another with the points that it did not come to: a killed forerunner may have left nothing to be done there. */
async function campaign(setting: Setting, plans: readonly Plan[], context: Context): Promise<KillTally> {
  const first = await inPlace(setting, plans, context);
  const again = plans.filter(
    (plan) => 'point' in plan && first.missed.includes(`${plan.point}, ${plan.phase}`),
  );
  if (again.length === 0) return { ...first, setting, reached: first.reached.length };
  // Two quiet minutes first: there must be something to edit and to take back.
  const quiet = { after: 3 * WORK, both: false };
  const nearest = again.map((plan) => ('point' in plan ? { ...plan, nth: 1 } : plan));
  const second = await inPlace(setting, [quiet, quiet, ...nearest], context);
  const add = (pick: (result: CampaignResult) => number) => pick(first) + pick(second);
  return {
    setting,
    kills: add((result) => result.kills),
    reached: add((result) => result.reached.length),
    due: add((result) => result.due),
    delivered: add((result) => result.delivered),
    uncertain: add((result) => result.uncertain),
    uncertainArrived: add((result) => result.uncertainArrived),
    withdrawn: add((result) => result.withdrawn),
    lost: add((result) => result.lost),
    doubled: add((result) => result.doubled),
    mostUncertain: Math.max(first.mostUncertain, second.mostUncertain),
    disagreements: [...first.disagreements, ...second.disagreements],
    missed: second.missed,
  };
}

async function inPlace(setting: Setting, plans: readonly Plan[], context: Context): Promise<CampaignResult> {
  const dataDir = await mkdtemp(join(tmpdir(), 'waymark-kills-'));
  const databaseUrl = setting === 'embedded' ? undefined : (await context.cluster()).url;
  try {
    return await runCampaign({
      ...(databaseUrl ? { databaseUrl } : {}),
      dataDir,
      schema: newId('kills'),
      plans,
      pair: setting === 'two',
    });
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
