/** What a part of `bench:faults` is: campaigns that can each be run alone, and what their results come to. */
import type { Cluster } from '../test/support/cluster.ts';
import type { Form } from './report.ts';

/** What campaigns share. */
export type Context = {
  /** A cluster of the bench's own, started when it is first asked for. */
  readonly cluster: () => Promise<Cluster>;
  readonly say: (line: string) => void;
};

/** `id` names it for ever: a result that was kept under it is not measured again. */
export type Campaign<Tally> = { readonly id: string; readonly run: (context: Context) => Promise<Tally> };

/** `Tally` is kept as JSON. */
export type Part<Tally> = {
  readonly name: string;
  readonly campaigns: (form: Form) => readonly Campaign<Tally>[];
  readonly sum: (tallies: readonly Tally[]) => {
    readonly figures: Readonly<Record<string, number>>;
    readonly bars: Readonly<Record<string, boolean>>;
  };
  /** A campaign's result as lines for people. */
  readonly tell: (tally: Tally) => readonly string[];
};
