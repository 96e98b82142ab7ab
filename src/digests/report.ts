/**
 * A term's report for governors, as data: priorities with status and trend, milestones with the newest approved words, released
 * attendance beside benchmarks, what is kept back and why, and three questions worth asking. Written as if public: no
 * person is named by it, and no figure enters it that was not released. Pure.
 */
import { isSafeLink } from '../cards/elements.ts';
import type { Status } from '../checkins/lifecycle.ts';
import type { CheckinSummary, Standing, StatusCounts } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import { listInWords } from '../kernel/text.ts';
import { coversRole, type Scope, schoolsIn, scopeName } from './audience.ts';
import { countStatuses, type Moves, movesSince, ORDER, statusesOf } from './counts.ts';
import type { ReportWeek, TermFigures, TrustWeek } from './ports.ts';
import { isOwnLink, linkWords } from './public-words.ts';
import { type GovernorFacts, questionsFor } from './report-questions.ts';

/** A term of a school year. Dates are local ISO dates; `asOf`: the day up to which check-ins count. */
export type ReportTerm = {
  readonly term: number;
  /** `2026/27`. */
  readonly year: string;
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
  /** The one that ended before it, where the calendar knows one. */
  readonly before?: { readonly term: number; readonly year: string };
  /** Whose calendar the dates are from, and the schools whose own term begins or ends in another week; absent: there are none. */
  readonly elsewhere?: { readonly datesOf: string; readonly unlike: readonly string[] };
};

export type ReportMilestone = {
  readonly id: string;
  readonly title: string;
  readonly priority: string;
  readonly school: string;
  readonly status: Status | undefined;
  /** At the end of the term before. */
  readonly before: Status | undefined;
  /** With its aim, in words; empty without one. */
  readonly figure: string;
  readonly due: string;
  /** Its owner's newest words that a manager has approved; nobody who works here is named in them. */
  readonly words: string;
  /** Its title or those words may tell of a pupil, and do not stand here. */
  readonly held?: true;
  /** An https link, or empty. */
  readonly evidence: string;
  /** The address of its evidence may name somebody, and does not stand here. */
  readonly heldLink?: true;
};

export type ReportSchool = {
  readonly urn: string;
  readonly name: string;
  /** The newest published week of the term. */
  readonly latest: ReportWeek | undefined;
  readonly weeks: readonly ReportWeek[];
  readonly toDate: TermFigures['schools'][number]['toDate'];
  readonly benchmarks: TermFigures['schools'][number]['benchmarks'];
};

export type TermReport = {
  readonly scopeName: string;
  /** What its files are called, without their endings. */
  readonly stem: string;
  readonly wholeTrust: boolean;
  readonly term: ReportTerm;
  readonly threshold: number;
  readonly priorities: readonly {
    readonly name: string;
    readonly statuses: StatusCounts;
    readonly moved: Moves;
    /** Milestones with a status at the end of the term before, and now. */
    readonly compared: number;
  }[];
  /** What needs help first. */
  readonly milestones: readonly ReportMilestone[];
  readonly schools: readonly ReportSchool[];
  /** The schools together that published each week; empty for a part of the trust. */
  readonly trustWeeks: readonly TrustWeek[];
  readonly questions: readonly string[];
};

export type ReportFacts = {
  readonly trust: Trust;
  readonly scope: Scope;
  readonly term: ReportTerm;
  readonly now: CheckinSummary;
  readonly before: CheckinSummary;
  readonly figures: TermFigures;
  /** Somebody's words as they may stand in public. */
  readonly publicly: (text: string) => string;
};

export function composeReport(facts: ReportFacts): TermReport {
  const { trust, scope, figures } = facts;
  const standings = standingsIn(facts.now, scope);
  const before = statusesOf(standingsIn(facts.before, scope));
  const schools = schoolsIn(trust, scope).map(({ urn, name }): ReportSchool => {
    const own = figures.schools.find((school) => school.urn === urn);
    const weeks = own?.weeks ?? [];
    return { urn, name, latest: weeks.at(-1), weeks, toDate: own?.toDate, benchmarks: own?.benchmarks ?? [] };
  });
  const priorities = trust.priorities.flatMap((priority) => {
    const own = standings.filter(({ priorityId }) => priorityId === priority.id);
    const now = statusesOf(own);
    const compared = Object.keys(now).filter((id) => before[id] !== undefined).length;
    const moved = movesSince(before, now);
    return own.length > 0 ? [{ name: priority.name, statuses: countStatuses(own), moved, compared }] : [];
  });
  const milestones = standings
    .map((standing) => milestoneOf(facts, standing, before))
    .toSorted((one, other) => weight(other.status) - weight(one.status));
  const about: GovernorFacts = { priorities, milestones, schools };
  return {
    scopeName: scopeName(trust, scope),
    stem: fileStem(trust, scope, facts.term),
    wholeTrust: scope.trust,
    term: facts.term,
    threshold: trust.policies.suppression_threshold,
    priorities,
    milestones,
    schools,
    trustWeeks: scope.trust ? figures.trust : [],
    questions: questionsFor(about),
  };
}

function standingsIn(summary: CheckinSummary, scope: Scope): readonly Standing[] {
  return summary.standings.filter(({ milestone }) => coversRole(scope, milestone));
}

function milestoneOf(
  { trust, publicly }: ReportFacts,
  standing: Standing,
  before: Readonly<Record<string, Status>>,
): ReportMilestone {
  const { milestone, answer, figure = '', priorityId } = standing;
  const evidence = answer && isSafeLink(answer.evidence) ? answer.evidence : '';
  return {
    id: milestone.id,
    title: publicly(milestone.title),
    priority: trust.priorities.find(({ id }) => id === priorityId)?.name ?? '',
    school:
      trust.schools.find(({ urn }) => urn === milestone.schoolUrn)?.name ??
      trust.teams.find(({ id }) => id === milestone.teamId)?.name ??
      trust.trust.short_name,
    status: answer?.status,
    before: before[milestone.id],
    figure,
    due: milestone.due,
    words: publicly(answer?.note ?? ''),
    ...(namesStaff(evidence, publicly) ? { evidence: '', heldLink: true } : { evidence }),
  };
}

function namesStaff(evidence: string, publicly: ReportFacts['publicly']): boolean {
  if (evidence === '') return false;
  const parts = linkWords(evidence);
  return isOwnLink(evidence) || [...parts, parts.join(' ')].some((text) => publicly(text) !== text);
}

/** Titles, words and what the addresses of evidence tell: each may tell of a pupil. */
export function textsOf({ title, words, evidence }: ReportMilestone): readonly string[] {
  return [title, words, ...(evidence ? linkWords(evidence) : [])];
}

/** Without the titles, words and evidence that may tell of a pupil: `isHeld` says which. */
export function withoutPupils(report: TermReport, isHeld: (text: string) => boolean): TermReport {
  const milestones = report.milestones.map((whole): ReportMilestone => {
    const milestone = withoutLink(whole, isHeld);
    const [title, words] = [isHeld(milestone.title), isHeld(milestone.words)];
    if (!title && !words) return milestone;
    return {
      ...milestone,
      held: true,
      ...(title ? { title: 'A milestone whose title is kept back' } : {}),
      ...(words ? { words: '' } : {}),
    };
  });
  return { ...report, milestones };
}

function withoutLink(milestone: ReportMilestone, isHeld: (text: string) => boolean): ReportMilestone {
  const { evidence } = milestone;
  if (evidence === '' || !linkWords(evidence).some(isHeld)) return milestone;
  return { ...milestone, evidence: '', heldLink: true };
}

function weight(status: Status | undefined): number {
  return status === undefined ? -1 : ORDER[status];
}

/**
 * `tideway-term-2-2026-27`: the scope, the term and nothing else. Each scope of a trust has its own, so that no report takes the place of
 * another in the trust's library: where a name does not tell, the URN does.
 */
export function fileStem(trust: Trust, scope: Scope, term: Pick<ReportTerm, 'term' | 'year'>): string {
  const own = schoolsIn(trust, scope);
  const name = scope.trust ? trust.trust.short_name : listInWords(own.map((school) => school.name));
  const plain = plainName(name);
  const taken = [trust.trust.short_name, ...trust.schools.map((school) => school.name)];
  const alone = taken.filter((other) => plainName(other) === plain).length <= 1;
  const tells = plain !== '' && plain.length <= LONGEST_STEM && alone && own.length <= 1;
  const [first] = own;
  const which =
    tells || scope.trust || !first
      ? []
      : [first.urn, ...(own.length > 1 ? [`and-${own.length - 1}-more`] : [])];
  const parts = [plain.slice(0, LONGEST_STEM), ...which, `term-${term.term}-${term.year.replace('/', '-')}`];
  return parts.filter(Boolean).join('-');
}

const LONGEST_STEM = 60;

function plainName(name: string): string {
  const letters = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
  return letters.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '');
}
