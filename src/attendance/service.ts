/**
 * The attendance slice at work: reads a marks file into group weeks, publishes a week's release, plans the nudges and
 * answers their buttons. Each change is one transaction. What to say and to whom is decided in the pure files beside it.
 */
import { holds, schoolsOf } from '../access/appointments.ts';
import { type Entry, may, type Permit } from '../access/decide.ts';
import type { Card } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import { CHART_WEEKS } from '../cards/gap-charts.ts';
import type { NamesPupil } from '../cards/held.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import type { Keyring } from '../kernel/keyring.ts';
import { addDays, dateOf, mondayOf, weekOf } from '../kernel/time.ts';
import type { Db } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { createAsking, type Readers } from './ask-service.ts';
import { type BenchmarksReceipt, type BenchmarksRefusal, importBenchmarks } from './benchmarks-service.ts';
import { nudgeCard, nudgeId } from './card.ts';
import { shortLine } from './card-lines.ts';
import { type AttachedMarks, checkFile } from './check-service.ts';
import { createNudgeChoices, type NudgeEntry, type OpenFocus, type PressedIn } from './choice-service.ts';
import type { ImportOptions } from './import-parts.ts';
import { importFile, type MarksSource } from './import-service.ts';
import type { ImportReceipt, ImportRefusal } from './imports.ts';
import { readHistory, readNudgeWeeks, readPreference } from './nudge-store.ts';
import type { SchoolOverview } from './overview.ts';
import { type ChatCompany, createPlanner, type DigestReaders, isReady } from './plan-service.ts';
import { countLockedOtherwise, forgetPupilRows, forgetSheets, type LockedOtherwise } from './pupils-store.ts';
import { createRecall } from './recall-service.ts';
import { type Release, reopenRelease } from './release.ts';
import { readReleasesOf, readTrustReleases } from './release-store.ts';
import { relock } from './relock-service.ts';
import { createRepaint, type FiguresChanged, TAKEN_BACK } from './repaint-service.ts';
import { type NudgeWeekState, wantsNudge } from './sending.ts';
import { forgetThreads } from './threads-store.ts';
import { trustCard } from './trust-card.ts';
import { reopenTrustRelease, type TrustRelease } from './trust-release.ts';
import { createTrustCards } from './trust-service.ts';
import { createTutors } from './tutor-service.ts';
import { createNudgeViews } from './views-service.ts';
import { schoolYearStart } from './week.ts';
import { createSchoolWeeks, type WeekFigures } from './week-service.ts';

export type AttendanceResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<
    Directory,
    'person' | 'people' | 'staff' | 'membersOf' | 'appointments' | 'holder'
  >;
  readonly outbox: Outbox;
  /** Key of pupils' pseudonyms. */
  readonly pseudonymKey: string;
  /** Lock what is kept about pupils. */
  readonly pupilKeys: Keyring;
  readonly log: Log;
  readonly namesPupil: NamesPupil;
  readonly openFocus?: OpenFocus | undefined;
  /** Puts right what others have sent of a week's figures; absent: nobody has. */
  readonly figuresChanged?: FiguresChanged | undefined;
  /** Who is in a group chat; absent: no card goes to one. */
  readonly chatCompany?: ChatCompany | undefined;
  /** Who hears of a marks file of no one school that was refused; absent: the contact for questions. */
  readonly keeper?: (() => Promise<string>) | undefined;
  /** Who gets a digest anyway: their own card is then the top of it. Absent: nobody does. */
  readonly digestReaders?: DigestReaders | undefined;
};

export type Audience = 'tutor' | 'head' | 'trust' | 'channel';

/** `id` is what the button that opens the card carries; `opens`: the card of a tutor's groups, or the trust's, rather than a school's. */
export type OwnNudge = {
  readonly line: string;
  readonly id: string;
  readonly queried?: boolean;
  readonly opens?: 'groups' | 'trust';
};

export type GapWeek = Pick<Release, 'monday' | 'gap'>;

type NudgeInput<V extends 'cli:nudge test' | 'cli:nudge recall'> = {
  week: string;
  schoolUrn: string;
  permit: Permit<V>;
  now: Date;
};

export interface Attendance {
  importMarks(source: MarksSource, options: ImportOptions): Promise<ImportReceipt | ImportRefusal>;
  /** Looks at a marks file that somebody attached in chat; saves nothing of it. */
  checkFile(entry: Entry<'file:check'>, file: AttachedMarks, now: Date): Promise<MessageReply>;
  /** A published file of the DfE, for figures to compare with. */
  importBenchmarks(
    text: string,
    options: { readonly published: string; readonly now: Date; readonly by: string },
  ): Promise<BenchmarksReceipt | BenchmarksRefusal>;
  weekFigures(input: {
    week: string;
    schoolUrn?: string | undefined;
    now: Date;
    /** Also what is not published yet, as it would be: for an operator alone. */
    preview?: boolean;
  }): Promise<WeekFigures[] | Refusal>;
  /** Publishes what may be sent and drafts it. Opens its own transactions: call it outside any other. */
  readonly planNudges: ReturnType<typeof createPlanner>;
  previewNudge(input: {
    week: string;
    audience: Audience;
    schoolUrn?: string | undefined;
    now: Date;
  }): Promise<Card | Refusal>;
  /** Sends one member of staff a card as a preview. */
  testNudge(input: NudgeInput<'cli:nudge test'> & { personId: string }): Promise<string | Refusal>;
  /** Takes a card back that was wrong. */
  recallNudge(input: NudgeInput<'cli:nudge recall'>): Promise<string | Refusal>;
  /** The schools' weeks for the leaders' digest: what is published, else why nothing is. */
  schoolOverviews(input: {
    week: string;
    /** All of the trust's when not given. */
    schoolUrns?: readonly string[] | undefined;
    publishedBy?: Date | undefined;
  }): Promise<SchoolOverview[]>;
  /** The gap week by week, oldest first, to `week` and with it: of a school, else of the trust. At most six published weeks. */
  gapWeeks(input: {
    week: string;
    schoolUrn?: string | undefined;
    publishedBy?: Date | undefined;
  }): Promise<GapWeek[]>;
  /** Each school's newest release before a week, of those that stand. */
  newestReleases(input: {
    before: string;
    schoolUrns: readonly string[];
    publishedBy?: Date | undefined;
  }): Promise<Release[]>;
  /** Published weeks from the one to the other, both included, oldest first; what was taken back is left out. */
  releases(input: { from: string; to: string; schoolUrn: string }): Promise<Release[]>;
  trustReleases(input: { from: string; to: string }): Promise<TrustRelease[]>;
  /** The trust's week, once it is published. */
  trustFigures(input: { week: string; publishedBy?: Date | undefined }): Promise<TrustRelease | undefined>;
  act(
    entry: NudgeEntry,
    command: CardCommand,
    actor: Person,
    now: Date,
    where?: PressedIn,
  ): Promise<CardReply>;
  /**
   * This week's card of a person's own, for the top of their digest: of the school that they head, else of their tutor groups,
   * else of the trust that they lead; undefined when there is none.
   */
  ownNudge(personId: string, now: Date): Promise<OwnNudge | undefined>;
  /** What became of each school's card for a week: sent, held, quiet and so on. */
  nudgeStates(week: string): Promise<ReadonlyMap<string, NudgeWeekState>>;
  /** Schools whose figures for a week carry a note. */
  queriedSchools(week: string): Promise<ReadonlySet<string>>;
  /**
   * Deletes names whose fourteen days are over, and pupils' marks of school years before the last. Returns how many tutor
   * groups' names, and how many school weeks.
   */
  forgetPupils(now: Date): Promise<{ readonly names: number; readonly sheets: number }>;
  /** Locks anew under the newest key what is kept about pupils. Returns how much. */
  relock(): Promise<LockedOtherwise>;
  lockedOtherwise(): Promise<LockedOtherwise>;
  /** Deletes what people spoke of more than eight hours ago. Returns how many. */
  forgetThreads(now: Date): Promise<number>;
  /** An answer from published figures; undefined when the words ask for none. */
  ask(text: string, asker: Person, readers: Readers, now: Date): Promise<MessageReply | undefined>;
}

type Shown = Pick<WeekFigures, 'schoolUrn' | 'name' | 'release' | 'note' | 'late'>;

/** No term has more weeks. */
const WEEKS_AT_ONCE = 20;

function weekAfter(week: string): string {
  return weekOf(addDays(mondayOf(week), 7));
}

export function createAttendance(resources: AttendanceResources): Attendance {
  const { db, trust } = resources;
  const weeks = createSchoolWeeks({ db, trust });
  const views = createNudgeViews(resources);
  const tutors = createTutors({ ...resources, views });
  const trustCards = createTrustCards({
    ...resources,
    views,
    overviews: (week, preview) => schoolOverviews(week, preview),
    trustFigures: weeks.trustFigures,
  });
  const repaint = createRepaint({
    ...resources,
    zone: trust.trust.zone,
    views,
    tutors,
    trustView: (week) => trustCards.view(week),
  });
  const choices = createNudgeChoices({ ...resources, views, tutors, trustCards, repaint });
  const asking = createAsking({
    ...resources,
    views,
    overviews: (week) => schoolOverviews(week),
    trustFigures: weeks.trustFigures,
  });
  const recalls = createRecall({ ...resources, views, weeks, repaint });
  const planNudges = createPlanner({
    ...resources,
    weeks,
    views,
    tutors,
    trustCards,
  });

  function schoolsMeant(schoolUrn: string | undefined): readonly TrustSchool[] | Refusal {
    if (schoolUrn === undefined) return trust.schools;
    const school = schoolByUrn(trust, schoolUrn);
    return school ? [school] : unknownSchool(schoolUrn);
  }

  function unknownSchool(schoolUrn: string): Refusal {
    return refuse('unknown-school', `No school of ${trust.trust.name} has the URN ${schoolUrn}.`);
  }

  /** Published weeks are read together: a leader's digest waits for all of them. */
  async function schoolOverviews(
    week: string,
    preview?: Date,
    schools: readonly TrustSchool[] = trust.schools,
    publishedBy?: Date,
  ): Promise<SchoolOverview[]> {
    const kept = await readReleasesOf(db, week, publishedBy);
    const figures = await Promise.all(
      schools.map((school): Promise<Shown> | Shown => {
        const body = kept.get(school.urn);
        const { urn: schoolUrn, name } = school;
        if (body !== undefined) return { schoolUrn, name, release: reopenRelease(body), note: null };
        if (publishedBy) return { schoolUrn, name, release: null, note: null };
        return preview ? weeks.previewOf(school, week, preview) : weeks.figuresOf(school, week);
      }),
    );
    const rows = await readNudgeWeeks(db, week);
    return figures.map(({ schoolUrn, name, release, note, late }) => {
      if (rows.get(schoolUrn)?.recalled) return { schoolUrn, name, note: TAKEN_BACK };
      return release
        ? { schoolUrn, name, release }
        : { schoolUrn, name, note: note ?? 'none yet', ...(late ? { late } : {}) };
    });
  }

  async function ownNudge(personId: string, now: Date): Promise<OwnNudge | undefined> {
    const holder = await resources.directory.holder(personId);
    const urns = schoolsOf(holder, 'head');
    const headed = trust.schools.filter(({ urn }) => urns.includes(urn));
    const teaches = holds(holder, 'tutor');
    if (headed.length === 0 && !teaches && !may('see:trust-week', holder, {})) return undefined;
    const today = dateOf(now, trust.trust.zone);
    const week = weekOf(addDays(today, -7));
    const preference = await readPreference(db, personId);
    if (!wantsNudge(preference, today)) return undefined;
    const ofSchool = await headNudge(headed, week, today);
    if (ofSchool) return ofSchool;
    const ofGroups = teaches ? await tutors.inDigest(personId, week) : undefined;
    if (ofGroups) return { ...ofGroups, opens: 'groups' };
    const ofTrust = await trustCards.inDigest(personId, week);
    return ofTrust && { ...ofTrust, opens: 'trust' };
  }

  async function headNudge(
    headed: readonly TrustSchool[],
    week: string,
    today: string,
  ): Promise<OwnNudge | undefined> {
    const rows = await readNudgeWeeks(db, week);
    for (const school of headed) {
      const row = rows.get(school.urn);
      if (!row || row.recalled || (row.state !== 'sent' && row.state !== 'partial')) continue;
      if (row.headIn === 'chat' && (await isReady(resources, school))) continue;
      const { release } = await weeks.figuresOf(school, week);
      if (!release) continue;
      const queried = (await views.queriedSchools(week)).has(school.urn);
      const asked = row.follows ? 'One thing to tell me.' : 'One thing to try.';
      return {
        line: `${shortLine(release, today)} ${asked}`,
        ...(queried ? { queried } : {}),
        id: nudgeId(release, 'head'),
      };
    }
    return undefined;
  }

  async function gapWeeks(
    week: string,
    schoolUrn: string | undefined,
    publishedBy: Date | undefined,
  ): Promise<GapWeek[]> {
    const after = weekAfter(week);
    if (schoolUrn !== undefined) {
      const kept = await readHistory(db, schoolUrn, after, CHART_WEEKS, publishedBy);
      return kept.map(reopenRelease).map(({ monday, gap }) => ({ monday, gap }));
    }
    const kept = await readTrustReleases(db, after, CHART_WEEKS, publishedBy);
    return kept.map(reopenTrustRelease).map(({ monday, all }) => ({ monday, gap: all?.gap ?? null }));
  }

  async function previewNudge(input: {
    week: string;
    audience: Audience;
    schoolUrn?: string | undefined;
    now: Date;
  }): Promise<Card | Refusal> {
    const { week, audience, now } = input;
    if (audience === 'trust') return trustCard(await trustCards.view(week, now));
    const school = schoolByUrn(trust, input.schoolUrn ?? '');
    if (!school)
      return refuse('unknown-school', 'Say which school, for example --school with its six-digit URN.');
    if (audience === 'tutor')
      return (
        (await tutors.preview(school, week)) ??
        refuse(
          'no-pupils',
          `${school.name} shows no pupils, or names no tutors: a tutor’s card needs \`pupils: on\` and \`tutors\` in trust.yaml.`,
        )
      );
    const figures = await weeks.previewOf(school, week, now);
    if (!figures.release)
      return refuse('no-card', `${school.name} gets no card for ${week}: ${figures.note}.`);
    return nudgeCard(await views.view(school, figures.release, audience, now));
  }

  return {
    importMarks: (source, options) => importFile(resources, source, options),
    checkFile: (entry, file, now) => checkFile(resources, entry, file, now),
    importBenchmarks: (text, options) => importBenchmarks(db, text, options),
    weekFigures: async ({ week, schoolUrn, now, preview }) => {
      const schools = schoolsMeant(schoolUrn);
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
    testNudge: async ({ schoolUrn, personId, ...at }) => {
      const school = schoolByUrn(trust, schoolUrn);
      return school ? recalls.tryOut({ ...at, school }, personId) : unknownSchool(schoolUrn);
    },
    recallNudge: async ({ schoolUrn, ...at }) => {
      const school = schoolByUrn(trust, schoolUrn);
      return school ? recalls.recall({ ...at, school }) : unknownSchool(schoolUrn);
    },
    schoolOverviews: ({ week, schoolUrns, publishedBy }) =>
      schoolOverviews(
        week,
        undefined,
        trust.schools.filter(({ urn }) => schoolUrns?.includes(urn) ?? true),
        publishedBy,
      ),
    newestReleases: async ({ before, schoolUrns, publishedBy }) => {
      const kept = await Promise.all(schoolUrns.map((urn) => readHistory(db, urn, before, 1, publishedBy)));
      return kept.flat().map(reopenRelease);
    },
    releases: async ({ from, to, schoolUrn }) =>
      (await readHistory(db, schoolUrn, weekAfter(to), WEEKS_AT_ONCE))
        .map(reopenRelease)
        .filter(({ week }) => week >= from),
    trustReleases: async ({ from, to }) =>
      (await readTrustReleases(db, weekAfter(to), WEEKS_AT_ONCE))
        .map(reopenTrustRelease)
        .filter(({ week }) => week >= from),
    gapWeeks: ({ week, schoolUrn, publishedBy }) => gapWeeks(week, schoolUrn, publishedBy),
    trustFigures: ({ week, publishedBy }) => weeks.trustFigures(week, publishedBy),
    act: choices.act,
    ask: asking.ask,
    forgetPupils: async (now) => {
      const showing = trust.schools.filter(({ pupils }) => pupils === 'on').map(({ urn }) => urn);
      const thisYear = schoolYearStart(weekOf(dateOf(now, trust.trust.zone)));
      const oldest = weekOf(`${Number(thisYear.slice(0, 4)) - 1}${thisYear.slice(4)}`);
      return { names: await forgetPupilRows(db, now, showing), sheets: await forgetSheets(db, oldest) };
    },
    relock: () => relock(db, resources.pupilKeys),
    lockedOtherwise: () => countLockedOtherwise(db, resources.pupilKeys),
    forgetThreads: (now) => forgetThreads(db, now),
    ownNudge,
    nudgeStates: async (week) =>
      new Map([...(await readNudgeWeeks(db, week))].map(([urn, row]) => [urn, row.state])),
    queriedSchools: views.queriedSchools,
  };
}
