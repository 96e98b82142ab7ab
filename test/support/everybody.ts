/** The sample trust with everybody of its staff a leader, so that one Monday brings a digest to each of them. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { peopleIn, type Tenant } from '../../src/sandbox/tenant.ts';
import type { SampleTrust } from './service.ts';

/** Changes the trust; returns the ids of those who get a digest. */
export function letEverybodyLead(trust: SampleTrust, tenant: Tenant): readonly string[] {
  const staff = new Set(peopleIn(tenant, trust.trust.staff_group));
  const leaders = tenant.people
    .filter(({ id, type, enabled }) => staff.has(id) && type === 'Member' && enabled)
    .map(({ id }) => id);
  trust.leaders = [...leaders];
  for (const school of trust.schools) school.head = leaders[0] ?? '';
  trust.documents = [];
  return leaders;
}

/** Writes the trust's file into `folder`; returns its path, and the ids of those who get a digest. */
export async function everybodyLeads(
  folder: string,
  tenant: Tenant,
): Promise<{ readonly trustFile: string; readonly leaders: readonly string[] }> {
  const trust = parse(await readFile('samples/trust.yaml', 'utf8')) as SampleTrust;
  const leaders = letEverybodyLead(trust, tenant);
  const trustFile = join(folder, 'trust.yaml');
  await writeFile(trustFile, stringify(trust));
  return { trustFile, leaders };
}
