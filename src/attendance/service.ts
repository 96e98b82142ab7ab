/**
 * The attendance slice at work: reads a marks file into group weeks, publishes a week's release, plans the nudges and
 * answers their buttons. Each change is one transaction. What to say and to whom is decided in the pure files beside it.
 */

import type { Card } from '../cards/elements.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply } from '../cards/reply.ts';
import { calendarOf, schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { type Refusal, refuse } from '../kernel/errors.ts';
import { newId } from '../kernel/ids.ts';
import { dateInWords, dateOf, mondayOf, timeOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import type { Log } from '../telemetry/log.ts';
import { helpCard, type NudgeState, type NudgeView, nudgeCard, whyCard } from './card.ts';
import { type ImportOptions, importFile, type MarksSource } from './import-service.ts';
import type { ImportReceipt, ImportRefusal } from './imports.ts';
import { completenessOf, decideNudge, type NudgeDecision, sameWeekLastYear, weekBefore } from './nudge.ts';
import { overviewCard, type SchoolOverview, trustOverview } from './overview.ts';
import { decimal, scale } from './rates.ts';
import { type Release, releaseWeek, reopenRelease } from './release.ts';
import { type HeldWeek, keepChoice, publishRelease, readChoices, readRelease, readWeek } from './store.ts';
import { schoolWeek } from './week.ts';

export type AttendanceResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person' | 'membersOf'>;
  readonly outbox: Outbox;
  readonly log: Log;
};

export type Audience = 'tutor' | 'head' | 'trust';

export type WeekFigures = {
  readonly schoolUrn: string;
  readonly name: string;
  readonly week: string;
  /** `published`: as cards show it. `preview`: as it would be published now. `none`: see `note`. */
  readonly state: 'published' | 'preview' | 'none';
  readonly note: string | null;
  readonly release: Release | null;
  /** Share of marks that are in, in percent with one decimal; null before any. */
  readonly complete: string | null;
};

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
  }): Promise<WeekFigures[] | Refusal>;
  /** Publishes what may be sent and drafts it. Opens its own transactions: call it outside any other. */
  planNudges(input: { week: string; now: Date }): Promise<NudgePlan>;
  previewNudge(input: {
    week: string;
    audience: Audience;
    schoolUrn?: string | undefined;
    now: Date;
  }): Promise<Card | Refusal>;
  /** The schools' weeks for the leaders' digest: published where they are, else why not. */
  schoolOverviews(input: { week: string; now: Date }): Promise<SchoolOverview[]>;
  act(command: CardCommand, actor: Person, now: Date): Promise<CardReply>;
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The ledger's name of a school's nudge for a week. */
export function nudgeKey(week: string, schoolUrn: string): string {
  return `attendance.week/${week}/${schoolUrn}`;
}

export function createAttendance(resources: AttendanceResources): Attendance {
  const { db, trust, directory, outbox, log } = resources;
  const { policies } = trust;

  /** The person who is asked for help: whoever leads the strand `attendance`, else the school's head. */
  function helperId(school: TrustSchool): string {
    for (const priority of trust.priorities)
      for (const strand of priority.strands)
        if (strand.id === 'attendance') return strand.lead ?? priority.lead;
    return school.head;
  }

  async function helperName(school: TrustSchool): Promise<string> {
    const helper = await directory.person(helperId(school));
    return helper?.givenName ?? 'the trust';
  }

  type Decided = { readonly decision: NudgeDecision; readonly held: HeldWeek | undefined };

  async function decide(school: TrustSchool, week: string): Promise<Decided> {
    const held = await readWeek(db, school.urn, week, 'now');
    const decision = decideNudge({
      calendar: calendarOf(trust, school),
      week,
      policy: {
        minimumDays: policies.nudge_minimum_days,
        completenessPercent: policies.completeness_percent,
      },
      threshold: policies.suppression_threshold,
      groups: held?.groups,
    });
    return { decision, held };
  }

  /** The week before as it stood when it was as old as this week is now; a week that was not whole then is not compared. */
  async function earlierWeek(school: TrustSchool, week: string, now: Date) {
    const calendar = calendarOf(trust, school);
    const found = weekBefore(calendar, week, policies.nudge_minimum_days);
    if (!found) return undefined;
    const then = new Date(now.getTime() - found.weeksAgo * 7 * DAY);
    const stood = await readWeek(db, school.urn, found.week, then);
    const counts = stood ?? (await readWeek(db, school.urn, found.week, 'first'));
    if (!counts) return undefined;
    const share = completenessOf(counts.groups, schoolWeek(calendar, mondayOf(found.week)).days);
    if (!share || share.of * 100n < share.over * BigInt(policies.completeness_percent)) return undefined;
    const basis = stood ? ('as-it-stood' as const) : ('corrected' as const);
    return { counts, basis, adjacent: found.weeksAgo === 1 };
  }

  async function draftRelease(school: TrustSchool, held: HeldWeek, now: Date): Promise<Release> {
    return releaseWeek({
      schoolUrn: school.urn,
      schoolName: school.name,
      week: held.week,
      threshold: policies.suppression_threshold,
      counts: held,
      before: await earlierWeek(school, held.week, now),
      lastYear: await readWeek(db, school.urn, sameWeekLastYear(held.week), 'now'),
    });
  }

  async function publish(school: TrustSchool, held: HeldWeek, now: Date): Promise<Release> {
    const release = await draftRelease(school, held, now);
    const kept = await publishRelease(
      db,
      { schoolUrn: school.urn, week: held.week, version: held.version, body: release },
      now,
    );
    return reopenRelease(kept.body);
  }

  async function view(school: TrustSchool, release: Release, now: Date): Promise<NudgeView> {
    const choices = await readChoices(db, school.urn, release.week);
    const named = async (kind: 'outcome' | 'help') => {
      const choice = choices.find((one) => one.kind === kind);
      return choice && { ...choice, by: (await directory.person(choice.actor))?.name ?? 'A colleague' };
    };
    const outcome = await named('outcome');
    const help = await named('help');
    const state: NudgeState = {
      outcome: outcome && {
        choice: outcome.choice === 'done' ? 'done' : 'not-this-week',
        by: outcome.by,
        on: dateOf(outcome.at, trust.trust.zone),
      },
      helpAsked: help && { by: help.by },
    };
    return { release, today: dateOf(now, trust.trust.zone), helper: await helperName(school), state };
  }

  async function planNudges({ week, now }: { week: string; now: Date }): Promise<NudgePlan> {
    const drafts: Draft[] = [];
    const notes: string[] = [];
    for (const school of trust.schools) {
      const { decision, held } = await decide(school, week);
      if (decision.kind === 'none' || !held) {
        notes.push(
          `${school.name}: ${decision.kind === 'none' ? decision.note : 'no marks have been received'}`,
        );
        continue;
      }
      const { outsiders } = await directory.membersOf(school.team);
      if (outsiders > 0) {
        notes.push(`${school.name}: someone in the channel’s team is not staff, so nothing is posted there`);
        continue;
      }
      const release = await publish(school, held, now);
      drafts.push({
        key: nudgeKey(week, school.urn),
        target: { kind: 'channel', teamId: school.team, channelId: school.channel },
        card: nudgeCard(await view(school, release, now)),
        // Monday's card is of no use once Tuesday's school day is half over.
        expiresAt: new Date(now.getTime() + 29 * HOUR),
      });
    }
    log.info('nudges planned', { week, cards: drafts.length, without: notes.length });
    return { drafts, notes };
  }

  async function figuresOf(school: TrustSchool, week: string, now: Date): Promise<WeekFigures> {
    const kept = await readRelease(db, school.urn, week);
    const { decision, held } = await decide(school, week);
    const days = schoolWeek(calendarOf(trust, school), mondayOf(week)).days;
    const share = held && completenessOf(held.groups, days);
    const complete = share ? decimal(scale(share, 100), 1) : null;
    const base = { schoolUrn: school.urn, name: school.name, week, complete };
    if (kept) return { ...base, state: 'published', note: null, release: reopenRelease(kept.body) };
    if (decision.kind === 'none' || !held)
      return {
        ...base,
        state: 'none',
        note: decision.kind === 'none' ? decision.note : 'no marks have been received',
        release: null,
      };
    return { ...base, state: 'preview', note: null, release: await draftRelease(school, held, now) };
  }

  function schoolsOf(schoolUrn: string | undefined): readonly TrustSchool[] | Refusal {
    if (schoolUrn === undefined) return trust.schools;
    const school = schoolByUrn(trust, schoolUrn);
    return school
      ? [school]
      : refuse('unknown-school', `No school of ${trust.trust.name} has the URN ${schoolUrn}.`);
  }

  async function schoolOverviews({ week, now }: { week: string; now: Date }): Promise<SchoolOverview[]> {
    const figures: WeekFigures[] = [];
    for (const school of trust.schools) figures.push(await figuresOf(school, week, now));
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
        trustOverview(await schoolOverviews({ week, now })),
      );
    const school = schoolByUrn(trust, input.schoolUrn ?? '');
    if (!school)
      return refuse('unknown-school', 'Say which school, for example --school with its six-digit URN.');
    const figures = await figuresOf(school, week, now);
    if (!figures.release)
      return refuse('no-card', `${school.name} gets no card for ${week}: ${figures.note}.`);
    return nudgeCard(await view(school, figures.release, now));
  }

  async function act({ envelope }: CardCommand, actor: Person, now: Date): Promise<CardReply> {
    const [urn = '', week = ''] = envelope.id.split('/');
    const school = schoolByUrn(trust, urn);
    const kept = school && /^\d{4}-W\d{2}$/.test(week) ? await readRelease(db, urn, week) : undefined;
    if (!school || !kept)
      return refuse('unknown-nudge', 'I do not have that week any more. The next card comes on Monday.');
    if (!mayAct(actor, school))
      return refuse('not-yours', `This card is for the staff of ${school.name}. Nothing was changed.`);
    const release = reopenRelease(kept.body);
    switch (envelope.verb) {
      case 'attendance.why':
        return { kind: 'card', card: whyCard(await view(school, release, now), receivedInWords(release)) };
      case 'attendance.show':
        return { kind: 'card', card: nudgeCard(await view(school, release, now)) };
      case 'attendance.done':
        return choose(school, release, 'outcome', 'done', actor, now);
      case 'attendance.not-this-week':
        return choose(school, release, 'outcome', 'not-this-week', actor, now);
      case 'attendance.help':
        return choose(school, release, 'help', 'asked', actor, now);
      default:
        return refuse('unknown-verb', 'I do not recognise that button. Please use the newest card.');
    }
  }

  function mayAct(actor: Person, school: TrustSchool): boolean {
    const named = [school.head, school.data_contact, ...trust.leaders];
    return actor.staff && (actor.schoolUrn === school.urn || named.includes(actor.id));
  }

  function receivedInWords(release: Release): string {
    const at = new Date(release.receivedAt);
    return `${dateInWords(dateOf(at, trust.trust.zone))} at ${timeOf(at, trust.trust.zone)}`;
  }

  /** Keeps the first choice; a second press, or a colleague's later one, is shown how things stand. */
  async function choose(
    school: TrustSchool,
    release: Release,
    kind: 'outcome' | 'help',
    choice: string,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const before = await view(school, release, now);
    const today = dateOf(now, trust.trust.zone);
    const state: NudgeState =
      kind === 'help'
        ? { ...before.state, helpAsked: { by: actor.name } }
        : {
            ...before.state,
            outcome: { choice: choice === 'done' ? 'done' : 'not-this-week', by: actor.name, on: today },
          };
    const after = nudgeCard({ ...before, state });
    const fresh = await inTransaction(db, async (trx) => {
      const first = await keepChoice(trx, school.urn, release.week, {
        kind,
        choice,
        actor: actor.id,
        at: now,
      });
      if (!first) return false;
      const key = nudgeKey(release.week, school.urn);
      await writeAudit(trx, {
        at: now,
        actor: actor.id,
        action: `attendance.${kind === 'help' ? 'help' : choice}`,
        subject: key,
      });
      if (kind === 'help') {
        const draft: Draft = {
          key: `attendance.help/${release.week}/${school.urn}`,
          target: { kind: 'person', personId: helperId(school) },
          card: helpCard(release, actor.name, today),
          urgent: true,
        };
        await outbox.enqueue(trx, draft.key, [draft], now);
      }
      await outbox.revise(trx, key, after, now);
      return true;
    });
    return { kind: 'card', card: fresh ? after : nudgeCard(await view(school, release, now)) };
  }

  return {
    importMarks: (source, options) => importFile({ db, trust, log }, newId('imp'), source, options),
    weekFigures: async ({ week, schoolUrn, now }) => {
      const schools = schoolsOf(schoolUrn);
      if ('kind' in schools) return schools;
      const figures: WeekFigures[] = [];
      for (const school of schools) figures.push(await figuresOf(school, week, now));
      return figures;
    },
    planNudges,
    previewNudge,
    schoolOverviews,
    act,
  };
}
