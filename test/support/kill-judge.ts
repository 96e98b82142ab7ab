/**
 * Judges a kill campaign by what the stand-in connector saw: the words that a reader would have before them, and not the
 * ledger's marks. The ledger is only asked what it believes. Pure.
 */
import type { Arrival } from '../../src/sandbox/arrivals.ts';
import type { KillEnd } from './kill-child.ts';

export type Judged = {
  readonly due: number;
  readonly delivered: number;
  readonly uncertain: number;
  /** Uncertain that did arrive; the others did not. Both are right, and neither may be sent again. */
  readonly uncertainArrived: number;
  /** Taken back before it had left. */
  readonly withdrawn: number;
  readonly lost: number;
  readonly doubled: number;
  /** The most that one sender left uncertain. */
  readonly mostUncertain: number;
  /** Where the ledger and the stand-in disagree, in words. */
  readonly disagreements: readonly string[];
};

export type Expectation = {
  readonly runs: number;
  readonly people: readonly string[];
  /** The faces that the messages of a run may show at the end: more than one where a kill left open which. */
  readonly faces: ReadonlyMap<number, ReadonlySet<string>>;
  /** Runs of which some messages may have been taken back before they left. */
  readonly withdrawn: ReadonlySet<number>;
};

export function judge(
  { reports, uncertainOf }: KillEnd,
  arrivals: readonly Arrival[],
  expected: Expectation,
): Judged {
  const wrong: string[] = [];
  const seen = Map.groupBy(arrivals, (arrival) => wordsOf(arrival).message);
  const counts = { delivered: 0, uncertain: 0, uncertainArrived: 0, withdrawn: 0, lost: 0 };
  for (let run = 0; run < expected.runs; run += 1) {
    const items = Map.groupBy(reports[run]?.items ?? [], (item) => item.recipient);
    const faces = new Set<string>();
    for (const person of expected.people) {
      const message = messageName(run, person);
      const [item, second] = items.get(person) ?? [];
      const [arrival] = seen.get(message) ?? [];
      if (second) wrong.push(`${message} has two rows`);
      if (!item) counts.lost += 1;
      else if (item.state === 'uncertain') {
        counts.uncertain += 1;
        if (arrival) counts.uncertainArrived += 1;
      } else if (item.state === 'delivered') {
        counts.delivered += 1;
        if (!arrival) wrong.push(`${message} is delivered and never arrived`);
        else if (arrival.activityId !== item.activityId) wrong.push(`${message} has another activity id`);
        else faces.add(wordsOf(arrival).face);
      } else if (item.state === 'cancelled' && expected.withdrawn.has(run)) counts.withdrawn += 1;
      else counts.lost += 1;
      if (!arrival) continue;
      if (arrival.delivery !== item?.id) wrong.push(`${message} arrived and is in no row`);
      if (item?.state === 'cancelled') wrong.push(`${message} arrived and is cancelled`);
      if (arrival.conversationId !== `a:chat-${person}`)
        wrong.push(`${message} went to ${arrival.conversationId}`);
    }
    const allowed = expected.faces.get(run) ?? new Set();
    if (faces.size > 1 || [...faces].some((face) => !allowed.has(face)))
      wrong.push(`run ${run} shows ${[...faces].join(' and ')}, not ${[...allowed].join(' or ')}`);
  }
  return {
    ...counts,
    due: expected.runs * expected.people.length,
    doubled: [...seen.values()].filter((list) => list.length > 1).length,
    mostUncertain: Math.max(0, ...uncertainOf),
    disagreements: wrong,
  };
}

/** What a card says of itself: whose it is, and which face it shows. */
export function cardWords(run: number, person: string, face: string): string {
  return `${messageName(run, person)}: ${face}`;
}

function messageName(run: number, person: string): string {
  return `run ${run} for ${person}`;
}

function wordsOf({ activity }: Arrival): { readonly message: string; readonly face: string } {
  const [, message = 'a message of nobody', face = ''] =
    /(run \d+ for p\d+): ([a-z ]+)/.exec(JSON.stringify(activity)) ?? [];
  return { message, face };
}
