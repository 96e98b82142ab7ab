/**
 * Takes the service down for each of some spans, on one store, and lets it come back as a new process would; judged by what the
 * stand-in connector received. And the other half: an instance that lives beside a runner that stands still raises the alarm.
 */
import { must } from '../../src/kernel/guards.ts';
import { systemClock } from '../../src/kernel/time.ts';
import { createWatch, type Watch } from '../../src/scheduling/watch-service.ts';
import type { Store } from '../../src/storage/database.ts';
import { silentLog } from '../../src/telemetry/log.ts';
import { openPost, type Post } from './delivery.ts';
import { FORMS } from './schedule-oracle.ts';
import { drawWorld, expectedOf, judge, runnerOf, type Verdict, type World } from './schedule-runs.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** From a minute to a fortnight. Milliseconds. */
export const DOWNTIMES = [
  MINUTE,
  10 * MINUTE,
  HOUR,
  3 * HOUR,
  6 * HOUR,
  7 * HOUR,
  12 * HOUR,
  DAY,
  2 * DAY,
  4 * DAY,
  7 * DAY,
  14 * DAY,
] as const;
const ZONE = 'Europe/London';
const OPERATOR = 'operator';
/** No card is worth more than a person's fifteen minutes of not knowing. */
const ALARM_WITHIN = 15 * MINUTE;

export type DowntimeVerdict = Verdict & {
  /** Skipped because nothing ran them in time, of which no operator was told. */
  readonly untold: number;
};

/** Two hours of work, then down for each span, beginning at each of some hours of the week so that rules are due in it. */
export async function goDown(
  store: Store,
  downtimes: readonly number[],
  seed: number,
): Promise<DowntimeVerdict> {
  const world = drawWorld(seed, 2026, 2, ZONE);
  const ticks: Date[] = [];
  let now = Date.parse('2026-09-07T03:00:00Z') + (seed % 7) * 5 * HOUR;
  for (const down of downtimes) {
    for (let minutes = 0; minutes <= 120; minutes += 40) ticks.push(new Date(now + minutes * MINUTE));
    now += 2 * HOUR + down;
  }
  ticks.push(new Date(now));
  const post = await openPeople(store, world);
  try {
    for (const tick of ticks) {
      // A new process each time: nothing but the store is left of the one before.
      await runnerOf(world, store, post.delivery).tick(tick);
      const watch = watchOf(world, store, post);
      await watch.look(tick);
      await post.delivery.drain(tick);
    }
    const records = await runnerOf(world, store, post.delivery).runs(100_000);
    const verdict = judge(expectedOf(world, ticks), sentTo(post, world), records);
    const told = new Set(
      (await store.db.selectFrom('alarms').select('run_id').where('kind', '=', 'missed').execute()).map(
        (row) => row.run_id,
      ),
    );
    const untold = records.filter(({ runId, reason }) => reason?.startsWith('missed') && !told.has(runId));
    return { ...verdict, untold: untold.length };
  } finally {
    await post.close();
  }
}

export type AlarmVerdict = { readonly due: number; readonly alarmed: number; readonly latest: number };

/** One instance's runner stands still for `span` milliseconds; another's watch looks every minute. `latest` in milliseconds after due. */
export async function standStill(store: Store, span: number, seed: number): Promise<AlarmVerdict> {
  const world = drawWorld(seed, 2026, 1, ZONE, FORMS.slice(0, 12));
  const post = await openPeople(store, world);
  try {
    const from = Date.parse('2026-09-07T03:00:00Z');
    await runnerOf(world, store, post.delivery).tick(new Date(from));
    const watch = watchOf(world, store, post);
    const due = world.rules.flatMap((rule) =>
      rule.due.filter(({ at }) => at > from && at <= from + span - ALARM_WITHIN),
    );
    for (let now = from; now <= from + span; now += MINUTE) {
      // Nothing changes at other minutes: what is late was seen so before.
      if (!due.some(({ at }) => now >= at && now <= at + ALARM_WITHIN)) continue;
      await watch.look(new Date(now));
    }
    await post.delivery.drain(new Date(from + span));
    const raised = await store.db.selectFrom('alarms').selectAll().where('kind', '=', 'late').execute();
    const delays = due.map(({ runId, at }) => {
      const alarm = raised.find(({ run_id }) => run_id === runId);
      return alarm ? alarm.raised_at.getTime() - at : Number.POSITIVE_INFINITY;
    });
    const arrived = post.sandbox.arrivals.filter(({ conversationId }) => conversationId.endsWith(OPERATOR));
    return {
      due: due.length,
      alarmed: arrived.length > 0 ? delays.filter((delay) => delay <= ALARM_WITHIN).length : 0,
      latest: Math.max(0, ...delays),
    };
  } finally {
    await post.close();
  }
}

/** Nobody here is sent more than a person would be; the bucket of a conversation is not what is tried. */
async function openPeople(store: Store, world: World): Promise<Post> {
  const post = await openPost(store, { limits: { conversation: { burst: 10_000, perSecond: 1_000 } } });
  await post.meet([OPERATOR, ...world.rules.map(({ id }) => id)]);
  return post;
}

function watchOf(world: World, store: Store, post: Post): Watch {
  return createWatch({
    db: store.db,
    clock: systemClock(),
    zone: ZONE,
    runner: runnerOf(world, store, post.delivery),
    outbox: post.delivery,
    operators: async () => [OPERATOR],
    log: silentLog,
    meters: { watched: () => undefined, alarmed: () => undefined },
  });
}

/** The runs whose card arrived, as the stand-in saw it: to whom, and the date that the card names. */
function sentTo(post: Post, world: World): string[] {
  const rules = new Set(world.rules.map(({ id }) => id));
  return post.sandbox.arrivals.flatMap(({ conversationId, activity }) => {
    const id = conversationId.replace('a:chat-', '');
    if (!rules.has(id)) return [];
    const [date] = /\d{4}-\d{2}-\d{2}/.exec(JSON.stringify(activity.attachments)) ?? [];
    return [`${id}/${must(date, 'the date on the card')}`];
  });
}
