/**
 * Where every milestone stood at the end of a day, from histories alone, and that as CSV. Pure. Approved words count; what was
 * sent and not yet read is marked so. It holds no times of anybody's answers: staff are not measured.
 */
import type { Trust } from '../config/trust.ts';
import type { Answer, CheckinState } from './lifecycle.ts';
import { type Milestone, priorityOf } from './milestone.ts';

/** The last thing that had happened to a check-in by then. */
export type LastStep = {
  readonly milestoneId: string;
  readonly round: string;
  readonly state: CheckinState;
  readonly at: Date;
  readonly answer?: Answer;
};

export type ReportRow = {
  readonly milestone: Milestone;
  readonly priority: string;
  readonly school: string;
  readonly owner: string;
  readonly standing: 'approved' | 'not yet read' | 'no check-in yet';
  readonly round?: string;
  readonly answer?: Answer;
};

export function reportRows(facts: {
  readonly trust: Trust;
  readonly milestones: readonly Milestone[];
  readonly steps: readonly LastStep[];
  readonly nameOf: (personId: string) => string;
}): ReportRow[] {
  const { trust, milestones, steps, nameOf } = facts;
  const best = new Map<string, LastStep>();
  for (const step of steps) {
    if (step.state !== 'approved' && step.state !== 'submitted') continue;
    const other = best.get(step.milestoneId);
    if (!other || isBetter(step, other)) best.set(step.milestoneId, step);
  }
  return milestones
    .filter((milestone) => !milestone.ended)
    .map((milestone): ReportRow => {
      const step = best.get(milestone.id);
      return {
        milestone,
        priority: priorityOf(trust, milestone.strand)?.name ?? '',
        school: trust.schools.find(({ urn }) => urn === milestone.schoolUrn)?.name ?? '',
        owner: nameOf(milestone.ownerId),
        standing: !step ? 'no check-in yet' : step.state === 'approved' ? 'approved' : 'not yet read',
        ...(step ? { round: step.round } : {}),
        ...(step?.answer ? { answer: step.answer } : {}),
      };
    });
}

/** Approved before unread, then the later. */
function isBetter(step: LastStep, other: LastStep): boolean {
  if (step.state !== other.state) return step.state === 'approved';
  return step.at.getTime() > other.at.getTime();
}

const COLUMNS: readonly (readonly [name: string, of: (row: ReportRow) => string | number | undefined])[] = [
  ['id', ({ milestone }) => milestone.id],
  ['title', ({ milestone }) => milestone.title],
  ['priority', ({ priority }) => priority],
  ['strand', ({ milestone }) => milestone.strand],
  ['school', ({ school }) => school],
  ['owner', ({ owner }) => owner],
  ['measure', ({ milestone }) => milestone.measure],
  ['unit', ({ milestone }) => milestone.unit],
  ['target', ({ milestone }) => milestone.target],
  ['direction', ({ milestone }) => milestone.direction],
  ['due', ({ milestone }) => milestone.due],
  ['standing', ({ standing }) => standing],
  ['round', ({ round }) => round],
  ['status', ({ answer }) => answer?.status],
  ['confidence', ({ answer }) => answer?.confidence],
  ['value', ({ answer }) => answer?.value],
  ['note', ({ answer }) => answer?.note],
  ['blocker', ({ answer }) => answer?.blocker],
  ['evidence', ({ answer }) => answer?.evidence],
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
