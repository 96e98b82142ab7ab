/**
 * The trust's week at work: planned once, in the leaders' channel or on top of their digests, and what leaders do with its one
 * thing. Identity comes from the caller; the first choice counts, and everybody sees it. Figures are released ones alone.
 */
import { decide, type Entry, may } from '../access/decide.ts';
import type { CardVerbOf } from '../access/policy.ts';
import { being } from '../access/roles.ts';
import type { CardReply } from '../cards/reply.ts';
import type { Trust } from '../config/trust.ts';
import type { Draft, Outbox } from '../delivery/message.ts';
import type { Directory, Person } from '../directory/model.ts';
import { isRefusal, refuse } from '../kernel/errors.ts';
import { dateOf, mondayOf } from '../kernel/time.ts';
import { writeAudit } from '../storage/audit.ts';
import { type Db, inTransaction } from '../storage/database.ts';
import { type NudgeState, notice } from './card.ts';
import { lastCardBefore, type OwnCard, readCards, trustDeclined } from './cards-store.ts';
import { type Choice, type ChoicePlace, keepChoice, readChoices } from './nudge-store.ts';
import { type SchoolOverview, trustOverview } from './overview.ts';
import { trustHasNews, trustThing } from './trust-action.ts';
import { type TrustView, trustCard, trustKey, weekLabel } from './trust-card.ts';
import type { TrustRelease } from './trust-release.ts';
import type { NudgeViews } from './views-service.ts';

export type TrustCardsResources = {
  readonly db: Db;
  readonly trust: Trust;
  readonly directory: Pick<Directory, 'person' | 'holder'>;
  readonly outbox: Outbox;
  readonly views: Pick<NudgeViews, 'queriedSchools' | 'stateOf' | 'trustHelper'>;
  readonly overviews: (week: string, preview?: Date) => Promise<SchoolOverview[]>;
  readonly trustFigures: (week: string) => Promise<TrustRelease | undefined>;
};

export interface TrustCards {
  /** `preview`: for an operator, with what is not published yet. */
  view(week: string, preview?: Date): Promise<TrustView>;
  /** Once a week, when any school is published and there is something to say. */
  plan(week: string, now: Date): Promise<{ readonly drafts: Draft[]; readonly cards: OwnCard[] }>;
  /** The week's one thing for a leader's digest, where no channel has it. */
  inDigest(personId: string, week: string): Promise<{ line: string; id: string } | undefined>;
  /** Answers `attendance.trust-*`. */
  act(entry: TrustEntry, id: string, actor: Person, now: Date, conversationId?: string): Promise<CardReply>;
}

type TrustVerb = Extract<CardVerbOf<'attendance'>, `attendance.trust-${string}`>;
type TrustEntry = Entry<TrustVerb>;

const CARD_LIVES = 29 * 3_600_000;
const OF_TRUST = { audience: 'trust', schoolUrn: '', personId: '' } as const;
const WEEK_OF = /^trust\/(\d{4}-W\d{2})(\/own)?$/;
const OUTCOMES = ['done', 'not-this-week', 'not-suitable'] as const;

/** Choices on the trust's card stand beside schools' under no school's number. */
function placeOf(week: string): ChoicePlace {
  return { schoolUrn: 'trust', week, scope: '' };
}

export function createTrustCards(resources: TrustCardsResources): TrustCards {
  const { db, trust, directory, outbox, views } = resources;
  const { zone } = trust.trust;

  async function view(week: string, preview?: Date, planned?: OwnCard): Promise<TrustView> {
    const kept = planned ?? (await readCards(db, 'trust', week))[0];
    const schools = await resources.overviews(week, preview);
    const asked = kept?.follows ? await actionOf(kept.follows) : undefined;
    const state = await views.stateOf(await readChoices(db, placeOf(week)));
    const own = kept?.action ?? trustThing(trustOverview(schools), await trustDeclined(db, week));
    return {
      trustName: trust.trust.short_name,
      week,
      monday: mondayOf(week),
      figures: await resources.trustFigures(week),
      schools,
      queried: await views.queriedSchools(week),
      helper: (await views.trustHelper()).name,
      action: state.followUp?.choice === 'not-yet' && asked ? asked : own,
      ...(asked ? { follows: { action: asked } } : {}),
      state,
      ...(preview ? { preview: true } : {}),
    };
  }

  async function actionOf(week: string): Promise<string | undefined> {
    return (await readCards(db, 'trust', week))[0]?.action ?? undefined;
  }

  /** The week of the card before, when nobody said what became of its one thing and it was not asked after yet. */
  async function leftOpen(before: OwnCard | undefined): Promise<string | null> {
    if (!before || before.follows !== null) return null;
    const choices = await readChoices(db, placeOf(before.week));
    const closed = choices.some(({ kind, choice }) => kind === 'outcome' && choice !== 'not-this-week');
    return closed ? null : before.week;
  }

  async function plan(week: string, now: Date): Promise<{ drafts: Draft[]; cards: OwnCard[] }> {
    const nothing = { drafts: [], cards: [] };
    const [kept] = await readCards(db, 'trust', week);
    if (kept || !(await resources.trustFigures(week))?.all) return nothing;
    const overview = trustOverview(await resources.overviews(week));
    const before = await lastCardBefore(db, OF_TRUST, week);
    const follows = await leftOpen(before);
    if (before && follows === null && !trustHasNews(overview)) return nothing;
    const channel = trust.trust.attendance_channel;
    const card: OwnCard = {
      ...OF_TRUST,
      week,
      scope: '',
      place: channel ? 'channel' : 'digest',
      action: trustThing(overview, await trustDeclined(db, week)),
      follows,
    };
    if (!channel) return { drafts: [], cards: [card] };
    const draft: Draft = {
      key: trustKey(week),
      target: { kind: 'channel', teamId: channel.team, channelId: channel.channel },
      card: trustCard(await view(week, undefined, card)),
      expiresAt: new Date(now.getTime() + CARD_LIVES),
    };
    return { drafts: [draft], cards: [card] };
  }

  async function inDigest(personId: string, week: string): Promise<{ line: string; id: string } | undefined> {
    if (!may('see:trust-week', await directory.holder(personId), {})) return undefined;
    const [kept] = await readCards(db, 'trust', week);
    if (kept?.place !== 'digest' || kept.action === null) return undefined;
    const asked = kept.follows ? await actionOf(kept.follows) : undefined;
    const line = asked
      ? `Attendance, last time’s one thing: “${asked}” Did it happen?`
      : `Attendance, one thing this week: ${kept.action}`;
    return { line, id: `trust/${week}/own` };
  }

  /** A posted card is acted on where it was posted, and for no other room. */
  function isElsewhere(own: boolean, conversationId: string | undefined): boolean {
    const channel = trust.trust.attendance_channel?.channel;
    return !own && conversationId !== undefined && conversationId.split(';')[0] !== channel;
  }

  async function act(
    { verb, holder }: TrustEntry,
    id: string,
    actor: Person,
    now: Date,
    conversationId?: string,
  ): Promise<CardReply> {
    const [, week, own] = WEEK_OF.exec(id) ?? [];
    const [kept] = week === undefined ? [] : await readCards(db, 'trust', week);
    if (week === undefined || !kept)
      return refuse('unknown-nudge', 'I do not have that week any more. The next card comes on Monday.');
    const helps = actor.id === (await views.trustHelper()).id;
    const permit = decide(verb, being(holder, helps ? 'helper' : undefined), {});
    if (isRefusal(permit)) return permit;
    if (isElsewhere(own !== undefined, conversationId))
      return refuse(
        'not-here',
        'This card is for the trust’s leaders, where it was posted. Nothing was changed.',
      );
    const shown = { ...(await view(week)), own: own !== undefined };
    if (permit.verb === 'attendance.trust-show') return { kind: 'card', card: trustCard(shown) };
    const choice = permit.verb.replace('attendance.trust-', '');
    const made = choiceOf(permit.verb);
    const helper = await views.trustHelper();
    const after = withChoice(shown, made, actor.name, dateOf(now, zone));
    const fresh = await inTransaction(db, async (trx) => {
      if (!(await keepChoice(trx, placeOf(week), { ...made, actor: actor.id, at: now }))) return false;
      const subject = trustKey(week);
      await writeAudit(trx, { at: now, actor: actor.id, action: `attendance.trust-${choice}`, subject });
      if (made.kind === 'help') {
        const draft: Draft = {
          key: `attendance.help/${week}/trust`,
          target: { kind: 'person', personId: helper.id },
          card: notice(`${actor.name} asks for help`, 'Someone would like your help', [
            `${actor.name} asked for help with the trust’s one thing for attendance, ${weekLabel(shown.monday)}:`,
            `“${shown.follows?.action ?? shown.action}”`,
          ]),
          urgent: true,
        };
        await outbox.enqueue(trx, draft.key, [draft], now);
      }
      await outbox.revise(trx, trustKey(week), trustCard({ ...after, own: false }), now);
      return true;
    });
    const final = fresh ? after : { ...(await view(week)), own: shown.own };
    return { kind: 'card', card: trustCard(final) };
  }

  return { view: (week, preview) => view(week, preview), plan, inDigest, act };
}

function choiceOf(verb: Exclude<TrustVerb, 'attendance.trust-show'>): Pick<Choice, 'kind' | 'choice'> {
  switch (verb) {
    case 'attendance.trust-help':
      return { kind: 'help', choice: 'asked' };
    case 'attendance.trust-happened':
      return { kind: 'follow-up', choice: 'happened' };
    case 'attendance.trust-not-yet':
      return { kind: 'follow-up', choice: 'not-yet' };
    case 'attendance.trust-done':
      return { kind: 'outcome', choice: 'done' };
    case 'attendance.trust-not-this-week':
      return { kind: 'outcome', choice: 'not-this-week' };
    case 'attendance.trust-not-suitable':
      return { kind: 'outcome', choice: 'not-suitable' };
  }
}

/** As it stands once a choice is kept; the rows cannot be read again inside the same transaction. */
function withChoice(
  view: TrustView,
  { kind, choice }: Pick<Choice, 'kind' | 'choice'>,
  by: string,
  on: string,
): TrustView {
  const add = (more: Partial<NudgeState>): TrustView => ({ ...view, state: { ...view.state, ...more } });
  if (kind === 'help') return add({ helpAsked: { by } });
  if (kind === 'follow-up') {
    const happened = choice === 'happened';
    const after = add({ followUp: { choice: happened ? 'happened' : 'not-yet', by } });
    return happened || !view.follows ? after : { ...after, action: view.follows.action };
  }
  const outcome = OUTCOMES.find((one) => one === choice) ?? 'not-this-week';
  return add({ outcome: { choice: outcome, by, on } });
}
