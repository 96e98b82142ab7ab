/**
 * The measured claims of answers: turns a second of the whole service (question in over HTTP, state on the store, reply posted
 * to the connector) beside a bare echo bot on the same SDKs in the same run; the time of a turn at a quiet pace with 5,000
 * passages; and with --questions F.jsonl --docs DIR the time of an answer in process. `--quick`: the short form.
 * DATABASE_URL chooses PostgreSQL; without it the embedded store is measured and only what it can meet is barred.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Application, type TurnState } from '@microsoft/teams-ai';
import { CloudAdapter, ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import { createServer, plugins } from 'restify';
import { parse, stringify } from 'yaml';
import { answerQuestionSet, indexFolder } from '../src/answers/folder.ts';
import { startInstance } from '../src/app/instance.ts';
import { readSettings } from '../src/config/settings.ts';
import { newId } from '../src/kernel/ids.ts';
import { stopwatch } from '../src/kernel/time.ts';
import { startSandboxGraph } from '../src/sandbox/graph.ts';
import { peopleIn } from '../src/sandbox/tenant.ts';
import { openStore } from '../src/storage/database.ts';
import { createLog } from '../src/telemetry/log.ts';
import { type Driven, drive } from './driver.ts';
import { writeHandbook } from './handbook.ts';
import { helpAsked } from './report.ts';
import { startStandIn } from './stand-in.ts';

const FORMS = {
  quick: { turns: 300, warm: 60, paced: 60 },
  standard: { turns: 1_500, warm: 300, paced: 300 },
  full: { turns: 6_000, warm: 600, paced: 1_200 },
} as const;
const CONNECTIONS = 20;
const LEAST_RATIO = 0.35;
const PACE = 10;
const MOST_PACED_MS = 50;
const MOST_ANSWER_MS = 10;
const MOST_START_MS = 1_000;

const USAGE = `npm run bench:answers [-- --quick | --full] [--questions FILE.jsonl --docs FOLDER]
Turns a second beside a bare echo bot, turns at a quiet pace with 5,000 passages, and the time of an answer in process (of the
question set, when one is given). On PostgreSQL with DATABASE_URL, else on PGlite.
`;

export async function run(argv: readonly string[]): Promise<void> {
  if (helpAsked(argv, USAGE)) return;
  const form = argv.includes('--full') ? 'full' : argv.includes('--quick') ? 'quick' : 'standard';
  const sizes = FORMS[form];
  const databaseUrl = process.env.DATABASE_URL ?? process.env.TEST_DATABASE_URL;
  const engine = databaseUrl ? 'postgresql' : 'pglite';
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const figures: Record<string, number | string> = { form, engine };
  const bars: Record<string, boolean> = {};

  const echo = await measureEcho(sizes);
  say(`echo bot (botbuilder, teams-ai, restify), ${CONNECTIONS} at once: ${echo.rate.toFixed(0)} turns/s`);
  const small = await measureService(500, sizes, databaseUrl);
  const ratio = small.rate / echo.rate;
  say(
    `Waymark, 500 passages: ${small.rate.toFixed(0)} turns/s on ${engine}, ${ratio.toFixed(2)} of the echo bot's; p95 ${small.p95.toFixed(1)} ms`,
  );
  Object.assign(figures, {
    echoPerSecond: round(echo.rate),
    perSecond: round(small.rate),
    ratio: round(ratio),
    p95: round(small.p95),
  });
  bars['every turn was answered'] = echo.refused + small.refused === 0 && small.missing === 0;
  if (databaseUrl) bars[`at least ${LEAST_RATIO} of the echo bot's turns a second`] = ratio >= LEAST_RATIO;

  const large = await measureService(5_000, { ...sizes, turns: sizes.paced, perSecond: PACE }, databaseUrl);
  say(
    `Waymark, ${large.passages} passages, ${PACE} questions/s: p50 ${large.p50.toFixed(1)} ms, p95 ${large.p95.toFixed(1)} ms a turn`,
  );
  Object.assign(figures, {
    largePassages: large.passages,
    pacedP50: round(large.p50),
    pacedP95: round(large.p95),
  });
  bars['every paced turn was answered'] = large.refused === 0 && large.missing === 0;
  if (databaseUrl)
    bars[`p95 at most ${MOST_PACED_MS} ms a turn at ${PACE} questions/s`] = large.p95 <= MOST_PACED_MS;

  const [questionsFile, docsDir] = ['--questions', '--docs'].map((name) => optionOf(argv, name));
  if (questionsFile && docsDir) {
    const inProcess = await measureAnswers(questionsFile, docsDir);
    say(
      `in process: p50 ${inProcess.p50.toFixed(2)} ms, p95 ${inProcess.p95.toFixed(2)} ms an answer; index in ${inProcess.start.toFixed(0)} ms`,
    );
    Object.assign(figures, {
      answerP50: round(inProcess.p50),
      answerP95: round(inProcess.p95),
      startMs: round(inProcess.start),
    });
    bars[`an answer's p95 at most ${MOST_ANSWER_MS} ms in process`] = inProcess.p95 <= MOST_ANSWER_MS;
    bars[`start with index at most ${MOST_START_MS} ms`] = inProcess.start <= MOST_START_MS;
  }

  const pass = Object.values(bars).every(Boolean);
  const line = JSON.stringify({ bench: 'answers', figures, bars, pass });
  await mkdir('.bench', { recursive: true });
  await writeFile('.bench/answers.json', `${line}\n`);
  say(line);
  process.exitCode = pass ? 0 : 1;
}

function round(figure: number): number {
  return Math.round(figure * 100) / 100;
}

function optionOf(argv: readonly string[], name: string): string | undefined {
  const at = argv.indexOf(name);
  return at < 0 ? undefined : argv[at + 1];
}

type Sizes = { readonly turns: number; readonly warm: number; readonly perSecond?: number };
type Measured = Driven & { readonly rate: number };

/** The least a bot on this stack can do: restify, the SDK's adapter, one teams-ai route, one reply. */
async function measureEcho(sizes: Sizes): Promise<Measured> {
  const standIn = await startStandIn({});
  const adapter = new CloudAdapter(new ConfigurationBotFrameworkAuthentication({}));
  const application = new Application<TurnState>({
    startTypingTimer: false,
    removeRecipientMention: false,
    longRunningMessages: false,
  });
  application.addRoute(
    async () => true,
    async (context) => void (await context.sendActivity(`You said: ${context.activity.text}`)),
  );
  const server = createServer({ name: 'echo' });
  server.use(plugins.bodyParser());
  server.post('/api/messages', (request, response, next) => {
    adapter
      .process(request as never, response as never, async (context) => void (await application.run(context)))
      .finally(() => next(false));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  try {
    const people = Array.from({ length: CONNECTIONS }, (_, index) => `person-${index}`);
    const driven = await warmAndDrive(sizes, {
      botUrl: `http://127.0.0.1:${server.address().port}/api/messages`,
      connectorUrl: standIn.url,
      people,
      tenantId: 'tenant',
      questions: ['What are our priorities this year?'],
    });
    return { ...driven, rate: sizes.turns / driven.seconds };
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
    await standIn.close();
  }
}

type Asking = Omit<Parameters<typeof drive>[0], 'turns' | 'connections' | 'perSecond'>;

async function warmAndDrive(sizes: Sizes, asking: Asking): Promise<Driven> {
  await drive({ ...asking, turns: sizes.warm, connections: CONNECTIONS });
  const { turns, perSecond } = sizes;
  return drive({ ...asking, turns, connections: CONNECTIONS, ...(perSecond ? { perSecond } : {}) });
}

/** The whole service on the sample trust with a written handbook for its documents. */
async function measureService(
  passages: number,
  sizes: Sizes,
  databaseUrl: string | undefined,
): Promise<Measured & { readonly passages: number; readonly missing: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'waymark-bench-'));
  const documents = join(folder, 'documents');
  const handbook = await writeHandbook(passages, 7);
  await mkdir(documents);
  for (const [file, text] of handbook.files) await writeFile(join(documents, file), text);
  const trust = parse(await readFile('samples/trust.yaml', 'utf8')) as Record<string, unknown> & {
    trust: { questions_contact: string; staff_group: string };
  };
  delete trust.library;
  const { questions_contact: owner } = trust.trust;
  trust.documents = [...handbook.files.keys()].map((file) => ({ file, owner, kind: 'policy' }));
  await writeFile(join(folder, 'trust.yaml'), stringify(trust));

  const graph = await startSandboxGraph({
    tenantFile: 'samples/tenant.yaml',
    documentsDir: 'samples/documents',
  });
  const standIn = await startStandIn({});
  const schema = newId('bench');
  const read = readSettings({
    APP_ENV: 'local',
    DATA_DIR: join(folder, 'data'),
    TRUST_FILE: join(folder, 'trust.yaml'),
    CONTENT_DIR: documents,
    GRAPH_URL: graph.url,
    BOT_SERVICE_HOSTS: standIn.url,
    LOG_LEVEL: 'warn',
    DATABASE_SCHEMA: schema,
    ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}),
  });
  if (read.kind === 'problems') throw new Error(read.problems.join('\n'));
  const instance = await startInstance({ ...read.settings, port: 0 }, createLog('warn'));
  try {
    const people = (peopleIn(graph.tenant, trust.trust.staff_group) ?? []).slice(0, CONNECTIONS);
    const driven = await warmAndDrive(sizes, {
      botUrl: `http://127.0.0.1:${instance.port}/api/messages`,
      connectorUrl: standIn.url,
      people,
      tenantId: graph.tenant.id,
      questions: handbook.questions,
    });
    await instance.app.bot.idle();
    const { arrived } = await standIn.look(Number.POSITIVE_INFINITY);
    const missing = Math.max(0, sizes.turns + sizes.warm - arrived);
    return { ...driven, rate: sizes.turns / driven.seconds, passages, missing };
  } finally {
    await instance.close();
    await standIn.close();
    await graph.close();
    if (databaseUrl) {
      const store = await openStore({ databaseUrl, dataDir: folder, schema });
      for (const name of [schema, `${schema}_jobs`])
        await store.db.schema.dropSchema(name).ifExists().cascade().execute();
      await store.close();
    }
    await rm(folder, { recursive: true, force: true });
  }
}

/** Answers of a question set one after the other, index loaded; and how long reading and indexing the folder takes. */
async function measureAnswers(questionsFile: string, docsDir: string) {
  const out = join(await mkdtemp(join(tmpdir(), 'waymark-bench-')), 'answers.jsonl');
  await answerQuestionSet({ questionsFile, docsDir, outFile: out });
  const watch = stopwatch();
  await indexFolder(docsDir);
  const start = watch();
  await answerQuestionSet({ questionsFile, docsDir, outFile: out });
  const times = (await readFile(out, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { latency_ms: number }).latency_ms)
    .sort((a, b) => a - b);
  const at = (share: number) => times[Math.ceil(share * times.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), start };
}
