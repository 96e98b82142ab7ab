/**
 * Form tutors' cards and the list that one opens: only where a school shows its pupils, only for the signed-in tutor's own
 * group, checked again at every opening and written to the audit. What is sent and kept holds no pupil.
 */
import { holdersOf } from '../access/appointments.ts';
import { decide, type Entry, type Permit } from '../access/decide.ts';
import type { CardVerbOf } from '../access/policy.ts';
import type { Holder } from '../access/roles.ts';
import type { Card } from '../cards/elements.ts';
import type { CardReply } from '../cards/reply.ts';
import { schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { assertNever, isRefusal, type Refusal, refuse } from '../kernel/errors.ts';
import type { Keyring } from '../kernel/keyring.ts';
import { addDays, dateOf, mondayOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import { notice } from './card.ts';
import { lastCardBefore, type OwnCard, readCards } from './cards-store.ts';
import { hasMoved, openList } from './lists-service.ts';
import { PUPIL_DAYS } from './names.ts';
import { type ChoicePlace, keepChoice, readChoices, readNudgeWeek, readPreferences } from './nudge-store.ts';
import { type Release, reopenRelease } from './release.ts';
import { readRelease } from './release-store.ts';
import { wantsNudge } from './sending.ts';
import {
  groupsIn,
  headListCard,
  listCard,
  scopeOf,
  type TutorChoice,
  type TutorView,
  tutorCard,
  tutorId,
  tutorKey,
  tutorLine,
} from './tutor-card.ts';
import type { NudgeViews } from './views-service.ts';

export type TutorResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person' | 'appointments'>;
  readonly outbox: Outbox;
  readonly views: Pick<NudgeViews, 'helperId' | 'helperName' | 'queriedSchools'>;
  /** Absent where no school shows its pupils. */
  readonly pupilKeys: Keyring;
};

/** A school's tutors' cards of a week: what is sent, and what is kept of it in the same transaction. */
export type TutorPlan = { readonly drafts: readonly Draft[]; readonly cards: readonly OwnCard[] };

export interface Tutors {
  /**
   * Cards for a school whose week is sent; none where nothing moved in a tutor's groups. `taken`: who has a card of another
   * school already; `inDigest`: who finds it on top of a digest instead.
   */
  plan(
    school: TrustSchool,
    week: string,
    now: Date,
    others: { readonly taken: ReadonlySet<string>; readonly inDigest: () => Promise<ReadonlySet<string>> },
  ): Promise<TutorPlan>;
  /** The card that a person finds on top of the digest, in a line; undefined where it comes by itself or not at all. */
  inDigest(personId: string, week: string): Promise<{ line: string; id: string } | undefined>;
  /** The card of the school's first tutor; undefined where the school shows no pupils. */
  preview(school: TrustSchool, week: string): Promise<Card | undefined>;
  /** The cards of a school's tutors for a week, by their keys, as they stand after a change of its figures. */
  faces(
    school: TrustSchool,
    week: string,
    change: 'queried' | 'checked' | 'withdrawn',
  ): Promise<readonly { readonly key: string; readonly card: Card }[]>;
  /** Answers `attendance.names`, from a head's own card. */
  headList(
    permit: Permit<'attendance.names'>,
    school: TrustSchool,
    week: string,
    now: Date,
  ): Promise<CardReply>;
  /** The release behind the card that a button names, for someone who may open it; undefined else, or where none stands. */
  releaseBehind(
    entry: Entry<TutorVerb>,
    id: string,
  ): Promise<{ readonly school: TrustSchool; readonly release: Release } | undefined>;
  /** Answers `attendance.tutor-*`, but for what is about the school's figures. */
  act(entry: Entry<TutorActVerb>, id: string, actor: Person, now: Date): Promise<CardReply>;
  /** The card again, after whatever was pressed on it. */
  show(entry: Entry<TutorVerb>, id: string, now: Date): Promise<CardReply>;
}

type TutorVerb = Extract<CardVerbOf<'attendance'>, `attendance.tutor-${string}`>;
type TutorActVerb = Exclude<
  TutorVerb,
  'attendance.tutor-fewer' | 'attendance.tutor-why' | 'attendance.tutor-query' | 'attendance.tutor-send-query'
>;

type Place = { readonly school: TrustSchool; readonly week: string; readonly groups: readonly string[] };

const GONE = refuse(
  'gone',
  'The names of that week are gone, as they should be. The next card has new ones.',
);
const MOST_NAMED = 5;

export function createTutors(resources: TutorResources): Tutors {
  const { db, trust, directory, outbox, views, pupilKeys } = resources;
  const zone = trust.trust.zone;

  async function plan(
    school: TrustSchool,
    week: string,
    now: Date,
    { taken, inDigest }: Parameters<Tutors['plan']>[3],
  ): Promise<TutorPlan> {
    if (school.pupils !== 'on' || school.tutors.length === 0) return { drafts: [], cards: [] };
    const heads = holdersOf(await directory.appointments(), 'head', { urn: school.urn });
    const moved = await hasMoved(db, pupilKeys, school, week);
    const today = dateOf(now, zone);
    const preferences = await readPreferences(
      db,
      school.tutors.map(({ person }) => person),
    );
    const drafts: Draft[] = [];
    const cards: OwnCard[] = [];
    // One card a person a week, of all their groups, however many lines of the trust's file name them.
    for (const [personId, lines] of Map.groupBy(school.tutors, ({ person }) => person)) {
      const tutor = await directory.person(personId);
      const groups = [...new Set(lines.flatMap((line) => line.groups))];
      // A head's own card is the top of her digest.
      if (!tutor?.staff || heads.includes(personId) || taken.has(personId)) continue;
      if (!wantsNudge(preferences.get(personId), today) || !moved(groups)) continue;
      const card: OwnCard = {
        audience: 'tutor',
        week,
        schoolUrn: school.urn,
        personId,
        scope: scopeOf(groups),
        place: (await inDigest()).has(personId) ? 'digest' : 'message',
        action: null,
        follows: await leftOpen(school, personId, week),
      };
      cards.push(card);
      if (card.place === 'digest') continue;
      drafts.push({
        key: tutorKey(week, school.urn, card.scope, personId),
        target: { kind: 'person', personId },
        card: tutorCard(await viewOf({ school, week, groups }, card)),
        expiresAt: new Date(now.getTime() + 48 * 3_600_000),
      });
    }
    return { drafts, cards };
  }

  /** The week of the person's card before, when nobody said what became of it and it was not asked after yet. */
  async function leftOpen(school: TrustSchool, personId: string, week: string): Promise<string | null> {
    const before = await lastCardBefore(db, { audience: 'tutor', schoolUrn: school.urn, personId }, week);
    if (!before || before.follows !== null) return null;
    const place = { schoolUrn: school.urn, week: before.week, scope: before.scope };
    const choices = await readChoices(db, place);
    const closed = choices.some(({ kind, choice }) => kind === 'outcome' && choice !== 'not-this-week');
    return closed ? null : before.week;
  }

  async function inDigest(personId: string, week: string): Promise<{ line: string; id: string } | undefined> {
    const card = (await readCards(db, 'tutor', week)).find(
      (one) => one.personId === personId && one.place === 'digest',
    );
    const groups = card && groupsIn(card.scope);
    if (!card || !groups || (await readNudgeWeek(db, card.schoolUrn, week))?.recalled) return undefined;
    const { schoolUrn, follows } = card;
    return {
      line: tutorLine({ groups, follows: follows !== null }),
      id: tutorId({ schoolUrn, week, groups }),
    };
  }

  async function viewOf({ school, week, groups }: Place, sent: OwnCard | undefined): Promise<TutorView> {
    const choices = await readChoices(db, { schoolUrn: school.urn, week, scope: scopeOf(groups) });
    const outcome = choices.find(({ kind }) => kind === 'outcome');
    const followUp = choices.find(({ kind }) => kind === 'follow-up');
    const kept = await readRelease(db, school.urn, week);
    const row = await readNudgeWeek(db, school.urn, week);
    const stands = kept && !row?.recalled ? reopenRelease(kept.body) : undefined;
    return {
      schoolUrn: school.urn,
      week,
      groups,
      until: addDays(mondayOf(week), 7 + PUPIL_DAYS),
      helper: await views.helperName(school),
      stands: stands !== undefined,
      figures: stands?.forms.filter(({ key }) => groups.includes(key)) ?? [],
      queried: (await views.queriedSchools(week)).has(school.urn),
      outcome: outcome && {
        choice: tutorChoice(outcome.choice),
        on: dateOf(outcome.at, zone),
      },
      helpAsked: choices.some(({ kind }) => kind === 'help'),
      follows: sent?.follows != null,
      followUp: followUp && (followUp.choice === 'happened' ? 'happened' : 'not-yet'),
    };
  }

  async function sentOf({ school, week, groups }: Place): Promise<OwnCard | undefined> {
    const scope = scopeOf(groups);
    return (await readCards(db, 'tutor', week)).find(
      (card) => card.schoolUrn === school.urn && card.scope === scope,
    );
  }

  function placeOf(id: string): Place | undefined {
    const [urn = '', week = '', ...rest] = id.split('/');
    const school = schoolByUrn(trust, urn);
    const groups = groupsIn(rest.join('/'));
    return school && /^\d{4}-W\d{2}$/.test(week) && groups ? { school, week, groups } : undefined;
  }

  /** The trust's file says who teaches whom; a head may open any group of her school. Asked at every opening. */
  function permitFor<V extends TutorVerb>(verb: V, holder: Holder, place: Place | undefined) {
    const { urn, pupils } = place?.school ?? {};
    // A school that shows no pupils is told of as one that there is not.
    return decide(verb, holder, pupils === 'on' ? { urn, groups: place?.groups } : {});
  }

  async function releaseBehind(entry: Entry<TutorVerb>, id: string) {
    const place = placeOf(id);
    if (!place || isRefusal(permitFor(entry.verb, entry.holder, place))) return undefined;
    const { school, week } = place;
    const kept = await readRelease(db, school.urn, week);
    const row = await readNudgeWeek(db, school.urn, week);
    return kept && !row?.recalled ? { school, release: reopenRelease(kept.body) } : undefined;
  }

  /** What the card shows now. Refuses a week that nobody was sent anything of, whatever a button says, and one that is over. */
  async function viewAt(place: Place, now: Date): Promise<TutorView | Refusal> {
    if (!(await readRelease(db, place.school.urn, place.week))) return GONE;
    const view = await viewOf(place, await sentOf(place));
    return dateOf(now, zone) > view.until ? GONE : view;
  }

  async function show(entry: Entry<TutorVerb>, id: string, now: Date): Promise<CardReply> {
    const place = placeOf(id);
    const permit = permitFor(entry.verb, entry.holder, place);
    if (isRefusal(permit)) return permit;
    const view = place ? await viewAt(place, now) : GONE;
    return isRefusal(view) ? view : { kind: 'card', card: tutorCard(view) };
  }

  async function act(entry: Entry<TutorActVerb>, id: string, actor: Person, now: Date): Promise<CardReply> {
    const place = placeOf(id);
    const permit = permitFor(entry.verb, entry.holder, place);
    if (isRefusal(permit)) return permit;
    const view = place ? await viewAt(place, now) : GONE;
    if (!place || isRefusal(view)) return isRefusal(view) ? view : GONE;
    switch (permit.verb) {
      case 'attendance.tutor-open': {
        const reading = { ...place, actor: permit.by, purpose: 'tutor-card' };
        const listed = await inTransaction(db, (trx) => openList(trx, pupilKeys, reading, now));
        return { kind: 'card', card: listCard(view, listed), unkept: true };
      }
      case 'attendance.tutor-show':
      case 'attendance.tutor-close':
        return { kind: 'card', card: tutorCard(view) };
      case 'attendance.tutor-done':
      case 'attendance.tutor-not-suitable':
      case 'attendance.tutor-not-this-week':
      case 'attendance.tutor-happened':
      case 'attendance.tutor-not-yet':
      case 'attendance.tutor-help':
        return choose(place, view, permit.verb.replace('attendance.tutor-', ''), actor, now);
      default:
        return assertNever(permit);
    }
  }

  /** All groups of her school, for its head alone; not for a leader, whatever else they may see. */
  async function headList(
    permit: Permit<'attendance.names'>,
    school: TrustSchool,
    week: string,
    now: Date,
  ): Promise<CardReply> {
    if (school.pupils !== 'on')
      return refuse('no-names', `${school.name} shows no pupils’ names. Nothing was shown.`);
    if (dateOf(now, zone) > addDays(mondayOf(week), 7 + PUPIL_DAYS)) return GONE;
    const reading = { school, week, groups: 'all' as const, actor: permit.by, purpose: 'head-list' };
    const listed = await inTransaction(db, (trx) => openList(trx, pupilKeys, reading, now));
    const card = headListCard(
      school.name,
      `${school.urn}/${week}/head`,
      listed,
      listed.over.slice(0, MOST_NAMED),
    );
    return { kind: 'card', card, unkept: true };
  }

  async function choose(
    place: Place,
    view: TutorView,
    choice: string,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const { school, week, groups } = place;
    const kept: ChoicePlace = { schoolUrn: school.urn, week, scope: scopeOf(groups) };
    const kind = kindOf(choice);
    const after = withChoice(view, choice, dateOf(now, zone));
    await inTransaction(db, async (trx) => {
      const made = { kind, choice, actor: actor.id, at: now };
      if (!(await keepChoice(trx, kept, made))) return;
      const subject = `attendance.tutor/${week}/${school.urn}/${kept.scope}`;
      await writeAudit(trx, { at: now, actor: actor.id, action: `attendance.tutor-${choice}`, subject });
      if (kind === 'help') {
        const draft: Draft = {
          key: `attendance.help/${week}/${school.urn}/${kept.scope}`,
          target: { kind: 'person', personId: views.helperId(school) },
          card: notice(`${actor.name} asks for help`, 'Someone would like your help', [
            `${actor.name} asked for help with attendance in a tutor group at ${school.name}.`,
            'No pupil is named here. Please speak to them.',
          ]),
          urgent: true,
        };
        await outbox.enqueue(trx, draft.key, [draft], now);
      }
      await outbox.revise(trx, tutorKey(week, school.urn, kept.scope, actor.id), tutorCard(after), now);
    });
    return { kind: 'card', card: tutorCard(after) };
  }

  async function preview(school: TrustSchool, week: string): Promise<Card | undefined> {
    const groups = school.tutors[0]?.groups;
    if (school.pupils !== 'on' || groups === undefined) return undefined;
    return tutorCard(await viewOf({ school, week, groups }, undefined));
  }

  async function faces(
    school: TrustSchool,
    week: string,
    change: 'queried' | 'checked' | 'withdrawn',
  ): Promise<{ key: string; card: Card }[]> {
    if (school.pupils !== 'on') return [];
    const found: { key: string; card: Card }[] = [];
    for (const sent of await readCards(db, 'tutor', week)) {
      const groups = groupsIn(sent.scope);
      if (sent.schoolUrn !== school.urn || !groups) continue;
      const view = await viewOf({ school, week, groups }, sent);
      const after = {
        ...view,
        queried: change === 'queried',
        ...(change === 'withdrawn' ? { figures: [], stands: false } : {}),
      };
      found.push({ key: tutorKey(week, school.urn, sent.scope, sent.personId), card: tutorCard(after) });
    }
    return found;
  }

  return { plan, inDigest, preview, faces, headList, releaseBehind, act, show };
}

function kindOf(choice: string): 'help' | 'follow-up' | 'outcome' {
  if (choice === 'help') return 'help';
  return choice === 'happened' || choice === 'not-yet' ? 'follow-up' : 'outcome';
}

/** As it stands once a choice is kept; the first of its kind counts. */
function withChoice(view: TutorView, choice: string, on: string): TutorView {
  switch (kindOf(choice)) {
    case 'help':
      return { ...view, helpAsked: true };
    case 'follow-up':
      return { ...view, followUp: view.followUp ?? (choice === 'happened' ? 'happened' : 'not-yet') };
    case 'outcome':
      return { ...view, outcome: view.outcome ?? { choice: tutorChoice(choice), on } };
  }
}

function tutorChoice(choice: string): TutorChoice {
  return choice === 'done' || choice === 'not-this-week' ? choice : 'not-suitable';
}
