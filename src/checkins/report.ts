/**
 * Where every milestone stood at the end of a day, from histories alone, and that as CSV. Pure. Only what was approved by then
 * counts: what was sent and not approved is its owner's and their manager's. It holds no times of anybody's answers: staff are
 * not measured.
 */
import type { Trust } from '../config/trust.ts';
import type { Answer } from './lifecycle.ts';
import { type Milestone, priorityOf } from './milestone.ts';
import { teamById } from './place.ts';

/** A milestone's newest approval by then. */
export type Approval = {
  readonly milestoneId: string;
  readonly round: string;
  readonly at: Date;
  readonly answer?: Answer;
};

export type ReportRow = {
  readonly milestone: Milestone;
  readonly priority: string;
  readonly school: string;
  readonly team: string;
  readonly owner: string;
  /** Nobody is told here whether one waits to be read. */
  readonly standing: 'approved' | 'no approved check-in yet';
  readonly round?: string;
  readonly answer?: Answer;
};

export function reportRows(facts: {
  readonly trust: Trust;
  readonly milestones: readonly Milestone[];
  readonly approvals: readonly Approval[];
  readonly nameOf: (personId: string) => string;
}): ReportRow[] {
  const { trust, milestones, approvals, nameOf } = facts;
  const newest = new Map(approvals.map((approval) => [approval.milestoneId, approval]));
  return milestones
    .filter((milestone) => !milestone.ended)
    .map((milestone): ReportRow => {
      const approval = newest.get(milestone.id);
      return {
        milestone,
        priority: priorityOf(trust, milestone.strand)?.name ?? '',
        // Of a place that has left the file its own mark is left; empty would be the central team's.
        school:
          trust.schools.find(({ urn }) => urn === milestone.schoolUrn)?.name ?? milestone.schoolUrn ?? '',
        team: teamById(trust, milestone.teamId)?.name ?? milestone.teamId ?? '',
        owner: nameOf(milestone.ownerId),
        standing: approval ? 'approved' : 'no approved check-in yet',
        ...(approval ? { round: approval.round } : {}),
        ...(approval?.answer ? { answer: approval.answer } : {}),
      };
    });
}

/** A name, what stands there, and how wide it is in a spreadsheet, in characters. */
export const COLUMNS: readonly (readonly [
  name: string,
  of: (row: ReportRow) => string | number | undefined,
  width: number,
])[] = [
  ['id', ({ milestone }) => milestone.id, 24],
  ['title', ({ milestone }) => milestone.title, 50],
  ['priority', ({ priority }) => priority, 26],
  ['strand', ({ milestone }) => milestone.strand, 20],
  ['school', ({ school }) => school, 22],
  ['team', ({ team }) => team, 22],
  ['owner', ({ owner }) => owner, 20],
  ['measure', ({ milestone }) => milestone.measure, 34],
  ['unit', ({ milestone }) => milestone.unit, 12],
  ['target', ({ milestone }) => milestone.target, 10],
  ['direction', ({ milestone }) => milestone.direction, 10],
  ['due', ({ milestone }) => milestone.due, 12],
  ['standing', ({ standing }) => standing, 18],
  ['round', ({ round }) => round, 12],
  ['status', ({ answer }) => answer?.status, 12],
  ['confidence', ({ answer }) => answer?.confidence, 12],
  ['value', ({ answer }) => answer?.value, 10],
  ['note', ({ answer }) => answer?.note, 50],
  ['blocker', ({ answer }) => answer?.blocker, 40],
  ['who could unblock', ({ answer }) => answer?.unblocker, 24],
  ['evidence', ({ answer }) => answer?.evidence, 40],
];

/** RFC 4180, with a line of names. Words that a spreadsheet would run as a formula get an apostrophe before them. */
export function reportCsv(rows: readonly ReportRow[]): string {
  const lines = [
    COLUMNS.map(([name]) => name),
    ...rows.map((row) => COLUMNS.map(([, of]) => cellOf(of(row)))),
  ];
  return `${lines.map((cells) => cells.join(',')).join('\r\n')}\r\n`;
}

export function cellOf(value: string | number | undefined): string {
  if (value === undefined) return '';
  if (typeof value === 'number') return String(value);
  const safe = /^[\s]*[=+\-@\t\r|%]/.test(value) ? `'${value}` : value;
  return /[",\r\n]|^\s|\s$/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
