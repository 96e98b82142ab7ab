import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { foldText } from '../../test/support/marks.ts';
import { attendanceRate } from '../attendance/engine.ts';
import type { FoldedWeek } from '../attendance/fold.ts';
import { totalsOfGroup } from '../attendance/imports.ts';
import { percent } from '../attendance/rates.ts';
import { isUpn } from '../attendance/upn.ts';
import { loadTrust } from '../config/load.ts';
import type { Trust } from '../config/trust.ts';
import { type SampleMarksFile, writeSampleMarks } from './marks.ts';

describe('the sample marks', () => {
  let trust: Trust;
  let dir: string;
  let files: SampleMarksFile[];
  const weeks: (FoldedWeek & { readonly file: string })[] = [];
  const texts: string[] = [];

  before(async () => {
    trust = await loadTrust('samples/trust.yaml');
    dir = await mkdtemp(join(tmpdir(), 'waymark-marks-'));
    files = await writeSampleMarks(trust, dir);
    for (const file of files) {
      const text = await readFile(file.path, 'utf8');
      texts.push(text);
      const folded = foldText(text, { schools: new Set([file.schoolUrn]), today: '2026-11-21' });
      weeks.push(...folded.map((week) => ({ ...week, file: file.path })));
    }
  });
  after(() => rm(dir, { recursive: true }));

  function school(name: string): string {
    return trust.schools.find((one) => one.name === name)?.urn ?? assert.fail(name);
  }

  function group(name: string, week: string, type: string, key: string, of = 'first') {
    const held = weeks.filter((one) => one.schoolUrn === school(name) && one.week === week);
    const found = (of === 'first' ? held[0] : held.at(-1))?.groups.find(
      (one) => one.type === type && one.key === key,
    );
    return found ?? assert.fail(`${name} ${week} ${type} ${key}`);
  }

  function absence(name: string, week: string, type: string, key: string): number {
    const totals = totalsOfGroup(group(name, week, type, key));
    return totals.absent / totals.possible;
  }

  it('are of 1,500 pupils, for 70 sessions of this term and the same of last year', () => {
    const on = weeks.filter((week) => week.week === '2026-W46' && !week.file.includes('corrected'));
    const pupils = on.reduce(
      (sum, week) => sum + (week.groups.find((one) => one.type === 'all')?.pupils ?? 0),
      0,
    );
    assert.equal(pupils, 1500);
    const harbour = weeks.filter((week) => week.schoolUrn === school('Harbour Primary'));
    const days = (year: string) =>
      harbour.filter((week) => week.week.startsWith(year)).flatMap((week) => week.dates);
    assert.equal(days('2026').length * 2, 70);
    assert.equal(days('2025').length * 2, 70);
    assert.equal(days('2026').at(-1), '2026-11-20');
  });

  it('are in proportions like England’s, by phase', () => {
    const rate = (phase: string) => {
      const urns = trust.schools.filter((one) => one.phase === phase).map((one) => one.urn);
      const totals = weeks
        .filter((week) => urns.includes(week.schoolUrn))
        .flatMap((week) => week.groups.filter((one) => one.type === 'all').map(totalsOfGroup))
        .reduce((sum, one) => ({ possible: sum.possible + one.possible, absent: sum.absent + one.absent }));
      return Number(percent(attendanceRate(totals), 1));
    };
    const near = (phase: string, expected: number) =>
      assert(Math.abs(rate(phase) - expected) < 1.2, `${phase} ${rate(phase)}`);
    near('primary', 94.7);
    near('secondary', 91.5);
    near('special', 86.8);
  });

  it('tell their stories', () => {
    const gap = (name: string, week: string) =>
      absence(name, week, 'pp', 'yes') - absence(name, week, 'pp', 'no');
    assert(gap('Harbour Primary', '2026-W47') < gap('Harbour Primary', '2026-W46') - 0.015);
    assert.equal(group('Lantern Primary', '2026-W47', 'pp', 'yes').pupils, 8);
    assert(gap('Quayside Academy', '2026-W47') > gap('Quayside Academy', '2026-W46') + 0.015);
    for (const key of ['yes', 'no'])
      assert(
        absence('Sandpiper Primary', '2026-W47', 'pp', key) <
          absence('Sandpiper Primary', '2026-W46', 'pp', key) - 0.01,
      );
    const late = group('Kingfisher Academy', '2026-W47', 'all', 'all');
    assert(late.missing / (late.missing + totalsOfGroup(late).possible) > 0.05);
    const snow = group('Saltmarsh Primary', '2026-W47', 'day', '3');
    assert.deepEqual([totalsOfGroup(snow).possible, snow.notPossible], [0, 360]);
    const first = totalsOfGroup(group('Quayside Academy', '2026-W46', 'all', 'all'));
    const corrected = totalsOfGroup(group('Quayside Academy', '2026-W46', 'all', 'all', 'last'));
    assert.equal(first.absent - corrected.absent, 14);
  });

  it('hold valid pupil numbers, one a pupil, and are the same each time', async () => {
    const upns = new Set(
      texts.flatMap((text) => [...text.matchAll(/^\d+,\d+,([^,]*),/gm)].map((match) => match[1] ?? '')),
    );
    assert(upns.size > 1500);
    assert.deepEqual(
      [...upns].filter((upn) => !isUpn(upn)),
      [],
    );
    const again = await writeSampleMarks(trust, dir);
    assert.deepEqual(again, files);
    assert.equal(await readFile(files[0]?.path ?? '', 'utf8'), texts[0]);
  });

  it('come in the order in which they were received', () => {
    const times = files.map((file) => file.receivedAt.getTime());
    assert.deepEqual(
      times,
      times.toSorted((left, right) => left - right),
    );
  });
});
