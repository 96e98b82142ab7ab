/**
 * The trust's week for its leaders, in their channel or at the command line: all schools together, what gaps did in how
 * many schools, one thing to try, and each school behind "more". From releases alone, in the trust's own order; no best and worst.
 */
import {
  type Action,
  actionSet,
  bullets,
  button,
  type Card,
  card,
  container,
  hidden,
  line,
  more,
  said,
  title,
} from '../cards/elements.ts';
import { envelope } from '../cards/envelope.ts';
import { gapByPlace } from '../cards/gap-charts.ts';
import { listInWords } from '../kernel/text.ts';
import { dateInWords } from '../kernel/time.ts';
import { askLine, asksAfter, type NudgeState, stateLines } from './card.ts';
import { BOUND_WORDS, phaseLines, trustLines } from './card-lines.ts';
import { overviewLines, type SchoolOverview, trustOverview } from './overview.ts';
import type { TrustRelease } from './trust-release.ts';

export type TrustView = {
  readonly trustName: string;
  readonly week: string;
  /** The week's Monday. */
  readonly monday: string;
  /** Absent before the trust's week is published. */
  readonly figures?: TrustRelease | undefined;
  readonly schools: readonly SchoolOverview[];
  /** Schools whose figures somebody asked to be checked. */
  readonly queried: ReadonlySet<string>;
  /** Given name of the person who gets a call for help, said before anyone taps. */
  readonly helper: string;
  /** The one thing to try. */
  readonly action: string;
  /** The earlier card's one thing, to be asked after. */
  readonly follows?: { readonly action: string } | undefined;
  readonly state: NudgeState;
  /** Opened from a digest, for one reader. */
  readonly own?: boolean;
  /** For an operator to look at, without buttons. */
  readonly preview?: boolean;
};

const EACH = 'each-school';
const HOW =
  'How we got this: what each school’s card shows, added up as it stood when the first ones came out. A school’s card says how its own were made, and takes a doubt.';

/** The ledger's name of the trust's card for a week. */
export function trustKey(week: string): string {
  return `attendance.trust/${week}`;
}

/** `week of 16 November`. */
export function weekLabel(monday: string): string {
  return `week of ${dateInWords(monday).replace('Monday ', '')}`;
}

export function trustCard(view: TrustView): Card {
  const { trustName, monday, figures, schools } = view;
  const chart = gapByPlace(schools.map(({ name, release }) => ({ name, gap: release?.gap ?? null })));
  const shown = schools.filter((school) => school.release !== undefined);
  const byPhase = figures ? phaseLines(figures) : [];
  const doubted = shown.filter((school) => view.queried.has(school.schoolUrn)).map(({ name }) => said(name));
  const open = !view.state.outcome && !asksAfter(view) && !view.preview;
  const quiet = open ? [press(view, 'Not right for us', 'not-suitable')] : [];
  return card({
    summary: `${said(trustName)}: attendance, ${weekLabel(monday)}`,
    body: [
      title(`${said(trustName)}, ${weekLabel(monday)} (early figures)`),
      ...(figures ? trustLines(figures) : []).map((text) => line(text)),
      ...overviewLines(trustOverview(schools)).map((text) => line(text)),
      ...(doubted.length > 0 ? [line(`Being checked: ${listInWords(doubted)}.`, { strong: true })] : []),
      container([line(askLine(view))], 'emphasis'),
      ...stateLines(view).map((text) => line(text, { subtle: true })),
      ...(chart ? [chart] : []),
      ...(shown.length > 0 || quiet.length > 0
        ? [
            hidden(EACH, [
              ...(byPhase.length > 0 ? [bullets(byPhase)] : []),
              ...(shown.length > 0 ? [bullets(schools.map((school) => schoolInWords(school, view)))] : []),
              ...(figures ? [line(HOW, { subtle: true })] : []),
              ...(quiet.length > 0 ? [actionSet(quiet)] : []),
            ]),
          ]
        : []),
    ],
    actions: [
      ...(view.preview ? [] : mainButtons(view)),
      ...(shown.length > 0 ? [more('See each school', EACH)] : []),
    ],
  });
}

function press(view: TrustView, label: string, verb: string, primary = false): Action {
  const id = `trust/${view.week}${view.own ? '/own' : ''}`;
  return button(label, envelope(`attendance.trust-${verb}`, id), { primary });
}

function mainButtons(view: TrustView): Action[] {
  const { state, helper } = view;
  const help = state.helpAsked ? [] : [press(view, `Ask ${said(helper)} for help`, 'help')];
  if (asksAfter(view))
    return [press(view, 'It happened', 'happened', true), press(view, 'Not yet', 'not-yet'), ...help];
  if (state.outcome) return help;
  return [
    press(view, 'We have done it', 'done', true),
    ...help,
    press(view, 'Not this week', 'not-this-week'),
  ];
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
