/**
 * Makes one person's digest from what the trust knows: scope first, then counts, what moved, what waits for this reader,
 * what they could unblock. The result is kept as it stood. Nobody's lateness enters it but in their own manager's, and nothing
 * that was said before a manager has approved it. Pure.
 */
import type { Answer, Status } from '../checkins/lifecycle.ts';
import type { CheckinSummary, Standing, StatusCounts } from '../checkins/summary.ts';
import type { Trust } from '../config/trust.ts';
import { covers, coversSchool, type Scope, schoolsIn, scopeName } from './audience.ts';
import { countStatuses, type Moves, movesSince, ORDER, statusesOf } from './counts.ts';
import type {
  AttendanceSummary,
  GapWeek,
  OpenMatters,
  OwnNudge,
  SchoolAttendance,
  TrustAttendance,
} from './ports.ts';
import { type DigestSection, sectionsOf } from './sections.ts';

export type DigestAttendance = {
  readonly week: string;
  readonly early: boolean;
  readonly schools: readonly (SchoolAttendance & { readonly name: string })[];
  /** Schools in the reader's view of which no figures stand, of this week or a recent one. */
  readonly without?: readonly string[] | undefined;
  readonly trust?: TrustAttendance | undefined;
  /** Of the one school, else of all together: weeks oldest first. */
  readonly weeks?: readonly GapWeek[] | undefined;
};

/** A digest as it stood: plain data, kept in the store. Dates are ISO dates. */
export type Digest = {
  readonly personId: string;
  readonly givenName: string;
  readonly scopeName: string;
  readonly wholeTrust: boolean;
  readonly date: string;
  /** The reader's own attendance card of the week: the top of a head's digest, or of a tutor's. */
  readonly nudge?: OwnNudge | undefined;
  readonly attendance?: DigestAttendance | undefined;
  /** Schools whose figures stood in it and were taken back since. */
  readonly withdrawn?: readonly string[] | undefined;
  /** Each milestone in scope counted once, whatever sections it stands in. */
  readonly statuses: StatusCounts;
  /** Status by milestone id, to see next time what moved. */
  readonly statusOf: Readonly<Record<string, Status>>;
  /** Since the digest of `since`; absent for the first one. */
  readonly moved?: ({ readonly since: string } & Moves) | undefined;
  /** `moved`: since the same. */
  readonly priorities: readonly {
    readonly name: string;
    readonly statuses: StatusCounts;
    readonly moved?: Moves | undefined;
  }[];
  /** A section for each of the reader's roles; empty with one role. */
  readonly sections: readonly DigestSection[];
  readonly waiting: readonly {
    readonly checkinId: string;
    readonly version: number;
    readonly title: string;
    readonly ownerName: string;
    /** It can be approved as it stands. */
    readonly ready?: true | undefined;
    /** Why it is worth a read first. */
    readonly why?: string | undefined;
  }[];
  /** Those that name the reader first. */
  readonly blockers: readonly {
    readonly milestoneId?: string | undefined;
    readonly title: string;
    readonly blocker: string;
    readonly namesYou?: boolean | undefined;
  }[];
  /** Of the reader's own people: whose check-in has had no answer for a fortnight. */
  readonly late: readonly {
    readonly ownerName: string;
    readonly title: string;
    readonly mail?: string | undefined;
  }[];
  /** How many milestones are past their date and not on track; absent where so few owners would be known by it. */
  readonly pastDate?: number | undefined;
  readonly themes: OpenMatters['themes'];
  readonly documents: readonly {
    readonly title: string;
    readonly yours: boolean;
    readonly url?: string | undefined;
  }[];
};

export type DigestFacts = {
  readonly trust: Trust;
  /** `names`: words that mean this person and nobody else on the staff. */
  readonly reader: {
    readonly personId: string;
    readonly givenName: string;
    readonly names?: readonly string[];
  };
  readonly scope: Scope;
  readonly date: string;
  readonly attendance: AttendanceSummary | undefined;
  /** The weeks of `placeOf` this reader. */
  readonly weeks?: readonly GapWeek[] | undefined;
  readonly nudge?: OwnNudge | undefined;
  readonly checkins: CheckinSummary;
  readonly matters?: OpenMatters | undefined;
  /** Why each of what waits is worth a read, by check-in; undefined where nothing can be approved from the digest. */
  readonly reasons?: ReadonlyMap<string, string> | undefined;
  /** Where the reader's own people can be written to. */
  readonly mailOf?: ((personId: string) => string | undefined) | undefined;
  readonly last: Pick<Digest, 'date' | 'statusOf'> | undefined;
};

/** With fewer owners in view a number of milestones would be somebody's name. */
const FEWEST_OWNERS = 3;

export function composeDigest(facts: DigestFacts): Digest {
  const { trust, scope, reader, checkins, last } = facts;
  const standings = checkins.standings.filter((standing) => covers(scope, standing));
  const attendance = attendanceIn(facts);
  const statusOf = statusesOf(standings);
  const pastDate = pastDateIn(standings, facts.date);
  return {
    personId: reader.personId,
    givenName: reader.givenName,
    scopeName: scopeName(trust, scope),
    wholeTrust: scope.trust,
    date: facts.date,
    ...(facts.nudge ? { nudge: facts.nudge } : {}),
    ...(attendance ? { attendance } : {}),
    statuses: countStatuses(standings),
    statusOf,
    ...(last ? { moved: { since: last.date, ...movesSince(last.statusOf, statusOf) } } : {}),
    priorities: trust.priorities.flatMap((priority) => {
      const own = standings.filter((standing) => standing.priorityId === priority.id);
      const moved = last ? { moved: movesSince(last.statusOf, statusesOf(own)) } : {};
      return own.length > 0 ? [{ name: priority.name, statuses: countStatuses(own), ...moved }] : [];
    }),
    sections: sectionsOf(trust, scope, standings),
    waiting: checkins.waiting
      .filter((waiting) => waiting.reviewerId === reader.personId)
      .map(({ checkinId, version, milestone, ownerName }) => ({
        checkinId,
        version,
        title: milestone.title,
        ownerName,
        ...readyOrWhy(facts.reasons, checkinId),
      })),
    blockers: blockersIn(standings, reader),
    late: standings
      .filter(({ overdue, managerId }) => overdue && managerId === reader.personId)
      .map(({ ownerName = 'A colleague', milestone }) => {
        const mail = facts.mailOf?.(milestone.ownerId);
        return { ownerName, title: milestone.title, ...(mail ? { mail } : {}) };
      }),
    ...(pastDate === undefined ? {} : { pastDate }),
    ...mattersFor(facts),
  };
}

function readyOrWhy(reasons: DigestFacts['reasons'], checkinId: string) {
  if (!reasons) return {};
  const why = reasons.get(checkinId);
  return why === undefined ? { ready: true as const } : { why };
}

/** Nothing in it that this reader could know or do. */
export function isEmpty(digest: Digest): boolean {
  return (
    !digest.nudge &&
    !digest.attendance?.schools.some(({ week }) => week === undefined) &&
    digest.priorities.length === 0 &&
    digest.waiting.length === 0 &&
    digest.documents.length === 0
  );
}

/**
 * Whether it says what the one before said: the date, what is counted since then, and what a press would need apart. The one before
 * comes from the store, which keeps no order of its parts.
 */
export function saysTheSame(digest: Digest, before: Digest): boolean {
  return inOrder(substanceOf(digest)) === inOrder(substanceOf(before));
}

function substanceOf({ date: _date, moved: _moved, priorities, attendance, waiting, ...rest }: Digest) {
  return {
    ...rest,
    waiting: waiting.map(({ version: _version, ...one }) => one),
    priorities: priorities.map(({ name, statuses }) => ({ name, statuses })),
    schools: attendance?.schools.map(({ week, ...figures }) => ({ ...figures, old: week !== undefined })),
    without: attendance?.without,
    trust: attendance?.trust,
  };
}

function inOrder(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  );
}

/** Whose weeks a reader's chart shows: all schools together, or the one school that is theirs. */
export function placeOf(
  trust: Trust,
  scope: Scope,
): { readonly kind: 'trust' } | { readonly kind: 'school'; readonly urn: string } | undefined {
  const schools = schoolsIn(trust, scope);
  const [only] = schools;
  if (only && schools.length === 1) return { kind: 'school', urn: only.urn };
  return schools.length > 0 && schools.length === trust.schools.length ? { kind: 'trust' } : undefined;
}

function attendanceIn({ attendance, trust, scope, weeks }: DigestFacts): DigestAttendance | undefined {
  if (!attendance) return undefined;
  const schools = schoolsIn(trust, scope).flatMap((school) => {
    const figures = attendance.schools.find((candidate) => candidate.urn === school.urn);
    return figures ? [{ ...figures, name: school.name }] : [];
  });
  if (schools.length === 0) return undefined;
  const without = schoolsIn(trust, scope)
    .filter(({ urn }) => !attendance.schools.some((figures) => figures.urn === urn))
    .map(({ name }) => name);
  const all = trust.schools.every(({ urn }) => coversSchool(scope, urn));
  const together = all && attendance.trust ? { trust: attendance.trust } : {};
  const { week, early } = attendance;
  const none = without.length > 0 ? { without } : {};
  return { week, early, schools, ...none, ...together, ...(weeks && placeOf(trust, scope) ? { weeks } : {}) };
}

function pastDateIn(standings: readonly Standing[], today: string): number | undefined {
  if (new Set(standings.map(({ milestone }) => milestone.ownerId)).size < FEWEST_OWNERS) return undefined;
  const past = standings.filter(
    ({ milestone, answer }) => milestone.due < today && answer && answer.status !== 'on-track',
  );
  return past.length > 0 ? past.length : undefined;
}

/** What staff asked in vain is for leaders; a document is named to its owner, and to leaders where all staff may open it. */
function mattersFor({ matters, scope }: DigestFacts): Pick<Digest, 'themes' | 'documents'> {
  const documents = (matters?.documents ?? []).filter(
    ({ ownerId, toAll }) => ownerId === scope.personId || (scope.trust && toAll),
  );
  return {
    themes: scope.trust ? (matters?.themes ?? []) : [],
    documents: documents.map(({ title, ownerId, url }) => ({
      title,
      yours: ownerId === scope.personId,
      ...(url ? { url } : {}),
    })),
  };
}

/** Those that name the reader first, then what is off track. */
function blockersIn(
  standings: readonly Standing[],
  { personId, names = [] }: DigestFacts['reader'],
): Digest['blockers'] {
  return standings
    .flatMap(({ answer, milestone }) =>
      answer?.blocker ? [{ answer, milestone, named: isMeant(answer, personId, names) }] : [],
    )
    .sort(
      (one, other) =>
        Number(other.named) - Number(one.named) || ORDER[other.answer.status] - ORDER[one.answer.status],
    )
    .map(({ answer, milestone, named }) => ({
      milestoneId: milestone.id,
      title: milestone.title,
      blocker: answer.blocker,
      ...(named ? { namesYou: true } : {}),
    }));
}

/** The owner chose them as who could take it away, or wrote of them. */
function isMeant(
  { blocker, unblocker = '', unblockerId }: Answer,
  personId: string,
  names: readonly string[],
): boolean {
  // Who was chosen is meant by id: their full name may be a namesake's.
  if (unblockerId !== undefined) return unblockerId === personId || isNamed(blocker, names);
  return isNamed(blocker, names) || isNamed(unblocker, names);
}

function isNamed(words: string, names: readonly string[]): boolean {
  return names.some((name) => {
    const exact = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
    return name !== '' && new RegExp(`(?<!\\p{L})${exact}(?!\\p{L})`, 'u').test(words);
  });
}
