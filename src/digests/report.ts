/**
 * A term's report for governors, as data: priorities with status and trend, milestones with the newest approved words, released
 * attendance beside benchmarks, what is kept back and why, and three questions worth asking. Written as if public: no
 * person is named by it, and no figure enters it that was not released. Pure.
 */
import { isSafeLink } from '../cards/elements.ts';
import type { Status } from '../checkins/lifecycle.ts';
import type { CheckinSummary, Standing, StatusCounts } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import { coversRole, type Scope, schoolsIn, scopeName } from './audience.ts';
import { countStatuses, type Moves, movesSince, ORDER, statusesOf } from './counts.ts';
import type { ReportWeek, TermFigures } from './ports.ts';
import { type GovernorFacts, questionsFor } from './report-questions.ts';

/** A term of a school year. Dates are local ISO dates; `asOf`: the day up to which check-ins count. */
export type ReportTerm = {
  readonly term: number;
  /** `2026/27`. */
  readonly year: string;
  readonly from: string;
  readonly to: string;
  readonly asOf: string;
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
  /** Its owner's newest words that a manager has approved. */
  readonly words: string;
  /** An https link, or empty. */
  readonly evidence: string;
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
  readonly wholeTrust: boolean;
  readonly term: ReportTerm;
  readonly threshold: number;
  readonly priorities: readonly {
    readonly name: string;
    readonly statuses: StatusCounts;
    readonly moved: Moves;
  }[];
  /** What needs help first. */
  readonly milestones: readonly ReportMilestone[];
  readonly schools: readonly ReportSchool[];
  /** All schools together, week by week; empty for a part of the trust. */
  readonly trustWeeks: readonly ReportWeek[];
  readonly questions: readonly string[];
};

export type ReportFacts = {
  readonly trust: Trust;
  readonly scope: Scope;
  readonly term: ReportTerm;
  readonly now: CheckinSummary;
  readonly before: CheckinSummary;
  readonly figures: TermFigures;
};

export function composeReport(facts: ReportFacts): TermReport {
  const { trust, scope, figures } = facts;
  const standings = approvedIn(facts.now, scope);
  const before = statusesOf(approvedIn(facts.before, scope).filter(({ answer }) => answer));
  const schools = schoolsIn(trust, scope).map(({ urn, name }): ReportSchool => {
    const own = figures.schools.find((school) => school.urn === urn);
    const weeks = own?.weeks ?? [];
    return { urn, name, latest: weeks.at(-1), weeks, toDate: own?.toDate, benchmarks: own?.benchmarks ?? [] };
  });
  const priorities = trust.priorities.flatMap((priority) => {
    const own = standings.filter(({ priorityId }) => priorityId === priority.id);
    const moved = movesSince(before, statusesOf(own));
    return own.length > 0 ? [{ name: priority.name, statuses: countStatuses(own), moved }] : [];
  });
  const milestones = standings
    .map((standing) => milestoneOf(trust, standing, before))
    .toSorted((one, other) => weight(other.status) - weight(one.status));
  const about: GovernorFacts = { priorities, milestones, schools };
  return {
    scopeName: scopeName(trust, scope),
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

/** What a manager has not approved is as if it had not been said. */
function approvedIn(summary: CheckinSummary, scope: Scope): Standing[] {
  return summary.standings
    .filter(({ milestone }) => coversRole(scope, milestone))
    .map(({ answer, figure, approved, ...rest }) => ({
      ...rest,
      approved,
      ...(approved && answer ? { answer } : {}),
      ...(approved && figure !== undefined ? { figure } : {}),
    }));
}

function milestoneOf(
  trust: Trust,
  standing: Standing,
  before: Readonly<Record<string, Status>>,
): ReportMilestone {
  const { milestone, answer, figure = '', priorityId } = standing;
  return {
    id: milestone.id,
    title: milestone.title,
    priority: trust.priorities.find(({ id }) => id === priorityId)?.name ?? '',
    school: trust.schools.find(({ urn }) => urn === milestone.schoolUrn)?.name ?? trust.trust.short_name,
    status: answer?.status,
    before: before[milestone.id],
    figure,
    due: milestone.due,
    words: answer?.note ?? '',
    evidence: answer && isSafeLink(answer.evidence) ? answer.evidence : '',
  };
}

function weight(status: Status | undefined): number {
  return status === undefined ? -1 : ORDER[status];
}

/** `tideway-term-2-2026-27`: the scope, the term and nothing else. */
export function fileStem({ scopeName: name, term }: TermReport): string {
  const plain = name.normalize('NFKD').toLowerCase();
  const scope = plain
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 60);
  return `${scope}-term-${term.term}-${term.year.replace('/', '-')}`;
}
