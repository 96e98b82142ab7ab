/**
 * The attendance slice at work: reads a marks file into group weeks, publishes a week's release, plans the nudges and
 * answers their buttons. Each change is one transaction. What to say and to whom is decided in the pure files beside it.
 */
import type { Card } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { AppError, messageOf, type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { mondayOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { nudgeCard } from './card.ts';
import { createNudgeChoices, nudgeKey } from './choice-service.ts';
import { type ImportOptions, importFile, type MarksSource } from './import-service.ts';
import type { ImportReceipt, ImportRefusal } from './imports.ts';
import { overviewCard, type SchoolOverview, trustOverview } from './overview.ts';
import type { TrustRelease } from './trust-release.ts';
import { createSchoolWeeks, type WeekFigures } from './week-service.ts';

export type AttendanceResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person' | 'membersOf'>;
  readonly outbox: Outbox;
  readonly log: Log;
};

export type Audience = 'tutor' | 'head' | 'trust';

export type NudgePlan = {
  readonly drafts: readonly Draft[];
  /** A sentence for each school that gets no card, for the run's note. */
  readonly notes: readonly string[];
};

export interface Attendance {
  importMarks(source: MarksSource, options: ImportOptions): Promise<ImportReceipt | ImportRefusal>;
  weekFigures(input: {
    week: string;
    schoolUrn?: string | undefined;
    now: Date;
    /** Also what is not published yet, as it would be: for an operator alone. */
    preview?: boolean;
  }): Promise<WeekFigures[] | Refusal>;
  /** Publishes what may be sent and drafts it. Opens its own transactions: call it outside any other. */
  planNudges(input: { week: string; now: Date }): Promise<NudgePlan>;
  previewNudge(input: {
    week: string;
    audience: Audience;
    schoolUrn?: string | undefined;
    now: Date;
  }): Promise<Card | Refusal>;
  /** The schools' weeks for the leaders' digest: what is published, else why nothing is. */
  schoolOverviews(input: { week: string }): Promise<SchoolOverview[]>;
  /** The trust's week, once it is published. */
  trustFigures(input: { week: string }): Promise<TrustRelease | undefined>;
  act(command: CardCommand, actor: Person, now: Date): Promise<CardReply>;
}

const HOUR = 3_600_000;

export function createAttendance(resources: AttendanceResources): Attendance {
  const { db, trust, directory, outbox, log } = resources;
  const weeks = createSchoolWeeks({ db, trust });
  const choices = createNudgeChoices({ db, trust, directory, outbox });

  /**
   * How many in the school's team are not staff; a fault when Graph does not say. One team that cannot be read must not
   * cost the other schools their card.
   */
  async function outsidersIn(school: TrustSchool): Promise<number | AppError> {
    try {
      return (await directory.membersOf(school.team)).outsiders;
    } catch (cause) {
      log.warn('team not read', { team: school.team, error: messageOf(cause) });
      return new AppError('team-unread', `The members of ${school.name}’s team could not be read.`, {
        remedy: 'Check that the team named in trust.yaml exists and that Graph answers.',
        cause,
      });
    }
  }

  async function planNudges({ week, now }: { week: string; now: Date }): Promise<NudgePlan> {
    const drafts: Draft[] = [];
    const notes: string[] = [];
    const faults: AppError[] = [];
    for (const school of trust.schools) {
      const taken = await weeks.take(school, week, now);
      // Published whether or not its channel may have it: leaders' digests and answers read the same release.
      const release = await weeks.publish(school, taken, now);
      if (!release) {
        notes.push(
          `${school.name}: ${taken.decision.kind === 'none' ? taken.decision.note : 'no marks have been received'}.`,
        );
        continue;
      }
      const outsiders = await outsidersIn(school);
      if (outsiders !== 0) {
        if (outsiders instanceof AppError) faults.push(outsiders);
        notes.push(
          `${school.name}: ${
            outsiders instanceof AppError
              ? 'the members of the channel’s team could not be read, so nothing is posted there'
              : 'someone in the channel’s team is not staff, so nothing is posted there'
          }.`,
        );
        continue;
      }
      drafts.push({
        key: nudgeKey(week, school.urn),
        target: { kind: 'channel', teamId: school.team, channelId: school.channel },
        card: nudgeCard(await choices.view(school, release, now)),
        // Monday's card is of no use once Tuesday's school day is half over.
        expiresAt: new Date(now.getTime() + 29 * HOUR),
      });
    }
    await weeks.publishTrust(week, now);
    // When Graph answers for no school at all, the run is tried again rather than settled without a card.
    const [fault] = faults;
    if (fault && drafts.length === 0) throw fault;
    log.info('nudges planned', { week, cards: drafts.length, without: notes.length });
    return { drafts, notes };
  }

  function schoolsOf(schoolUrn: string | undefined): readonly TrustSchool[] | Refusal {
    if (schoolUrn === undefined) return trust.schools;
    const school = schoolByUrn(trust, schoolUrn);
    return school
      ? [school]
      : refuse('unknown-school', `No school of ${trust.trust.name} has the URN ${schoolUrn}.`);
  }

  async function schoolOverviews(week: string, preview?: Date): Promise<SchoolOverview[]> {
    const figures: WeekFigures[] = [];
    for (const school of trust.schools)
      figures.push(
        preview ? await weeks.previewOf(school, week, preview) : await weeks.figuresOf(school, week),
      );
    return figures.map(({ schoolUrn, name, release, note }) =>
      release ? { schoolUrn, name, release } : { schoolUrn, name, note: note ?? 'none yet' },
    );
  }

  async function previewNudge(input: {
    week: string;
    audience: Audience;
    schoolUrn?: string | undefined;
    now: Date;
  }): Promise<Card | Refusal> {
    const { week, audience, now } = input;
    if (audience === 'tutor')
      return refuse('no-pupils', 'A tutor’s card needs pupil rows, and Waymark keeps none for this trust.');
    if (audience === 'trust')
      return overviewCard(
        trust.trust.short_name,
        mondayOf(week),
        trustOverview(await schoolOverviews(week, now)),
      );
    const school = schoolByUrn(trust, input.schoolUrn ?? '');
    if (!school)
      return refuse('unknown-school', 'Say which school, for example --school with its six-digit URN.');
    const figures = await weeks.previewOf(school, week, now);
    if (!figures.release)
      return refuse('no-card', `${school.name} gets no card for ${week}: ${figures.note}.`);
    return nudgeCard(await choices.view(school, figures.release, now));
  }

  return {
    importMarks: (source, options) => importFile({ db, trust, log }, newId('imp'), source, options),
    weekFigures: async ({ week, schoolUrn, now, preview }) => {
      const schools = schoolsOf(schoolUrn);
      if ('kind' in schools) return schools;
      const figures: WeekFigures[] = [];
      for (const school of schools)
        figures.push(
          preview ? await weeks.previewOf(school, week, now) : await weeks.figuresOf(school, week),
        );
      return figures;
    },
    planNudges,
    previewNudge,
    schoolOverviews: ({ week }) => schoolOverviews(week),
    trustFigures: ({ week }) => weeks.trustFigures(week),
    act: choices.act,
  };
}
