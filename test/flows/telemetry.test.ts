import { strict as assert } from 'node:assert';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newId } from '../../src/kernel/ids.ts';
import { type SandboxConnector, startSandboxConnector } from '../../src/sandbox/connector.ts';
import { type SandboxGraph, startSandboxGraph } from '../../src/sandbox/graph.ts';
import { createInbound, type Speaker } from '../../src/sandbox/inbound.ts';
import { personNamed } from '../../src/sandbox/tenant.ts';
import { type Insights, type Item, startInsights } from '../support/insights.ts';
import { type ServiceProcess, startProcess } from '../support/process.ts';
import { BOT_ID, STORY_BEGINS } from '../support/service.ts';
import { dropSchemasAt, testDatabaseUrl } from '../support/store.ts';

const SECRET = 'zanzibar marmalade';

describe('traces and log lines, where Application Insights is configured', function () {
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

  it('nothing that was said, and nobody’s name, leaves', () => {
    const text = insights.text();
    assert.ok(text.length > 1_000);
    for (const word of [...SECRET.split(' '), asker.name, 'priya', 'policy on'])
      assert.ok(!text.toLowerCase().includes(word.toLowerCase()), `"${word}" left`);
  });

  it('nothing was sent but to the address that is configured', () => {
    assert.ok(insights.items.every(({ data }) => data.baseType !== 'StatsbeatData'));
    assert.ok(insights.items.every(({ name }) => !/statsbeat/i.test(name)));
  });
});
