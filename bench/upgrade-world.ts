/** What an upgrade is rehearsed on: a trust whose staff are all asked and told something, in files that both versions read. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { parse, stringify } from 'yaml';
import { must } from '../src/kernel/guards.ts';
import { peopleIn, type Tenant } from '../src/sandbox/tenant.ts';
import { openStore } from '../src/storage/database.ts';
import type { SampleTrust } from '../test/support/service.ts';

/** A Sunday noon: nothing falls due by itself while the bench runs; what is to be sent is asked for by `tick`. */
export const QUIET_START = '2026-11-22T12:00:00Z';
/** Each step of the bench has a Monday of its own, with a digest for everybody and a check-in for its share of the staff. */
export const MONDAYS = ['2026-11-23', '2026-11-30', '2026-12-07', '2026-12-14'] as const;

/** Members of the staff whom the directory can name. */
export function staffOf(tenant: Tenant, trust: SampleTrust): string[] {
  const all = new Set(peopleIn(tenant, trust.trust.staff_group));
  return tenant.people
    .filter(({ id, type, enabled }) => all.has(id) && type === 'Member' && enabled)
    .map(({ id }) => id);
}

export async function readTrust(checkout: string): Promise<SampleTrust> {
  return parse(await readFile(join(checkout, 'samples/trust.yaml'), 'utf8')) as SampleTrust;
}

/** Everybody has a digest and one milestone; the milestones of each share of the staff are asked on a Monday of their own. */
export async function writeTrust(
  trust: SampleTrust,
  staff: readonly string[],
  folder: string,
): Promise<string> {
  const [pattern] = trust.milestones;
  const milestones = staff.map((owner, index) => ({
    ...must(pattern, 'a milestone of the sample'),
    id: `upgrade-${index + 1}`,
    title: `Milestone ${index + 1} of an upgrade`,
    owner,
    due: '2027-06-30',
    next_check_in: MONDAYS[index % MONDAYS.length],
  }));
  const file = join(folder, 'trust.yaml');
  await mkdir(folder, { recursive: true });
  await writeFile(file, stringify({ ...trust, leaders: [...staff], milestones }));
  return file;
}

export type Standing = {
  /** Deliveries by state, and jobs that were given up or are still to be done. */
  readonly deliveries: Readonly<Record<string, number>>;
  readonly jobsFailed: number;
  readonly jobsWaiting: number;
  readonly checkins: Readonly<Record<string, number>>;
  readonly migrations: readonly string[];
};

/** What the database says, in the words that every version has had. */
export async function standingOf(databaseUrl: string, schema: string): Promise<Standing> {
  const store = await openStore({ databaseUrl, schema, dataDir: '' });
  const counted = async (from: ReturnType<typeof sql>) => {
    const { rows } = await sql<{ state: string; n: number }>`
      select state::text as state, count(*)::int as n from ${from} group by 1`.execute(store.db);
    return Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  };
  try {
    // Each start leaves a job that touches its queue; nobody works on those of what the trust has not chosen.
    const jobs = await counted(sql`${sql.table(`${schema}_jobs.job`)} where data->>'touch' is null`);
    const { rows } = await sql<{ name: string }>`
      select name from ${sql.table(`${schema}.kysely_migration`)} order by name`.execute(store.db);
    return {
      deliveries: await counted(sql`${sql.table(`${schema}.deliveries`)}`),
      jobsFailed: jobs.failed ?? 0,
      jobsWaiting: (jobs.created ?? 0) + (jobs.retry ?? 0) + (jobs.active ?? 0),
      checkins: await counted(sql`${sql.table(`${schema}.checkins`)}`),
      migrations: rows.map(({ name }) => name),
    };
  } finally {
    await store.close();
  }
}

export async function dropSchemas(databaseUrl: string, schema: string): Promise<void> {
  const store = await openStore({ databaseUrl, schema, dataDir: '' });
  for (const name of [schema, `${schema}_jobs`])
    await store.db.schema.dropSchema(name).ifExists().cascade().execute();
  await store.close();
}
