/**
 * What people do with a nudge: its buttons, the choices that are kept, the call for help, a focus agreed. Identity comes
 * from the caller and never from the card; the first choice counts, and everybody sees it.
 */
import { decide, type Entry } from '../access/decide.ts';
import type { CardVerbOf } from '../access/policy.ts';
import { being } from '../access/roles.ts';
import type { Card } from '../cards/elements.ts';
import type { CardCommand, Inputs } from '../cards/envelope.ts';
import { heldLine, heldReply, type NamesPupil } from '../cards/held.ts';
import type { CardReply } from '../cards/reply.ts';
import { safeguardingLead, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { assertNever, isRefusal, refuse } from '../kernel/errors.ts';
import { contentId } from '../kernel/ids.ts';
import { dateInWords, dateOf, timeOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction, type Trx } from '../storage/database.ts';
import { type Face, type NudgeState, type NudgeView, nudgeCard, nudgeKey, recalledCard } from './card.ts';
import { type Colleague, type Focus, focusForm, readFocus } from './focus.ts';
import { type Choice, keepChoice, readNudgeWeek } from './nudge-store.ts';
import { createQueries, type Queries } from './query-service.ts';
import { type Release, reopenRelease } from './release.ts';
import { readRelease } from './release-store.ts';
import type { Repaint } from './repaint-service.ts';
import { createRhythms } from './rhythm-service.ts';
import { helpCard, isQueryReason, whyCard } from './side-cards.ts';
import type { TrustCards } from './trust-service.ts';
import type { Tutors } from './tutor-service.ts';
import { type NudgeViews, placeIn } from './views-service.ts';

/** Opens a milestone with one check-in on its day, in the caller's transaction; bound to check-ins in `app`. */
export type OpenFocus = (
  trx: Trx,
  focus: Focus & { readonly id: string; readonly schoolUrn: string },
  by: string,
  now: Date,
) => Promise<void>;

export type ChoiceResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person' | 'staff'>;
  readonly outbox: Outbox;
  readonly views: NudgeViews;
  readonly tutors: Tutors;
  readonly trustCards: Pick<TrustCards, 'act'>;
  readonly repaint: Repaint;
  readonly namesPupil: NamesPupil;
  /** Absent: heads are not offered a focus to agree. */
  readonly openFocus?: OpenFocus | undefined;
};

export interface NudgeChoices {
  act(
    entry: NudgeEntry,
    command: CardCommand,
    actor: Person,
    now: Date,
    where?: PressedIn,
  ): Promise<CardReply>;
}

/** Verbs of a school's own card: neither of tutor groups, nor of the trust, nor of a query or a rhythm. */
type SchoolCardVerb = Exclude<
  CardVerbOf<'attendance'>,
  | `attendance.tutor-${string}`
  | `attendance.trust-${string}`
  | `attendance.query-${string}`
  | 'attendance.every-week'
  | 'attendance.fortnightly'
  | 'attendance.pause'
>;
type TutorFigureVerb = 'attendance.tutor-why' | 'attendance.tutor-query' | 'attendance.tutor-send-query';

export type NudgeEntry = Entry<CardVerbOf<'attendance'>>;

/** Where a button was pressed, by its signed activity. Absent: nobody else is there. */
export type PressedIn = { readonly conversationId: string };

const UNKNOWN = refuse('unknown-nudge', 'I do not have that week any more. The next card comes on Monday.');

export function createNudgeChoices(resources: ChoiceResources): NudgeChoices {
  const { db, trust, directory, outbox, views, tutors, openFocus } = resources;
  const queries: Queries = createQueries(resources);
  const rhythms = createRhythms(resources);
  const zone = trust.trust.zone;

  async function act(
    entry: NudgeEntry,
    { envelope: { id }, inputs }: CardCommand,
    actor: Person,
    now: Date,
    where?: PressedIn,
  ): Promise<CardReply> {
    const conversationId = where?.conversationId;
    switch (entry.verb) {
      case 'attendance.query-right':
      case 'attendance.query-wrong':
        return queries.answer(entry, id, actor, now);
      case 'attendance.tutor-fewer':
      case 'attendance.every-week':
      case 'attendance.fortnightly':
      case 'attendance.pause':
        return rhythms.act(entry, id, now);
      case 'attendance.trust-show':
      case 'attendance.trust-done':
      case 'attendance.trust-not-this-week':
      case 'attendance.trust-not-suitable':
      case 'attendance.trust-happened':
      case 'attendance.trust-not-yet':
      case 'attendance.trust-help':
        return resources.trustCards.act(entry, id, actor, now, conversationId);
      case 'attendance.tutor-why':
      case 'attendance.tutor-query':
      case 'attendance.tutor-send-query':
        return aboutFigures(entry, id, inputs, actor, now);
      case 'attendance.tutor-open':
      case 'attendance.tutor-show':
      case 'attendance.tutor-close':
      case 'attendance.tutor-done':
      case 'attendance.tutor-not-suitable':
      case 'attendance.tutor-not-this-week':
      case 'attendance.tutor-happened':
      case 'attendance.tutor-not-yet':
      case 'attendance.tutor-help':
        return tutors.act(entry, id, actor, now);
      default:
        return actOnCard(entry, id, inputs, actor, now, conversationId);
    }
  }

  /** A school's card of the week, in its channel, its leadership chat or the head's digest. */
  async function actOnCard(
    { verb, holder }: Entry<SchoolCardVerb>,
    id: string,
    inputs: Inputs,
    actor: Person,
    now: Date,
    conversationId: string | undefined,
  ): Promise<CardReply> {
    const place = placeIn(trust, id);
    const kept = place && (await readRelease(db, place.school.urn, place.week));
    if (!place || !kept) return UNKNOWN;
    const { school, face } = place;
    // A card of the leadership chat is acted on by whoever is in that chat, and nowhere else.
    const inChat = conversationId !== undefined && conversationId === school.leadership_chat;
    const permit = decide(verb, being(holder, inChat ? 'chat-member' : undefined), {
      urn: school.urn,
      name: school.name,
      face,
    });
    if (isRefusal(permit)) return permit;
    const release = reopenRelease(kept.body);
    const row = await readNudgeWeek(db, school.urn, release.week);
    if (row?.recalled) return { kind: 'card', card: recalledCard(release, dateOf(now, zone)) };
    const shown = () => views.view(school, release, face, now);
    switch (permit.verb) {
      case 'attendance.show':
      case 'attendance.open':
        return { kind: 'card', card: nudgeCard(await shown()) };
      case 'attendance.names':
        return tutors.headList(permit, school, release.week, now);
      case 'attendance.why':
        return { kind: 'card', card: whyCard(await shown(), receivedInWords(release)) };
      case 'attendance.done':
      case 'attendance.not-this-week':
      case 'attendance.not-suitable': {
        const choice = permit.verb.replace('attendance.', '');
        return choose(school, release, face, { kind: 'outcome', choice }, actor, now);
      }
      case 'attendance.happened':
      case 'attendance.not-yet': {
        const choice = permit.verb.replace('attendance.', '');
        return choose(school, release, face, { kind: 'follow-up', choice }, actor, now);
      }
      case 'attendance.help':
        return choose(school, release, face, { kind: 'help', choice: 'asked' }, actor, now);
      case 'attendance.focus':
        return { kind: 'card', card: focusForm(await shown(), await colleaguesAt(school)) };
      case 'attendance.agree':
        return agree(school, release, face, inputs, actor, now);
      case 'attendance.query':
        return queries.form(school, await shown());
      case 'attendance.send-query':
        return queries.send(school, await shown(), inputs, actor, now);
      case 'attendance.fewer':
        return rhythms.form(school);
      default:
        return assertNever(permit);
    }
  }

  /** How the school's figures were made, and a doubt about them, from a tutor's card, to which its buttons lead back. */
  async function aboutFigures(
    entry: Entry<TutorFigureVerb>,
    id: string,
    inputs: Inputs,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const behind = await tutors.releaseBehind(entry, id);
    // Refuses, or shows what stands instead.
    if (!behind) return tutors.show(entry, id, now);
    const { school, release } = behind;
    const view = { ...(await views.view(school, release, 'channel', now)), through: id };
    if (entry.verb === 'attendance.tutor-why')
      return { kind: 'card', card: whyCard(view, receivedInWords(release)) };
    if (entry.verb === 'attendance.tutor-query') return queries.form(school, view);
    const sent = await queries.send(school, view, inputs, actor, now);
    return isQueryReason(inputs.reason ?? '') ? tutors.show(entry, id, now) : sent;
  }

  function receivedInWords(release: Release): string {
    const at = new Date(release.receivedAt);
    return `${dateInWords(dateOf(at, zone))} at ${timeOf(at, zone)}`;
  }

  async function colleaguesAt(school: TrustSchool): Promise<Colleague[]> {
    return (await directory.staff())
      .filter((person) => person.schoolUrn === school.urn || person.id === school.head)
      .toSorted((left, right) => left.name.localeCompare(right.name, 'en-GB'))
      .map(({ id, name }) => ({ id, name }));
  }

  async function agree(
    school: TrustSchool,
    release: Release,
    face: Face,
    inputs: Inputs,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const before = await views.view(school, release, face, now);
    if (!openFocus) return refuse('no-focus', 'A focus cannot be agreed here. Nothing was changed.');
    const colleagues = await colleaguesAt(school);
    const focus = readFocus(inputs, colleagues, before.today);
    if (isRefusal(focus)) {
      const typed = { what: inputs.what, problem: focus.message };
      return { kind: 'card', card: focusForm(before, colleagues, typed) };
    }
    // It becomes the title of a milestone, which leaders read.
    if (await resources.namesPupil(focus.title)) {
      const problem = heldLine(safeguardingLead(trust, { schoolUrn: school.urn }));
      return heldReply(focusForm(before, colleagues, { what: inputs.what, problem }), problem);
    }
    const choice = { kind: 'focus' as const, choice: `${focus.due}/${focus.ownerId}` };
    return choose(school, release, face, choice, actor, now, (trx) => {
      const id = `focus-${contentId([school.urn, release.week, focus.title, focus.ownerId], 12)}`;
      return openFocus(trx, { ...focus, id, schoolUrn: school.urn }, actor.id, now);
    });
  }

  /** Keeps the first choice; a second press, or a colleague's later one, is shown how things stand. */
  async function choose(
    school: TrustSchool,
    release: Release,
    face: Face,
    made: Pick<Choice, 'kind' | 'choice'>,
    actor: Person,
    now: Date,
    also?: (trx: Trx) => Promise<void>,
  ): Promise<CardReply> {
    const before = await views.view(school, release, face, now);
    const posted = await views.posted(school, release, now);
    const owner = made.kind === 'focus' ? await directory.person(made.choice.split('/')[1] ?? '') : undefined;
    const after = (view: NudgeView) => withChoice(view, made, actor.name, owner?.givenName);
    const key = nudgeKey(release.week, school.urn);
    const place = { schoolUrn: school.urn, week: release.week, scope: '' };
    const fresh = await inTransaction(db, async (trx) => {
      if (!(await keepChoice(trx, place, { ...made, actor: actor.id, at: now }))) return false;
      await also?.(trx);
      await writeAudit(trx, {
        at: now,
        actor: actor.id,
        action: `attendance.${auditName(made)}`,
        subject: key,
      });
      if (made.kind === 'help') {
        const draft = helpDraft(school, release, before, actor);
        await outbox.enqueue(trx, draft.key, [draft], now);
      }
      for (const one of posted) await outbox.revise(trx, one.key, nudgeCard(after(one.view)), now);
      return true;
    });
    const card: Card = nudgeCard(fresh ? after(before) : await views.view(school, release, face, now));
    return { kind: 'card', card };
  }

  function helpDraft(school: TrustSchool, release: Release, view: NudgeView, actor: Person): Draft {
    return {
      key: `attendance.help/${release.week}/${school.urn}`,
      target: { kind: 'person', personId: views.helperId(school) },
      card: helpCard(release, view.follows?.action ?? view.action, actor.name, view.today),
      urgent: true,
    };
  }

  return { act };
}

function auditName({ kind, choice }: Pick<Choice, 'kind' | 'choice'>): string {
  return kind === 'outcome' || kind === 'follow-up' ? choice : kind;
}

/** The view as it stands once a choice is kept; the rows cannot be read again inside the same transaction. */
function withChoice(
  view: NudgeView,
  { kind, choice }: Pick<Choice, 'kind' | 'choice'>,
  by: string,
  owner: string | undefined,
): NudgeView {
  const { today, state } = view;
  const add = (more: Partial<NudgeState>): NudgeView => ({ ...view, state: { ...state, ...more } });
  switch (kind) {
    case 'help':
      return add({ helpAsked: { by } });
    case 'focus':
      return add({ focus: { by, owner: owner ?? 'a colleague', due: choice.split('/')[0] ?? today } });
    case 'follow-up': {
      const happened = choice === 'happened';
      const after = add({ followUp: { choice: happened ? 'happened' : 'not-yet', by } });
      return happened || !view.follows ? after : { ...after, action: view.follows.action };
    }
    case 'outcome': {
      const kept = choice === 'done' || choice === 'not-suitable' ? choice : 'not-this-week';
      return add({ outcome: { choice: kept, by, on: today } });
    }
  }
}
