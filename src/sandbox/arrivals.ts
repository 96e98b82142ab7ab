/**
 * What arrived at the stand-in for the Bot Connector, in order, and what stands of it in its conversations: the truth that
 * the ledger is judged by. Knows no HTTP and no faults.
 */
import { appendFileSync } from 'node:fs';
import { newId } from '../kernel/ids.ts';

export type Arrival = {
  readonly seq: number;
  /** Milliseconds since the stand-in started. */
  readonly at: number;
  readonly conversationId: string;
  readonly activityId: string;
  /** The delivery's id, when the message carries one. */
  readonly delivery?: string;
  activity: Record<string, unknown>;
  edits: number;
  deleted: boolean;
};

export type ArrivalsOptions = {
  /** A file to which a JSON line is appended for each arrival, edit and deletion. */
  readonly record?: string;
  /** False: of an activity nothing is kept but its delivery, for campaigns that would fill the memory. Default: true. */
  readonly bodies?: boolean;
};

export type Arrivals = {
  /** Every message that arrived, in order; edits and deletions change it in place. */
  readonly all: readonly Arrival[];
  take(conversationId: string, activity: Record<string, unknown>): Arrival;
  /** Edits a message, or deletes it where there is no `activity`; undefined when it does not stand. */
  change(
    place: { readonly conversationId: string; readonly activityId: string },
    activity: Record<string, unknown> | undefined,
  ): Arrival | undefined;
  /** Empties the record: a long campaign is judged day by day. What stands can still be edited. */
  forget(): void;
  /** Deliveries that arrived more than once. */
  duplicates(): string[];
  /** Waits until `count` messages have arrived; throws after `within` milliseconds. */
  waitFor(count: number, within?: number): Promise<void>;
};

/** A rehearsal that begins in the middle writes messages of before into the ledger; their ids begin so. */
export const STAGED = 'staged-';
/** Ids of what arrived here begin so. */
const OWN = 'act';

/** `elapsed`: milliseconds since the stand-in started. */
export function createArrivals(options: ArrivalsOptions, elapsed: () => number): Arrivals {
  const all: Arrival[] = [];
  const byActivity = new Map<string, Arrival>();
  const waiting = new Set<() => void>();
  let forgot = false;

  const keep = (line: object) => {
    if (options.record) appendFileSync(options.record, `${JSON.stringify(line)}\n`);
  };

  /** A message that was there before this stand-in began, or of which it forgot; none of the arrivals. */
  function earlier(conversationId: string, activityId: string): Arrival | undefined {
    const known = activityId.startsWith(STAGED) || (forgot && activityId.startsWith(OWN));
    if (!known) return undefined;
    const arrival = { seq: 0, at: 0, conversationId, activityId, activity: {}, edits: 0, deleted: false };
    byActivity.set(`${conversationId}/${activityId}`, arrival);
    return arrival;
  }

  return {
    all,
    take: (conversationId, activity) => {
      const delivery = deliveryIn(activity);
      const arrival: Arrival = {
        seq: all.length + 1,
        at: elapsed(),
        conversationId,
        activityId: newId(OWN),
        ...(delivery ? { delivery } : {}),
        activity: options.bodies === false ? {} : activity,
        edits: 0,
        deleted: false,
      };
      all.push(arrival);
      byActivity.set(`${conversationId}/${arrival.activityId}`, arrival);
      keep({ kind: 'arrival', conversationId, activityId: arrival.activityId, delivery, activity });
      for (const check of [...waiting]) check();
      return arrival;
    },
    change: ({ conversationId, activityId }, activity) => {
      const existing =
        byActivity.get(`${conversationId}/${activityId}`) ?? earlier(conversationId, activityId);
      if (!existing || existing.deleted) return undefined;
      if (activity) {
        existing.activity = activity;
        existing.edits += 1;
      } else existing.deleted = true;
      keep({ kind: activity ? 'edit' : 'delete', conversationId, activityId, activity });
      return existing;
    },
    forget: () => {
      all.length = 0;
      byActivity.clear();
      forgot = true;
    },
    duplicates: () => repeated(all.flatMap(({ delivery }) => (delivery ? [delivery] : []))),
    waitFor: (count, within = 10_000) =>
      new Promise((resolve, reject) => {
        const check = () => {
          if (all.length < count) return;
          done();
          resolve();
        };
        const timer = setTimeout(() => {
          done();
          reject(new Error(`${all.length} of ${count} messages arrived within ${within} ms`));
        }, within);
        const done = () => {
          clearTimeout(timer);
          waiting.delete(check);
        };
        waiting.add(check);
        check();
      }),
  };
}

/** The delivery's id, when a message carries one. */
export function deliveryIn(activity: Record<string, unknown>): string | undefined {
  return /"delivery":"(dlv_[0-9a-f]+)"/.exec(JSON.stringify(activity.channelData ?? {}))?.[1];
}

function repeated(items: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(items.filter((item) => seen.size === seen.add(item).size))];
}
