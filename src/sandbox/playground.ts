/**
 * Agents Playgrounds for the local run: a chat window a persona, each its own process that ends with ours. The Playground
 * is told who is who by a file in its folder, and learns of the school's channel by the same event Teams would send.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { AppError } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { sleep } from '../kernel/time.ts';

export type PlaygroundPerson = {
  readonly id: string;
  readonly name: string;
  readonly givenName: string;
  readonly mail: string;
};

export type PlaygroundPlan = {
  readonly folder: string;
  readonly port: number;
  readonly botUrl: string;
  readonly tenantId: string;
  readonly persona: PlaygroundPerson;
  /** Colleagues in the same windows; the Playground wants exactly five, and repeats none. */
  readonly others: readonly PlaygroundPerson[];
  readonly team: {
    readonly id: string;
    readonly name: string;
    readonly channel: { readonly id: string; readonly name: string };
  };
};

export type Playground = { readonly url: string; stop(): Promise<void>; readonly failed: Promise<string> };

const BOT = { id: 'waymark-local', name: 'Waymark' };
const USERS = 5;
/** It was seen ready after 1.4 s; a busy machine may need ten times that. Milliseconds. */
const START_TIMEOUT = 20_000;

/** Starts one and waits until it answers. Throws AppError `port-in-use` (it would pick a random port in silence) or `playground-failed`. */
export async function startPlayground(plan: PlaygroundPlan): Promise<Playground> {
  await ensureFree(plan.port, 'a chat window', '--playground-port');
  await mkdir(plan.folder, { recursive: true });
  await writeFile(join(plan.folder, '.m365agentsplayground.yml'), JSON.stringify(configOf(plan), null, 2));
  const child = launch(plan);
  const failed = new Promise<string>((resolve) =>
    child.once('exit', (code) =>
      resolve(`The Playground on port ${plan.port} ended (exit code ${code ?? 'none'}).`),
    ),
  );
  const url = `http://localhost:${plan.port}`;
  try {
    await Promise.race([
      answers(`${url}/_debug/ping`),
      failed.then((text) => {
        throw new AppError('playground-failed', text, { remedy: 'Run "npm ci" again, then "npm run dev".' });
      }),
    ]);
  } catch (error) {
    await stop(child);
    throw error;
  }
  return { url, failed, stop: () => stop(child) };
}

/** Tells the bot, through the Playground, that it was added to the team, as Teams does when an owner installs it. */
export async function installInChannel(playground: Playground, plan: PlaygroundPlan): Promise<void> {
  const { team, persona } = plan;
  const activity = {
    type: 'installationUpdate',
    action: 'add',
    id: newId('install'),
    channelId: 'msteams',
    serviceUrl: `${playground.url}/_connector`,
    recipient: BOT,
    from: { id: persona.id, aadObjectId: persona.id },
    conversation: {
      isGroup: true,
      conversationType: 'channel',
      tenantId: plan.tenantId,
      id: team.channel.id,
      name: team.channel.name,
    },
    channelData: {
      tenant: { id: plan.tenantId },
      team: { id: `${team.channel.id}-team`, name: team.name, aadGroupId: team.id },
      channel: { id: team.channel.id },
    },
  };
  const answer = await fetch(`${playground.url}/_internal/v1/customActivities`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(activity),
  });
  if (!answer.ok) {
    throw new AppError('playground-failed', `The Playground did not pass an event on (${answer.status}).`, {
      remedy: `Open ${playground.url} and choose the channel ${team.channel.name} by hand.`,
    });
  }
}

function configOf(plan: PlaygroundPlan): unknown {
  const { persona, team } = plan;
  const user = (person: PlaygroundPerson) => ({
    id: person.id,
    name: person.name,
    userPrincipleName: person.mail,
    aadObjectId: person.id,
    givenName: person.givenName,
    surname: person.name.split(' ').at(-1) ?? person.name,
    email: person.mail,
  });
  return {
    version: '0.1.1',
    tenantId: plan.tenantId,
    bot: BOT,
    currentUser: user(persona),
    users: plan.others.slice(0, USERS).map(user),
    personalChat: { id: `personal-${persona.id}` },
    groupChat: { id: `group-${persona.id}`, name: `${persona.givenName} and colleagues` },
    team: {
      id: `${team.channel.id}-team`,
      name: team.name,
      aadGroupId: team.id,
      channels: [{ id: team.channel.id, name: team.channel.name }],
    },
  };
}

/** A child that ends itself when we are gone, even by a kill: its only tie to us is the channel that breaks then. */
function launch(plan: PlaygroundPlan): ChildProcess {
  const cli = createRequire(import.meta.url).resolve('@microsoft/m365agentsplayground/cli.js');
  const code = `process.on('disconnect', () => process.exit(0)); process.argv.splice(1, 0, ${JSON.stringify(cli)}); require(${JSON.stringify(cli)});`;
  const words = ['start', '--disable-telemetry', '-e', plan.botUrl, '-c', 'msteams', '-p', String(plan.port)];
  return spawn(process.execPath, ['-e', code, '--', ...words], {
    cwd: plan.folder,
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { PATH: '', TEAMSAPPTESTER_BROWSER: 'none', TEAMSAPPTESTER_TELEMETRY: 'false' },
  });
}

async function answers(url: string): Promise<void> {
  for (let waited = 0; waited < START_TIMEOUT; waited += 100) {
    try {
      if ((await fetch(url)).ok) return;
    } catch (error) {
      // Not listening yet: fetch reports a failed connection as a TypeError.
      if (!(error instanceof TypeError)) throw error;
    }
    await sleep(100);
  }
  throw new AppError('playground-failed', `${url} did not answer within ${START_TIMEOUT / 1000} s.`, {
    remedy: 'Close other programs and run "npm run dev" again.',
  });
}

/** Throws AppError `port-in-use`. `what` needs the port; `option` chooses another. */
export function ensureFree(port: number, what: string, option: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (cause) =>
      reject(
        new AppError('port-in-use', `Port ${port} is in use by another program; ${what} needs it.`, {
          remedy: `Stop that program, or choose another: npm run dev -- ${option} ${port + 10}. Nothing was changed.`,
          cause,
        }),
      ),
    );
    probe.listen(port, () => probe.close(() => resolve()));
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  if (child.connected) child.disconnect();
  await Promise.race([ended, sleep(2000)]);
  if (child.exitCode === null) child.kill('SIGKILL');
}
