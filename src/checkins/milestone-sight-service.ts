/**
 * Shows milestones to those whose they are: one of them, its trend, and the list to choose from. What somebody may see is their
 * own, those they read as a manager, and those their role covers; of any other they learn nothing.
 */
import { may } from '../access/decide.ts';
import { being } from '../access/roles.ts';
import type { CardCommand } from '../cards/envelope.ts';
import type { CardReply, MessageReply } from '../cards/reply.ts';
import { refuse } from '../kernel/errors.ts';
import { fold } from '../kernel/text.ts';
import { dateOf, dateWithYear } from '../kernel/time.ts';
import { readPoints } from './history-store.ts';
import { WAYMARK } from './lifecycle.ts';
import { aroundOf, type CheckinsResources, type Lines, loadLines } from './lines-service.ts';
import { isRowGone } from './list-store.ts';
import { LISTED, type Milestone } from './milestone.ts';
import { milestoneCard, milestonesCard, stepInWords, VERBS } from './milestone-card.ts';
import { keptElsewhere, mayKeep, type Rights, rightsOf } from './milestone-rights.ts';
import { readMilestone, readMilestones, readSteps } from './milestones-store.ts';
import { aboutOf } from './place.ts';
import type { Presser } from './press.ts';
import { trendCard } from './trend.ts';

export type SightResources = Pick<CheckinsResources, 'db' | 'trust' | 'directory'>;

/** `version`: of the newest change, as a form carries it. */
export type Sight = {
  readonly milestone: Milestone;
  readonly version: number;
  /** Whether it is theirs to change; `elsewhere`: in a sentence, why not on a card all the same. */
  readonly mayChange: boolean;
  readonly elsewhere?: string | undefined;
  readonly lines: Lines;
};

const STEPS = 5;
const NOT_YOURS = refuse('not-yours', 'That milestone is not one of yours, so there is nothing to show.');

/** Undefined when there is none, or it is not theirs to see: both look the same. */
export async function seeMilestone(
  resources: SightResources,
  id: string,
  person: Presser,
  now: Date,
): Promise<Sight | undefined> {
  const { db, directory } = resources;
  const milestone = await readMilestone(db, id);
  if (!milestone) return undefined;
  const rights = rightsOf(await directory.holder(person.personId));
  const lines = await loadLines(resources, [person.personId, ...aroundOf(resources.trust, [milestone])], now);
  if (!mayBeSeen(milestone, rights, lines)) return undefined;
  const [newest] = await readSteps(db, id, 1);
  const mayChange = mayKeep(rights, milestone);
  const elsewhere = mayChange ? await elsewhereFor(resources, id) : undefined;
  return { milestone, version: newest?.seq ?? 0, mayChange, elsewhere, lines };
}

/** What a list holds no more would otherwise be nobody's to change or to close. */
async function elsewhereFor({ db, trust }: SightResources, id: string): Promise<string | undefined> {
  const elsewhere = keptElsewhere(trust, id);
  if (elsewhere === undefined || !id.startsWith(LISTED)) return elsewhere;
  const isOrphan = !trust.milestone_list || (await isRowGone(db, trust.milestone_list, id));
  return isOrphan ? undefined : elsewhere;
}

/** By their role, as its owner, as their line manager, or as whoever reads its check-ins. */
function mayBeSeen(milestone: Milestone, { holder }: Rights, lines: Lines): boolean {
  const { ownerId } = milestone;
  const told = being(
    holder,
    ownerId === holder.id ? 'owner' : undefined,
    lines.readers(ownerId, milestone).may.includes(holder.id) ||
      lines.managers(ownerId).may.includes(holder.id)
      ? 'reviewer'
      : undefined,
  );
  return may('checkins.milestone-show', told, aboutOf(milestone));
}

export async function showMilestone(
  resources: SightResources,
  id: string,
  person: Presser,
  now: Date,
  notice?: string,
): Promise<CardReply> {
  const sight = await seeMilestone(resources, id, person, now);
  if (!sight) return NOT_YOURS;
  const { db, trust } = resources;
  const { milestone, version, mayChange, elsewhere, lines } = sight;
  const steps = await readSteps(db, id, STEPS + 1);
  const people = await namesOf(
    resources,
    steps.flatMap(({ by }) => (by === undefined || by === WAYMARK ? [] : [by])),
  );
  const [last] = (await readPoints(db, id)).slice(-1);
  const card = milestoneCard({
    trust,
    milestone,
    version,
    mayChange,
    elsewhere,
    ...namesIn(milestone, lines),
    last: last?.answer,
    steps: steps.slice(0, STEPS).map(({ at, change, by, milestone: then }, index) => ({
      date: dateWithYear(dateOf(at, trust.trust.zone)),
      says: stepInWords(change, then, steps[index + 1]?.milestone),
      by: by === undefined || by === WAYMARK ? 'a file' : (people.get(by) ?? 'a colleague'),
    })),
    notice,
  });
  return { kind: 'card', card };
}

async function showTrend(
  resources: SightResources,
  id: string,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const sight = await seeMilestone(resources, id, person, now);
  if (!sight) return NOT_YOURS;
  const { milestone, lines } = sight;
  const points = await readPoints(resources.db, id);
  return { kind: 'card', card: trendCard({ milestone, points, ...namesIn(milestone, lines) }) };
}

/** A milestone's button: of a list, what was chosen there. */
export async function answerSight(
  resources: SightResources,
  { envelope, inputs }: CardCommand,
  person: Presser,
  now: Date,
): Promise<CardReply> {
  const id = envelope.id === 'chosen' ? (inputs.milestone ?? '') : envelope.id;
  if (id === '') return refuse('none-chosen', 'Please choose a milestone first.');
  return envelope.verb === VERBS.trend
    ? showTrend(resources, id, person, now)
    : showMilestone(resources, id, person, now);
}

/** All that are theirs to see and not closed, by title. */
export async function listMilestones(
  resources: SightResources,
  person: Presser,
  now: Date,
): Promise<MessageReply> {
  const rights = rightsOf(await resources.directory.holder(person.personId));
  return {
    kind: 'reply',
    card: milestonesCard({ milestones: await visibleTo(resources, person, now), rights }),
  };
}

/**
 * The one that these words name, shown; several to choose from; undefined when none of theirs fits, so that the words go on to
 * whoever may know them.
 */
export async function findMilestone(
  resources: SightResources,
  wanted: { readonly words: string; readonly trend: boolean },
  person: Presser,
  now: Date,
): Promise<MessageReply | undefined> {
  const words = fold(wanted.words);
  const all = await visibleTo(resources, person, now);
  const exact = all.filter(({ id, title }) => id === words || fold(title) === words);
  const parts = words.split(' ');
  const near = all.filter(({ title }) => parts.every((part) => fold(title).includes(part)));
  const found = exact.length > 0 ? exact : near;
  const [only, second] = found;
  if (!only) return undefined;
  if (second) {
    const rights = rightsOf(await resources.directory.holder(person.personId));
    return { kind: 'reply', card: milestonesCard({ milestones: found, rights, found: wanted.words }) };
  }
  const reply = wanted.trend
    ? await showTrend(resources, only.id, person, now)
    : await showMilestone(resources, only.id, person, now);
  return reply.kind === 'card' ? { kind: 'reply', card: reply.card } : undefined;
}

async function visibleTo(resources: SightResources, person: Presser, now: Date): Promise<Milestone[]> {
  const current = (await readMilestones(resources.db)).filter(({ ended }) => !ended);
  const seen = await maySee(resources, current, person, now);
  return current
    .filter(({ id }) => seen.has(id))
    .sort((one, other) => one.title.localeCompare(other.title, 'en-GB'));
}

/** Which of these this person may see today, by id; they may be as they stood on a past day. */
export async function maySee(
  resources: SightResources,
  milestones: readonly Milestone[],
  person: Presser,
  now: Date,
): Promise<ReadonlySet<string>> {
  const rights = rightsOf(await resources.directory.holder(person.personId));
  const others = milestones.filter((milestone) => !mayKeep(rights, milestone));
  const lines = await loadLines(resources, aroundOf(resources.trust, others), now);
  return new Set(milestones.filter((milestone) => mayBeSeen(milestone, rights, lines)).map(({ id }) => id));
}

function namesIn(milestone: Milestone, lines: Lines): { readonly owner: string; readonly reader: string } {
  const { ownerId } = milestone;
  const reader = lines.readers(ownerId, milestone).asked?.personId;
  return {
    owner: lines.person(ownerId)?.name ?? 'A colleague who has left',
    reader: reader === undefined ? 'Nobody yet' : (lines.person(reader)?.name ?? 'A colleague'),
  };
}

async function namesOf(
  { directory }: SightResources,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const people = await directory.people([...new Set(ids)]);
  return new Map(people.map(({ id, name }) => [id, name]));
}
