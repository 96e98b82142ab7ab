/**
 * The trust's week for its leaders, in their channel or at the command line: all schools together, what gaps did in how
 * many schools, and each school behind "more". From releases alone, in the trust's own order; no table of best and worst.
 */
import { bullets, type Card, card, hidden, line, more, said, title } from '../cards/elements.ts';
import { gapByPlace } from '../cards/gap-charts.ts';
import { listInWords } from '../kernel/text.ts';
import { dateInWords } from '../kernel/time.ts';
import { BOUND_WORDS, phaseLines, trustLines } from './card-lines.ts';
import { overviewLines, type SchoolOverview, trustOverview } from './overview.ts';
import type { TrustRelease } from './trust-release.ts';

export type TrustView = {
  readonly trustName: string;
  /** The week's Monday. */
  readonly monday: string;
  /** Absent before the trust's week is published. */
  readonly figures?: TrustRelease | undefined;
  readonly schools: readonly SchoolOverview[];
  /** Schools whose figures somebody asked to be checked. */
  readonly queried: ReadonlySet<string>;
};

const EACH = 'each-school';

/** The ledger's name of the trust's card for a week. */
export function trustKey(week: string): string {
  return `attendance.trust/${week}`;
}

export function trustCard(view: TrustView): Card {
  const { trustName, monday, figures, schools } = view;
  const week = dateInWords(monday).replace('Monday ', '');
  const chart = gapByPlace(schools.map(({ name, release }) => ({ name, gap: release?.gap ?? null })));
  const shown = schools.filter((school) => school.release !== undefined);
  const byPhase = figures ? phaseLines(figures) : [];
  const doubted = shown.filter((school) => view.queried.has(school.schoolUrn)).map(({ name }) => said(name));
  return card({
    summary: `${said(trustName)}: attendance, week of ${week}`,
    body: [
      title(`${said(trustName)}, week of ${week} (early figures)`),
      ...(figures ? trustLines(figures) : []).map((text) => line(text)),
      ...overviewLines(trustOverview(schools)).map((text) => line(text)),
      ...(doubted.length > 0
        ? [line(`Being checked: ${listInWords(doubted)}.`, { colour: 'Attention' })]
        : []),
      ...(chart ? [chart] : []),
      ...(shown.length > 0
        ? [
            hidden(EACH, [
              ...(byPhase.length > 0 ? [bullets(byPhase)] : []),
              bullets(schools.map((school) => schoolInWords(school, view))),
            ]),
          ]
        : []),
    ],
    ...(shown.length > 0 ? { actions: [more('See each school', EACH)] } : {}),
  });
}

/** In full, for the list and for readers without charts: the chart says nothing else. */
function schoolInWords(school: SchoolOverview, { queried }: TrustView): string {
  const { release } = school;
  if (!release) return `${said(school.name)}: no figures, ${school.note}`;
  const { gap, school: whole } = release;
  const parts = [
    ...(whole
      ? [`${whole.perHundred}${BOUND_WORDS[whole.bound]} in every 100 attended`]
      : ['too small to show']),
    gap
      ? `days missed for every 10 pupils ${gap.disadvantaged}, others ${gap.others}`
      : release.gapHidden === 'unknown'
        ? 'the file does not say who experiences disadvantage'
        : 'too few pupils to compare',
    ...(release.partial ? [`${release.complete}% of marks in`] : []),
    ...(queried.has(school.schoolUrn) ? ['being checked'] : []),
  ];
  return `${said(school.name)}: ${parts.join('; ')}`;
}
