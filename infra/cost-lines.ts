/**
 * What a profile of `infra/` pays for in a month, line by line: how much of what, and by which meter of Azure's price list it is
 * charged. Pure. Meters: Azure Retail Prices API, https://learn.microsoft.com/rest/api/cost-management/retail-prices.
 */

/** A row of the price list, as the API words it. */
export type Price = {
  readonly serviceName: string;
  readonly productName: string;
  readonly skuName: string;
  readonly meterName: string;
  readonly retailPrice: number;
  /** `1 Hour`, `1 GB/Month`, `10K` and the like. */
  readonly unitOfMeasure: string;
};

/** The values of a parameters file that cost money. */
export type Profile = {
  readonly planSku: string;
  readonly instances: number;
  readonly databaseSku: string;
  readonly databaseStorageGb: number;
  readonly zoneRedundant: boolean;
  readonly privateNetwork: boolean;
  readonly logCapGb: number;
};

export type CostLine = {
  readonly what: string;
  /** In the meter's own unit: hours, GB, ten thousands. */
  readonly quantity: number;
  readonly unit: string;
  readonly serviceName: string;
  readonly fits: (price: Price) => boolean;
};

/** Azure bills by this many hours a month. */
const HOURS = 730;
const DAYS = 30.4;
/** Microsoft gives this much of log ingestion a month for nothing. GB. Source: Azure Monitor pricing. */
const LOGS_FREE = 5;
/** Nightly dumps of 35 days of a trust of 11,000 children, generously. GB. */
const DUMPS = 10;
/** Start-ups, key changes and certificates of a month, generously. */
const VAULT_OPERATIONS = 10_000;
/** Every five minutes, from each of two places: each look is charged (modules/ready.bicep). */
const LOOKS = HOURS * 12 * 2;
/** Private addresses: database, vault, dumps. */
const ENDPOINTS = 3;

/** Lines in the order of the bill, the largest first as a rule. What costs nothing by itself is left out: bot, identity, budget, mail, and alerts on fewer than ten metrics. */
export function costLines(profile: Profile): CostLine[] {
  const servers = profile.zoneRedundant ? 2 : 1;
  const size = profile.databaseSku.replace(/^Standard_/, '');
  const logs = Math.max(0, profile.logCapGb * DAYS - LOGS_FREE);
  return [
    {
      what: `App Service plan ${profile.planSku}, Linux, ${profile.instances} of them`,
      quantity: HOURS * profile.instances,
      unit: 'hours',
      serviceName: 'Azure App Service',
      fits: ({ productName, skuName }) => /Linux/.test(productName) && same(skuName, profile.planSku),
    },
    {
      what: `PostgreSQL Flexible Server ${size}${servers > 1 ? ', and its standby' : ''}`,
      quantity: HOURS * servers,
      unit: 'hours',
      serviceName: 'Azure Database for PostgreSQL',
      fits: ({ productName, skuName, unitOfMeasure }) =>
        /Flexible/.test(productName) && same(skuName, size) && /Hour/.test(unitOfMeasure),
    },
    {
      what: `Database storage${servers > 1 ? ', twice' : ''}`,
      quantity: profile.databaseStorageGb * servers,
      unit: 'GB',
      serviceName: 'Azure Database for PostgreSQL',
      fits: ({ productName, meterName }) =>
        /Flexible/.test(productName) && /^Storage Data Stored$/i.test(meterName),
    },
    {
      what: `Log lines, at most ${profile.logCapGb} GB a day, less ${LOGS_FREE} GB for nothing`,
      quantity: logs,
      unit: 'GB',
      serviceName: 'Log Analytics',
      fits: ({ meterName }) => /Analytics Logs Data Ingestion|Pay-as-you-go Data Ingestion/i.test(meterName),
    },
    {
      what: 'Looks at /readyz from outside',
      quantity: LOOKS,
      unit: 'looks',
      serviceName: 'Azure Monitor',
      fits: ({ meterName }) => same(meterName, 'Standard Web Test Execution'),
    },
    {
      what: 'The alert on missed runs',
      quantity: 1,
      unit: 'rule',
      serviceName: 'Azure Monitor',
      fits: ({ meterName }) => same(meterName, 'Alerts System Log Monitored at 15 Minute Frequency'),
    },
    {
      what: 'Dumps in the store',
      quantity: DUMPS,
      unit: 'GB',
      serviceName: 'Storage',
      fits: ({ productName, meterName }) =>
        /Block Blob/i.test(productName) &&
        same(meterName, `Cool ${profile.zoneRedundant ? 'ZRS' : 'LRS'} Data Stored`),
    },
    {
      what: 'Key Vault',
      quantity: VAULT_OPERATIONS / 10_000,
      unit: 'ten thousand operations',
      serviceName: 'Key Vault',
      fits: ({ skuName, meterName }) => same(skuName, 'Standard') && same(meterName, 'Operations'),
    },
    ...(profile.privateNetwork
      ? [
          {
            what: 'Private addresses for database, vault and dumps',
            quantity: HOURS * ENDPOINTS,
            unit: 'hours',
            serviceName: 'Virtual Network',
            fits: ({ meterName }: Price) => /Private Endpoint/i.test(meterName),
          },
        ]
      : []),
  ];
}

export type Priced = CostLine & { readonly price?: number; readonly month?: number };

/**
 * Each line with the price of one unit and the month's, by the dearest row that fits: price lists have steps, and the first is the
 * dearest. A line that no row fits has neither.
 */
export function priced(lines: readonly CostLine[], list: readonly Price[]): Priced[] {
  return lines.map((line) => {
    const rows = list.filter((row) => row.serviceName === line.serviceName && line.fits(row));
    if (rows.length === 0) return line;
    const price = Math.max(...rows.map(({ retailPrice }) => retailPrice));
    return { ...line, price, month: price * line.quantity };
  });
}

/** Meters write `P0 v3` where templates write `P0v3`. */
function same(a: string, b: string): boolean {
  const plain = (text: string) => text.replaceAll(/[\s_]/g, '').toLowerCase();
  return plain(a) === plain(b);
}
