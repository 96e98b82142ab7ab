/**
 * Where the milestones stand, for digests: from the last approved check-in, and from nothing else. Who should read what waits.
 * Pure; says nothing about how quick or slow anybody is.
 */
import type { Trust } from '../config/trust.ts';
import { valueAsText } from './aim.ts';
import type { Answer, Status } from './lifecycle.ts';
import { type Milestone, priorityOf } from './milestone.ts';
import type { Opened } from './reminders.ts';
import type { Approval, ReportRow } from './report.ts';

/** `answer` is absent before the first approved check-in. */
export type Standing = {
  readonly milestone: Milestone;
  readonly priorityId: string;
  readonly answer?: Answer;
  /** The answer's figure with its aim, as text that nobody has escaped. */
  readonly figure?: string;
  /** Ten of the owner's working days have gone by without an answer. Told to nobody but the owner's own manager. */
  readonly overdue: boolean;
  /** As their manager calls them. */
  readonly ownerName?: string;
  /** Who acts as the owner's line manager today; absent when nobody who could is staff. */
  readonly managerId?: string;
  /** Who reads its check-ins, where that is somebody else. */
  readonly readerId?: string;
};

/** A check-in that waits to be read. `reviewerId` is who was asked; absent when nobody could be found. */
export type Waiting = {
  readonly checkinId: string;
  readonly version: number;
  readonly milestone: Milestone;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly reviewerId?: string;
  readonly status: Status;
};

export type CheckinSummary = {
  readonly standings: readonly Standing[];
  readonly waiting: readonly Waiting[];
};

export type StatusCounts = {
  readonly onTrack: number;
  readonly atRisk: number;
  readonly offTrack: number;
  /** No approved check-in yet. */
  readonly notYet: number;
};

export function summarise(facts: {
  readonly trust: Trust;
  readonly milestones: readonly Milestone[];
  readonly live: readonly Opened[];
  readonly approved: readonly Pick<Approval, 'milestoneId' | 'answer'>[];
  readonly ownerName: (personId: string) => string;
  readonly managerOf: (ownerId: string) => string | undefined;
  readonly readerOf: (ownerId: string, milestone: Milestone) => string | undefined;
  readonly isOverdue: (checkin: Opened, milestone: Milestone) => boolean;
}): CheckinSummary {
  const live = new Map(facts.live.map((checkin) => [checkin.milestoneId, checkin]));
  const approved = new Map(facts.approved.map((checkin) => [checkin.milestoneId, checkin]));
  const current = facts.milestones.filter((milestone) => !milestone.ended);
  const standings = current.map((milestone): Standing => {
    const open = live.get(milestone.id);
    return {
      milestone,
      priorityId: priorityOf(facts.trust, milestone.strand)?.id ?? '',
      ...answered(approved.get(milestone.id)?.answer, milestone),
      overdue: open !== undefined && facts.isOverdue(open, milestone),
      ownerName: facts.ownerName(milestone.ownerId),
      ...peopleOf(milestone, facts),
    };
  });
  const waiting = current.flatMap((milestone): Waiting[] => {
    const open = live.get(milestone.id);
    if (open?.state !== 'submitted' || !open.answer) return [];
    const reviewerId = facts.readerOf(open.ownerId, milestone);
    return [
      {
        checkinId: open.id,
        version: open.version,
        milestone,
        ownerId: open.ownerId,
        ownerName: facts.ownerName(open.ownerId),
        ...(reviewerId === undefined ? {} : { reviewerId }),
        status: open.answer.status,
      },
    ];
  });
  return { standings, waiting };
}

function answered(answer: Answer | undefined, milestone: Milestone): Pick<Standing, 'answer' | 'figure'> {
  if (!answer) return {};
  return { answer, ...(answer.value === undefined ? {} : { figure: valueAsText(answer.value, milestone) }) };
}

function peopleOf(
  milestone: Milestone,
  { managerOf, readerOf }: Pick<Parameters<typeof summarise>[0], 'managerOf' | 'readerOf'>,
): Pick<Standing, 'managerId' | 'readerId'> {
  const managerId = managerOf(milestone.ownerId);
  const readerId = readerOf(milestone.ownerId, milestone);
  return {
    ...(managerId === undefined ? {} : { managerId }),
    ...(readerId === undefined || readerId === managerId ? {} : { readerId }),
  };
}

/** The same from the rows of a past day: what waited then is not told, since nobody can act on it now. */
export function summaryOf(
  trust: Trust,
  rows: readonly Pick<ReportRow, 'milestone' | 'answer'>[],
  people: Pick<Parameters<typeof summarise>[0], 'ownerName' | 'managerOf' | 'readerOf'>,
): CheckinSummary {
  const standings = rows.map(({ milestone, answer }): Standing => {
    return {
      milestone,
      priorityId: priorityOf(trust, milestone.strand)?.id ?? '',
      ...answered(answer, milestone),
      overdue: false,
      ownerName: people.ownerName(milestone.ownerId),
      ...peopleOf(milestone, people),
    };
  });
  return { standings, waiting: [] };
}
