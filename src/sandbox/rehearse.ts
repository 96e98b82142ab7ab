/**
 * `npm run -s cli -- rehearse --term 2`: a whole term in minutes, with a calendar of what would go to whom. The same app as the service, on a
 * store of its own that is deleted afterwards, and every message to the stand-in connector: nobody real gets any, and the real
 * store is not opened. People come from Graph, which is only read; without a sign-in, from the sample tenant.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openApp } from '../app/instance.ts';
import type { App } from '../app.ts';
import type { Settings } from '../config/settings.ts';
import type { Trust } from '../config/trust.ts';
import type { Target } from '../delivery/message.ts';
import { AppError } from '../kernel/errors.ts';
import { dateOf, stopwatch, systemClock } from '../kernel/time.ts';
import { booksOf } from '../scheduling/by-school.ts';
import { createLog } from '../telemetry/log.ts';
import { type SandboxConnector, startSandboxConnector } from './connector.ts';
import { startSandboxGraph } from './graph.ts';
import { type Rehearsed, termNumbered } from './rehearsal.ts';

type Span = {
  readonly term?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
};

/** Throws the AppError of whatever could not be opened, and `no-such-term`. */
export async function rehearse(given: Settings, span: Span, say: (text: string) => void): Promise<Rehearsed> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-rehearsal-'));
  const closing: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  try {
    const connector = await startSandboxConnector();
    closing.push(() => connector.close());
    const settings = await apart(given, folder, connector.url, closing);
    say('Opening a store of its own, and reading people and documents …');
    const opened = await openApp(settings, createLog('error'), UNPACED);
    closing.push(opened.close);
    return await playThrough(opened.app, connector, span, say);
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Nobody is at the other end: a term of messages need not leave at the pace that Teams allows. */
const UNPACED = { limits: { conversation: { burst: 100_000, perSecond: 10_000 } } } as const;

/** The settings without anything that would be written to, sent to or told: its own folder, the stand-in, no model. */
async function apart(
  {
    databaseUrl: _real,
    marksDir: _marks,
    model: _model,
    embeddings: _vectors,
    installs: _installs,
    ...given
  }: Settings,
  folder: string,
  serviceUrl: string,
  closing: (() => Promise<void>)[],
): Promise<Settings> {
  const settings: Settings = {
    ...given,
    appEnv: 'local',
    role: 'both',
    databaseSignIn: 'password',
    dataDir: folder,
    serviceHosts: [serviceUrl],
    channels: { on: false },
    clockStart: '2000-01-01T00:00:00Z',
  };
  if (given.bot || given.graphUrl !== 'https://graph.microsoft.com') return settings;
  const graph = await startSandboxGraph({
    tenantFile: 'samples/tenant.yaml',
    documentsDir: 'samples/documents',
  });
  closing.push(() => graph.close());
  return { ...settings, graphUrl: graph.url };
}

async function playThrough(
  app: App,
  connector: SandboxConnector,
  span: Span,
  say: (text: string) => void,
): Promise<Rehearsed> {
  const { trust, clock } = app;
  const zone = trust.trust.zone;
  const { from, to, name } = spanOf(trust, span);
  const slots = app.runner.dueBetween(new Date(`${from}T00:00:00Z`), new Date(`${to}T23:59:59Z`));
  const instants = [...new Set(slots.map(({ at }) => at.getTime()))].sort((a, b) => a - b);
  const [first] = instants;
  if (first === undefined)
    throw new AppError('nothing-due', `Nothing is scheduled from ${from} to ${to}.`, {
      remedy: 'Look at schedules and calendars in trust.yaml.',
    });
  await clock.moveTo(new Date(first - 60_000));
  await app.prepare(clock.now());
  await meetEverybody(app, connector.url);
  const elapsed = stopwatch();
  for (const [index, instant] of instants.entries()) {
    const now = new Date(instant);
    await clock.moveTo(now);
    await app.runner.tick(now);
    await app.checkins.cards.drain(now);
    await app.delivery.drain(now);
    if (index % 25 === 24) say(`  ${index + 1} of ${instants.length} moments rehearsed`);
  }
  const runs = (await app.runner.runs(10_000)).filter(({ dueAt }) => dueAt.getTime() >= first).reverse();
  const days = [];
  for (const run of runs) {
    const { items } = await app.delivery.report(run.runId);
    const messages = [];
    for (const { recipient, state, reason } of items)
      messages.push({ to: await app.nameOf(recipient), state, ...(reason ? { reason } : {}) });
    days.push({
      run: run.runId,
      rule: run.rule,
      at: run.dueAt,
      state: run.state,
      ...((run.reason ?? run.note) ? { note: run.reason ?? run.note ?? '' } : {}),
      messages,
    });
  }
  const seconds = Math.round(elapsed() / 1000);
  return { name, from, to, zone, seconds, arrived: connector.arrivals.length, runs: days };
}

function spanOf(trust: Trust, { term, from, to }: Span) {
  if (from && to) return { from, to, name: `${from} to ${to}` };
  const today = dateOf(systemClock().now(), trust.trust.zone);
  const found = termNumbered(booksOf(trust).trust.terms, Number(term), today);
  if (!found)
    throw new AppError('no-such-term', `There is no term ${term} to come in the trust's calendars.`, {
      remedy:
        'Terms are numbered one to six; add next year to calendars in trust.yaml, or name days with --from and --to.',
    });
  return { from: found.from, to: found.to, name: `Term ${found.term}` };
}

/** Everybody and every place is reached at the stand-in, as if the app were installed for all. */
async function meetEverybody({ directory, delivery, trust }: App, serviceUrl: string): Promise<void> {
  const staff = await directory.staff();
  const { attendance_channel: whole, questions_channel: questions } = trust.trust;
  const targets: Target[] = [
    ...staff.map(({ id }): Target => ({ kind: 'person', personId: id })),
    ...[...trust.schools, ...(whole ? [whole] : []), ...(questions ? [questions] : [])].map(
      ({ team, channel }): Target => ({ kind: 'channel', teamId: team, channelId: channel }),
    ),
    ...trust.schools.flatMap(({ leadership_chat: chatId }): Target[] =>
      chatId ? [{ kind: 'chat', chatId }] : [],
    ),
  ];
  for (const target of targets) {
    const place =
      target.kind === 'person'
        ? `a:${target.personId}`
        : target.kind === 'chat'
          ? target.chatId
          : target.channelId;
    await delivery.rememberConversation({
      target,
      conversationId: place,
      serviceUrl,
      botId: '28:rehearsal',
      tenantId: 'rehearsal',
    });
  }
}
