/** How quickly the store of the years' bench answers once its year is over: a past day, an export, a trend, what leaders open. */
import { sql } from 'kysely';
import type { App } from '../src/app.ts';
import { must } from '../src/kernel/guards.ts';
import { stopwatch } from '../src/kernel/time.ts';
import type { Db } from '../src/storage/database.ts';
import { type Day, dateText } from '../test/support/asks-oracle.ts';
import { at } from './years-presses.ts';
import { CEO, FIRST_DAY, LAST_DAY, personId } from './years-world.ts';

const QUERY_MS = 2_000;
const SUMMARY_MS = 300;
/** Each is run once to warm up and then so often; the middle one counts, since others use the machine as well. */
const RUNS = 5;

/** Adds a figure and a bar for each. `lastDay`: of the part of the year that was lived. */
export async function measureYear(
  name: string,
  year: { readonly app: App; readonly db: Db; readonly lastDay: Day; say(line: string): void },
  {
    figures,
    bars,
  }: { readonly figures: Record<string, number | string>; readonly bars: Record<string, boolean> },
): Promise<void> {
  const { app, db, say } = year;
  const end = at(LAST_DAY, '16:00');
  const leader = { personId: CEO, name: 'Chief' };
  const manager = { personId: personId(1000), name: '' };
  const past = dateText(Math.min(year.lastDay, FIRST_DAY + 199) - 9);
  const measured: readonly (readonly [what: string, bar: number, work: () => Promise<unknown>])[] = [
    ['HistoryMs', QUERY_MS, () => app.checkins.summaryAt(past, end)],
    ['ExportMs', QUERY_MS, () => app.checkins.report(dateText(LAST_DAY))],
    ['TrendMs', QUERY_MS, () => app.checkins.request('trend of milestone m00000 is reached', leader, end)],
    ['ExportOfferMs', QUERY_MS, () => app.checkins.request('export milestones', leader, end)],
    ['SummaryMs', SUMMARY_MS, () => app.checkins.summary(end)],
    ['LeaderCardMs', SUMMARY_MS, () => app.digests.onDemand(leader, end)],
    ['ManagerCardMs', SUMMARY_MS, () => app.checkins.approvals(manager, end)],
    ['OwnWorkMs', SUMMARY_MS, () => app.checkins.mine(manager, end)],
  ];
  await keepHouse(db);
  for (const [what, bar, work] of measured) {
    await work();
    const times: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      const elapsed = stopwatch();
      await work();
      times.push(elapsed());
    }
    const took = Math.round(must(times.toSorted((one, other) => one - other)[RUNS >> 1], 'a time'));
    figures[`${name}${what}`] = took;
    bars[`${name} year: ${what.replace(/Ms$/, '').toLowerCase()} within ${bar} ms`] = took <= bar;
    say(`${name}: ${what.replace(/Ms$/, '')} ${took} ms (slowest ${Math.round(Math.max(...times))})`);
  }
}

/** What the database does by itself in the nights of a year, for the tables of this run alone. */
async function keepHouse(db: Db): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema()`.execute(db);
  for (const { name } of rows) await sql`vacuum (analyse) ${sql.id(name)}`.execute(db);
}
