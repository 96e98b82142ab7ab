/**
 * The trust's SharePoint list of milestones bound to Graph and the jobs; undefined where the trust names none. An approval leaves a
 * job in its own transaction, so that what is approved reaches the list though a process dies; a look every few minutes finds what
 * changed there.
 */
import type { CheckinsResources } from '../checkins/lines-service.ts';
import { createMilestoneList, type MilestoneList } from '../checkins/list-service.ts';
import type { Graph, GraphWriter } from '../directory/graph.ts';
import { createSharedList } from '../directory/lists-graph.ts';
import { messageOf } from '../kernel/errors.ts';
import { count } from '../kernel/text.ts';
import type { Clock } from '../kernel/time.ts';
import type { Trx } from '../storage/database.ts';
import type { Jobs } from '../storage/jobs.ts';
import { type Finding, well } from './doctor-trust.ts';

const LISTS_WAKE = 'lists.wake';
const LOOK_EVERY = 5 * 60_000;

export type ListWatch = MilestoneList & { start(): Promise<void>; stop(): Promise<void> };

export function watchList(
  parts: CheckinsResources & {
    readonly graph: Graph & GraphWriter;
    readonly jobs: Jobs;
    readonly clock: Clock;
  },
): ListWatch | undefined {
  const { trust, graph, jobs, clock, log } = parts;
  const setting = trust.milestone_list;
  if (!setting) return undefined;
  const list = createMilestoneList({ ...parts, setting, list: createSharedList(graph, setting) });
  let timer: NodeJS.Timeout | undefined;
  let working: Promise<unknown> = Promise.resolve();
  /** One at a time in this process; what another does at the same time, it does the same. */
  const look: MilestoneList['look'] = (now) => {
    const mine = working.then(() => list.look(now));
    // Who asked hears of a fault; the next look only waits for its end.
    working = mine.then(
      () => undefined,
      () => undefined,
    );
    return mine;
  };
  const wake = () =>
    jobs
      .send(LISTS_WAKE, { why: 'time' })
      .then(undefined, (error: unknown) =>
        log.error('the milestone list could not be looked at', { reason: messageOf(error) }),
      );
  return {
    look,
    standing: list.standing,
    start: async () => {
      // A throw makes the job come again, later each time; what was written until then stays written.
      await jobs.work(LISTS_WAKE, async () => {
        await look(clock.now());
      });
      await wake();
      timer = setInterval(wake, LOOK_EVERY);
    },
    stop: async () => {
      clearInterval(timer);
      await working;
    },
  };
}

/** To be called in the transaction of an approval's redrawing. */
export function wakeList(jobs: Jobs, isKept: boolean): ((trx: Trx) => Promise<void>) | undefined {
  return isKept ? (trx) => jobs.send(LISTS_WAKE, { why: 'approval' }, trx) : undefined;
}

const SHOWN = 5;

/** The doctor's look: rows that need mending, by row. */
export async function listFindings(list: MilestoneList | undefined): Promise<Finding[]> {
  if (!list) return [well('milestone list', 'The trust keeps no SharePoint list of milestones.')];
  const standing = await list.standing();
  if (!standing)
    return [
      {
        part: 'milestone list',
        state: 'attention',
        says: 'The SharePoint list of milestones has not been read yet.',
        remedy: 'npm run -s cli -- milestones list reads it now and says what stands in the way.',
      },
    ];
  const { problems } = standing;
  if (problems.length === 0)
    return [well('milestone list', 'Every row of the SharePoint list of milestones is read.')];
  return [
    {
      part: 'milestone list',
      state: 'attention',
      says: `${count(problems.length, 'thing')} to mend in the list of milestones: ${problems.slice(0, SHOWN).map(rowInWords).join('; ')}.`,
      remedy: 'Mend the rows in SharePoint; they are read again within minutes.',
    },
  ];
}

/** `row 12 (Evening calls), target: must be a number`. */
export function rowInWords({
  row,
  title,
  column,
  reason,
}: {
  row: string;
  title: string;
  column?: string;
  reason: string;
}): string {
  return `row ${row}${title ? ` (${title})` : ''}${column ? `, ${column}` : ''}: ${reason}`;
}
