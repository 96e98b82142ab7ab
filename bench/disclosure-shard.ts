/** A piece of the campaign against suppression on a thread of its own, since a solver's memory only grows. */
import { parentPort, workerData } from 'node:worker_threads';
import { must } from '../src/kernel/guards.ts';
import { attack } from '../test/support/disclosure-attack.ts';
import type { Defence } from '../test/support/disclosure-facts.ts';
import { makeWorld } from '../test/support/disclosure-world.ts';
import { openHighs } from '../test/support/highs.ts';

/** Schools from a seed on, each of its own seed; with a defence left out or with all of them. */
export type Shard = { readonly from: number; readonly schools: number; readonly without?: Defence };

export type Tally = {
  readonly schools: number;
  readonly groups: number;
  readonly programs: number;
  readonly recovered: number;
  /** The first few that were found out, in words. */
  readonly found: readonly string[];
};

const TOLD = 5;

async function work({ from, schools, without }: Shard): Promise<Tally> {
  const highs = await openHighs();
  let [groups, programs, recovered] = [0, 0, 0];
  const found: string[] = [];
  for (let seed = from; seed < from + schools; seed += 1) {
    const attacked = attack(makeWorld(seed), seed, highs, without);
    groups += attacked.groups;
    programs += attacked.programs;
    recovered += attacked.recovered.length;
    for (const one of attacked.recovered.slice(0, TOLD))
      found.push(
        `school ${seed}, week ${one.week + 1}: ${one.group} (${one.pupils} pupils, ${one.possible} sessions) within ${one.width.toFixed(2)}`,
      );
  }
  return { schools, groups, programs, recovered, found: found.slice(0, TOLD) };
}

must(parentPort, 'the thread that asked').postMessage(await work(workerData as Shard));
