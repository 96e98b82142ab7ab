/**
 * A trust's year of marks as one long CSV, for measuring: any number of pupils in 25 schools, 190 days of two sessions each,
 * the same for a seed. Written in pieces, since it is a third of a gigabyte.
 */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkLetter } from '../../src/attendance/upn.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import { addDays, weekdayOf } from '../../src/kernel/time.ts';

export const SCHOOLS = Array.from({ length: 25 }, (_, index) => String(910001 + index));

const HOLIDAYS: readonly (readonly [string, string])[] = [
  ['2025-10-27', '2025-10-31'],
  ['2025-12-22', '2026-01-02'],
  ['2026-02-16', '2026-02-20'],
  ['2026-03-30', '2026-04-10'],
  ['2026-05-25', '2026-05-29'],
];

/** 190 school days of 2025/26, holidays left out. */
export const YEAR_DAYS: readonly string[] = schoolDays('2025-09-08', 190);

function schoolDays(from: string, count: number): string[] {
  const days: string[] = [];
  for (let day = from; days.length < count; day = addDays(day, 1)) {
    const away = HOLIDAYS.some(([first = '', last = '']) => first <= day && day <= last);
    if (weekdayOf(day) <= 5 && !away) days.push(day);
  }
  return days;
}

const YEAR_HEADER =
  'school_urn,pupil_id,upn,surname,forename,year_group,reg_group,date,session,mark,minutes_late,pp,sen\n';

const SURNAMES = [
  'Ashworth',
  'Bello',
  'Carmody',
  'Dhillon',
  'Eriksen',
  'Fairclough',
  'Gill',
  "O'Hare",
] as const;
const FORENAMES = ['Ava', 'Ben', 'Chidi', 'Dana', 'Ezra', 'Farah', 'Gwen', 'Hari'] as const;
const AWAY = ['I', 'I', 'I', 'I', 'M', 'O', 'O', 'G', 'N', 'C', 'E', 'U', 'V', 'B', 'C2'] as const;

/** One pupil's lines over some days. */
function* pupilLines(pupils: number, days: readonly string[], seed: number): Generator<string> {
  const random = seeded(seed);
  for (let index = 0; index < pupils; index += 1) {
    const school = SCHOOLS[index % SCHOOLS.length] ?? '';
    const unique = `91${school.slice(-3)}${String(index).padStart(7, '0')}`;
    const year = 1 + (index % 11);
    const who = `${school},${10_000 + index},${checkLetter(unique)}${unique},${random.pick(SURNAMES)},${random.pick(FORENAMES)},${year},${year}${random.pick(['A', 'B'])},`;
    const end = `,${random.chance(0.27) ? 'Y' : 'N'},${random.chance(0.05) ? 'E' : random.chance(0.14) ? 'K' : 'N'}\n`;
    const often = random.chance(0.12) ? 0.25 : 0.045;
    let text = '';
    for (const day of days) {
      const away = random.chance(often) ? random.pick(AWAY) : undefined;
      const late = !away && random.chance(0.02);
      text += `${who}${day},AM,${away ?? (late ? 'L' : '/')},${late ? random.whole(1, 30) : ''}${end}`;
      text += `${who}${day},PM,${away ?? '\\'},${end}`;
    }
    yield text;
  }
}

/** Writes the file; the number of its rows. */
export async function writeYear(
  path: string,
  parts: { readonly pupils: number; readonly days?: readonly string[]; readonly seed?: number },
): Promise<number> {
  const days = parts.days ?? YEAR_DAYS;
  const out = createWriteStream(path);
  let text = YEAR_HEADER;
  for (const lines of pupilLines(parts.pupils, days, parts.seed ?? 1)) {
    text += lines;
    if (text.length < 1_000_000) continue;
    if (!out.write(text)) await once(out, 'drain');
    text = '';
  }
  out.end(text);
  await once(out, 'finish');
  return parts.pupils * days.length * 2;
}

const CALENDAR = {
  terms: [
    { term: 1, from: '2025-09-01', to: '2025-10-24' },
    { term: 2, from: '2025-11-03', to: '2025-12-19' },
    { term: 3, from: '2026-01-05', to: '2026-02-13' },
    { term: 4, from: '2026-02-23', to: '2026-03-27' },
    { term: 5, from: '2026-04-13', to: '2026-05-22' },
    { term: 6, from: '2026-06-01', to: '2026-07-24' },
  ],
};

type Sample = { readonly schools: readonly Readonly<Record<string, unknown>>[] };
type Tenant = { readonly teams: readonly unknown[] };

/**
 * The sample trust and its tenant with those 25 schools instead of its own, so that the whole service can be measured on
 * them. Writes both files into `folder`; their paths.
 */
export async function writeYearTrust(
  folder: string,
): Promise<{ readonly trust: string; readonly tenant: string }> {
  const sample = parse(await readFile('samples/trust.yaml', 'utf8')) as Sample;
  const tenant = parse(await readFile('samples/tenant.yaml', 'utf8')) as Tenant;
  const schools = SCHOOLS.map((urn, index) => {
    const {
      inset: _,
      closures: __,
      calendar: ___,
      ...like
    } = sample.schools[index % sample.schools.length] ?? {};
    return {
      ...like,
      urn,
      name: `School ${index + 1}`,
      phase: index % 3 === 0 ? 'secondary' : 'primary',
      team: `00000000-0000-4000-8002-000000${urn}`,
      channel: `19:school-${urn}@thread.tacv2`,
    };
  });
  const paths = { trust: join(folder, 'trust.yaml'), tenant: join(folder, 'tenant.yaml') };
  const teams = schools.map(({ team, name, channel, ...school }) => ({
    id: team,
    name,
    members: [(school as Record<string, unknown>).head],
    channels: [{ id: channel, name: 'Attendance' }],
  }));
  await writeFile(
    paths.trust,
    JSON.stringify({ ...sample, schools, calendars: { default: CALENDAR }, milestones: [] }),
  );
  await writeFile(paths.tenant, JSON.stringify({ ...tenant, teams: [...tenant.teams, ...teams] }));
  return paths;
}
