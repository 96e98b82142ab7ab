/**
 * A released week in sentences: its title, the gap, the whole school, what stands out. Whole days before percentages,
 * disadvantaged pupils first, no cause and no blame. The nudge, the digest and an answer in chat say the same words.
 */
import { said } from '../cards/elements.ts';
import { daysAlone, daysInWords, listInWords, togetherInWords } from '../kernel/text.ts';
import { addDays, dateInWords, dateWithYear, daysBetween, mondayOf } from '../kernel/time.ts';
import { type GapMove, gapMove, insightsOf, yearName } from './insight.ts';
import { lastDayOf, type Release } from './release.ts';
import type { TrustRelease } from './trust-release.ts';

/** Figures move for about two weeks as registers are corrected (DfE publishes two weeks late for that reason). */
const EARLY_DAYS = 14;

/** `last week`, `week of 16 November`. `today` is the local date of reading. */
export function weekInWords(release: Release, today: string): string {
  const age = daysBetween(release.monday, today);
  return age >= 5 && age < 14 ? 'last week' : `week of ${dateInWords(release.monday).replace('Monday ', '')}`;
}

export function isEarly(release: Release, today: string): boolean {
  return daysBetween(lastDayOf(release), today) <= EARLY_DAYS;
}

/** The same of a week of several schools. `monday`: an ISO date. */
export function isEarlyWeek(monday: string, today: string): boolean {
  return daysBetween(addDays(monday, 4), today) <= EARLY_DAYS;
}

export function titleOf(release: Release, today: string): string {
  const days = release.schoolDays < 5 ? `, a ${release.schoolDays}-day week` : '';
  const early = isEarly(release, today) ? ['early figures'] : [];
  const part = release.partial ? [`${Math.floor(Number(release.complete ?? 0))}% of marks in`] : [];
  const notes = [...early, ...part];
  return `${said(release.schoolName)}, ${weekInWords(release, today)}${days}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}`;
}

export function gapLines(release: Release): string[] {
  const { gap, before } = release;
  if (!gap) return [hiddenLine(release)];
  const sentence = gapSentence(gap);
  const move = gapMove(release);
  if (!before?.gap || move === null) return [sentence, 'There is no week before it to compare with fairly.'];
  return [
    sentence,
    `${beforeLabel(before)}: ${before.gap.disadvantaged} and ${before.gap.others}. ${VERDICTS[move]}`,
  ];
}

export function gapSentence({ disadvantaged, others }: NonNullable<Release['gap']>): string {
  if (disadvantaged === others)
    return `For every 10 pupils, those experiencing disadvantage and others alike missed ${daysInWords(others)} between them.`;
  return `For every 10 pupils, those experiencing disadvantage missed ${daysInWords(disadvantaged)} between them; others missed ${daysAlone(others)}.`;
}

export type Bound = NonNullable<Release['school']>['bound'];

/** A figure at the end of its range is shown as a bound, so that nobody is known to have missed nothing, or all. */
export const BOUND_WORDS: Readonly<Record<Bound, string>> = {
  exact: '',
  'at-least': ' or more',
  'at-most': ' or fewer',
};

const VERDICTS: Readonly<Record<GapMove, string>> = {
  narrowed: 'The gap is smaller. Good to see; not yet a trend.',
  'narrowed-others-missed-more': 'The gap is smaller because others missed more, so not yet good news.',
  widened: 'The gap is wider. One week is not a trend, and it is worth a look.',
  'both-less': 'Both missed less. Good to see; not yet a trend.',
  'both-less-gap-wider': 'Both missed less, others more so: the gap is wider.',
  'both-more': 'Both missed more. One week is not a trend, and it is worth a look.',
  'within-noise': 'That is within the usual ups and downs.',
  unchanged: 'No change.',
};

function beforeLabel(before: NonNullable<Release['before']>): string {
  const which = before.adjacent ? 'The week before' : 'The last school week before it';
  return `${which}, counted the same way`;
}

const HIDDEN: Readonly<Record<NonNullable<Release['gapHidden']>, string>> = {
  few: 'Too few pupils are in one group to compare here without pointing to a child. They still come first.',
  protects:
    'Comparing those experiencing disadvantage with others would point to a child here. They still come first.',
  ends: 'In one group hardly a session was missed, and comparing it would tell of each child. Disadvantaged pupils still come first.',
  unknown: 'The marks file does not say who experiences disadvantage, so there is no gap to show.',
};

function hiddenLine(release: Release): string {
  return HIDDEN[release.gapHidden ?? 'unknown'];
}

/** The whole school, compared only where the change is beyond noise; closures that are not counted. */
export function schoolLine(release: Release): string {
  const { school, before, shut } = release;
  if (!school) return 'The whole school is too small to show here.';
  const change = insightsOf(release).find((insight) => insight.kind === 'school')?.change;
  const compared =
    change === 'level'
      ? ', about the same as before'
      : change === 'up' || change === 'down'
        ? `, ${change} from ${before?.school?.perHundred}`
        : '';
  const closed = shut.length > 0 ? ` ${shut.join(' and ')}’s closure is not counted.` : '';
  if (school.perHundred === 100) return `Whole school: almost every session was attended.${closed}`;
  return `Whole school: ${school.perHundred}${BOUND_WORDS[school.bound]} in every 100 sessions attended${compared}.${closed}`;
}

/** What stands out beyond noise; undefined when nothing does. */
export function standOutLine(release: Release): string | undefined {
  const found = insightsOf(release).find((insight) => insight.kind === 'stand-out');
  if (!found) return undefined;
  const places = [
    ...(found.day ? [`on ${found.day}`] : []),
    ...(found.year ? [`in ${yearName(found.year)}`] : []),
  ];
  return `Clearly more was missed ${listInWords(places)} than elsewhere.`;
}

/** The trust's week: the gap of all its schools together, and how many schools that is. */
export function trustLines({ all, schools, of }: TrustRelease): string[] {
  if (!all) return [];
  return [
    ...(all.gap ? [gapSentence(all.gap)] : []),
    ...(all.figure
      ? [
          `${togetherInWords({ schools, of })}: ${all.figure.perHundred}${BOUND_WORDS[all.figure.bound]} in every 100 sessions attended.`,
        ]
      : []),
  ];
}

const PHASES = { primary: 'Primary', secondary: 'Secondary', special: 'Special' } as const;

/** The same by phase, since a primary and a secondary school are never set beside each other; nothing where all are of one. */
export function phaseLines({ phases }: TrustRelease): string[] {
  if (phases.length < 2) return [];
  return phases.flatMap(({ phase, schools, figure, gap }) => {
    if (!figure) return [];
    const many = schools === 1 ? 'school' : 'schools';
    const missed = gap ? `; days missed for every 10 pupils ${gap.disadvantaged}, others ${gap.others}` : '';
    return [
      `${PHASES[phase]}, ${schools} ${many}: ${figure.perHundred}${BOUND_WORDS[figure.bound]} in every 100 attended${missed}`,
    ];
  });
}

/** A week in one line, for the top of a digest. */
export function shortLine(release: Release, today: string): string {
  const { gap, school } = release;
  const name = `${said(release.schoolName)}, ${weekInWords(release, today)}`;
  if (gap)
    return `${name}: for every 10 pupils, those experiencing disadvantage missed ${daysInWords(gap.disadvantaged)}, others ${daysAlone(gap.others)}.`;
  return school
    ? `${name}: ${school.perHundred}${BOUND_WORDS[school.bound]} in every 100 sessions attended.`
    : `${name}: too small to show.`;
}

/** Registers that wait for a reason; for the head's card alone. */
export function registersLine(release: Release): string | undefined {
  const found = insightsOf(release).find((insight) => insight.kind === 'registers');
  return found && `Registers: ${found.awaited} absences still wait for a reason.`;
}

export function sendLine({ send, sendHidden }: Release): string {
  if (send)
    return `For every 10 pupils, those with special educational needs missed ${daysInWords(send.send.days)}; others ${daysAlone(send.others.days)}.`;
  return sendHidden === 'unknown'
    ? 'The marks file does not say who has special educational needs, so there is nothing to show.'
    : 'Pupils with special educational needs are too few to show here; they come first as well.';
}

/** What a head may look up beside the three things: support needs, the year, others, corrections. Released figures alone. */
export function headDetail(release: Release): string[] {
  const { send, toDate, lastYear, reasonsAwaited, corrections, benchmarks } = release;
  const [nearest] = benchmarks;
  return [
    ...(send || release.sendHidden !== 'unknown' ? [sendLine(release)] : []),
    ...(toDate && toDate.weeks > 1
      ? [
          `This school year, ${toDate.weeks} weeks: ${toDate.school.perHundred}${BOUND_WORDS[toDate.school.bound]} in every 100 sessions attended.`,
        ]
      : []),
    ...(lastYear ? [`The same week last year: ${lastYear.attendance}%${BOUND_WORDS[lastYear.bound]}.`] : []),
    ...(nearest
      ? [
          `${said(nearest.area)}, ${nearest.sameWeek ? 'the same week last year' : nearest.period}: ${nearest.attendance}% (${nearest.source}, published ${dateWithYear(nearest.published)}).`,
        ]
      : []),
    ...(reasonsAwaited === null
      ? []
      : [
          `${reasonsAwaited} absences wait for a reason. ${dueInWords(release)} Without one they count as unauthorised.`,
        ]),
    ...corrections.map(({ week, moved }) =>
      moved === null
        ? `A few registers of the week of ${dayOf(week)} have changed since its card.`
        : `Registers of the week of ${dayOf(week)} changed since its card, by ${moved} points.`,
    ),
  ];
}

/** Five school days after the session; by the school's calendar, whatever is awaited. */
function dueInWords({ reasonsDue }: Release): string {
  if (!reasonsDue) return 'It is due within five school days.';
  const { first, firstDue, last, lastDue } = reasonsDue;
  const weekday = (date: string) => dateInWords(date).split(' ')[0] ?? '';
  return first === last
    ? `It is due by ${dateInWords(firstDue)}.`
    : `For ${weekday(first)} it is due by ${dateInWords(firstDue)}, for ${weekday(last)} by ${dateInWords(lastDue)}.`;
}

function dayOf(week: string): string {
  return dateInWords(mondayOf(week)).replace('Monday ', '');
}
