/**
 * The local run once its folder and ports are known to be free: the same service as `npm start`, the sample marks, and a
 * chat window each for a teacher and her line manager.
 */
import { join, resolve } from 'node:path';
import type { Opening } from '../app/resources.ts';
import { type RunningService, startService } from '../cli/serve.ts';
import type { Settings } from '../config/settings.ts';
import { schoolByUrn } from '../config/trust.ts';
import { must } from '../kernel/guards.ts';
import { sinceStart } from '../kernel/time.ts';
import { loadSampleMarks } from './load.ts';
import { DEFAULT_DATA, type Local } from './local.ts';
import { installInChannel, type Playground, type PlaygroundPlan, startPlayground } from './playground.ts';
import { personNamed, type Tenant } from './tenant.ts';

const TEACHER = 'Aisha Rahman';
const MANAGER = 'Jo Bennett';

export type LocalRun = {
  readonly settings: Settings;
  readonly tenant: Tenant;
  /** The teacher's window; her manager's is the next one. */
  readonly playgroundPort: number;
  readonly emptyStore: Opening['emptyStore'];
};

/** The windows, or undefined when someone pressed Ctrl-C meanwhile. Throws the AppError of what did not start. */
export async function runLocally(run: LocalRun, local: Local): Promise<Playground[] | undefined> {
  const { settings, emptyStore } = run;
  const { say, onClose } = local;
  const progress = (text: string) => say(`  ${text}`);
  // The Playground opens a chat for anybody, and answers what is then posted there with 500: nobody could say what became of it.
  const service = await startService(settings, { progress, emptyStore, opensChats: false });
  onClose(() => service.close());
  for (const problem of service.instance.documentProblems) say(`  Left out: ${problem}`);
  say(`Service ready after ${(sinceStart() / 1000).toFixed(1)} s. Two more steps:`);
  if (local.stopping) return undefined;
  await loadSampleMarks(service.instance.app, service.instance.trust, settings.dataDir, progress);
  if (local.stopping) return undefined;
  const windows = await openWindows(service, run, onClose);
  progress('chat windows for a teacher and her manager');
  if (!local.stopping) say(guide(service, windows, settings));
  return windows;
}

/** A teacher's window and her line manager's. The manager's also shows the school's channel. */
async function openWindows(
  service: RunningService,
  run: LocalRun,
  onClose: Local['onClose'],
): Promise<Playground[]> {
  const plans = [TEACHER, MANAGER].map((name, index) =>
    planWindow(service, run, name, run.playgroundPort + index),
  );
  const windows: Playground[] = [];
  for (const plan of plans) {
    const window = await startPlayground(plan);
    onClose(() => window.stop());
    windows.push(window);
    await installInChannel(window, plan);
  }
  return windows;
}

function planWindow(
  service: RunningService,
  { settings, tenant }: LocalRun,
  name: string,
  port: number,
): PlaygroundPlan {
  const { trust } = service.instance;
  const persona = personNamed(tenant, name);
  const school = must(
    trust.schools.find((candidate) => candidate.name === persona.office),
    `a school called ${persona.office}`,
  );
  const team = must(
    tenant.teams.find((candidate) => candidate.id === school.team),
    `the team of ${school.name}`,
  );
  const channel = must(
    team.channels.find((candidate) => candidate.id === school.channel),
    `the channel of ${school.name}`,
  );
  const colleagues = tenant.people.filter(
    (person) => person.office === school.name && person.id !== persona.id,
  );
  const shown = (person: Tenant['people'][number]) => ({
    id: person.id,
    name: person.name,
    givenName: person.name.split(' ')[0] ?? person.name,
    mail: person.mail,
  });
  return {
    folder: join(settings.dataDir, 'playground', String(port)),
    port,
    botUrl: `http://127.0.0.1:${service.port}/api/messages`,
    tenantId: tenant.id,
    persona: shown(persona),
    others: colleagues.map(shown),
    team: { id: team.id, name: must(schoolByUrn(trust, school.urn), 'the school').name, channel },
  };
}

function guide(service: RunningService, windows: readonly Playground[], settings: Settings): string {
  const cli = `${settings.dataDir === resolve(DEFAULT_DATA) ? '' : `DATA_DIR=${settings.dataDir} `}npm run -s cli --`;
  const [teacher, manager] = windows.map((window) => window.url);
  const now = service.instance.clock.now().toISOString().slice(0, 16);
  return `
Waymark is running. It believes it is ${now}.

  ${TEACHER}, a teacher:          ${teacher}
  ${MANAGER}, her head and manager:  ${manager}

Five things to try
  1. In Aisha's window ask: What are our priorities this year?   Then: what does the canteen cost?
  2. Open Jo's window, then move the clock on to the Monday nudge:
       ${cli} clock 2026-11-23T07:31
     and look at the channel "Attendance" in Jo's window.
  3. Move on to 08:01 the same way: Aisha is asked for a check-in. Answer it; Jo gets it to approve.
  4. In Jo's window type: digest
  5. See what reached whom: ${cli} deliveries report

Stop with Ctrl-C.`;
}
