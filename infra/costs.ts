/**
 * `npm run costs -- --profile small --region uksouth --currency GBP`: what a profile costs in a month, worked out line by line
 * from its parameters and Azure's public price list, which needs no sign-in. A line without a price is named, never guessed.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { z } from 'zod/v4';
import { messageOf } from '../src/kernel/errors.ts';
import { costLines, type Price, type Priced, type Profile, priced } from './cost-lines.ts';

const PROFILES = {
  small: 'infra/azure.parameters.json',
  large: 'infra/azure.parameters.large.json',
} as const;

const USAGE = `Usage: npm run costs -- [--profile small|large] [--region uksouth] [--currency GBP] [--json]
Reads Azure's public price list. List prices without tax; education agreements are usually cheaper.`;

export type Costing = {
  readonly say: (line: string) => void;
  readonly pricesUrl: string;
};

const Page = z.object({
  Items: z.array(
    z.object({
      serviceName: z.string(),
      productName: z.string(),
      skuName: z.string(),
      meterName: z.string(),
      retailPrice: z.number(),
      unitOfMeasure: z.string(),
      type: z.string(),
    }),
  ),
  NextPageLink: z.string().nullish(),
});

/** No service has more rows in one region; a list without an end is given up. */
const MOST_PAGES = 40;
const TIMEOUT = 20_000;

export async function run(argv: readonly string[]): Promise<void> {
  process.exitCode = await costs(argv, {
    say: (line) => process.stdout.write(`${line}\n`),
    pricesUrl: 'https://prices.azure.com/api/retail/prices',
  });
}

/** 0 every line has a price, 1 one has none or the list could not be read, 2 usage. */
export async function costs(argv: readonly string[], world: Costing): Promise<number> {
  const asked = argumentsOf(argv);
  if (!asked) {
    world.say(USAGE);
    return 2;
  }
  const lines = costLines(profileOf(asked.profile));
  try {
    const list: Price[] = [];
    for (const service of new Set(lines.map(({ serviceName }) => serviceName)))
      list.push(...(await readPrices(world.pricesUrl, service, asked)));
    const found = priced(lines, list);
    const without = found.filter(({ price }) => price === undefined);
    if (asked.json) world.say(JSON.stringify({ ...asked, lines: found.map(row), month: total(found) }));
    else for (const line of report(found, asked)) world.say(line);
    return without.length > 0 ? 1 : 0;
  } catch (error) {
    world.say(
      `Azure's price list could not be read: ${messageOf(error)}. Try again, or look at the pricing calculator.`,
    );
    return 1;
  }
}

/** The values of a parameters file. Throws when one is missing or of another kind. */
export function profileOf(name: keyof typeof PROFILES): Profile {
  const Value = <T extends z.ZodType>(value: T) => z.object({ value });
  const { parameters } = z
    .object({
      parameters: z.object({
        planSku: Value(z.string()),
        instances: Value(z.number()),
        databaseSku: Value(z.string()),
        databaseStorageGb: Value(z.number()),
        zoneRedundant: Value(z.boolean()),
        privateNetwork: Value(z.boolean()),
        logCapGb: Value(z.coerce.number()),
      }),
    })
    .parse(JSON.parse(readFileSync(PROFILES[name], 'utf8')));
  return {
    planSku: parameters.planSku.value,
    instances: parameters.instances.value,
    databaseSku: parameters.databaseSku.value,
    databaseStorageGb: parameters.databaseStorageGb.value,
    zoneRedundant: parameters.zoneRedundant.value,
    privateNetwork: parameters.privateNetwork.value,
    logCapGb: parameters.logCapGb.value,
  };
}

type Asked = {
  readonly profile: keyof typeof PROFILES;
  readonly region: string;
  readonly currency: string;
  readonly json: boolean;
};

async function readPrices(url: string, service: string, { region, currency }: Asked): Promise<Price[]> {
  const filter = `serviceName eq '${service}' and armRegionName eq '${region}' and priceType eq 'Consumption'`;
  const first = new URL(url);
  first.searchParams.set('currencyCode', `'${currency}'`);
  first.searchParams.set('$filter', filter);
  const rows: Price[] = [];
  let next: string | undefined = first.href;
  for (let page = 0; next !== undefined; page += 1) {
    if (page === MOST_PAGES) throw new Error(`its list for ${service} has no end`);
    // The list names its next page itself: only its own server is asked.
    if (new URL(next).origin !== first.origin) throw new Error('its next page is on another server');
    const answer = await fetch(next, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT) });
    if (!answer.ok) throw new Error(`it answered ${answer.status}`);
    const { Items, NextPageLink } = Page.parse(await answer.json());
    // What is reserved or in development is another bargain.
    rows.push(
      ...Items.filter(({ type, skuName }) => type === 'Consumption' && !/Spot|Low Priority/.test(skuName)),
    );
    next = NextPageLink ?? undefined;
  }
  return rows;
}

function report(lines: readonly Priced[], { profile, region, currency }: Asked): string[] {
  const money = (amount: number) => amount.toFixed(2).padStart(9);
  const without = lines.filter(({ price }) => price === undefined);
  return [
    `The ${profile} profile in ${region}, a month in ${currency}, list prices without tax:`,
    ...lines.map(({ what, quantity, unit, price, month }) =>
      month === undefined
        ? `  no price  ${what}`
        : `${money(month)}  ${what}: ${Number(quantity.toFixed(1))} ${unit} at ${price}`,
    ),
    `${money(total(lines))}  together${without.length > 0 ? `, without ${without.length} that have no price here` : ''}`,
    without.length > 0
      ? 'Look those up in the pricing calculator: a meter may have another name in this region.'
      : 'Next: set monthlyBudget in the parameters file a little above it; you are mailed at 80 of 100.',
  ];
}

function row({ what, quantity, unit, price, month }: Priced) {
  return { what, quantity, unit, price: price ?? null, month: month ?? null };
}

function total(lines: readonly Priced[]): number {
  return lines.reduce((sum, { month }) => sum + (month ?? 0), 0);
}

function argumentsOf(argv: readonly string[]): Asked | undefined {
  try {
    const options = {
      profile: { type: 'string', default: 'small' },
      region: { type: 'string', default: 'uksouth' },
      currency: { type: 'string', default: 'GBP' },
      json: { type: 'boolean', default: false },
    } as const;
    const { profile, region, currency, json } = parseArgs({ args: [...argv], options }).values;
    if ((profile !== 'small' && profile !== 'large') || !/^[a-z0-9]+$/.test(region)) return undefined;
    return /^[A-Z]{3}$/.test(currency) ? { profile, region, currency, json } : undefined;
  } catch {
    return undefined;
  }
}
