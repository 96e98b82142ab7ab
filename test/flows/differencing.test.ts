import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import { addDays, dateWithYear, mondayOf } from '../../src/kernel/time.ts';
import { difference, type Told, WEAKNESSES, type Weakness } from '../support/differencing.ts';
import { cellsFigure, cellsPair, figureIn, itemOf, needsIn, shareIn } from '../support/figures-read.ts';
import { mondayTold, seeing } from '../support/figures-seen.ts';
import { weeksOf, worldsOf, writeFigures } from '../support/figures-world.ts';
import { openHighs } from '../support/highs.ts';
import { useService } from '../support/service.ts';

const SEEDS = [1, 2, 3, 4];
const TODAY = '2026-11-27';
const ENDS = /hardly a session was missed/;

describe('what a leader can read of a trust on all surfaces and days together', () => {
  const service = useService({ documents: false });

  /** Everything that the words of cards, answers and reports tell, once each. */
  async function readAll(seed: number): Promise<Told[]> {
    const { instance, store } = service();
    const { trust } = instance;
    await writeFigures(store.db, trust, seed, TODAY);
    const at = seeing(instance, new Date(`${TODAY}T16:00:00Z`));
    const leader = must(trust.leaders[0], 'a leader');
    const mondays = weeksOf(seed).map(mondayOf);
    const told = new Map<string, Told>();
    const note = (place: string, monday: string, kind: Told['kind'], is: unknown) => {
      const week = mondays.indexOf(monday);
      const school = trust.schools.find(({ name }) => name === place)?.urn ?? 'trust';
      if (is !== undefined && is !== false && week >= 0)
        told.set(`${school} ${week} ${kind}`, { school, week, kind });
    };
    const words = (place: string, monday: string, text: string) => {
      const { attended, days } = figureIn(text);
      note(place, monday, 'school', attended);
      note(place, monday, 'gap', days);
    };
    const digest = (card: { texts: readonly string[]; all: string }, today: string) => {
      for (const { name } of trust.schools) {
        const line = itemOf(card.texts, name);
        if (line !== undefined) words(name, mondayTold(line, card.all, today), line);
      }
      const lines = card.texts.filter((text) => /^Disadvantage first|together: /.test(text)).join('\n');
      words('', mondayTold('', card.all, today), lines);
    };
    digest(await at.digest(leader), TODAY);
    for (const monday of mondays) {
      for (const day of [7, 8, 13]) {
        const date = addDays(monday, day);
        if (date < TODAY) digest(await at.request(leader, `digest on ${date}`), date);
      }
      const when = `in the week of ${dateWithYear(monday)}`;
      words('', monday, (await at.answer(leader, `How was attendance across the trust ${when}?`)).all);
      for (const { name } of trust.schools) {
        const said = (await at.answer(leader, `How was attendance at ${name} ${when}?`)).all;
        words(name, monday, said.replace(/^The week before.*$/m, ''));
        note(name, monday, 'year', shareIn(/This school year so far: .*/.exec(said)?.[0] ?? ''));
        note(name, monday, 'ends', ENDS.test(said));
        const needs = (await at.answer(leader, `How was attendance of SEND pupils at ${name} ${when}?`)).all;
        note(name, monday, 'send', needsIn(needs));
      }
    }
    for (const term of [1, 2]) {
      const { sheets } = await at.report(undefined, term);
      for (const [name = '', monday = '', attended, days, needs] of sheets.get('Week by week')?.slice(1) ??
        []) {
        const figure = cellsFigure(attended, days);
        note(name, monday, 'school', figure.attended);
        note(name, monday, 'gap', figure.days);
        note(name, monday, 'send', cellsPair(needs));
      }
      for (const row of sheets.get('Attendance by school')?.slice(1) ?? [])
        note(row[0] ?? '', row[1] ?? '', 'year', row[5] || undefined);
    }
    return [...told.values()];
  }

  const weak = new Map<Weakness, number>();
  for (const seed of SEEDS)
    it(`lets no small group be worked out: trust ${seed}`, async function () {
      this.timeout(240_000);
      const told = await readAll(seed);
      for (const kind of ['school', 'year'] as const)
        assert.ok(
          told.some((one) => one.kind === kind),
          `${kind} was read`,
        );
      const highs = await openHighs();
      const worlds = worldsOf(service().instance.trust, seed);
      const found = difference(worlds, told, highs);
      assert.deepEqual(
        found.recovered,
        [],
        `${told.length} figures, ${found.groups} groups, ${found.programs} by program`,
      );
      assert.ok(
        found.groups > 100 && found.programs > 0,
        `${found.groups} groups, ${found.programs} programs`,
      );
      for (const weakness of WEAKNESSES) {
        const { recovered } = difference(worlds, told, highs, weakness);
        weak.set(weakness, (weak.get(weakness) ?? 0) + recovered.length);
      }
    });

  it('would be found out without a defence: schools from the trust, a group from all, weeks from the year', () => {
    for (const weakness of WEAKNESSES) assert.ok((weak.get(weakness) ?? 0) > 0, weakness);
  });
});
