/**
 * Form tutors' cards and the list that one opens: only where a school shows its pupils, only for the signed-in tutor's own
 * group, checked again at every opening and written to the audit. What is sent and kept holds no pupil.
 */
import type { Card } from '../cards/elements.ts';
import type { CardReply } from '../cards/reply.ts';
import { schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { refuse } from '../kernel/errors.ts';
import { addDays, dateOf, mondayOf, weekOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import { notice } from './card.ts';
import { type Movement, movementsOf, type WeekSheet } from './movement.ts';
import { PUPIL_DAYS } from './names.ts';
import { keepChoice, readChoices, readNudgeWeek, readPreferences } from './nudge-store.ts';
import { newlyOverThreshold, PENALTY_WEEKS } from './penalty.ts';
import { type PupilScope, readPupilRows, readSheets } from './pupils-store.ts';
import { reopenRelease } from './release.ts';
import { readRelease } from './release-store.ts';
import { openRows } from './sealed.ts';
import { wantsNudge } from './sending.ts';
import { decodeSheet } from './sheet.ts';
import {
  headListCard,
  listCard,
  type NamedMovement,
  type TutorChoice,
  type TutorView,
  tutorCard,
  tutorKey,
} from './tutor-card.ts';
import type { NudgeViews } from './views-service.ts';
import { schoolYearStart } from './week.ts';

export type TutorResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person'>;
  readonly outbox: Outbox;
  readonly views: Pick<NudgeViews, 'helperId' | 'helperName' | 'queriedSchools'>;
  /** Absent where no school shows its pupils. */
  readonly pupilKey?: string | undefined;
};

export interface Tutors {
  /** Cards for a school whose week is sent; none where nothing moved in a tutor's group. */
  plan(school: TrustSchool, week: string, now: Date): Promise<Draft[]>;
  /** The card of the school's first tutor; undefined where the school shows no pupils. */
  preview(school: TrustSchool, week: string): Promise<Card | undefined>;
  /** The cards of a school's tutors for a week, by their keys, as they stand after a change of its figures. */
  faces(
    school: TrustSchool,
    week: string,
    change: 'queried' | 'checked' | 'withdrawn',
  ): Promise<readonly { readonly key: string; readonly card: Card }[]>;
  /** Answers `attendance.names`, from a head's own card. */
  headList(school: TrustSchool, week: string, actor: Person, now: Date): Promise<CardReply>;
  /** Answers `attendance.tutor-*`. */
  act(verb: string, id: string, actor: Person, now: Date): Promise<CardReply>;
}

type Place = { readonly school: TrustSchool; readonly week: string; readonly group: string };

const GONE = refuse(
  'gone',
  'The names of that week are gone, as they should be. The next card has new ones.',
);
const MOST_NAMED = 5;

export function createTutors(resources: TutorResources): Tutors {
  const { db, trust, directory, outbox, views, pupilKey } = resources;
  const zone = trust.trust.zone;

  async function sheetsTo(reader: Db | Trx, school: TrustSchool, week: string): Promise<WeekSheet[]> {
    const weeks: string[] = [];
    for (
      let monday = mondayOf(weekOf(schoolYearStart(week)));
      weekOf(monday) <= week;
      monday = addDays(monday, 7)
    )
      weeks.push(weekOf(monday));
    const held = await readSheets(reader, school.urn, weeks);
    return held.map((one) => ({ week: one.week, sheet: decodeSheet(one.body) }));
  }

  /** Nothing when the week itself came as totals. */
  function movements(sheets: readonly WeekSheet[], week: string, group: string): Movement[] {
    return sheets.at(-1)?.week === week ? movementsOf(sheets, group) : [];
  }

  async function plan(school: TrustSchool, week: string, now: Date): Promise<Draft[]> {
    if (school.pupils !== 'on' || !pupilKey || school.tutors.length === 0) return [];
    const sheets = await sheetsTo(db, school, week);
    const today = dateOf(now, zone);
    const preferences = await readPreferences(
      db,
      school.tutors.map(({ person }) => person),
    );
    const drafts: Draft[] = [];
    for (const { person, groups } of school.tutors) {
      const tutor = await directory.person(person);
      // A head's own card is the top of her digest: one message a person a week.
      if (!tutor?.staff || person === school.head || !wantsNudge(preferences.get(person), today)) continue;
      // One card a person a week: the first of their groups in which anything moved.
      const group = groups.find((one) => movements(sheets, week, one).length > 0);
      if (group === undefined) continue;
      drafts.push({
        key: tutorKey(week, school.urn, group, person),
        target: { kind: 'person', personId: person },
        card: tutorCard(await viewOf({ school, week, group })),
        expiresAt: new Date(now.getTime() + 48 * 3_600_000),
      });
    }
    return drafts;
  }

  async function viewOf({ school, week, group }: Place): Promise<TutorView> {
    const choices = await readChoices(db, { schoolUrn: school.urn, week, scope: group });
    const outcome = choices.find(({ kind }) => kind === 'outcome');
    const kept = await readRelease(db, school.urn, week);
    const row = await readNudgeWeek(db, school.urn, week);
    const stands = kept && !row?.recalled ? reopenRelease(kept.body) : undefined;
    return {
      schoolUrn: school.urn,
      week,
      group,
      until: addDays(mondayOf(week), 7 + PUPIL_DAYS),
      helper: await views.helperName(school),
      figure: stands?.forms.find(({ key }) => key === group),
      queried: (await views.queriedSchools(week)).has(school.urn),
      outcome: outcome && {
        choice: tutorChoice(outcome.choice),
        on: dateOf(outcome.at, zone),
      },
      helpAsked: choices.some(({ kind }) => kind === 'help'),
    };
  }

  function placeOf(id: string): Place | undefined {
    const [urn = '', week = '', ...rest] = id.split('/');
    const school = schoolByUrn(trust, urn);
    const group = rest.join('/');
    return school && /^\d{4}-W\d{2}$/.test(week) && group ? { school, week, group } : undefined;
  }

  /** The trust's file says who teaches whom; a head may open any group of her school. Asked at every opening. */
  function mayOpen(actor: Person, { school, group }: Place): boolean {
    if (!actor.staff || school.pupils !== 'on') return false;
    return (
      actor.id === school.head ||
      school.tutors.some(({ person, groups }) => person === actor.id && groups.includes(group))
    );
  }

  async function act(verb: string, id: string, actor: Person, now: Date): Promise<CardReply> {
    const place = placeOf(id);
    if (!place || !mayOpen(actor, place))
      return refuse('not-yours', 'This list is for the group’s own tutor. Nothing was shown or changed.');
    // A week that nobody was sent anything of, whatever a button says.
    if (!(await readRelease(db, place.school.urn, place.week))) return GONE;
    const view = await viewOf(place);
    if (dateOf(now, zone) > view.until) return GONE;
    switch (verb) {
      case 'tutor-open':
        return { kind: 'card', card: listCard(view, await namedIn(place, actor, now)), unkept: true };
      case 'tutor-close':
        return { kind: 'card', card: tutorCard(view) };
      case 'tutor-done':
      case 'tutor-not-suitable':
      case 'tutor-not-this-week':
      case 'tutor-help':
        return choose(place, view, verb.replace('tutor-', ''), actor, now);
      default:
        return refuse('unknown-verb', 'I do not recognise that button. Please use the newest card.');
    }
  }

  /** Opens the names of one group, in the transaction that writes the reading down. */
  async function namedIn(place: Place, actor: Person, now: Date): Promise<NamedMovement[]> {
    const { school, week, group } = place;
    return inTransaction(db, async (trx) => {
      const scope = { schoolUrn: school.urn, week, regGroup: group, actor: actor.id, purpose: 'tutor-card' };
      const names = await namesIn(trx, scope, now);
      return named(movements(await sheetsTo(trx, school, week), week, group), names);
    });
  }

  async function namesIn(trx: Trx, scope: PupilScope, now: Date): Promise<ReadonlyMap<string, string>> {
    const sealed = await readPupilRows(trx, scope, now);
    if (!pupilKey) return new Map();
    return new Map(
      sealed
        .flatMap(({ schoolUrn, regGroup, body, week }) =>
          openRows(pupilKey, { schoolUrn, week, regGroup }, body),
        )
        .map((row) => [row.pupil, `${row.forename} ${row.surname}`.trim()]),
    );
  }

  function named(found: readonly Movement[], names: ReadonlyMap<string, string>): NamedMovement[] {
    return found.flatMap((movement) => {
      const name = names.get(movement.pupil);
      return name ? [{ ...movement, name }] : [];
    });
  }

  /** All groups of her school, for its head alone; not for a leader, whatever else they may see. */
  async function headList(school: TrustSchool, week: string, actor: Person, now: Date): Promise<CardReply> {
    if (!actor.staff || actor.id !== school.head || school.pupils !== 'on')
      return refuse('not-yours', 'This list is for the school’s own head. Nothing was shown.');
    if (dateOf(now, zone) > addDays(mondayOf(week), 7 + PUPIL_DAYS)) return GONE;
    const card = await inTransaction(db, async (trx) => {
      const scope = {
        schoolUrn: school.urn,
        week,
        regGroup: 'all' as const,
        actor: actor.id,
        purpose: 'head-list',
      };
      const names = await namesIn(trx, scope, now);
      const found = named(movements(await sheetsTo(trx, school, week), week, 'all'), names);
      const over = newlyOverThreshold(await lastSheets(trx, school, week)).flatMap(
        (pupil) => names.get(pupil) ?? [],
      );
      return headListCard(school.name, `${school.urn}/${week}/head`, found, over.slice(0, MOST_NAMED));
    });
    return { kind: 'card', card, unkept: true };
  }

  /** School weeks before and with one, over terms and school years; nothing when the week itself came as totals. */
  async function lastSheets(trx: Trx, school: TrustSchool, week: string): Promise<WeekSheet[]> {
    const weeks = Array.from({ length: PENALTY_WEEKS * 2 }, (_, back) =>
      weekOf(addDays(mondayOf(week), -7 * back)),
    );
    const held = (await readSheets(trx, school.urn, weeks)).slice(-PENALTY_WEEKS);
    return held.at(-1)?.week === week
      ? held.map((one) => ({ week: one.week, sheet: decodeSheet(one.body) }))
      : [];
  }

  async function choose(
    place: Place,
    view: TutorView,
    choice: string,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const { school, week, group } = place;
    const kind = choice === 'help' ? ('help' as const) : ('outcome' as const);
    const today = dateOf(now, zone);
    const after: TutorView =
      kind === 'help'
        ? { ...view, helpAsked: true }
        : {
            ...view,
            outcome: view.outcome ?? { choice: tutorChoice(choice), on: today },
          };
    await inTransaction(db, async (trx) => {
      const made = { kind, choice, actor: actor.id, at: now };
      if (!(await keepChoice(trx, { schoolUrn: school.urn, week, scope: group }, made))) return;
      const subject = `attendance.tutor/${week}/${school.urn}/${group}`;
      await writeAudit(trx, { at: now, actor: actor.id, action: `attendance.tutor-${choice}`, subject });
      if (kind === 'help') {
        const draft: Draft = {
          key: `attendance.help/${week}/${school.urn}/${group}`,
          target: { kind: 'person', personId: views.helperId(school) },
          card: notice(`${actor.name} asks for help`, 'Someone would like your help', [
            `${actor.name} asked for help with attendance in a tutor group at ${school.name}.`,
            'No pupil is named here. Please speak to them.',
          ]),
          urgent: true,
        };
        await outbox.enqueue(trx, draft.key, [draft], now);
      }
      await outbox.revise(trx, tutorKey(week, school.urn, group, actor.id), tutorCard(after), now);
    });
    return { kind: 'card', card: tutorCard(after) };
  }

  async function preview(school: TrustSchool, week: string): Promise<Card | undefined> {
    const group = school.tutors[0]?.groups[0];
    if (school.pupils !== 'on' || !pupilKey || group === undefined) return undefined;
    return tutorCard(await viewOf({ school, week, group }));
  }

  async function faces(
    school: TrustSchool,
    week: string,
    change: 'queried' | 'checked' | 'withdrawn',
  ): Promise<{ key: string; card: Card }[]> {
    if (school.pupils !== 'on' || !pupilKey) return [];
    const found: { key: string; card: Card }[] = [];
    for (const { person, groups } of school.tutors)
      for (const group of groups) {
        const view = await viewOf({ school, week, group });
        const after = {
          ...view,
          queried: change === 'queried',
          figure: change === 'withdrawn' ? undefined : view.figure,
        };
        found.push({ key: tutorKey(week, school.urn, group, person), card: tutorCard(after) });
      }
    return found;
  }

  return { plan, preview, faces, headList, act };
}

function tutorChoice(choice: string): TutorChoice {
  return choice === 'done' || choice === 'not-this-week' ? choice : 'not-suitable';
}
