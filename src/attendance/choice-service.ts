/**
 * What people do with a nudge: its buttons, the choices that are kept, the call for help, a focus agreed. Identity comes
 * from the caller and never from the card; the first choice counts, and everybody sees it.
 */
import type { Card } from '../cards/elements.ts';
import type { CardCommand, Inputs } from '../cards/envelope.ts';
import { heldLine, heldReply, type NamesPupil } from '../cards/held.ts';
import type { CardReply } from '../cards/reply.ts';
import { safeguardingLead, schoolByUrn, type Trust, type TrustSchool } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
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
  act(command: CardCommand, actor: Person, now: Date, where?: PressedIn): Promise<CardReply>;
}

/** Where a button was pressed, by its signed activity. `alone`: the presser's own chat with Waymark. Absent: nobody else is there. */
export type PressedIn = { readonly conversationId: string; readonly alone: boolean };

/** What opens pupils' names. */
const OPENS_NAMES: ReadonlySet<string> = new Set(['names', 'tutor-open']);

const UNKNOWN = refuse('unknown-nudge', 'I do not have that week any more. The next card comes on Monday.');

const NOT_HERE = refuse(
  'not-here',
  'Names are shown in your own chat with me alone. Please open the card there. Nothing was shown.',
);

export function createNudgeChoices(resources: ChoiceResources): NudgeChoices {
  const { db, trust, directory, outbox, views, tutors, openFocus } = resources;
  const queries: Queries = createQueries(resources);
  const rhythms = createRhythms(resources);
  const zone = trust.trust.zone;

  async function act(
    { envelope, inputs }: CardCommand,
    actor: Person,
    now: Date,
    where?: PressedIn,
  ): Promise<CardReply> {
    const verb = envelope.verb.replace('attendance.', '');
    // A card that was passed on, or a button that was made up, must not bring a name into what others read.
    if (OPENS_NAMES.has(verb) && where?.alone === false) return NOT_HERE;
    const conversationId = where?.conversationId;
    if (verb === 'query-right' || verb === 'query-wrong')
      return queries.answer(envelope.id, verb === 'query-right', actor, now);
    const tutorsSchool = verb === 'tutor-fewer' && schoolByUrn(trust, envelope.id.split('/')[0] ?? '');
    if (tutorsSchool) return rhythms.form(tutorsSchool, actor, now);
    if (verb.startsWith('trust-'))
      return resources.trustCards.act(verb, envelope.id, actor, now, conversationId);
    if (verb === 'tutor-why' || verb === 'tutor-query' || verb === 'tutor-send-query')
      return aboutFigures(verb, envelope.id, inputs, actor, now);
    if (verb.startsWith('tutor-')) return tutors.act(verb, envelope.id, actor, now);
    if (verb === 'every-week' || verb === 'fortnightly' || verb === 'pause')
      return rhythms.choose(verb, envelope.id, actor, now);
    const place = placeIn(trust, envelope.id);
    const kept = place && (await readRelease(db, place.school.urn, place.week));
    if (!place || !kept) return UNKNOWN;
    const { school, face } = place;
    if (!mayAct(actor, school, face, conversationId))
      return refuse('not-yours', `This card is for ${audienceOf(school, face)}. Nothing was changed.`);
    const release = reopenRelease(kept.body);
    const row = await readNudgeWeek(db, school.urn, release.week);
    if (row?.recalled) return { kind: 'card', card: recalledCard(release, dateOf(now, zone)) };
    const shown = () => views.view(school, release, face, now);
    switch (verb) {
      case 'show':
      case 'open':
        return { kind: 'card', card: nudgeCard(await shown()) };
      case 'names':
        return tutors.headList(school, release.week, actor, now);
      case 'why':
        return { kind: 'card', card: whyCard(await shown(), receivedInWords(release)) };
      case 'done':
      case 'not-this-week':
      case 'not-suitable':
        return choose(school, release, face, { kind: 'outcome', choice: verb }, actor, now);
      case 'happened':
      case 'not-yet':
        return choose(school, release, face, { kind: 'follow-up', choice: verb }, actor, now);
      case 'help':
        return choose(school, release, face, { kind: 'help', choice: 'asked' }, actor, now);
      case 'focus':
        return { kind: 'card', card: focusForm(await shown(), await colleaguesAt(school)) };
      case 'agree':
        return agree(school, release, face, inputs, actor, now);
      case 'query':
        return queries.form(school, await shown());
      case 'send-query':
        return queries.send(school, await shown(), inputs, actor, now);
      case 'fewer':
        return rhythms.form(school, actor, now);
      default:
        return refuse('unknown-verb', 'I do not recognise that button. Please use the newest card.');
    }
  }

  /** How the school's figures were made, and a doubt about them, from a tutor's card, to which its buttons lead back. */
  async function aboutFigures(
    verb: 'tutor-why' | 'tutor-query' | 'tutor-send-query',
    id: string,
    inputs: Inputs,
    actor: Person,
    now: Date,
  ): Promise<CardReply> {
    const behind = await tutors.releaseBehind(id, actor);
    // Refuses, or shows what stands instead.
    if (!behind) return tutors.act('tutor-show', id, actor, now);
    const { school, release } = behind;
    const view = { ...(await views.view(school, release, 'channel', now)), through: id };
    if (verb === 'tutor-why') return { kind: 'card', card: whyCard(view, receivedInWords(release)) };
    if (verb === 'tutor-query') return queries.form(school, view);
    const sent = await queries.send(school, view, inputs, actor, now);
    return isQueryReason(inputs.reason ?? '') ? tutors.act('tutor-show', id, actor, now) : sent;
  }

  /** A card of the leadership chat is acted on by whoever is in that chat, and nowhere else. */
  function mayAct(actor: Person, school: TrustSchool, face: Face, conversationId?: string): boolean {
    if (!actor.staff) return false;
    if (actor.id === school.head || trust.leaders.includes(actor.id)) return true;
    if (face === 'leaders') return conversationId !== undefined && conversationId === school.leadership_chat;
    return face === 'channel' && (actor.schoolUrn === school.urn || actor.id === school.data_contact);
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
    if (!openFocus || face === 'channel')
      return refuse('no-focus', 'A focus is agreed from the head’s own card. Nothing was changed.');
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

function audienceOf(school: TrustSchool, face: Face): string {
  if (face === 'leaders') return `${school.name}’s leadership chat`;
  return face === 'head' ? `the head of ${school.name}` : `the staff of ${school.name}`;
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
