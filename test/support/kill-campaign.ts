/**
 * The kill campaign: one instance after another plans its run, sends, puts up new faces, and is ended with SIGKILL at a numbered
 * point of the path or at a drawn instant; the next one finds what it left. Judged by the stand-in connector's record, which
 * lives in this process and is never killed.
 */
import { loadTrust } from '../../src/config/load.ts';
import { sleep } from '../../src/kernel/time.ts';
import { startSandboxConnector } from '../../src/sandbox/connector.ts';
import { type Face, type KillEnd, type KillPlace, PLAIN } from './kill-child.ts';
import { type Judged, judge } from './kill-judge.ts';
import { isOfEdits, type Kill } from './kill-points.ts';
import { type KillProcess, startKillProcess } from './kill-process.ts';

/** One kill: at a point, or after some milliseconds of work; `both`: the instance beside it dies at the same time. */
export type Plan = Kill | { readonly after: number; readonly both: boolean };

export type CampaignOptions = {
  readonly databaseUrl?: string;
  readonly dataDir: string;
  readonly schema: string;
  readonly plans: readonly Plan[];
  /** A second instance works beside the killed one (a server store only). */
  readonly pair?: boolean;
  readonly onProgress?: (kills: number) => void;
};

export type CampaignResult = Judged & {
  readonly kills: number;
  /** `point, phase` at which a process was ended, and to which one that should have been never came. */
  readonly reached: readonly string[];
  readonly missed: readonly string[];
};

/** Fast enough for a test, slow enough for an instant to fall into the middle: 40 cards take 0.2 s. */
const PER_SECOND = 200;
const PEOPLE = 40;
/** Milliseconds between a message's arrival and its answer. */
const LATENCY = 4;

export async function runCampaign(options: CampaignOptions): Promise<CampaignResult> {
  const { plans } = options;
  const sandbox = await startSandboxConnector({ latency: LATENCY });
  const place: KillPlace = {
    ...(options.databaseUrl ? { databaseUrl: options.databaseUrl } : {}),
    dataDir: options.dataDir,
    schema: options.schema,
    serviceUrl: sandbox.url,
    runs: plans.length,
    people: Array.from({ length: PEOPLE }, (_, index) => `p${index}`),
    perSecond: PER_SECOND,
    trust: await loadTrust('samples/trust.yaml'),
  };
  const living = new Set<KillProcess>();
  const start = () => {
    const child = startKillProcess();
    living.add(child);
    void child.ended.then(() => living.delete(child));
    return child;
  };
  let first = true;
  const open = async (child: KillProcess) => {
    const opened = child.hear('open');
    child.tell({ do: 'open', place, first });
    first = false;
    if (!(await opened)) await child.ended;
    return child;
  };
  const record = { reached: [] as string[], missed: [] as string[] };
  const faces = new Map(plans.map((_, run) => [run, new Set([PLAIN])]));
  const withdrawn = new Set<number>();
  try {
    // The next one is made ready while its forerunner works; an embedded store has only one holder, so there it only loads.
    const ahead = () => (place.databaseUrl ? open(start()) : Promise.resolve(start()));
    let next = ahead();
    await next;
    let beside = options.pair ? await open(start()) : undefined;
    for (const [minute, plan] of plans.entries()) {
      const child = await next;
      if (!place.databaseUrl) await open(child);
      next = ahead();
      const orders = facesAt(minute);
      await carryOut(child, beside, minute, plan, orders);
      for (const face of orders) {
        const sure = child.words.some((word) => word.said === 'face' && word.run === face.run);
        faces.set(face.run, new Set([...(sure ? [] : (faces.get(face.run) ?? [])), face.words]));
        if (face.withdrawn) withdrawn.add(face.run);
      }
      if (options.pair && !living.has(beside ?? child)) beside = await open(start());
      options.onProgress?.(minute + 1);
    }
    beside?.kill();
    const last = await next;
    if (!place.databaseUrl) await open(last);
    const end = await finish(last);
    const judged = judge(end, sandbox.arrivals, {
      runs: plans.length,
      people: place.people,
      faces,
      withdrawn,
    });
    return { ...judged, ...record, kills: plans.length };
  } finally {
    for (const child of living) child.kill();
    await sandbox.close();
  }

  async function carryOut(
    child: KillProcess,
    beside: KillProcess | undefined,
    minute: number,
    plan: Plan,
    orders: readonly Face[],
  ): Promise<void> {
    const idle = child.hear('idle');
    if ('after' in plan) {
      beside?.tell(alone(minute));
      child.tell({ ...alone(minute), faces: orders });
      await sleep(plan.after);
      child.kill();
      if (plan.both && beside) {
        beside.kill();
        await beside.ended;
      }
      await child.ended;
      return;
    }
    child.tell({ ...alone(minute), kill: plan, faces: orders, calm: isOfEdits(plan.point) });
    // The other one would win the slot as often as not, and the point would not be come to.
    beside?.tell(alone(Math.max(0, minute - 1)));
    const name = `${plan.point}, ${plan.phase}`;
    if (await idle) {
      record.missed.push(name);
      child.kill();
    } else record.reached.push(name);
    await child.ended;
    beside?.tell(alone(minute));
  }
}

/** What is due in a minute, and no new faces. */
function alone(minute: number) {
  return { do: 'work', minute, faces: [], calm: false } as const;
}

/** A new face for the messages of the minute before; those before them are taken back. */
function facesAt(minute: number): Face[] {
  const edited = { run: minute - 1, words: 'edited', withdrawn: false };
  const takenBack = { run: minute - 2, words: 'taken back', withdrawn: true };
  return [...(minute >= 1 ? [edited] : []), ...(minute >= 2 ? [takenBack] : [])];
}

async function finish(child: KillProcess): Promise<KillEnd> {
  const finished = child.hear('finished');
  child.tell({ do: 'finish' });
  const told = await finished;
  await child.ended;
  if (!told) throw new Error('the last instance ended before it had told what became of the messages');
  return told.end;
}
