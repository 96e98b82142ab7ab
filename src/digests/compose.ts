/**
 * Makes one person's digest from what the trust knows: scope first, then counts, what moved, what waits for this reader,
 * what they could unblock. The result is kept as it stood. No person's lateness enters it, and no blocker before a manager
 * has approved its words. Pure.
 */
import type { Answer, Status } from '../checkins/lifecycle.ts';
import type { CheckinSummary, Standing, StatusCounts } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import { covers, type Scope, schoolsIn, scopeName } from './audience.ts';
import type { AttendanceSummary, HeadNudge, SchoolAttendance } from './ports.ts';

export type DigestAttendance = {
  readonly week: string;
  readonly early: boolean;
  readonly schools: readonly (SchoolAttendance & { readonly name: string })[];
};

/** A digest as it stood: plain data, kept in the store. Dates are ISO dates. */
export type Digest = {
  readonly personId: string;
  readonly givenName: string;
  readonly scopeName: string;
  readonly wholeTrust: boolean;
  readonly date: string;
  /** The reader's own school's card of the week: the top of a head's digest. */
  readonly nudge?: HeadNudge | undefined;
  readonly attendance?: DigestAttendance | undefined;
  readonly statuses: StatusCounts;
  /** Status by milestone id, to see next time what moved. */
  readonly statusOf: Readonly<Record<string, Status>>;
  /** Since the digest of `since`; absent for the first one. */
  readonly moved?: { readonly since: string; readonly better: number; readonly worse: number } | undefined;
  readonly priorities: readonly { readonly name: string; readonly statuses: StatusCounts }[];
  readonly waiting: readonly {
    readonly checkinId: string;
    readonly version: number;
    readonly title: string;
    readonly ownerName: string;
  }[];
  readonly blockers: readonly { readonly title: string; readonly blocker: string }[];
};

export type DigestFacts = {
  readonly trust: Trust;
  readonly reader: { readonly personId: string; readonly givenName: string };
  readonly scope: Scope;
  readonly date: string;
  readonly attendance: AttendanceSummary | undefined;
  readonly nudge?: HeadNudge | undefined;
  readonly checkins: CheckinSummary;
  readonly last: Digest | undefined;
};

const ORDER: Readonly<Record<Status, number>> = { 'on-track': 0, 'at-risk': 1, 'off-track': 2 };

export function composeDigest(facts: DigestFacts): Digest {
  const { trust, scope, reader, checkins } = facts;
  const standings = checkins.standings.filter((standing) => covers(scope, standing.milestone.schoolUrn));
  const attendance = attendanceIn(facts);
  const statusOf = Object.fromEntries(
    standings.flatMap(({ milestone, answer }) => (answer ? [[milestone.id, answer.status] as const] : [])),
  );
  return {
    personId: reader.personId,
    givenName: reader.givenName,
    scopeName: scopeName(trust, scope),
    wholeTrust: scope.kind === 'trust',
    date: facts.date,
    ...(facts.nudge ? { nudge: facts.nudge } : {}),
    ...(attendance ? { attendance } : {}),
    statuses: countStatuses(standings),
    statusOf,
    ...(facts.last ? { moved: movedSince(facts.last, statusOf) } : {}),
    priorities: trust.priorities.flatMap((priority) => {
      const own = standings.filter((standing) => standing.priorityId === priority.id);
      return own.length > 0 ? [{ name: priority.name, statuses: countStatuses(own) }] : [];
    }),
    waiting: checkins.waiting
      .filter((waiting) => waiting.reviewerId === reader.personId)
      .map(({ checkinId, version, milestone, ownerName }) => ({
        checkinId,
        version,
        title: milestone.title,
        ownerName,
      })),
    blockers: blockersIn(standings),
  };
}

/** Nothing in it that this reader could know or do. */
export function isEmpty(digest: Digest): boolean {
  return !digest.nudge && !digest.attendance && digest.priorities.length === 0 && digest.waiting.length === 0;
}

export function countStatuses(standings: readonly Standing[]): StatusCounts {
  const having = (status: Status) =>
    standings.filter((standing) => standing.answer?.status === status).length;
  return {
    onTrack: having('on-track'),
    atRisk: having('at-risk'),
    offTrack: having('off-track'),
    notYet: standings.filter((standing) => !standing.answer).length,
    unapproved: standings.filter((standing) => standing.answer && !standing.approved).length,
  };
}

function attendanceIn(facts: DigestFacts): DigestAttendance | undefined {
  const { attendance, trust, scope } = facts;
  if (!attendance) return undefined;
  const schools = schoolsIn(trust, scope).flatMap((school) => {
    const figures = attendance.schools.find((candidate) => candidate.urn === school.urn);
    return figures ? [{ ...figures, name: school.name }] : [];
  });
  return schools.length > 0 ? { week: attendance.week, early: attendance.early, schools } : undefined;
}

function movedSince(last: Digest, now: Readonly<Record<string, Status>>) {
  let better = 0;
  let worse = 0;
  for (const [id, status] of Object.entries(now)) {
    const before = last.statusOf[id];
    if (before && ORDER[status] < ORDER[before]) better += 1;
    if (before && ORDER[status] > ORDER[before]) worse += 1;
  }
  return { since: last.date, better, worse };
}

/** Approved words only, what is off track first. */
function blockersIn(standings: readonly Standing[]): { title: string; blocker: string }[] {
  return standings
    .flatMap(({ answer, approved, milestone }) =>
      approved && answer?.blocker ? [{ answer, title: milestone.title }] : [],
    )
    .sort((one, other) => rank(other.answer) - rank(one.answer))
    .map(({ answer, title }) => ({ title, blocker: answer.blocker }));
}

function rank(answer: Answer): number {
  return ORDER[answer.status];
}
