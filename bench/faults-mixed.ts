/** The mixed faults of `bench:faults`: Mondays of the whole service, two processes of it, with something the matter everywhere. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readTenant } from '../src/sandbox/tenant.ts';
import { everybodyLeads } from '../test/support/everybody.ts';
import { digestMondays, type MixedResult, mixedCampaign } from '../test/support/mixed.ts';
import { startSecondProcess } from '../test/support/second-process.ts';
import { startService } from '../test/support/service.ts';
import type { Campaign, Context, Part } from './faults-part.ts';
import type { Form } from './report.ts';

/** Mondays of one world; worlds, each with draws of its own. */
const EACH = 10;
const WORLDS: Readonly<Record<Form, { worlds: number; each: number }>> = {
  quick: { worlds: 1, each: 2 },
  standard: { worlds: 2, each: EACH },
  full: { worlds: 5, each: EACH },
};

export const mixed: Part<readonly MixedResult[]> = {
  name: 'mixed',
  campaigns: (form) =>
    Array.from({ length: WORLDS[form].worlds }, (_, world): Campaign<readonly MixedResult[]> => {
      const { each } = WORLDS[form];
      return { id: `mixed/${world}/${each}`, run: (context) => mondays(world, each, context) };
    }),
  sum: (tallies) => {
    const all = tallies.flat();
    if (all.length === 0) return { figures: {}, bars: {} };
    const states: Record<string, number> = {};
    for (const one of all)
      for (const [state, count] of Object.entries(one.states)) states[state] = (states[state] ?? 0) + count;
    return {
      figures: {
        campaigns: all.length,
        due: all.reduce((sum, { due }) => sum + due, 0),
        faults: all.reduce((sum, { faults }) => sum + faults, 0),
        ...states,
        differences: all.reduce((sum, { wrong }) => sum + wrong.length, 0),
      },
      bars: {
        "mixed: the report equals the stand-in's record to the last person": all.every(
          ({ wrong }) => wrong.length === 0,
        ),
      },
    };
  },
  tell: (results) =>
    results.flatMap(({ due, faults, states, wrong }) => [
      `mixed: ${due} due, ${faults} conversations with a fault: ${Object.entries(states)
        .map(([state, count]) => `${count} ${state}`)
        .join(', ')}; ${wrong.length} differences`,
      ...wrong.slice(0, 10),
    ]),
};

async function mondays(world: number, each: number, context: Context): Promise<MixedResult[]> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-mixed-'));
  const { url: databaseUrl } = await context.cluster();
  const { trustFile, leaders } = await everybodyLeads(folder, await readTenant('samples/tenant.yaml'));
  const service = await startService({
    databaseUrl,
    documents: false,
    environment: { TRUST_FILE: trustFile, CONTENT_DIR: folder },
  });
  try {
    const second = await startSecondProcess(service, databaseUrl, trustFile);
    try {
      const results: MixedResult[] = [];
      for (const [index, monday] of digestMondays(service, each).entries()) {
        const graphFault = index % 10 === 9 ? 'fails' : index % 3 === 2 ? 'throttles' : 'none';
        results.push(
          await mixedCampaign(service, leaders, { monday, seed: world * 100 + index + 1, graphFault }),
        );
      }
      return results;
    } finally {
      await second.close();
    }
  } finally {
    await service.close();
    await rm(folder, { recursive: true, force: true });
  }
}
