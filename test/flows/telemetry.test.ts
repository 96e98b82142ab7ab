import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../src/kernel/ids.ts';
import { type SandboxConnector, startSandboxConnector } from '../../src/sandbox/connector.ts';
import { type SandboxGraph, startSandboxGraph } from '../../src/sandbox/graph.ts';
import { createInbound, type Speaker } from '../../src/sandbox/inbound.ts';
import { personNamed } from '../../src/sandbox/tenant.ts';
import { METRICS } from '../../src/telemetry/metrics.ts';
import { type Insights, type Item, startInsights } from '../support/insights.ts';
import { type ServiceProcess, startProcess } from '../support/process.ts';
import { BOT_ID, STORY_BEGINS } from '../support/service.ts';
import { dropSchemasAt, testDatabaseUrl } from '../support/store.ts';

const SECRET = 'zanzibar marmalade';

describe('traces, measurements and log lines, where Application Insights is configured', function () {
  this.timeout(60_000);
  let folder = '';
  let insights: Insights;
  let graph: SandboxGraph;
  let teams: SandboxConnector;
  let service: ServiceProcess | undefined;
  let asker: Speaker & { readonly name: string };
  const url = testDatabaseUrl();
  const schema = newId('t');

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'waymark-insights-'));
    insights = await startInsights(folder);
    graph = await startSandboxGraph({ tenantFile: 'samples/tenant.yaml', documentsDir: 'samples/documents' });
    teams = await startSandboxConnector();
    service = await startProcess({
      APP_ENV: 'local',
      PORT: '0',
      DATA_DIR: join(folder, 'data'),
      TRUST_FILE: 'samples/trust.yaml',
      CONTENT_DIR: 'samples/documents',
      GRAPH_URL: graph.url,
      BOT_SERVICE_HOSTS: teams.url,
      CLOCK_START: STORY_BEGINS,
      LOG_LEVEL: 'debug',
      ...insights.environment,
      ...(url ? { DATABASE_URL: url, DATABASE_SCHEMA: schema } : {}),
    });
    const { id, name } = personNamed(graph.tenant, 'Priya Nair');
    asker = { personId: id, name, tenantId: graph.tenant.id, botId: BOT_ID };
    const inbound = createInbound(teams.url, `http://127.0.0.1:${service.port}/api/messages`);
    await inbound.install(asker);
    await teams.waitForArrivals(1, 10_000);
    await inbound.sendMessage(asker, `Is there a policy on ${SECRET}?`);
    await teams.waitForArrivals(2, 10_000);
    const { exit } = await service.stop();
    service = undefined;
    assert.equal(exit, 0);
  });
  after(async () => {
    await service?.kill();
    await teams.close();
    await graph.close();
    await insights.close();
    await rm(folder, { recursive: true, force: true });
    if (url) await dropSchemasAt(url, schema);
  });

  const spans = () =>
    insights.items.filter(({ data }) => /^(Request|RemoteDependency)Data$/.test(data.baseType));
  const named = (name: string) => spans().filter(({ data }) => data.baseData.name === name);
  const traceOf = (item: Item) => item.tags['ai.operation.id'];

  it('one trace leads from an inbound activity to the card that came of it', () => {
    const [sent] = named('delivery');
    assert.ok(sent, 'the greeting left through the ledger');
    const beneath = spans().filter((item) => traceOf(item) === traceOf(sent));
    const names = beneath.map(({ data }) => data.baseData.name);
    assert.deepEqual(new Set(names), new Set(['activity', 'delivery', 'connector']));
    assert.equal(sent.data.baseData.properties?.outcome, 'delivered');
  });

  it('a log line names the trace in which it was written', () => {
    const lines = insights.items.filter(({ data }) => data.baseType === 'MessageData');
    assert.ok(lines.length > 0, 'log lines arrived');
    const traces = new Set(spans().map(traceOf));
    const tied = lines.filter(({ data }) => data.baseData.properties?.trace);
    assert.ok(tied.every(({ data }) => traces.has(data.baseData.properties?.trace)));
  });

  /** By name, with their dimensions. The exporter's own, which say how a process does, are left out. */
  const measured = () =>
    insights.items
      .filter(({ data }) => data.baseType === 'MetricData')
      .flatMap(({ data: { baseData } }) => {
        const points = baseData.metrics as readonly { name: string; value: number; count?: number }[];
        return points.map((point) => ({ ...point, dimensions: baseData.properties ?? {} }));
      })
      .filter(({ name }) => name.startsWith('waymark.'));

  it('what left, how quickly, and what waits is measured', () => {
    const values = (name: string) => measured().filter((point) => point.name === name);
    const [sent] = values(METRICS.sent.name);
    assert.deepEqual(sent?.dimensions, { outcome: 'delivered' });
    assert.equal(sent.value, 1, 'the greeting; the answer is no delivery');
    const [latency] = values(METRICS.latency.name);
    assert.ok(latency && latency.value > 0 && latency.value < 60_000, `${latency?.value} ms`);
    for (const { name } of [METRICS.due, METRICS.oldest, METRICS.uncertain])
      assert.equal(values(name).at(-1)?.value, 0, name);
    assert.equal(values(METRICS.pace.name).at(-1)?.value, 50);
  });

  it('a measurement has a name of the table, the dimension that it names, and nothing of anybody', () => {
    const names = new Set<string>(Object.values(METRICS).map(({ name }) => name));
    assert.ok(measured().length > 0);
    for (const { name, dimensions } of measured()) {
      assert.ok(names.has(name), name);
      assert.deepEqual(
        Object.keys(dimensions).filter((key) => key !== 'outcome'),
        [],
        name,
      );
    }
    const points = JSON.stringify(insights.items.filter(({ data }) => data.baseType === 'MetricData'));
    for (const id of [asker.personId, asker.name, 'dlv_', 'a:chat', '28:', '29:'])
      assert.ok(!points.includes(id), `"${id}" left`);
  });

  it('nothing that was said, and nobody’s name, leaves', () => {
    const text = insights.text();
    assert.ok(text.length > 1_000);
    for (const word of [...SECRET.split(' '), asker.name, asker.personId, 'priya', 'policy on'])
      assert.ok(!text.toLowerCase().includes(word.toLowerCase()), `"${word}" left`);
  });

  it('nothing was sent but to the address that is configured', () => {
    assert.ok(insights.items.every(({ data }) => data.baseType !== 'StatsbeatData'));
    assert.ok(insights.items.every(({ name }) => !/statsbeat/i.test(name)));
  });
});
