/**
 * Draws the attendance cards, the digests and the cards of milestones for the documentation, from invented weeks through the same release and card code as the
 * service: each light, dark, and as wide as a phone. `npm run pictures`; needs Debian's chromium.
 */
import { writeFile } from 'node:fs/promises';
import { type NudgeView, nudgeCard } from '../../src/attendance/card.ts';
import { focusForm } from '../../src/attendance/focus.ts';
import type { GroupWeek } from '../../src/attendance/fold.ts';
import type { WeekReceipt } from '../../src/attendance/imports.ts';
import { oneThing } from '../../src/attendance/insight.ts';
import { receiptCard, refusalCard } from '../../src/attendance/receipt-card.ts';
import { type Release, releaseWeek, type WeekCounts } from '../../src/attendance/release.ts';
import type { ShownGroup } from '../../src/attendance/release-shape.ts';
import { showable } from '../../src/attendance/showable.ts';
import { queryForm, waitOverCard, whyCard } from '../../src/attendance/side-cards.ts';
import { trustCard } from '../../src/attendance/trust-card.ts';
import { releaseTrust, type SchoolShare } from '../../src/attendance/trust-release.ts';
import {
  headListCard,
  listCard,
  type NamedMovement,
  type TutorView,
  tutorCard,
} from '../../src/attendance/tutor-card.ts';
import type { Card } from '../../src/cards/elements.ts';
import { must } from '../../src/kernel/guards.ts';
import { addDays, mondayOf, weekOf } from '../../src/kernel/time.ts';
import { openBrowser, pictureOf } from '../../test/support/browser.ts';
import { groupWeek } from '../../test/support/group-weeks.ts';
import { sampleTrust } from '../../test/support/school.ts';
import { askingCards } from './asking.ts';
import { digestCards } from './digests.ts';
import { milestoneCards } from './milestones.ts';
import { operationsCards } from './operations.ts';

const WEEK = '2026-W47';
const TODAY = '2026-11-23';

function group(type: GroupWeek['type'], key: string, pupils: number, possible: number, absent: number) {
  return groupWeek(type, key, { pupils, possible, absent });
}

/** A week of `sizes` pupils who missed so many days for every ten; Friday and Year 5 missed more when `friday` says so. */
function counts(
  week: string,
  days: readonly [number, number],
  sizes: readonly [number, number],
  friday = false,
): WeekCounts {
  const [group1, group2] = sizes;
  const absent = [Math.round(days[0] * group1 * 0.2), Math.round(days[1] * group2 * 0.2)] as const;
  const all = group1 + group2;
  const missed = absent[0] + absent[1];
  const shares = friday ? [0.15, 0.15, 0.15, 0.15, 0.4] : [0.2, 0.2, 0.2, 0.2, 0.2];
  const years = ['1', '2', '3', '4', '5', '6'];
  const ofYear = (key: string) => (friday && key === '5' ? 0.45 : friday ? 0.11 : 1 / 6);
  return {
    receivedAt: new Date(`${addDays(mondayOf(week), 4)}T17:40:00Z`),
    groups: [
      group('all', 'all', all, all * 10, missed),
      group('pp', 'yes', group1, group1 * 10, absent[0]),
      group('pp', 'no', group2, group2 * 10, absent[1]),
      ...shares.map((share, index) =>
        group('day', String(index + 1), all, all * 2, Math.round(missed * share)),
      ),
      ...years.map((key) =>
        group('year', key, Math.floor(all / 6), Math.floor(all / 6) * 10, Math.round(missed * ofYear(key))),
      ),
    ],
  };
}

/** School weeks up to the pictured one; the half-term break lies between the third and the fourth. */
const WEEKS = [-6, -5, -4, -2, -1, 0].map((weeks) => weekOf(addDays(mondayOf(WEEK), weeks * 7)));

type Days = readonly [number, number];

/** A school's weeks up to the last, each compared with the one before. */
function weeksOf(
  schoolUrn: string,
  schoolName: string,
  sizes: Days,
  days: readonly Days[],
  friday = false,
): Release[] {
  const made: Release[] = [];
  for (const [index, own] of days.entries()) {
    const week = WEEKS.at(index - days.length) ?? WEEK;
    const before = made.at(-1);
    made.push(
      releaseWeek({
        schoolUrn,
        schoolName,
        week,
        threshold: 10,
        counts: counts(week, own, sizes, friday && index === days.length - 1),
        before: before && { release: before, adjacent: true },
      }),
    );
  }
  return made;
}

function viewOf(weeks: readonly Release[], more: Partial<NudgeView> = {}): NudgeView {
  const release = weeks.at(-1);
  if (!release) throw new RangeError('a view needs a week');
  return {
    release,
    face: 'channel',
    today: TODAY,
    helper: 'Sam',
    action: oneThing(release),
    state: {},
    queried: false,
    history: weeks.slice(0, -1),
    ...more,
  };
}

function share(weeks: readonly Release[], held: WeekCounts): SchoolShare {
  const { release } = viewOf(weeks);
  const { all, pp } = showable(held, { threshold: release.threshold, sessions: release.schoolDays * 2 });
  return { release, all, pp };
}

const TUTOR: TutorView = {
  schoolUrn: '900001',
  week: WEEK,
  groups: ['5A'],
  figures: [],
  until: '2026-12-07',
  helper: 'Sam',
  helpAsked: false,
};

function shownGroup(key: string, days: number, before: number): ShownGroup {
  const of = (per10: number) => ({
    figure: { perHundred: 100 - 2 * per10, attendance: `${100 - 2 * per10}.0`, bound: 'exact' as const },
    days: 3 * per10,
    per10: { days: per10, missed: `${2 * per10}.00` },
  });
  return { key, ...of(days), before: of(before) };
}

/** An invented pupil. */
function named(name: string, kind: NamedMovement['kind'], absent: number, group = '5A'): NamedMovement {
  return { pupil: name, name, kind, toDate: { possible: 114, absent }, disadvantaged: true, group };
}

function cards(): Readonly<Record<string, Card>> {
  const harbour = weeksOf(
    '900001',
    'Harbour Primary',
    [150, 270],
    [
      [4, 2],
      [5, 2],
      [6, 2],
      [6, 3],
      [8, 3],
      [5, 2],
    ],
    true,
  );
  const lantern = weeksOf(
    '900002',
    'Lantern Primary',
    [8, 92],
    [
      [4, 2],
      [4, 2],
    ],
  );
  const quayside = weeksOf(
    '900005',
    'Quayside Academy',
    [300, 700],
    [
      [6, 3],
      [9, 3],
    ],
  );
  const kingfisher = weeksOf(
    '900006',
    'Kingfisher Academy',
    [200, 600],
    [
      [5, 3],
      [5, 3],
    ],
  );
  const head = viewOf(harbour, { face: 'head' });
  return {
    'nudge-head': nudgeCard(head),
    'nudge-channel': nudgeCard(viewOf(quayside)),
    'nudge-follow-up': nudgeCard(
      viewOf(kingfisher, {
        follows: { action: 'ask three families what makes Fridays hard, and change one thing.' },
      }),
    ),
    'nudge-small': nudgeCard(viewOf(lantern, { queried: true })),
    'nudge-focus': focusForm(head, [{ id: 'a', name: 'Aisha Rahman' }]),
    'nudge-why': whyCard(head, 'Friday 20 November at 17:40'),
    'nudge-looks-wrong': queryForm(head, 'Carol'),
    'nudge-tutor': tutorCard(TUTOR),
    'nudge-year': tutorCard({
      ...TUTOR,
      schoolUrn: '900005',
      groups: ['8A', '8B', '8C'],
      figures: [shownGroup('8A', 4, 6), shownGroup('8B', 3, 3)],
      follows: true,
    }),
    'nudge-tutor-list': listCard(TUTOR, {
      greet: [
        named('Maisie Tarrant', 'returned', 8),
        named('Haroon Aziz', 'left', 11),
        named('Elsie Rowntree', 'near', 10),
        named('Theo Marchetti', 'crossed', 13),
      ],
      crossed: [named('Haroon Aziz', 'left', 11), named('Theo Marchetti', 'crossed', 13)],
    }),
    'nudge-head-list': headListCard(
      'Harbour Primary',
      `900001/${WEEK}/head`,
      {
        greet: [
          named('Maisie Tarrant', 'returned', 8),
          named('Elsie Rowntree', 'near', 10, '6B'),
          named('Theo Marchetti', 'crossed', 13),
        ],
        crossed: [named('Theo Marchetti', 'crossed', 13)],
      },
      ['Haroon Aziz'],
    ),
    'nudge-wait-over': waitOverCard('Saltmarsh Primary', { sent: false, complete: '71.4' }, 'Pauline'),
    'nudge-trust': trustCard({
      trustName: 'Tideway',
      week: WEEK,
      helper: 'Sam',
      action:
        'bring together one school whose gap narrowed and one whose gap widened, to share what they do.',
      state: {},
      monday: mondayOf(WEEK),
      figures: releaseTrust(WEEK, 5, [
        share(harbour, counts(WEEK, [5, 2], [150, 270])),
        share(quayside, counts(WEEK, [9, 3], [300, 700])),
        share(kingfisher, counts(WEEK, [5, 3], [200, 600])),
      ]),
      schools: [
        ...[harbour, lantern, quayside, kingfisher].flatMap((weeks) => {
          const release = weeks.at(-1);
          return release ? [{ schoolUrn: release.schoolUrn, name: release.schoolName, release }] : [];
        }),
        { schoolUrn: '900003', name: 'Saltmarsh Primary', note: '71.4% of marks are in' },
      ],
      queried: new Set(['900002']),
    }),
    'marks-receipt': receiptCard(SCHOOL, [LATE_WEEK], {
      saved: true,
      notes: ['Not needed, dropped unread: religion, comment.'],
    }),
    'marks-problems': refusalCard(
      SCHOOL.name,
      {
        problems: [
          { line: 12, column: 'mark', reason: '"QQ" is not an attendance code' },
          { line: 40, column: 'upn', reason: 'has a wrong check letter or shape' },
          { line: 41, column: 'session', reason: 'gives this pupil’s session a second time' },
          { line: 0, column: '', reason: 'dates are written in two ways' },
        ],
        more: 3,
      },
      'folder',
    ),
  };
}

const SCHOOL = { ...must(sampleTrust().schools[0], 'a school') };
/** A week with two registers that have not come. */
const LATE_WEEK: WeekReceipt = {
  schoolUrn: SCHOOL.urn,
  week: WEEK,
  state: 'corrected',
  pupils: 212,
  complete: '97.6',
  moved: '0.3',
  changed: 14,
  missing: 51,
  unexplained: 9,
  missingDays: [4, 5],
};

/** Every card of the documentation, by the name of its picture. */
export function picturedCards(): Readonly<Record<string, Card>> {
  return {
    ...cards(),
    ...digestCards(),
    ...milestoneCards(),
    ...askingCards(),
    ...operationsCards(),
  };
}

export async function run(argv: readonly string[]): Promise<void> {
  const wanted = argv.filter((name) => !name.startsWith('-'));
  const browser = await openBrowser();
  try {
    for (const [name, card] of Object.entries(picturedCards())) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      const parts = [
        await pictureOf(browser, name, card.content, 'light', 560),
        await pictureOf(browser, name, card.content, 'dark', 560),
        await pictureOf(browser, name, card.content, 'light', 340),
      ];
      const images = parts.map(
        ({ picture }) => `<img src="data:image/png;base64,${picture.toString('base64')}">`,
      );
      const page = await browser.newPage({ viewport: { width: 1540, height: 400 } });
      await page.setContent(
        `<body style="margin:0;background:#e8e8e8"><div id="all" style="display:flex;gap:16px;align-items:flex-start;padding:12px;width:max-content">${images.join('')}</div>`,
      );
      await writeFile(`docs/pictures/${name}.png`, await page.locator('#all').screenshot());
      await page.close();
      process.stdout.write(`docs/pictures/${name}.png\n`);
    }
  } finally {
    await browser.close();
  }
}
