import { strict as assert } from 'node:assert';
import fc from 'fast-check';
import { groupWeek } from '../../test/support/group-weeks.ts';
import { type Element, plainText } from '../cards/elements.ts';
import { cardProblems } from '../cards/size.ts';
import { type NudgeView, nudgeCard } from './card.ts';
import type { GroupWeek } from './fold.ts';
import { gapMove, oneThing } from './insight.ts';
import { overviewLines, type SchoolOverview, trustOverview } from './overview.ts';
import { type Release, releaseWeek, reopenRelease, type WeekCounts } from './release.ts';
import { helpCard, whyCard } from './side-cards.ts';
import { trustCard } from './trust-card.ts';

const TRUST = {
  trustName: 'Tideway',
  week: '2026-W47',
  monday: '2026-11-16',
  helper: 'Sam',
  action: 'thank one school.',
  state: {},
};
const RECEIVED = new Date('2026-11-20T18:00:00Z');

function counts(type: GroupWeek['type'], key: string, pupils: number, absent: number, days = 5): GroupWeek {
  return groupWeek(type, key, { pupils, possible: pupils * (type === 'day' ? 2 : days * 2), absent });
}

/**
 * A week in which 2,000 disadvantaged pupils and 6,000 others missed so many days for every ten: enough of them that a day
 * more is beyond noise.
 */
function week(group: number, others: number, parts: { few?: number; days?: number } = {}): WeekCounts {
  const days = parts.days ?? 5;
  const size = parts.few ?? 2000;
  const absent = [Math.round((group * 2 * size) / 10), others * 2 * 600];
  const all = counts('all', 'all', size + 6000, (absent[0] ?? 0) + (absent[1] ?? 0), days);
  const shut = { ...counts('day', '3', 0, 0), notPossible: 16000 };
  return {
    receivedAt: RECEIVED,
    groups: [
      all,
      counts('pp', 'yes', size, absent[0] ?? 0, days),
      counts('pp', 'no', 6000, absent[1] ?? 0, days),
      ...[1, 2, 3, 4, 5].map((day) =>
        day === 3 && days === 4 ? shut : counts('day', String(day), size + 6000, 400),
      ),
    ],
  };
}

function release(
  now: WeekCounts,
  before?: WeekCounts,
  more: Partial<Parameters<typeof releaseWeek>[0]> = {},
): Release {
  return releaseWeek({
    schoolUrn: '100001',
    schoolName: 'Harbour Primary',
    week: '2026-W47',
    threshold: 10,
    counts: now,
    before: before && { release: release(before), adjacent: true },
    ...more,
  });
}

function view(made: Release, more: Partial<NudgeView> = {}): NudgeView {
  return {
    release: made,
    face: 'channel',
    today: '2026-11-23',
    helper: 'Sam',
    action: oneThing(made),
    state: {},
    queried: false,
    history: [],
    ...more,
  };
}

function text(made: Release, more: Partial<NudgeView> = {}): string {
  const card = nudgeCard(view(made, more));
  assert.deepEqual(cardProblems(card), []);
  return plainText(card.content.body as Element[]);
}

describe('the attendance card', () => {
  it('speaks of days, puts disadvantaged pupils first, and makes one comparison and one suggestion', () => {
    const lines = text(release(week(5, 2), week(6, 2))).split('\n');
    assert.deepEqual(lines, [
      'Harbour Primary, last week (early figures)',
      'For every 10 pupils, those experiencing disadvantage missed 5 days between them; others missed 2.',
      'The week before, counted the same way: 6 and 2. The gap is smaller. Good to see; not yet a trend.',
      'Whole school: 95 in every 100 sessions attended, about the same as before.',
      'One thing this week: ask one family what helped, and do it for another.',
    ]);
  });

  it('says what the gap did in every case, in words that fit the numbers beside them', () => {
    const cases: readonly (readonly [number, number, number, number, RegExp])[] = [
      [6, 2, 5, 2, /The gap is smaller\. Good/],
      [5, 2, 7, 2, /The gap is wider/],
      [5, 2, 5, 2, /5 and 2\. No change/],
      [5, 1, 5, 3, /smaller because others missed more/],
      [6, 4, 5, 2, /others more so: the gap is wider/],
      [6, 4, 4, 3, /Both missed less/],
      [4, 2, 6, 3, /Both missed more/],
    ];
    for (const [groupBefore, othersBefore, group, others, expected] of cases)
      assert.match(text(release(week(group, others), week(groupBefore, othersBefore))), expected);
  });

  it('agrees in number and never speaks of nothing as a number of days', () => {
    assert.match(text(release(week(1, 0.4))), /missed 1 day between them; others missed less than one\./);
    assert.match(text(release(week(3, 3))), /and others alike missed 3 days between them/);
    assert.match(text(release(week(0, 2))), /hardly a session was missed, .* still come first/);
  });

  it('never says that all of a hundred sessions were attended', () => {
    assert.match(text(release(week(0, 0))), /Whole school: almost every session was attended\./);
  });

  it('hides a small group kindly, with no figure of it anywhere', () => {
    const made = release(week(5, 2, { few: 8 }), week(6, 2, { few: 8 }));
    const said = text(made);
    assert.match(said, /Too few pupils are in one group.*They still come first/);
    assert.doesNotMatch(said, /missed \d|between them/);
    assert.equal(made.gap, null);
    assert.equal(made.before?.gap, null);
    assert.doesNotMatch(JSON.stringify(nudgeCard(view(made))), /\b8\b/);
  });

  it('does not compare with a week in which the group was too small to show', () => {
    assert.match(
      text(release(week(5, 2), week(6, 2, { few: 8 }))),
      /no week before it to compare with fairly/,
    );
  });

  it('names a short week and a closure, and compares weeks of different lengths by the same days', () => {
    const made = release(week(4, 2, { days: 4 }), week(5, 2));
    assert.match(text(made), /last week, a 4-day week \(early figures\)/);
    assert.match(text(made), /Wednesday’s closure is not counted/);
    assert.deepEqual([made.before?.gap?.disadvantaged, made.before?.gap?.others], [4, 2]);
  });

  it('says when a holiday lies before the week that it compares with', () => {
    const before = { release: release(week(6, 2)), adjacent: false };
    assert.match(
      text(release(week(5, 2), undefined, { before })),
      /The last school week before it, counted the same way: 6/,
    );
  });

  it('stops calling figures early after two weeks, and "last week" after one', () => {
    assert.match(
      text(release(week(5, 2)), { today: '2026-11-30' }),
      /Harbour Primary, week of 16 November \(early/,
    );
    assert.match(
      text(release(week(5, 2)), { today: '2026-12-07' }),
      /^Harbour Primary, week of 16 November\n/,
    );
  });

  it('says when the file does not tell who is disadvantaged', () => {
    const unknown = { ...week(5, 2), groups: week(5, 2).groups.filter((group) => group.type !== 'pp') };
    assert.match(text(release(unknown)), /does not say who experiences disadvantage/);
  });

  it('keeps names and school names from being read as links or mentions', () => {
    const made = release(week(5, 2), undefined, { schoolName: '<at>All</at> [x](http://x)' });
    const card = nudgeCard(
      view(made, { helper: '*Sam*', state: { outcome: { choice: 'done', by: '_Tom_', on: '2026-11-23' } } }),
    );
    assert.doesNotMatch(JSON.stringify(card.content), /<at>|[^\\]\[x\]|[^\\]_Tom/);
  });

  it('shows what was chosen and takes those buttons away', () => {
    const state = {
      outcome: { choice: 'not-this-week' as const, by: 'Tom Reed', on: '2026-11-23' },
      helpAsked: { by: 'Bea Hall' },
    };
    const card = nudgeCard(view(release(week(5, 2), week(6, 2)), { state }));
    assert.deepEqual(cardProblems(card), []);
    assert.match(
      card.text,
      /Not this week: Tom Reed, Monday 23 November\. That is fine\. .*\nBea Hall asked Sam for help\./,
    );
    const labels = (card.content.actions as { title: string }[]).map((action) => action.title);
    assert.deepEqual(labels, ['More']);
  });

  it('gives a head alone the year, last year, support needs and the registers, in at most three things before "More"', () => {
    const unexplained = (made: WeekCounts): WeekCounts => ({
      ...made,
      groups: made.groups.map((group) => (group.type === 'all' ? { ...group, unexplained: 24 } : group)),
    });
    const reasonsDue = {
      first: '2026-11-16',
      firstDue: '2026-11-23',
      last: '2026-11-20',
      lastDue: '2026-11-27',
    };
    const made = release(unexplained(week(5, 2)), week(6, 2), { lastYear: release(week(6, 3)), reasonsDue });
    const card = nudgeCard(view(made, { face: 'head', freshStart: true }));
    assert.deepEqual(cardProblems(card), []);
    assert.match(card.text, /A new term, and a fresh start for everybody\.\n/);
    assert.match(card.text, /Registers: 24 absences still wait for a reason\./);
    const all = JSON.stringify(card.content);
    assert.match(
      all,
      /24 absences wait for a reason\. For Monday it is due by Monday 23 November, for Friday by Friday 27 November\. Without one they count as unauthorised\./,
    );
    // Without absences that wait, nor their days.
    assert.equal(release(week(5, 2), undefined, { reasonsDue }).reasonsDue, null);
    assert.match(all, /The same week last year: 92\.\d%/);
    const inChannel = JSON.stringify(nudgeCard(view(made)).content);
    assert.doesNotMatch(inChannel, /wait for a reason|same week last year/);
  });

  it('draws six weeks’ line for a head from three weeks on, with the same in words', () => {
    const history = [week(6, 2), week(5, 3), week(4, 2)].map((one) => release(one));
    const chartOf = (more: Partial<NudgeView>) =>
      (nudgeCard(view(release(week(5, 2)), more)).content.body as Element[]).find((element) =>
        element.type.startsWith('Chart.'),
      );
    assert.match(
      JSON.stringify(chartOf({ face: 'head', history })?.fallback),
      /6 and 2; .*5 and 3; .*4 and 2; .*5 and 2\./,
    );
    assert.equal(chartOf({ face: 'head', history: history.slice(0, 1) }), undefined);
    assert.equal(chartOf({ history }), undefined);
  });

  it('tells in the notification neither a figure nor a group', () => {
    assert.equal(
      nudgeCard(view(release(week(5, 2)))).summary,
      'Harbour Primary: attendance last week, and one thing to try',
    );
  });

  it('turns over to how it was made, within the same limits, and back', () => {
    const lastYear = release(week(6, 3));
    const card = whyCard(view(release(week(5, 2), week(6, 2), { lastYear })), 'Friday 20 November at 18:00');
    assert.deepEqual(cardProblems(card), []);
    assert.match(card.text, /80,000 possible sessions.*Friday 20 November at 18:00/);
    assert.match(
      card.text,
      /94\.5% of sessions attended; 94\.0% the week before; 92\.5% in the same week last year/,
    );
    assert.deepEqual(cardProblems(helpCard(release(week(5, 2)), 'call home.', 'Tom Reed', '2026-11-23')), []);
  });

  it('sets published figures beside the school’s, with their source and date, the nearest area and the country', () => {
    const benchmark = (area: string, level: 'national' | 'local-authority', attendance: string) => ({
      area,
      level,
      period: '2025-W47',
      sameWeek: true,
      attendance,
      source: 'DfE, Pupil attendance in schools',
      published: '2025-12-04',
    });
    const benchmarks = [
      benchmark('Bath and North East Somerset', 'local-authority', '95.1'),
      benchmark('England', 'national', '94.7'),
    ];
    const card = whyCard(
      view(release(week(5, 2), week(6, 2), { benchmarks, phase: 'primary', lastYear: release(week(6, 3)) })),
      'Friday 20 November at 18:00',
    );
    assert.match(
      JSON.stringify(card.content),
      /Primary schools in the same week last year: Bath and North East Somerset 95\.1% and England 94\.7% \(DfE, Pupil attendance in schools, 4 December 2025\)\./,
    );
    assert.deepEqual(cardProblems(card), []);
  });

  it('keeps to the limits of a card whatever the figures', () => {
    const days = fc.nat(40);
    fc.assert(
      fc.property(days, days, days, days, fc.nat(60), (group, others, groupBefore, othersBefore, few) => {
        const made = release(week(group, others, { few }), week(groupBefore, othersBefore, { few }));
        assert.equal(cardProblems(nudgeCard(view(made))).length, 0);
        assert.equal(made.gap === null, made.gapHidden !== null);
        assert(made.gap === null || few >= 10);
        assert.equal(gapMove(made) === null, made.gap === null || made.before?.gap === null);
        assert.deepEqual({ ...reopenRelease(JSON.parse(JSON.stringify(made))) }, { ...made });
      }),
    );
  });
});

describe('the one thing', () => {
  it('puts a wider gap first, then what stands out beyond noise', () => {
    const busyFriday = (made: WeekCounts): WeekCounts => ({
      ...made,
      groups: made.groups.map((group) =>
        group.type === 'day' && group.key === '5' ? counts('day', '5', 8000, 2400) : group,
      ),
    });
    assert.match(oneThing(release(busyFriday(week(5, 2)), week(5, 2))), /what makes Fridays hard/);
    assert.match(oneThing(release(busyFriday(week(7, 2)), week(5, 2))), /greet first/);
    assert.match(oneThing(release(week(5, 2), week(5, 2))), /one call home/);
    const years: WeekCounts = {
      ...week(5, 2),
      groups: [...week(5, 2).groups, counts('year', '5', 240, 240), counts('year', '6', 560, 200)],
    };
    assert.match(oneThing(release(years, week(5, 2))), /the Year 5 team/);
    assert.match(
      oneThing(release(busyFriday(years), week(5, 2))),
      /one Friday barrier to remove with Year 5 families/,
    );
  });

  it('never points to a year group of fewer than ten, or to the one that hides it', () => {
    const years: WeekCounts = {
      ...week(5, 2),
      groups: [...week(5, 2).groups, counts('year', '5', 9, 60), counts('year', '6', 191, 20)],
    };
    assert.equal(release(years).standOutYear, null);
  });
});

describe('the trust’s overview', () => {
  it('counts what gaps did, says who waits and why, and keeps to the limits of a card', () => {
    const school = (name: string, made?: Release) =>
      made
        ? { schoolUrn: name, name, release: made }
        : { schoolUrn: name, name, note: '84.0% of marks are in' };
    const schools = [
      school('A', release(week(5, 2), week(6, 2))),
      school('B', release(week(5, 2), week(5, 2))),
      school('C', release(week(7, 2), week(5, 2))),
      school('D', release(week(5, 2, { few: 8 }), week(5, 2))),
      school('E'),
    ];
    const view = { ...TRUST, schools, queried: new Set(['C']) };
    const card = trustCard(view);
    assert.deepEqual(cardProblems(card), []);
    assert.match(card.text, /the gap narrowed in A, held in B and widened in C\./);
    assert.match(card.text, /Too few pupils.*: D\.\nE: no figures, 84\.0% of marks are in\./);
    const each = JSON.stringify(card.content);
    assert.match(
      each,
      /- C: 9\d in every 100 attended; days missed for every 10 pupils 7, others 2; being checked/,
    );
    assert.match(each, /- D: .*too few pupils to compare/);
    // The chart shows the schools that show a gap, and its words say the same.
    const chart = (card.content.body as Element[]).find((element) => element.type.startsWith('Chart.'));
    assert.match(JSON.stringify(chart?.fallback), /A 5 and 2; B 5 and 2; C 7 and 2\./);
  });

  it('counts schools instead of naming them where there are many', () => {
    const many = Array.from({ length: 25 }, (_, index) => ({
      schoolUrn: String(index),
      name: `School ${index}`,
      ...(index % 2 ? { release: release(week(5, 2), week(6, 2)) } : { note: '84.0% of marks are in' }),
    })) as SchoolOverview[];
    assert.deepEqual(overviewLines(trustOverview(many)), [
      'Disadvantage first: the gap narrowed in 12 schools.',
      '13 schools have no figures yet.',
    ]);
    const card = trustCard({ ...TRUST, schools: many, queried: new Set() });
    assert.deepEqual(cardProblems(card), []);
  });
});
