import { strict as assert } from 'node:assert';
import { must } from '../../src/kernel/guards.ts';
import { seeded } from '../../src/kernel/seeded.ts';
import { addDays, dateWithYear, mondayOf, weekdayOf, weekOf } from '../../src/kernel/time.ts';
import {
  type Counts,
  cellsFigure,
  cellsPair,
  countsIn,
  type Figure,
  figureIn,
  itemOf,
  movesIn,
  needsIn,
  rowOf,
  shareIn,
  tableOf,
  totalOf,
} from '../support/figures-read.ts';
import { mondayTold, type ReportSeen, type Seen, seeing } from '../support/figures-seen.ts';
import { writeFigures } from '../support/figures-world.ts';
import { useService } from '../support/service.ts';

/** Each with figures of its own, on a day of its own. */
const DRAWS = 12;
const [FROM, DAYS] = ['2026-10-05', 60];
/** Last week was a holiday: figures are of the week before it. */
const AFTER_HALF_TERM = '2026-11-02';
const TOGETHER = /^(?:All schools together|(\d+) of (\d+) schools(?: together)?)$/;

describe('every figure for the same scope and date', () => {
  // The sample's heads lead the trust too; here each has one school alone.
  const service = useService({
    documents: false,
    trust: (trust) => {
      const heads = new Set(trust.schools.map(({ head }) => head));
      trust.leaders = trust.leaders.filter((id) => !heads.has(id));
    },
  });
  const tally = {
    shares: 0,
    gaps: 0,
    hidden: 0,
    needs: 0,
    years: 0,
    counts: 0,
    moves: 0,
    bars: 0,
    past: 0,
    parts: 0,
  };

  function same(one: Figure, other: Figure, where: string): void {
    assert.deepEqual(one, other, where);
    tally.shares += Number(other.attended !== undefined);
    tally.gaps += Number(other.days !== undefined);
    tally.hidden += Number(other.days === undefined);
  }

  /** The newest week of a school: both files of the report, both cards, the answers in chat. */
  async function aboutSchool(
    { name, head }: { readonly name: string; readonly head: string },
    { now, today, card, report, leader, at }: Drawn,
  ): Promise<void> {
    const where = `${today}, ${name}`;
    const ask = async (words: string) => (await at.answer(leader, words)).all;
    const sheet = rowOf(report.sheets.get('Attendance by school'), name);
    const cells = rowOf(tableOf(report, 'School'), name);
    const file = cellsFigure(cells[1], cells[2]);
    same(cellsFigure(sheet[2], sheet[3]), file, `${where}: document and spreadsheet`);
    if (sheet[1]) {
      const row = rowOf(report.sheets.get('Week by week'), name, sheet[1]);
      same(cellsFigure(row[2], row[3]), file, `${where}: the newest of the weeks`);
      const named = await ask(`How was attendance at ${name} in the week of ${dateWithYear(sheet[1])}?`);
      same(figureIn(named), file, `${where}: report and chat of ${sheet[1]}\n${named}`);
      await aboutNeedsAndYear(name, sheet, cells, ask);
    }
    const line = itemOf(card.texts, name);
    if (line === undefined) return;
    const monday = mondayTold(line, card.all, today);
    const asked = await ask(`How was attendance at ${name} in the week of ${dateWithYear(monday)}?`);
    same(figureIn(asked), figureIn(line), `${where}: chat and card of ${monday}\n${asked}\n${line}`);
    if (sheet[1] === monday) same(file, figureIn(line), `${where}: report and card\n${line}`);
    const own = await seeing(service().instance, now).digest(head);
    const told = figureIn(own.all);
    assert.deepEqual(
      { ...figureIn(line), ...told },
      figureIn(line),
      `${where}: the head's\n${own.all}\n${line}`,
    );
    if (Object.keys(figureIn(line)).length > 0)
      assert.ok(told.attended ?? told.days, `${where}: the head is told something\n${own.all}`);
  }

  async function aboutNeedsAndYear(
    name: string,
    sheet: readonly string[],
    cells: readonly string[],
    ask: (words: string) => Promise<string>,
  ): Promise<void> {
    const when = `in the week of ${dateWithYear(sheet[1] ?? '')}`;
    const needs = await ask(`How was attendance of SEND pupils at ${name} ${when}?`);
    assert.equal(needsIn(needs), cellsPair(sheet[4]), `${name} ${when}: ${sheet.join('|')}\n${needs}`);
    assert.equal(cellsPair(cells[3]), cellsPair(sheet[4]), `${name}: needs in both files`);
    tally.needs += Number(cellsPair(sheet[4]) !== undefined);
    const chat = await ask(`How was attendance at ${name} ${when}?`);
    const year = /This school year so far: ([^.]+)/.exec(chat)?.[1];
    if (!year || !sheet[5]) return;
    const [, share = '', bound = ''] = /^([\d.]+)( or more| or fewer)?$/.exec(sheet[5]) ?? [];
    const said = shareIn(year) ?? '';
    // Both are rounded from the same sessions, one of them to a decimal.
    assert.ok(Math.abs(Number.parseInt(said, 10) - Number(share)) <= 0.55, `${name}: ${sheet[5]}\n${chat}`);
    assert.equal(said.replace(/^\d+/, ''), bound, `${name}: ${sheet[5]}\n${chat}`);
    assert.ok(cells.includes(`${share}%${bound}`), `${name}: the year so far in both files`);
    tally.years += 1;
  }

  /** All schools together. */
  async function aboutTrust({ today, card, report, leader, at, trust }: Drawn): Promise<void> {
    const rows = report.sheets.get('Week by week') ?? [];
    const newest = rows.findLast(([name = '']) => TOGETHER.test(name));
    const cells = tableOf(report, 'School').findLast(([name = '']) => TOGETHER.test(name)) ?? [];
    assert.equal(cells[0], newest?.[0], `${today}: how many schools, in both files`);
    const file = cellsFigure(cells[1], cells[2]);
    if (newest) same(cellsFigure(newest[2], newest[3]), file, `${today}: the trust's in both files`);
    const line = card.texts.filter((text) => /^Disadvantage first|together: /.test(text)).join('\n');
    const told = figureIn(line);
    const monday = mondayTold('', card.all, today);
    const asked = (
      await at.answer(leader, `How was attendance across the trust in the week of ${dateWithYear(monday)}?`)
    ).all;
    same(figureIn(asked), told, `${today}: the trust's, chat and card of ${monday}\n${asked}\n${line}`);
    if (newest?.[1] === monday) same(file, told, `${today}: the trust's, report and card`);
    for (const [name = '', week = '', attended = ''] of rows.filter(([one = '']) => TOGETHER.test(one))) {
      const own = rows.filter(
        (row) => row[1] === week && !TOGETHER.test(row[0] ?? '') && shareIn(row[2] ?? ''),
      );
      const missing = Number(own.length < trust.schools.length);
      tally.parts += missing;
      assert.equal(TOGETHER.exec(name)?.[1] === undefined, missing === 0, `${today}: ${name}, ${week}`);
      if (!shareIn(attended)) continue;
      const said = (
        await at.answer(leader, `How was attendance across the trust in the week of ${dateWithYear(week)}?`)
      ).all;
      if (!/taken back/.test(said))
        assert.ok(said.includes(`${name}: `), `${today}: ${name}, ${week}\n${said}`);
    }
    if (figureIn(asked).attended && /^Disadvantage first.*every 10/m.test(line))
      assert.equal(/Early figures/.test(line), /early figures/.test(asked), `${today}: ${asked}\n${line}`);
    const plain = (await at.answer(leader, 'How is attendance across the trust?')).all;
    if (!/taken back/.test(plain) && told.attended)
      same(figureIn(plain), told, `${today}: the trust's, asked without a week\n${plain}\n${line}`);
  }

  /** Milestones by priority: statuses, what moved since last term, and their sums. */
  async function aboutMilestones({ today, card, report, leader, at, trust }: Drawn): Promise<void> {
    const [table, sheet] = [tableOf(report, 'Priority'), report.sheets.get('Priorities') ?? []];
    const sum: Counts = { onTrack: 0, atRisk: 0, offTrack: 0, notYet: 0 };
    const moved = { up: 0, down: 0 };
    for (const { name } of trust.priorities) {
      const where = `${today}, ${name}`;
      const [cells, numbers] = [rowOf(table, name), rowOf(sheet, name)];
      const line = itemOf(card.texts, name);
      assert.equal(line === undefined, cells.length === 0, where);
      if (line === undefined) continue;
      const [onTrack = 0, atRisk = 0, offTrack = 0, notYet = 0] = numbers.slice(1).map(Number);
      const counts = { onTrack, atRisk, offTrack, notYet };
      assert.deepEqual(countsIn(cells[1] ?? ''), counts, `${where}: document and spreadsheet`);
      assert.deepEqual(countsIn(line.replace(/ \(.*/, '')), counts, `${where}: card and report\n${line}`);
      const said = (await at.standing(leader, `How are we doing on ${name}?`)).all;
      if (onTrack + atRisk + offTrack > 0)
        assert.deepEqual(
          { ...countsIn(said.split('\n')[0] ?? ''), notYet },
          counts,
          `${where}: chat\n${said}`,
        );
      const left = /Not counted: (\d+)/.exec(said)?.[1];
      assert.ok(left === undefined || Number(left) === notYet, `${where}: ${said}`);
      assert.deepEqual(movesIn(cells[2] ?? ''), { up: Number(numbers[6]), down: Number(numbers[7]) }, where);
      for (const key of ['onTrack', 'atRisk', 'offTrack', 'notYet'] as const) sum[key] += counts[key];
      moved.up += Number(numbers[6]);
      moved.down += Number(numbers[7]);
      tally.counts += 1;
    }
    const across = must(
      card.texts.find((text) => /^Milestones(?: across \w+)?: /.test(text)),
      'a line of milestones',
    );
    assert.deepEqual(countsIn(across), sum, `${today}: ${across}`);
    const statuses = Map.groupBy(report.sheets.get('Milestones')?.slice(1) ?? [], (row) => row[3] ?? '');
    const having = (status: string) => statuses.get(status)?.length ?? 0;
    assert.deepEqual(
      {
        onTrack: having('On track'),
        atRisk: having('At risk'),
        offTrack: having('Off track'),
        notYet: having('No approved check-in'),
      },
      sum,
      `${today}: milestones one by one`,
    );
    const compared = (await at.request(leader, 'compare with last term')).all;
    assert.deepEqual(movesIn(compared), moved, `${today}: ${compared}`);
    const [onTrack, atRisk, offTrack] = [
      ...compared.matchAll(/track \d+ then, (\d+) now|risk \d+ then, (\d+) now/g),
    ].map(([, one, other]) => Number(one ?? other));
    assert.deepEqual({ onTrack, atRisk, offTrack, notYet: sum.notYet }, sum, `${today}: ${compared}`);
    tally.moves += moved.up + moved.down;
  }

  /** Pictures say what the words beside them say. */
  function aboutCharts({ today, card }: Drawn): void {
    const dataOf = (type: string) =>
      (card.charts.find((chart) => chart.type === type)?.data ?? []) as {
        legend: string;
        value?: number;
        values?: { x: string; y: number }[];
      }[];
    for (const { legend, value } of dataOf('Chart.Donut')) assert.ok(legend.endsWith(`: ${value}`), legend);
    const ring = dataOf('Chart.Donut').reduce((all, { value = 0 }) => all + value, 0);
    const counts = countsIn(
      must(
        card.texts.find((text) => /^Milestones(?: across \w+)?: /.test(text)),
        'a line',
      ),
    );
    if (ring > 0) assert.equal(ring, totalOf(counts), `${today}: the ring`);
    const [disadvantaged, others] = dataOf('Chart.VerticalBar.Grouped').map(({ values = [] }) => values);
    for (const [index, { x, y }] of (disadvantaged ?? []).entries()) {
      const name = must(
        service().instance.trust.schools.find((school) => school.name.startsWith(x)),
        x,
      ).name;
      assert.equal(
        figureIn(itemOf(card.texts, name) ?? '').days,
        `${y} and ${others?.[index]?.y}`,
        `${today}: the bar ${x}`,
      );
      tally.bars += 1;
    }
  }

  /** The digest as it stood, against the weeks and the answers of that day. */
  async function aboutPast({ report, leader, at, trust, today }: Drawn, date: string): Promise<void> {
    const card = await at.request(leader, `digest on ${date}`);
    for (const { name } of trust.schools) {
      const line = itemOf(card.texts, name);
      if (line === undefined) continue;
      const row = rowOf(report.sheets.get('Week by week'), name, mondayTold(line, card.all, date));
      if (row.length > 0)
        same(cellsFigure(row[2], row[3]), figureIn(line), `${today}: ${name} on ${date}\n${line}`);
      tally.past += Number(row.length > 0);
    }
    for (const { name } of trust.priorities) {
      const said = (await at.standing(leader, `How were we doing on ${name} on ${dateWithYear(date)}?`)).all;
      const counts = countsIn((itemOf(card.texts, name) ?? '').replace(/ \(.*/, ''));
      if (totalOf(counts) > counts.notYet)
        assert.deepEqual(
          { ...countsIn(said.split('\n')[0] ?? ''), notYet: counts.notYet },
          counts,
          `${name} on ${date}\n${said}`,
        );
    }
  }

  /** One school's own report says of it what the trust's says, and its head's card. */
  async function aboutOwnReport({ report, at, trust, today }: Drawn, urn: string): Promise<void> {
    const { name, head } = must(
      trust.schools.find((school) => school.urn === urn),
      'a school',
    );
    const own = await at.report(urn);
    for (const sheet of ['Attendance by school', 'Week by week'])
      for (const row of own.sheets.get(sheet)?.slice(1) ?? [])
        assert.deepEqual(
          row,
          rowOf(report.sheets.get(sheet), name, row[1] ?? ''),
          `${today}, ${name}: ${sheet}`,
        );
    const card = await at.digest(head);
    const part = itemOf(card.texts, `Milestones at ${name}`) ?? itemOf(card.texts, 'Milestones') ?? '';
    const statuses = Map.groupBy(own.sheets.get('Milestones')?.slice(1) ?? [], (row) => row[3] ?? '');
    const having = (status: string) => statuses.get(status)?.length ?? 0;
    assert.deepEqual(
      countsIn(part),
      {
        onTrack: having('On track'),
        atRisk: having('At risk'),
        offTrack: having('Off track'),
        notYet: having('No approved check-in'),
      },
      `${today}, ${name}: ${part}`,
    );
  }

  type Drawn = {
    readonly now: Date;
    readonly today: string;
    readonly leader: string;
    readonly trust: ReturnType<typeof service>['instance']['trust'];
    readonly at: ReturnType<typeof seeing>;
    readonly card: Seen;
    readonly report: ReportSeen;
  };

  for (let draw = 1; draw <= DRAWS; draw += 1)
    it(`is the same in card, chat, document and spreadsheet: draw ${draw}`, async function () {
      this.timeout(60_000);
      const random = seeded(draw * 101);
      const day = draw % 4 === 0 ? addDays(AFTER_HALF_TERM, draw % 3) : addDays(FROM, random.whole(0, DAYS));
      const today = weekdayOf(day) > 5 ? addDays(day, 2) : day;
      const { instance, store } = service();
      const { trust } = instance;
      await writeFigures(store.db, trust, draw, today);
      const now = new Date(`${today}T16:00:00Z`);
      const at = seeing(instance, now);
      const leader = must(trust.leaders[0], 'a leader');
      const drawn: Drawn = {
        now,
        today,
        leader,
        trust,
        at,
        card: await at.digest(leader),
        report: await at.report(),
      };
      for (const school of trust.schools) await aboutSchool(school, drawn);
      await aboutTrust(drawn);
      await aboutMilestones(drawn);
      aboutCharts(drawn);
      const past = addDays(today, -random.whole(1, 35));
      await aboutPast(drawn, past < FROM ? mondayOf(weekOf(FROM)) : past);
      await aboutOwnReport(drawn, random.pick(trust.schools.map(({ urn }) => urn) as [string, ...string[]]));
    });

  it('was seen of figures of every kind', () => {
    for (const [kind, seen] of Object.entries(tally)) assert.ok(seen >= DRAWS / 4, `${kind}: ${seen}`);
  });
});
