/**
 * Measurements: how sending and schedules go, in counts and milliseconds. Each has the name, unit and dimensions of the table below and
 * nothing else, so no person, word or id can get into them. Without an exporter they cost nothing (OpenTelemetry's own no-op).
 */
import { metrics } from '@opentelemetry/api';

/** `by`: the one dimension, and what it can be. */
export const METRICS = {
  due: {
    name: 'waymark.deliveries.due',
    kind: 'gauge',
    unit: '{message}',
    says: 'messages whose time has come and that have not left, those of all instances. Take the greatest, not the sum',
  },
  oldest: {
    name: 'waymark.deliveries.oldest_due',
    kind: 'gauge',
    unit: 's',
    says: 'how long the oldest of them has waited; 0 when there is none',
  },
  uncertain: {
    name: 'waymark.deliveries.uncertain',
    kind: 'gauge',
    unit: '{message}',
    says: 'messages of the last seven days of which nobody knows whether they arrived',
  },
  pace: {
    name: 'waymark.deliveries.pace',
    kind: 'gauge',
    unit: '{message}/s',
    says: 'how many may leave in a second now: less than the limit for a while after Teams has asked for less',
  },
  sent: {
    name: 'waymark.deliveries.sent',
    kind: 'counter',
    unit: '{message}',
    says: 'messages that left and were settled by what Teams answered',
    by: 'outcome: delivered, blocked, gone, refused, uncertain',
  },
  latency: {
    name: 'waymark.deliveries.latency',
    kind: 'histogram',
    unit: 'ms',
    says: 'from the time a message might leave (its own, or the end of a rest) to the answer that it was delivered',
  },
  retries: {
    name: 'waymark.deliveries.retries',
    kind: 'counter',
    unit: '{attempt}',
    says: 'attempts that certainly sent nothing and are made again',
    by: 'outcome: throttled, retry',
  },
  throttled: {
    name: 'waymark.deliveries.throttled',
    kind: 'counter',
    unit: 'ms',
    says: 'how long Teams asked to wait (429), added up',
  },
  late: {
    name: 'waymark.runs.late',
    kind: 'gauge',
    unit: '{run}',
    says: 'scheduled runs that are ten minutes late or more and neither done nor given up, as each instance sees it. Take the greatest, not the sum',
  },
  alarms: {
    name: 'waymark.runs.alarms',
    kind: 'counter',
    unit: '{run}',
    says: 'scheduled runs that operators were told did not happen in time; each once of each kind, by one instance',
    by: 'outcome: late, missed',
  },
} as const;

/** What one look at the ledger saw. `oldest` in seconds; `pace` undefined where nothing is paced. */
export type LedgerLook = {
  readonly due: number;
  readonly oldest: number;
  readonly uncertain: number;
  readonly pace?: number;
};

export type Meters = {
  /** An attempt that settled its message. `latency`: milliseconds. */
  sent(outcome: 'delivered' | 'blocked' | 'gone' | 'refused' | 'uncertain', latency: number): void;
  /** An attempt that will be made again; `rest`: how long Teams asked to wait, in milliseconds. */
  retried(outcome: 'throttled' | 'retry', rest: number): void;
  saw(look: LedgerLook): void;
  /** How many runs a look of the watch found late. */
  watched(late: number): void;
  /** Operators are told of a run. */
  alarmed(outcome: 'late' | 'missed'): void;
};

/** Bounds of the histogram, in milliseconds: a quick answer, one slot of a cap, half a minute of a large run, a rest. */
const LATENCIES = [10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 15_000, 30_000, 60_000, 300_000];

/** To be made after the exporter, if there is one: instruments made before it measure nothing. */
export function createMeters(): Meters {
  const meter = metrics.getMeter('waymark');
  const described = ({ unit, says }: { unit: string; says: string }) => ({ unit, description: says });
  const gauge = (which: 'due' | 'oldest' | 'uncertain' | 'pace' | 'late') =>
    meter.createGauge(METRICS[which].name, described(METRICS[which]));
  const counter = (which: 'sent' | 'retries' | 'throttled' | 'alarms') =>
    meter.createCounter(METRICS[which].name, described(METRICS[which]));
  const [due, oldest, uncertain, pace] = [gauge('due'), gauge('oldest'), gauge('uncertain'), gauge('pace')];
  const [sent, retries, throttled] = [counter('sent'), counter('retries'), counter('throttled')];
  const [late, alarms] = [gauge('late'), counter('alarms')];
  const latency = meter.createHistogram(METRICS.latency.name, {
    ...described(METRICS.latency),
    advice: { explicitBucketBoundaries: LATENCIES },
  });
  return {
    sent: (outcome, took) => {
      sent.add(1, { outcome });
      if (outcome === 'delivered') latency.record(took);
    },
    retried: (outcome, rest) => {
      retries.add(1, { outcome });
      if (outcome === 'throttled') throttled.add(rest);
    },
    saw: (look) => {
      due.record(look.due);
      oldest.record(look.oldest);
      uncertain.record(look.uncertain);
      if (look.pace !== undefined) pace.record(look.pace);
    },
    watched: (count) => late.record(count),
    alarmed: (outcome) => alarms.add(1, { outcome }),
  };
}
