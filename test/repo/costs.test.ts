/** What a profile costs: from its parameters and a price list over HTTP, as the IT lead's command works it out. */
import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { costs, profileOf } from '../../infra/costs.ts';

type Row = Record<string, string | number>;

const row = (serviceName: string, over: Row): Row => ({
  serviceName,
  productName: serviceName,
  skuName: 'Standard',
  meterName: 'Standard',
  unitOfMeasure: '1 Hour',
  type: 'Consumption',
  ...over,
});

/** Round prices of our own: the arithmetic is what is tested, with rows beside that must not be taken. */
const LIST: readonly Row[] = [
  row('Azure App Service', {
    productName: 'Azure App Service Basic Plan - Linux',
    skuName: 'B1',
    retailPrice: 0.01,
  }),
  row('Azure App Service', { productName: 'Azure App Service Basic Plan', skuName: 'B1', retailPrice: 0.9 }),
  row('Azure App Service', {
    productName: 'Azure App Service Premium v3 Plan - Linux',
    skuName: 'P0 v3',
    retailPrice: 0.1,
  }),
  row('Azure App Service', {
    productName: 'Azure App Service Premium v3 Plan - Linux',
    skuName: 'P0 v3',
    retailPrice: 700,
    type: 'Reservation',
  }),
  row('Azure Database for PostgreSQL', {
    productName: 'Azure Database for PostgreSQL Flexible Server Burstable BS Series Compute',
    skuName: 'B1MS',
    retailPrice: 0.02,
  }),
  row('Azure Database for PostgreSQL', {
    productName: 'Azure Database for PostgreSQL Flexible Server General Purpose Ddsv5 Series Compute',
    skuName: 'D2ds v5',
    retailPrice: 0.2,
  }),
  row('Azure Database for PostgreSQL', {
    productName: 'Az DB for PostgreSQL Flexible Server Storage',
    meterName: 'Storage Data Stored',
    unitOfMeasure: '1 GB/Month',
    retailPrice: 0.1,
  }),
  row('Log Analytics', {
    meterName: 'Analytics Logs Data Ingestion',
    unitOfMeasure: '1 GB',
    retailPrice: 2,
  }),
  row('Azure Monitor', {
    skuName: 'Standard Web Test',
    meterName: 'Standard Web Test Execution',
    unitOfMeasure: '1',
    retailPrice: 0.0005,
  }),
  ...[1, 5, 10, 15].map((minutes) =>
    row('Azure Monitor', {
      skuName: 'Alerts',
      meterName: `Alerts System Log Monitored at ${minutes} Minute Frequency`,
      unitOfMeasure: '1/Month',
      retailPrice: 7.5 / minutes,
    }),
  ),
  row('Storage', {
    productName: 'General Block Blob v2',
    meterName: 'Cool LRS Data Stored',
    unitOfMeasure: '1 GB/Month',
    retailPrice: 0.02,
  }),
  row('Storage', {
    productName: 'General Block Blob v2',
    meterName: 'Hot LRS Data Stored',
    unitOfMeasure: '1 GB/Month',
    retailPrice: 0.9,
  }),
  row('Storage', {
    productName: 'General Block Blob v2',
    meterName: 'Cool ZRS Data Stored',
    unitOfMeasure: '1 GB/Month',
    retailPrice: 0.03,
  }),
  row('Key Vault', { meterName: 'Operations', unitOfMeasure: '10K', retailPrice: 0.03 }),
  row('Virtual Network', { meterName: 'Standard Private Endpoint', retailPrice: 0.01 }),
];

describe('npm run costs', () => {
  let server: Server;
  let left: readonly string[] = [];
  let status = 200;
  let elsewhere = false;

  /** Serves a service's rows on pages of two, each naming the next, as the list does. */
  before(async () => {
    server = createServer((request, response) => {
      const url = new URL(request.url ?? '/', own());
      const service = /serviceName eq '([^']+)'/.exec(url.searchParams.get('$filter') ?? '')?.[1];
      const rows = LIST.filter((one) => one.serviceName === service && !left.includes(String(one.meterName)));
      const from = Number(url.searchParams.get('$skip') ?? 0);
      const next = new URL(url);
      next.searchParams.set('$skip', String(from + 2));
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(
        JSON.stringify({
          Items: rows.slice(from, from + 2),
          NextPageLink: elsewhere ? 'http://127.0.0.1:1/' : rows.length > from + 2 ? next.href : null,
        }),
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => server.close());
  afterEach(() => {
    left = [];
    status = 200;
    elsewhere = false;
  });
  const own = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  async function say(...argv: string[]): Promise<{ exit: number; out: string }> {
    const said: string[] = [];
    const exit = await costs(argv, {
      say: (line) => said.push(line),
      pricesUrl: `${own()}/api/retail/prices`,
    });
    return { exit, out: said.join('\n') };
  }

  it('works the small profile out line by line', async () => {
    const { exit, out } = await say();
    assert.equal(exit, 0, out);
    assert.match(out, /small profile in uksouth, a month in GBP/);
    assert.match(out, /7\.30 {2}App Service plan B1, Linux, 1 of them: 730 hours at 0\.01/);
    assert.match(out, /14\.60 {2}PostgreSQL Flexible Server B1ms: 730 hours at 0\.02/);
    assert.match(out, /3\.20 {2}Database storage: 32 GB at 0\.1/);
    assert.match(out, /2\.16 {2}Log lines, at most 0\.2 GB a day, less 5 GB for nothing: 1\.1 GB at 2/);
    assert.match(out, /0\.20 {2}Dumps in the store: 10 GB at 0\.02/);
    assert.match(out, /0\.03 {2}Key Vault: 1 ten thousand operations at 0\.03/);
    assert.match(out, /8\.76 {2}Looks at \/readyz from outside: 17520 looks at 0\.0005/);
    assert.match(out, /0\.50 {2}The alert on missed runs: 1 rule at 0\.5/);
    assert.match(out, /36\.75 {2}together/);
    assert.doesNotMatch(out, /Private/);
  });

  it('doubles what the large profile has twice, and adds its private addresses', async () => {
    const { exit, out } = await say('--profile', 'large', '--json');
    assert.equal(exit, 0, out);
    const { lines, month } = JSON.parse(out) as { lines: { what: string; month: number }[]; month: number };
    const of = (words: RegExp) => lines.find(({ what }) => words.test(what))?.month.toFixed(2);
    assert.equal(of(/App Service plan P0v3, Linux, 2/), '146.00');
    assert.equal(of(/D2ds_v5, and its standby/), '292.00');
    assert.equal(of(/storage, twice/), '12.80');
    assert.equal(of(/Dumps/), '0.30');
    assert.equal(of(/Private addresses/), '21.90');
    assert.equal(month.toFixed(2), lines.reduce((sum, line) => sum + line.month, 0).toFixed(2));
  });

  it('names the line that has no price, leaves it out of the sum, and exits with 1', async () => {
    left = ['Operations'];
    const { exit, out } = await say();
    assert.equal(exit, 1);
    assert.match(out, /no price {2}Key Vault/);
    assert.match(out, /36\.72 {2}together, without 1 that have no price here/);
  });

  it('says in a line that the list cannot be read, and follows it to no other server', async () => {
    status = 503;
    assert.match((await say()).out, /price list could not be read: it answered 503/);
    status = 200;
    elsewhere = true;
    const { exit, out } = await say();
    assert.equal(exit, 1);
    assert.match(out, /its next page is on another server/);
  });

  it('refuses words that it does not know, with how it is used', async () => {
    for (const argv of [
      ['--profile', 'huge'],
      ['--region', "x' or 1"],
      ['--currency', 'pounds'],
      ['--what'],
    ]) {
      const { exit, out } = await say(...argv);
      assert.equal(exit, 2);
      assert.match(out, /Usage: npm run costs/);
    }
  });

  it('counts the looks, the alert and the dumps as they are deployed', () => {
    const ready = readFileSync('infra/modules/ready.bicep', 'utf8');
    assert.match(ready, /Frequency: 300\n/);
    assert.equal(ready.match(/^ +Id: '/gm)?.length, 2, 'places that look');
    assert.match(readFileSync('infra/modules/storage.bicep', 'utf8'), /accessTier: 'Cool'/);
    const alerts = readFileSync('infra/modules/alerts.bicep', 'utf8');
    assert.match(alerts, /evaluationFrequency: 'PT15M'/);
    assert.equal(alerts.match(/scheduledQueryRules@/g)?.length, 1);
  });

  it('reads every size from the files that are deployed', () => {
    assert.equal(profileOf('small').planSku, 'B1');
    assert.equal(profileOf('large').instances, 2);
  });
});
